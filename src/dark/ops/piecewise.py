"""Choices between numbers: functions made of pieces, each with a gradient of its own."""

import numpy as np

from .. import kernels
from ..autograd.operation import op
from ..dtypes import cast, check_no_booleans, promoted, result_type
from ..tensor import Tensor, method, of_tensors
from .in_place import in_place


@of_tensors
def where(condition, input=None, other=None):
    """Elements of `input` where `condition` holds, of `other` elsewhere; both may be numbers.

    With `condition` alone: the indices at which it holds, one tensor for each dimension.
    """
    if input is None and other is None:
        return condition.nonzero(as_tuple=True)
    if input is None or other is None:
        raise TypeError("where: input and other are given both, or neither")
    return _where(condition, input, other)


def where_method(self, condition, other):
    """Elements of self where `condition` holds, of `other` elsewhere."""
    return _where(condition, self, other)


Tensor.where = where_method


@op
def _where(condition, input, other):
    if condition.dtype.kind != "b":
        raise RuntimeError(f"where: the condition is a boolean tensor, not one of {condition.dtype}")
    y = cast(np.where(condition, input, other), result_type(input, other))
    return y, None, lambda g: np.where(condition, g, 0), lambda g: np.where(condition, 0, g)


@in_place
@method
@op
def relu(input):
    """The positive part: input where it is above 0, else 0; the gradient at 0 is 0."""
    check_no_booleans("relu", input)
    y = relu(input) if isinstance(input, Tensor) else kernels.of(input).relu(input)
    return y, lambda g: kernels.of(g, y).relu_input(g, y)


@in_place
@method
@op
def clamp(input, min=None, max=None):
    """`input`, but at least `min` and at most `max` (numbers or tensors); outside its gradient is zero."""
    if min is None and max is None:
        raise RuntimeError("clamp: at least one of min and max must be given")
    input, min, max = promoted([input, min, max])
    y = input
    if min is not None:
        y = np.maximum(y, min)
    if max is not None:
        y = np.minimum(y, max)

    def to_input(g):
        above = min is None or input >= min
        below = max is None or input <= max
        return np.where(below & above, g, 0)

    def to_min(g):
        below = input < min if max is None else (input < min) & (min < max)
        return np.where(below, g, 0)

    def to_max(g):
        above = input > max if min is None else (input > max) | (max < min)
        return np.where(above, g, 0)

    return y, to_input, to_min, to_max


@in_place
@method
def clip(input, min=None, max=None):
    """The same as `clamp`."""
    return clamp(input, min, max)


@in_place
@method
def clamp_min(input, min):
    """`input`, but at least `min`."""
    return clamp(input, min=min)


@in_place
@method
def clamp_max(input, max):
    """`input`, but at most `max`."""
    return clamp(input, max=max)


@in_place
@method
@op
def nan_to_num(input, nan=0.0, posinf=None, neginf=None):  # beyond
    """`input` with numbers in place of NaN, inf and -inf: by default 0, the largest and the smallest one."""
    y = np.nan_to_num(input, nan=0.0 if nan is None else nan, posinf=posinf, neginf=neginf)
    return y, lambda g: g * np.isfinite(input)
