"""Random numbers in the place of a tensor's elements: `uniform_`, `normal_` and their kin."""

import numpy as np

from ..ops.in_place import check_allowed, write
from ..tensor import method
from . import distributions
from .generator import default_generator


@method
def uniform_(self, from_=0.0, to=1.0, *, generator=None):
    """Fill self with numbers uniformly distributed in [from, to)."""
    check_allowed("uniform_", self)
    return fill_uniform(self, generator, from_, to)


@method
def normal_(self, mean=0.0, std=1.0, *, generator=None):
    """Fill self with normally distributed numbers."""
    check_allowed("normal_", self)
    return fill_normal(self, generator, mean, std)


def fill_uniform(tensor, generator=None, low=0.0, high=1.0):
    array = tensor.array
    x = distributions.uniform(generator or default_generator, array.size, array.dtype, low, high)
    return write("uniform_", tensor, in_memory_order(x, array))


def fill_normal(tensor, generator=None, mean=0.0, std=1.0):
    array = tensor.array
    blocks = array.size >= 16 and array.flags.c_contiguous
    draw = distributions.normal if blocks else distributions.normal_by_pairs
    x = draw(generator or default_generator, array.size, array.dtype, mean, std)
    return write("normal_", tensor, in_memory_order(x, array))


def in_memory_order(numbers, array):
    """Arrange numbers so that the array's elements get them in the order in which they lie in memory."""
    axes = sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))
    return numbers.reshape([array.shape[axis] for axis in axes]).transpose(np.argsort(axes))
