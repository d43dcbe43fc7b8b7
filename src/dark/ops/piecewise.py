"""Choices between numbers: functions made of pieces, each with a gradient of its own."""

import numpy as np

from ..autograd.operation import op
from ..dtypes import cast, promoted, result_type
from ..tensor import Tensor, method
from .in_place import in_place


def where(condition, input=None, other=None):
    """Elements of `input` where `condition` holds, of `other` elsewhere.

    With `condition` alone: the indices at which it holds, a tensor for each dimension.
    """
    if input is None and other is None:
        return condition.nonzero(as_tuple=True)
    return choose(condition, input, other)


Tensor.where = lambda self, condition, other: choose(condition, self, other)


@op
def choose(condition, input, other):
    if condition.dtype.kind != "b":
        raise RuntimeError(f"where: the condition is a boolean tensor, not {condition.dtype}")
    y = cast(np.where(condition, input, other), result_type(input, other))
    return y, None, lambda g: np.where(condition, g, 0), lambda g: np.where(condition, 0, g)


@in_place
@method
@op
def clamp(input, min=None, max=None):
    """`input`, but no less than `min` and no more than `max` (numbers or tensors); its gradient is zero outside."""
    if min is None and max is None:
        raise RuntimeError("clamp: at least one of min and max must be given")
    input, min, max = promoted([input, min, max])
    y = input
    if min is not None:
        y = np.maximum(y, min)
    if max is not None:
        y = np.minimum(y, max)
    below = False if min is None else input < min
    above = False if max is None else input > max
    return (
        y,
        lambda g: np.where(below | above, 0, g),
        lambda g: np.where(below if max is None else below & (min < max), g, 0),
        lambda g: np.where(above if min is None else above | (max < min), g, 0),
    )
