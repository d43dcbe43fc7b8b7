"""Operations that move elements or give them another shape, and change none."""

import numpy as np

from ..autograd.operation import op
from ..tensor import Tensor, method


@op
def reshaped(input, shape):
    return input.reshape(shape), lambda g: g.reshape(input.shape)


def reshape(input, shape):
    """The same elements in another shape; one length may be -1: what is left."""
    return reshaped(input, tuple(shape))


Tensor.reshape = lambda self, *shape: reshape(self, shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape)


@method
@op
def broadcast_to(input, shape):
    """`input` repeated along new and length-1 dimensions, without a copy; the engine sums its gradient back."""
    return np.broadcast_to(input, tuple(shape)), lambda g: g
