"""Integers: their bits moved, and the divisors they share."""  # beyond

import numpy as np

from ..autograd.operation import op
from ..dtypes import as_dtype
from ..tensor import Tensor, method
from .arithmetic import reflected
from .comparison import operator
from .in_place import in_place


@in_place
@method
@op(promote=True, differentiable=False)
def bitwise_left_shift(input, other):
    """input << other: the bits of integers moved up, which multiplies by 2 ** other."""
    check_integers("bitwise_left_shift", input, other)
    return input << other


@in_place
@method
@op(promote=True, differentiable=False)
def bitwise_right_shift(input, other):
    """input >> other: the bits of integers moved down, which divides by 2 ** other, rounding down."""
    check_integers("bitwise_right_shift", input, other)
    return input >> other


@in_place
@method
@op(promote=True, differentiable=False)
def gcd(input, other):
    """The greatest common divisor of two integers; that of 0 and 0 is 0."""
    check_integers("gcd", input, other)
    return np.gcd(input, other)


@in_place
@method
@op(promote=True, differentiable=False)
def lcm(input, other):
    """The least common multiple of two integers."""
    check_integers("lcm", input, other)
    return np.lcm(input, other)


def check_integers(name, *inputs):
    """Raise for booleans and floating-point numbers."""
    for x in inputs:
        if hasattr(x, "dtype") and x.dtype.kind not in "iu":
            raise RuntimeError(f"{name}: not defined for {as_dtype(x.dtype)}, only for integers")


Tensor.__lshift__ = operator(bitwise_left_shift)
Tensor.__rlshift__ = operator(reflected(bitwise_left_shift))
Tensor.__rshift__ = operator(bitwise_right_shift)
Tensor.__rrshift__ = operator(reflected(bitwise_right_shift))
Tensor.__ilshift__, Tensor.__irshift__ = Tensor.bitwise_left_shift_, Tensor.bitwise_right_shift_
