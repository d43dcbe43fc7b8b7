"""The pictures as NumPy arrays, the same for both versions of the sample."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from db.prepare import QUICK, find, read


class Arrays(NamedTuple):
    """Pictures, uint8 (N, 32, 32, 3), their labels, int64 (N,), and where they are from."""

    source: str
    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


def load(folder: Path | None = None, classes=2, *, quick=False, download=False, drawn=False) -> Arrays:
    """The first `classes` classes of CIFAR-10 from `folder` or wherever it is, else drawn pictures of them.

    `quick` takes the first 2,000 and 500 pictures, `download` allows fetching CIFAR-10, `drawn` asks for
    drawn ones; `db/README.md` tells the order. Missing files raise FileNotFoundError, damaged SampleError.
    """
    found = find(folder, classes, download=download, drawn=drawn, quick=quick)
    arrays = read(found, classes)
    if quick:
        train, test = QUICK
        arrays = [array[:count] for array, count in zip(arrays, (train, train, test, test), strict=True)]
    return Arrays(found.source + (", a small part" if quick else ""), *arrays)
