"""The length of vectors, and the size of matrices."""  # beyond

import math

from ..dtypes import as_dtype
from ..ops import reduction
from ..ops.shape import counted, movedim, unsqueeze
from ..tensor import of_tensors
from .spectra import svdvals


@of_tensors
def norm(A, ord=None, dim=None, keepdim=False, *, dtype=None):
    """`vector_norm` or `matrix_norm`: without `ord`, the square root of the sum of all squares over `dim`.

    With `ord`, an int in `dim` (or a vector) asks for norms of vectors, two for those of matrices.
    """
    dims = (dim,) if isinstance(dim, int) else dim
    if ord is None:
        return vector_norm(A, 2, dims, keepdim, dtype=dtype)
    count = A.ndim if dims is None else len(dims)
    if count not in (1, 2):
        raise RuntimeError(f"norm: with ord, norms are of 1 or 2 dimensions, not of {count}")
    if count == 1:
        if isinstance(ord, str):
            raise RuntimeError(f"norm: the order {ord!r} is one of matrices, not of vectors")
        return vector_norm(A, ord, dims, keepdim, dtype=dtype)
    return matrix_norm(A, ord, (-2, -1) if dims is None else dims, keepdim, dtype=dtype)


@of_tensors
def vector_norm(x, ord=2, dim=None, keepdim=False, *, dtype=None):
    """(Σ|x|^ord)^(1/ord) over `dim`, all by default, as of one vector.

    ord = inf and -inf are the largest and the smallest |x|, ord = 0 counts what is not 0. The gradient is 0
    where the norm has a kink, at 0; equally large |x| share it.
    """
    if isinstance(ord, str):
        raise TypeError(f"vector_norm: ord is a number, not {ord!r}")
    return reduction.norm(x, float(ord), dim, keepdim, dtype=dtype)


@of_tensors
def matrix_norm(A, ord="fro", dim=(-2, -1), keepdim=False, *, dtype=None):
    """The norm of the matrices in two dimensions.

    `ord` is "fro", the square root of the sum of all squares; "nuc", the sum of the singular values; 2 or
    -2, the largest or smallest of them; 1 or -1, the largest or smallest sum of the |elements| of a column;
    inf or -inf, of a row.
    """
    if A.ndim < 2 or len(dim) != 2:
        raise RuntimeError(f"matrix_norm: expects matrices, got shape {tuple(A.shape)} and dim {dim}")
    rows, columns = (counted(d, A.ndim, "matrix_norm") for d in dim)
    if rows == columns:
        raise RuntimeError(f"matrix_norm: dim names one dimension twice: {dim}")
    reduction.check_float(A, "matrix_norm", "convert it first")
    A = A if dtype is None else A.to(as_dtype(dtype))
    if ord == "fro":
        return vector_norm(A, 2, (rows, columns), keepdim)
    if isinstance(ord, str) and ord != "nuc":
        raise RuntimeError(f"matrix_norm: ord is 'fro', 'nuc' or a number, not {ord!r}")
    if ord == "nuc" or abs(ord) == 2:
        values = svdvals(movedim(A, (rows, columns), (-2, -1)))
        y = values.sum(-1) if ord == "nuc" else values.amax(-1) if ord > 0 else values.amin(-1)
    elif abs(ord) == 1 or math.isinf(ord):
        sums = vector_norm(A, 1, rows if abs(ord) == 1 else columns, keepdim=True)
        y = (sums.amax if ord > 0 else sums.amin)((rows, columns))
    else:
        raise RuntimeError(f"matrix_norm: matrices have no norm of order {ord}")
    return with_dimensions(y, sorted((rows, columns))) if keepdim else y


def with_dimensions(x, dims):
    """`x` with new dimensions of length 1."""
    for d in dims:
        x = unsqueeze(x, d)
    return x
