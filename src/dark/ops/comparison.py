"""Comparisons and logic: operations whose result says where something holds."""

import numpy as np

from ..autograd.operation import op
from ..tensor import Tensor, method
from .in_place import in_place


@in_place
@method
@op(promote=True, differentiable=False)
def eq(input, other):
    """Where input == other."""
    return input == other


@in_place
@method
@op(promote=True, differentiable=False)
def ne(input, other):
    """Where input != other."""
    return input != other


@in_place
@method
@op(promote=True, differentiable=False)
def lt(input, other):
    """Where input < other."""
    return input < other


@in_place
@method
@op(promote=True, differentiable=False)
def le(input, other):
    """Where input <= other."""
    return input <= other


@in_place
@method
@op(promote=True, differentiable=False)
def gt(input, other):
    """Where input > other."""
    return input > other


@in_place
@method
@op(promote=True, differentiable=False)
def ge(input, other):
    """Where input >= other."""
    return input >= other


@in_place
@method
@op(differentiable=False)
def logical_and(input, other):
    """Where both are true; numbers are true unless they are 0."""
    return np.logical_and(input, other)


@in_place
@method
@op(differentiable=False)
def logical_or(input, other):
    """Where at least one is true; numbers are true unless they are 0."""
    return np.logical_or(input, other)


@in_place
@method
@op(differentiable=False)
def logical_xor(input, other):
    """Where exactly one is true; numbers are true unless they are 0."""
    return np.logical_xor(input, other)


@in_place
@method
@op(differentiable=False)
def logical_not(input):
    """Where it is not true; numbers are true unless they are 0."""
    return np.logical_not(input)


@in_place
@method
@op(promote=True, differentiable=False)
def bitwise_and(input, other):
    """input & other: bit by bit, of integers or booleans."""
    return input & other


@in_place
@method
@op(promote=True, differentiable=False)
def bitwise_or(input, other):
    """input | other: bit by bit, of integers or booleans."""
    return input | other


@in_place
@method
@op(promote=True, differentiable=False)
def bitwise_xor(input, other):
    """input ^ other: bit by bit, of integers or booleans."""
    return input ^ other


@in_place
@method
@op(differentiable=False)
def bitwise_not(input):
    """~input: every bit of an integer, or a boolean, inverted."""
    return ~input


@method
@op(differentiable=False)
def isnan(input):
    """Where there is no number, but NaN."""
    return input != input


@method
@op(differentiable=False)
def isinf(input):
    """Where it is infinity or minus infinity."""
    return np.isinf(input)


@method
@op(differentiable=False)
def isfinite(input):
    """Where it is neither infinite nor NaN."""
    return np.isfinite(input)


@method
@op(promote=True, differentiable=False)
def isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Where |input - other| <= atol + rtol * |other|."""
    return np.isclose(input, other, rtol, atol, equal_nan)


@method
def allclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether |input - other| <= atol + rtol * |other| everywhere."""
    return bool(isclose(input, other, rtol, atol, equal_nan).all())


@method
def equal(input, other):
    """Whether two tensors have the same shape and equal elements."""
    return input.shape == other.shape and bool(eq(input, other).all())


@method
def __contains__(self, element):  # beyond
    """Whether some element is equal: `3 in x`."""
    if not isinstance(element, (Tensor, bool, int, float)):
        raise RuntimeError(f"in: a tensor holds numbers, no {type(element).__name__}")
    return bool((self == element).array.any())


def operator(function):
    """The operator; with what is neither number nor tensor Python decides, by which t == None is False."""

    def compare(self, other):
        comparable = isinstance(other, (Tensor, bool, int, float, np.ndarray, np.generic))
        return function(self, other) if comparable else NotImplemented

    return compare


def inverted(self):
    """The operator ~."""
    if self.dtype.is_floating_point:
        raise TypeError(f"~ is defined for integers and booleans, not for {self.dtype}")
    return bitwise_not(self)


Tensor.__eq__, Tensor.__ne__ = operator(eq), operator(ne)
Tensor.__lt__, Tensor.__le__ = operator(lt), operator(le)
Tensor.__gt__, Tensor.__ge__ = operator(gt), operator(ge)
Tensor.__and__ = Tensor.__rand__ = operator(bitwise_and)
Tensor.__or__ = Tensor.__ror__ = operator(bitwise_or)
Tensor.__xor__ = Tensor.__rxor__ = operator(bitwise_xor)
Tensor.__invert__ = inverted
Tensor.__iand__, Tensor.__ior__ = Tensor.bitwise_and_, Tensor.bitwise_or_
Tensor.__ixor__ = Tensor.bitwise_xor_
