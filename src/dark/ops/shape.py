"""The same elements in another shape: views wherever strides allow, as in PyTorch."""

import math
import operator

import numpy as np

from ..autograd.operation import op
from ..tensor import (
    Tensor,
    method,
    of_tensors,  # beyond
)
from .conversion import in_order


def listed(function):
    """Make `function(input, sizes)` a method that takes the sizes one by one too: `x.permute(1, 0)`."""

    def with_sizes(self, *sizes, **options):
        if sizes and not isinstance(sizes[0], (tuple, list)):
            sizes = (sizes,)
        return function(self, *sizes, **options)

    with_sizes.__name__, with_sizes.__doc__ = function.__name__, function.__doc__
    setattr(Tensor, function.__name__, with_sizes)
    return function


def attribute(function):
    """Make `function(self)` an attribute of Tensor: `x.T`."""
    setattr(Tensor, function.__name__, property(function))
    return function


def counted(dim, ndim, name):
    """A dimension counted from 0, of one that may be counted from the end."""
    rank = max(ndim, 1)  # PyTorch lets 0 and -1 name the missing dimension of a 0-d tensor
    if not -rank <= dim < rank:
        raise IndexError(f"{name}: dim {dim} is out of range for a tensor of {ndim} dimensions")
    return dim % rank


@listed
@op
def reshape(input, shape):
    """The same elements in another shape, of which one length may be -1: what is left.

    A view where strides allow one, else a copy.
    """
    before, shape = input.shape, tuple(map(operator.index, shape))
    if min(shape, default=0) < -1:
        raise RuntimeError(f"reshape: {shape} has a negative length; only -1, for what is left, can be one")
    return input.reshape(shape), lambda g: g.reshape(before)


@listed
def view(self, shape):
    """`reshape` that never copies: the result shares self's memory, or RuntimeError says that it can't.

    It does copy the results of kernels that keep another order in memory than PyTorch's.
    """
    result = reshape(self, shape)
    if result.numel() and not np.may_share_memory(result.array, self.array) and not in_order(self.array):
        raise RuntimeError(
            f"view: strides {self.stride()} of a tensor of shape {tuple(self.shape)} can't show it "
            f"as {tuple(shape)} without a copy; use reshape(...) instead"
        )
    return result


@method
def view_as(self, other):  # beyond
    """Self in the shape of `other`, sharing its memory."""
    return self.view(other.shape)


@method
def reshape_as(self, other):  # beyond
    """Self in the shape of `other`."""
    return reshape(self, other.shape)


@method
def flatten(input, start_dim=0, end_dim=-1):
    """The dimensions from `start_dim` to `end_dim` made into one."""
    start, end = (counted(d, input.ndim, "flatten") for d in (start_dim, end_dim))
    if start > end:
        raise RuntimeError(f"flatten: start_dim {start_dim} comes after end_dim {end_dim}")
    shape = input.shape
    return reshape(input, (*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :]))


@method
def unflatten(input, dim, sizes):  # beyond
    """Dimension `dim` made into several of lengths `sizes`, of which one may be -1."""
    dim = counted(dim, input.ndim, "unflatten")
    sizes, length = tuple(sizes), input.shape[dim]
    known = math.prod(n for n in sizes if n != -1)
    if known != length and not (sizes.count(-1) == 1 and known and length % known == 0):
        raise RuntimeError(f"unflatten: {sizes} does not multiply up to {length}, the length of dim {dim}")
    if known:  # -1 is found here, for where there are no elements reshape can't
        sizes = tuple(length // known if n == -1 else n for n in sizes)
    return reshape(input, (*input.shape[:dim], *sizes, *input.shape[dim + 1 :]))


@method
def ravel(input):
    """All elements in one dimension."""
    return flatten(input)


@method
@op
def squeeze(input, dim=None):
    """Without the dimensions of length 1; `dim` (an int or several) says which of them may go."""
    dims = range(input.ndim) if dim is None else dim if isinstance(dim, (tuple, list)) else (dim,)
    dims = {counted(d, input.ndim, "squeeze") for d in dims}
    before = input.shape
    kept = tuple(n for i, n in enumerate(before) if n != 1 or i not in dims)
    return input.reshape(kept), lambda g: g.reshape(before)


@method
@op
def unsqueeze(input, dim):
    """With a new dimension of length 1 at `dim`."""
    at, before = counted(dim, input.ndim + 1, "unsqueeze"), input.shape
    return input.reshape((*before[:at], 1, *before[at:])), lambda g: g.reshape(before)


@listed
@op
def permute(input, dims):
    """The dimensions in the order `dims`."""
    dims = tuple(counted(d, input.ndim, "permute") for d in dims)
    back = tuple(sorted(range(len(dims)), key=dims.__getitem__))
    return np.transpose(input, dims), lambda g: np.transpose(g, back)


@method
@op
def transpose(input, dim0, dim1):
    """With two dimensions exchanged."""
    dim0, dim1 = (counted(d, input.ndim, "transpose") for d in (dim0, dim1))
    if dim0 == dim1:
        return input.reshape(input.shape), lambda g: g
    return np.swapaxes(input, dim0, dim1), lambda g: np.swapaxes(g, dim0, dim1)


@method
def swapaxes(input, axis0, axis1):
    """`transpose` under NumPy's name."""
    return transpose(input, axis0, axis1)


@method
def swapdims(input, dim0, dim1):  # beyond
    """`transpose` under another name."""
    return transpose(input, dim0, dim1)


@method
def t(input):
    """The transpose of a matrix; tensors of fewer dimensions stay as they are."""
    if input.ndim > 2:
        raise RuntimeError(f"t: expects a tensor of at most 2 dimensions, got shape {tuple(input.shape)}")
    return transpose(input, 0, 1) if input.ndim == 2 else input


@attribute
def T(self):
    """All dimensions in reverse order."""
    return permute(self, range(self.ndim)[::-1])


@attribute
def mT(self):
    """The last two dimensions exchanged."""
    return transpose(self, -2, -1)


@method
def movedim(input, source, destination):
    """Dimension `source` moved to the place `destination`, or several; the others keep their order."""
    sources, targets = (
        [counted(d, input.ndim, "movedim") for d in (x if isinstance(x, (tuple, list)) else (x,))]
        for x in (source, destination)
    )
    if len(sources) != len(targets) or len(set(sources)) < len(sources) or len(set(targets)) < len(targets):
        raise RuntimeError(f"movedim: {source} can't move to {destination}: each needs a place of its own")
    rest = iter(d for d in range(input.ndim) if d not in sources)
    at = dict(zip(targets, sources))
    return permute(input, [at[i] if i in at else next(rest) for i in range(input.ndim)])


@method
def moveaxis(input, source, destination):  # beyond
    """`movedim` under NumPy's name."""
    return movedim(input, source, destination)


@of_tensors
def atleast_1d(*tensors):  # beyond
    """The tensors, with a dimension of length 1 where they have none."""
    return of_rank(1, tensors)


@of_tensors
def atleast_2d(*tensors):  # beyond
    """The tensors, with dimensions of length 1 in front until there are 2."""
    return of_rank(2, tensors)


@of_tensors
def atleast_3d(*tensors):  # beyond
    """The tensors with 3 dimensions: (n,) becomes (1, n, 1) and (n, m) becomes (n, m, 1)."""
    return of_rank(3, tensors)


def of_rank(ndim, tensors):  # beyond
    """Each tensor with at least `ndim` dimensions; one tensor comes back by itself."""
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        tensors = tensors[0]
    results = []
    for x in tensors:
        x = unsqueeze(x, 0) if x.ndim < 1 <= ndim else x
        x = unsqueeze(x, 0) if x.ndim < 2 <= ndim else x
        results.append(unsqueeze(x, -1) if x.ndim < 3 <= ndim else x)
    return results[0] if len(results) == 1 else tuple(results)
