"""Every window of a picture as one number: its largest pixel, or the mean of its pixels.

Sizes are pairs (vertical, horizontal) as in `windows`. `places` (oh, ow) tells in how many places the frame
stands; the last of them may lie partly beyond the padding.
"""  # dark-5

import numpy as np

from .windows import added_windows, windows


def max_pool2d(x, kernel, stride, padding, dilation, places):
    """The largest pixel in each window of x (N, C, H, W), and the tap of the frame that sees it.

    Both are (N, C, oh, ow). Taps count row by row, from 0 to kh * kw - 1, in the smallest type that holds
    them: all that the gradient has to know, in a quarter of the memory of the pixels. Of equal pixels the
    first one is taken. NaN counts as the largest, and of several the last one is taken.
    """
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    x = completed(x, kernel, stride, padding, dilation, places, lowest)
    seen = windows(x, kernel, stride, padding, dilation, lowest)
    n, c, kh, kw, oh, ow = seen.shape

    y = np.full_like(x, lowest, shape=(n, c, oh, ow))
    taps = np.empty_like(x, shape=(n, c, oh, ow), dtype=np.min_scalar_type(kh * kw - 1))
    taps[...] = first_taps(kernel, stride, padding, dilation, places, like=x)  # as long as none is larger
    for i in range(kh):
        for j in range(kw):
            pixels = seen[:, :, i, j]
            larger = (pixels > y) | (pixels != pixels)  # only NaN is not itself
            np.copyto(y, pixels, where=larger)
            taps[larger] = i * kw + j
    return y, taps


def max_pool2d_input(g, taps, size, kernel, stride, padding, dilation):
    """The gradient of the pictures (N, C, H, W), with (H, W) = `size`, from that of the largest pixels.

    Each number of g (N, C, oh, ow) goes to the pixel that its window's tap has seen. A pixel may be the
    largest of several windows, and gets the sum.
    """
    n, c, *places = g.shape
    w = np.zeros_like(g, shape=(n, c, *kernel, *places))
    for tap in range(kernel[0] * kernel[1]):
        np.copyto(w[:, :, tap // kernel[1], tap % kernel[1]], g, where=taps == tap)
    full = room(size, kernel, stride, padding, dilation, places)
    return added_windows(w, full, stride, padding, dilation)[:, :, : size[0], : size[1]]


def max_pool2d_picked(x, taps, kernel, stride, padding, dilation):
    """What the `taps` (N, C, oh, ow) see in x (N, C, H, W), each in its window: (N, C, oh, ow).

    The adjoint of `max_pool2d_input`; outside of the picture they see 0.
    """
    x = completed(x, kernel, stride, padding, dilation, taps.shape[2:], 0)
    seen = windows(x, kernel, stride, padding, dilation)
    y = np.zeros_like(x, shape=taps.shape)
    for tap in range(kernel[0] * kernel[1]):
        np.copyto(y, seen[:, :, tap // kernel[1], tap % kernel[1]], where=taps == tap)
    return y


def avg_pool2d(x, divisors, kernel, stride, padding):
    """The sum of each window of x (N, C, H, W), divided by that window's number in `divisors` (oh, ow).

    Integers are divided towards 0.
    """
    x = completed(x, kernel, stride, padding, (1, 1), divisors.shape, 0)
    seen = windows(x, kernel, stride, padding, (1, 1))
    total = seen.sum(axis=(2, 3), dtype=x.dtype)
    if x.dtype.kind == "f":
        return total / divisors
    y = total // divisors  # rounded down
    return y + ((y * divisors != total) & ((total < 0) != (divisors < 0)))


def avg_pool2d_input(g, divisors, size, kernel, stride, padding):
    """The gradient of the pictures (N, C, H, W), with (H, W) = `size`, from that of the means.

    Every pixel of a window gets its share of the window's number in g (N, C, oh, ow).
    """
    n, c, *places = g.shape
    shares = (g / divisors)[:, :, None, None]
    w = np.broadcast_to(shares, (n, c, *kernel, *places))
    full = room(size, kernel, stride, padding, (1, 1), places)
    return added_windows(w, full, stride, padding, (1, 1))[:, :, : size[0], : size[1]]


def first_taps(kernel, stride, padding, dilation, places, *, like):
    """For each window (oh, ow) its first tap that is not on the padding above or left of the picture."""
    starts = (np.arange(n, like=like) * s - p for n, s, p in zip(places, stride, padding))
    row, column = (np.maximum(-(start // d), 0) for start, d in zip(starts, dilation))
    return row[:, None] * kernel[1] + column


def room(size, kernel, stride, padding, dilation, places):
    """The (H, W) that a picture needs for all `places` to lie within it and its padding: `size` or more."""
    sizes = zip(size, kernel, stride, padding, dilation, places)
    return tuple(max(n, (o - 1) * s + d * (k - 1) + 1 - 2 * p) for n, k, s, p, d, o in sizes)


def completed(x, kernel, stride, padding, dilation, places, value):
    """x (N, C, H, W) with as many more rows below and columns on the right as its last places need."""
    n, c, *size = x.shape
    full = room(size, kernel, stride, padding, dilation, places)
    if full == tuple(size):
        return x
    wide = np.full_like(x, value, shape=(n, c, *full))
    wide[:, :, : size[0], : size[1]] = x
    return wide
