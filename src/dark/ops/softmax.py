"""Softmax, its logarithm, and the logarithm of a sum of exponentials, exact for any numbers."""  # dark-3

import numpy as np

from ..autograd.operation import op
from ..dtypes import as_dtype, cast, promoted
from ..tensor import Tensor, method
from .reduction import axes, check_float, reduced, total


@method
@op
def softmax(input, dim, dtype=None):
    """exp(input) / Σ exp(input) over `dim`: positive numbers that add up to 1."""
    input, axis = prepared(input, dim, dtype, "softmax")
    if isinstance(input, Tensor):
        y = softmax(input, dim)
    else:
        y = np.exp(input - largest(input, axis))
        y /= total(y, axis)
    return y, lambda g: (g - (g * y).sum(axis=axis, keepdims=True)) * y


@method
@op
def log_softmax(input, dim, dtype=None):
    """log(softmax(input, dim)), exact where the softmax is nearly 0."""
    input, axis = prepared(input, dim, dtype, "log_softmax")
    if isinstance(input, Tensor):
        y = log_softmax(input, dim)
    else:
        y = input - largest(input, axis)
        y -= np.log(total(np.exp(y), axis))
    return y, lambda g: g - np.exp(y) * g.sum(axis=axis, keepdims=True)


@method
@op
def logsumexp(input, dim, keepdim=False):
    """log(Σ exp(input)) over `dim` (an int or several); infinities are as in the formula."""
    (input,), axis = promoted([input], to_float=True), axes(dim, input.ndim, "logsumexp")
    if isinstance(input, Tensor):
        y = logsumexp(input, dim, True)
    else:
        top = largest(input, axis)
        top = np.where(np.isfinite(top), top, 0)
        y = np.log(total(np.exp(input - top), axis)) + top
    return reduced(y, axis, keepdim), lambda g: g.reshape(y.shape) * np.exp(input - y)


def prepared(input, dim, dtype, name):
    """The input in the type asked for, and `dim` counted from 0 in a tuple, empty for a 0-d tensor."""
    if dtype is not None:
        input = cast(input, as_dtype(dtype))
    check_float(input, name, "say dtype=dark.float32")
    return input, axes(dim, input.ndim, name)


def largest(input, axis):
    """The largest element over `axis`, which is taken away before exp so that nothing overflows."""
    if 0 in input.shape:  # of no elements it is -inf
        shape = tuple(1 if i in axis else n for i, n in enumerate(input.shape))
        return np.full_like(input, -np.inf, shape=shape)
    return np.max(input, axis=axis, keepdims=True)
