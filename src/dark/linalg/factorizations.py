"""Matrices as products of triangular and orthogonal ones."""  # beyond

import numpy as np

from .. import return_types
from ..autograd.operation import op
from ..ops.joining import cat
from ..ops.pieces import narrow
from ..tensor import Tensor, of_tensors, wrap
from .inverses import inv
from .lapack import check_matrices, lapack, on_diagonal, transposed


def cholesky(A, *, upper=False):
    """The lower triangular L with A = L Lᵀ, or the upper one, of symmetric positive definite matrices."""
    L = _cholesky(A)
    return L.mT if upper else L


@op
def _cholesky(A):
    """Gradient: L⁻ᵀ S L⁻¹, where S is half of Lᵀ g with its lower triangle copied into the upper one.

    (Murray, Differentiation of the Cholesky decomposition, 2016, equation 10, made symmetric.)
    """
    check_matrices("cholesky", A, square=True)
    L = _cholesky(A) if isinstance(A, Tensor) else lapack("cholesky", np.linalg.cholesky, A)

    def backward(g):
        inverse = inv(L)
        return transposed(inverse) @ (copied(transposed(L) @ g) / 2) @ inverse

    return L, backward


def copied(x):
    """Square matrices with their lower triangle copied into the upper one."""
    lower = np.tril(x)
    return np.where(on_diagonal(x), lower, lower + transposed(lower))


@of_tensors
def qr(A, mode="reduced"):
    """Q with perpendicular columns of length 1 and the upper triangular R with A = Q R.

    `mode` "complete" makes Q square, which has a gradient only where it is anyway; "r" leaves Q empty.
    """
    check_matrices("qr", A)
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(f"qr: mode is 'reduced', 'complete' or 'r', not {mode!r}")
    m, n = A.shape[-2:]
    if mode == "complete" and m > n:
        both = lapack("qr", lambda a: tuple(np.linalg.qr(a, "complete")), A.array)
        return return_types.linalg_qr(*map(wrap, both))
    k = min(m, n)
    both = _qr(narrow(A, -1, 0, k))
    Q, R = narrow(both, -2, 0, m), narrow(both, -2, m, k).mT
    if n > m:
        R = cat([R, Q.mT @ narrow(A, -1, m, n - m)], -1)
    return return_types.linalg_qr(Q.new_empty((0,)) if mode == "r" else Q, R)


@op
def _qr(A):
    """Q, and below it Rᵀ, of matrices with at least as many rows as columns: an operation has one result.

    Gradient: (g of Q + Q copied(R (g of R)ᵀ - (g of Q)ᵀ Q)) R⁻ᵀ, where the lower triangle is copied into the
    upper one (Walter and Lehmann, Algorithmic differentiation of linear algebra functions, 2010).
    """
    m = A.shape[-2]
    if isinstance(A, Tensor):
        both = _qr(A)
    else:
        Q, R = lapack("qr", lambda a: tuple(np.linalg.qr(a)), A)
        both = np.concatenate([Q, transposed(R)], axis=-2)
    Q, Rt = both[..., :m, :], both[..., m:, :]

    def backward(g):
        of_q, of_rt = g[..., :m, :], g[..., m:, :]
        return (of_q + Q @ copied(transposed(Rt) @ of_rt - transposed(of_q) @ Q)) @ inv(Rt)

    return both, backward
