"""DrawnScenes: pictures of people among things, and the boxes of their faces."""  # dark-7

from collections.abc import Callable

import numpy as np

from ....tensor import wrap
from ...tv_tensors import BoundingBoxes, Image
from ..vision import VisionDataset
from .people.gathering import scene, scene_numbers

VERSION = 2  # of the drawing; what keeps drawn scenes in files keeps them under this number
CLASSES = {1: ("face",), 2: ("bareheaded", "covered")}


class DrawnScenes(VisionDataset):
    """One to four people who do not exist, drawn when they are asked for; needs OpenCV.

    An item is a pair: the picture, a uint8 `Image` (3, size, size), and a dict: "boxes", float32
    `BoundingBoxes` (n, 4), and "labels", int64 (n,), the farthest face first. A box goes from a face's
    hairline to its chin and from one side of the face to the other, as far as it is in the picture: left,
    top, right and bottom in pixels from the picture's upper left corner. What hides a part of a face, hair,
    a hat, a hand or somebody else, leaves its box as it is. `classes` are the names of the labels: with
    `classes=2`, somebody is bareheaded or covered by a cap, a beanie or a headscarf. An item depends on
    `seed` and its index alone, not on `length`; pictures and boxes do not depend on `classes`.
    """

    def __init__(
        self,
        length: int,
        seed: int = 0,
        size: int = 128,
        classes: int = 1,
        transforms: Callable | None = None,
        transform: Callable | None = None,
        target_transform: Callable | None = None,
    ):
        super().__init__(None, transforms, transform, target_transform)
        if classes not in CLASSES:
            raise ValueError(f"DrawnScenes: classes is 1 or 2, not {classes!r}")
        self.length, self.seed, self.size, self.classes = length, seed, size, CLASSES[classes]

    def numbers(self, index: int) -> dict:
        """The whole numbers that say what an item looks like."""
        return scene_numbers(np.random.default_rng([self.seed, index]))

    def arrays(self, index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """An item as arrays: uint8 (size, size, 3), float32 (n, 4) and int64 (n,)."""
        pixels, boxes, covered = scene(self.numbers(index), self.size)
        return pixels, boxes, covered * np.int64(len(self.classes) - 1)

    def extra_repr(self) -> str:
        """The seed, the size and the classes."""
        return f"Seed: {self.seed}\nSize: {self.size}\nClasses: {', '.join(self.classes)}"

    def __len__(self):
        return self.length

    def __getitem__(self, index: int):
        if not -self.length <= index < self.length:
            raise IndexError(f"DrawnScenes: index {index} is out of range for {self.length} scenes")
        pixels, boxes, labels = self.arrays(index % self.length)
        image = Image(wrap(np.ascontiguousarray(pixels.transpose(2, 0, 1))))
        size = self.size, self.size
        faces = BoundingBoxes(wrap(boxes), format="XYXY", canvas_size=size)
        target = {"boxes": faces, "labels": wrap(labels)}
        return (image, target) if self.transforms is None else self.transforms(image, target)
