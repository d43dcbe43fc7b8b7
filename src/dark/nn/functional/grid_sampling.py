"""Pictures sampled at any points, and the points of turned, moved and stretched pictures."""  # beyond

import math
import operator

import numpy as np

from ...autograd.operation import on_one_device
from ...devices import current
from ...tensor import check_tensor, wrap

PADDINGS = ("zeros", "border", "reflection")


def affine_grid(theta, size, align_corners=None):
    """The points at which `grid_sample` sees a transformed picture: theta (N, 2, 3) gives (N, H, W, 2).

    `size` is that of the new pictures, (N, C, H, W). Its pixels have the coordinates (x, y) from -1 to 1, and
    theta @ (x, y, 1) is where each is to be found in the old picture. With `align_corners` -1 and 1 are the
    centres of the first and the last pixel, else the edges of the picture.
    """
    check_tensor("affine_grid", theta)
    n, _, height, width = picture_size(theta, size)
    with current(theta.device):
        points = np.empty((height, width, 3), theta.array.dtype, like=theta.array)
        x, y = (centres(length, align_corners, like=points) for length in (width, height))
        points[..., 0], points[..., 1], points[..., 2] = x, y[:, None], 1
    grid = wrap(points).reshape(1, height * width, 3) @ theta.transpose(1, 2)
    return grid.reshape((n, height, width, 2))


def grid_sample(input, grid, mode="bilinear", padding_mode="zeros", align_corners=None):
    """The pictures (N, C, H, W) at the points of grid (N, oh, ow, 2), each (x, y): (N, C, oh, ow).

    Coordinates go from -1 to 1, as in `affine_grid`. "bilinear" mixes the four pixels around a point,
    "nearest" takes one, and no gradient reaches the grid. What lies outside is 0, or with "border" the pixel
    at the edge, and with "reflection" the picture mirrored at its edges.
    """
    check_grid(input, grid, mode, padding_mode)
    with current(input.device):
        height, width = input.shape[2:]
        column = bounded(position(grid[..., 0], width, align_corners), width, padding_mode, align_corners)
        row = bounded(position(grid[..., 1], height, align_corners), height, padding_mode, align_corners)
        if mode == "nearest":
            return picked(input, np.rint(row.array), np.rint(column.array)).permute((0, 3, 1, 2))

        top, left = np.floor(row.array), np.floor(column.array)
        lower, righter = (row - wrap(top)).unsqueeze(-1), (column - wrap(left)).unsqueeze(-1)
        upper, lefter = 1 - lower, 1 - righter  # (N, oh, ow, 1), as all four
        y = (
            picked(input, top, left) * (upper * lefter)
            + picked(input, top, left + 1) * (upper * righter)
            + picked(input, top + 1, left) * (lower * lefter)
            + picked(input, top + 1, left + 1) * (lower * righter)
        )
    return y.permute((0, 3, 1, 2))


def picked(input, row, column):
    """The pixels (N, oh, ow, C) of the pictures in these rows and columns, 0 outside of them."""
    height, width = input.shape[2:]
    inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    row, column = (np.where(inside, line, 0).astype(np.int64) for line in (row, column))
    batch = np.arange(len(row), like=row)[:, None, None]
    return np.where(inside[..., None], input[batch, :, row, column], 0)


def position(coordinate, length, align_corners):
    """Where a coordinate from -1 to 1 lies among pixels, whose centres are 0, 1, 2, …"""
    if align_corners:
        return (coordinate + 1) * ((length - 1) / 2)
    return ((coordinate + 1) * length - 1) / 2


def bounded(position, length, padding_mode, align_corners):
    """The position, brought into the picture where the padding mode says so.

    What that does is, at every point, to multiply by 1, -1 or 0 and to add a number, which needs no
    gradient. Points that see nothing have a gradient of 0.
    """
    at = position.array
    slope, offset = np.ones_like(at), np.zeros_like(at)
    if padding_mode == "zeros":
        slope[(at < -1) | (at > length)] = 0  # infinity, too, which can't be a position
        return moved(position, slope, np.where(slope == 0, -2, offset))
    if padding_mode == "reflection":
        slope, offset = reflected(at, length, align_corners)
        at = np.where(slope == 0, 0, at) * slope + offset
    slope = np.where((at > 0) & (at < length - 1), slope, 0)
    offset = np.where(slope == 0, np.where(at > 0, np.minimum(at, length - 1), 0), offset)  # of NaN it is 0
    return moved(position, slope, offset)


def moved(position, slope, offset):
    """slope * position + offset; the offset alone where the slope is 0, even for infinity and NaN."""
    return np.where(slope == 0, 0, position) * wrap(slope) + wrap(offset.astype(slope.dtype))


def reflected(at, length, align_corners):
    """(slope, offset) of positions mirrored at both edges of a picture, as often as it takes."""
    low, high = (0, length - 1) if align_corners else (-0.5, length - 0.5)
    if low == high:
        return np.zeros_like(at), np.zeros_like(at)
    span = high - low
    flips = np.floor((at - low) / span)  # how many pictures further
    lost = ~(np.abs(flips) < 1 / np.finfo(at.dtype).eps)  # nowhere, or too far away to tell
    flips[lost] = 0
    odd = flips % 2 == 1
    slope = np.where(lost, 0, np.where(odd, -1, 1)).astype(at.dtype)
    return slope, np.where(odd, 2 * low + (flips + 1) * span, -flips * span).astype(at.dtype)


def centres(length, align_corners, *, like):
    """The coordinates of the pixels along one dimension."""
    span = max(length - 1, 1) if align_corners else length
    return (2 * np.arange(length, like=like) - (length - 1)) / span


def picture_size(theta, size):
    """`size` as four integers that go with theta."""
    shape = tuple(theta.shape)
    if any(isinstance(n, bool) or not hasattr(n, "__index__") for n in size):
        raise TypeError(f"affine_grid: size is made of integers, not {size}")
    size = tuple(operator.index(n) for n in size)
    if len(size) != 4:
        raise NotImplementedError(f"affine_grid: expected a size (N, C, H, W), not {size} (theta {shape})")
    if not theta.is_floating_point():
        raise ValueError(f"affine_grid: theta has a floating-point type, not {theta.dtype}")
    if len(shape) != 3 or shape[1:] != (2, 3):
        raise ValueError(f"affine_grid: expected theta (N, 2, 3), not {shape} (size {size})")
    if min(size) < 1:
        raise ValueError(f"affine_grid: sizes are at least 1, not {size}")
    if shape[0] != size[0]:
        raise RuntimeError(
            f"affine_grid: {shape[0]} matrices for {size[0]} pictures (theta {shape}, size {size})"
        )
    return size


def check_grid(input, grid, mode, padding_mode):
    """Raise where pictures, points and options do not go together."""
    check_tensor("grid_sample", input, grid)
    on_one_device("grid_sample", (input.array, grid.array))
    shapes = f"(input {tuple(input.shape)}, grid {tuple(grid.shape)})"
    if mode not in ("bilinear", "nearest"):
        raise ValueError(f"grid_sample: mode is 'bilinear' or 'nearest', not {mode!r}")
    if padding_mode not in PADDINGS:
        raise ValueError(
            f"grid_sample: padding_mode is 'zeros', 'border' or 'reflection', not {padding_mode!r}"
        )
    if input.ndim != 4 or grid.ndim != 4 or grid.shape[3] != 2:
        raise RuntimeError(f"grid_sample: expected input (N, C, H, W) and grid (N, oh, ow, 2) {shapes}")
    if input.shape[0] != grid.shape[0]:
        raise RuntimeError(f"grid_sample: input and grid must have the same batch size {shapes}")
    if math.prod(input.shape[2:]) == 0:
        raise RuntimeError(f"grid_sample: there are no pixels to sample {shapes}")
    if input.dtype is not grid.dtype:
        raise RuntimeError(
            f"grid_sample: input and grid must have the same dtype (input {input.dtype.name}, "
            f"grid {grid.dtype.name}); convert one with .to()"
        )
    if not input.is_floating_point():
        raise NotImplementedError(
            f"grid_sample: not defined for {input.dtype}; convert input and grid to float {shapes}"
        )
