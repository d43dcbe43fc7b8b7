"""Pooling of pictures whose channels lie side by side in memory.

NumPy's version goes over all pictures once for each tap of the frame. Here every picture is read once: a
window's results are few enough to stay in the fastest memory until its last tap, and as the channels of a
pixel are neighbours, the processor compares many of them at a time. The threads share the rows of results.
"""

import numpy as np
from numba import prange

from .. import reference
from ..reference.pooling import first_taps
from . import depthwise
from .compiler import parallel
from .layout import channels_first, channels_last, compilable
from .threads import workers


def max_pool2d(x, kernel, stride, padding, dilation, places):
    """`reference.max_pool2d`, its results channels-last in memory."""
    if not compilable(x) or kernel[0] * kernel[1] > 256:
        return reference.max_pool2d(x, kernel, stride, padding, dilation, places)
    x = channels_last(x)
    y = np.empty((len(x), *places, x.shape[3]), x.dtype)
    taps = np.empty(y.shape, np.uint8)
    first = first_taps(kernel, stride, padding, dilation, places, like=x).astype(np.uint8)
    take_largest(x, y, taps, first, kernel, stride, padding, dilation, workers())
    return channels_first(y), channels_first(taps)


def max_pool2d_input(g, taps, size, kernel, stride, padding, dilation):
    """`reference.max_pool2d_input`, its result channels-last in memory.

    With dilation there are windows that see no pixel at all, so that their taps lead out of the memory.
    """
    if not compilable(g) or taps.dtype != np.uint8 or dilation != (1, 1):
        return reference.max_pool2d_input(g, taps, size, kernel, stride, padding, dilation)
    g, taps = channels_last(g), channels_last(taps)
    x = np.empty((len(g), *size, g.shape[3]), g.dtype)
    row, column = np.divmod(np.arange(kernel[0] * kernel[1]), kernel[1])
    add_to_largest(g, taps, x, (row * size[1] + column) * g.shape[3], stride, padding, workers())
    return channels_first(x)


@parallel
def take_largest(x, y, taps, first, kernel, stride, padding, dilation, workers):
    """y = the largest number in each window of x, taps = which tap of the window sees it."""
    pictures, down, across, channels = y.shape
    height, width = x.shape[1:3]
    lowest = y.dtype.type(-np.inf)
    for worker in prange(workers):
        for row in range(worker * pictures * down // workers, (worker + 1) * pictures * down // workers):
            n, oy = row // down, row % down
            for ox in range(across):
                for c in range(channels):
                    y[n, oy, ox, c] = lowest
                    taps[n, oy, ox, c] = first[oy, ox]
                for i in range(kernel[0]):
                    iy = oy * stride[0] + i * dilation[0] - padding[0]
                    for j in range(kernel[1]):
                        ix = ox * stride[1] + j * dilation[1] - padding[1]
                        if 0 <= iy < height and 0 <= ix < width:
                            tap = np.uint8(i * kernel[1] + j)
                            for c in range(channels):
                                pixel = x[n, iy, ix, c]
                                larger = (pixel > y[n, oy, ox, c]) | (pixel != pixel)  # NaN is the largest
                                y[n, oy, ox, c] = pixel if larger else y[n, oy, ox, c]
                                taps[n, oy, ox, c] = tap if larger else taps[n, oy, ox, c]


@parallel
def add_to_largest(g, taps, x, offsets, stride, padding, workers):
    """Add each number of g to that pixel of x, all 0 before, which its window's tap has seen.

    `offsets` are the distances in memory from a window's first pixel to those that its taps see. To add a
    number where it belongs touches one pixel; to ask every tap whether it is the one would touch them all.
    """
    pictures, down, across, channels = g.shape
    width = x.shape[2]
    for worker in prange(workers):
        for n in range(worker * pictures // workers, (worker + 1) * pictures // workers):
            pixels = x[n].reshape(-1)
            pixels[:] = 0
            for oy in range(down):
                for ox in range(across):
                    start = ((oy * stride[0] - padding[0]) * width + ox * stride[1] - padding[1]) * channels
                    for c in range(channels):
                        pixels[start + offsets[taps[n, oy, ox, c]] + c] += g[n, oy, ox, c]


def avg_pool2d(x, divisors, kernel, stride, padding):
    """`reference.avg_pool2d`, its result channels-last in memory: a depthwise convolution with ones."""
    if not compilable(x):
        return reference.avg_pool2d(x, divisors, kernel, stride, padding)
    x = channels_last(x)
    ones, zero = np.ones((*kernel, x.shape[3]), x.dtype), np.zeros(x.shape[3], x.dtype)
    y = depthwise.convolved(x, ones, zero, stride, padding, (1, 1), divisors.shape)
    y /= divisors[:, :, None]
    return channels_first(y)


def avg_pool2d_input(g, divisors, size, kernel, stride, padding):
    """`reference.avg_pool2d_input`, its result channels-last in memory."""
    if not compilable(g):
        return reference.avg_pool2d_input(g, divisors, size, kernel, stride, padding)
    g = channels_last(g) / divisors[:, :, None]
    ones = np.ones((*kernel, g.shape[3]), g.dtype)
    return channels_first(depthwise.input_gradient(g, ones, size, stride, padding, (1, 1)))
