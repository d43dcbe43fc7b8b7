"""The pictures as NumPy arrays, the same for both versions of the sample."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from db.prepare import SIDE, STYLE, find, read

from dark_samples.catalogue import SampleError


class Characters(NamedTuple):
    """Where the pictures are from, and the pictures: to train with, and to measure with, never trained on.

    Both are uint8 (N, size, size, 3), red, green and blue.
    """

    source: str
    images: np.ndarray
    test_images: np.ndarray


def load(
    folder: Path | None = None,
    style: str = STYLE,
    *,
    quick=False,
    download=False,
    drawn=False,
    size: int = SIDE,
) -> Characters:
    """The pictures in `folder`, or anime faces in the cache, else characters drawn by DiceBear.

    `db/README.md` tells the order. `quick` takes the first 1,000 and 500 of them, `download` allows fetching
    anime faces, `drawn` asks for characters. `size` is 8, 16, 32 or 64. A missing folder raises
    FileNotFoundError, a damaged file SampleError.
    """
    if size < 8 or SIDE % size:
        raise SampleError(f"size is 8, 16, 32 or {SIDE}, not {size}")
    found = find(folder, style, download=download, drawn=drawn, quick=quick)
    images = [shrunk(part, size) for part in read(found, quick)]
    return Characters(found.source + (", a small part" if quick else ""), *images)


def shrunk(images: np.ndarray, size: int) -> np.ndarray:
    """Pictures, uint8 (N, S, S, 3), as (N, size, size, 3): every pixel the mean of the square it covers."""
    n, side, *_ = images.shape
    if side == size:
        return images
    factor = side // size
    sums = images.reshape(n, size, factor, size, factor, 3).sum(axis=(2, 4), dtype=np.uint32)
    return ((sums + factor**2 // 2) // factor**2).astype(np.uint8)
