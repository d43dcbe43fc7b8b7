"""Transforms that turn an image at random, or shift, scale and shear it."""

from __future__ import annotations

from typing import Any

from . import functional as F
from .functional.inputs import numbers
from .functional.resampling import InterpolationMode, interpolation_mode
from .geometry import interval  # beyond
from .transform import (
    Transform,
    fill_for,
    sample_size,  # beyond
    uniform,
)

MODES = (InterpolationMode.NEAREST, InterpolationMode.BILINEAR)


class RandomRotation(Transform):
    """Turn counter-clockwise by a random angle from `degrees` = (min, max), or ±`degrees`.

    `expand` makes the result as large as the whole turned image needs; `center` is (x, y), or the middle.
    """

    def __init__(
        self, degrees, interpolation=InterpolationMode.NEAREST, expand: bool = False, center=None, fill=0
    ):
        self.degrees = angles("RandomRotation", "degrees", degrees, (2,))
        self.interpolation = interpolation_mode("RandomRotation", interpolation, MODES)
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


class RandomAffine(Transform):  # beyond
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
            raise ValueError(f"RandomAffine: translate is two parts of the size, 0 to 1, not {translate}")
        self.scale = None if scale is None else interval("RandomAffine", "scale", scale)
        if self.scale and not self.scale[0] > 0:
            raise ValueError(f"RandomAffine: scale must be positive, not {scale}")
        self.shear = None if shear is None else angles("RandomAffine", "shear", shear, (2, 4))
        self.interpolation = interpolation_mode("RandomAffine", interpolation, MODES)
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


def angles(name: str, what: str, value, lengths: tuple[int, ...]) -> list[float]:
    """Ranges of degrees: (min, max), or one number for ±."""
    if not isinstance(value, (tuple, list)):
        limit = numbers(name, what, value, (1,))[0]
        if limit < 0:
            raise ValueError(f"{name}: {what} of one number is ± that, so it can't be negative: {value}")
        return [-float(limit), float(limit)]
    return [float(v) for v in numbers(name, what, value, lengths)]
