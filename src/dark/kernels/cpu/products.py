"""Products of matrices: one inside of a kernel, on its thread, and large ones divided between threads."""

import numpy as np
from numba import prange, types
from numba.core.typing import signature

from .. import reference
from .compiler import compiled, parallel
from .layout import compilable, writeable
from .threads import workers

# What Numba's own `np.dot` calls: BLAS's gemm, of the type `kind`, on addresses and the lengths of rows.
# Unlike np.dot it can add to what is there, and take matrices whose rows lie apart.
_gemm = types.ExternalFunction(
    "numba_xxgemm",
    signature(
        types.int32, types.int8, types.int8, types.int8, types.intp, types.intp, types.intp, types.uintp,
        types.uintp, types.intp, types.uintp, types.intp, types.uintp, types.uintp, types.intp,
    ),
)  # fmt: skip


@compiled
def product(a, a_transposed, b, b_transposed, c, add):
    """c = a @ b, or c += a @ b with `add`; a and b are transposed first where the flags say so.

    All three are matrices whose rows are contiguous. BLAS counts columns first, so what it is asked for is
    the transposed product, of b and a.
    """
    rows, columns = c.shape
    inner = a.shape[0] if a_transposed else a.shape[1]
    kind = np.int8(ord("s") if c.itemsize == 4 else ord("d"))
    alpha = np.ones(1, c.dtype)
    beta = np.full(1, 1.0 if add else 0.0, c.dtype)
    as_b = np.int8(ord("t") if b_transposed else ord("n"))
    as_a = np.int8(ord("t") if a_transposed else ord("n"))
    _gemm(
        kind, as_b, as_a, columns, rows, inner, alpha.ctypes.data, b.ctypes.data, row_step(b),
        a.ctypes.data, row_step(a), beta.ctypes.data, c.ctypes.data, row_step(c),
    )  # fmt: skip


@compiled
def row_step(matrix):
    """How many numbers after one row the next begins; where there is none, as many as a row has.

    NumPy may give a single row any stride, and BLAS refuses one that is shorter than a row.
    """
    return max(matrix.strides[0] // matrix.itemsize, matrix.shape[1])


@compiled
def add_long_product(a, b, c):
    """c += aᵀ @ b, where a and b have many rows.

    A library lays out its factors anew before it multiplies them, unless they are small: up to a million
    multiplications, OpenBLAS takes them as they are. For a narrow c, that is three times as fast.
    """
    rows, narrow = a.shape[0], c.size <= 1 << 13
    step = 1_000_000 // c.size if narrow else rows
    for start in range(0, rows, step):
        product(a[start : start + step], True, b[start : start + step], False, c, True)


@parallel
def shared_product(a, a_transposed, b, b_transposed, c, add, workers):
    """`product`, of which every thread computes a share: of the rows or, if they are more, the columns."""
    rows, columns = c.shape
    for worker in prange(workers):
        if rows >= columns:
            start, stop = worker * rows // workers, (worker + 1) * rows // workers
            part = a[:, start:stop] if a_transposed else a[start:stop]
            if start < stop:
                product(part, a_transposed, b, b_transposed, c[start:stop], add)
        else:
            start, stop = worker * columns // workers, (worker + 1) * columns // workers
            part = b[start:stop] if b_transposed else b[:, start:stop]
            if start < stop:
                product(a, a_transposed, part, b_transposed, c[:, start:stop], add)


def matmul(a, b):
    """`reference.matmul`, on all threads where it is large enough to be divided."""
    if not compilable(a, b) or a.shape[0] * a.shape[1] * b.shape[1] < WORTH_SHARING:
        return reference.matmul(a, b)
    return matmul_into(np.empty((a.shape[0], b.shape[1]), a.dtype), a, b)


def matmul_into(c, a, b):
    """Write a @ b to the matrix c, whose rows are contiguous, and return it."""
    shared_product(*rows_of(a), *rows_of(b), c, False, workers())
    return c


WORTH_SHARING = 1 << 18  # multiplications; fewer are done before a second thread has begun


def rows_of(matrix):
    """The matrix or its transpose, whichever has contiguous rows, and whether it is the transpose."""
    if matrix.flags.c_contiguous or not matrix.flags.f_contiguous:
        return writeable(np.ascontiguousarray(matrix)), False
    return writeable(matrix.T), True
