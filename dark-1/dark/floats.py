"""Functions of floats that always answer, as PyTorch's do: where Python raises, with infinity or NaN."""

import math


def answering(function):
    """`function`, but infinite where it overflows and NaN where it is not defined."""

    def call(*numbers):
        try:
            return function(*numbers)
        except (OverflowError, ValueError) as error:
            return math.inf if isinstance(error, OverflowError) else math.nan

    return call


exp, sin, cos, sqrt, defined_power = map(answering, (math.exp, math.sin, math.cos, math.sqrt, math.pow))


def log(x):
    """The natural logarithm."""
    return math.log(x) if x > 0 else -math.inf if x == 0 else math.nan


def divide(x, y):
    """x / y."""
    return x / y if y != 0 else x * math.copysign(math.inf, y)


def power(x, y):
    """x ** y."""
    if x == 0 and y < 0:
        return divide(1.0, power(x, -y))
    return -power(-x, y) if x < 0 and y % 2 == 1 else defined_power(x, y)  # infinity gets the sign of x
