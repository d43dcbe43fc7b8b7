"""Finds FashionMNIST, downloads it, or draws clothes in its place, and says which.

    python db/prepare.py                      find it; draw clothes if it is nowhere
    python db/prepare.py --folder FOLDER      the files in this folder
    python db/prepare.py --download           download it if it is nowhere (30 MB)
    python db/prepare.py --drawn              drawn clothes, whatever else there is
    python db/prepare.py --preview FILE.png   also write a grid of pictures, one row a class
"""

import argparse
import gzip
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dark_samples.catalogue import SampleError
from dark_samples.console import one_line, print_anything
from dark.serialization import replace_file
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
    folder, counts = place(*DRAWN), DRAWN
    if quick and not folder.is_dir():  # a part, the same as the first of them all
        folder, counts = place(*QUICK), QUICK
    if not folder.is_dir():
        print(f"Drawing {sum(counts):,} clothes into {folder} ...", flush=True)
        draw(folder, *counts)
    return folder


def place(train: int, test: int) -> Path:
    """Where so many drawn clothes are kept."""
    return cache_folder() / f"drawn-clothes-{VERSION}-{train}-{test}"


def draw(folder: Path, train: int, test: int) -> None:
    """Draw so many clothes and write them in FashionMNIST's format: the whole folder or nothing of it."""
    if importlib.util.find_spec("cv2") is None:
        raise SampleError("drawing clothes needs OpenCV: pip install opencv-python-headless")
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=".part", dir=folder.parent))
    try:
        for part, split, count in (("train", "train", train), ("t10k", "test", test)):
            images, labels = drawn_items(split, count)
            write_idx(unfinished / f"{part}-images-idx3-ubyte.gz", images)
            write_idx(unfinished / f"{part}-labels-idx1-ubyte.gz", labels)
        try:
            os.rename(unfinished, folder)
        except OSError:
            if not folder.is_dir():  # else another process was faster; it drew the same
                raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def drawn_items(split: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The first items of a split: images, uint8 (count, 28, 28), and labels, uint8 (count,).

    Every core draws a share. Each worker is a program of its own; one from `multiprocessing` would import the
    training script again, and PyTorch with it.
    """
    workers = os.cpu_count() or 1
    bounds = np.linspace(0, count, workers + 1).astype(int).tolist()
    with ThreadPoolExecutor(workers) as pool:
        shares = list(pool.map(share, [split] * workers, bounds[:-1], bounds[1:]))
    items = np.concatenate(shares)
    return items[:, 1:].reshape(count, 28, 28), items[:, 0]


def share(split: str, start: int, stop: int) -> np.ndarray:
    """The items that a worker draws, each its label and its pixels: uint8 (stop − start, 785)."""
    program = Path(__file__).with_name("clothes.py")
    done = subprocess.run([sys.executable, program, split, str(start), str(stop)], capture_output=True)
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        raise SampleError(f"drawing clothes failed: {lines[-1]}")
    return np.frombuffer(done.stdout, np.uint8).reshape(stop - start, 785)


def write_idx(path: Path, array: np.ndarray) -> None:
    """Write a uint8 array as a gzipped idx file."""
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    path.write_bytes(gzip.compress(header + array.tobytes(), compresslevel=1, mtime=0))


def preview(images: np.ndarray, labels: np.ndarray, columns: int = 24) -> np.ndarray:
    """The first pictures of every class, one row a class: uint8 (rows, columns)."""
    rows = [np.concatenate(images[labels == label][:columns], axis=1) for label in range(10)]
    return np.concatenate(rows)


def write_png(path: Path, image: np.ndarray) -> None:
    """Write a grey picture, twice as large."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(image.repeat(2, axis=0).repeat(2, axis=1)).save(file, "PNG")
    replace_file(str(path), file.getvalue())


def main() -> None:
    """The command; a mistake ends in one line and exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--folder", type=Path, help="the files in this folder")
    source.add_argument("--download", action="store_true", help="download it if it is nowhere (30 MB)")
    source.add_argument("--drawn", action="store_true", help="drawn clothes, whatever else there is")
    parser.add_argument("--preview", type=Path, metavar="FILE.png", help="also write a grid, one row a class")
    options = parser.parse_args()
    print_anything()
    try:
        found = find(options.folder, download=options.download, drawn=options.drawn)
        train_images, train_labels, test_images, _ = read(found)
        print(f"Data: {found.source}")
        print(f"{len(train_images):,} to train and {len(test_images):,} to test with, in {found.folder}")
        if options.preview:
            write_png(options.preview, preview(train_images, train_labels))
            print(f"Preview: {options.preview}")
    except (SampleError, OSError, ImportError) as error:
        sys.exit(f"prepare: {one_line(error)}")


if __name__ == "__main__":
    main()
