"""Special functions: of the gamma function's family, Bessel's, and others with a limit at 0."""  # beyond

import math

import numpy as np

from ..autograd.operation import op
from ..tensor import Tensor, method
from .exponential import special
from .in_place import in_place


@in_place
@method
@op(promote=float)
def lgamma(input):
    """The logarithm of |Γ(input)|, where Γ(n) = (n - 1)! for whole n."""
    y = lgamma(input) if isinstance(input, Tensor) else special("gammaln", input)
    y = np.where(input == -math.inf, math.inf, y)
    return y, lambda g: g * digamma(input)


@in_place
@method
@op(promote=float)
def digamma(input):
    """The derivative of lgamma."""
    y = digamma(input) if isinstance(input, Tensor) else special("digamma", input)
    return y, lambda g: g * nth_derivative(input, 1)


def polygamma(n, input):
    """The n-th derivative of digamma."""
    if n < 0:
        raise RuntimeError(f"polygamma: expects n >= 0, got {n}")
    return nth_derivative(input, n) if n else digamma(input)


@op(promote=float)
def nth_derivative(input, n):
    """The n-th derivative of digamma, for n from 1 on."""
    on_tensors = isinstance(input, Tensor)
    y = nth_derivative(input, n) if on_tensors else special("polygamma", np.full_like(input, n), input)
    return y, lambda g: g * nth_derivative(input, n + 1)


Tensor.polygamma = lambda self, n: polygamma(n, self)


@in_place
@method
@op(promote=float)
def i0(input):
    """The modified Bessel function of the first kind of order 0."""
    y = i0(input) if isinstance(input, Tensor) else special("i0", input)
    return y, lambda g: g * i1(input)


@op
def i1(input):
    """The same of order 1, the derivative of `i0`."""
    y = i1(input) if isinstance(input, Tensor) else special("i1", input)
    return y, lambda g: g * np.where(input == 0, 0.5, i0(input) - y / np.where(input == 0, 1, input))


@in_place
@method
@op(promote=float)
def sinc(input):
    """sin(π x) / (π x), and 1 at 0."""
    x = np.where(input == 0, 1, input * math.pi)
    y = np.where(input == 0, 1, np.sin(x) / x)
    return y, lambda g: g * np.where(input == 0, 0, math.pi * (np.cos(x) - y) / x)


@in_place
@method
@op(promote=float)
def xlogy(input, other):
    """input * log(other), which is 0 where `input` is 0, unless `other` is NaN."""
    log = np.log(other) if hasattr(other, "dtype") else float(np.log(other))
    empty = (input == 0) & (other == other)
    y = np.where(empty, 0, input * log)
    flat = (input == 0) & (other <= 0)
    return y, lambda g: np.where(flat, 0, xlogy(g, other)), lambda g: g * (input / other)


@method
@op(promote=float)
def logaddexp2(input, other):
    """log2(2 ** input + 2 ** other), without overflow on the way."""
    y = np.logaddexp2(input, other)
    return y, lambda g: g / (1 + np.exp2(other - input)), lambda g: g / (1 + np.exp2(input - other))
