"""Elements in another order, or several times."""  # dark-4

import itertools

import numpy as np

from ..autograd.operation import op
from ..tensor import Tensor, method  # beyond
from .shape import (
    counted,
    flatten,  # beyond
    listed,
    transpose,  # beyond
)


@listed
@op
def flip(input, dims):
    """A copy whose order along `dims` is reversed."""
    dims = distinct(dims, input.ndim, "flip")
    return np.copy(np.flip(input, dims)), lambda g: np.flip(g, dims)


def distinct(dims, ndim, name):
    """Dimensions counted from 0, each only once."""
    dims = tuple(counted(d, ndim, name) for d in (dims if isinstance(dims, (tuple, list)) else (dims,)))
    if len(set(dims)) < len(dims):
        raise RuntimeError(f"{name}: a dimension appears twice in {dims}")
    return dims if ndim else ()


@method
def fliplr(input):  # beyond
    """`flip` of the second dimension: left becomes right."""
    if input.ndim < 2:
        raise RuntimeError(f"fliplr: expects at least 2 dimensions, got shape {tuple(input.shape)}")
    return flip(input, (1,))


@method
def flipud(input):  # beyond
    """`flip` of the first dimension: up becomes down."""
    if input.ndim < 1:
        raise RuntimeError("flipud: expects at least 1 dimension")
    return flip(input, (0,))


@method
@op
def roll(input, shifts, dims=None):  # beyond
    """Elements moved by `shifts` along `dims`; those that leave at the end come back at the start.

    Without `dims` the tensor is rolled as if it were flat.
    """
    moves, axes = (tuple(x) if isinstance(x, (tuple, list)) else (x,) for x in (shifts, dims))
    if len(moves) != len(axes):
        raise RuntimeError(f"roll: {len(moves)} shifts for {len(axes)} dimensions")
    if dims is None:
        axes, moves, back = None, moves[0], -moves[0]
    else:
        axes, back = tuple(counted(d, input.ndim, "roll") for d in axes), tuple(-n for n in moves)
    return np.roll(input, moves, axes), lambda g: np.roll(g, back, axes)


@method
def rot90(input, k=1, dims=(0, 1)):  # beyond
    """The plane of two dimensions turned by k quarters, from the first of them towards the second."""
    if len(dims) != 2:
        raise RuntimeError(f"rot90: expects two dimensions, got {dims}")
    first, second = distinct(dims, input.ndim, "rot90")
    if k % 4 == 0:
        return input.clone()
    if k % 4 == 2:
        return flip(input, (first, second))
    turned = transpose(input, first, second)
    return flip(turned, (first,) if k % 4 == 1 else (second,))


@listed
@op
def tile(input, dims):
    """`input` so many times along every dimension; missing dimensions and missing counts are 1."""
    counts = (*[1] * (input.ndim - len(dims)), *dims)
    lengths = (*[1] * (len(counts) - input.ndim), *input.shape)
    if min(counts, default=0) < 0:
        raise RuntimeError(f"tile: a tensor can't be repeated {min(counts)} times")
    apart = tuple(itertools.chain(*zip(counts, lengths)))  # of every dimension: which copy, and where in it
    copies = tuple(range(0, len(apart), 2))
    return np.tile(input, counts), lambda g: g.reshape(apart).sum(axis=copies)


def repeat(self, repeats):
    """Self so many times along every dimension; new dimensions come first."""
    if len(repeats) < self.ndim:
        raise RuntimeError(f"repeat: {tuple(repeats)} has fewer numbers than the shape {tuple(self.shape)}")
    return tile(self, repeats)


listed(repeat)


@method
def repeat_interleave(input, repeats=None, dim=None, *, output_size=None):  # beyond
    """Every element (or part along `dim`) so many times in a row; `repeats` is a number, or one for each.

    With one tensor alone: the index that repeats 0, 1, 2, ... so many times.
    """
    if repeats is None:
        return repeat_interleave(input.new_tensor(range(len(input))), input)
    if dim is None:
        input, dim = flatten(input), 0
    dim = counted(dim, input.ndim, "repeat_interleave")
    counts = np.asarray(repeats.cpu() if isinstance(repeats, Tensor) else repeats)
    if counts.ndim > 1 or (counts.size != 1 and len(counts) != input.shape[dim]) or (counts < 0).any():
        raise RuntimeError(
            f"repeat_interleave: repeats is a number, or {input.shape[dim]} numbers; got {repeats}"
        )
    index = np.repeat(np.arange(input.shape[dim]), counts)
    return input[(*[slice(None)] * dim, index)]
