"""Arithmetic of two tensors, or a tensor and a number: the operations behind + - * / and their kin."""

import numpy as np

from ..autograd.graph import sum_of
from ..autograd.operation import op
from ..devices import is_cupy
from ..dtypes import as_dtype, cast, promoted
from ..tensor import Tensor, method
from .in_place import in_place


@in_place
@method
@op(promote=True)
def add(input, other, *, alpha=1):
    """input + alpha * other."""
    scaled = other if alpha == 1 else other * scale(input, alpha, "add")
    return sum_of(input, scaled), lambda g: g, lambda g: g if alpha == 1 else g * alpha


@in_place
@method
@op
def sub(input, other, *, alpha=1):
    """input - alpha * other; booleans are not subtracted."""
    input, other = promoted([input, other], booleans=False)
    scaled = other if alpha == 1 else other * scale(input, alpha, "sub")
    return input - scaled, lambda g: g, lambda g: g * -alpha


def scale(input, alpha, name):
    """`alpha`, which for integers must be one."""
    kind = input.dtype.kind if hasattr(input, "dtype") else "f"
    if kind == "b" and name == "add":
        return bool(alpha)
    if kind != "f" and isinstance(alpha, float):
        raise RuntimeError(f"{name}: alpha of integers must be an integer, not {alpha}")
    return alpha


@in_place
@method
@op(promote=True)
def mul(input, other):
    """input * other, element by element."""
    return input * other, lambda g: g * other, lambda g: g * input


@op(promote=float)
def _div(input, other):
    y = input / other
    return y, lambda g: g / other, lambda g: -g * y / other


@in_place
@method
@op
def neg(input):
    """-input."""
    return -input, lambda g: -g


@method
@op(promote=True)
def maximum(input, other):
    """The larger of two numbers; at a tie each input gets half of the gradient. A NaN is passed on."""
    y = np.maximum(input, other)
    tied = lambda: input == other  # looked for only where a gradient is wanted
    return y, lambda g: share(g, tied(), input < other), lambda g: share(g, tied(), input > other)


@method
@op(promote=True)
def minimum(input, other):
    """The smaller of two numbers; at a tie each input gets half of the gradient. A NaN is passed on."""
    y = np.minimum(input, other)
    tied = lambda: input == other
    return y, lambda g: share(g, tied(), input > other), lambda g: share(g, tied(), input < other)


def share(g, tied, lost):
    """What one of two gets of the gradient: half at a tie, nothing where it lost, all where one is NaN."""
    return np.where(tied, g / 2, np.where(lost, 0, g))


@in_place
@method
def div(input, other, *, rounding_mode=None):
    """input / other; `rounding_mode` "floor" or "trunc" rounds the quotient, and integers stay integers."""
    if rounding_mode is None:
        return _div(input, other)
    if rounding_mode == "floor":
        return floor_divide(input, other)
    if rounding_mode == "trunc":
        return trunc_divide(input, other)
    raise RuntimeError(f"div: rounding_mode is None, 'trunc' or 'floor', not {rounding_mode!r}")


@in_place
@method
def true_divide(input, other):
    """input / other; integers give floating-point numbers."""
    return _div(input, other)


@method
@op(promote=True)
def floor_divide(input, other):
    """The largest integer not above input / other; its gradient is zero."""
    check_divisor(input, other, "floor_divide")
    y = rounded_down(input, other)
    return y, lambda g: np.zeros_like(g), lambda g: np.zeros_like(g)


@op(promote=True)
def trunc_divide(input, other):
    """input / other, rounded towards zero; its gradient is zero."""
    check_divisor(input, other, "div")
    kind = (input if hasattr(input, "dtype") else other).dtype
    y = cast(np.trunc(input / other), as_dtype(kind))
    return y, lambda g: np.zeros_like(g), lambda g: np.zeros_like(g)


@in_place
@method
@op(promote=True)
def remainder(input, other):
    """input - other * floor(input / other); it has the sign of `other`."""
    check_divisor(input, other, "remainder")
    y = modulo(input, other)
    return y, lambda g: g, lambda g: -g * np.floor_divide(input, other)


def rounded_down(x, y):
    """np.floor_divide. CuPy rounds x / y down, which may have been rounded up to the next integer before."""
    if not is_cupy_float(x if hasattr(x, "dtype") else y):
        return np.floor_divide(x, y)
    r, below = from_zero(x, y)
    return np.where((r != r) & (y == 0), x / y, np.round((x - r) / y) - below)


def modulo(x, y):
    """np.remainder. CuPy's is x - floor(x / y) * y, which need not even lie between 0 and y."""
    if not is_cupy_float(x if hasattr(x, "dtype") else y):
        return np.remainder(x, y)
    r, below = from_zero(x, y)
    return np.where(below, r + y, r)


def is_cupy_float(x):
    """Whether an array holds floating-point numbers on a card."""
    return is_cupy(x) and x.dtype.kind == "f"


def from_zero(x, y):
    """What is left, exactly, where x / y is rounded towards zero, and where that is not rounded down."""
    r = np.fmod(x, y)
    return r, (r != 0) & ((r < 0) != (y < 0))


def check_divisor(input, other, name):
    """Raise where an integer is to be divided by 0: there is no integer for infinity or NaN."""
    kinds = [x.dtype.kind if hasattr(x, "dtype") else "i" for x in (input, other)]
    if "f" in kinds or isinstance(other, float) or 0 in getattr(input, "shape", ()) or np.all(other):
        return
    raise RuntimeError(f"{name}: ZeroDivisionError: integers can't be divided by 0; convert them to float")


def reflected(function):
    """The operator for a number (or an array) on the left of a tensor."""
    return lambda self, other: function(other, self)


Tensor.__add__ = Tensor.__radd__ = add
Tensor.__sub__, Tensor.__rsub__ = sub, reflected(sub)
Tensor.__mul__ = Tensor.__rmul__ = mul
Tensor.__truediv__, Tensor.__rtruediv__ = _div, reflected(_div)
Tensor.__floordiv__, Tensor.__rfloordiv__ = floor_divide, reflected(floor_divide)
Tensor.__mod__, Tensor.__rmod__ = remainder, reflected(remainder)
Tensor.__neg__ = neg
Tensor.__iadd__, Tensor.__isub__ = Tensor.add_, Tensor.sub_
Tensor.__imul__, Tensor.__itruediv__ = Tensor.mul_, Tensor.div_
