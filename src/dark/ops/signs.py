"""Signs of numbers, what is beside NaN, and neighbours among floating-point numbers."""  # beyond

import numpy as np

from ..autograd.operation import op
from ..dtypes import as_dtype, cast, double
from ..tensor import Tensor, method
from .elementwise import pow
from .in_place import in_place


@method
@op(differentiable=False)
def signbit(input):
    """Where the sign is a minus, that of -0.0 too."""
    return np.signbit(input) if input.dtype.kind == "f" else input < 0


@in_place
@method
@op(promote=float)
def copysign(input, other):
    """The size of `input` with the sign of `other`; its gradient at 0 is 0."""
    y = np.copysign(input, other)
    return y, lambda g: g * np.where(input == 0, 0, y / input), lambda g: np.zeros_like(g)


@in_place
@method
@op(differentiable=False)
def heaviside(input, values):
    """0 for negative numbers, 1 for positive ones, `values` at 0."""
    if input.dtype != values.dtype:
        types = f"{as_dtype(input.dtype)} and {as_dtype(values.dtype)}"
        raise RuntimeError(f"heaviside: expected both to have the same dtype: {types}")
    return np.where(input == 0, values, cast(input > 0, as_dtype(input.dtype)))


@method
@op(differentiable=False)
def isposinf(input):
    """Where it is infinity."""
    return input == np.inf


@method
@op(differentiable=False)
def isneginf(input):
    """Where it is minus infinity."""
    return input == -np.inf


@method
@op(promote=True)
def fmax(input, other):
    """The larger of two numbers, or the other one of a NaN; at a tie `input` gets the gradient."""
    y = np.fmax(input, other)
    first = (input >= other) | np.isnan(other)
    return y, lambda g: np.where(first, g, 0), lambda g: np.where(first, 0, g)


@method
@op(promote=True)
def fmin(input, other):
    """The smaller of two numbers, or the other one of a NaN; at a tie `input` gets the gradient."""
    y = np.fmin(input, other)
    first = (input <= other) | np.isnan(other)
    return y, lambda g: np.where(first, g, 0), lambda g: np.where(first, 0, g)


@in_place
@method
@op(promote=True, differentiable=False)
def nextafter(input, other):
    """The next floating-point number after `input` in the direction of `other`."""
    return np.nextafter(input, other)


@in_place
@method
def ldexp(input, other):
    """input * 2 ** other, of the input's type where that is a floating-point one."""
    if input.is_floating_point() and not other.is_floating_point():
        other = other.to(input.dtype)
    return input * pow(2.0, other)


@in_place
@method
def float_power(input, exponent):
    """input ** exponent, computed in float64 whatever the types."""
    return pow(*(x.to(double) if isinstance(x, Tensor) else float(x) for x in (input, exponent)))
