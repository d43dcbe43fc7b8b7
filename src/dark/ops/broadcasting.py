"""Tensors stretched to a common shape, without a copy."""

import numpy as np

from ..autograd.operation import op
from ..tensor import Size, method, of_tensors
from .shape import listed, reshape


@listed
@op
def expand(input, sizes):
    """`input` repeated along new and length-1 dimensions, without a copy; -1 is a length that stays."""
    new = len(sizes) - input.ndim
    lengths = (*[None] * new, *input.shape)
    if new < 0 or any(n not in (-1, have) and have not in (1, None) for n, have in zip(sizes, lengths)):
        raise RuntimeError(
            f"expand: a tensor of shape {tuple(input.shape)} can't be expanded to {tuple(sizes)}: "
            "counted from the right, lengths must be equal, or 1 before"
        )
    if -1 in sizes[:new]:
        raise RuntimeError(f"expand: -1 in {tuple(sizes)} stands where {tuple(input.shape)} has no length")
    sizes = tuple(have if n == -1 else n for n, have in zip(sizes, lengths))
    return np.broadcast_to(input, sizes), lambda g: g  # the engine sums the gradient back


@method
def expand_as(self, other):
    """Self, expanded to the shape of `other`."""
    return expand(self, other.shape)


@method
def broadcast_to(input, size):
    """`expand` under NumPy's name."""
    return expand(input, size)


def broadcast_shapes(*shapes):
    """The shape that tensors of these shapes have when they meet in one operation."""
    try:
        return Size(np.broadcast_shapes(*shapes))
    except ValueError:
        raise RuntimeError(f"broadcast_shapes: {', '.join(map(str, shapes))} do not broadcast") from None


@of_tensors
def broadcast_tensors(*tensors):
    """The tensors, expanded to one shape."""
    shape = broadcast_shapes(*(tuple(x.shape) for x in tensors))
    return tuple(expand(x, shape) for x in tensors)


@of_tensors
def meshgrid(*tensors, indexing="ij"):
    """The coordinates of every point of a grid, from the coordinates along each axis, as views.

    Of lengths n, m the results are (n, m); with `indexing="xy"` the first two axes are exchanged: (m, n).
    """
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        tensors = tuple(tensors[0])
    if indexing not in ("ij", "xy"):
        raise RuntimeError(f"meshgrid: indexing is 'ij' or 'xy', not {indexing!r}")
    if any(x.ndim > 1 for x in tensors):
        raise RuntimeError(f"meshgrid: expects 1 dimension, got {[tuple(x.shape) for x in tensors]}")
    order = list(range(len(tensors)))
    if indexing == "xy":
        order[:2] = order[:2][::-1]
    axes = range(len(order))
    along = [reshape(x, [-1 if d == order[i] else 1 for d in axes]) for i, x in enumerate(tensors)]
    return broadcast_tensors(*along)
