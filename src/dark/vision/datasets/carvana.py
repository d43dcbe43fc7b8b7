"""Carvana: photographs of cars, sixteen of each, with masks."""  # dark-6

from collections.abc import Callable
from pathlib import Path

import numpy as np

from ...tensor import wrap
from ..tv_tensors import Image, Mask
from .pixels import read_pair
from .vision import VisionDataset


class Carvana(VisionDataset):
    """The cars of Kaggle's Carvana Image Masking Challenge, as its archives unpack; needs Pillow.

    The picture `train/NAME_01.jpg` has its mask in `train_masks/NAME_01_mask.gif`, white where the car is.
    NAME is a car, 01 to 16 are the directions it is seen from. A picture without a mask, or the reverse,
    raises FileNotFoundError, a damaged file OSError or ValueError, each with the file's name.

    An item is a pair: a uint8 `Image` (3, H, W) and a uint8 `Mask` (H, W) of 0 and 1. `cars` says for each
    item which car it shows: one that is learnt from is none to test with, from whichever side it is seen.
    """

    def __init__(
        self,
        root: str | Path,
        transforms: Callable | None = None,
        transform: Callable | None = None,
        target_transform: Callable | None = None,
    ):
        super().__init__(root, transforms, transform, target_transform)
        self.samples = find(Path(root).expanduser())
        self.cars = [path.stem.rpartition("_")[0] for path, _ in self.samples]

    def arrays(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """An item as arrays: uint8 (H, W, 3) and uint8 (H, W) of 0 and 1."""
        image, mask = read_pair(*self.samples[index], "Carvana")
        return image, (mask > 127).astype(np.uint8)

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index: int):
        pixels, seen = self.arrays(index)
        image, mask = Image(wrap(np.ascontiguousarray(pixels.transpose(2, 0, 1)))), Mask(wrap(seen))
        return (image, mask) if self.transforms is None else self.transforms(image, mask)


def find(root: Path) -> list[tuple[Path, Path]]:
    """The files of every picture and its mask, in the order of their names."""
    folders = root / "train", root / "train_masks"
    for folder in folders:
        if not folder.is_dir():
            raise FileNotFoundError(f"Carvana: there is no folder {folder}")
    pictures, masks = (
        {path.name.removesuffix(end): path for path in folder.glob(f"*{end}") if path.name[0] != "."}
        for folder, end in zip(folders, (".jpg", "_mask.gif"))
    )
    if not pictures:
        raise FileNotFoundError(f"Carvana: {folders[0]} has no pictures NAME_01.jpg")
    if alone := sorted(pictures.keys() - masks.keys()):
        missing = folders[1] / f"{alone[0]}_mask.gif"
        raise FileNotFoundError(f"{pictures[alone[0]]}: there is no mask {missing}")
    if alone := sorted(masks.keys() - pictures.keys()):
        missing = folders[0] / f"{alone[0]}.jpg"
        raise FileNotFoundError(f"{masks[alone[0]]}: there is no picture {missing}")
    for name, path in pictures.items():
        car, line, view = name.rpartition("_")
        if not (car and line and view.isdecimal()):
            raise ValueError(f"{path}: expected the name of a car, _ and a number, such as NAME_01.jpg")
    return [(pictures[name], masks[name]) for name in sorted(pictures)]
