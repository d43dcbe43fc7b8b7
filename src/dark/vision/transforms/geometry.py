"""Transforms that move pixels, and with them masks, boxes and key points."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import dark

from . import functional as F
from .functional.geometry import MODES, resized_size, sides
from .functional.inputs import height_width, numbers
from .functional.resampling import InterpolationMode, interpolation_mode
from .transform import RandomApplyTransform, Transform, fill_for, integer_below, sample_size, uniform

WARPS = (InterpolationMode.NEAREST, InterpolationMode.BILINEAR)


class RandomHorizontalFlip(RandomApplyTransform):
    """Left becomes right, with probability `p`."""

    def transform(self, inpt, params: dict[str, Any]):
        """Flip one part."""
        return F.horizontal_flip(inpt)


class RandomVerticalFlip(RandomApplyTransform):
    """Up becomes down, with probability `p`."""

    def transform(self, inpt, params: dict[str, Any]):
        """Flip one part."""
        return F.vertical_flip(inpt)


class Resize(Transform):
    """Another size: (height, width), or one number for the shorter side, the other in proportion.

    `max_size` limits the longer side; with `size=None` the longer side becomes `max_size`.
    """

    def __init__(
        self,
        size,
        interpolation=InterpolationMode.BILINEAR,
        max_size: int | None = None,
        antialias: bool | None = True,
    ):
        resized_size((1000, 1000), size, max_size)  # raises where they make no sense
        self.size = size
        self.interpolation = interpolation_mode("Resize", interpolation)
        self.max_size = max_size
        self.antialias = antialias

    def transform(self, inpt, params: dict[str, Any]):
        """Resize one part."""
        return F.resize(inpt, self.size, self.interpolation, self.max_size, self.antialias)


class CenterCrop(Transform):
    """The middle part of `size`, (height, width) or a square; a smaller image is padded with 0 first."""

    def __init__(self, size):
        self.size = height_width("CenterCrop", "size", size)

    def transform(self, inpt, params: dict[str, Any]):
        """Crop one part."""
        return F.center_crop(inpt, self.size)


class Pad(Transform):
    """More pixels around the image; see `functional.pad`.

    `fill` is a number, one for every channel, or a dict such as {Image: 127, Mask: 0, "others": 0}.
    """

    def __init__(self, padding, fill=0, padding_mode: str = "constant"):
        sides(padding)
        check_padding_mode("Pad", padding_mode)
        self.padding = padding
        self.fill = fill
        self.padding_mode = padding_mode

    def transform(self, inpt, params: dict[str, Any]):
        """Pad one part."""
        return F.pad(inpt, self.padding, fill_for(self.fill, inpt), self.padding_mode)


class RandomCrop(Transform):
    """A part of `size`, (height, width) or a square, from a random place.

    The image is padded first: by `padding`, and by as much as it is too small where `pad_if_needed`.
    """

    def __init__(
        self, size, padding=None, pad_if_needed: bool = False, fill=0, padding_mode: str = "constant"
    ):
        if padding is not None:
            sides(padding)
        check_padding_mode("RandomCrop", padding_mode)
        self.size = height_width("RandomCrop", "size", size)
        self.padding = padding
        self.pad_if_needed = pad_if_needed
        self.fill = fill
        self.padding_mode = padding_mode

    def make_params(self, flat_inputs: list) -> dict[str, Any]:
        """Where the part begins, and the padding."""
        h, w = sample_size("RandomCrop", flat_inputs)
        left, top, right, bottom = sides(self.padding or 0)
        height, width = self.size
        if self.pad_if_needed:
            more_h, more_w = max(height - h - top - bottom, 0), max(width - w - left - right, 0)
            left, top, right, bottom = left + more_w, top + more_h, right + more_w, bottom + more_h
        room_h, room_w = h + top + bottom - height, w + left + right - width
        if room_h < 0 or room_w < 0:
            padded = " with its padding" if self.padding else ""
            raise ValueError(
                f"RandomCrop: a part of {self.size} doesn't fit into an image of "
                f"{(height + room_h, width + room_w)}{padded}; "
                "pad_if_needed=True makes it larger"
            )
        return {
            "padding": [left, top, right, bottom],
            "top": integer_below(room_h + 1) if room_h else 0,
            "left": integer_below(room_w + 1) if room_w else 0,
        }

    def transform(self, inpt, params: dict[str, Any]):
        """Pad and crop one part."""
        if any(params["padding"]):
            inpt = F.pad(inpt, params["padding"], fill_for(self.fill, inpt), self.padding_mode)
        return F.crop(inpt, params["top"], params["left"], *self.size)


class RandomResizedCrop(Transform):
    """A part of random area, shape and place, resized to `size`, (height, width) or a square.

    `scale` is the range of its area, as a part of the image's, and `ratio` of its width / height.
    """

    def __init__(
        self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3),
        interpolation=InterpolationMode.BILINEAR, antialias: bool | None = True,
    ):  # fmt: skip
        self.size = height_width("RandomResizedCrop", "size", size)
        self.scale = interval("RandomResizedCrop", "scale", scale)
        self.ratio = interval("RandomResizedCrop", "ratio", ratio)
        self.interpolation = interpolation_mode("RandomResizedCrop", interpolation)
        self.antialias = antialias

    def make_params(self, flat_inputs: list) -> dict[str, Any]:
        """The part, by ten tries to find one that fits; else the middle."""
        h, w = sample_size("RandomResizedCrop", flat_inputs)
        for _ in range(10):
            area, ratio = area_and_ratio(h * w, self.scale, self.ratio)
            width, height = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < width <= w and 0 < height <= h:
                top = integer_below(h - height + 1)
                return {"top": top, "left": integer_below(w - width + 1), "height": height, "width": width}
        height, width = h, w
        if w / h < min(self.ratio):
            height = round(w / min(self.ratio))
        elif w / h > max(self.ratio):
            width = round(h * max(self.ratio))
        return {"top": (h - height) // 2, "left": (w - width) // 2, "height": height, "width": width}

    def transform(self, inpt, params: dict[str, Any]):
        """Crop and resize one part."""
        return F.resized_crop(
            inpt, **params, size=self.size, interpolation=self.interpolation, antialias=self.antialias
        )


class RandomRotation(Transform):
    """Turn counter-clockwise by a random angle from `degrees` = (min, max), or ±`degrees`.

    `expand` makes the result as large as the whole turned image needs; `center` is (x, y), or the middle.
    """

    def __init__(
        self, degrees, interpolation=InterpolationMode.NEAREST, expand: bool = False, center=None, fill=0
    ):
        self.degrees = angles("RandomRotation", "degrees", degrees, (2,))
        self.interpolation = interpolation_mode("RandomRotation", interpolation, WARPS)
        self.expand = expand
        self.center = None if center is None else numbers("RandomRotation", "center", center, (2,))
        self.fill = fill

    def make_params(self, flat_inputs: list) -> dict[str, Any]:
        """The angle."""
        return {"angle": uniform(*self.degrees)}

    def transform(self, inpt, params: dict[str, Any]):
        """Turn one part."""
        fill = fill_for(self.fill, inpt)
        return F.rotate(inpt, params["angle"], self.interpolation, self.expand, self.center, fill)


class RandomAffine(Transform):
    """Turn, shift, scale and shear at random; the middle of the image, or `center`, stays but for the shift.

    The angle is from `degrees` = (min, max) or ±`degrees`. `translate` = (a, b) shifts by up to that part of
    width and height. `scale` = (min, max). `shear` is ±degrees along x, (min, max), or both for x and for y.
    """

    def __init__(
        self, degrees, translate=None, scale=None, shear=None,
        interpolation=InterpolationMode.NEAREST, fill=0, center=None,
    ):  # fmt: skip
        self.degrees = angles("RandomAffine", "degrees", degrees, (2,))
        self.translate = None if translate is None else numbers("RandomAffine", "translate", translate, (2,))
        if self.translate and not all(0 <= t <= 1 for t in self.translate):
            raise ValueError(
                f"RandomAffine: translate is two parts of the size, each from 0 to 1, not {translate}"
            )
        self.scale = None if scale is None else interval("RandomAffine", "scale", scale)
        if self.scale and not self.scale[0] > 0:
            raise ValueError(f"RandomAffine: scale must be positive, not {scale}")
        self.shear = None if shear is None else angles("RandomAffine", "shear", shear, (2, 4))
        self.interpolation = interpolation_mode("RandomAffine", interpolation, WARPS)
        self.fill = fill
        self.center = None if center is None else numbers("RandomAffine", "center", center, (2,))

    def make_params(self, flat_inputs: list) -> dict[str, Any]:
        """The angle, the shift, the scale and the shear."""
        h, w = sample_size("RandomAffine", flat_inputs)
        angle = uniform(*self.degrees)
        limits = [part * n for part, n in zip(self.translate or (), (w, h), strict=False)]
        translate = [round(uniform(-limit, limit)) for limit in limits] or [0, 0]
        scale = 1.0 if self.scale is None else uniform(*self.scale)
        shear = [0.0, 0.0]
        for i in range(len(self.shear or ()) // 2):
            shear[i] = uniform(*self.shear[2 * i : 2 * i + 2])
        return {"angle": angle, "translate": translate, "scale": scale, "shear": shear}

    def transform(self, inpt, params: dict[str, Any]):
        """Move one part."""
        fill = fill_for(self.fill, inpt)
        return F.affine(inpt, **params, interpolation=self.interpolation, fill=fill, center=self.center)


def area_and_ratio(area: int, scale, ratio) -> tuple[float, float]:
    """A random part of an area, and a random ratio of two sides, its logarithm drawn evenly."""
    part = area * uniform(*scale)
    low, high = (float(np.log(np.float32(r))) for r in ratio)
    return part, dark.exp(dark.empty(1).uniform_(low, high)).item()


def interval(name: str, what: str, value) -> tuple[float, float]:
    """A range (min, max), checked."""
    low, high = numbers(name, what, value, (2,))
    if low > high:
        raise ValueError(f"{name}: {what} is (min, max), not {value}")
    return low, high


def angles(name: str, what: str, value, lengths: tuple[int, ...]) -> list[float]:
    """Ranges of degrees: (min, max), or one number for ±."""
    if not isinstance(value, (tuple, list)):
        limit = numbers(name, what, value, (1,))[0]
        if limit < 0:
            raise ValueError(f"{name}: {what} of one number is ± that, so it can't be negative: {value}")
        return [-float(limit), float(limit)]
    return [float(v) for v in numbers(name, what, value, lengths)]


def check_padding_mode(name: str, mode: str) -> None:
    """Raise where there is no such mode."""
    if mode not in MODES:
        raise ValueError(f"{name}: padding_mode is one of {', '.join(MODES)}, not {mode!r}")
