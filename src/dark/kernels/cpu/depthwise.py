"""Depthwise convolution: every channel has a kernel of its own, and no matrices need be multiplied.

A result is a sum of kh · kw products, fewer than the numbers it takes to load for a matrix product. So a
row of results is computed where it lies: for each tap of the kernel, one loop over its pixels and channels,
which are contiguous in all three arrays. Threads share the pictures' rows.

Pictures are (N, H, W, C) here, weights (kh, kw, C); sizes are pairs (vertical, horizontal).
"""

import numpy as np
from numba import prange

from .compiler import inlined, parallel
from .threads import workers


def convolved(x, weight, bias, stride, padding, dilation, places):
    """The convolution of x with one kernel a channel: (N, OH, OW, C)."""
    y = np.empty((x.shape[0], *places, x.shape[3]), x.dtype)
    convolve_channels(x, weight, bias, y, stride, padding, dilation, workers())
    return y


def input_gradient(g, weight, size, stride, padding, dilation):
    """The gradient with respect to the input, (N, H, W, C), for the result's gradient g (N, OH, OW, C)."""
    x = np.zeros((g.shape[0], *size, g.shape[3]), g.dtype)
    spread_channels(g, weight, x, stride, padding, dilation, workers())
    return x


def weight_gradient(g, x, kernel, stride, padding, dilation):
    """The gradient with respect to the weight, (kh, kw, C), for the result's gradient g (N, OH, OW, C)."""
    shares = np.zeros((workers(), *kernel, x.shape[3]), x.dtype)  # one for each thread
    correlate_channels(g, x, shares, stride, padding, dilation)
    return shares.sum(axis=0)


@parallel
def convolve_channels(x, weight, bias, y, stride, padding, dilation, workers):
    """y[oy, ox] = bias + the sum over taps (i, j): weight[i, j] · x[oy·s + i·d - p, ox·s + j·d - p]."""
    pictures, down, across, channels = y.shape
    height, width = x.shape[1:3]
    for worker in prange(workers):
        for row in range(worker * pictures * down // workers, (worker + 1) * pictures * down // workers):
            picture, oy = row // down, row % down
            for ox in range(across):
                for c in range(channels):
                    y[picture, oy, ox, c] = bias[c]
            for i in range(weight.shape[0]):
                iy = oy * stride[0] + i * dilation[0] - padding[0]
                if 0 <= iy < height:
                    for j in range(weight.shape[1]):
                        start, stop = inside(j * dilation[1] - padding[1], stride[1], width, across)
                        for ox in range(start, stop):
                            ix = ox * stride[1] + j * dilation[1] - padding[1]
                            for c in range(channels):
                                y[picture, oy, ox, c] += weight[i, j, c] * x[picture, iy, ix, c]


@parallel
def spread_channels(g, weight, x, stride, padding, dilation, workers):
    """The adjoint of `convolve_channels` in x; threads share the pictures, since windows overlap."""
    pictures, down, across, channels = g.shape
    height, width = x.shape[1:3]
    for worker in prange(workers):
        for picture in range(worker * pictures // workers, (worker + 1) * pictures // workers):
            for oy in range(down):
                for i in range(weight.shape[0]):
                    iy = oy * stride[0] + i * dilation[0] - padding[0]
                    if 0 <= iy < height:
                        for j in range(weight.shape[1]):
                            start, stop = inside(j * dilation[1] - padding[1], stride[1], width, across)
                            for ox in range(start, stop):
                                ix = ox * stride[1] + j * dilation[1] - padding[1]
                                for c in range(channels):
                                    x[picture, iy, ix, c] += weight[i, j, c] * g[picture, oy, ox, c]


@parallel
def correlate_channels(g, x, shares, stride, padding, dilation):
    """The adjoint of `convolve_channels` in its weight, a share for every thread."""
    pictures, down, across, channels = g.shape
    height, width = x.shape[1:3]
    workers = shares.shape[0]
    for worker in prange(workers):
        for row in range(worker * pictures * down // workers, (worker + 1) * pictures * down // workers):
            picture, oy = row // down, row % down
            for i in range(shares.shape[1]):
                iy = oy * stride[0] + i * dilation[0] - padding[0]
                if 0 <= iy < height:
                    for j in range(shares.shape[2]):
                        start, stop = inside(j * dilation[1] - padding[1], stride[1], width, across)
                        for ox in range(start, stop):
                            ix = ox * stride[1] + j * dilation[1] - padding[1]
                            for c in range(channels):
                                shares[worker, i, j, c] += g[picture, oy, ox, c] * x[picture, iy, ix, c]


@inlined
def inside(offset, stride, width, across):
    """The range of ox for which ox * stride + offset is a column of the picture."""
    start = 0 if offset >= 0 else (-offset + stride - 1) // stride
    stop = (width - 1 - offset) // stride + 1 if offset < width else 0
    return start, max(start, min(across, stop))
