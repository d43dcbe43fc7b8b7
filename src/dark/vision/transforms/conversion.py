"""Transforms between Pillow's images, NumPy's arrays and tensors, and between types of pixels."""

from __future__ import annotations

from collections.abc import Callable  # beyond
from typing import Any

import numpy as np

from ...dtypes import as_dtype
from ..pillow import is_pil_image
from ..tv_tensors import Image, TVTensor
from . import functional as F
from .transform import Transform


class ToTensor(Transform):
    """Pillow images and arrays, uint8 (H, W) or (H, W, C), as floating-point tensors (C, H, W), 0…1.

    An image that is a uint8 tensor (..., C, H, W) already is scaled to 0…1 too.
    """

    images_only = True

    def accepts(self, x) -> bool:
        """Images that are no tensors yet."""
        return isinstance(x, np.ndarray) or is_pil_image(x)

    def transform(self, inpt, params: dict[str, Any]):
        """One image as a tensor."""
        return F.to_tensor(inpt)


class ToImage(Transform):
    """Pillow images, arrays (H, W) or (H, W, C) and plain tensors as `tv_tensors.Image`."""

    images_only = True

    def accepts(self, x) -> bool:
        """Images that are no tensors yet."""
        return isinstance(x, np.ndarray) or is_pil_image(x)

    def transform(self, inpt, params: dict[str, Any]):
        """One image as an Image."""
        return F.to_image(inpt)


class ToPILImage(Transform):
    """Tensors (C, H, W) and arrays (H, W) or (H, W, C) as Pillow images; 0…1 becomes 0…255."""

    images_only = True

    def __init__(self, mode: str | None = None):
        self.mode = mode

    def accepts(self, x) -> bool:
        """Arrays too."""
        return isinstance(x, np.ndarray)

    def transform(self, inpt, params: dict[str, Any]):
        """One image for Pillow."""
        return F.to_pil_image(inpt, self.mode)


class ToDtype(Transform):
    """The image in another type; `scale` maps 0…255 of uint8 to 0…1 of floating-point and back.

    `dtype` may be a dict such as {Image: float32, Mask: int64, "others": None}; None changes nothing.
    """

    def __init__(self, dtype, scale: bool = False):
        if not isinstance(dtype, dict):
            as_dtype(dtype)  # raises where it names no type
        self.dtype = dtype
        self.scale = scale

    def transform(self, inpt, params: dict[str, Any]):
        """One part in its type."""
        dtype = self.dtype
        if isinstance(dtype, dict):
            if type(inpt) not in dtype and "others" not in dtype:
                raise ValueError(
                    f'ToDtype: dtype has no entry for {type(inpt).__name__}; "others": None lets it pass'
                )
            dtype = dtype[type(inpt)] if type(inpt) in dtype else dtype["others"]
        elif isinstance(inpt, TVTensor) and not isinstance(inpt, Image):
            dtype = None
        return inpt if dtype is None else F.to_dtype(inpt, dtype, self.scale)


class Lambda(Transform):  # beyond
    """Any function of every part of the sample that is of one of `types`, or of all parts."""

    def __init__(self, lambd: Callable, *types: type):
        if not callable(lambd):
            raise TypeError(f"Lambda: expected a function, got {type(lambd).__name__}")
        self.lambd = lambd
        self.types = types or (object,)

    def selected(self, flat: list) -> list[bool]:
        """Those of the right type."""
        return [isinstance(x, self.types) for x in flat]

    def transform(self, inpt, params: dict[str, Any]):
        """What the function makes of one part."""
        return self.lambd(inpt)

    def extra_repr(self) -> str:
        """The function's name and the types."""
        name = getattr(self.lambd, "__name__", repr(self.lambd))
        return f"{name}, types={[t.__name__ for t in self.types]}"
