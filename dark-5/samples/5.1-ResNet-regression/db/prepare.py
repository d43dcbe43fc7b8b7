"""Finds photographs of faces with 68 points, or draws faces in their place, and says which.

    python db/prepare.py                      find them in the cache; draw faces if there are none
    python db/prepare.py --folder FOLDER      the pictures in this folder
    python db/prepare.py --download           say where there are photographs, and how to fetch them
    python db/prepare.py --drawn              drawn faces, whatever else there is
    python db/prepare.py --preview FILE.png   also write a grid of pictures, the lower half with its points
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from dark_samples import drawing
from dark_samples.catalogue import SampleError
from dark.vision.datasets import LandmarkFolder
from dark.vision.datasets.drawn.faces import VERSION
from dark.vision.datasets.mnist import cache_folder

SIZE, POINTS = 96, 68
DRAWN = 4_000, 500  # faces to train and to test with
QUICK = 400, 100
TEST_EVERY = 10  # of photographs: one of so many is to test with, unless their folders say which are
FILES = "train-images.npy", "train-points.npy", "test-images.npy", "test-points.npy"
PHOTOGRAPHS = "https://download.pytorch.org/tutorial/faces.zip"


class Found(NamedTuple):
    """How to call the data, the folder they are in, and whether they are drawn."""

    source: str
    folder: Path
    drawn: bool


def find(folder: Path | None = None, *, download=False, drawn=False, quick=False) -> Found:
    """The data: in the named folder, else in the cache, else drawn.

    A named folder that is missing raises FileNotFoundError: nothing takes its place.
    """
    if folder is not None:
        folder = Path(folder).expanduser()
        if not folder.is_dir():
            raise FileNotFoundError(f"there is no folder {folder}")
        return Found(f"photographs from the folder {folder}", folder, False)
    if drawn:
        return Found("drawn faces", drawn_folder(quick), True)
    cache = cache_folder() / "faces"
    if cache.is_dir():
        return Found(f"photographs from the cache ({cache})", cache, False)
    if download:
        raise SampleError(
            f"{PHOTOGRAPHS} can't be checked and so is not fetched: unpack it into {cache}, or into a folder "
            "that you name. Without --download, drawn faces are used"
        )
    return Found("drawn faces (no photographs found)", drawn_folder(quick), True)


def read(found: Found, quick=False) -> list[np.ndarray]:
    """Train images, uint8 (N, 96, 96, 3), train points, float32 (N, 68, 2), test images and test points.

    For a quick run, the first of them.
    """
    arrays = read_drawn(found.folder) if found.drawn else read_photographs(found.folder, quick)
    train, test = QUICK if quick else (None, None)
    return [array[:count] for array, count in zip(arrays, (train, train, test, test), strict=True)]


def read_drawn(folder: Path) -> list[np.ndarray]:
    """The four arrays of drawn faces, checked."""
    arrays = []
    for name in FILES:
        try:
            with open(folder / name, "rb") as file:
                array = np.lib.format.read_array(file)
            expected = (SIZE, SIZE, 3) if "images" in name else (POINTS, 2)
            if array.shape[1:] != expected:
                raise ValueError(f"it holds {array.shape}")
        except (OSError, EOFError, ValueError) as error:
            message = f"{folder / name}: damaged: {error}. Delete {folder} to have it drawn again"
            raise SampleError(message) from error
        arrays.append(array)
    return arrays


def read_photographs(folder: Path, quick: bool) -> list[np.ndarray]:
    """The same four arrays of the photographs in a folder."""
    try:
        faces = LandmarkFolder(folder, POINTS, SIZE)
        parts = split([path.relative_to(folder) for path, _ in faces.samples])
        if not all(parts):
            raise SampleError(f"{folder}: {len(faces)} photographs are too few to train and to test with")
        arrays = []
        for indices, count in zip(parts, QUICK, strict=True):
            items = [faces.arrays(i) for i in (indices[:count] if quick else indices)]
            arrays += [np.stack(array) for array in zip(*items, strict=True)]
    except ValueError as error:
        raise SampleError(str(error)) from error
    return arrays


def split(paths: list[Path]) -> tuple[list[int], list[int]]:
    """Which photographs are to train and which to test with.

    Those in a folder such as `testset` are to test with; where there is none, every tenth, one together with
    its mirror image (300-W's `x.jpg` and `x_mirror.jpg`).
    """
    testing = [any("test" in part.lower() for part in path.parts[:-1]) for path in paths]
    if not any(testing):
        names = [path.parent / path.stem.removesuffix("_mirror") for path in paths]
        number = {name: i for i, name in enumerate(sorted(set(names)))}
        testing = [number[name] % TEST_EVERY == TEST_EVERY - 1 for name in names]
    return [i for i, test in enumerate(testing) if not test], [i for i, test in enumerate(testing) if test]


def drawn_folder(quick: bool) -> Path:
    """The folder of the drawn faces; they are drawn if it is not there."""
    name = cache_folder() / f"drawn-faces-{VERSION}"
    return drawing.drawn_folder(name, "faces", draw, whole=DRAWN, part=QUICK, quick=quick)


def draw(folder: Path, train: int, test: int) -> None:
    """Draw so many faces into a folder."""
    drawing.need_opencv("faces")
    for split, count in (("train", train), ("test", test)):
        images, points = drawn_items(split, count)
        np.save(folder / f"{split}-images.npy", images)
        np.save(folder / f"{split}-points.npy", points)


def drawn_items(split: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The first faces of a split: uint8 (count, 96, 96, 3) and float32 (count, 68, 2)."""
    content = drawing.in_parallel(Path(__file__).with_name("draw.py"), count, split)
    items = np.frombuffer(content, np.uint8).reshape(count, -1)  # each its pixels and its points
    pixels = SIZE * SIZE * 3
    images = items[:, :pixels].reshape(count, SIZE, SIZE, 3)
    return images, items[:, pixels:].copy().view(np.float32).reshape(count, POINTS, 2)


def preview(images: np.ndarray, points: np.ndarray, columns: int = 10, rows: int = 6) -> np.ndarray:
    """The first pictures in a grid, twice as large, the lower half with green points."""
    images = images[: columns * rows].repeat(2, axis=1).repeat(2, axis=2)
    for image, places in zip(images[columns * rows // 2 :], points[columns * rows // 2 :], strict=False):
        for right, down in ((0, 0), (1, 0), (0, 1), (1, 1)):
            x, y = np.clip(2 * places + (right, down), 0, 2 * SIZE - 1).astype(int).T
            image[y, x] = (0, 255, 0)
    missing = columns * rows - len(images)
    images = np.concatenate([images, np.zeros((missing, *images.shape[1:]), np.uint8)])
    grid = images.reshape(rows, columns, 2 * SIZE, 2 * SIZE, 3).transpose(0, 2, 1, 3, 4)
    return grid.reshape(rows * 2 * SIZE, columns * 2 * SIZE, 3)


def prepare(options) -> None:
    """Find or draw the data, and say which they are."""
    found = find(options.folder, download=options.download, drawn=options.drawn)
    train_images, train_points, test_images, _ = read(found)
    print(f"Data: {found.source}")
    print(f"{len(train_images):,} to train and {len(test_images):,} to test with, in {found.folder}")
    if options.preview:
        drawing.write_png(options.preview, preview(train_images, train_points))
        print(f"Preview: {options.preview}")


def main() -> None:
    """The command."""
    drawing.command(
        __doc__.splitlines()[0],
        prepare,
        folder="the pictures in this folder",
        download="say where there are photographs, and how to fetch them",
        drawn="drawn faces, whatever else there is",
        preview="also write a grid, its lower half with points",
    )


if __name__ == "__main__":
    main()
