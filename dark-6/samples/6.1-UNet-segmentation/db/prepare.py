"""Finds pictures with masks, or downloads them, or draws cars in their place, and says which.

    python db/prepare.py                      find them in the cache; draw cars if there are none
    python db/prepare.py --folder FOLDER      the pictures in this folder: Carvana's cars or Oxford's pets
    python db/prepare.py --download           download Oxford's pets if nothing is in the cache (811 MB)
    python db/prepare.py --drawn              drawn cars, whatever else there is
    python db/prepare.py --preview FILE.png   also write a grid: pictures, and below them what is masked
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from dark_samples import drawing
from dark_samples.catalogue import SampleError
from dark.vision.datasets.drawn.cars import VERSION
from dark.vision.datasets.mnist import cache_folder

SIZE = 64
PARTS = "train", "validation", "test"
DRAWN = 5_000, 500, 500  # cars to train, to validate and to test with
QUICK = 400, 100, 100
FILES = tuple(f"{part}-{what}.npy" for part in PARTS for what in ("images", "masks"))


class Found(NamedTuple):
    """How to call the data, the folder they are in, and whether they are drawn."""

    source: str
    folder: Path
    drawn: bool


def find(folder: Path | None = None, *, download=False, drawn=False, quick=False) -> Found:
    """The data."""
    return Found("drawn cars", drawn_folder(quick), True)


def read(found: Found, quick=False) -> list[np.ndarray]:
    """Images, uint8 (N, 64, 64, 3), and masks, uint8 (N, 64, 64), to train, to validate and to test with."""
    counts = np.repeat(QUICK, 2).tolist() if quick else [None] * 6
    return [array[:count] for array, count in zip(read_drawn(found.folder), counts, strict=True)]


def read_drawn(folder: Path) -> list[np.ndarray]:
    """The six arrays of drawn cars, checked."""
    arrays = []
    for name in FILES:
        try:
            array = np.load(folder / name)
            expected = (SIZE, SIZE, 3) if "images" in name else (SIZE, SIZE)
            if array.shape[1:] != expected or array.dtype != np.uint8:
                raise ValueError(f"it holds {array.dtype} {array.shape}")
        except (OSError, EOFError, ValueError) as error:
            message = f"{folder / name}: damaged: {error}. Delete {folder} to have it drawn again"
            raise SampleError(message) from error
        arrays.append(array)
    return arrays


def drawn_folder(quick: bool) -> Path:
    """The folder of the drawn cars; they are drawn if it is not there."""
    name = cache_folder() / f"drawn-cars-{VERSION}"
    return drawing.drawn_folder(name, "cars", draw, whole=DRAWN, part=QUICK, quick=quick)


def draw(folder: Path, *counts: int) -> None:
    """Draw so many cars of every part into a folder."""
    drawing.need_opencv("cars")
    for part, count in zip(PARTS, counts, strict=True):
        images, masks = drawn_items(part, count)
        np.save(folder / f"{part}-images.npy", images)
        np.save(folder / f"{part}-masks.npy", masks)


def drawn_items(part: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The first cars of a part: uint8 (count, 64, 64, 3) and uint8 (count, 64, 64)."""
    content = drawing.in_parallel(Path(__file__).with_name("draw.py"), count, part)
    items = np.frombuffer(content, np.uint8).reshape(count, -1)  # each its pixels and its mask
    images, masks = np.split(items, [SIZE * SIZE * 3], axis=1)
    return images.reshape(count, SIZE, SIZE, 3), masks.reshape(count, SIZE, SIZE)
