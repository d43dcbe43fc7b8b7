"""Activations: functions of one element, of which a network is made non-linear."""

import math  # beyond
import warnings
from functools import wraps
from inspect import signature

import numpy as np

from ... import kernels
from ...autograd.modes import modes
from ...autograd.operation import op
from ...dtypes import as_dtype
from ...ops import piecewise
from ...ops import softmax as softmaxes
from ...ops.exponential import (
    erf,  # beyond
    sigmoid,
)
from ...ops.in_place import write
from ...tensor import of_tensors


def activation(function):
    """Turn the function into an operation on floating-point tensors.

    Its parameter `inplace`, if it has one, lets the result take the place of the input's elements
    where no graph is being recorded for them; elsewhere the result is a new tensor, of the same values.
    """
    compute, names = op(function), list(signature(function).parameters)
    where = names.index("inplace") if "inplace" in names else None

    @wraps(function)
    def apply(input, *inputs, **options):
        if not hasattr(input, "dtype"):
            raise TypeError(f"{function.__name__}: expected a Tensor, got {type(input).__name__}")
        if input.dtype.kind != "f":
            raise RuntimeError(f"{function.__name__}: expected floating-point, got {as_dtype(input.dtype)}")
        result = compute(input, *inputs, **options)
        if where and (options.get("inplace") or inputs[where - 1 : where] == (True,)) and may_change(input):
            return write(function.__name__, input, result)
        return result

    return apply


def may_change(tensor):
    """Whether no graph is being recorded for the tensor, so that it may be changed in place."""
    return not (modes.grad and tensor.requires_grad)


def relu(input, inplace=False):
    """input where it is positive, 0 elsewhere."""
    result = piecewise.relu(input)
    return write("relu", input, result) if inplace and may_change(input) else result


@activation
def leaky_relu(input, negative_slope=0.01, inplace=False):
    """input where it is positive, a small part of it elsewhere."""
    y = kernels.of(input).leaky_relu(input, negative_slope)
    # The result is above 0 where the input is, and the next layer keeps it anyway: no second array is kept.
    seen = y if negative_slope >= 0 else input
    return y, lambda g: kernels.of(g, seen).leaky_relu_input(g, seen, negative_slope)


@activation
def prelu(input, weight):  # beyond
    """input where it is positive, `weight` times it elsewhere: one weight for all, or one a channel."""
    channels = input.shape[1] if input.ndim > 1 else 1
    if weight.shape not in ((), (1,), (channels,)):
        raise RuntimeError(
            f"prelu: weight has shape {tuple(weight.shape)}, input has {channels} channels "
            f"(input {tuple(input.shape)}); one weight, or one a channel, is expected"
        )
    each = input.ndim > 1 and weight.shape == (channels,)
    w = weight.reshape((channels, *(1,) * (input.ndim - 2)) if each else ())
    positive = input > 0
    return (
        np.where(positive, input, input * w),
        lambda g: np.where(positive, g, g * w),
        lambda g: channel_sums(np.where(input < 0, g * input, 0), weight.shape),
    )


def channel_sums(x, shape):  # beyond
    """The sums over all dimensions but the channels', or over all, as `shape` says."""
    over = tuple(i for i in range(x.ndim) if i != 1 or math.prod(shape) == 1)
    return x.sum(axis=over).reshape(shape) if over else x.reshape(shape)


@activation
def elu(input, alpha=1.0, inplace=False):
    """input where it is positive, alpha * (exp(input) - 1) elsewhere."""
    return exponential_unit(input, alpha)


@activation
def selu(input, inplace=False):  # beyond
    """A scaled `elu` whose results keep mean 0 and variance 1 (Klambauer et al. 2017)."""
    return exponential_unit(input, 1.6732632423543772848, scale=1.0507009873554804934)


@activation
def celu(input, alpha=1.0, inplace=False):  # beyond
    """input where it is positive, alpha * (exp(input / alpha) - 1) elsewhere: smooth at 0 for every alpha."""
    if alpha == 0:
        raise RuntimeError("celu: alpha can't be 0")
    return exponential_unit(input, alpha, input_scale=1 / alpha)


def exponential_unit(x, alpha, scale=1.0, input_scale=1.0):
    """The function that elu, selu and celu are, with its gradient."""
    positive = x > 0
    below = np.where(x >= 0, 0, x * input_scale)  # exp of a large positive x would be inf
    return (
        np.where(positive, x, np.expm1(below) * alpha) * scale,
        lambda g: g * np.where(positive, scale, np.exp(below) * (alpha * scale * input_scale)),
    )


@activation
def gelu(input, approximate="none"):  # beyond
    """input times the probability that a standard normal number is below it (Hendrycks & Gimpel 2016).

    `approximate="tanh"` computes that with tanh instead of erf.
    """
    if approximate == "tanh":
        return gelu_with_tanh(input)
    if approximate != "none":
        raise RuntimeError(f"gelu: approximate is 'none' or 'tanh', not {approximate!r}")
    probability = (erf(input * math.sqrt(0.5)) + 1) * 0.5

    def gradient(g):
        density = np.exp(input * input * -0.5) * (1 / math.sqrt(2 * math.pi))
        return g * (probability + input * density)

    return input * probability, gradient


def gelu_with_tanh(x):  # beyond
    """The approximation of `gelu`, with its gradient."""
    slope, cubic = math.sqrt(2 / math.pi), 0.044715
    t = np.tanh((x + x * x * x * cubic) * slope)

    def gradient(g):
        inner = (x * x * (3 * cubic) + 1) * slope
        return g * ((t + 1) + x * (1 - t * t) * inner) * 0.5

    return x * (t + 1) * 0.5, gradient


@activation
def silu(input, inplace=False):
    """input * sigmoid(input)."""
    s = sigmoid(input)
    return input * s, lambda g: g * s * (input * (1 - s) + 1)


@activation
def mish(input, inplace=False):  # beyond
    """input * tanh(log(1 + exp(input)))."""
    t = np.tanh(log_one_plus_exp(input))
    return input * t, lambda g: g * (t + input * (1 - t * t) * sigmoid(input))


@activation
def softplus(input, beta=1.0, threshold=20.0):
    """log(1 + exp(beta * input)) / beta: a smooth relu. Where beta * input > threshold it is input."""
    scaled = input * beta
    linear = scaled > threshold
    return (
        np.where(linear, input, log_one_plus_exp(scaled) / beta),
        lambda g: g * np.where(linear, 1, sigmoid(scaled)),
    )


def log_one_plus_exp(x):
    """log(1 + exp(x)), without ever taking exp of a large number."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


@activation
def logsigmoid(input):  # beyond
    """log(sigmoid(input)), without ever taking the logarithm of 0."""
    return -log_one_plus_exp(-input), lambda g: g * sigmoid(-input)


@of_tensors
def softsign(input):  # beyond
    """input / (1 + |input|)."""
    return input / (input.abs() + 1)


@of_tensors
def tanhshrink(input):  # beyond
    """input - tanh(input)."""
    return input - input.tanh()


@of_tensors
def glu(input, dim=-1):  # beyond
    """The first half of `input` along `dim`, times the sigmoid of the second half."""
    if not -input.ndim <= dim < max(input.ndim, 1):
        raise IndexError(f"glu: dim {dim} is out of range for a tensor of {input.ndim} dimensions")
    if input.ndim == 0 or input.shape[dim] % 2:
        raise RuntimeError(f"glu: dim {dim} of a tensor of shape {tuple(input.shape)} can't be cut in half")
    a, b = input.chunk(2, dim)
    return a * sigmoid(b)


@of_tensors
def softmax(input, dim=None, *, dtype=None):
    """exp(input) over its sum along `dim`: positive numbers that add up to 1."""
    return softmaxes.softmax(input, dimension(input, dim, "softmax"), dtype)


@of_tensors
def log_softmax(input, dim=None, *, dtype=None):
    """log(softmax(input)), exact where softmax is nearly 0."""
    return softmaxes.log_softmax(input, dimension(input, dim, "log_softmax"), dtype)


def softmin(input, dim=None, *, dtype=None):  # beyond
    """softmax(-input)."""
    return softmaxes.softmax(-input, dimension(input, dim, "softmin"), dtype)


def dimension(input, dim, name):
    """`dim`, or where it was not given PyTorch's old choice of it, with a warning."""
    if dim is not None:
        return dim
    dim = 0 if input.ndim in (0, 1, 3) else 1
    warnings.warn(f"{name}: no dimension was given, {dim} is taken; say dim=...", stacklevel=3)
    return dim
