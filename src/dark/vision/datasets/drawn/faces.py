"""DrawnFaces: portraits of people who do not exist, with the 68 points of their faces."""

from collections.abc import Callable

import numpy as np

from ....tensor import wrap
from ...tv_tensors import Image, KeyPoints
from ..vision import VisionDataset
from .people.face import numbers
from .people.portrait import PORTRAIT, portrait

VERSION = 1  # of the drawing; what keeps drawn faces in files keeps them under this number


class DrawnFaces(VisionDataset):
    """Portraits that are drawn when they are asked for; needs OpenCV.

    An item is a pair: the picture, a uint8 `Image` (3, size, size), and the points, float32 `KeyPoints`
    (68, 2) in iBUG's order: jaw 0–16, brows 17–26, nose 27–35, eyes 36–47, mouth 48–67, everything from the
    left of the picture to its right. It depends on `seed` and its index alone, not on `length`.
    """

    def __init__(
        self,
        length: int,
        seed: int = 0,
        size: int = 96,
        transforms: Callable | None = None,
        transform: Callable | None = None,
        target_transform: Callable | None = None,
    ):
        super().__init__(None, transforms, transform, target_transform)
        self.length, self.seed, self.size = length, seed, size

    def numbers(self, index: int) -> dict[str, int]:
        """The whole numbers that say what an item looks like."""
        return numbers(np.random.default_rng([self.seed, index]), PORTRAIT)

    def arrays(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """An item as arrays: uint8 (size, size, 3) and float32 (68, 2)."""
        return portrait(self.numbers(index), self.size)

    def extra_repr(self) -> str:
        """The seed and the size."""
        return f"Seed: {self.seed}\nSize: {self.size}"

    def __len__(self):
        return self.length

    def __getitem__(self, index: int):
        if not -self.length <= index < self.length:
            raise IndexError(f"DrawnFaces: index {index} is out of range for {self.length} faces")
        pixels, points = self.arrays(index % self.length)
        image = Image(wrap(np.ascontiguousarray(pixels.transpose(2, 0, 1))))
        target = KeyPoints(wrap(points), canvas_size=(self.size, self.size))
        return (image, target) if self.transforms is None else self.transforms(image, target)
