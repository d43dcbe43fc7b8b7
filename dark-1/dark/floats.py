"""Functions of floats that always answer, as PyTorch's do: where Python raises, with infinity or NaN."""

import math


def quiet(function):
    """`function`, but infinity where the result is too large for a float, and NaN where there is none."""

    def call(*numbers):
        try:
            return function(*numbers)
        except OverflowError:
            return math.inf
        except ValueError:
            return math.nan

    return call


exp, sin, cos, sqrt, quiet_pow = map(quiet, (math.exp, math.sin, math.cos, math.sqrt, math.pow))


def log(x):
    """The natural logarithm."""
    return math.log(x) if x > 0 else -math.inf if x == 0 else math.nan


def divide(x, y):
    """x / y."""
    return x / y if y != 0 else x * math.copysign(math.inf, y)  # 0 * inf is NaN


def power(x, y):
    """x ** y."""
    if x < 0 and y % 2 == 1:
        return -power(-x, y)  # too large a result is -inf
    if x == 0 and y < 0:
        return divide(1.0, power(x, -y))
    return quiet_pow(x, y)
