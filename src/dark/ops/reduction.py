"""Reductions: many elements to one, along some dimensions or all."""

import math

import numpy as np

from ..autograd.operation import op
from ..dtypes import as_dtype, cast, int64
from ..tensor import method


@method
@op
def sum(input, dim=None, keepdim=False, *, dtype=None):
    """The sum over `dim` (an int, several, or all); sums of integers and booleans are int64."""
    axis = axes(dim, input.ndim, "sum")
    input = accumulating(input, dtype)
    y = input.sum(axis=axis, keepdims=True)
    return reduced(y, axis, keepdim), lambda g: np.broadcast_to(g.reshape(y.shape), input.shape)


@method
@op
def mean(input, dim=None, keepdim=False, *, dtype=None):
    """The mean over `dim` (an int, several, or all) of floating-point numbers; of no numbers it is NaN."""
    axis = axes(dim, input.ndim, "mean")
    if dtype is None and input.dtype.kind != "f":
        raise RuntimeError(f"mean: of {input.dtype} there is no mean in that type; say mean(dtype=dark.float32)")
    input = accumulating(input, dtype)
    y = input.sum(axis=axis, keepdims=True)
    n = math.prod(input.shape[i] for i in axis)
    return reduced(y / n, axis, keepdim), lambda g: np.broadcast_to(g.reshape(y.shape) / n, input.shape)


def axes(dim, ndim, name):
    """`dim` as a tuple of dimensions counted from 0; None means all of them."""
    dims = range(ndim) if dim is None or dim == () else dim if isinstance(dim, (tuple, list)) else (dim,)
    rank = max(ndim, 1)  # PyTorch lets dim 0 and -1 name the missing dimension of a 0-d tensor
    for d in dims:
        if not -rank <= d < rank:
            raise IndexError(f"{name}: dim {d} is out of range for a tensor of {ndim} dimensions")
    return tuple(sorted({d % rank for d in dims})) if ndim else ()


def reduced(y, axis, keepdim):
    """Drop the dimensions of length 1 that a reduction left, unless they are to be kept."""
    return y if keepdim else y.reshape(tuple(n for i, n in enumerate(y.shape) if i not in axis))


def accumulating(input, dtype):
    """`input` in the type in which its elements are summed."""
    if dtype is None and input.dtype.kind == "f":
        return input
    return cast(input, int64 if dtype is None else as_dtype(dtype))
