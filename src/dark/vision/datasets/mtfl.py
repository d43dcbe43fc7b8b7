"""MTFL: 12,995 photographs, each of a face with five points."""  # dark-7

from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

import numpy as np

from ...tensor import wrap
from ..tv_tensors import Image, KeyPoints
from .pixels import read_pixels
from .vision import VisionDataset, transformed

LISTS = {"train": "training.txt", "test": "testing.txt"}
ATTRIBUTES = {"gender": 2, "smile": 2, "glasses": 2, "pose": 5}  # counted from 1 up to this
# Of a face, in distances from its eyes to its mouth: the forehead above the eyes, the chin below the mouth,
# the width. And how far eyes and mouth are from the middle of a turned face, in distances of the nose from
# them.
FOREHEAD, CHIN, WIDTH, TURN = 1.05, 0.7, 2.2, 1.0
LARGE = 10**6  # no picture has so many pixels in a row


class Face(NamedTuple):
    """What a line of a list says: a picture, the points in it, float32 (5, 2), and the four attributes."""

    path: Path
    points: np.ndarray
    attributes: tuple[int, ...]


class MTFL(VisionDataset):
    """The Multi-Task Facial Landmark set: 10,000 faces to learn from, 2,995 to test with; needs Pillow.

    (Zhang, Luo, Loy & Tang, Facial Landmark Detection by Deep Multi-task Learning, 2014; for research.)
    `root` is the folder into which MTFL.zip was unpacked, with `training.txt` and `testing.txt`; there is no
    sum to check a download by.

    An item is a pair: the picture, a uint8 `Image` (3, H, W), and a dict:

    - "landmarks", float32 `KeyPoints` (5, 2): the left eye, the right eye, the nose, the left and the right
      corner of the mouth, left and right as they are seen;
    - "bbox", float32 (1, 4): left, top, width and height of the face, which follow from the points;
    - "gender" (1 male, 2 female), "smile" and "glasses" (1 yes, 2 no) and "pose" (1 left profile, 2 left,
      3 frontal, 4 right, 5 right profile), ints as they are in the lists.

    Other people in a picture are not marked. A damaged file raises OSError or ValueError with its name
    and, in a list, the line.
    """

    def __init__(
        self,
        root: str | Path,
        split: str = "train",
        transform: Callable | None = None,
        target_transform: Callable | None = None,
    ):
        super().__init__(root, transform=transform, target_transform=target_transform)
        if split not in LISTS:
            raise ValueError(f"MTFL: split must be 'train' or 'test', got {split!r}")
        self.split = split
        self.samples = read_list(Path(root).expanduser() / LISTS[split])

    def arrays(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """A picture, uint8 (H, W, 3), and the box of its face, float32 (1, 4): left, top, right, bottom."""
        path, points, _ = self.samples[index]
        return read_pixels(path, "RGB", "MTFL"), box_around(points)[None]

    def extra_repr(self) -> str:
        """Which part it is."""
        return f"Split: {self.split}"

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index: int):
        pixels, boxes = self.arrays(index)
        _, points, attributes = self.samples[index]
        boxes[:, 2:] -= boxes[:, :2]
        image = Image(wrap(np.ascontiguousarray(pixels.transpose(2, 0, 1))))
        landmarks = KeyPoints(wrap(points.copy()), canvas_size=pixels.shape[:2])
        target: dict = {"landmarks": landmarks, "bbox": wrap(boxes)}
        target |= zip(ATTRIBUTES, attributes, strict=True)
        return transformed(self, image, target)


def box_around(points: np.ndarray) -> np.ndarray:
    """Left, top, right and bottom, float32 (4,), of the face with these five points: forehead to chin.

    WIDER FACE's boxes hold forehead, cheeks and chin. The line from between the eyes to the middle of the
    mouth is little more than a third as long, and unlike the distance of the eyes it stays so where a head
    turns to a side. So the face is taken for an ellipse along that line, 2.75 times as high and 2.2 times as
    wide, and the box is the upright rectangle around it. Of a turned face, eyes and mouth are not in the
    middle of what is seen; the nose, which is in front of them, shows how far from it they are.
    """
    eyes, nose, mouth = points[:2].mean(0), points[2], points[3:].mean(0)
    length = np.linalg.norm(mouth - eyes)
    down = (mouth - eyes) / length
    right = np.array([down[1], -down[0]])
    aside = (nose - (eyes + mouth) / 2) @ right
    middle = eyes + down * length * (1 + CHIN - FOREHEAD) / 2 - right * aside * TURN
    half = length / 2 * np.hypot((FOREHEAD + 1 + CHIN) * down, WIDTH * right)
    return np.concatenate([middle - half, middle + half]).astype(np.float32)


def read_list(path: Path) -> list[Face]:
    """The faces of a list, one a line: the picture, x of the five points, y of the five, the attributes."""
    if not path.is_file():
        raise FileNotFoundError(f"MTFL: there is no file {path}")
    lines = enumerate(path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1)
    faces = [read_line(f"{path}, line {i}", line.split(), path.parent) for i, line in lines if line.strip()]
    if not faces:
        raise ValueError(f"{path}: it names no picture")
    return faces


def read_line(place: str, parts: list[str], root: Path) -> Face:
    """One face, checked; `place` is the file and the line for messages."""
    if len(parts) != 15:
        raise ValueError(f"{place}: expected a picture and 14 numbers, got {len(parts)} words")
    name, *numbers = parts
    try:
        points = np.array([*map(float, numbers[:10])]).reshape(2, 5).T
        attributes = tuple(map(int, numbers[10:]))
    except ValueError:
        raise ValueError(f"{place}: expected ten coordinates and four whole numbers after {name}") from None
    small = points.astype(np.float32) if (abs(points) < LARGE).all() else None  # not of inf, nor of nan
    if small is None or np.array_equal(small[:2].mean(0), small[3:].mean(0)):
        raise ValueError(f"{place}: these five points are no face: {points.tolist()}")
    for (attribute, most), number in zip(ATTRIBUTES.items(), attributes, strict=True):
        if not 1 <= number <= most:
            raise ValueError(f"{place}: expected 1 to {most} for {attribute}, got {number}")
    path = root.joinpath(*PureWindowsPath(name).parts)  # `lfw_5590\name.jpg`, `AFLW/name.jpg`
    if not path.is_file():
        raise FileNotFoundError(f"{place}: there is no picture {path}")
    return Face(path, small, attributes)
