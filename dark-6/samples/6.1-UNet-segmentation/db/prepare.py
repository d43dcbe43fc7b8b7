"""Finds pictures with masks, or downloads them, or draws cars in their place, and says which.

    python db/prepare.py                      find them in the cache; draw cars if there are none
    python db/prepare.py --folder FOLDER      the pictures in this folder: Carvana's cars or Oxford's pets
    python db/prepare.py --download           download Oxford's pets if nothing is in the cache (811 MB)
    python db/prepare.py --drawn              drawn cars, whatever else there is
    python db/prepare.py --preview FILE.png   also write a grid: pictures, and below them what is masked
"""

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dark_samples import drawing
from dark_samples.catalogue import SampleError
from dark.vision.datasets import Carvana, OxfordIIITPet
from dark.vision.datasets.drawn.cars import VERSION
from dark.vision.datasets.mnist import cache_folder
from dark.vision.datasets.oxford_iiit_pet import BACKGROUND, is_complete

SIZE = 64
PARTS = "train", "validation", "test"
DRAWN = 5_000, 500, 500  # cars to train, to validate and to test with
QUICK = 400, 100, 100
EVERY = 10  # of ten cars that were photographed, one is to test with, and one to validate with
FILES = tuple(f"{part}-{what}.npy" for part in PARTS for what in ("images", "masks"))


class Found(NamedTuple):
    """How to call the data, the folder they are in, and what they are: "cars", "pets" or "drawn"."""

    source: str
    folder: Path
    kind: str


def find(folder: Path | None = None, *, download=False, drawn=False, quick=False) -> Found:
    """The data: in the named folder, else from the cache, the net if allowed, or drawn.

    A named folder that is missing or holds something else raises FileNotFoundError: nothing takes its place.
    """
    if folder is not None:
        folder = Path(folder).expanduser()
        if not folder.is_dir():
            raise FileNotFoundError(f"there is no folder {folder}")
        if found := photographs(folder, f"the folder {folder}"):
            return found
        raise FileNotFoundError(
            f"{folder} has neither Carvana's folders train and train_masks, "
            "nor the folders images and annotations of Oxford's pets"
        )
    if drawn:
        return Found("drawn cars", drawn_folder(quick), "drawn")
    for cache in (cache_folder() / "carvana", cache_folder() / "OxfordIIITPet"):
        if found := photographs(cache, f"the cache ({cache})"):
            return found
    if download:
        return Found("Oxford's pets, downloaded", downloaded(), "pets")
    return Found("drawn cars (no photographs found)", drawn_folder(quick), "drawn")


def photographs(folder: Path, place: str) -> Found | None:
    """What a folder holds, if it is Carvana's cars or Oxford's pets."""
    if (folder / "train_masks").is_dir():
        return Found(f"Carvana's cars from {place}", folder, "cars")
    for inside in (folder, folder / OxfordIIITPet.base_folder):
        if is_complete(inside):
            return Found(f"Oxford's pets from {place}", inside, "pets")
    return None


def downloaded() -> Path:
    """Fetch the pets into the cache; their folder."""
    print("Downloading Oxford's pets (811 MB) ...", flush=True)
    try:
        return OxfordIIITPet(None, download=True).folder
    except (RuntimeError, ValueError) as error:
        raise SampleError(f"{error}. Without the download, drawn cars are used") from error


def read(found: Found, quick=False) -> list[np.ndarray]:
    """Images, uint8 (N, 64, 64, 3), and masks, uint8 (N, 64, 64), to train, to validate and to test with.

    For a quick run, some of them.
    """
    if found.kind == "drawn":
        counts = np.repeat(QUICK, 2).tolist() if quick else [None] * len(FILES)
        return [array[:count] for array, count in zip(read_files(found.folder), counts, strict=True)]
    try:
        return read_photographs(found, quick)
    except ValueError as error:
        raise SampleError(str(error)) from error


def read_files(folder: Path) -> list[np.ndarray]:
    """The six arrays in a folder of the cache, checked."""
    arrays = []
    for name in FILES:
        try:
            with open(folder / name, "rb") as file:
                array = np.lib.format.read_array(file)
            expected = (SIZE, SIZE, 3) if "images" in name else (SIZE, SIZE)
            if array.shape[1:] != expected or array.dtype != np.uint8:
                raise ValueError(f"it holds {array.dtype} {array.shape}")
        except (OSError, EOFError, ValueError) as error:
            message = f"{folder / name}: damaged: {error}. Delete {folder} to have it made again"
            raise SampleError(message) from error
        arrays.append(array)
    return arrays


def write_files(folder: Path, parts: Iterable[tuple[np.ndarray, np.ndarray]]) -> None:
    """The images and the masks of all parts, into a folder."""
    for part, (images, masks) in zip(PARTS, parts, strict=True):
        np.save(folder / f"{part}-images.npy", images)
        np.save(folder / f"{part}-masks.npy", masks)


# Photographs


def read_photographs(found: Found, quick: bool) -> list[np.ndarray]:
    """The six arrays of photographs. The whole of them is kept in the cache when it has been shrunk."""
    parts = split(found)
    if not all(parts):
        raise SampleError(f"{found.folder}: {sum(map(len, parts))} photographs are too few for three parts")
    if quick:
        parts = [some(part, count) for part, count in zip(parts, QUICK, strict=True)]
        return [array for part in parts for array in shrunk(part)]
    files = [(str(path), path.stat()) for path in sorted(found.folder.rglob("*"))]
    known = repr([(name, file.st_size, file.st_mtime_ns) for name, file in files]).encode()
    folder = cache_folder() / f"small-{found.kind}-{SIZE}-{hashlib.sha256(known).hexdigest()[:12]}"
    if not folder.is_dir():
        print(f"Shrinking {sum(map(len, parts)):,} photographs into {folder} ...", flush=True)
        drawing.write_folder(folder, lambda unfinished: write_files(unfinished, map(shrunk, parts)))
    return read_files(folder)


def some(items: list, count: int) -> list:
    """At most so many items, from the first to the last: neighbours show one car, or pets of one breed."""
    return items[:: max(1, len(items) // count)][:count]


def split(found: Found) -> list[list[tuple]]:
    """What is to train, to validate and to test with: pairs of a data set and a number in it.

    Of Carvana's cars, one of ten is to test with and one to validate with, each in all its pictures. The pets
    have a list to test with; of the other one, one picture of ten is to validate with.
    """
    if found.kind == "cars":
        cars = Carvana(found.folder)
        number = {car: i for i, car in enumerate(sorted(set(cars.cars)))}
        turns = [number[car] % EVERY for car in cars.cars]
        kinds = range(EVERY - 2), [EVERY - 2], [EVERY - 1]
        return [[(cars, i) for i, turn in enumerate(turns) if turn in kind] for kind in kinds]
    learn, test = (OxfordIIITPet(found.folder, part, "segmentation") for part in ("trainval", "test"))
    if both := {line.name for line in learn.lines} & {line.name for line in test.lines}:
        raise SampleError(f"{found.folder}: {min(both)} is in trainval.txt and in test.txt")
    validating = range(EVERY - 1, len(learn), EVERY)
    train = [(learn, i) for i in range(len(learn)) if i not in validating]
    return [train, [(learn, i) for i in validating], [(test, i) for i in range(len(test))]]


def shrunk(items: list[tuple]) -> tuple[np.ndarray, np.ndarray]:
    """Photographs as the sample has them: uint8 (N, 64, 64, 3) and their masks, uint8 (N, 64, 64)."""
    with ThreadPoolExecutor() as pool:
        pairs = list(pool.map(lambda item: squared(*arrays(*item)), items))
    images, masks = zip(*pairs, strict=True)
    return np.stack(images), np.stack(masks)


def arrays(data, index: int) -> tuple[np.ndarray, np.ndarray]:
    """A photograph, uint8 (H, W, 3), and where its car or its pet is, with its border: bool (H, W)."""
    image, mask = data.arrays(index)
    return image, mask != (BACKGROUND if isinstance(data, OxfordIIITPet) else 0)


def squared(image: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The whole picture and its mask in a square, shrunk by area: uint8 (64, 64, 3) and (64, 64).

    Two bars, above and below or on both sides, repeat the picture's edge, and the mask is 0 there.
    """
    from PIL import Image

    scale = SIZE / max(mask.shape)
    height, width = (max(1, round(scale * side)) for side in mask.shape)
    small = Image.fromarray(image).resize((width, height), Image.Resampling.BOX)
    share = Image.fromarray(mask.astype(np.float32)).resize((width, height), Image.Resampling.BOX)
    bars = [((SIZE - side) // 2, (SIZE - side + 1) // 2) for side in (height, width)]
    return np.pad(small, (*bars, (0, 0)), mode="edge"), np.pad(np.asarray(share) > 0.5, bars).astype(np.uint8)


# Drawn cars


def drawn_folder(quick: bool) -> Path:
    """The folder of the drawn cars; they are drawn if it is not there."""
    name = cache_folder() / f"drawn-cars-{VERSION}"
    return drawing.drawn_folder(name, "cars", draw, whole=DRAWN, part=QUICK, quick=quick)


def draw(folder: Path, *counts: int) -> None:
    """Draw so many cars of every part into a folder."""
    drawing.need_opencv("cars")
    write_files(folder, map(drawn_items, PARTS, counts))


def drawn_items(part: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The first cars of a part: uint8 (count, 64, 64, 3) and uint8 (count, 64, 64)."""
    content = drawing.in_parallel(Path(__file__).with_name("draw.py"), count, part)
    items = np.frombuffer(content, np.uint8).reshape(count, -1)  # each its pixels and its mask
    images, masks = np.split(items, [SIZE * SIZE * 3], axis=1)
    return images.reshape(count, SIZE, SIZE, 3), masks.reshape(count, SIZE, SIZE)


# The program


def preview(images: np.ndarray, masks: np.ndarray, columns: int = 12, rows: int = 4) -> np.ndarray:
    """The first pictures in a grid, and below each row the same with all but what is masked darkened."""
    images, masks = images[: columns * rows], masks[: columns * rows, ..., None]
    tiles = np.stack([images, np.where(masks == 1, images, images // 4)], axis=1)  # (N, 2, 64, 64, 3)
    missing = columns * rows - len(images)
    tiles = np.concatenate([tiles, np.zeros((missing, *tiles.shape[1:]), np.uint8)])
    grid = tiles.reshape(rows, columns, 2, SIZE, SIZE, 3).transpose(0, 2, 3, 1, 4, 5)
    return grid.reshape(rows * 2 * SIZE, columns * SIZE, 3)


def prepare(options) -> None:
    """Find or draw the data, and say which they are."""
    found = find(options.folder, download=options.download, drawn=options.drawn)
    train_images, train_masks, validation_images, _, test_images, _ = read(found)
    print(f"Data: {found.source}")
    counts = f"{len(train_images):,} to train, {len(validation_images):,} to validate"
    print(f"{counts} and {len(test_images):,} to test with, in {found.folder}")
    if options.preview:
        drawing.write_png(options.preview, preview(train_images, train_masks), times=2)
        print(f"Preview: {options.preview}")


def main() -> None:
    """The command."""
    drawing.command(
        __doc__.splitlines()[0],
        prepare,
        folder="the pictures in this folder: Carvana's cars or Oxford's pets",
        download="download Oxford's pets if nothing is in the cache (811 MB)",
        drawn="drawn cars, whatever else there is",
        preview="also write a grid: pictures, and below them what is masked",
    )


if __name__ == "__main__":
    main()
