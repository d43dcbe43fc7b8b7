"""Reads the pixels of a picture's file, whatever its format."""  # dark-6

from pathlib import Path

import numpy as np

from ..pillow import pillow


def read_pixels(path: Path, mode: str, name: str) -> np.ndarray:
    """The pixels, for what is called `name`: uint8 (H, W, 3) in Pillow's mode "RGB", (H, W) in "L"."""
    PIL = pillow(name)
    try:
        with PIL.open(path) as image:
            return np.array(image.convert(mode))
    except FileNotFoundError:
        raise
    except Exception as error:  # Pillow's formats raise whatever comes to them
        raise OSError(f"{path}: not a picture, or damaged: {error}") from error


def read_pair(path: Path, mask_path: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    """A picture, uint8 (H, W, 3), and what another file says of each of its pixels, uint8 (H, W)."""
    image, mask = read_pixels(path, "RGB", name), read_pixels(mask_path, "L", name)
    if image.shape[:2] != mask.shape:
        raise ValueError(f"{mask_path}: it is {mask.shape}, and its picture {path.name} {image.shape[:2]}")
    return image, mask
