"""The operations: each gives its result, then how a gradient gets back to each of its inputs."""

import math

from . import floats
from .autograd import op
from .tensor import Tensor


@op
def add(input, other):
    """input + other."""
    return input + other, lambda g: g, lambda g: g


@op
def sub(input, other):
    """input - other."""
    return input - other, lambda g: g, lambda g: -g


@op
def mul(input, other):
    """input * other."""
    return input * other, lambda g: g * other, lambda g: g * input


@op
def div(input, other):
    """input / other."""
    y = floats.divide(input, other)
    return y, lambda g: floats.divide(g, other), lambda g: floats.divide(-g * y, other)


@op
def neg(input):
    """-input."""
    return -input, lambda g: -g


@op
def pow(input, exponent):
    """input ** exponent."""
    y = floats.power(input, exponent)
    to_input = lambda g: 0.0 if exponent == 0 else g * (exponent * floats.power(input, exponent - 1))
    to_exponent = lambda g: 0.0 if input == 0 and exponent >= 0 else g * (y * floats.log(input))
    return y, to_input, to_exponent


@op
def exp(input):
    """e ** input."""
    y = floats.exp(input)
    return y, lambda g: g * y


@op
def log(input):
    """The natural logarithm; NaN for negative numbers."""
    return floats.log(input), lambda g: floats.divide(g, input)


@op
def sqrt(input):
    """The square root; NaN for negative numbers."""
    y = floats.sqrt(input)
    return y, lambda g: floats.divide(g, 2 * y)


@op
def sin(input):
    """The sine of an angle in radians."""
    return floats.sin(input), lambda g: g * floats.cos(input)


@op
def cos(input):
    """The cosine of an angle in radians."""
    return floats.cos(input), lambda g: g * -floats.sin(input)


@op
def tanh(input):
    """The hyperbolic tangent, between -1 and 1."""
    y = math.tanh(input)
    return y, lambda g: g * (1 - y * y)


@op
def abs(input):
    """The absolute value; its gradient at 0 is 0."""
    sign = (input > 0) - (input < 0)
    return math.fabs(input), lambda g: g * sign


@op
def relu(input):
    """The positive part: input where it is above 0, else 0; the gradient at 0 is 0."""
    return 0.0 if input <= 0 else input, lambda g: 0.0 if input <= 0 else g


@op
def maximum(input, other):
    """The larger of two numbers; at a tie each input gets half of the gradient. A NaN is passed on."""
    y = other if input < other or math.isnan(other) else input
    return y, lambda g: share(g, input, other), lambda g: share(g, other, input)


@op
def minimum(input, other):
    """The smaller of two numbers; at a tie each input gets half of the gradient. A NaN is passed on."""
    y = other if input > other or math.isnan(other) else input
    return y, lambda g: share(g, other, input), lambda g: share(g, input, other)


def share(g, mine, rival):
    """What one of two gets of the gradient: half at a tie, nothing where it lost, all where one is NaN."""
    return g / 2 if mine == rival else 0.0 if mine < rival else g


def reflected(function):
    """The operator for a number on the left of a tensor."""
    return lambda self, other: function(other, self)


def in_place(function):
    """The operator that puts the result in the place of self's number, where no graph is being recorded."""

    def change(self, other):
        result = function(self, other)
        if result.requires_grad:
            raise RuntimeError(f"{function.__name__}_: a change in place is not recorded; use no_grad()")
        self._number = result.item()
        return self

    return change


for name, function in {"add": add, "sub": sub, "mul": mul, "truediv": div, "pow": pow}.items():
    setattr(Tensor, f"__{name}__", function)
    setattr(Tensor, f"__r{name}__", reflected(function))
    setattr(Tensor, f"__i{name}__", in_place(function))

Tensor.__neg__, Tensor.__abs__ = neg, abs

for function in (abs, add, cos, div, exp, log, maximum, minimum, mul, neg, pow, relu, sin, sqrt, sub, tanh):
    setattr(Tensor, function.__name__, function)
