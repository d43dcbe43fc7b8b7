"""Several tensors made into one."""

import itertools

import numpy as np

from ..autograd.operation import op
from .shape import counted


def cat(tensors, dim=0):
    """The tensors one after the other along `dim`; their other lengths agree."""
    return _cat(*tensors, dim=dim)


@op(promote=True)
def _cat(*tensors, dim):
    solid = [x for x in tensors if x.shape != (0,)] or tensors  # PyTorch lets (0,) join anything
    dim = counted(dim, solid[0].ndim, "cat")
    ends = list(itertools.accumulate(0 if x.shape == (0,) else x.shape[dim] for x in tensors))

    def part(start, end):
        index = (*[slice(None)] * dim, slice(start, end))
        return lambda g: g[index]

    return np.concatenate(solid, dim), *(part(*bounds) for bounds in zip([0, *ends], ends))


def stack(tensors, dim=0):
    """Tensors of one shape side by side along a new dimension."""
    return _stack(*tensors, dim=dim)


@op(promote=True)
def _stack(*tensors, dim):
    dim = counted(dim, tensors[0].ndim + 1, "stack")

    def part(i):
        index = (*[slice(None)] * dim, i)
        return lambda g: g[index]

    return np.stack(tensors, dim), *(part(i) for i in range(len(tensors)))
