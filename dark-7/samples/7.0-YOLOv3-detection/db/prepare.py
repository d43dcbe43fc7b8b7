"""Finds photographs with boxes of faces, or downloads them, or draws scenes in their place, and says which.

    python db/prepare.py                      find them in the cache; draw scenes if there are none
    python db/prepare.py --folder FOLDER      the pictures in this folder: WIDER FACE or MTFL
    python db/prepare.py --download           download WIDER FACE if nothing is in the cache (1.8 GB)
    python db/prepare.py --drawn              drawn scenes, whatever else there is
    python db/prepare.py --classes 2          tell bare heads from covered ones: drawn scenes
    python db/prepare.py --preview FILE.png   also write a grid of pictures with their boxes
"""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.append(str(Path(__file__).parents[1]))  # the folder of db

from dark_samples import drawing
from dark_samples.catalogue import SampleError
from dark.vision.datasets import WIDERFace
from dark.vision.datasets.drawn.scenes import CLASSES, VERSION
from dark.vision.datasets.mnist import cache_folder
from db.parts import NAMES, SIZE, Part, read_parts, write_parts
from db.photographs import EDITION, kind_of, scenes, split

DRAWN = 4_000, 500, 500  # scenes to train, to validate and to test with
QUICK = 200, 50, 50
DRAWN_CLASSES = 2  # the files of drawn scenes have the labels of so many
COLORS = (70, 230, 90), (255, 160, 40)  # of boxes in a preview


class Found(NamedTuple):
    """How to call the data, the folder they are in, and what they are: "WIDER FACE", "MTFL" or "drawn"."""

    source: str
    folder: Path
    kind: str


def find(folder: Path | None = None, *, download=False, drawn=False, quick=False, classes=1) -> Found:
    """The data: in the named folder, else from the cache, the net if allowed, or drawn.

    A named folder that is missing or holds something else raises FileNotFoundError: nothing takes its place.
    More classes than one are in drawn scenes only.
    """
    if classes not in CLASSES:
        raise SampleError(f"there are {' or '.join(map(str, CLASSES))} classes, not {classes}")
    if classes > 1 and (folder is not None or download):
        raise SampleError(f"photographs do not say which heads are {' or '.join(CLASSES[classes])}")
    if folder is not None:
        return named(Path(folder).expanduser())
    if drawn or classes > 1:
        return Found("drawn scenes", drawn_folder(quick), "drawn")
    for cache in (cache_folder() / "WIDERFace", cache_folder() / "MTFL"):
        if found := kind_of(cache):
            return Found(f"{found[0]} from the cache ({cache})", found[1], found[0])
    if download:
        return Found("WIDER FACE, downloaded", downloaded(), "WIDER FACE")
    return Found("drawn scenes (no photographs found)", drawn_folder(quick), "drawn")


def named(folder: Path) -> Found:
    """The data in a folder that was asked for."""
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    if found := kind_of(folder):
        return Found(f"{found[0]} from the folder {folder}", found[1], found[0])
    raise FileNotFoundError(
        f"{folder} has neither WIDER FACE's folders WIDER_train, WIDER_val and wider_face_split, "
        "nor MTFL's lists training.txt and testing.txt"
    )


def downloaded() -> Path:
    """Fetch WIDER FACE into the cache; its folder."""
    print("Downloading WIDER FACE (1.8 GB) ...", flush=True)
    try:
        folders = [WIDERFace(None, part, download=True).folder for part in ("train", "val")]
    except (RuntimeError, ValueError) as error:
        raise SampleError(f"{error}. Without the download, drawn scenes are used") from error
    return folders[0]


def read(found: Found, quick=False, classes=1) -> list[Part]:
    """What is to train, to validate and to test with; for a quick run, some of it."""
    if found.kind != "drawn":
        try:
            return read_photographs(found, quick)
        except ValueError as error:
            raise SampleError(str(error)) from error
    parts = read_parts(found.folder)
    if quick:
        parts = [Part(*(array[:count] for array in part)) for part, count in zip(parts, QUICK, strict=True)]
    if classes < DRAWN_CLASSES:
        parts = [part._replace(labels=[np.zeros_like(labels) for labels in part.labels]) for part in parts]
    return parts


def read_photographs(found: Found, quick: bool) -> list[Part]:
    """The scenes in photographs. The whole of them is kept in the cache when they have been cut out."""
    parts = split(found.kind, found.folder)
    total = sum(map(len, parts))
    if not all(parts):
        raise SampleError(f"{found.folder}: {total} photographs are too few for three parts")
    if quick:  # some from everywhere: neighbours show the same event, or were found by the same word
        chosen = zip(parts, QUICK, strict=True)
        return [scenes(part[:: max(1, len(part) // count)][:count]) for part, count in chosen]
    files = [(str(path), path.stat()) for path in sorted(found.folder.rglob("*")) if path.is_file()]
    known = repr([EDITION, [(name, file.st_size, file.st_mtime_ns) for name, file in files]])
    mark = hashlib.sha256(known.encode()).hexdigest()[:12]
    folder = cache_folder() / f"small-{found.kind.lower().replace(' ', '-')}-{SIZE}-{mark}"
    if not folder.is_dir():
        print(f"Cutting scenes out of {total:,} photographs into {folder} ...", flush=True)
        drawing.write_folder(folder, lambda unfinished: write_parts(unfinished, map(scenes, parts)))
    return read_parts(folder)


# Drawn scenes


def drawn_folder(quick: bool) -> Path:
    """The folder of the drawn scenes; they are drawn if it is not there."""
    name = cache_folder() / f"drawn-scenes-{VERSION}"
    return drawing.drawn_folder(name, "scenes", draw, whole=DRAWN, part=QUICK, quick=quick)


def draw(folder: Path, *counts: int) -> None:
    """Draw so many scenes of every part into a folder."""
    drawing.need_opencv("scenes")
    write_parts(folder, map(drawn_items, NAMES, counts))


def drawn_items(name: str, count: int) -> Part:
    """The first scenes of a part."""
    content = drawing.in_parallel(Path(__file__).with_name("draw.py"), count, name)
    images, boxes, labels = zip(*records(content), strict=True)
    return Part(np.stack(images), list(boxes), list(labels))


def records(content: bytes) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The pixels, boxes and labels of every item that `draw.py` wrote."""
    place = 0

    def take(dtype, *shape):
        nonlocal place
        array = np.frombuffer(content, dtype, int(np.prod(shape)), place).reshape(shape)
        place += array.nbytes
        return array

    while place < len(content):
        count = int(take(np.int64))
        boxes, labels = take(np.float32, count, 4), take(np.int64, count)
        yield take(np.uint8, SIZE, SIZE, 3), boxes, labels


# The program


def preview(part: Part, columns: int = 10, rows: int = 6) -> np.ndarray:
    """The first pictures in a grid, with frames around the faces, the labels in different colors."""
    images, *faces = (array[: columns * rows] for array in part)
    images = images.copy()
    for image, boxes, labels in zip(images, *faces, strict=True):
        for box, label in zip(boxes, labels, strict=True):
            left, top = np.floor(box[:2]).astype(int)
            right, bottom = np.minimum(np.ceil(box[2:]), SIZE).astype(int)
            image[[top, bottom - 1], left:right] = COLORS[label]
            image[top:bottom, [left, right - 1]] = COLORS[label]
    missing = columns * rows - len(images)
    images = np.concatenate([images, np.zeros((missing, *images.shape[1:]), np.uint8)])
    grid = images.reshape(rows, columns, SIZE, SIZE, 3).transpose(0, 2, 1, 3, 4)
    return grid.reshape(rows * SIZE, columns * SIZE, 3)


def prepare(options) -> None:
    """Find or draw the data, and say which they are."""
    classes = options.classes
    found = find(options.folder, download=options.download, drawn=options.drawn, classes=classes)
    train, validation, test = read(found, classes=classes)
    print(f"Data: {found.source}")
    counts = f"{len(train.images):,} to train, {len(validation.images):,} to validate"
    print(f"{counts} and {len(test.images):,} to test with, in {found.folder}")
    if options.preview:
        drawing.write_png(options.preview, preview(train))
        print(f"Preview: {options.preview}")


def main() -> None:
    """The command."""
    drawing.command(
        __doc__.splitlines()[0],
        prepare,
        folder="the pictures in this folder: WIDER FACE or MTFL",
        download="download WIDER FACE if nothing is in the cache (1.8 GB)",
        drawn="drawn scenes, whatever else there is",
        preview="also write a grid of pictures with their boxes",
        classes=(1, "2 tells bare heads from covered ones, in drawn scenes"),
    )


if __name__ == "__main__":
    main()
