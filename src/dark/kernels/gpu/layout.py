"""Pictures laid out for kernels that load tiles of them, in one pass over the memory."""  # dark-5

from math import prod

import cupy

from .launch import Source, for_each

source = Source(r"""
// A row of threads for each pixel that is laid out, which share its channels.
extern "C" __global__ void lay_out(
    unsigned int pixels, int channels, const T *x, T *laid, int given, int pictures, int height, int width,
    int rows, int columns, int sh, int sw, int top, int left)
{
    unsigned int pixel = blockIdx.x * blockDim.y + threadIdx.y;
    if (pixel >= pixels) return;
    int picture = pixel / columns / rows % pictures, phase = pixel / columns / rows / pictures;
    int row = pixel / columns % rows * sh + phase / sw + top;
    int column = pixel % columns * sw + phase % sw + left;
    bool inside = 0 <= row && row < height && 0 <= column && column < width;
    const T *from = x + (((long long)picture * height + row) * width + column) * given;
    for (int c = threadIdx.x; c < channels; c += blockDim.x)
        laid[(size_t)pixel * channels + c] = inside && c < given ? from[c] : T(0);
}
""", dtypes=("float16", "float32"))


def laid_out(x, rows, columns, stride=(1, 1)):
    """Pictures x as kernels take them: (phases * N, rows, columns, C); `rows` is (the first, how many).

    With a stride of two rows, a tap sees every second row. So first there are all pictures with every second
    row from the first on, then all with the others; columns likewise. In each of these phases, what a tap
    sees from neighbouring places lies side by side.

    There are 0s around the pictures, and for channels up to a multiple of 16 bytes: only from addresses that
    are such multiples does a card fetch a tile by itself.
    """
    (top, rows), (left, columns) = rows, columns
    n, height, width, channels = x.shape
    unit = 16 // x.itemsize
    laid = cupy.empty((prod(stride) * n, rows, columns, -(-channels // unit) * unit), x.dtype)
    sizes = (channels, n, height, width, rows, columns, *stride, top, left)
    for_each(source, "lay_out", prod(laid.shape[:3]), laid.shape[3], x, laid, *sizes)
    return laid
