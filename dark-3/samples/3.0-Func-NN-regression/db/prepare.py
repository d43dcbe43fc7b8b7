"""Computes the points of sample 3.0, and writes them as CSV: python db/prepare.py FILE.csv"""

import csv
import math
import sys
from pathlib import Path

HALF, SIDE = 5.0, 41  # coordinates from -5 to 5, so many of them: every quarter


def height(x: float, y: float) -> float:
    """The function to learn: rings around the origin, which lies at the bottom of a cone."""
    return math.sin(math.hypot(x, y))


def train_points() -> list[tuple[float, float]]:
    """The points of a square grid, row after row; the origin is one of them."""
    return grid([2 * HALF * i / (SIDE - 1) - HALF for i in range(SIDE)])


def test_points() -> list[tuple[float, float]]:
    """The middles of the grid's squares: as far from the training points as can be."""
    return grid([2 * HALF * (i + 0.5) / (SIDE - 1) - HALF for i in range(SIDE - 1)])


def grid(side: list[float]) -> list[tuple[float, float]]:
    """All points with both coordinates in `side`, row after row."""
    return [(x, y) for y in side for x in side]


def write(file: Path) -> int:
    """Write all points with their heights, and whether they are trained with; how many they are."""
    rows = [(x, y, height(x, y), "train") for x, y in train_points()]
    rows += [(x, y, height(x, y), "test") for x, y in test_points()]
    with open(file, "w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([("x", "y", "height", "part"), *rows])
    return len(rows)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(f"{write(Path(sys.argv[1])):,} points: {sys.argv[1]}")
