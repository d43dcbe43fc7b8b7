"""Sorting, and what is found by it: the k largest, the median, distinct elements."""  # beyond

import math

import numpy as np

from .. import return_types
from ..autograd.operation import numpy_names, op
from ..devices import to_device
from ..dtypes import check_no_booleans
from ..tensor import Tensor, method, wrap
from .extremes import found, same
from .reduction import axes, evenly


@method
@op(differentiable=False)
def argsort(input, dim=-1, descending=False, *, stable=False):
    """The indices that sort `input` along `dim`; equal elements keep their order, NaN is the largest."""
    (axis,) = axes(dim, input.ndim, "argsort") or (None,)
    if axis is None:
        return np.zeros((), dtype=np.int64, like=input)
    if not descending:
        return np.argsort(input, axis=axis, kind="stable")
    return input.shape[axis] - 1 - np.flip(np.argsort(np.flip(input, axis), axis=axis, kind="stable"), axis)


@method
@numpy_names
def sort(input, dim=-1, descending=False, *, stable=False):
    """The elements in order along `dim`, and the indices where they were; NaN counts as the largest."""
    return found(return_types.sort, input, argsort(input, dim, descending), dim, keepdim=True)


@method
def msort(input):
    """The elements in order along the first dimension."""
    return sort(input, 0).values


@method
@numpy_names
def topk(input, k, dim=-1, largest=True, sorted=True):
    """The k largest (or smallest) elements along `dim`, in order, and their indices."""
    check_no_booleans("topk", input)
    n = length(input, dim, "topk")
    if not 0 <= k <= n:
        raise RuntimeError(f"topk: k = {k}, but dim {dim} of {tuple(input.shape)} has {n} elements")
    return found(return_types.topk, input, indices_of_most(input, k, dim, largest), dim, keepdim=True)


@op(differentiable=False)
def indices_of_most(input, k, dim, largest):
    """The indices of the k largest (or smallest) elements along `dim`, in order."""
    n = input.shape[dim] if input.ndim else 1
    if k in (0, n):
        return at(argsort(input, dim, descending=largest), slice(k), dim)
    # to part them from the rest and to sort only them is much faster than to sort all
    parted = np.argpartition(input, n - k if largest else k - 1, axis=dim)
    most = np.sort(at(parted, slice(n - k, n) if largest else slice(k), dim), axis=dim)
    order = argsort(np.take_along_axis(input, most, dim), dim, descending=largest)
    return np.take_along_axis(most, order, dim)


@method
@numpy_names
def kthvalue(input, k, dim=-1, keepdim=False):
    """The k-th smallest elements along `dim`, counted from 1, and their indices."""
    n = length(input, dim, "kthvalue")
    if not n:
        raise IndexError(f"kthvalue: dim {dim} of a tensor of shape {tuple(input.shape)} has no elements")
    if not 1 <= k <= n:
        raise RuntimeError(f"kthvalue: k = {k}, but the {n} elements of dim {dim} count from 1")
    indices = at(argsort(input, dim).array, slice(k - 1, k), dim)
    return found(return_types.kthvalue, input, wrap(indices), dim, keepdim)


@method
@numpy_names
def median(input, dim=None, keepdim=False):
    """The median, of two in the middle the lower one; over `dim` the medians and their indices.

    Where there is a NaN, it is the median. Over all elements, those equal to the median share its gradient.
    """
    if dim is None:
        return median_of_all(input)
    if length(input, dim, "median") == 0:
        raise IndexError(f"median: there is no element along dim {dim} of shape {tuple(input.shape)}")
    return found(return_types.median, input, middle(input, dim), dim, keepdim)


@op
def median_of_all(input):
    """The median of all elements; NaN where there are none."""
    n = math.prod(input.shape)
    if isinstance(input, Tensor):
        y = median_of_all(input)
    elif n == 0 or (input != input).any():
        y = np.zeros((), input.dtype, like=input)
        y[...] = math.nan if input.dtype.kind == "f" else lowest(input.dtype)
    else:
        y = np.partition(input, (n - 1) // 2, axis=None)[(n - 1) // 2]
    return y, lambda g: evenly(g, same(input, y), None)


def lowest(integers):
    """What PyTorch returns of no integers: NaN converted to them."""
    return np.iinfo(integers).min if integers.itemsize > 2 else 0


@op(differentiable=False)
def middle(input, dim):
    """The indices of the medians along `dim`, which is kept with length 1."""
    if not input.ndim:
        return np.zeros((), dtype=np.int64, like=input)
    order = np.argsort(input, axis=dim, kind="stable")  # NaN is last
    half = (input.shape[dim] - 1) // 2
    lower = at(order, slice(half, half + 1), dim)
    is_nan = np.isnan(input)
    return np.where(is_nan.any(axis=dim, keepdims=True), is_nan.argmax(axis=dim, keepdims=True), lower)


@method
def unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None):
    """The distinct elements (or, with `dim`, the distinct slices) in ascending order.

    `return_inverse` adds where each input is found among them, `return_counts` how often each occurs.
    """
    array = input.numpy(force=True)
    values, inverse, counts = np.unique(
        array, return_inverse=True, return_counts=True, axis=dim, equal_nan=False
    )
    inverse = inverse.reshape(input.shape if dim is None else -1)
    wanted = [values, *([inverse] if return_inverse else []), *([counts] if return_counts else [])]
    results = tuple(wrap(to_device(part, input.device)) for part in wanted)
    return results if len(results) > 1 else results[0]


@method
@op(differentiable=False)
def bincount(input, weights=None, minlength=0):
    """How often each of 0, 1, 2, … occurs in a vector of integers; with `weights`, their sums."""
    if input.ndim != 1 or input.dtype.kind not in "iu" or (input < 0).any():
        raise RuntimeError(f"bincount: expected a vector of integers >= 0, got {input.dtype} {input.shape}")
    y = np.bincount(input.astype(np.int64), weights=weights, minlength=minlength)
    return y.astype(np.float32) if weights is not None and weights.dtype == np.float32 else y


def length(input, dim, name):
    """The length of dimension `dim`; a 0-d tensor has one element."""
    return math.prod(input.shape[i] for i in axes(dim, input.ndim, name))


def at(indices, positions, dim):
    """A slice along `dim` of an array of indices, as a copy; a 0-d one has a single position."""
    return indices[(slice(None),) * (dim % indices.ndim) + (positions,)].copy() if indices.ndim else indices
