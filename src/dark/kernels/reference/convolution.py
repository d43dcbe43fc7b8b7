"""Convolution as a product of matrices, and its two gradients, which are products of the same matrices.

x (N, C, H, W) holds pictures, weight (K, C/groups, kh, kw) a filter for each of K channels of the result
(N, K, oh, ow). Of `groups`, each sees its share of the channels of x and makes its share of the result's.
Sizes are pairs (vertical, horizontal), as in `windows`. Results are row-major.
"""  # dark-5

import math

import numpy as np

from .windows import added_windows, windows


def conv2d(x, weight, bias, stride, padding, dilation, groups):
    """The products of every filter with every window, (N, K, oh, ow), plus the bias (K,) if there is one.

    A filter and a window, each in a row, are vectors; their product is a scalar product. So all of them
    are one product of two matrices for each group, the fastest thing that a computer does. The windows
    have to be copied for it, kh * kw times the memory of x.
    """
    seen = windows(x, weight.shape[2:], stride, padding, dilation)  # (N, C, kh, kw, oh, ow)
    y = rows(weight, groups) @ columns(seen, groups)  # (groups, K/groups, N * oh * ow)
    if bias is not None:
        y += bias.reshape((groups, len(bias) // groups, 1))
    return np.ascontiguousarray(pictures(y, (len(x), len(weight), *seen.shape[4:])), like=x)


def conv2d_input(g, weight, size, stride, padding, dilation, groups):
    """The gradient of x, (N, C, *size), of the result's gradient g (N, K, oh, ow).

    A pixel in a window meets every filter. So a window's gradient is the sum of the filters, each times
    its gradient g; the windows' gradients are added where they overlap. This is a transposed convolution.
    """
    n, _, oh, ow = g.shape
    _, channels, kh, kw = weight.shape  # the channels of one group
    w = rows(weight, groups).swapaxes(1, 2) @ columns(g, groups)  # (groups, C/groups * kh * kw, N * oh * ow)
    w = pictures(w, (n, groups * channels, kh, kw, oh, ow))
    return added_windows(w, size, stride, padding, dilation)


def conv2d_weight(g, x, kernel, stride, padding, dilation, groups):
    """The gradient of the weight, (K, C/groups, *kernel), of the result's gradient g (N, K, oh, ow).

    A filter meets every window. So its gradient is the sum of the windows, each times its gradient g.
    """
    seen = windows(x, kernel, stride, padding, dilation)  # (N, C, kh, kw, oh, ow)
    w = columns(g, groups) @ columns(seen, groups).swapaxes(1, 2)  # (groups, K/groups, C/groups * kh * kw)
    return w.reshape((g.shape[1], x.shape[1] // groups, *kernel))


def rows(weight, groups):
    """One matrix for each group, with a filter in each row: (groups, K/groups, C/groups * kh * kw)."""
    k, *taps = weight.shape
    return weight.reshape((groups, k // groups, math.prod(taps)))


def columns(a, groups):
    """One matrix for each group, with a place in each column: (groups, ..., N * oh * ow).

    Of windows (N, C, kh, kw, oh, ow) a column is what one of them shows to the group, of pictures
    (N, C, oh, ow) it is a pixel: the group's channels at one place.
    """
    n, channels, *taps, oh, ow = a.shape
    return np.moveaxis(a, 0, -3).reshape((groups, channels // groups * math.prod(taps), n * oh * ow))


def pictures(matrices, shape):
    """The opposite of `columns`: an array of `shape` from the groups' matrices."""
    n, channels, *taps, oh, ow = shape
    return np.moveaxis(matrices.reshape((channels, *taps, n, oh, ow)), -3, 0)
