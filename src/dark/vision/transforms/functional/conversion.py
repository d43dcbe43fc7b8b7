"""Functions from Pillow's images and NumPy's arrays to tensors and back, and between types of pixels."""

from __future__ import annotations

import numpy as np

from .... import dtypes
from ....tensor import Tensor
from ....tensor import wrap as plain
from ...pillow import is_pil_image, pillow
from ...tv_tensors import Image, TVTensor
from .inputs import colors, like


def to_tensor(inpt) -> Tensor:
    """A floating-point tensor (C, H, W), 0…1, of a Pillow image or a uint8 array (H, W) or (H, W, C).

    Also of a uint8 tensor (..., C, H, W), as Dark's data sets give it out. Arrays and images of other types
    keep their numbers.
    """
    if isinstance(inpt, Tensor):
        return like(scaled(colors("to_tensor", inpt, channels=None)), inpt)
    return plain(scaled(channels_first("to_tensor", inpt)))


def scaled(array):
    """uint8 as floating-point numbers from 0 to 1."""
    if array.dtype != np.uint8:
        return array
    return np.divide(array, 255, dtype=dtypes.get_default_dtype().numpy)


def channels_first(name, pic):
    """The array (C, H, W), in memory of its own, of a Pillow image or an array."""
    if is_pil_image(pic):
        array = np.array(pic)
        if pic.mode == "1":
            array = array.astype(np.uint8) * np.uint8(255)
    elif isinstance(pic, np.ndarray):
        array = pic
        if array.ndim not in (2, 3):
            raise ValueError(f"{name}: expected an array (H, W) or (H, W, C), got {array.shape}")
    else:
        raise TypeError(
            f"{name}: expected a Pillow image, a NumPy array or a uint8 tensor, got {type(pic).__name__}"
        )
    if array.dtype == np.uint16:  # no tensor has this type; int32 holds its numbers
        array = array.astype(np.int32)
    array = array.astype(dtypes.as_dtype(array.dtype).numpy, copy=False)  # in the machine's order of bytes
    return np.array((array[:, :, None] if array.ndim == 2 else array).transpose(2, 0, 1), order="C")


def pil_to_tensor(pic) -> Tensor:
    """The pixels of a Pillow image as they are, (C, H, W)."""
    if not is_pil_image(pic):
        raise TypeError(f"pil_to_tensor: expected a Pillow image, got {type(pic).__name__}")
    return plain(channels_first("pil_to_tensor", pic))


def to_image(inpt) -> Image:
    """The `tv_tensors.Image` of a Pillow image, an array (H, W) or (H, W, C), or tensor (..., C, H, W)."""
    return Image(inpt if isinstance(inpt, Tensor) else plain(channels_first("to_image", inpt)))


def to_pil_image(pic, mode: str | None = None):
    """The Pillow image of a tensor (C, H, W) or (H, W), or of an array (H, W) or (H, W, C).

    Floating-point numbers from 0 to 1 become 0…255. `mode` follows from the channels unless it is given.
    """
    pil = pillow("to_pil_image")
    if isinstance(pic, Tensor):
        array = pic.detach().array
        if array.ndim == 3:
            array = array.transpose(1, 2, 0)
        if array.dtype.kind == "f" and mode != "F":
            array = np.clip(array * 255, 0, 255).astype(np.uint8)
    elif isinstance(pic, np.ndarray):
        array = pic
    else:
        raise TypeError(f"to_pil_image: expected a tensor or a NumPy array, got {type(pic).__name__}")
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (2, 3, 4)):
        raise ValueError(
            f"to_pil_image: expected (C, H, W) with 1 to 4 channels, or (H, W), got {tuple(pic.shape)}"
        )
    image = pil.fromarray(np.ascontiguousarray(array))
    return image if mode is None or mode == image.mode else image.convert(mode)


def to_dtype(inpt: Tensor, dtype=dtypes.float32, scale: bool = False) -> Tensor:
    """The pixels in another type; `scale` maps 0…255 of uint8 to 0…1 of floating-point and back."""
    target = dtypes.as_dtype(dtype)
    if not isinstance(inpt, Tensor):
        raise TypeError(f"to_dtype: expected a tensor, got {type(inpt).__name__}")
    source = inpt.dtype
    is_image = isinstance(inpt, Image) or not isinstance(inpt, TVTensor)
    same_scale = source is target or (source.is_floating_point and target.is_floating_point)
    if not scale or not is_image or same_scale:
        return inpt.to(target)
    array = inpt.detach().array
    if source is dtypes.uint8 and target.is_floating_point:
        return like(array.astype(target.numpy) * target.numpy.type(1 / 255), inpt)
    if source.is_floating_point and target is dtypes.uint8:
        equal_shares = array * 255.999  # of 0…1, for every whole number
        return like(np.clip(equal_shares, 0, 255).astype(np.uint8), inpt)
    raise TypeError(
        f"to_dtype: scale=True is between uint8 and floating-point types, not from {source} to {target}"
    )
