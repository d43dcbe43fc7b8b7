"""What the functions are given: checks, and the way from a tensor to its array and back."""

from __future__ import annotations

import numpy as np

from ....tensor import Tensor
from ....tensor import wrap as plain
from ... import tv_tensors
from ...pillow import is_pil_image
from ...tv_tensors import BoundingBoxes, KeyPoints, Mask, TVTensor


def pixels(name: str, inpt) -> np.ndarray:
    """The array of an image (..., C, H, W) or a mask (..., H, W)."""
    if not isinstance(inpt, Tensor) or isinstance(inpt, (BoundingBoxes, KeyPoints)):
        what = "Pillow image" if is_pil_image(inpt) else type(inpt).__name__
        foreign = is_pil_image(inpt) or isinstance(inpt, np.ndarray)
        fix = "; ToImage() or ToTensor() makes a tensor of it" if foreign else ""
        raise TypeError(f"{name}: expected an image, a tensor (..., C, H, W), got {what}{fix}")
    check_no_gradient(name, inpt)
    check_in_main_memory(name, inpt)
    if inpt.ndim < (2 if isinstance(inpt, Mask) else 3):
        fix = "; image.unsqueeze(0) gives it a dimension for its channel" if inpt.ndim == 2 else ""
        raise ValueError(
            f"{name}: expected an image (..., C, H, W), got {inpt.dtype} of shape {tuple(inpt.shape)}{fix}"
        )
    return inpt.array


def check_in_main_memory(name: str, inpt: Tensor) -> None:
    """Raise where a picture is on a card: what transforms it is the CPU."""
    if inpt.device.type != "cpu":
        raise RuntimeError(f"{name}: it works on the CPU, and the image is on {inpt.device}; use image.cpu()")


def check_no_gradient(name: str, inpt: Tensor) -> None:
    """Raise where a gradient would be lost."""
    if inpt.requires_grad:
        raise RuntimeError(f"{name}: gradients don't flow through it; pass a detached tensor, x.detach()")


def colors(name: str, inpt, channels: tuple[int, ...] | None = (1, 3)) -> np.ndarray:
    """The array of an image, uint8 or floating-point, with so many channels, or (None) any number of them."""
    if isinstance(inpt, Mask):
        raise TypeError(f"{name}: expected an image, got Mask")
    array = pixels(name, inpt)
    if array.dtype != np.uint8 and array.dtype.kind != "f":
        raise TypeError(f"{name}: expected uint8 or a floating-point type, got {inpt.dtype}")
    if channels is not None and array.shape[-3] not in channels:
        allowed = " or ".join(str(n) for n in channels)
        raise ValueError(f"{name}: expected {allowed} channels, got {array.shape[-3]} (image {array.shape})")
    return array


def like(array: np.ndarray, inpt: Tensor) -> Tensor:
    """A tensor of what `inpt` is."""
    result = plain(np.ascontiguousarray(array))
    return tv_tensors.wrap(result, like=inpt) if isinstance(inpt, TVTensor) else result


def size_of(name: str, inpt) -> tuple[int, int]:
    """Height and width of an image or a mask, or of the image that boxes or points belong to."""
    if isinstance(inpt, (BoundingBoxes, KeyPoints)):
        return inpt.canvas_size
    return pixels(name, inpt).shape[-2:]


def numbers(name: str, what: str, value, lengths: tuple[int, ...]) -> list:
    """A number or several as a list of one of these lengths; a lone one stands for all where 1 is allowed."""
    values = list(value) if isinstance(value, (tuple, list)) else [value]
    if len(values) not in lengths or not all(isinstance(v, (int, float, np.number)) for v in values):
        wanted = " or ".join(str(n) for n in lengths)
        raise ValueError(f"{name}: {what} is {wanted} number{'s' * (lengths != (1,))}, not {value!r}")
    return values


def height_width(name: str, what: str, value) -> tuple[int, int]:
    """A size given as (height, width), or as one number for both."""
    values = numbers(name, what, value, (1, 2))
    if not all(v == int(v) and v > 0 for v in values):
        raise ValueError(f"{name}: {what} is one or two positive whole numbers, not {value!r}")
    return int(values[0]), int(values[-1])


def check_fill(name: str, fill, inpt: Tensor):
    """What is outside of the image: a number, or an array (C, 1, 1)."""
    values = list(fill) if isinstance(fill, (tuple, list)) else [fill]
    if len(values) == 1:
        return numbers(name, "fill", values[0], (1,))[0]
    if isinstance(inpt, Mask):
        raise ValueError(f"{name}: a mask is filled with one number, as in fill={{Image: {fill}, Mask: 0}}")
    return np.asarray(numbers(name, "fill", values, (1, inpt.shape[-3]))).reshape(-1, 1, 1)
