"""Finds pictures to learn from, downloads anime faces, or draws characters, and says which.

    python db/prepare.py                      anime faces in the cache; draw characters if there are none
    python db/prepare.py --folder FOLDER      the pictures at any depth of this folder
    python db/prepare.py --download           download anime faces if they are nowhere (462 MB)
    python db/prepare.py --drawn              drawn characters, whatever else there is
    python db/prepare.py --style adventurer   drawn in another style: db/README.md has them all
    python db/prepare.py --preview FILE.png   also write a grid of pictures
"""

import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.append(str(Path(__file__).parents[1]))  # the folder of db

from dark_samples import drawing
from dark_samples.catalogue import SampleError
from dark.vision.datasets.mnist import cache_folder
from db.characters import CREATORS, SIDE, STYLES, need_packages, edition
from db.reading import pictures_of_archive, pictures_of_folder

DRAWN = 20_000, 2_000  # characters to train with, and to measure with
QUICK = 1_000, 500
TEST_EVERY = 10  # of pictures found: one of so many is to measure with
FEWEST = 40  # pictures: a batch to train with, and more than one to measure with
STYLE = next(iter(STYLES))
FILE = "characters.npz"

ANIME = "anime-faces-1"  # the folder in the cache, with the version of what reading.py does
ANIME_URL = "https://huggingface.co/datasets/huggan/anime-faces/resolve/main/data.zip"
ANIME_SHA256 = "b50c3f2e1bbad0d119f8c5748a0d01138cb56152fb8997ce5c8b139129bf3c23"


class Found(NamedTuple):
    """What the pictures are, and where: in a folder of somebody's, or in one of ours as a single file."""

    source: str
    folder: Path
    ours: bool = True


def find(
    folder: Path | None = None, style: str = STYLE, *, download=False, drawn=False, quick=False
) -> Found:
    """The data: in the named folder, else from the cache, the net if allowed, or drawn.

    A named folder that is missing raises FileNotFoundError: nothing takes its place.
    """
    if style not in STYLES:
        raise SampleError(f"there is no style {style!r}; there are {', '.join(STYLES)}")
    if folder is not None:
        folder = Path(folder).expanduser()
        if not folder.is_dir():
            raise FileNotFoundError(f"there is no folder {folder}")
        return Found(f"pictures from the folder {folder}", folder, ours=False)
    cache = cache_folder() / ANIME
    if not drawn and (cache / FILE).is_file():
        return Found(f"anime faces from the cache ({cache})", cache)
    if not drawn and download:
        return Found("anime faces, downloaded", downloaded(cache))
    why = "" if drawn else "; no anime faces found"
    source = f"characters drawn by DiceBear in the style {style}, by {CREATORS[style]}{why}"
    return Found(source, drawn_folder(style, quick))


def downloaded(folder: Path) -> Path:
    """Fetch the anime faces and put them, cut to squares, into a folder."""
    try:
        import pooch
    except ImportError as error:
        raise SampleError("a download needs pooch: pip install pooch") from error
    print("Downloading anime faces (462 MB) ...", flush=True)
    try:
        archive = pooch.retrieve(
            ANIME_URL, f"sha256:{ANIME_SHA256}", fname="anime-faces.zip", path=folder.parent
        )
    except (OSError, ValueError) as error:  # no network, no such file, or another sum
        message = f"download failed: {ANIME_URL}: {error}. Without the download, characters are drawn"
        raise SampleError(message) from error
    print("Cutting them to squares ...", flush=True)
    parts = split(pictures_of_archive(Path(archive), SIDE), archive)
    drawing.write_folder(folder, lambda unfinished: write(unfinished, *parts))
    return folder


def split(images: np.ndarray, place) -> tuple[np.ndarray, np.ndarray]:
    """Pictures to train with, and every tenth to measure with."""
    testing = np.arange(len(images)) % TEST_EVERY == TEST_EVERY - 1
    if len(images) < FEWEST:
        raise SampleError(f"{place} has {len(images)} pictures; it takes {FEWEST} at least")
    return images[~testing], images[testing]


def drawn_folder(style: str, quick: bool) -> Path:
    """The folder of the drawn characters; they are drawn if it is not there."""
    need_packages()

    def draw(folder: Path, train: int, test: int) -> None:
        train_images = drawn_images(style, 0, train)
        # Some characters are drawn twice: those to measure with are none of those to train with.
        known = {image.tobytes() for image in train_images}
        test_images = drawn_images(style, 1, test + test // 4)
        new = [image for image in test_images if image.tobytes() not in known]
        write(folder, train_images, np.stack(new[:test]))

    name = cache_folder() / f"drawn-characters-{edition()}-{style}"
    return drawing.drawn_folder(name, "characters", draw, whole=DRAWN, part=QUICK, quick=quick)


def drawn_images(style: str, seed: int, count: int) -> np.ndarray:
    """The first characters of a seed, uint8 (count, 64, 64, 3)."""
    content = drawing.in_parallel(Path(__file__).with_name("draw.py"), count, style, str(seed))
    return np.frombuffer(content, np.uint8).reshape(count, SIDE, SIDE, 3)


def write(folder: Path, train_images: np.ndarray, test_images: np.ndarray) -> None:
    """The file that `read` reads; flat colours are packed to a fifth."""
    np.savez_compressed(folder / FILE, train=train_images, test=test_images)


def read(found: Found, quick=False) -> tuple[np.ndarray, np.ndarray]:
    """Pictures to train with, and to measure with, each uint8 (N, 64, 64, 3); for a quick run, the first."""
    train, test = QUICK if quick else (None, None)
    if found.ours:
        train_images, test_images = read_file(found.folder / FILE)
    else:
        count = sum(QUICK) if quick else None
        train_images, test_images = split(pictures_of_folder(found.folder, SIDE, count), found.folder)
    return train_images[:train], test_images[:test]


def read_file(path: Path) -> list[np.ndarray]:
    """The two arrays of a file that `write` wrote, checked."""
    try:
        with open(path, "rb") as file, np.load(file) as content:
            arrays = [content["train"], content["test"]]
        for array in arrays:
            if array.dtype != np.uint8 or array.shape[1:] != (SIDE, SIDE, 3):
                raise ValueError(f"it holds {array.dtype} {array.shape}")
    except Exception as error:  # zip, zlib and NumPy each have their own
        message = f"{path}: damaged: {error}. Delete {path.parent} to have it made again"
        raise SampleError(message) from error
    return arrays


def preview(images: np.ndarray, columns: int = 16, rows: int = 10) -> np.ndarray:
    """The first pictures in a grid, uint8 (H, W, 3)."""
    columns = min(columns, len(images))
    rows = min(rows, len(images) // columns)
    grid = images[: rows * columns].reshape(rows, columns, SIDE, SIDE, 3).transpose(0, 2, 1, 3, 4)
    return grid.reshape(rows * SIDE, columns * SIDE, 3)


def prepare(options) -> None:
    """Find or draw the data, and say which they are."""
    found = find(options.folder, options.style, download=options.download, drawn=options.drawn)
    images, test_images = read(found)
    print(f"Data: {found.source}")
    print(f"{len(images):,} to train and {len(test_images):,} to measure with, in {found.folder}")
    if options.preview:
        drawing.write_png(options.preview, preview(images))
        print(f"Preview: {options.preview}")


def main() -> None:
    """The command."""
    drawing.command(
        __doc__.splitlines()[0],
        prepare,
        folder="the pictures at any depth of this folder",
        download="download anime faces if they are nowhere (462 MB)",
        drawn="drawn characters, whatever else there is",
        preview="also write a grid of pictures",
        style=(STYLE, f"of the drawn characters: {', '.join(STYLES)}"),
    )


if __name__ == "__main__":
    main()
