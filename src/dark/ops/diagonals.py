"""Diagonals and triangles of matrices."""  # beyond

import numpy as np

from ..autograd.operation import op
from ..dtypes import as_dtype
from ..tensor import Tensor, method
from .creation import made
from .in_place import check_allowed, in_place, write
from .shape import counted, flatten


@in_place
@method
@op
def tril(input, diagonal=0):
    """The lower triangle of matrices, up to a diagonal (0 the main one, above it positive), and zeros."""
    check_matrix("tril", input)
    return np.tril(input, diagonal), lambda g: np.tril(g, diagonal)


@in_place
@method
@op
def triu(input, diagonal=0):
    """The upper triangle of matrices, down to a diagonal (0 the main one, above it positive), and zeros."""
    check_matrix("triu", input)
    return np.triu(input, diagonal), lambda g: np.triu(g, diagonal)


def check_matrix(name, input):
    """Raise where there are not at least two dimensions."""
    if input.ndim < 2:
        raise RuntimeError(f"{name}: expects at least 2 dimensions, got shape {tuple(input.shape)}")


def tril_indices(row, col, offset=0, *, dtype=None, device=None):
    """The positions of the lower triangle of a (row, col) matrix, as (2, how many)."""
    return positions(np.tril_indices(row, offset, col), dtype, device)


def triu_indices(row, col, offset=0, *, dtype=None, device=None):
    """The positions of the upper triangle of a (row, col) matrix, as (2, how many)."""
    return positions(np.triu_indices(row, offset, col), dtype, device)


def positions(pair, dtype, device):
    """Rows and columns as one integer tensor."""
    return made(np.stack(pair), as_dtype(dtype or np.int64), device)


@method
def diagonal(input, offset=0, dim1=0, dim2=1):
    """The diagonal of the matrices in two dimensions, as a new last dimension: a view."""
    dim1, dim2 = (counted(d, input.ndim, "diagonal") for d in (dim1, dim2))
    if dim1 == dim2:
        raise RuntimeError(f"diagonal: dim1 and dim2 are the same dimension, {dim1}")
    y = _diagonal(input, offset, dim1, dim2)
    if isinstance(y, Tensor) and isinstance(y.array, np.ndarray):
        y.array.flags.writeable = input.array.flags.writeable  # NumPy's is read-only
    return y


@op
def _diagonal(input, offset, dim1, dim2):
    shape = input.shape
    return np.diagonal(input, offset, dim1, dim2), lambda g: _from_diagonal(g, shape, offset, dim1, dim2)


@op
def _from_diagonal(input, shape, offset, dim1, dim2):
    return on_diagonal(input, shape, offset, dim1, dim2), lambda g: np.diagonal(g, offset, dim1, dim2)


def on_diagonal(values, shape, offset, dim1, dim2):
    """Zeros of `shape`, with `values` on a diagonal."""
    if isinstance(values, Tensor):
        return _from_diagonal(values, shape, offset, dim1, dim2)
    y = np.zeros(shape, values.dtype, like=values)
    i = np.arange(values.shape[-1], like=values)
    np.moveaxis(y, (dim1, dim2), (-2, -1))[..., i + max(-offset, 0), i + max(offset, 0)] = values
    return y


@method
def diag_embed(input, offset=0, dim1=-2, dim2=-1):
    """Zeros, with the last dimension of `input` on the diagonal of the matrices in two new dimensions."""
    if input.ndim < 1:
        raise IndexError("diag_embed: expects at least 1 dimension")
    dim1, dim2 = (counted(d, input.ndim + 1, "diag_embed") for d in (dim1, dim2))
    if dim1 == dim2:
        raise RuntimeError(f"diag_embed: dim1 and dim2 are the same dimension, {dim1}")
    n = input.shape[-1] + abs(offset)
    rest = iter(input.shape[:-1])
    shape = tuple(n if d in (dim1, dim2) else next(rest) for d in range(input.ndim + 1))
    return _from_diagonal(input, shape, offset, dim1, dim2)


@method
def diag(input, diagonal=0):
    """A matrix with a vector on its diagonal, or the diagonal of a matrix."""
    if input.ndim not in (1, 2):
        raise RuntimeError(f"diag: expects 1 or 2 dimensions, got shape {tuple(input.shape)}")
    if input.ndim == 1:
        return diag_embed(input, diagonal)
    return input.diagonal(diagonal).clone()


@method
def diagflat(input, offset=0):
    """A matrix with all elements on its diagonal."""
    return diag_embed(flatten(input), offset)


@method
def trace(input):
    """The sum of the diagonal of a matrix."""
    if input.ndim != 2:
        raise RuntimeError(f"trace: expects a matrix, got shape {tuple(input.shape)}")
    return input.diagonal().sum()


@method
def fill_diagonal_(self, fill_value):
    """Make the elements on the main diagonal of a matrix one number."""
    check_allowed("fill_diagonal_", self)
    check_matrix("fill_diagonal_", self)
    write("fill_diagonal_", self.detach().diagonal(), np.asarray(fill_value, dtype=self.array.dtype))
    return self
