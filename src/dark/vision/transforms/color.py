"""Transforms that change the image's colors; masks, boxes and key points pass through."""

from __future__ import annotations

import math  # beyond
from typing import Any

import numpy as np

import dark  # beyond

from . import functional as F
from .functional.inputs import height_width, numbers  # beyond
from .geometry import area_and_ratio, interval  # beyond
from .transform import (
    RandomApplyTransform,  # beyond
    Transform,
    integer_below,  # beyond
    uniform,  # beyond
)


class Grayscale(Transform):  # beyond
    """The image's brightness, in 1 channel or 3 equal ones."""

    images_only = True

    def __init__(self, num_output_channels: int = 1):
        if num_output_channels not in (1, 3):
            raise ValueError(f"Grayscale: num_output_channels is 1 or 3, not {num_output_channels!r}")
        self.num_output_channels = num_output_channels

    def transform(self, inpt, params: dict[str, Any]):
        """The gray image."""
        return F.rgb_to_grayscale(inpt, self.num_output_channels)


class RandomGrayscale(RandomApplyTransform):  # beyond
    """The gray image, in as many channels as before, with probability `p`."""

    images_only = True

    def __init__(self, p: float = 0.1):
        super().__init__(p)

    def transform(self, inpt, params: dict[str, Any]):
        """The gray image."""
        return F.rgb_to_grayscale(inpt, inpt.shape[-3] if inpt.ndim > 2 else 1)


class ColorJitter(Transform):  # beyond
    """Another brightness, contrast, saturation and hue, in random order.

    Each is one number x or a range (min, max). A factor is drawn from 1 - x … 1 + x, the hue's from -x … x.
    """

    images_only = True

    def __init__(self, brightness=None, contrast=None, saturation=None, hue=None):
        self.brightness = factors("brightness", brightness)
        self.contrast = factors("contrast", contrast)
        self.saturation = factors("saturation", saturation)
        self.hue = factors("hue", hue, center=0, limits=(-0.5, 0.5))

    def make_params(self, flat_inputs: list) -> dict[str, Any]:
        """The order, and every factor or None."""
        order = dark.randperm(4).tolist()
        ranges = (self.brightness, self.contrast, self.saturation, self.hue)
        return {"order": order, "factors": [None if r is None else uniform(*r) for r in ranges]}

    def transform(self, inpt, params: dict[str, Any]):
        """All four, in this order."""
        functions = (F.adjust_brightness, F.adjust_contrast, F.adjust_saturation, F.adjust_hue)
        for i in params["order"]:
            if params["factors"][i] is not None:
                inpt = functions[i](inpt, params["factors"][i])
        return inpt


def factors(name, value, center=1.0, limits=(0, math.inf)) -> tuple[float, float] | None:  # beyond
    """The range of a factor, or None where nothing would change."""
    if value is None:
        return None
    values = numbers("ColorJitter", name, value, (1, 2))
    if len(values) == 1:
        if values[0] < 0:
            raise ValueError(f"ColorJitter: {name} of one number is ± that, so it can't be negative: {value}")
        values = [center - values[0], center + values[0]]
        if center == 1:
            values[0] = max(values[0], 0)
    if not limits[0] <= values[0] <= values[1] <= limits[1]:
        raise ValueError(f"ColorJitter: {name} is a range (min, max) within {limits}, not {tuple(values)}")
    return None if values[0] == values[1] == center else (float(values[0]), float(values[1]))


class GaussianBlur(Transform):  # beyond
    """A blur of random strength: a bell curve of standard deviation `sigma`, or one from (min, max)."""

    images_only = True

    def __init__(self, kernel_size, sigma=(0.1, 2.0)):
        self.kernel_size = height_width("GaussianBlur", "kernel_size", kernel_size)
        if any(n % 2 == 0 for n in self.kernel_size):
            raise ValueError(f"GaussianBlur: kernel_size must be odd, got {kernel_size}")
        values = numbers("GaussianBlur", "sigma", sigma, (1, 2))
        self.sigma = (float(values[0]), float(values[-1]))
        if not 0 < self.sigma[0] <= self.sigma[1]:
            raise ValueError(f"GaussianBlur: sigma is positive, (min, max) or one number, not {sigma}")

    def make_params(self, flat_inputs: list) -> dict[str, Any]:
        """The standard deviation."""
        return {"sigma": uniform(*self.sigma)}

    def transform(self, inpt, params: dict[str, Any]):
        """The blurred image."""
        return F.gaussian_blur(inpt, self.kernel_size, params["sigma"])


class Normalize(Transform):
    """(image - mean) / std, with one number for each channel; the image is floating-point."""

    images_only = True

    def __init__(self, mean, std, inplace: bool = False):
        self.mean = np.asarray(mean, dtype=np.float64).ravel().tolist()
        self.std = np.asarray(std, dtype=np.float64).ravel().tolist()
        self.inplace = inplace

    def transform(self, inpt, params: dict[str, Any]):
        """The normalized image."""
        return F.normalize(inpt, self.mean, self.std, self.inplace)


class RandomErasing(RandomApplyTransform):  # beyond
    """A random rectangle of the image gets another color, with probability `p`.

    `scale` is the range of its area, as a part of the image's, `ratio` of its height / width. `value` is one
    number, one for every channel, or "random" for noise. (Zhong et al., Random Erasing, 2017.)
    """

    images_only = True

    def __init__(
        self, p: float = 0.5, scale=(0.02, 0.33), ratio=(0.3, 3.3), value: Any = 0.0, inplace: bool = False
    ):
        super().__init__(p)
        self.scale = interval("RandomErasing", "scale", scale)
        if not 0 <= self.scale[0] <= self.scale[1] <= 1:
            raise ValueError(f"RandomErasing: scale is a part of the area, from 0 to 1, not {scale}")
        self.ratio = interval("RandomErasing", "ratio", ratio)
        if isinstance(value, str) and value != "random":
            raise ValueError(f'RandomErasing: value is numbers or "random", not {value!r}')
        self.value = None if isinstance(value, str) else np.asarray(value, dtype=np.float64).ravel().tolist()
        self.inplace = inplace

    def make_params(self, flat_inputs: list) -> dict[str, Any]:
        """The rectangle and its pixels, by ten tries to find one that fits; else nothing."""
        images = [x for x in flat_inputs if x.ndim > 2]
        if not images:
            raise TypeError("RandomErasing: the sample has no image (..., C, H, W)")
        channels, height, width = images[0].shape[-3:]
        if self.value is not None and len(self.value) not in (1, channels):
            raise ValueError(
                f"RandomErasing: value has {len(self.value)} numbers for an image of {channels} channels"
            )
        for _ in range(10):
            area, ratio = area_and_ratio(height * width, self.scale, self.ratio)
            h, w = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if h < height and w < width:
                v: Any = np.reshape(self.value or 0, (-1, 1, 1))
                if self.value is None:
                    v = dark.empty(channels, h, w).normal_()
                i = integer_below(height - h + 1)
                return {"i": i, "j": integer_below(width - w + 1), "h": h, "w": w, "v": v}
        return {}

    def transform(self, inpt, params: dict[str, Any]):
        """The image with its rectangle."""
        return F.erase(inpt, **params, inplace=self.inplace) if params else inpt
