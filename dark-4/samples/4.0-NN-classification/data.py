"""The clothes as NumPy arrays, the same for both versions of the sample."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from db.prepare import QUICK, find, read

CLASSES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip


class Arrays(NamedTuple):
    """Pictures, uint8 (N, 28, 28), their labels, int64 (N,), and where they are from."""

    source: str
    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


def load(folder: Path | None = None, *, quick=False, download=False, drawn=False) -> Arrays:
    """FashionMNIST from `folder` or wherever it is, else drawn clothes; `db/README.md` tells the order.

    `quick` takes the first 2,000 and 500 of them, `download` allows fetching FashionMNIST, `drawn` asks for
    drawn clothes. Missing files raise FileNotFoundError, damaged ones SampleError.
    """
    found = find(folder, download=download, drawn=drawn, quick=quick)
    arrays = read(found)
    if quick:
        train, test = QUICK
        arrays = [array[:count] for array, count in zip(arrays, (train, train, test, test), strict=True)]
    return Arrays(found.source + (", a small part" if quick else ""), *arrays)
