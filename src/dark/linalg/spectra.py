"""Eigenvalues of symmetric matrices, singular values of all, and what follows from them."""  # beyond

import math

import numpy as np

from .. import return_types
from ..autograd.operation import op
from ..ops.pieces import narrow, select
from ..tensor import Tensor, of_tensors, wrap
from .lapack import check_matrices, lapack, on_diagonal, transposed


@of_tensors
def eigh(A, UPLO="L"):
    """The eigenvalues of symmetric matrices, ascending, and the eigenvectors, as columns.

    Only the lower triangle is read, or with UPLO "U" the upper one. Gradients of eigenvectors are defined
    where all eigenvalues differ, and do not depend on their signs.
    """
    check_matrices("eigh", A, square=True)
    both, n = _eigh(A, UPLO), A.shape[-1]
    return return_types.linalg_eigh(select(both, -2, n), narrow(both, -2, 0, n))


@op
def _eigh(A, UPLO):
    """The eigenvectors, as columns, and below each its eigenvalue: an operation has one result.

    Gradient: V (diag(g of the values) + Vᵀ (g of V) / E) Vᵀ with E[i, j] = the difference of values j and i
    (Giles, An extended collection of matrix derivative results, 2008, section 3.1).
    """
    n = A.shape[-1]
    if isinstance(A, Tensor):
        both = _eigh(A, UPLO)
    else:
        values, vectors = lapack("eigh", lambda a: tuple(np.linalg.eigh(a, UPLO)), A)
        both = np.concatenate([vectors, values[..., None, :]], axis=-2)
    vectors, values = both[..., :n, :], both[..., n, :]
    diagonal = on_diagonal(A)

    def backward(g):
        differences = values[..., None, :] - values[..., :, None]
        turned = transposed(vectors) @ g[..., :n, :]
        turned = turned / np.where(diagonal | (turned == 0), math.inf, differences)  # 0 / 0 is 0
        return vectors @ np.where(diagonal, g[..., n, None, :], turned) @ transposed(vectors)

    return both, backward


def eigvalsh(A, UPLO="L"):
    """The eigenvalues of symmetric matrices, ascending."""
    return eigh(A, UPLO).eigenvalues


@of_tensors
def svd(A, full_matrices=True):
    """U, S and Vh with A = U diag(S) Vh: columns of U and rows of Vh perpendicular, S >= 0 descending.

    With k singular values, U is (m, k) and Vh (k, n); `full_matrices` makes both square. What it adds has no
    gradient. Gradients of U and Vh are defined where all singular values differ.
    """
    check_matrices("svd", A)
    (m, n), k = A.shape[-2:], min(A.shape[-2:])
    parts = _svd(A)
    U, S, V = narrow(parts, -2, 0, m), select(parts, -2, m), narrow(parts, -2, m + 1, n)
    if full_matrices and m != n:
        left, _, right = lapack("svd", lambda a: tuple(np.linalg.svd(a)), A.array)
        U, V = (wrap(left), V) if m > k else (U, wrap(transposed(right)))
    return return_types.linalg_svd(U, S, V.mT)


@op
def _svd(A):
    """U, below it S as a row, below that V: an operation has one result.

    Gradient: U ((skew(Uᵀ g of U) / E) S + S (skew(Vᵀ g of V) / E) + diag(g of S)) Vᵀ with skew(X) = X - Xᵀ
    and E[i, j] = s[j]² - s[i]², and what is perpendicular to U and V (Townsend, Differentiating the
    singular value decomposition, 2016).
    """
    m, n = A.shape[-2:]
    if isinstance(A, Tensor):
        parts = _svd(A)
    else:
        U, S, Vh = lapack("svd", lambda a: tuple(np.linalg.svd(a, full_matrices=False)), A)
        parts = np.concatenate([U, S[..., None, :], transposed(Vh)], axis=-2)
    U, S, V = parts[..., :m, :], parts[..., m, None, :], parts[..., m + 1 :, :]
    diagonal = on_diagonal(transposed(S) @ S)

    def backward(g):
        of_u, of_s, of_v = g[..., :m, :], g[..., m, None, :], g[..., m + 1 :, :]
        E = S**2 - transposed(S) ** 2
        turned_u, turned_v = transposed(U) @ of_u, transposed(V) @ of_v
        skew_u, skew_v = skew(turned_u), skew(turned_v)  # 0 on the diagonal, as E is
        of_pairs_u, of_pairs_v = (x / np.where(x == 0, math.inf, E) for x in (skew_u, skew_v))
        inner = of_pairs_u * S + transposed(S) * of_pairs_v
        y = U @ np.where(diagonal, of_s, inner) @ transposed(V)
        if m > n:
            y = y + (of_u - U @ turned_u) / S @ transposed(V)
        if n > m:
            y = y + U / S @ transposed(of_v - V @ turned_v)
        return y

    return parts, backward


def skew(x):
    """x - xᵀ."""
    return x - transposed(x)


def svdvals(A):
    """The singular values of matrices, descending."""
    return svd(A, full_matrices=False).S


@of_tensors
def matrix_rank(A, *, atol=None, rtol=None, hermitian=False):
    """How many singular values (of symmetric matrices, |eigenvalues|) exceed atol and rtol times the largest.

    Without both, `rtol` is the type's eps times the longer side.
    """
    check_matrices("matrix_rank", A, square=hermitian)
    values = (eigvalsh(A).abs() if hermitian else svdvals(A)).detach()
    return (values > tolerance(A, values, atol, rtol)).sum(-1)


def tolerance(A, values, atol, rtol):
    """Below which singular values count as 0."""
    if rtol is None:
        rtol = 0 if atol is not None else max(A.shape[-2:]) * float(np.finfo(A.dtype.numpy).eps)
    largest = values.detach().amax(-1, keepdim=True) if values.shape[-1] else values
    relative = largest * rtol
    return relative if atol is None else relative.clamp(min=atol)
