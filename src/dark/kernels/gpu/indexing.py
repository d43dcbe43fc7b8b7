"""Positions in arrays, of which several may be the same.

CuPy adds what goes to the same place in the order in which threads happen to come by, so that sums differ in
their last digits from run to run, and lets any of them stay where one has to. Here the order is fixed.
"""  # dark-5

import cupy
import numpy as np

from .launch import NAMES, Source, sum_type

outside = cupy.ReductionKernel(
    "T x, int64 low, int64 high", "bool y", "x < low || x >= high", "a || b", "y = a", "false", "outside"
)


def within(positions, low, high):
    """`reference.within`. It waits for the card; while a CUDA graph is recorded nothing can, and it is True.

    Positions that don't exist do no harm there: CuPy counts on from the beginning, as (position % length).
    """
    with positions.device:
        if not positions.size or cupy.cuda.get_current_stream().is_capturing():
            return True
        return not outside(positions, low, high).item()


source = Source(r"""
#define PIECE 64

// What goes to one row lies side by side in `order`, after `rows` has been sorted: a run. Long runs are cut
// into pieces, so that many threads share the work. Here each thread adds up a column of a piece.
extern "C" __global__ void add_pieces(
    long long n, long long width, const long long *rows, const long long *order, const T *values, Sum *pieces)
{
    long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x, at = i / width, column = i % width;
    if (at >= n || (at % PIECE && rows[at] == rows[at - 1])) return;  // not the beginning of a piece
    Sum sum = 0;
    long long next = at;
    do sum += Sum(values[order[next++] * width + column]);
    while (next < n && next % PIECE && rows[next] == rows[at]);
    pieces[i] = sum;
}

// And here a column of the pieces of a run.
extern "C" __global__ void add_runs(
    long long n, long long width, const long long *rows, const Sum *pieces, T *total)
{
    long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x, at = i / width, column = i % width;
    if (at >= n || (at && rows[at] == rows[at - 1])) return;  // not the beginning of a run
    Sum sum = pieces[i];
    for (long long next = (at / PIECE + 1) * PIECE; next < n && rows[next] == rows[at]; next += PIECE)
        sum += pieces[next * width + column];
    total[rows[at] * width + column] = T(sum);
}
""", dtypes=tuple(NAMES))  # fmt: skip


def add_rows(rows, values, count):
    """`reference.add_rows`, each time with the same sums: equal rows become neighbours, and are added up.

    To sort them, CuPy 13 waits for the card, so it can't be recorded in a CUDA graph; CuPy 14 does not.
    """
    n, width = values.shape
    total = cupy.zeros((count, width), values.dtype)
    if not values.size:
        return total
    order = cupy.argsort(rows)  # equal ones stay in their order
    rows = cupy.ascontiguousarray(rows[order].astype(np.int64, copy=False))
    pieces = cupy.empty((n, width), sum_type(values.dtype))
    values = cupy.ascontiguousarray(values)
    source.kernel("add_pieces", values.dtype)(n * width, n, width, rows, order, values, pieces)
    source.kernel("add_runs", values.dtype)(n * width, n, width, rows, pieces, total)
    return total


def put(array, index, values):
    """`reference.put`: every element that `index` names several times gets the last value each time.

    The numbers 0, 1, ... of the values are put there first, and the largest are kept, in whatever order.
    """
    repeats = any(isinstance(i, cupy.ndarray) and i.dtype.kind != "b" for i in index)
    if repeats and isinstance(values, cupy.ndarray) and values.size > 1:
        shape = array[index].shape
        numbers = cupy.arange(np.prod(shape, dtype=int), dtype=np.uint64).reshape(shape)
        last = cupy.zeros(array.shape, np.uint64)
        cupy.maximum.at(last, index, numbers)
        values = cupy.broadcast_to(values, shape).ravel()[last[index]]
    array[index] = values
