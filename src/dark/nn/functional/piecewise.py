"""Activations made of straight lines: cheap, with gradients that jump where two of them meet."""  # beyond

from functools import wraps
from inspect import signature

import numpy as np

from ...autograd.operation import op
from ...dtypes import as_dtype
from ...ops.in_place import write
from .activation import activation


def for_integers_too(function):
    """Turn the function into an activation that takes integers as well, with its numbers cut to such."""
    of_floats, of_integers, parameters = activation(function), op(function), signature(function)

    @wraps(function)
    def apply(input, *inputs, **options):
        if not hasattr(input, "dtype") or input.dtype.kind not in "iu":
            return of_floats(input, *inputs, **options)
        call = parameters.bind(input, *inputs, **options)
        call.apply_defaults()
        numbers = [int(x) if isinstance(x, float) else x for x in call.args[1:-1]]
        limits = np.iinfo(as_dtype(input.dtype).numpy)
        if not all(limits.min <= x <= limits.max for x in numbers):
            raise RuntimeError(f"{function.__name__}: {as_dtype(input.dtype)} can't hold all of {numbers}")
        result = of_integers(input, *numbers)
        return write(function.__name__, input, result) if call.args[-1] else result

    return apply


@for_integers_too
def relu6(input, inplace=False):
    """input, but no less than 0 and no more than 6."""
    outside = (input <= 0) | (input >= 6)
    return np.clip(input, 0, 6), lambda g: np.where(outside, 0, g)


@for_integers_too
def hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False):
    """input, but no less than `min_val` and no more than `max_val`."""
    if min_val > max_val:
        raise ValueError(f"hardtanh: min_val {min_val} is greater than max_val {max_val}")
    outside = (input <= min_val) | (input >= max_val)
    return np.clip(input, min_val, max_val), lambda g: np.where(outside, 0, g)


@activation
def hardsigmoid(input, inplace=False):
    """A sigmoid made of three straight lines: 0 up to -3, 1 from 3 on."""
    inside = (input > -3) & (input < 3)
    return np.clip(input + 3, 0, 6) * (1 / 6), lambda g: np.where(inside, g * (1 / 6), 0)


@activation
def hardswish(input, inplace=False):
    """input * hardsigmoid(input)."""
    low, high = input <= -3, input >= 3
    return (
        input * np.clip(input + 3, 0, 6) * (1 / 6),
        lambda g: np.where(low, 0, np.where(high, g, g * (input * (1 / 3) + 0.5))),
    )


@activation
def hardshrink(input, lambd=0.5):
    """input where its absolute value is above `lambd`, 0 elsewhere."""
    small = np.abs(input) <= lambd
    return np.where(small, 0, input), lambda g: np.where(small, 0, g)


@activation
def softshrink(input, lambd=0.5):
    """input moved by `lambd` towards 0, and no further."""
    if lambd < 0:
        raise RuntimeError(f"softshrink: lambd can't be negative, as {lambd} is")
    small = np.abs(input) <= lambd
    return np.where(small, 0, input - np.sign(input) * lambd), lambda g: np.where(small, 0, g)


@for_integers_too
def threshold(input, threshold, value, inplace=False):
    """input where it is above `threshold`, `value` elsewhere."""
    low = input <= threshold
    return np.where(low, value, input), lambda g: np.where(low, 0, g)
