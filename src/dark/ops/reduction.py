"""Reductions: many elements to one, along some dimensions or all."""

import math

import numpy as np

from ..autograd.operation import (
    numpy_names,  # beyond
    op,
)
from ..dtypes import as_dtype, bool_, cast, float32, int64, uint8
from ..tensor import Tensor, method
from .elementwise import sign  # beyond


@method
@op
def sum(input, dim=None, keepdim=False, *, dtype=None):
    """The sum over `dim` (an int, several, or all); sums of integers and booleans are int64."""
    axis = axes(dim, input.ndim, "sum")
    y, shape = total(accumulating(input, dtype), axis, keepdim), input.shape
    return y, lambda g: np.broadcast_to(widened(g, shape, axis), shape)


@method
@op
def mean(input, dim=None, keepdim=False, *, dtype=None):
    """The mean over `dim` (an int, several, or all) of floating-point numbers; of no numbers it is NaN."""
    if dtype is None:
        check_float(input, "mean", "say mean(dtype=dark.float32)")
    axis = axes(dim, input.ndim, "mean")
    n, shape = count(input, axis), input.shape
    y = total(accumulating(input, dtype), axis, keepdim) / n
    return y, lambda g: np.broadcast_to(widened(g / n, shape, axis), shape)


@method
@op
def var(input, dim=None, unbiased=True, keepdim=False, *, correction=None):
    """The variance over `dim` (an int, several, or all): Σ(x - mean)² / (n - correction).

    The correction is 1 unless given; `unbiased=False` is another way to say 0.
    """
    y, backward, axis = variance(input, dim, unbiased, correction, "var")
    return reduced(y, axis, keepdim), lambda g: backward(g.reshape(y.shape))


@method
@op
def std(input, dim=None, unbiased=True, keepdim=False, *, correction=None):
    """The standard deviation over `dim`: the square root of `var`. Where it is 0, so is its gradient."""
    squared, backward, axis = variance(input, dim, unbiased, correction, "std")
    on_tensors = isinstance(input, Tensor)
    y = std(input, dim, unbiased, True, correction=correction) if on_tensors else np.sqrt(squared)
    return reduced(y, axis, keepdim), lambda g: backward(np.where(y == 0, 0, g.reshape(y.shape) / (2 * y)))


def variance(input, dim, unbiased, correction, name):
    """The variance with its dimensions kept, its gradient function, and the dimensions."""
    check_float(input, name, "convert it first")
    if isinstance(dim, bool):  # PyTorch's x.var(False)
        dim, unbiased = None, dim
    axis = axes(dim, input.ndim, name)
    n = count(input, axis)
    freedom = n - (int(unbiased) if correction is None else correction)
    average = total(input, axis) / n
    y = total((input - average) ** 2, axis) / max(freedom, 0)
    factor = 2 / freedom if freedom > 0 else math.inf
    return y, lambda g: g * factor * (input - average), axis


@numpy_names
def var_mean(input, dim=None, unbiased=True, keepdim=False, *, correction=None):  # beyond
    """The variance and the mean over `dim`, as a pair."""
    averaged = None if isinstance(dim, bool) else dim
    return var(input, dim, unbiased, keepdim, correction=correction), mean(input, averaged, keepdim)


@numpy_names
def std_mean(input, dim=None, unbiased=True, keepdim=False, *, correction=None):  # beyond
    """The standard deviation and the mean over `dim`, as a pair."""
    averaged = None if isinstance(dim, bool) else dim
    return std(input, dim, unbiased, keepdim, correction=correction), mean(input, averaged, keepdim)


@method
@op
def norm(input, p="fro", dim=None, keepdim=False, *, dtype=None):  # beyond
    """The p-norm over `dim` of all its elements: (Σ|x|^p)^(1/p), of which "fro" is p = 2.

    p = inf and -inf are the largest and the smallest |x|, p = 0 counts what is not 0.
    Where the norm has a kink, at 0, its gradient is 0; equally large |x| share the gradient.
    """
    if dtype is not None:
        input = cast(input, as_dtype(dtype))
    check_float(input, "norm", "convert it first")
    p = 2 if p == "fro" or p is None else p
    if isinstance(p, str):
        raise RuntimeError(f"norm: p is a number or 'fro', not {p!r}")
    axis = axes(dim, input.ndim, "norm")
    y = norm(input, p, dim, True) if isinstance(input, Tensor) else p_norm(input, p, axis)

    def backward(g):
        g = g.reshape(y.shape)
        if p == 0:
            return np.zeros_like(input)
        if p == 1:
            return g * sign(input)
        if p == 2:
            return np.where(y == 0, 0, g / y) * input
        size = np.abs(input)
        if math.isinf(p):
            return evenly(g, size == y, axis) * sign(input)
        slope = sign(input) * np.where(size == 0, 0, size ** (p - 1))
        return np.where(y == 0, 0, g / y ** (p - 1)) * slope

    return reduced(y, axis, keepdim), backward


def p_norm(x, p, axis):  # beyond
    """The p-norm of arrays, with the dimensions kept."""
    if p == 0:
        return np.sum(x != 0, axis=axis, keepdims=True, dtype=x.dtype)
    if p == 2:
        return np.sqrt(total(x**2, axis))
    size = np.abs(x)
    if math.isinf(p):
        return np.max(size, axis=axis, keepdims=True) if p > 0 else np.min(size, axis=axis, keepdims=True)
    return total(size, axis) if p == 1 else total(size**p, axis) ** (1 / p)


@method
@op(differentiable=False)
def any(input, dim=None, keepdim=False):
    """Whether some element over `dim` (an int, several, or all) is true, that is not 0."""
    return truth(np.any(input, axis=named_axes(dim, input.ndim, "any"), keepdims=keepdim), input)


@method
@op(differentiable=False)
def all(input, dim=None, keepdim=False):
    """Whether every element over `dim` (an int, several, or all) is true, that is not 0."""
    return truth(np.all(input, axis=named_axes(dim, input.ndim, "all"), keepdims=keepdim), input)


def named_axes(dim, ndim, name):
    """As `axes`, but an empty list of dimensions means none of them: every element for itself."""
    return () if isinstance(dim, (tuple, list)) and not dim else axes(dim, ndim, name)


def truth(holds, input):
    """PyTorch answers in booleans, and in uint8 when asked in uint8."""
    return cast(holds, uint8 if input.dtype == np.uint8 else bool_)


@method
@op(differentiable=False)
def count_nonzero(input, dim=None):  # beyond
    """How many elements over `dim` (an int, several, or all) are not 0."""
    return np.sum(input != 0, axis=axes(dim, input.ndim, "count_nonzero"), dtype=np.int64)


def axes(dim, ndim, name):
    """`dim` as a tuple of dimensions counted from 0; None means all of them."""
    dims = dim if isinstance(dim, (tuple, list)) else () if dim is None else (dim,)
    dims = dims or range(ndim)
    rank = ndim or 1  # PyTorch lets dim 0 and -1 name the missing dimension of a 0-d tensor
    for d in dims:
        if not -rank <= d < rank:
            raise IndexError(f"{name}: dim {d} is out of range for a tensor of {ndim} dimensions")
    counted = tuple(sorted({d % rank for d in dims}))
    if len(counted) < len(dims):
        raise RuntimeError(f"{name}: a dimension appears more than once in {tuple(dims)}")
    return counted if ndim else ()


def reduced(y, axis, keepdim):
    """Drop the dimensions of length 1 that a reduction left, unless they are to be kept."""
    return y if keepdim else y.reshape(tuple(n for i, n in enumerate(y.shape) if i not in axis))


def widened(g, shape, axis):
    """A gradient with the reduced dimensions back, as length 1."""
    return g.reshape(tuple(1 if i in axis else n for i, n in enumerate(shape)))


def count(input, axis):
    """How many elements make one element of the reduction."""
    return math.prod(input.shape[i] for i in axis)


def accumulating(input, dtype):
    """`input` in the type in which its elements are summed."""
    if dtype is None and input.dtype.kind == "f":
        return input
    return cast(input, int64 if dtype is None else as_dtype(dtype))


def total(input, axis, keepdim=True):
    """The sum over `axis`; float16 is added up in float32."""
    if input.dtype.itemsize == 2 and input.dtype.kind == "f":
        return cast(total(cast(input, float32), axis, keepdim), as_dtype(input.dtype))
    return input.sum(axis=axis, keepdims=keepdim, dtype=input.dtype)  # NumPy would widen small integers


def evenly(g, mask, axis):
    """The gradient of each result shared among the elements in `mask`."""
    n = cast(mask.sum(axis=axis, keepdims=True), as_dtype(g.dtype))
    return g / n * mask


def check_float(input, name, remedy):
    """Raise for integers and booleans."""
    if input.dtype.kind != "f":
        raise RuntimeError(f"{name}: the input is {as_dtype(input.dtype)}, not floating-point; {remedy}")
