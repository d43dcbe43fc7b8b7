"""Functions of one element at a time."""

import numpy as np

from ..autograd.operation import op
from ..tensor import method
from .in_place import in_place


@in_place
@method
@op
def abs(input):
    """The absolute value; its gradient at 0 is 0."""
    return np.abs(input), lambda g: g * np.sign(input)


@in_place
@method
@op
def sign(input):
    """-1, 0 or 1; its gradient is zero."""
    return np.sign(input), lambda g: np.zeros_like(g)


@in_place
@method
@op(promote=float)
def sqrt(input):
    """The square root; NaN for negative numbers."""
    y = np.sqrt(input)
    return y, lambda g: g / (2 * y)


@in_place
@method
@op(promote=float)
def exp(input):
    """e to the power of input."""
    y = np.exp(input)
    return y, lambda g: g * y


@in_place
@method
@op(promote=float)
def log(input):
    """The natural logarithm; -inf at 0, NaN for negative numbers."""
    return np.log(input), lambda g: g / input
