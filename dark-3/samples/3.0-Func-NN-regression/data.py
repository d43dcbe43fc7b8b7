"""The points and their heights as lists of numbers, the same for both versions of the sample."""

from pathlib import Path
from typing import NamedTuple

from dark_samples.catalogue import SampleError
from db.prepare import SIDE, height, test_points, train_points


class Data(NamedTuple):
    """Points (x, y) with their heights, to train with and held out, and what they are."""

    source: str
    train_points: list[tuple[float, float]]
    train_heights: list[float]
    test_points: list[tuple[float, float]]
    test_heights: list[float]


def load(file: Path | None = None) -> Data:
    """The grid of `db/prepare.py`."""
    if file is not None:
        raise SampleError(f"--data {file}: sample 3.0 computes its points and reads no others")
    train, test = train_points(), test_points()
    source = f"sin(sqrt(x² + y²)) on a grid of {SIDE} by {SIDE} points"
    return Data(source, train, [height(*p) for p in train], test, [height(*p) for p in test])
