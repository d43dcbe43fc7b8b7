"""Convolution as one large product of matrices, whose rows are windows of the pictures.

The textbook's way, which works for every layer on every card: copy what the frame sees at each place into a
row of a matrix (im2col, "image to columns", after libraries that stored it the other way), and multiply it
by the weights. The matrix has kh * kw times the numbers of the pictures. So it is made for as many places at
a time as `MEMORY` has room for; cuBLAS multiplies it as fast as the card can.

Pictures are (N, H, W, C) here, all channels of a pixel side by side in memory, and weights (kh, kw, C, K).
Sizes are pairs (vertical, horizontal); `geometry` is (stride, padding, dilation), `places` (oh, ow). What a
tap of the frame sees of a pixel is one piece of memory, then, and threads that share its channels read and
write neighbouring addresses, which a card moves together.
"""  # dark-5

from functools import reduce
from math import prod
from operator import iadd

import cupy

from ... import backends
from .launch import Source, for_each
from .products import product

MEMORY = 1 << 28  # bytes of windows at a time: 256 MB

source = Source(r"""
// A row of threads (x) for each place of the frame (y), which share the channels of every tap. So where a
// tap lies in the picture is computed once for all of its channels.
extern "C" __global__ void copy_windows(
    unsigned int places, int channels, const T *x, T *windows, int height, int width, int down, int across,
    int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw)
{
    unsigned int place = blockIdx.x * blockDim.y + threadIdx.y;
    if (place >= places) return;
    int oy = place / across % down, ox = place % across;
    const T *picture = x + (size_t)(place / across / down) * height * width * channels;
    T *window = windows + (size_t)place * kh * kw * channels;

    for (int i = 0; i < kh; i++)
        for (int j = 0; j < kw; j++, window += channels) {
            int row = oy * sh + i * dh - ph, column = ox * sw + j * dw - pw;
            bool inside = 0 <= row && row < height && 0 <= column && column < width;
            const T *pixel = picture + (row * width + column) * channels;
            for (int c = threadIdx.x; c < channels; c += blockDim.x)
                window[c] = inside ? pixel[c] : T(0);
        }
}

// A row of threads for each pixel, which gather what the windows that see it hold. Were it the other way
// round, with windows adding to pixels, threads would have to wait for each other, and the order of the
// summands, which decides how a sum is rounded, would be another one each time. With `more`, the pixels hold
// what earlier windows come to.
extern "C" __global__ void add_windows(
    unsigned int pixels, int channels, const T *windows, T *x, bool more, int height, int width, int down,
    int across, int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw)
{
    unsigned int pixel = blockIdx.x * blockDim.y + threadIdx.y;
    if (pixel >= pixels) return;
    int row = pixel / width % height, column = pixel % width;
    size_t first = (size_t)(pixel / width / height) * down * across;  // place of this picture

    for (int c = threadIdx.x; c < channels; c += blockDim.x) {
        Sum sum = more ? Sum(x[(size_t)pixel * channels + c]) : Sum(0);
        for (int i = 0; i < kh; i++)
            for (int j = 0; j < kw; j++) {
                int oy = row + ph - i * dh, ox = column + pw - j * dw;  // times the stride
                if (oy < 0 || oy % sh || oy / sh >= down || ox < 0 || ox % sw || ox / sw >= across) continue;
                size_t place = first + oy / sh * across + ox / sw;
                sum += Sum(windows[((place * kh + i) * kw + j) * channels + c]);
            }
        x[(size_t)pixel * channels + c] = T(sum);
    }
}
""")


def convolved(x, weight, places, geometry):
    """The convolution of x with `weight`, (N, oh, ow, K)."""
    y, weights = cupy.empty((len(x), *places, weight.shape[3]), x.dtype), matrix(weight)
    for pictures, lines in parts(y, weight.shape):
        seen = windows(x[pictures], weight.shape, lines, places[1], geometry)
        multiplied(seen, weights, out=rows(y[pictures, lines]))
    return y


def input_gradient(g, weight, size, geometry):
    """The gradient of pictures (N, *size, C), of the result's gradient g (N, oh, ow, K)."""
    x, weights = cupy.empty((len(g), *size, weight.shape[2]), g.dtype), matrix(weight)
    for pictures, lines in parts(g, weight.shape):
        seen = multiplied(rows(g[pictures, lines]), weights.T)
        add_windows(seen, x[pictures], weight.shape, lines, g.shape[2], geometry)
    return x


def weight_gradient(g, x, kernel, geometry):
    """The gradient of weights (*kernel, C, K), of the result's gradient g (N, oh, ow, K)."""
    shape = (*kernel, x.shape[3], g.shape[3])
    shares = (
        multiplied(windows(x[pictures], shape, lines, g.shape[2], geometry).T, rows(g[pictures, lines]))
        for pictures, lines in parts(g, shape)
    )
    return reduce(iadd, shares).reshape(shape)


def multiplied(a, b, out=None):
    """a @ b, as exactly as convolutions are to be computed."""
    return product(a, b, backends.cudnn.allow_tf32, out)


def rows(pictures):
    """Pictures as a matrix, a pixel in each row."""
    return pictures.reshape(-1, pictures.shape[3])


def matrix(weight):
    """Weights as a matrix (kh * kw * C, K), with what windows are multiplied by in its columns."""
    return cupy.ascontiguousarray(weight).reshape(-1, weight.shape[3])


def parts(y, weight_shape):
    """Shares of the places of y (N, oh, ow, K), (pictures, lines), whose windows `MEMORY` has room for."""
    n, down, across, _ = y.shape
    lines = max(1, MEMORY // (across * prod(weight_shape[:3]) * y.itemsize))
    if lines < down:  # one picture is too much
        return [
            (slice(i, i + 1), slice(j, min(j + lines, down))) for i in range(n) for j in range(0, down, lines)
        ]
    return [(slice(i, i + lines // down), slice(0, down)) for i in range(0, n, lines // down)]


def windows(x, weight_shape, lines, across, geometry):
    """What the taps of the frame see from these lines of places: (N * lines * ow, kh * kw * C)."""
    places = len(x) * (lines.stop - lines.start) * across
    seen = cupy.empty((places, prod(weight_shape[:3])), x.dtype)
    sizes = sizes_of(x, weight_shape, lines, across, geometry)
    for_each(source, "copy_windows", places, x.shape[3], x, seen, *sizes)
    return seen


def add_windows(seen, x, weight_shape, lines, across, geometry):
    """Give each pixel of x the sum of what the windows `seen` hold for it, besides those of earlier lines."""
    n, height, width, channels = x.shape
    sizes = sizes_of(x, weight_shape, lines, across, geometry)
    for_each(source, "add_windows", n * height * width, channels, seen, x, lines.start > 0, *sizes)


def sizes_of(x, weight_shape, lines, across, geometry):
    """What kernels have to know; the first line that they see is as if there were less padding above it."""
    (sh, sw), (ph, pw), dilation = geometry
    down, padding = lines.stop - lines.start, (ph - lines.start * sh, pw)
    return *x.shape[1:3], down, across, *weight_shape[:2], sh, sw, *padding, *dilation
