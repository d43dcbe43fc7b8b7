"""Photographs of WIDER FACE and MTFL: how they are divided and become scenes of 128 by 128 pixels."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from dark_samples.catalogue import SampleError
from dark.vision.datasets import MTFL, WIDERFace
from dark.vision.datasets.pixels import cut_square
from dark.vision.datasets.widerface import COLUMNS, has
from db.parts import SIZE, Part

WIDER_FOLDERS = "WIDER_train", "WIDER_val", "wider_face_split"
MTFL_LISTS = "training.txt", "testing.txt"
EDITION = 1  # of how scenes are cut out; scenes in the cache are kept under this number
EVERY = 10  # of the pictures to learn from, one of so many is to validate with
SMALLEST, MOST = 12, 8  # faces are as wide and as high as this, in pixels, and a scene has no more of them
SHOWN, UNSEEN = 0.5, 0.2  # a face is in a scene if this part of it is, and not if no more than this is
SHRINK = 0.75  # squares are tried in sizes that differ by this factor
TRIED = 5  # of the largest faces, in whose neighbourhood a square is looked for


def kind_of(folder: Path) -> tuple[str, Path] | None:
    """What a folder holds, "WIDER FACE" or "MTFL", and the folder in which it is."""
    for inside in (folder, folder / WIDERFace.base_folder):
        if has(inside, WIDER_FOLDERS):
            return "WIDER FACE", inside
    for inside in (folder, folder / "MTFL"):
        if all((inside / name).is_file() for name in MTFL_LISTS):
            return "MTFL", inside
    return None


def split(kind: str, folder: Path) -> list[list[tuple]]:
    """What is to train, to validate and to test with: pairs of a data set and a number in it.

    WIDER FACE's `val` is to test with, since its `test` has no boxes; MTFL has a list. Of the rest, one
    picture of ten is to validate with.
    """
    data, parts = (WIDERFace, ("train", "val")) if kind == "WIDER FACE" else (MTFL, ("train", "test"))
    learn, test = (data(folder, part) for part in parts)
    names, test_names = ([picture_name(sample[0]) for sample in part.samples] for part in (learn, test))
    if both := set(names) & set(test_names):
        raise SampleError(f"{folder}: {min(both)} is among the pictures to learn from and those to test with")
    number = {name: i for i, name in enumerate(dict.fromkeys(names))}
    validating = [number[name] % EVERY == EVERY - 1 for name in names]
    return [
        [(learn, i) for i, chosen in enumerate(validating) if not chosen],
        [(learn, i) for i, chosen in enumerate(validating) if chosen],
        [(test, i) for i in range(len(test))],
    ]


def picture_name(path: Path) -> str:
    """The name of a picture and of the folder it is in."""
    return f"{path.parent.name}/{path.name}"


def scenes(items: list[tuple]) -> Part:
    """A scene of every photograph that allows one, all faces with label 0."""
    with ThreadPoolExecutor() as pool:
        found = [scene for scene in pool.map(lambda item: scene_of(*faces_in(*item)), items) if scene]
    if not found:
        what = f"1 to {MOST} faces of {SMALLEST} pixels or more, shrunk to {SIZE} by {SIZE}"
        raise SampleError(f"{items[0][0].root}: none of {len(items)} photographs has a part with {what}")
    images, boxes = zip(*found, strict=True)
    return Part(np.stack(images), list(boxes), [np.zeros(len(faces), np.int64) for faces in boxes])


def faces_in(data, index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A photograph, uint8 (H, W, 3), the boxes of its faces, float32 (n, 4), and which of them are clear."""
    pixels, boxes = data.arrays(index)
    if isinstance(data, MTFL):
        return pixels, boxes, np.ones(len(boxes), bool)
    rows = boxes[(boxes[:, 2:4] > 0).all(1)]  # a box without width or height marks nothing
    corners = np.concatenate([rows[:, :2], rows[:, :2] + rows[:, 2:4]], axis=1)
    return pixels, corners.astype(np.float32), rows[:, COLUMNS.index("invalid")] == 0


def scene_of(pixels: np.ndarray, boxes: np.ndarray, clear: np.ndarray) -> tuple | None:
    """The largest part of a photograph that makes a scene: uint8 (128, 128, 3) and float32 (n, 4).

    A square shows the faces of which half is in it. It makes a scene if these are 1 to 8, none of them is too
    small or unclear, and of no other more than a fifth is in it: what is left out of the boxes must not be a
    face that the network could find.
    """
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    for corner, side in squares(pixels.shape, boxes):
        placed = np.clip((boxes - np.tile(corner, 2)) * (SIZE / side), 0, SIZE)  # cut off at the edge
        sizes = placed[:, 2:] - placed[:, :2]
        share = sizes.prod(1) * (side / SIZE) ** 2 / areas
        shown = share >= SHOWN
        good = clear & (sizes >= SMALLEST).all(1)
        if 1 <= shown.sum() <= MOST and good[shown].all() and (share[~shown] <= UNSEEN).all():
            return cut_square(pixels, corner, side, SIZE), placed[shown].astype(np.float32)
    return None


def squares(shape: tuple[int, ...], boxes: np.ndarray) -> Iterator[tuple[np.ndarray, float]]:
    """Squares to try, each its upper left corner and its side: the whole picture, then ever smaller parts.

    The parts have the largest faces in their middle, as far as the picture allows it. None is smaller than a
    scene, so none is enlarged.
    """
    extent = np.array(shape[1::-1])
    side = float(extent.max())
    yield (extent - side) / 2, side
    sizes = boxes[:, 2:] - boxes[:, :2]
    largest = boxes[np.argsort(-sizes.prod(1), kind="stable")][:TRIED]
    while (side := side * SHRINK) >= SIZE:
        for box in largest:
            if (box[2:] - box[:2]).max() < side:
                room = extent - side
                wanted = (box[:2] + box[2:] - side) / 2
                yield np.where(room > 0, np.clip(wanted, 0, np.maximum(room, 0)), room / 2), side
