"""DrawnCIFAR10: small pictures of CIFAR-10's classes, drawn."""

from collections.abc import Callable

import numpy as np

from ....tensor import wrap
from ..cifar import CIFAR10
from ..vision import VisionDataset, transformed
from .people.face import numbers
from .things.scenes import NUMBERS, scene

VERSION = 1  # of the drawing; what keeps drawn pictures in files keeps them under this number


class DrawnCIFAR10(VisionDataset):
    """Pictures of the first `classes` classes of CIFAR-10, drawn when they are asked for; needs OpenCV.

    An item is a pair: the picture, a uint8 tensor (3, size, size), and its class, an int. It depends on
    `seed`, `classes` and its index alone, not on `length`. Every `classes` items hold each class once.
    """

    def __init__(
        self,
        length: int,
        seed: int = 0,
        size: int = 32,
        classes: int = 2,
        transform: Callable | None = None,
        target_transform: Callable | None = None,
    ):
        super().__init__(None, None, transform, target_transform)
        if not 1 <= classes <= len(NUMBERS):
            raise ValueError(f"DrawnCIFAR10: classes must be 1 to {len(NUMBERS)}, got {classes}")
        self.length, self.seed, self.size = length, seed, size
        self.classes = CIFAR10.classes[:classes]

    def label(self, index: int) -> int:
        """The class of an item: those in a row take turns, in an order of their own."""
        turn, place = divmod(index, len(self.classes))
        order = np.random.default_rng([self.seed, turn, 1]).permutation(len(self.classes))
        return int(order[place])

    def numbers(self, index: int) -> dict[str, int]:
        """The whole numbers that say what an item looks like."""
        return numbers(np.random.default_rng([self.seed, index]), NUMBERS[self.classes[self.label(index)]])

    def array(self, index: int) -> np.ndarray:
        """The picture of an item: uint8 (size, size, 3)."""
        return scene(self.classes[self.label(index)], self.numbers(index), self.size)

    def extra_repr(self) -> str:
        """The seed, the size and the classes."""
        return f"Seed: {self.seed}\nSize: {self.size}\nClasses: {', '.join(self.classes)}"

    def __len__(self):
        return self.length

    def __getitem__(self, index: int):
        if not -self.length <= index < self.length:
            raise IndexError(f"DrawnCIFAR10: index {index} is out of range for {self.length} pictures")
        index %= self.length
        image = wrap(np.ascontiguousarray(self.array(index).transpose(2, 0, 1)))
        return transformed(self, image, self.label(index))
