"""Running sums and products, and the product of many."""  # beyond

import numpy as np

from ..autograd.operation import op
from ..tensor import Tensor, method
from .in_place import in_place
from .reduction import accumulating, axes


@in_place
@method
@op
def cumsum(input, dim, *, dtype=None):
    """The sums of the first 1, 2, 3, … elements along `dim`; those of integers and booleans are int64."""
    input, axis = along(input, dim, dtype, "cumsum")
    if axis is None:
        return np.copy(input), lambda g: g
    return running(np.cumsum, input, axis), lambda g: backwards(np.cumsum, g, axis)


@in_place
@method
@op
def cumprod(input, dim, *, dtype=None):
    """The products of the first 1, 2, 3, … elements along `dim`; those of integers and booleans are int64."""
    input, axis = along(input, dim, dtype, "cumprod")
    if axis is None:
        return np.copy(input), lambda g: g
    y = running(np.cumprod, input, axis)

    def backward(g):
        if (input != 0).all():
            return backwards(np.cumsum, g * y, axis) / input
        # without division: x[i] gets the product of all before it times s[i] = g[i] + x[i+1] s[i+1]
        n = input.shape[axis]
        s = [part(g, axis, n - 1)]
        for i in reversed(range(n - 1)):
            s.insert(0, part(g, axis, i) + part(input, axis, i + 1) * s[0])
        return before(input, axis) * np.stack(s, axis)

    return y, backward


@method
@op
def prod(input, dim=None, keepdim=False, *, dtype=None):
    """The product over `dim`, or of all elements; products of integers and booleans are int64."""
    x, axis = along(input, dim, dtype, "prod") if dim is not None else (accumulating(input, dtype), None)
    if axis is None:
        x, axis = x.reshape((-1,)), 0
    y, shape = np.prod(x, axis=axis, keepdims=True, dtype=x.dtype), input.shape
    kept = tuple(1 if dim is None or i == axis else n for i, n in enumerate(shape))
    dropped = tuple(n for i, n in enumerate(shape) if dim is not None and i != axis)

    def backward(g):
        after = np.flip(before(np.flip(x, axis), axis), axis)
        return (g.reshape(y.shape) * before(x, axis) * after).reshape(shape)  # zeros do no harm

    return y.reshape(kept if keepdim else dropped), backward


def along(input, dim, dtype, name):
    """The input in the type of its sums, and the dimension counted from 0, None for a 0-d tensor."""
    (axis,) = axes(dim, input.ndim, name) or (None,)
    return accumulating(input, dtype), axis


def backwards(function, x, axis):
    """`function` along `axis`, started from its end."""
    return np.flip(running(function, np.flip(x, axis), axis), axis)


def running(function, x, axis):
    """`function` (np.cumsum, np.cumprod) along `axis`; floating-point numbers are added up in float64."""
    if isinstance(x, Tensor) or x.dtype.kind != "f":
        return function(x, axis, dtype=x.dtype)
    return function(x, axis, dtype=np.float64).astype(x.dtype)


def before(x, axis):
    """For each element the product of those before it."""
    front = (slice(None),) * axis
    one = np.ones_like(x[(*front, slice(0, 1))])
    return running(np.cumprod, np.concatenate([one, x[(*front, slice(0, -1))]], axis), axis)


def part(x, axis, i):
    """The slice at position i along `axis`."""
    return x[(*[slice(None)] * axis, i)]
