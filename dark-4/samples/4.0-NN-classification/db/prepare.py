"""Finds FashionMNIST, downloads it, or draws clothes in its place, and says which.

    python db/prepare.py                      find it; draw clothes if it is nowhere
    python db/prepare.py --folder FOLDER      the files in this folder
    python db/prepare.py --download           download it if it is nowhere (30 MB)
    python db/prepare.py --drawn              drawn clothes, whatever else there is
    python db/prepare.py --preview FILE.png   also write a grid of pictures, one row a class
"""

import gzip
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dark_samples import drawing
from dark_samples.catalogue import SampleError
from dark.vision.datasets import FashionMNIST
from dark.vision.datasets.idx import read_idx
from dark.vision.datasets.mnist import cache_folder, file_in

VERSION = 1  # of the drawing; with a new number nobody is given pictures drawn the old way
DRAWN = 16_000, 4_000  # items to train and to test with
QUICK = 2_000, 500
SUMS = FashionMNIST.sha256  # of the four files: train images, train labels, test images, test labels


class Found(NamedTuple):
    """Where the four files are, how to call them, and the sha256 that their contents must have."""

    source: str
    folder: Path
    sums: dict[str, str]


def find(folder: Path | None = None, *, download=False, drawn=False, quick=False) -> Found:
    """The data: in the named folder, else from the system's package, the cache, the net if allowed, or drawn.

    A named folder that is missing or incomplete raises FileNotFoundError: nothing takes its place.
    """
    if folder is not None:
        folder = complete(Path(folder).expanduser())
        return Found(f"FashionMNIST from the folder {folder}", folder, SUMS)
    if drawn:
        return Found("drawn clothes", drawn_folder(quick), {})
    package, cache = Path(FashionMNIST.system_folder), cache_folder() / "FashionMNIST" / "raw"
    if not missing(package):
        return Found(f"FashionMNIST from the system package ({package})", package, SUMS)
    if not missing(cache):
        return Found(f"FashionMNIST from the cache ({cache})", cache, SUMS)
    if download:
        return Found("FashionMNIST, downloaded", downloaded(), SUMS)
    return Found("drawn clothes (no FashionMNIST found)", drawn_folder(quick), {})


def missing(folder: Path) -> list[str]:
    """Which of the four files are not in a folder, neither as they are nor as .gz."""
    return [name for name in SUMS if not file_in(folder, name)]


def complete(folder: Path) -> Path:
    """The folder itself, or the one in it where torchvision puts the files."""
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    for inside in (folder, folder / "FashionMNIST" / "raw"):
        if not missing(inside):
            return inside
    names = ", ".join(missing(folder))
    raise FileNotFoundError(f"{folder} lacks files of FashionMNIST: {names}, each as it is or as .gz")


def downloaded() -> Path:
    """Fetch FashionMNIST into the cache; its folder."""
    print("Downloading FashionMNIST (30 MB) ...", flush=True)
    try:
        for train in (True, False):
            data = FashionMNIST(None, train, download=True)
    except (RuntimeError, ValueError) as error:
        raise SampleError(f"{error}. Without the download, drawn clothes are used") from error
    return data.raw_folder


def read(found: Found) -> list[np.ndarray]:
    """Train images, uint8 (N, 28, 28), train labels, int64 (N,), test images and test labels, all checked."""
    arrays = []
    for name in SUMS:
        try:
            array = read_idx(file_in(found.folder, name), found.sums.get(name))
        except ValueError as error:
            again = "" if found.sums else f". Delete {found.folder} to have it drawn again"
            raise SampleError(f"{error}{again}") from error
        arrays.append(array if "images" in name else array.astype(np.int64))
    return arrays


def drawn_folder(quick: bool) -> Path:
    """The folder of the drawn clothes; they are drawn if it is not there."""
    return drawing.drawn_folder(
        cache_folder() / f"drawn-clothes-{VERSION}", "clothes", draw, whole=DRAWN, part=QUICK, quick=quick
    )


def draw(folder: Path, train: int, test: int) -> None:
    """Draw so many clothes into a folder, in FashionMNIST's format."""
    drawing.need_opencv("clothes")
    for part, split, count in (("train", "train", train), ("t10k", "test", test)):
        images, labels = drawn_items(split, count)
        write_idx(folder / f"{part}-images-idx3-ubyte.gz", images)
        write_idx(folder / f"{part}-labels-idx1-ubyte.gz", labels)


def drawn_items(split: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The first items of a split: images, uint8 (count, 28, 28), and labels, uint8 (count,)."""
    content = drawing.in_parallel(Path(__file__).with_name("clothes.py"), count, split)
    items = np.frombuffer(content, np.uint8).reshape(count, 785)  # each its label and its pixels
    return items[:, 1:].reshape(count, 28, 28), items[:, 0]


def write_idx(path: Path, array: np.ndarray) -> None:
    """Write a uint8 array as a gzipped idx file."""
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    path.write_bytes(gzip.compress(header + array.tobytes(), compresslevel=1, mtime=0))


def preview(images: np.ndarray, labels: np.ndarray, columns: int = 24) -> np.ndarray:
    """The first pictures of every class, one row a class: uint8 (rows, columns)."""
    rows = [np.concatenate(images[labels == label][:columns], axis=1) for label in range(10)]
    return np.concatenate(rows)


def prepare(options) -> None:
    """Find or draw the data, and say which they are."""
    found = find(options.folder, download=options.download, drawn=options.drawn)
    train_images, train_labels, test_images, _ = read(found)
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
        download="download it if it is nowhere (30 MB)",
        drawn="drawn clothes, whatever else there is",
        preview="also write a grid, one row a class",
    )


if __name__ == "__main__":
    main()
