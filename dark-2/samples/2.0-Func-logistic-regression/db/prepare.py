"""Draws points on two crescents, writes them as CSV, and reads such files.

    python db/prepare.py FILE.csv    write the drawn points
"""

import csv
import math
import random
import sys
from pathlib import Path

from dark_samples.catalogue import SampleError

COUNT, NOISE, SEED = 1000, 0.22, 20
HEADER = ["x", "y", "class"]
FEWEST = 10


def draw(count: int = COUNT, noise: float = NOISE, seed: int = SEED) -> list[tuple[float, float, int]]:
    """Points (x, y, class) of the classes 0 and 1 in turn, in thousandths.

    Class 0 lies on the upper half of a circle of radius 1 around (-0.5, -0.25), class 1 on the same arc
    rotated by 180° about (0, 0); normally distributed noise is added to both coordinates.
    """
    rng = random.Random(seed)
    rows = []
    for i in range(count):
        label = i % 2
        angle, side = math.pi * rng.random(), 1 - 2 * label
        x = side * (math.cos(angle) - 0.5) + rng.gauss(0, noise)
        y = side * (math.sin(angle) - 0.25) + rng.gauss(0, noise)
        rows.append((round(x, 3), round(y, 3), label))
    return rows


def write(file: Path, rows) -> None:
    """Write points as CSV."""
    with open(file, "w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([HEADER, *rows])


def read(file: Path) -> list[tuple[float, float, int]]:
    """The points of a CSV file; SampleError names the line that is none."""
    with open(file, newline="", encoding="utf-8-sig") as lines:
        reader = csv.reader(lines)
        rows = []
        try:
            for fields in reader:
                if not fields or (reader.line_num == 1 and [f.strip() for f in fields] == HEADER):
                    continue
                rows.append(point(fields, f"{file}, line {reader.line_num}"))
        except (csv.Error, UnicodeDecodeError) as error:
            raise SampleError(f"{file} is no CSV file: {error}") from error
    if len(rows) < FEWEST:
        raise SampleError(f"{file}: {len(rows)} points are too few; at least {FEWEST} are needed")
    return rows


def point(fields: list[str], place: str) -> tuple[float, float, int]:
    """One point of a line's fields."""
    text = ",".join(fields)
    if len(fields) != 3:
        raise SampleError(f"{place}: expected x,y,class, got {text!r}")
    try:
        x, y, label = map(float, fields)
    except ValueError:
        raise SampleError(f"{place}: x, y and class are numbers, got {text!r}") from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise SampleError(f"{place}: a coordinate is not finite, got {text!r}")
    if label not in (0, 1):
        raise SampleError(f"{place}: the class is 0 or 1, got {text!r}")
    return x, y, int(label)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write(Path(sys.argv[1]), draw())
    print(f"{COUNT} points: {sys.argv[1]}")
