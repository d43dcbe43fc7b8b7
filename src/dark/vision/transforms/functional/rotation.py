"""Functions that turn an image, or map it by any matrix; boxes and key points move along."""

from __future__ import annotations

import math

import numpy as np

from ...tv_tensors import Mask
from .coordinates import moved
from .inputs import check_fill, numbers, size_of
from .resampling import InterpolationMode, interpolation_mode, sampled


def affine(
    inpt, angle: float, translate, scale: float, shear,
    interpolation=InterpolationMode.NEAREST, fill=None, center=None,
):  # fmt: skip
    """Turn by `angle` degrees (clockwise), scale, shear by degrees, and shift by `translate` = (x, y) pixels.

    All of it about `center`, (x, y) from the upper left corner, or the middle of the image.
    """
    if not isinstance(scale, (int, float)) or scale <= 0:
        raise ValueError(f"affine: scale must be positive, not {scale!r}")
    shift = numbers("affine", "translate", translate, (2,))
    shears = numbers("affine", "shear", shear, (1, 2)) if isinstance(shear, (tuple, list)) else [shear, 0.0]
    h, w = size_of("affine", inpt)
    inverse = inverse_matrix(about("affine", center, h, w), angle, shift, scale, (shears[0], shears[-1]))
    return warped("affine", inpt, inverse, (h, w), interpolation, fill)


def rotate(
    inpt, angle: float, interpolation=InterpolationMode.NEAREST, expand: bool = False, center=None, fill=None
):
    """Turn counter-clockwise by `angle` degrees.

    About `center`, (x, y) from the upper left corner, or the middle of the image. `expand` makes the result
    as large as the whole turned image needs. Outside is `fill`, one number (0) or one for every channel.
    """
    h, w = size_of("rotate", inpt)
    angle = angle % 360
    inverse = inverse_matrix(about("rotate", center, h, w), -angle, (0, 0), 1.0, (0, 0))
    turns, rest = divmod(angle, 90)
    size = (h, w)
    if expand and rest:
        size = expanded_size(inverse, h, w)
    elif expand and turns % 2:
        size = (w, h)
    if rest or center is not None or (turns % 2 and size != (w, h)):
        return warped("rotate", inpt, inverse, size, interpolation, fill)

    def change(x):  # every pixel lands on a pixel
        return np.rot90(x, int(turns), axes=(-2, -1)).copy()

    return moved("rotate", inpt, change, forward(inverse, (h, w), size), size)


def about(name, center, h, w):
    """The point that stays where it is, as seen from the middle of the image."""
    if center is None:
        return 0.0, 0.0
    x, y = numbers(name, "center", center, (2,))
    return x - w * 0.5, y - h * 0.5


def inverse_matrix(center, angle, translate, scale, shear):
    """For a point of the result where it was in the image, (2, 3); both seen from their middle.

    The image is sheared along x, then along y, scaled, turned by `angle` degrees and shifted.
    """
    turn, sx, sy = math.radians(angle), math.radians(shear[0]), math.radians(shear[1])
    a = math.cos(turn - sy) / math.cos(sy)
    b = -a * math.tan(sx) - math.sin(turn)
    c = math.sin(turn - sy) / math.cos(sy)
    d = -c * math.tan(sx) + math.cos(turn)  # ((a, b), (c, d)) turns and shears; its determinant is 1
    (p, q), (r, s) = (d / scale, -b / scale), (-c / scale, a / scale)
    cx, cy = center
    x, y = cx + translate[0], cy + translate[1]
    return (p, q, cx - p * x - q * y), (r, s, cy - r * x - s * y)


def forward(inverse, old, new):
    """The matrix for points, from the corners of both images, of an inverse one from their middles."""
    (h, w), (new_h, new_w) = old, new
    linear = np.linalg.inv(np.asarray(inverse)[:, :2])
    shift = -linear @ (np.asarray(inverse)[:, 2] + (w / 2, h / 2)) + (new_w / 2, new_h / 2)
    return np.column_stack([linear, shift])


def expanded_size(inverse, h, w):
    """Height and width that hold the whole turned image."""
    matrix = np.asarray(inverse, dtype=np.float32)
    ends = np.array([(-w, -h), (-w, h), (w, h), (w, -h)], np.float32) * np.float32(0.5)
    points = ends @ matrix[:, :2].T + matrix[:, 2] + np.float32([w * 0.5, h * 0.5])

    def cut(x):  # 5.00001 is 5 and a rounding error, and not worth another pixel
        return np.trunc(x * np.float32(1e4)) * np.float32(1e-4)

    new_w, new_h = np.ceil(cut(points.max(0))) - np.floor(cut(points.min(0)))
    return int(new_h), int(new_w)


def warped(name, inpt, inverse, size, interpolation, fill):
    """`inpt` with the pixels that `inverse` finds for every one of the result."""
    allowed = (InterpolationMode.NEAREST, InterpolationMode.BILINEAR)
    mode = interpolation_mode(name, interpolation, allowed)
    if isinstance(inpt, Mask):
        mode = InterpolationMode.NEAREST
    old = size_of(name, inpt)

    def change(image):
        color = None if fill is None else check_fill(name, fill, inpt)
        precision = image.dtype if image.dtype.kind == "f" and image.itemsize > 2 else np.dtype(np.float32)
        x, y = sources(inverse, old, size, precision)
        return sampled(image, x, y, mode, color)

    return moved(name, inpt, change, forward(inverse, old, size), size)


def sources(inverse, old, new, dtype):
    """For every pixel of the result, (h, w), its x and y in the image, where 0 is the first pixel's center.

    In steps and a precision that put ties where PyTorch's grid_sample has them.
    """
    (h, w), (new_h, new_w) = old, new
    column = (np.arange(new_w) - (new_w - 1) * 0.5).astype(dtype)[None, :]
    row = (np.arange(new_h) - (new_h - 1) * 0.5).astype(dtype)[:, None]
    matrix = np.asarray(inverse, dtype=dtype) / np.asarray([[0.5 * w], [0.5 * h]], dtype=dtype)
    x, y = (column * p + row * q + shift for p, q, shift in matrix)  # from -1 to 1
    return ((x + 1) * w - 1) / 2, ((y + 1) * h - 1) / 2
