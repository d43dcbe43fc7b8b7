"""The largest and smallest elements, and where they are."""

import numpy as np

from .. import return_types
from ..autograd.operation import numpy_names, op
from ..dtypes import check_no_booleans
from ..tensor import Tensor, method
from .arithmetic import maximum, minimum
from .reduction import axes, evenly, reduced


@method
@op
def amax(input, dim=(), keepdim=False):
    """The largest element over `dim` (an int, several, or all); equal ones share the gradient evenly."""
    axis = nonempty(input, dim, "amax")
    y = np.max(input, axis=axis, keepdims=True)
    return reduced(y, axis, keepdim), lambda g: evenly(g.reshape(y.shape), input == y, axis)


@method
@op
def amin(input, dim=(), keepdim=False):
    """The smallest element over `dim` (an int, several, or all); equal ones share the gradient evenly."""
    axis = nonempty(input, dim, "amin")
    y = np.min(input, axis=axis, keepdims=True)
    return reduced(y, axis, keepdim), lambda g: evenly(g.reshape(y.shape), input == y, axis)


@method
@numpy_names
def max(input, dim=None, keepdim=False, *, other=None):
    """The largest element; over `dim`, the largest ones and their indices; with a second tensor, `maximum`.

    Over `dim` the gradient goes to the element whose index is returned, over all elements it is shared
    evenly among the largest.
    """
    return extreme(input, dim, keepdim, other, maximum, max_of_all, argmax, return_types.max)


@method
@numpy_names
def min(input, dim=None, keepdim=False, *, other=None):
    """The smallest element; over `dim`, the smallest ones and their indices; with a second tensor, `minimum`.

    Over `dim` the gradient goes to the element whose index is returned, over all elements it is shared
    evenly among the smallest.
    """
    return extreme(input, dim, keepdim, other, minimum, min_of_all, argmin, return_types.min)


@op
def max_of_all(input):
    """The largest element, and NaN where there is one."""
    nonempty(input, None, "max")
    y = np.max(input)
    return y, lambda g: evenly(g, same(input, y), None)


@op
def min_of_all(input):
    """The smallest element, and NaN where there is one."""
    nonempty(input, None, "min")
    y = np.min(input)
    return y, lambda g: evenly(g, same(input, y), None)


def extreme(input, dim, keepdim, other, of_two, of_all, where, pair):
    """The three forms of `max` and `min`."""
    if other is not None or isinstance(dim, Tensor):
        return of_two(input, dim if other is None else other)
    if dim is None:
        return of_all(input)
    nonempty(input, dim, pair.__name__)
    numbers = input.byte() if input.dtype.kind == "b" else input
    return found(pair, input, where(numbers, dim, keepdim=True), dim, keepdim)


@method
@numpy_names
def aminmax(input, *, dim=None, keepdim=False):  # beyond
    """The smallest and the largest element, of all or along `dim`."""
    dim = () if dim is None else dim
    return return_types.aminmax(amin(input, dim, keepdim), amax(input, dim, keepdim))


@method
@op(differentiable=False)
def argmax(input, dim=None, keepdim=False):
    """The index of the first largest element along `dim`; without one, in the tensor flattened."""
    check_no_booleans("argmax", input)
    nonempty(input, dim, "argmax")
    return np.argmax(input, axis=dim if input.ndim else None, keepdims=keepdim)


@method
@op(differentiable=False)
def argmin(input, dim=None, keepdim=False):
    """The index of the first smallest element along `dim`; without one, in the tensor flattened."""
    check_no_booleans("argmin", input)
    nonempty(input, dim, "argmin")
    return np.argmin(input, axis=dim if input.ndim else None, keepdims=keepdim)


def nonempty(input, dim, name):
    """`dim` as a tuple of dimensions counted from 0, each of which has elements to choose from."""
    axis = axes(dim, input.ndim, name)
    if any(input.shape[i] == 0 for i in axis):
        of_all = dim is None or dim == ()
        kind = RuntimeError if of_all and not name.startswith("arg") else IndexError
        raise kind(f"{name}: there is no element to choose along dim {dim} of shape {tuple(input.shape)}")
    return axis


def found(pair, input, indices, dim, keepdim):
    """The elements at `indices` along `dim`, and the indices; `dim` is dropped unless it is to be kept."""
    values = picked(input, indices.array, dim)
    if keepdim or not input.ndim:
        return pair(values, indices)
    return pair(values.squeeze(dim), indices.squeeze(dim))


@op
def picked(input, indices, dim):
    """The elements at `indices` along `dim`; no index may occur twice in a row."""
    if not input.ndim:
        return np.copy(input), lambda g: g
    y = picked(input, indices, dim) if isinstance(input, Tensor) else np.take_along_axis(input, indices, dim)
    shape = input.shape
    return y, lambda g: placed(g, indices, dim, shape)


@op
def placed(input, indices, dim, shape):
    """Zeros in `shape`, but the elements of `input` at `indices` along `dim`."""
    if isinstance(input, Tensor):
        y = placed(input, indices, dim, shape)
    else:
        y = np.zeros(shape, dtype=input.dtype, like=input)
        y[along(indices, dim)] = input
    return y, lambda g: picked(g, indices, dim)


def along(indices, dim):
    """An index of every dimension, of what `take_along_axis` takes: `indices` of one, all of the others."""
    dim = dim % indices.ndim
    return tuple(indices if d == dim else counting(indices, d) for d in range(indices.ndim))


def counting(indices, dim):
    """0, 1, 2, … along one dimension of an array, of length 1 in the others, to broadcast with it."""
    shape = [-1 if d == dim else 1 for d in range(indices.ndim)]
    return np.arange(indices.shape[dim], like=indices).reshape(shape)


def same(x, y):
    """Where x is y, as a NaN is NaN."""
    return (x == y) | (np.isnan(x) & np.isnan(y))
