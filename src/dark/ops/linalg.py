"""Products of matrices and vectors."""

import math

import numpy as np

from .. import kernels
from ..autograd.operation import op
from ..dtypes import as_dtype
from ..tensor import (
    Tensor,
    method,
    of_tensors,  # beyond
)
from .in_place import in_place  # beyond
from .shape import (
    permute,  # beyond
    reshape,  # beyond
    unsqueeze,
)


@method
@op
def matmul(input, other):
    """The matrix product; what comes before the last two dimensions are batches, which broadcast.

    A vector on the left is a row, on the right a column, which the result then does not have.
    """
    check_fit("matmul", input, other)
    n, of_input, of_other = input.shape[-1], input.shape, other.shape
    folded = other.ndim <= 2  # one large product instead of one for each matrix of a batch
    rows = shaped(input, (math.prod(of_input[:-1]), n)) if folded or input.ndim == 1 else input
    columns = shaped(other, (n, 1)) if other.ndim == 1 else other
    y = multiplied(rows, columns)

    product = y.shape
    batch = of_input[:-2] if folded else product[:-2]
    shape = batch + of_input[-2:-1] + (of_other[-1:] if len(of_other) > 1 else ())

    def to_input(g):
        g = multiplied(shaped(g, product), np.swapaxes(columns, -1, -2))
        return shaped(g, of_input) if folded else g  # else the engine undoes what was broadcast

    def to_other(g):
        g = multiplied(np.swapaxes(rows, -1, -2), shaped(g, product))
        return shaped(g, of_other) if folded else g

    return shaped(y, shape), to_input, to_other


def multiplied(a, b):
    """a @ b; of two matrices on a card by the kernel, which knows how exact it has to be."""
    if type(a) is np.ndarray or a.ndim != 2 or b.ndim != 2 or a.dtype.kind != "f":
        return a @ b
    return kernels.of(a, b).matmul(a, b)


def shaped(x, shape):
    """`x` in a shape: itself where it has it, so that nobody takes a result for a view of another array."""
    return x if x.shape == shape else x.reshape(shape)


def check_fit(name, input, other):
    """Raise where two tensors have no matrix product."""
    if input.ndim == 0 or other.ndim == 0:
        raise RuntimeError(f"{name}: a 0-d tensor has no matrix product; use * to scale")
    if as_dtype(input.dtype) is not as_dtype(other.dtype):
        types = f"{as_dtype(input.dtype)} and {as_dtype(other.dtype)}"
        raise RuntimeError(f"{name}: expected both to have the same dtype: {types}")
    n, m = input.shape[-1], other.shape[-2:][0]
    if n != m:
        shapes = f"input {tuple(input.shape)} and other {tuple(other.shape)}"
        raise RuntimeError(f"{name}: {shapes} do not fit: {n} columns meet {m} rows")


def check_rank(name, *expected):
    """Raise where a tensor has not the expected number of dimensions; pairs of both."""
    if any(x.ndim != ndim for x, ndim in expected):
        shapes = " and ".join(str(tuple(x.shape)) for x, _ in expected)
        ranks = " and ".join(f"{ndim}-d" for _, ndim in expected)
        raise RuntimeError(f"{name}: expects {ranks} tensors, got shapes {shapes}")


@method
def mm(input, mat2):
    """The product of two matrices."""
    check_rank("mm", (input, 2), (mat2, 2))
    return matmul(input, mat2)


@method
def bmm(input, mat2):
    """The products of two batches of matrices, (B, n, k) and (B, k, m)."""
    check_rank("bmm", (input, 3), (mat2, 3))
    if input.shape[0] != mat2.shape[0]:
        raise RuntimeError(f"bmm: batches of {input.shape[0]} and {mat2.shape[0]} matrices")
    return matmul(input, mat2)


@method
def mv(input, vec):
    """The product of a matrix and a vector."""
    check_rank("mv", (input, 2), (vec, 1))
    return matmul(input, vec)


@method
def dot(input, tensor):
    """The sum of the products of two vectors' elements."""
    check_rank("dot", (input, 1), (tensor, 1))
    return matmul(input, tensor)


@method
def vdot(input, other):  # beyond
    """The same as `dot`: these numbers are real."""
    check_rank("vdot", (input, 1), (other, 1))
    return matmul(input, other)


@method
def inner(input, other):  # beyond
    """The sums of products over the last dimension of both; with a number, the product."""
    if input.ndim == 0 or other.ndim == 0:
        return input * other
    return tensordot(input, other, dims=([-1], [-1]))


@method
def outer(input, vec2):
    """All products of the elements of two vectors, (n,) and (m,), as (n, m)."""
    check_rank("outer", (input, 1), (vec2, 1))
    return unsqueeze(input, 1) * vec2


@method
def ger(input, vec2):  # beyond
    """The same as `outer`."""
    return outer(input, vec2)


def added(name, input, product, beta, alpha):  # beyond
    """beta * input + alpha * product; input broadcasts to the product, and is not looked at for beta 0."""
    if alpha != 1:
        product = product * alpha
    fits = zip(reversed(input.shape), reversed(product.shape))
    if input.ndim > product.ndim or any(n not in (1, m) for n, m in fits):
        raise RuntimeError(f"{name}: input {tuple(input.shape)} does not expand to {tuple(product.shape)}")
    if as_dtype(input.dtype) is not as_dtype(product.dtype):
        raise RuntimeError(f"{name}: expected all to have the same dtype: {input.dtype} and {product.dtype}")
    if beta == 0:
        return product
    return product + (input if beta == 1 else input * beta)


@in_place
@method
def addmm(input, mat1, mat2, *, beta=1, alpha=1):  # beyond
    """beta * input + alpha * (mat1 @ mat2)."""
    check_rank("addmm", (mat1, 2), (mat2, 2))
    check_fit("addmm", mat1, mat2)
    return added("addmm", input, matmul(mat1, mat2), beta, alpha)


@in_place
@method
def addmv(input, mat, vec, *, beta=1, alpha=1):  # beyond
    """beta * input + alpha * (mat @ vec)."""
    check_rank("addmv", (mat, 2), (vec, 1))
    check_fit("addmv", mat, vec)
    return added("addmv", input, matmul(mat, vec), beta, alpha)


@in_place
@method
def addr(input, vec1, vec2, *, beta=1, alpha=1):  # beyond
    """beta * input + alpha * outer(vec1, vec2)."""
    return added("addr", input, outer(vec1, vec2), beta, alpha)


@in_place
@method
def baddbmm(input, batch1, batch2, *, beta=1, alpha=1):  # beyond
    """beta * input + alpha * bmm(batch1, batch2)."""
    check_fit("baddbmm", batch1, batch2)
    return added("baddbmm", input, bmm(batch1, batch2), beta, alpha)


@in_place
@method
def addbmm(input, batch1, batch2, *, beta=1, alpha=1):  # beyond
    """beta * input + alpha * the sum of the products of two batches of matrices."""
    check_fit("addbmm", batch1, batch2)
    return added("addbmm", input, bmm(batch1, batch2).sum(dim=0, dtype=batch1.dtype), beta, alpha)


@of_tensors
def tensordot(a, b, dims=2):  # beyond
    """The sum of products over several dimensions: `dims` last of a and first of b, or two lists of them."""
    if isinstance(dims, int):
        if dims > min(a.ndim, b.ndim):
            raise RuntimeError(f"tensordot: {dims} dimensions of {tuple(a.shape)} and {tuple(b.shape)}")
        pairs = [(a.ndim - dims + i, i) for i in range(dims)]
    else:
        pairs = list(zip(*dims))
        if len(dims[0]) != len(dims[1]):
            raise RuntimeError(f"tensordot: {len(dims[0])} dimensions of a meet {len(dims[1])} of b")
    if any(a.shape[i] != b.shape[j] for i, j in pairs):
        raise RuntimeError(f"tensordot: dimensions {dims} of {tuple(a.shape)} and {tuple(b.shape)} differ")
    mine, theirs = [i % a.ndim for i, _ in pairs], [j % b.ndim for _, j in pairs]
    rows = [i for i in range(a.ndim) if i not in mine]
    columns = [j for j in range(b.ndim) if j not in theirs]
    shape = [a.shape[i] for i in rows] + [b.shape[j] for j in columns]
    n = math.prod(a.shape[i] for i in mine)
    left = reshape(permute(a, [*rows, *mine]), (math.prod(shape[: len(rows)]), n))
    right = reshape(permute(b, [*theirs, *columns]), (n, math.prod(shape[len(rows) :])))
    return reshape(matmul(left, right), shape)


@method
def kron(input, other):  # beyond
    """The Kronecker product: every element of `input` times the whole of `other`, block by block."""
    ndim = max(input.ndim, other.ndim)
    a, b = ((1,) * (ndim - x.ndim) + tuple(x.shape) for x in (input, other))
    blocks = reshape(input, [n for length in a for n in (length, 1)])
    insides = reshape(other, [n for length in b for n in (1, length)])
    return reshape(blocks * insides, [n * m for n, m in zip(a, b)])


@method
def cross(input, other, dim=None):  # beyond
    """The vector perpendicular to two vectors of length 3, along `dim` (the first of length 3)."""
    if dim is None:
        dim = next((d for d, n in enumerate(input.shape) if n == 3), None)
    if dim is None or input.ndim != other.ndim or input.shape[dim] != 3 or other.shape[dim] != 3:
        shapes = f"{tuple(input.shape)} and {tuple(other.shape)}"
        raise RuntimeError(f"cross: expects vectors of length 3 along dim {dim}, got shapes {shapes}")
    turned = [(x.roll(-1, dim), x.roll(-2, dim)) for x in (input, other)]
    return turned[0][0] * turned[1][1] - turned[0][1] * turned[1][0]


Tensor.__matmul__ = matmul
Tensor.__rmatmul__ = lambda self, other: matmul(other, self)
