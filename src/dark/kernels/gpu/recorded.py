"""Products of matrices while a CUDA graph is recorded, where CuPy lets none of NVIDIA's libraries take part.

They take longer than cuBLAS's, which are fitted to every card.
"""  # dark-5

import cupy

from .launch import Source

source = Source(r"""
#define SIDE 16

// A block computes a square of the result. It goes along rows of a and down columns of b, a square of each
// at a time: its threads fetch these together, and then every number fetched is used 16 times.
extern "C" __global__ void multiply(int rows, int inner, int columns, const T *a, const T *b, T *y)
{
    __shared__ Sum from_a[SIDE][SIDE], from_b[SIDE][SIDE];
    int across = threadIdx.x, down = threadIdx.y;
    long long row = blockIdx.x * (long long)SIDE + down, column = blockIdx.y * (long long)SIDE + across;
    Sum sum = 0;
    for (long long start = 0; start < inner; start += SIDE) {
        from_a[down][across] = Sum(0);
        from_b[down][across] = Sum(0);
        if (row < rows && start + across < inner) from_a[down][across] = Sum(a[row * inner + start + across]);
        if (column < columns && start + down < inner)
            from_b[down][across] = Sum(b[(start + down) * columns + column]);
        __syncthreads();
        for (int k = 0; k < SIDE; k++) sum += from_a[down][k] * from_b[k][across];
        __syncthreads();
    }
    if (row < rows && column < columns) y[row * columns + column] = T(sum);
}
""")


def is_recording():
    """Whether what the card is asked for is recorded, not done."""
    return cupy.cuda.get_current_stream().is_capturing()


def prepare():  # beyond
    """Have everything that products need compiled and loaded: a recording is no time to wait for that."""
    for dtype in source.dtypes:
        square = cupy.ones((2, 2), dtype)
        multiplied(square.T, square.T)


def multiplied(a, b, out=None):
    """a (rows, inner) @ b (inner, columns) of floats, written to a contiguous array `out`, if any."""
    (rows, inner), columns = a.shape, b.shape[1]
    y = cupy.empty((rows, columns), a.dtype) if out is None else out
    blocks = (rows + 15) // 16, (columns + 15) // 16
    a, b = cupy.ascontiguousarray(a), cupy.ascontiguousarray(b)
    source.kernel("multiply", a.dtype)((blocks, (16, 16)), rows, inner, columns, a, b, y)
    return y
