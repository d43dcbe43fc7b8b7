"""The same elements in another shape: views wherever strides allow, as in PyTorch."""

import math

import numpy as np

from ..autograd.operation import op
from ..tensor import Tensor, method


def listed(function):
    """Make `function(input, sizes)` a method that takes the sizes one by one too: `x.permute(1, 0)`."""

    def with_sizes(self, *sizes, **options):
        if sizes and not isinstance(sizes[0], (tuple, list)):
            sizes = (sizes,)
        return function(self, *sizes, **options)

    with_sizes.__name__, with_sizes.__doc__ = function.__name__, function.__doc__
    setattr(Tensor, function.__name__, with_sizes)
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
    """The same elements in another shape; one length may be -1: what is left. A view where strides allow it."""
    return input.reshape(tuple(shape)), lambda g: g.reshape(input.shape)


@listed
def view(self, shape):
    """`reshape` that never copies: the result shares self's memory, or RuntimeError says that it can't."""
    try:
        self.array.reshape(tuple(shape), copy=False)
    except ValueError:
        if math.prod(shape) == self.numel():
            raise RuntimeError(
                f"view: no strides show a tensor of shape {tuple(self.shape)} and strides {self.stride()} "
                f"as {tuple(shape)} without a copy; use reshape(...) instead"
            ) from None
    return reshape(self, shape)


@method
def view_as(self, other):
    """Self in the shape of `other`, sharing its memory."""
    return self.view(other.shape)


@method
def reshape_as(self, other):
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
def ravel(input):
    """All elements in one dimension."""
    return flatten(input)


@method
@op
def squeeze(input, dim=None):
    """Without the dimensions of length 1; `dim` (an int or several) says which of them may go."""
    dims = range(input.ndim) if dim is None else dim if isinstance(dim, (tuple, list)) else (dim,)
    dims = {counted(d, input.ndim, "squeeze") for d in dims}
    kept = tuple(n for i, n in enumerate(input.shape) if n != 1 or i not in dims)
    return input.reshape(kept), lambda g: g.reshape(input.shape)


@method
@op
def unsqueeze(input, dim):
    """With a new dimension of length 1 at `dim`."""
    at = counted(dim, input.ndim + 1, "unsqueeze")
    return input.reshape((*input.shape[:at], 1, *input.shape[at:])), lambda g: g.reshape(input.shape)


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
def t(input):
    """The transpose of a matrix; tensors of fewer dimensions stay as they are."""
    if input.ndim > 2:
        raise RuntimeError(f"t: expects a tensor of at most 2 dimensions, got shape {tuple(input.shape)}")
    return transpose(input, 0, 1) if input.ndim == 2 else input


Tensor.T = property(lambda self: permute(self, range(self.ndim)[::-1]), doc="All dimensions in reverse order.")
Tensor.mT = property(lambda self: transpose(self, -2, -1), doc="The last two dimensions exchanged.")


@method
def movedim(input, source, destination):
    """Dimension `source` moved to the place `destination` (or several at once); the others keep their order."""
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
@op
def broadcast_to(input, shape):
    """`input` repeated along new and length-1 dimensions, without a copy; the engine sums its gradient back."""
    return np.broadcast_to(input, tuple(shape)), lambda g: g


def expand(self, sizes):
    """`broadcast_to` where -1 stands for a length that stays."""
    new = len(sizes) - self.ndim
    if new < 0 or -1 in sizes[:new]:
        raise RuntimeError(f"expand: {tuple(sizes)} for a tensor of shape {tuple(self.shape)}: -1 names no length of it")
    return broadcast_to(self, tuple(self.shape[i - new] if n == -1 else n for i, n in enumerate(sizes)))


listed(expand)


@method
def expand_as(self, other):
    """Self, expanded to the shape of `other`."""
    return broadcast_to(self, other.shape)


swapdims = Tensor.swapdims = swapaxes
moveaxis = Tensor.moveaxis = movedim
