"""Circular and hyperbolic functions; angles are in radians."""

import math  # beyond

import numpy as np

from ..autograd.operation import op
from ..tensor import method
from .in_place import in_place


@in_place
@method
@op(promote=float)
def sin(input):
    """The sine."""
    return np.sin(input), lambda g: g * np.cos(input)


@in_place
@method
@op(promote=float)
def cos(input):
    """The cosine."""
    return np.cos(input), lambda g: g * -np.sin(input)


@in_place
@method
@op(promote=float)
def tan(input):
    """The tangent."""
    y = np.tan(input)
    return y, lambda g: g * (1 + y**2)


@in_place
@method
@op(promote=float)
def asin(input):  # beyond
    """The angle from -π/2 to π/2 with this sine."""
    return np.arcsin(input), lambda g: g / np.sqrt(1 - input**2)


@in_place
@method
@op(promote=float)
def acos(input):  # beyond
    """The angle from 0 to π with this cosine."""
    return np.arccos(input), lambda g: -g / np.sqrt(1 - input**2)


@in_place
@method
@op(promote=float)
def atan(input):  # beyond
    """The angle from -π/2 to π/2 with this tangent."""
    return np.arctan(input), lambda g: g / (1 + input**2)


@in_place
@method
@op(promote=float)
def atan2(input, other):  # beyond
    """The angle, -π to π, of the point at height `input` and width `other`; at (0, 0) its gradient is 0."""

    def turn(g):
        square = input**2 + other**2
        return np.where(square == 0, 0, g / square)

    return np.arctan2(input, other), lambda g: turn(g) * other, lambda g: turn(g) * -input


@in_place
@method
@op(promote=float)
def sinh(input):  # beyond
    """The hyperbolic sine, (exp(input) - exp(-input)) / 2."""
    return np.sinh(input), lambda g: g * np.cosh(input)


@in_place
@method
@op(promote=float)
def cosh(input):  # beyond
    """The hyperbolic cosine, (exp(input) + exp(-input)) / 2."""
    return np.cosh(input), lambda g: g * np.sinh(input)


@in_place
@method
@op(promote=float)
def tanh(input):
    """The hyperbolic tangent: from -1 to 1, and 0 at 0."""
    y = np.tanh(input)
    return y, lambda g: g * (1 - y**2)


@in_place
@method
@op(promote=float)
def asinh(input):  # beyond
    """The number with this hyperbolic sine."""
    return np.arcsinh(input), lambda g: g / np.sqrt(input**2 + 1)


@in_place
@method
@op(promote=float)
def acosh(input):  # beyond
    """The number, not negative, with this hyperbolic cosine."""
    return np.arccosh(input), lambda g: g / np.sqrt(input**2 - 1)


@in_place
@method
@op(promote=float)
def atanh(input):  # beyond
    """The number with this hyperbolic tangent."""
    return np.arctanh(input), lambda g: g / (1 - input**2)


@in_place
@method
@op(promote=float)
def deg2rad(input):  # beyond
    """Degrees as radians."""
    return input * (math.pi / 180), lambda g: g * (math.pi / 180)


@in_place
@method
@op(promote=float)
def rad2deg(input):  # beyond
    """Radians as degrees."""
    return input * (180 / math.pi), lambda g: g * (180 / math.pi)
