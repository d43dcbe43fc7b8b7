"""Pooling of pictures on a card: a thread for every number of the result.

Pictures are (N, H, W, C) in memory, so a row of results, (ow, C), is one piece of memory. A block of threads
computes such a row, or a part of it: neighbouring threads look at neighbouring channels of the same window,
and what they read and write lies side by side. No thread writes where another one does, so none has to wait,
and the results are the same every time.
"""  # dark-5

import cupy
import numpy as np

from .. import reference
from .launch import Source, channels_first, channels_last, pieces

source = Source(r"""
// y = the largest pixel in each window of x, taps = which tap of the window sees it.
extern "C" __global__ void max_pool(
    const T *x, T *y, unsigned char *taps, int channels, int height, int width, int down, int across,
    int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw)
{
    // Which of all threads is this, and so which number of the result is it to compute?
    int i = blockIdx.y * blockDim.x + threadIdx.x;  // the i-th of its row, which blockIdx.x counts
    if (i >= across * channels) return;  // the row's last block has threads to spare
    int ox = i / channels, c = i % channels;
    int oy = blockIdx.x % down, n = blockIdx.x / down;

    // Where its window begins, and the first taps that are not on the padding above or left of the picture.
    const T *picture = x + (long long)n * height * width * channels;
    int top = oy * sh - ph, left = ox * sw - pw;
    int first_k = top < 0 ? (dh - 1 - top) / dh : 0, first_l = left < 0 ? (dw - 1 - left) / dw : 0;

    Sum largest = -INFINITY;
    int tap = first_k * kw + first_l;
    for (int k = first_k; k < kh && top + k * dh < height; k++)
        for (int l = first_l; l < kw && left + l * dw < width; l++) {
            long long pixel = (long long)(top + k * dh) * width + left + l * dw;
            Sum value = picture[pixel * channels + c];
            if (value > largest || value != value) {  // only NaN is not itself: it counts as the largest
                largest = value;
                tap = k * kw + l;
            }
        }

    long long place = (long long)blockIdx.x * across * channels + i;
    y[place] = T(largest);
    taps[place] = tap;
}

// y = what each window's tap sees in x; on the padding it sees 0.
extern "C" __global__ void max_pool_picked(
    const T *x, const unsigned char *taps, T *y, int channels, int height, int width, int down, int across,
    int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw)
{
    int i = blockIdx.y * blockDim.x + threadIdx.x;
    if (i >= across * channels) return;
    int ox = i / channels, c = i % channels;
    int oy = blockIdx.x % down, n = blockIdx.x / down;

    long long place = (long long)blockIdx.x * across * channels + i;
    int row = oy * sh - ph + taps[place] / kw * dh, column = ox * sw - pw + taps[place] % kw * dw;
    bool inside = 0 <= row && row < height && 0 <= column && column < width;
    y[place] = inside ? x[(((long long)n * height + row) * width + column) * channels + c] : T(0);
}

// x = for each pixel the sum of g over the windows whose taps have seen it. Each thread asks all windows
// that the pixel lies in. Were it the windows that add to pixels, two might add to one at the same time.
extern "C" __global__ void max_pool_input(
    const T *g, const unsigned char *taps, T *x, int channels, int height, int width, int down, int across,
    int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw)
{
    int i = blockIdx.y * blockDim.x + threadIdx.x;
    if (i >= width * channels) return;
    int column = i / channels, c = i % channels;
    int row = blockIdx.x % height, n = blockIdx.x / height;

    Sum sum = 0;
    // The last window in question begins at the pixel, or before it; in earlier ones it is further down.
    for (int oy = min((row + ph) / sh, down - 1); oy >= 0; oy--) {
        int below = row + ph - oy * sh;
        if (below > (kh - 1) * dh) break;
        if (below % dh) continue;
        for (int ox = min((column + pw) / sw, across - 1); ox >= 0; ox--) {
            int right = column + pw - ox * sw;
            if (right > (kw - 1) * dw) break;
            if (right % dw) continue;
            long long place = (((long long)n * down + oy) * across + ox) * channels + c;
            if (taps[place] == below / dh * kw + right / dw) sum += Sum(g[place]);
        }
    }
    x[(long long)blockIdx.x * width * channels + i] = T(sum);
}

// y = the sum of each window of x, divided by that window's divisor.
extern "C" __global__ void avg_pool(
    const T *x, const T *divisors, T *y, int channels, int height, int width, int down, int across,
    int kh, int kw, int sh, int sw, int ph, int pw)
{
    int i = blockIdx.y * blockDim.x + threadIdx.x;
    if (i >= across * channels) return;
    int ox = i / channels, c = i % channels;
    int oy = blockIdx.x % down, n = blockIdx.x / down;

    const T *picture = x + (long long)n * height * width * channels;
    int top = oy * sh - ph, left = ox * sw - pw;
    Sum sum = 0;
    for (int row = max(top, 0); row < min(top + kh, height); row++)
        for (int column = max(left, 0); column < min(left + kw, width); column++)
            sum += Sum(picture[((long long)row * width + column) * channels + c]);
    y[(long long)blockIdx.x * across * channels + i] = T(sum / Sum(divisors[oy * across + ox]));
}

// x = for each pixel the sum of the shares of g that the windows give it in which it lies.
extern "C" __global__ void avg_pool_input(
    const T *g, const T *divisors, T *x, int channels, int height, int width, int down, int across,
    int kh, int kw, int sh, int sw, int ph, int pw)
{
    int i = blockIdx.y * blockDim.x + threadIdx.x;
    if (i >= width * channels) return;
    int column = i / channels, c = i % channels;
    int row = blockIdx.x % height, n = blockIdx.x / height;

    Sum sum = 0;
    for (int oy = min((row + ph) / sh, down - 1); oy >= 0 && row + ph - oy * sh < kh; oy--)
        for (int ox = min((column + pw) / sw, across - 1); ox >= 0 && column + pw - ox * sw < kw; ox--) {
            long long place = (((long long)n * down + oy) * across + ox) * channels + c;
            sum += Sum(g[place]) / Sum(divisors[oy * across + ox]);
        }
    x[(long long)blockIdx.x * width * channels + i] = T(sum);
}
""")


def max_pool2d(x, kernel, stride, padding, dilation, places):
    """`reference.max_pool2d`, its results channels-last in memory."""
    if x.dtype.kind != "f" or kernel[0] * kernel[1] > 256:
        return reference.max_pool2d(x, kernel, stride, padding, dilation, places)
    x = channels_last(x)
    n, height, width, channels = x.shape
    y = cupy.empty((n, *places, channels), x.dtype)
    taps = cupy.empty(y.shape, np.uint8)
    largest = source.kernel("max_pool", x.dtype)
    threads = pieces(n * places[0], places[1] * channels)  # one for each number of y, in rows
    largest(threads, x, y, taps, channels, height, width, places, kernel, stride, padding, dilation)
    return channels_first(y), channels_first(taps)


def max_pool2d_picked(x, taps, kernel, stride, padding, dilation):
    """`reference.max_pool2d_picked`, its result channels-last in memory."""
    if x.dtype.kind != "f" or taps.dtype != np.uint8:
        return reference.max_pool2d_picked(x, taps, kernel, stride, padding, dilation)
    x, taps = channels_last(x), channels_last(taps)
    n, height, width, channels = x.shape
    places = taps.shape[1:3]
    y = cupy.empty(taps.shape, x.dtype)
    picked = source.kernel("max_pool_picked", x.dtype)
    threads = pieces(n * places[0], places[1] * channels)
    picked(threads, x, taps, y, channels, height, width, places, kernel, stride, padding, dilation)
    return channels_first(y)


def max_pool2d_input(g, taps, size, kernel, stride, padding, dilation):
    """`reference.max_pool2d_input`, its result channels-last in memory."""
    if g.dtype.kind != "f" or taps.dtype != np.uint8:
        return reference.max_pool2d_input(g, taps, size, kernel, stride, padding, dilation)
    g, taps = channels_last(g), channels_last(taps)
    n, *places, channels = g.shape
    x = cupy.empty((n, *size, channels), g.dtype)
    summed = source.kernel("max_pool_input", g.dtype)
    threads = pieces(n * size[0], size[1] * channels)
    summed(threads, g, taps, x, channels, size, tuple(places), kernel, stride, padding, dilation)
    return channels_first(x)


def avg_pool2d(x, divisors, kernel, stride, padding):
    """`reference.avg_pool2d`, its result channels-last in memory."""
    if x.dtype.kind != "f":
        return reference.avg_pool2d(x, divisors, kernel, stride, padding)
    x, divisors = channels_last(x), cupy.ascontiguousarray(divisors)
    n, height, width, channels = x.shape
    places = divisors.shape
    y = cupy.empty((n, *places, channels), x.dtype)
    mean = source.kernel("avg_pool", x.dtype)
    threads = pieces(n * places[0], places[1] * channels)
    mean(threads, x, divisors, y, channels, height, width, places, kernel, stride, padding)
    return channels_first(y)


def avg_pool2d_input(g, divisors, size, kernel, stride, padding):
    """`reference.avg_pool2d_input`, its result channels-last in memory."""
    if g.dtype.kind != "f":
        return reference.avg_pool2d_input(g, divisors, size, kernel, stride, padding)
    g, divisors = channels_last(g), cupy.ascontiguousarray(divisors)
    n, *places, channels = g.shape
    x = cupy.empty((n, *size, channels), g.dtype)
    summed = source.kernel("avg_pool_input", g.dtype)
    threads = pieces(n * size[0], size[1] * channels)
    summed(threads, g, divisors, x, channels, size, tuple(places), kernel, stride, padding)
    return channels_first(x)
