"""Powers and roots, rounding, and other functions of one element at a time."""

import numpy as np

from ..autograd.operation import op
from ..devices import is_cupy  # beyond
from ..dtypes import (
    as_dtype,
    cast,
    check_no_booleans,
    int8,
    is_float,  # beyond
    promoted,
)
from ..tensor import Tensor, method
from .arithmetic import (
    check_divisor,  # beyond
    reflected,
)
from .in_place import in_place


@in_place
@method
@op
def abs(input):
    """The absolute value; its gradient at 0 is 0."""
    return np.abs(input), lambda g: g * sign(input)


@in_place
@method
@op
def sign(input):
    """-1, 0 or 1, and 0 for NaN; its gradient is zero."""
    y = cast(input > 0, int8) - cast(input < 0, int8)
    return cast(y, as_dtype(input.dtype)), lambda g: np.zeros_like(g)


@method
def positive(input):
    """`input` itself."""
    check_no_booleans("positive", input)
    return input


@in_place
@method
@op(promote=float)
def reciprocal(input):
    """1 / input; infinite at 0."""
    y = 1 / input
    return y, lambda g: -g * (y * y)


@in_place
@method
def square(input):
    """input ** 2."""
    return pow(input, 2)


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
def rsqrt(input):  # beyond
    """1 / sqrt(input); NaN for negative numbers."""
    y = 1 / np.sqrt(input)
    return y, lambda g: -0.5 * g * (y * y * y)


@in_place
@method
@op
def pow(input, exponent):
    """input ** exponent, of tensors or numbers; integers can't be raised to negative numbers."""
    if isinstance(exponent, (int, float)):
        input = promoted([input, exponent])[0]
        y = power(input, exponent)
        return y, lambda g: np.zeros_like(g) if exponent == 0 else g * (exponent * power(input, exponent - 1))

    input, exponent = promoted([input, exponent])
    y = whole_power(input, exponent) if exponent.dtype.kind == "i" else input**exponent

    def to_exponent(g):
        log = np.log(input) if hasattr(input, "dtype") else float(np.log(input))
        flat = (input == 0) & (exponent >= 0)
        return np.where(flat, 0, g * (y * log))

    return y, lambda g: np.where(exponent == 0, 0, g * (exponent * input ** (exponent - 1))), to_exponent


def whole_power(x, exponent):
    """x ** exponent of integers; with negative exponents rounded towards 0: 0, unless x is 1 or -1."""
    x = np.asarray(x, dtype=exponent.dtype, like=exponent)
    unit = np.where(exponent % 2 == 0, x * x, x)
    return np.where(exponent < 0, np.where(np.abs(x) == 1, unit, 0), x ** np.maximum(exponent, 0))


def power(x, exponent):
    """x ** exponent; what takes few steps is computed in them, which is ten times faster."""
    if x.dtype.kind == "b":
        return x | (not exponent)
    if exponent in (2, 3):
        return x * x if exponent == 2 else x * x * x
    if exponent in (-0.5, -2) and x.dtype.kind == "f":
        return 1 / (np.sqrt(x) if exponent == -0.5 else x * x)
    if exponent < 0 and x.dtype.kind != "f":  # CuPy would return 0
        raise RuntimeError("pow: Integers to negative integer powers are not allowed; convert them to float")
    return x**exponent


@in_place
@method
@op
def floor(input):
    """The largest integer not above input; its gradient is zero."""
    return rounded(np.floor, input), lambda g: np.zeros_like(g)


@in_place
@method
@op
def ceil(input):
    """The smallest integer not below input; its gradient is zero."""
    return rounded(np.ceil, input), lambda g: np.zeros_like(g)


@in_place
@method
@op
def trunc(input):
    """The integer part: input rounded towards zero; its gradient is zero."""
    return rounded(np.trunc, input), lambda g: np.zeros_like(g)


def rounded(function, x):
    """`function` of floating-point numbers; integers are copied, which CuPy 13 would turn into floats."""
    return function(x) if x.dtype.kind == "f" else np.copy(x)


@in_place
@method
@op
def round(input, *, decimals=0):
    """The nearest number with `decimals` digits, of two equally near the even one; its gradient is zero."""
    return np.round(input, decimals=decimals), lambda g: np.zeros_like(g)


@in_place
@method
@op
def frac(input):  # beyond
    """What follows the point: input - trunc(input), with the sign of input."""
    return input - rounded(np.trunc, input), lambda g: g


@in_place
@method
@op(promote=True)
def fmod(input, other):  # beyond
    """input - other * trunc(input / other); it has the sign of `input`."""
    check_divisor(input, other, "fmod")
    return left_over(input, other), lambda g: g, lambda g: -g * np.trunc(input / other)


def left_over(x, y):  # beyond
    """np.fmod; CuPy's of integers goes through floating-point numbers."""
    if not is_cupy(x) or x.dtype.kind == "f":
        return np.fmod(x, y)
    r = np.remainder(x, y)
    return np.where((r != 0) & ((r < 0) != (x < 0)), r - y, r)


@method
@op(promote=True)
def hypot(input, other):  # beyond
    """sqrt(input² + other²), without overflow on the way."""
    y = np.hypot(input, other)
    return y, lambda g: g * (input / y), lambda g: g * (other / y)


@in_place
@method
@op
def lerp(input, end, weight):  # beyond
    """The point at `weight` (a number or a tensor) on the line from `input`, at 0, to `end`, at 1."""
    input, end, weight = promoted([input, end, weight])
    step = end - input
    if isinstance(weight, (int, float)):  # whichever is exact at the nearer end
        y = input + weight * step if -0.5 < weight < 0.5 else end - (1 - weight) * step
    else:
        y = np.where(np.abs(weight) < 0.5, input + weight * step, end - (1 - weight) * step)
    return y, lambda g: g * (1 - weight), lambda g: g * weight, lambda g: g * (end - input)


@in_place
@method
@op(promote=True)
def addcmul(input, tensor1, tensor2, *, value=1):  # beyond
    """input + value * tensor1 * tensor2."""
    y = input + value * tensor1 * tensor2
    return y, lambda g: g, lambda g: g * (tensor2 * value), lambda g: g * (tensor1 * value)


@in_place
@method
@op(promote=True)
def addcdiv(input, tensor1, tensor2, *, value=1):  # beyond
    """input + value * tensor1 / tensor2, of floating-point numbers."""
    if not any(is_float(x) for x in (input, tensor1, tensor2) if hasattr(x, "dtype")):
        raise RuntimeError("addcdiv: integers are not divided; convert them to float")
    ratio = tensor1 / tensor2
    y = input + value * ratio
    return y, lambda g: g, lambda g: g * (value / tensor2), lambda g: -g * value * ratio / tensor2


Tensor.__abs__, Tensor.__pos__ = abs, positive
Tensor.__pow__, Tensor.__rpow__, Tensor.__ipow__ = pow, reflected(pow), Tensor.pow_
