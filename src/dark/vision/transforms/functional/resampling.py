"""New pixels from old ones: weights for another size, and look-ups at any position."""

from enum import Enum
from functools import lru_cache

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
    """`x` (..., H, W) with another height and width.

    Both are linear and independent: a matrix of weights times the columns, and one times the rows.
    """
    (h, w), (new_h, new_w) = x.shape[-2:], size
    if mode in (InterpolationMode.NEAREST, InterpolationMode.NEAREST_EXACT):
        exact = mode is InterpolationMode.NEAREST_EXACT
        return x[..., nearest(h, new_h, exact)[:, None], nearest(w, new_w, exact)]
    kind = x.dtype if x.dtype in (np.float32, np.float64) else np.dtype(np.float32)
    y = x.astype(kind, copy=False)
    if new_w != w:
        y = y @ weights(w, new_w, mode, antialias).astype(kind).T  # (..., H, new W)
    if new_h != h:
        y = weights(h, new_h, mode, antialias).astype(kind) @ y  # (..., new H, new W)
    return converted(y, x.dtype)


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


@lru_cache(maxsize=8)
def weights(n: int, new_n: int, mode: InterpolationMode, antialias: bool) -> np.ndarray:
    """(new_n, n): the part that every old pixel has in every new one."""
    cubic = mode is InterpolationMode.BICUBIC
    scale = n / new_n
    centers = (np.arange(new_n) + 0.5) * scale - 0.5  # where the new pixels' centers lie among the old ones
    if antialias:  # a new pixel that is larger than an old one sees as many as it covers
        distance = (np.arange(n) - centers[:, None]) / max(scale, 1)
        w = cubic_filter(distance, -0.5) if cubic else np.maximum(1 - np.abs(distance), 0)
        return w / w.sum(1, keepdims=True)

    first = np.floor(centers).astype(np.int64)
    w = np.zeros((new_n, n))
    for step in (-1, 0, 1, 2) if cubic else (0, 1):
        distance = first + step - centers
        part = cubic_filter(distance, -0.75) if cubic else 1 - np.abs(distance)
        np.add.at(w, (np.arange(new_n), np.clip(first + step, 0, n - 1)), part)  # the edge goes on outside
    return w


def cubic_filter(distance: np.ndarray, a: float) -> np.ndarray:
    """Keys's cubic convolution: 1 at 0, 0 at the other whole numbers and beyond 2. (Keys, 1981.)"""
    d = np.abs(distance)
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
