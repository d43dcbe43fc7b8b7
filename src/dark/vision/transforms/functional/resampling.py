"""New pixels from old ones: weights for another size, and look-ups at any position."""

import math
from enum import Enum

import numpy as np


class InterpolationMode(Enum):
    """How the value between pixels is found."""

    NEAREST = "nearest"
    NEAREST_EXACT = "nearest-exact"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"


PILLOW_CONSTANTS = {0: InterpolationMode.NEAREST, 2: InterpolationMode.BILINEAR, 3: InterpolationMode.BICUBIC}


def interpolation_mode(name, mode, allowed=tuple(InterpolationMode)) -> InterpolationMode:
    """The mode, also by the number that Pillow has for it."""
    found = PILLOW_CONSTANTS.get(mode) if isinstance(mode, int) else mode
    if not isinstance(found, InterpolationMode) or found not in allowed:
        names = ", ".join(str(m) for m in allowed)
        raise ValueError(f"{name}: interpolation is one of {names}, not {mode!r}")
    return found


def resized(x: np.ndarray, size: tuple[int, int], mode: InterpolationMode, antialias: bool) -> np.ndarray:
    """`x` (..., H, W) with another height and width: new rows are sums of old rows, and so are columns."""
    (h, w), (new_h, new_w) = x.shape[-2:], size
    if mode in (InterpolationMode.NEAREST, InterpolationMode.NEAREST_EXACT):
        exact = mode is InterpolationMode.NEAREST_EXACT
        return x[..., nearest(h, new_h, exact)[:, None], nearest(w, new_w, exact)]
    y = x.astype(x.dtype if x.dtype in (np.float32, np.float64) else np.float32, copy=False)
    if new_h != h:
        y = mixed(y, *taps(h, new_h, mode, antialias), axis=-2)
    if new_w != w:
        y = mixed(y, *taps(w, new_w, mode, antialias), axis=-1)
    return converted(y, x.dtype)


def mixed(x: np.ndarray, index: np.ndarray, weights: np.ndarray, axis: int) -> np.ndarray:
    """Along an axis the sums over k of `weights[:, k]` times the elements `index[:, k]`."""
    shape = (-1, 1) if axis == -2 else (-1,)
    parts = zip(index.T, weights.astype(x.dtype).T, strict=True)
    return sum(x.take(i, axis) * w.reshape(shape) for i, w in parts)


def converted(y: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Floating-point pixels in the type they came from; whole numbers are rounded, and kept in its range."""
    if dtype.kind in "fb":
        return y.astype(dtype, copy=False)
    limits = np.iinfo(dtype)
    return np.clip(np.rint(y), limits.min, limits.max).astype(dtype)


def nearest(n: int, new_n: int, exact: bool) -> np.ndarray:
    """For every new pixel the index of an old one: of its corner, or of its center where `exact`."""
    scale = np.float32(n / new_n)  # PyTorch's precision, which decides where it is close
    positions = np.arange(new_n, dtype=np.float32) + np.float32(0.5 if exact else 0)
    return np.minimum((positions * scale).astype(np.int64), n - 1)


def taps(n: int, new_n: int, mode: InterpolationMode, antialias: bool) -> tuple[np.ndarray, np.ndarray]:
    """For every new pixel the old ones that it is mixed of and their weights, both (new_n, k)."""
    cubic = mode is InterpolationMode.BICUBIC
    scale = n / new_n
    wide = max(scale, 1) if antialias else 1  # a larger pixel sees all the old ones that it covers
    reach = wide * (2 if cubic else 1)
    centers = ((np.arange(new_n) + 0.5) * scale - 0.5)[:, None]  # where the new ones lie among the old
    index = np.floor(centers - reach).astype(np.int64) + 1 + np.arange(math.ceil(2 * reach))
    distance = np.abs(index - centers) / wide
    weights = np.maximum(1 - distance, 0)
    if cubic:
        weights = cubic_filter(distance, -0.5 if antialias else -0.75)
    if antialias:
        weights[(index < 0) | (index >= n)] = 0  # else the edge goes on outside
        weights /= weights.sum(1, keepdims=True)
    return index.clip(0, n - 1), weights


def cubic_filter(d: np.ndarray, a: float) -> np.ndarray:
    """Cubic convolution: 1 at distance 0, 0 at the other whole numbers and beyond 2. (Keys, 1981.)"""
    near = (a + 2) * d**3 - (a + 3) * d**2 + 1
    far = a * (d**3 - 5 * d**2 + 8 * d - 4)
    return np.where(d <= 1, near, np.where(d < 2, far, 0))


def sampled(image: np.ndarray, x: np.ndarray, y: np.ndarray, mode: InterpolationMode, fill) -> np.ndarray:
    """(..., C, h, w): the image's values at `x`, `y` (h, w), where 0 is the first pixel's center.

    Outside of the image is `fill`, a number or (C, 1, 1), or for None black that blends in.
    """
    h, w = image.shape[-2:]
    color = np.asarray(0 if fill is None else fill, dtype=x.dtype)

    def at(column, row):
        inside = (column >= 0) & (column < w) & (row >= 0) & (row < h)
        return image[..., np.clip(row, 0, h - 1), np.clip(column, 0, w - 1)], inside

    if mode is InterpolationMode.NEAREST:
        values, inside = at(np.rint(x).astype(np.int64), np.rint(y).astype(np.int64))
        return np.where(inside, values, converted(color, image.dtype))

    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    right_part, lower_part = x - left, y - top
    total, coverage = np.zeros((), x.dtype), np.zeros((), x.dtype)
    for column, x_part in ((left, 1 - right_part), (left + 1, right_part)):
        for row, y_part in ((top, 1 - lower_part), (top + 1, lower_part)):
            values, inside = at(column, row)
            part = x_part * y_part * inside
            total = total + part * values
            coverage = coverage + part
    if fill is not None:
        total = (total - color) * coverage + color  # torchvision's: at the edge `total` has faded already
    return converted(total, image.dtype)
