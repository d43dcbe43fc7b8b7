"""A tensor's pixels as an image that Pillow draws into, and back."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ...tensor import Tensor
from ..pillow import pillow
from ..transforms import functional as F

FAR = 100_000  # pixels: what is further away is drawn from here, for Pillow goes through every line


class Canvas:
    """An image in Pillow's form, with a pen that draws into it."""

    def __init__(self, name: str, image: Tensor):
        self.name = name
        self.like = image
        pixels = F.to_dtype(image.detach().cpu(), np.uint8, scale=True).array
        colored = np.broadcast_to(pixels, (3, *pixels.shape[1:]))  # (3, H, W), of gray images too
        self.picture = pillow(name).fromarray(np.ascontiguousarray(colored.transpose(1, 2, 0)))

    def pen(self, mode: str = "RGB") -> Any:
        """What draws into the picture; in the mode "RGBA" colors may be transparent."""
        from PIL import ImageDraw

        return ImageDraw.Draw(self.picture, mode)

    def font(self, file: str | None, size: int | None) -> Any:
        """Pillow's own font, or a file's."""
        from PIL import ImageFont

        if file is None:
            if size is not None:
                warnings.warn(f"{self.name}: font_size has no effect without font", stacklevel=3)
            return ImageFont.load_default()
        try:
            return ImageFont.truetype(file, size or 10)
        except OSError as error:
            raise OSError(f"{self.name}: there is no font {file!r} ({error})") from error

    def tensor(self) -> Tensor:
        """The picture as a tensor (3, H, W) of the type that the image had, on its device."""
        return F.to_dtype(F.pil_to_tensor(self.picture), self.like.dtype, scale=True).to(self.like.device)


def check_image(name: str, image, channels: tuple[int, ...]) -> None:
    """Raise unless this is one image with so many channels, of a type that pixels have."""
    wanted = " or ".join(f"({n}, H, W)" for n in channels)
    if not isinstance(image, Tensor):
        raise TypeError(f"{name}: expected a tensor {wanted}, got {type(image).__name__}")
    if image.ndim != 3 or image.shape[0] not in channels:
        raise ValueError(f"{name}: expected one image {wanted}, got {tuple(image.shape)}")
    if not (image.dtype.is_floating_point or image.array.dtype == np.uint8):
        raise ValueError(f"{name}: expected an image of uint8 or a floating-point type, got {image.dtype}")


def whole_numbers(name: str, what: str, coordinates: Tensor) -> list:
    """Coordinates without their fractions, in nested lists; those far off come nearer."""
    numbers = coordinates.numpy(force=True)
    if np.isnan(numbers).any():
        raise ValueError(f"{name}: {what} {numbers.shape} have coordinates that are NaN")
    return np.trunc(np.clip(numbers, -FAR, FAR)).astype(np.int64).tolist()
