"""Several tensors made into one."""

import itertools

import numpy as np

from ..autograd.operation import numpy_names, op
from .pieces import along
from .shape import (
    atleast_1d,  # beyond
    atleast_2d,  # beyond
    atleast_3d,  # beyond
    counted,
    reshape,  # beyond
)


@numpy_names
def cat(tensors, dim=0):
    """The tensors one after the other along `dim`; all their other lengths are equal."""
    return _cat(*some(tensors, "cat"), dim=dim)


@op(promote=True)
def _cat(*tensors, dim):
    solid = [x for x in tensors if x.shape != (0,)] or tensors  # PyTorch lets (0,) join anything
    if solid[0].ndim == 0:
        raise RuntimeError("cat: 0-d tensors can't be joined; use stack()")
    dim = counted(dim, solid[0].ndim, "cat")
    lengths = [x.shape[dim] if x.ndim > dim else 0 for x in tensors]
    ends = list(itertools.accumulate(lengths))

    def part(start, end, shape):
        return lambda g: g[along(dim, slice(start, end))].reshape(shape)

    gradients = [part(start, end, x.shape) for start, end, x in zip([0, *ends], ends, tensors)]
    return np.concatenate(solid, dim), *gradients


@numpy_names
def concat(tensors, dim=0):  # beyond
    """The same as `cat`."""
    return cat(tensors, dim)


@numpy_names
def concatenate(tensors, dim=0):  # beyond
    """The same as `cat`."""
    return cat(tensors, dim)


@numpy_names
def stack(tensors, dim=0):
    """Tensors of one shape, side by side along a new dimension."""
    return _stack(*some(tensors, "stack"), dim=dim)


@op(promote=True)
def _stack(*tensors, dim):
    shapes = [tuple(x.shape) for x in tensors]
    if len(set(shapes)) > 1:
        raise RuntimeError(f"stack: expects tensors of one shape, got {', '.join(map(str, shapes))}")
    dim = counted(dim, tensors[0].ndim + 1, "stack")

    def part(i):
        return lambda g: g[along(dim, i)]

    return np.stack(tensors, dim), *(part(i) for i in range(len(tensors)))


def some(tensors, name):
    """The tensors of a list or a tuple, at least one."""
    if not isinstance(tensors, (list, tuple)):
        raise TypeError(f"{name}: expects a list or a tuple of tensors, got {type(tensors).__name__}")
    if not tensors:
        raise (ValueError if name == "cat" else RuntimeError)(f"{name}: expects at least one tensor")
    strange = next((x for x in tensors if not hasattr(x, "dtype")), None)
    if strange is not None:
        raise TypeError(f"{name}: expects tensors, got {type(strange).__name__} among them")
    return tensors


def hstack(tensors):  # beyond
    """The tensors side by side: `cat` along the second dimension, or the first of 1-d tensors."""
    tensors = [atleast_1d(x) for x in some(tensors, "hstack")]
    return cat(tensors, 0 if tensors[0].ndim == 1 else 1)


def vstack(tensors):  # beyond
    """The tensors as rows, one below the other."""
    return cat([atleast_2d(x) for x in some(tensors, "vstack")], 0)


def dstack(tensors):  # beyond
    """The tensors behind each other, along the third dimension."""
    return cat([atleast_3d(x) for x in some(tensors, "dstack")], 2)


def column_stack(tensors):  # beyond
    """The tensors side by side; 1-d tensors become columns."""
    return cat([reshape(x, (-1, 1)) if x.ndim < 2 else x for x in some(tensors, "column_stack")], 1)
