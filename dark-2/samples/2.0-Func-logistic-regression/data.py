"""The points as lists of Python numbers, the same for both versions of the sample."""

from pathlib import Path
from typing import NamedTuple

from dark_samples.catalogue import SampleError
from db.prepare import draw, read

HELD_OUT = 5  # every fifth point is not trained with


class Points(NamedTuple):
    """Points (x, y), their labels 0.0 or 1.0, and where they are from."""

    source: str
    train_points: list[tuple[float, float]]
    train_labels: list[float]
    test_points: list[tuple[float, float]]
    test_labels: list[float]


def load(file: Path | None = None) -> Points:
    """The points of a CSV file, else drawn ones; every fifth is held out.

    A missing file raises FileNotFoundError; a line that is no point, SampleError.
    """
    rows = draw() if file is None else read(file)
    for name, values in zip("xy", zip(*rows, strict=True), strict=False):
        if len(set(values)) == 1:
            raise SampleError(f"{file}: every {name} is {values[0]}, which tells no point from another")
    source = "drawn points" if file is None else f"points of {file}"
    train = [row for i, row in enumerate(rows, 1) if i % HELD_OUT]
    test = rows[HELD_OUT - 1 :: HELD_OUT]
    return Points(
        f"{source}, {len(train)} to train with and {len(test)} held out",
        [(x, y) for x, y, _ in train],
        [float(label) for *_, label in train],
        [(x, y) for x, y, _ in test],
        [float(label) for *_, label in test],
    )
