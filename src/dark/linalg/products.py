"""Products of matrices and vectors, and powers of matrices."""  # beyond

import functools

from ..dtypes import check_no_booleans
from ..ops import diagonals, linalg
from ..ops.creation import eye
from ..ops.joining import cat
from ..ops.reduction import check_float
from ..ops.shape import counted, unsqueeze
from ..tensor import of_tensors
from .inverses import inv


def matmul(input, other):
    """The matrix product; batches broadcast."""
    return linalg.matmul(input, other)


@of_tensors
def vecdot(x, y, *, dim=-1):
    """The sums of the products of two vectors' elements along `dim`."""
    check_float(x, "vecdot", "convert it first")
    return (x * y).sum(dim)


@of_tensors
def cross(input, other, *, dim=-1):
    """The vectors perpendicular to two vectors of length 3 along `dim`; batches broadcast."""
    if input.ndim != other.ndim or not input.ndim:
        shapes = f"{tuple(input.shape)} and {tuple(other.shape)}"
        raise RuntimeError(f"cross: expects tensors of as many dimensions, got shapes {shapes}")
    dim = counted(dim, input.ndim, "cross")
    if input.shape[dim] != 3 or other.shape[dim] != 3:
        shapes = f"{tuple(input.shape)} and {tuple(other.shape)}"
        raise RuntimeError(f"cross: expects vectors of length 3 along dim {dim}, got shapes {shapes}")
    (a1, a2), (b1, b2) = ((x.roll(-1, dim), x.roll(-2, dim)) for x in (input, other))
    return a1 * b2 - a2 * b1


@of_tensors
def diagonal(A, *, offset=0, dim1=-2, dim2=-1):
    """The diagonals of matrices, as a new last dimension: a view."""
    return diagonals.diagonal(A, offset, dim1, dim2)


@of_tensors
def matrix_power(A, n):
    """The product of n times the same square matrix; of its inverse where n is negative."""
    if A.ndim < 2 or A.shape[-1] != A.shape[-2]:
        raise RuntimeError(f"matrix_power: expects square matrices, got shape {tuple(A.shape)}")
    if n < 0:
        return matrix_power(inv(A), -n)
    if n == 0:
        return eye(A.shape[-1], dtype=A.dtype, device=A.device).expand(A.shape).clone()
    half = matrix_power(A, n // 2) if n > 1 else None
    square = A if half is None else half @ half
    return square @ A if n > 1 and n % 2 else square


@of_tensors
def multi_dot(tensors):
    """The product of several matrices in the order that takes the fewest multiplications.

    The first and the last may be vectors.
    """
    if len(tensors) < 2:
        raise RuntimeError(f"multi_dot: expects at least 2 tensors, got {len(tensors)}")
    ranks = [x.ndim for x in tensors]
    if any(r != 2 for r in ranks[1:-1]) or not {ranks[0], ranks[-1]} <= {1, 2}:
        raise RuntimeError(f"multi_dot: expects matrices, and vectors at the ends, got {ranks} dimensions")
    chain = list(tensors)
    chain[0] = unsqueeze(chain[0], 0) if ranks[0] == 1 else chain[0]
    chain[-1] = unsqueeze(chain[-1], 1) if ranks[-1] == 1 else chain[-1]
    sizes = [chain[0].shape[0], *(x.shape[1] for x in chain)]
    for x, n in zip(chain, sizes):
        if x.shape[0] != n:
            raise RuntimeError(f"multi_dot: shapes {[tuple(x.shape) for x in tensors]} do not fit")

    @functools.cache
    def best(i, j):
        """(multiplications, where to part) of the product of the matrices i ... j."""
        if i == j:
            return 0, i
        last = lambda k: sizes[i] * sizes[k + 1] * sizes[j + 1]
        return min((best(i, k)[0] + best(k + 1, j)[0] + last(k), k) for k in range(i, j))

    def product(i, j):
        k = best(i, j)[1]
        return chain[i] if i == j else product(i, k) @ product(k + 1, j)

    y = product(0, len(chain) - 1)
    y = y.squeeze(0) if ranks[0] == 1 else y
    return y.squeeze(-1) if ranks[-1] == 1 else y


@of_tensors
def vander(x, N=None):
    """The powers 0, 1, … N - 1 of each element, as rows; as many as elements by default."""
    check_no_booleans("vander", x)
    N = x.shape[-1] if N is None else N
    if N < 2:
        raise RuntimeError(f"vander: expects N > 1, got {N}")
    ones = x.new_ones((*x.shape, 1))
    powers = unsqueeze(x, -1).expand(*x.shape, N - 1)
    return cat([ones, powers.cumprod(-1)], -1)
