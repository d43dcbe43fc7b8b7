"""Finds CIFAR-10, downloads it, or draws pictures in its place, and says which.

    python db/prepare.py                      find it; draw pictures if it is nowhere
    python db/prepare.py --folder FOLDER      the files in this folder
    python db/prepare.py --download           download it if it is nowhere (162 MB)
    python db/prepare.py --drawn              drawn pictures, whatever else there is
    python db/prepare.py --classes 10         all ten classes, not airplanes and automobiles alone
    python db/prepare.py --preview FILE.png   also write a grid of pictures, one row a class
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from dark_samples import drawing
from dark_samples.catalogue import SampleError
from dark.vision.datasets import CIFAR10
from dark.vision.datasets.cifar import read_records
from dark.vision.datasets.drawn.cifar10 import VERSION
from dark.vision.datasets.mnist import cache_folder

NAMES = tuple(CIFAR10.classes)
QUICK = 2_000, 500  # pictures to train and to test with
FILES = CIFAR10.train_list, CIFAR10.test_list
DRAWN_FILES = ["train.bin"], ["test.bin"]


class Found(NamedTuple):
    """Where the pictures are: the files to train and to test with, and how many pictures each of them has."""

    source: str
    folder: Path
    files: tuple[list[str], list[str]]
    counts: tuple[int, int]


def find(folder: Path | None = None, classes=2, *, download=False, drawn=False, quick=False) -> Found:
    """The data: in the named folder, else from the cache, the net if allowed, or drawn.

    A named folder that is missing or incomplete raises FileNotFoundError: nothing takes its place.
    """
    if not 2 <= classes <= len(NAMES):
        raise SampleError(f"classes must be 2 to {len(NAMES)}, got {classes}")
    if folder is not None:
        folder = complete(Path(folder).expanduser())
        return real(f"CIFAR-10 from the folder {folder}", folder)
    if drawn:
        return drawn_pictures("drawn pictures", classes, quick)
    cache = cache_folder() / "CIFAR10" / CIFAR10.base_folder
    if not missing(cache):
        return real(f"CIFAR-10 from the cache ({cache})", cache)
    if download:
        return real("CIFAR-10, downloaded", downloaded())
    return drawn_pictures("drawn pictures (no CIFAR-10 found)", classes, quick)


def real(source: str, folder: Path) -> Found:
    """CIFAR-10 in a folder."""
    return Found(source, folder, FILES, (CIFAR10.pictures_per_file, CIFAR10.pictures_per_file))


def missing(folder: Path) -> list[str]:
    """Which of the six files are not in a folder."""
    return [name for part in FILES for name in part if not (folder / name).is_file()]


def complete(folder: Path) -> Path:
    """The folder itself, or the one in it that the archive unpacks to."""
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    for inside in (folder, folder / CIFAR10.base_folder):
        if not missing(inside):
            return inside
    names = missing(folder / CIFAR10.base_folder if (folder / CIFAR10.base_folder).is_dir() else folder)
    message = f"{folder} lacks files of CIFAR-10's binary version: {', '.join(names)}"
    if (folder / "data_batch_1").is_file() or (folder / "cifar-10-batches-py").is_dir():
        message += f". It holds the Python version, which is not read; the binary one is {CIFAR10.url}"
    raise FileNotFoundError(message)


def downloaded() -> Path:
    """Fetch CIFAR-10 into the cache; its folder."""
    print("Downloading CIFAR-10 (162 MB) ...", flush=True)
    try:
        CIFAR10(None, download=True)
    except (RuntimeError, ValueError) as error:
        raise SampleError(f"{error}. Without the download, drawn pictures are used") from error
    return cache_folder() / "CIFAR10" / CIFAR10.base_folder


def read(found: Found, classes: int) -> list[np.ndarray]:
    """Train images, uint8 (N, 32, 32, 3), train labels, int64 (N,), test images and test labels.

    All are checked, and those of the first `classes` classes kept.
    """
    arrays = []
    for names, count in zip(found.files, found.counts, strict=True):
        try:
            parts = [read_records(found.folder / name, count) for name in names]
        except ValueError as error:
            again = "" if found.files is FILES else f". Delete {found.folder} to have it drawn again"
            raise SampleError(f"{error}{again}") from error
        images, labels = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        kept = labels < classes
        arrays += [images[kept], labels[kept].astype(np.int64)]
    return arrays


def drawn_pictures(source: str, classes: int, quick: bool) -> Found:
    """The drawn pictures; they are drawn if they are not in the cache."""

    def draw(folder: Path, *counts: int) -> None:
        drawing.need_opencv("pictures")
        for seed, names, count in zip(("0", "1"), DRAWN_FILES, counts, strict=True):
            records = drawing.in_parallel(Path(__file__).with_name("draw.py"), count, seed, str(classes))
            (folder / names[0]).write_bytes(records)

    name, whole = cache_folder() / f"drawn-cifar10-{VERSION}-{classes}", drawn_counts(classes)
    folder = drawing.drawn_folder(name, "pictures", draw, whole=whole, part=QUICK, quick=quick)
    train, test = map(int, folder.name.split("-")[-2:])
    return Found(source, folder, DRAWN_FILES, (train, test))


def drawn_counts(classes: int) -> tuple[int, int]:
    """How many pictures are drawn to train and to test with."""
    return (8_000, 2_000) if classes == 2 else (2_000 * classes, 400 * classes)


def preview(images: np.ndarray, labels: np.ndarray, columns: int = 24) -> np.ndarray:
    """The first pictures of every class, one row a class: uint8 (rows, columns, 3)."""
    columns = min(columns, *np.bincount(labels).tolist())
    rows = [np.concatenate(images[labels == label][:columns], axis=1) for label in range(labels.max() + 1)]
    return np.concatenate(rows)


def prepare(options) -> None:
    """Find or draw the data, and say which they are."""
    found = find(options.folder, options.classes, download=options.download, drawn=options.drawn)
    train_images, train_labels, test_images, _ = read(found, options.classes)
    print(f"Data: {found.source}")
    print(f"{len(train_images):,} to train and {len(test_images):,} to test with, in {found.folder}")
    if options.preview:
        drawing.write_png(options.preview, preview(train_images, train_labels), times=2)
        print(f"Preview: {options.preview}")


def main() -> None:
    """The command."""
    drawing.command(
        __doc__.splitlines()[0],
        prepare,
        folder="the files in this folder",
        download="download it if it is nowhere (162 MB)",
        drawn="drawn pictures, whatever else there is",
        preview="also write a grid, one row a class",
        classes=(2, "so many classes, from 2: airplane and automobile, to all 10"),
    )


if __name__ == "__main__":
    main()
