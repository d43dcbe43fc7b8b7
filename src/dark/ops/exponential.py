"""Exponentials and logarithms, and the functions made of them."""

import importlib  # beyond
import math  # beyond

import numpy as np

from ..autograd.operation import op
from ..devices import is_cupy  # beyond
from ..tensor import Tensor, method
from .in_place import in_place


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
def exp2(input):  # beyond
    """2 to the power of input."""
    y = np.exp2(input)
    return y, lambda g: g * y * math.log(2)


@in_place
@method
@op(promote=float)
def expm1(input):
    """exp(input) - 1, exact for small numbers too."""
    y = np.expm1(input)
    return y, lambda g: g * (y + 1)


@in_place
@method
@op(promote=float)
def log(input):
    """The natural logarithm; -inf at 0, NaN for negative numbers."""
    return np.log(input), lambda g: g / input


@in_place
@method
@op(promote=float)
def log1p(input):
    """log(1 + input), exact for small numbers too."""
    return np.log1p(input), lambda g: g / (input + 1)


@in_place
@method
@op(promote=float)
def log2(input):  # beyond
    """The logarithm to base 2."""
    return np.log2(input), lambda g: g / (input * math.log(2))


@in_place
@method
@op(promote=float)
def log10(input):  # beyond
    """The logarithm to base 10."""
    return np.log10(input), lambda g: g / (input * math.log(10))


@method
@op(promote=float)
def logaddexp(input, other):  # beyond
    """log(exp(input) + exp(other)), without overflow on the way."""
    y = np.logaddexp(input, other)
    return y, lambda g: g / (1 + np.exp(other - input)), lambda g: g / (1 + np.exp(input - other))


@in_place
@method
@op(promote=float)
def sigmoid(input):
    """1 / (1 + exp(-input)): from 0 to 1, and 0.5 at 0."""
    y = sigmoid(input) if isinstance(input, Tensor) else 1 / (1 + np.exp(-input))
    return y, lambda g: g * ((1 - y) * y)


@in_place
@method
@op(promote=float)
def logit(input, eps=None):  # beyond
    """log(input / (1 - input)), the inverse of sigmoid; `eps` first clamps input to eps ... 1 - eps."""
    if eps is None:
        y = np.log(input / (1 - input))
        return y, lambda g: np.where((input < 0) | (input > 1), math.nan, g / (input * (1 - input)))
    outside = (input < eps) | (input > 1 - eps)
    x = np.clip(input, eps, 1 - eps)
    return np.log(x / (1 - x)), lambda g: np.where(outside, 0, g / (input * (1 - input)))


@in_place
@method
@op(promote=float)
def erf(input):  # beyond
    """The error function: 2 / sqrt(π) times the integral of exp(-t²) from 0 to input."""
    y = erf(input) if isinstance(input, Tensor) else special("erf", input)
    return y, lambda g: g * (2 / math.sqrt(math.pi) * np.exp(-(input**2)))


@in_place
@method
@op(promote=float)
def erfc(input):  # beyond
    """1 - erf(input), exact where erf is nearly 1."""
    y = erfc(input) if isinstance(input, Tensor) else special("erfc", input)
    return y, lambda g: g * (-2 / math.sqrt(math.pi) * np.exp(-(input**2)))


@in_place
@method
@op(promote=float)
def erfinv(input):  # beyond
    """The inverse of erf, for numbers between -1 and 1."""
    y = erfinv(input) if isinstance(input, Tensor) else special("erfinv", input)
    return y, lambda g: g * (math.sqrt(math.pi) / 2 * np.exp(y**2))


def special(name, *inputs):  # beyond
    """The function of this name in SciPy, or in CuPy's part for it, imported only when it is needed."""
    x = inputs[-1]
    library = importlib.import_module("cupyx.scipy.special" if is_cupy(x) else "scipy.special")
    return np.asarray(getattr(library, name)(*inputs), dtype=x.dtype, like=x)
