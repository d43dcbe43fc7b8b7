"""The faces as NumPy arrays, the same for both versions of the sample."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from db.prepare import find, read


class Arrays(NamedTuple):
    """Pictures, uint8 (N, 96, 96, 3), the points in them, float32 (N, 68, 2), and where they are from.

    A point is (x, y) in pixels, counted from the center of the first.
    """

    source: str
    train_images: np.ndarray
    train_points: np.ndarray
    test_images: np.ndarray
    test_points: np.ndarray


def load(folder: Path | None = None, *, quick=False, download=False, drawn=False) -> Arrays:
    """Faces in `folder` or in the cache, else drawn ones; `db/README.md` tells the order.

    `quick` takes the first 400 and 100 of them, `drawn` asks for drawn faces; `download` raises SampleError,
    which says how to fetch faces by hand. Missing files raise FileNotFoundError, damaged ones SampleError.
    """
    found = find(folder, download=download, drawn=drawn, quick=quick)
    return Arrays(found.source + (", a small part" if quick else ""), *read(found, quick))
