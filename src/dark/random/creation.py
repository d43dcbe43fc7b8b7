"""New tensors of random numbers: `rand`, `randn`, `randperm` and their kin."""

import operator

import numpy as np

from ..dtypes import as_dtype, get_default_dtype
from ..tensor import Tensor, wrap
from . import distributions
from .filling import fill_normal, fill_uniform
from .generator import default_generator


def rand(*size, generator=None, dtype=None, device=None, requires_grad=False) -> Tensor:
    """Numbers uniformly distributed in [0, 1)."""
    return new(size, dtype, requires_grad, fill_uniform, generator)


def randn(*size, generator=None, dtype=None, device=None, requires_grad=False) -> Tensor:
    """Normally distributed numbers of mean 0 and variance 1."""
    return new(size, dtype, requires_grad, fill_normal, generator)


def randperm(n, *, generator=None, dtype=None, device=None, requires_grad=False) -> Tensor:
    """The numbers 0 ... n-1 in random order, int64 or of the given `dtype`."""
    order = distributions.permutation(generator or default_generator, n)
    return wrap(order.astype(as_dtype(dtype or "int64").numpy, copy=False)).requires_grad_(requires_grad)


def new(size, dtype, requires_grad, fill, *options):
    """A tensor of that size, filled."""
    if len(size) == 1 and not hasattr(size[0], "__index__"):
        size = size[0]
    shape = tuple(operator.index(n) for n in size)
    result = wrap(np.empty(shape, as_dtype(dtype or get_default_dtype()).numpy))
    return fill(result, *options).requires_grad_(requires_grad)
