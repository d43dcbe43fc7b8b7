"""Systems of linear equations: their solutions, and inverses of matrices."""  # beyond

import numpy as np

from .. import return_types
from ..autograd.operation import op
from ..ops.broadcasting import broadcast_shapes
from ..ops.diagonals import tril, triu
from ..ops.piecewise import where
from ..ops.shape import squeeze, unsqueeze
from ..tensor import Tensor, of_tensors, wrap
from .lapack import check_matrices, check_type, lapack, on_diagonal, transposed
from .spectra import eigvalsh, matrix_rank, svdvals, tolerance


@op
def inv(A):
    """The inverses of square matrices; LinAlgError for one that has none.

    Gradient: -A⁻ᵀ g A⁻ᵀ, from 0 = d(A A⁻¹) = dA A⁻¹ + A d(A⁻¹).
    """
    check_matrices("inv", A, square=True)
    y = inv(A) if isinstance(A, Tensor) else lapack("inv", np.linalg.inv, A)
    return y, lambda g: -(transposed(y) @ g @ transposed(y))


@of_tensors
def solve(A, B, *, left=True):
    """X with A X = B, or unless `left` X A = B, for square matrices A; LinAlgError where one is singular.

    B is a matrix, or where its shape says so a vector, and may have batches as A has them, which broadcast.
    """
    check_matrices("solve", A, square=True)
    check_type("solve", B)
    check_same_type("solve", A, B)
    is_vector = B.ndim == 1 or (B.ndim == A.ndim - 1 and B.shape == A.shape[:-1])
    if is_vector:
        return squeeze(solved(A if left else A.mT, unsqueeze(B, -1)), -1)
    return solved(A, B) if left else solved(A.mT, B.mT).mT


def solved(A, B):
    """X with A X = B, where the sizes fit."""
    n, m = A.shape[-1], B.shape[-2]
    if n != m:
        raise RuntimeError(f"solve: A {tuple(A.shape)} takes {n} rows, B {tuple(B.shape)} has {m}")
    broadcast_shapes(tuple(A.shape[:-2]), tuple(B.shape[:-2]))
    return _solve(A, B)


@op
def _solve(A, B):
    """Gradients: that of B is A⁻ᵀ g, that of A is minus it times Xᵀ, as dA X + A dX = dB."""
    on_tensors = isinstance(A, Tensor) or isinstance(B, Tensor)
    X = _solve(A, B) if on_tensors else lapack("solve", np.linalg.solve, A, B)
    to_right = lambda g: _solve(transposed(A), g)
    return X, lambda g: -(to_right(g) @ transposed(X)), to_right


def check_same_type(name, A, B):
    """Raise where two tensors have different types."""
    if A.dtype is not B.dtype:
        raise RuntimeError(f"{name}: expected both to have the same dtype: {A.dtype} and {B.dtype}")


@of_tensors
def solve_triangular(A, B, *, upper, left=True, unitriangular=False):
    """X with A X = B, or unless `left` X A = B, where only one triangle of A counts.

    With `unitriangular` its diagonal counts as ones.
    """
    check_matrices("solve_triangular", A, square=True)
    check_matrices("solve_triangular", B)
    check_same_type("solve_triangular", A, B)
    A = triu(A) if upper else tril(A)
    if unitriangular:
        A = where(wrap(on_diagonal(A)), 1.0, A)
    return solved(A, B) if left else solved(A.mT, B.mT).mT


@of_tensors
def pinv(A, *, atol=None, rtol=None, hermitian=False):
    """The pseudo-inverses (Moore, Penrose) of matrices; singular values up to a tolerance count as 0.

    It is the larger of `atol` and `rtol` times the largest; without both, `rtol` is the type's eps times the
    longer side.
    """
    check_matrices("pinv", A, square=hermitian)
    values = eigvalsh(A.detach()).abs() if hermitian else svdvals(A.detach())
    return _pinv(A, tolerance(A, values, atol, rtol).array)


@op
def _pinv(A, tolerance):
    """The gradient is Golub's and Pereyra's (1973), (4.12): with P = A⁺ and G = gᵀ,

    -Pᵀ g Pᵀ + (1 - A P) G P Pᵀ + Pᵀ P G (1 - P A).
    """
    P = _pinv(A, tolerance) if isinstance(A, Tensor) else lapack("pinv", pseudo_inverse, A, tolerance)
    Pt = transposed(P)

    def backward(g):
        G = transposed(g)
        right, left = G @ P @ Pt, Pt @ P @ G
        return right - A @ (P @ right) + left - left @ P @ A - Pt @ g @ Pt

    return P, backward


def pseudo_inverse(A, tolerance):
    """V S⁻¹ Uᵀ, of the singular values above the tolerance."""
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    inverse = np.divide(1, S, where=np.greater(S, tolerance), out=np.zeros_like(S))
    return transposed(Vh) * inverse[..., None, :] @ transposed(U)


@of_tensors
def lstsq(A, B, rcond=None):
    """The X with the least ||A X - B||², of several the shortest, and the rank of A.

    As with PyTorch's default driver, the fields `residuals` and `singular_values` are empty.
    """
    check_matrices("lstsq", A)
    check_same_type("lstsq", A, B)
    is_vector = B.ndim == 1 or (B.ndim == A.ndim - 1 and B.shape == A.shape[:-1])
    right = unsqueeze(B, -1) if is_vector else B
    if A.shape[-2] != right.shape[-2]:
        raise RuntimeError(f"lstsq: A {tuple(A.shape)} and B {tuple(B.shape)} have different numbers of rows")
    X = pinv(A, rtol=rcond) @ right
    rank = matrix_rank(A, rtol=rcond)
    empty = A.new_empty((0,))
    return return_types.linalg_lstsq(squeeze(X, -1) if is_vector else X, empty, rank, empty)
