"""The pixels of a picture's file, whatever its format, and of a square of it."""  # dark-5

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


def cut_square(pixels: np.ndarray, corner: np.ndarray, side: float, size: int) -> np.ndarray:
    """A square of a picture (H, W, 3), resized: (size, size, 3); `corner` is its upper left one, (x, y).

    Where it reaches beyond the picture, the pixels of the edge are repeated.
    """
    before = np.maximum(np.ceil(-corner), 0).astype(int)
    after = np.maximum(np.ceil(corner + side - pixels.shape[1::-1]), 0).astype(int)
    pixels = np.pad(pixels, ((before[1], after[1]), (before[0], after[0]), (0, 0)), mode="edge")
    PIL = pillow("cutting a picture")
    box = (*(corner + before), *np.minimum(corner + before + side, pixels.shape[1::-1]))
    return np.array(PIL.fromarray(pixels).resize((size, size), PIL.Resampling.BILINEAR, box=box))


def read_pair(path: Path, mask_path: Path, name: str) -> tuple[np.ndarray, np.ndarray]:  # dark-6
    """A picture, uint8 (H, W, 3), and what another file says of each of its pixels, uint8 (H, W)."""
    image, mask = read_pixels(path, "RGB", name), read_pixels(mask_path, "L", name)
    if image.shape[:2] != mask.shape:
        raise ValueError(f"{mask_path}: it is {mask.shape}, and its picture {path.name} {image.shape[:2]}")
    return image, mask
