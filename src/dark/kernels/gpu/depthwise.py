"""Depthwise convolution: every channel has a kernel of its own, and there are no matrices to multiply.

Each result is the sum of kh * kw products, as many as the numbers that are read for it. So what counts is
how often memory is read, and in which order: threads next to each other compute neighbouring channels of a
place, which lie side by side in all arrays, and what windows share is in the card's cache.

Pictures are (N, H, W, C) here, weights (kh, kw, C); sizes are pairs (vertical, horizontal), `geometry` is
(stride, padding, dilation), `places` (oh, ow).
"""  # dark-5

import cupy

from .launch import Source, for_each

source = Source(r"""
// A row of threads for each place of the frame, which share its channels.
extern "C" __global__ void convolve(
    unsigned int places, int channels, const T *x, const T *weight, T *y, int height, int width, int down,
    int across, int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw)
{
    unsigned int place = blockIdx.x * blockDim.y + threadIdx.y;
    if (place >= places) return;
    int top = place / across % down * sh - ph, left = place % across * sw - pw;
    const T *picture = x + (size_t)(place / across / down) * height * width * channels;

    for (int c = threadIdx.x; c < channels; c += blockDim.x) {
        Sum sum = 0;
        for (int i = 0; i < kh; i++)
            for (int j = 0; j < kw; j++) {
                int row = top + i * dh, column = left + j * dw;
                if (0 <= row && row < height && 0 <= column && column < width)
                    sum += Sum(weight[(i * kw + j) * channels + c])
                         * Sum(picture[(row * width + column) * channels + c]);
            }
        y[(size_t)place * channels + c] = T(sum);
    }
}

// A row of threads for each pixel, which gather what all windows that see it got of the gradient.
extern "C" __global__ void spread(
    unsigned int pixels, int channels, const T *g, const T *weight, T *x, int height, int width, int down,
    int across, int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw)
{
    unsigned int pixel = blockIdx.x * blockDim.y + threadIdx.y;
    if (pixel >= pixels) return;
    int row = pixel / width % height, column = pixel % width;
    const T *gradients = g + (size_t)(pixel / width / height) * down * across * channels;

    for (int c = threadIdx.x; c < channels; c += blockDim.x) {
        Sum sum = 0;
        for (int i = 0; i < kh; i++)
            for (int j = 0; j < kw; j++) {
                int oy = row + ph - i * dh, ox = column + pw - j * dw;  // times the stride
                if (oy < 0 || oy % sh || oy / sh >= down || ox < 0 || ox % sw || ox / sw >= across) continue;
                sum += Sum(weight[(i * kw + j) * channels + c])
                     * Sum(gradients[(oy / sh * across + ox / sw) * channels + c]);
            }
        x[(size_t)pixel * channels + c] = T(sum);
    }
}

// A row of threads for each tap of the kernel and each of several shares of the places. What the shares of a
// tap come to is added up afterwards.
extern "C" __global__ void correlate(
    unsigned int sums, int channels, const T *g, const T *x, Sum *weight, unsigned int places, int height,
    int width, int down, int across, int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw)
{
    unsigned int at = blockIdx.x * blockDim.y + threadIdx.y;
    if (at >= sums) return;
    unsigned int share = at / (kh * kw), shares = sums / (kh * kw);
    int i = at / kw % kh, j = at % kw;

    for (int c = threadIdx.x; c < channels; c += blockDim.x) {
        Sum sum = 0;
        for (unsigned int place = share; place < places; place += shares) {
            int row = place / across % down * sh + i * dh - ph, column = place % across * sw + j * dw - pw;
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            size_t pixel = ((size_t)(place / across / down) * height + row) * width + column;
            sum += Sum(g[(size_t)place * channels + c]) * Sum(x[pixel * channels + c]);
        }
        weight[(size_t)at * channels + c] = sum;
    }
}
""")

SHARES = 512  # of the places, which threads sum up by themselves


def convolved(x, weight, places, geometry):
    """The convolution of x with one kernel a channel: (N, oh, ow, C)."""
    y = cupy.empty((len(x), *places, x.shape[3]), x.dtype)
    weight, count = cupy.ascontiguousarray(weight), len(x) * places[0] * places[1]
    sizes = (x.shape[1:3], places, weight.shape[:2], *geometry)
    for_each(source, "convolve", count, x.shape[3], x, weight, y, *sizes)
    return y


def input_gradient(g, weight, size, geometry):
    """The gradient of pictures (N, *size, C), of the result's gradient g (N, oh, ow, C)."""
    x = cupy.empty((len(g), *size, g.shape[3]), g.dtype)
    weight, count = cupy.ascontiguousarray(weight), len(x) * size[0] * size[1]
    sizes = (size, g.shape[1:3], weight.shape[:2], *geometry)
    for_each(source, "spread", count, g.shape[3], g, weight, x, *sizes)
    return x


def weight_gradient(g, x, kernel, geometry):
    """The gradient of weights (*kernel, C), of the result's gradient g (N, oh, ow, C)."""
    n, down, across, channels = g.shape
    shares = min(n * down * across, SHARES)
    sums = cupy.empty((shares, *kernel, channels), cupy.result_type(x.dtype, cupy.float32))
    sizes = (n * down * across, x.shape[1:3], (down, across), kernel, *geometry)
    for_each(source, "correlate", shares * kernel[0] * kernel[1], channels, g, x, sums, *sizes)
    return sums.sum(axis=0).astype(x.dtype, copy=False)
