"""Sums of pictures that stay channels-last: CuPy's own `+` would lay out the result row by row."""  # dark-5

from cupy import ElementwiseKernel

from .. import reference
from .rectification import one_pass

sum_of_two = ElementwiseKernel("T a, T b", "T y", "y = a + b", "sum_of_two")


def add(a, b):
    """`reference.add`, in a's order of memory where b has the same shape and type."""
    if a.dtype.kind != "f" or a.dtype != b.dtype or a.shape != b.shape or a.flags.c_contiguous:
        return reference.add(a, b)
    return one_pass(sum_of_two, a, b)
