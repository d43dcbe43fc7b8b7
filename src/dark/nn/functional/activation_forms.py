"""Activations in place, such as `relu_`, and those of the top level, without `inplace`."""  # beyond

from ...ops.in_place import check_allowed
from ...tensor import check_tensor
from . import activation, piecewise, random_activation


def relu_(input):
    """`relu` in the place of the input's elements."""
    return changed(activation.relu, input)


def leaky_relu_(input, negative_slope=0.01):
    """`leaky_relu` in the place of the input's elements."""
    return changed(activation.leaky_relu, input, negative_slope)


def elu_(input, alpha=1.0):
    """`elu` in the place of the input's elements."""
    return changed(activation.elu, input, alpha)


def selu_(input):
    """`selu` in the place of the input's elements."""
    return changed(activation.selu, input)


def celu_(input, alpha=1.0):
    """`celu` in the place of the input's elements."""
    return changed(activation.celu, input, alpha)


def hardtanh_(input, min_val=-1.0, max_val=1.0):
    """`hardtanh` in the place of the input's elements."""
    return changed(piecewise.hardtanh, input, min_val, max_val)


def threshold_(input, threshold, value):
    """`threshold` in the place of the input's elements."""
    return changed(piecewise.threshold, input, threshold, value)


def rrelu_(input, lower=1 / 8, upper=1 / 3, training=False):
    """`rrelu` in the place of the input's elements."""
    return changed(random_activation.rrelu, input, lower, upper, training)


def changed(function, input, *numbers):
    """The input, after its elements were replaced; raises where a graph is being recorded for them."""
    check_tensor(f"{function.__name__}_", input)
    check_allowed(f"{function.__name__}_", input)
    return function(input, *numbers, inplace=True)


def celu(input, alpha=1.0):
    """input where it is positive, alpha * (exp(input / alpha) - 1) elsewhere."""
    return activation.celu(input, alpha)


def selu(input):
    """A scaled ELU whose results keep mean 0 and variance 1."""
    return activation.selu(input)


def threshold(input, threshold, value):
    """input where it is above `threshold`, `value` elsewhere."""
    return piecewise.threshold(input, threshold, value)


def rrelu(input, lower=1 / 8, upper=1 / 3, training=False):
    """input where it is positive, elsewhere a part of it, drawn in training."""
    return random_activation.rrelu(input, lower, upper, training)
