"""The pictures and their masks as NumPy arrays, the same for both versions of the sample."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from db.prepare import find, read


class Pictures(NamedTuple):
    """Pictures, uint8 (N, 64, 64, 3), their masks, uint8 (N, 64, 64) of 0 and 1, and where they are from."""

    train_images: np.ndarray
    train_masks: np.ndarray
    validation_images: np.ndarray
    validation_masks: np.ndarray
    test_images: np.ndarray
    test_masks: np.ndarray
    source: str


def load(folder: Path | None = None, *, quick=False, download=False, drawn=False) -> Pictures:
    """Carvana's cars or Oxford's pets in `folder` or in the cache, else drawn cars.

    `quick` takes the first 400, 100 and 100 of them, `download` allows fetching the pets, `drawn` asks for
    drawn cars; `db/README.md` tells the order. Missing files raise FileNotFoundError, damaged SampleError.
    """
    found = find(folder, download=download, drawn=drawn, quick=quick)
    return Pictures(*read(found, quick), found.source + (", a small part" if quick else ""))
