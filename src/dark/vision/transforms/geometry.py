"""Transforms that move pixels, and with them masks, boxes and key points."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import dark

from . import functional as F
from .functional.geometry import check_padding_mode, resized_size, sides
from .functional.inputs import height_width, numbers
from .functional.resampling import InterpolationMode, interpolation_mode
from .transform import RandomApplyTransform, Transform, fill_for, integer_below, sample_size, uniform


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
                f"{(height + room_h, width + room_w)}{padded}; pad_if_needed=True makes it larger"
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
