"""Pictures with boxes as arrays, and as files: what the cache holds."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dark_samples.catalogue import SampleError

SIZE = 128
NAMES = "train", "validation", "test"
FORMS = {  # the files of a part: the type of the array, and its shape after the first dimension
    "images": (np.uint8, (SIZE, SIZE, 3)),
    "counts": (np.int64, ()),  # of the faces in each picture; those of all pictures are in one array:
    "boxes": (np.float32, (4,)),
    "labels": (np.int64, ()),
}


class Part(NamedTuple):
    """Pictures, uint8 (N, 128, 128, 3), and for each its boxes, float32 (n, 4), and labels, int64 (n,).

    A box is left, top, right and bottom in pixels, 0 to 128, from the upper left corner.
    """

    images: np.ndarray
    boxes: list[np.ndarray]
    labels: list[np.ndarray]


def write_parts(folder: Path, parts: Iterable[Part]) -> None:
    """All parts, into a folder."""
    for name, part in zip(NAMES, parts, strict=True):
        counts = np.array([len(boxes) for boxes in part.boxes], np.int64)
        arrays = part.images, counts, np.concatenate(part.boxes), np.concatenate(part.labels)
        for what, array in zip(FORMS, arrays, strict=True):
            np.save(folder / f"{name}-{what}.npy", array)


def read_parts(folder: Path) -> list[Part]:
    """All parts of a folder, checked."""
    return [read_part(folder, name) for name in NAMES]


def read_part(folder: Path, name: str) -> Part:
    """One part."""
    images, counts, boxes, labels = (read_array(folder, name, what) for what in FORMS)
    expected = {"counts": len(images), "boxes": counts.sum(), "labels": counts.sum()}
    for what, array in (("counts", counts), ("boxes", boxes), ("labels", labels)):
        if len(array) != expected[what]:
            raise damaged(folder, name, what, f"it has {len(array)} rows, and {expected[what]} are expected")
    if counts.min(initial=0) < 0:
        raise damaged(folder, name, "counts", f"it says that a picture has {counts.min()} faces")
    bounds = np.cumsum(counts)[:-1]
    return Part(images, np.split(boxes, bounds), np.split(labels, bounds))


def read_array(folder: Path, name: str, what: str) -> np.ndarray:
    """One file, of the right kind."""
    dtype, shape = FORMS[what]
    try:
        with open(folder / f"{name}-{what}.npy", "rb") as file:
            array = np.lib.format.read_array(file)
        if array.dtype != dtype or array.ndim == 0 or array.shape[1:] != shape:
            raise ValueError(f"it holds {array.dtype} {array.shape}")
    except (OSError, EOFError, ValueError) as error:
        raise damaged(folder, name, what, str(error)) from error
    return array


def damaged(folder: Path, name: str, what: str, fault: str) -> SampleError:
    """The error that names a file and the remedy."""
    path = folder / f"{name}-{what}.npy"
    return SampleError(f"{path}: damaged: {fault}. Delete {folder} to have it made again")
