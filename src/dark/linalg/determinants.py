"""Determinants of square matrices, and their logarithms."""  # beyond

import math

import numpy as np

from .. import return_types
from ..autograd.operation import op
from ..ops.piecewise import where
from ..tensor import Tensor, of_tensors, wrap
from .inverses import inv
from .lapack import check_matrices, lapack, transposed


@op
def det(A):
    """The determinants of square matrices.

    Gradient: the matrix of cofactors, which is det(A) A⁻ᵀ where there is an inverse (Jacobi).
    """
    check_matrices("det", A, square=True)
    y = det(A) if isinstance(A, Tensor) else lapack("det", np.linalg.det, A)

    def backward(g):
        regular = bool((y != 0).all())
        cofactors = y[..., None, None] * transposed(inv(A)) if regular else lapack("det", adjugate, plain(A))
        return g[..., None, None] * cofactors

    return y, backward


def plain(x):
    """The array of a tensor, or an array itself."""
    return x.array if isinstance(x, Tensor) else x


def adjugate(A):
    """The cofactors of matrices that may be singular: U diag(products of the other values) Vh, and a sign."""
    U, S, Vh = np.linalg.svd(A)
    others = np.where(np.eye(S.shape[-1], dtype=bool), 1, S[..., None, :]).prod(axis=-1)
    sign = np.linalg.det(U) * np.linalg.det(Vh)
    return (sign[..., None, None] * (U * others[..., None, :] @ Vh)).astype(A.dtype)


@of_tensors
def slogdet(A):
    """The signs of determinants (0 of a singular matrix) and the logarithms of their absolute values."""
    check_matrices("slogdet", A, square=True)
    sign = wrap(lapack("slogdet", lambda a: np.linalg.slogdet(a)[0], A.array))
    return return_types.linalg_slogdet(sign, logabsdet(A))


@op
def logabsdet(A):
    """log|det(A)|; its gradient is A⁻ᵀ."""
    y = logabsdet(A) if isinstance(A, Tensor) else lapack("slogdet", lambda a: np.linalg.slogdet(a)[1], A)
    return y, lambda g: g[..., None, None] * transposed(inv(A))


def logdet(input):
    """The logarithms of determinants: NaN where one is negative, -inf where it is 0."""
    sign, logarithm = slogdet(input)
    return where(sign < 0, math.nan, logarithm)
