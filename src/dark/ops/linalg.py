"""Products of matrices and vectors."""

import math

import numpy as np

from ..autograd.operation import op
from ..dtypes import as_dtype
from ..tensor import Tensor, method


@method
@op
def matmul(input, other):
    """The matrix product; dimensions before the last two are batches, which broadcast; vectors are rows or columns."""
    if input.ndim == 0 or other.ndim == 0:
        raise RuntimeError(f"matmul: both tensors need at least 1 dimension; got {input.shape} and {other.shape}")
    if as_dtype(input.dtype) is not as_dtype(other.dtype):
        raise RuntimeError(f"matmul: expected both to have the same dtype: {input.dtype} and {other.dtype}")
    n, m = input.shape[-1], other.shape[-2:][0]
    if n != m:
        raise RuntimeError(
            f"matmul: input {tuple(input.shape)} and other {tuple(other.shape)} do not fit: {n} columns meet {m} rows"
        )
    shape = (*input.shape[:-1], *other.shape[-1:][: other.ndim - 1])
    if other.ndim <= 2:  # one large product, not one for each matrix of the batch
        rows = input.reshape((math.prod(input.shape[:-1]), n))
    else:
        rows = input if input.ndim > 1 else input.reshape((1, n))
    columns = other if other.ndim > 1 else other.reshape((n, 1))
    y = rows @ columns
    if other.ndim > 2:
        shape = y.shape if input.ndim > 1 else (*y.shape[:-2], y.shape[-1])

    def gradient_of_input(g):
        g = g.reshape(y.shape) @ np.swapaxes(columns, -1, -2)
        return g.reshape(input.shape) if other.ndim <= 2 else g

    def gradient_of_other(g):
        g = np.swapaxes(rows, -1, -2) @ g.reshape(y.shape)
        return g.reshape(other.shape) if other.ndim <= 2 else g

    return y.reshape(shape), gradient_of_input, gradient_of_other


@method
def mm(input, mat2):
    """The product of two matrices."""
    if input.ndim != 2 or mat2.ndim != 2:
        raise RuntimeError(f"mm: expects two matrices, got shapes {tuple(input.shape)} and {tuple(mat2.shape)}")
    return matmul(input, mat2)


Tensor.__matmul__ = matmul
Tensor.__rmatmul__ = lambda self, other: matmul(other, self)
