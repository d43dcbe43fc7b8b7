"""Pooling to a size that is asked for; the windows follow from it, and may overlap by a pixel."""  # dark-5

import operator

import numpy as np

from ...autograd.operation import op
from ...devices import current
from ...ops.gathering import gather  # beyond
from ...ops.pieces import along
from ...ops.reduction import total
from ...tensor import Tensor, check_tensor, wrap


def adaptive_avg_pool1d(input, output_size):
    """`adaptive_avg_pool2d` along one dimension: input (N, C, L) or (C, L)."""
    (length,) = sizes("adaptive_avg_pool1d", 1, input, output_size)
    return averaged(input, input.ndim - 1, length)


def adaptive_avg_pool2d(input, output_size):
    """The means of (oh, ow) windows that together cover input (N, C, H, W) or (C, H, W).

    `output_size` is one number or a pair, in which None leaves a dimension as long as it is. Along a
    dimension of length L, window i of n reaches from i * L / n, rounded down, to (i + 1) * L / n, rounded up.
    """
    height, width = sizes("adaptive_avg_pool2d", 2, input, output_size)
    if (height, width) == (1, 1):
        return input.mean((-2, -1), keepdim=True)
    return averaged(averaged(input, input.ndim - 1, width), input.ndim - 2, height)


def adaptive_max_pool1d(input, output_size, return_indices=False):  # beyond
    """`adaptive_max_pool2d` along one dimension: input (N, C, L) or (C, L)."""
    (length,) = sizes("adaptive_max_pool1d", 1, input, output_size)
    y, indices = largest(input.unsqueeze(-2), 1, length)
    return (y.squeeze(-2), indices.squeeze(-2)) if return_indices else y.squeeze(-2)


def adaptive_max_pool2d(input, output_size, return_indices=False):  # beyond
    """The largest pixels of (oh, ow) windows that together cover input (N, C, H, W) or (C, H, W).

    The windows are those of `adaptive_avg_pool2d`. `return_indices` gives (values, indices): where each value
    comes from, as row * W + column. Of equal pixels the first gets the gradient, of several NaN the last.
    """
    y, indices = largest(input, *sizes("adaptive_max_pool2d", 2, input, output_size))
    return (y, indices) if return_indices else y


def averaged(x, dim, count):
    """The means of `count` windows along a dimension."""
    with current(x.device):
        start, end = window(np.arange(count, like=x.array), x.shape[dim], count)
        lengths = (end - start).astype(x.array.dtype).reshape((-1, *(1,) * (x.ndim - dim - 1)))
    return _run_sums(x, dim, covering(x.shape[dim], count)) / wrap(lengths)


@op
def _run_sums(input, dim, runs):
    """The sum of each run (start, end) of the input along a dimension.

    Runs start and end in order. So the runs that a position belongs to are a run in turn, and the gradient
    is made of sums of runs too.
    """
    length = input.shape[dim]
    holding = [
        (sum(end <= i for _, end in runs), sum(start <= i for start, _ in runs)) for i in range(length)
    ]

    def gradient(g):
        return _run_sums(g, dim, holding)

    if isinstance(input, Tensor):
        return _run_sums(input, dim, runs), gradient
    y = np.empty_like(input, shape=(*input.shape[:dim], len(runs), *input.shape[dim + 1 :]))
    for i, (start, end) in enumerate(runs):
        y[along(dim, slice(i, i + 1))] = total(input[along(dim, slice(start, end))], dim)
    return y, gradient


def largest(x, height, width):  # beyond
    """The largest pixels of windows that cover the last two dimensions, and where in these they are."""
    with current(x.device):
        indices = np.empty((*x.shape[:-2], height, width), np.int64, like=x.array)
        for i, (top, bottom) in enumerate(covering(x.shape[-2], height)):
            for j, (left, right) in enumerate(covering(x.shape[-1], width)):
                pixels = x.array[..., top:bottom, left:right]
                pixels = pixels.reshape((*x.shape[:-2], (bottom - top) * (right - left)))
                row, column = np.divmod(taken(pixels), right - left)
                indices[..., i, j] = (top + row) * x.shape[-1] + left + column
    found = wrap(indices)
    return gather(x.flatten(-2), -1, found.flatten(-2)).reshape(indices.shape), found


def taken(pixels):  # beyond
    """Where the largest number is in the last dimension: the first one, but the last NaN."""
    is_nan = np.isnan(pixels)
    last = pixels.shape[-1] - 1 - is_nan[..., ::-1].argmax(-1)
    return np.where(is_nan.any(-1), last, pixels.argmax(-1))


def covering(length, count):
    """[(start, end)] of `count` windows that together cover a dimension."""
    return [window(i, length, count) for i in range(count)]


def window(i, length, count):
    """Where window i of `count` starts and ends in a dimension."""
    return i * length // count, -(-(i + 1) * length // count)


def sizes(name, dims, input, output_size):
    """The lengths of the result along the last `dims` dimensions."""
    check_tensor(name, input)
    shape = tuple(input.shape)
    if len(shape) not in (dims + 1, dims + 2) or 0 in shape[-dims:]:
        one = "C, H, W" if dims == 2 else "C, L"
        raise RuntimeError(f"{name}: expected an input (N, {one}) or ({one}) of some pixels, not {shape}")
    if not input.is_floating_point():
        raise NotImplementedError(
            f"{name}: not defined for {input.dtype} (input {shape}); convert it to float"
        )
    given = tuple(output_size) if isinstance(output_size, (tuple, list)) else (output_size,) * dims
    lengths = [n if m is None and dims == 2 else m for n, m in zip(shape[-dims:], given)]
    if any(isinstance(n, bool) or not hasattr(n, "__index__") for n in lengths):
        raise TypeError(f"{name}: output_size is made of integers, not {output_size!r}")
    if len(given) != dims or min(lengths) < 0:
        many = "one number or two" if dims == 2 else "one number"
        raise RuntimeError(f"{name}: output_size is {many}, at least 0, not {output_size}")
    return [operator.index(n) for n in lengths]
