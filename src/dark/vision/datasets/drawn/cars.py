"""DrawnCars: pictures of cars in streets, and masks that say where a car is seen."""  # dark-6

from collections.abc import Callable

import numpy as np

from ....tensor import wrap
from ...tv_tensors import Image, Mask
from ..vision import VisionDataset
from .people.face import numbers
from .things.streets import STREET, street

VERSION = 1  # of the drawing; what keeps drawn cars in files keeps them under this number


class DrawnCars(VisionDataset):
    """A car in every picture, drawn when it is asked for, and its mask; needs OpenCV.

    An item is a pair: the picture, a uint8 `Image` (3, size, size), and a uint8 `Mask` (size, size), 1 where
    more than half of a pixel shows the car, else 0. What stands before the car hides it. An item depends on
    `seed` and its index alone, not on `length`.
    """

    def __init__(
        self,
        length: int,
        seed: int = 0,
        size: int = 64,
        transforms: Callable | None = None,
        transform: Callable | None = None,
        target_transform: Callable | None = None,
    ):
        super().__init__(None, transforms, transform, target_transform)
        self.length, self.seed, self.size = length, seed, size

    def numbers(self, index: int) -> dict[str, int]:
        """The whole numbers that say what an item looks like."""
        return numbers(np.random.default_rng([self.seed, index]), STREET)

    def arrays(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """An item as arrays: uint8 (size, size, 3) and uint8 (size, size) of 0 and 1."""
        pixels, seen = street(self.numbers(index), self.size)
        return pixels, seen.astype(np.uint8)

    def extra_repr(self) -> str:
        """The seed and the size."""
        return f"Seed: {self.seed}\nSize: {self.size}"

    def __len__(self):
        return self.length

    def __getitem__(self, index: int):
        if not -self.length <= index < self.length:
            raise IndexError(f"DrawnCars: index {index} is out of range for {self.length} cars")
        pixels, seen = self.arrays(index % self.length)
        image, mask = Image(wrap(np.ascontiguousarray(pixels.transpose(2, 0, 1)))), Mask(wrap(seen))
        return (image, mask) if self.transforms is None else self.transforms(image, mask)
