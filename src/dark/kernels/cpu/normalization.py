"""Batch normalization in two passes over the memory: one for the sums of every channel, one to apply them.

Array code reads and writes a whole array for every operation. Here pictures are rows of channels,
(N · H · W, C), as they lie in memory. A row is added to the sums of all channels at once, in vector code,
and what follows from the sums is applied to each number as it passes.

Sums of float32 are float32 within a block of some hundred rows, where that is precise enough, and float64
from block to block. The blocks are the same for any number of threads, and so are the results.
"""

import math

import numpy as np
from numba import prange

from .. import reference
from .compiler import parallel
from .layout import channels_first, channels_last, compilable
from .threads import workers

BLOCK = 256  # rows
WIDTH = 512  # numbers in a row: a loop over fewer is over before it has become fast


def channel_sums(g):
    """`reference.channel_sums` in one pass."""
    if not suitable(g):
        return reference.channel_sums(g)
    sums = deviations(rows_of(g), 0)[1]
    return sums.sum(axis=0, dtype=np.float64).astype(g.dtype)


def channel_moments(x):
    """`reference.channel_moments` in one pass.

    The variance is the mean of the blocks' own variances plus the variance of the blocks' means.
    """
    if not suitable(x):
        return reference.channel_moments(x)
    middle, sums, squares, lengths = deviations(rows_of(x), 32)
    n = lengths.sum()
    means = sums / lengths  # of the blocks, as distances from their middles; float64 from here on
    within = (squares - means * sums).sum(axis=0)
    means += middle
    mean = (means * lengths).sum(axis=0) / n
    means -= mean
    return mean, (within + (means * means * lengths).sum(axis=0)) / n


def normalize_channels(x, mean, var, weight, bias, eps):
    """`reference.normalize_channels` in one pass; its result is channels-last in memory."""
    if not suitable(x, weight, bias):
        return reference.normalize_channels(x, mean, var, weight, bias, eps)
    centre, lost = rounded(mean, x.dtype)
    scale, _ = scales(var, weight, eps)
    shift = lost * scale if bias is None else lost * scale + bias
    rows = rows_of(x)
    y = np.empty_like(rows)
    workers()
    scale_and_shift(rows, centre, scale.astype(x.dtype), shift.astype(x.dtype), y)
    return pictures(y, x)


def batch_norm_backward(g, x, mean, var, weight, eps, training):
    """`reference.batch_norm_backward` in two passes; its first result is channels-last in memory."""
    if not suitable(g, x, weight):
        return reference.batch_norm_backward(g, x, mean, var, weight, eps, training)
    centre, lost = rounded(mean, x.dtype)
    scale, inverse = scales(var, weight, eps)
    g_rows, x_rows = rows_of(g), rows_of(x)
    to_bias, to_weight = gradient_sums(g_rows, x_rows, centre)
    to_weight = (to_weight + lost * to_bias) * inverse

    tilt, level = np.zeros((2, x.shape[1]))
    if training:  # as in the reference: g - mean of g - (x - mean) * inverse * mean of g * normal x
        tilt = to_weight * inverse / len(x_rows)
        level = to_bias / len(x_rows) + lost * tilt
    to_x = np.empty_like(x_rows)
    vectors = (v.astype(x.dtype) for v in (level, tilt, scale))
    carry_back(g_rows, x_rows, centre, *vectors, to_x)
    return pictures(to_x, x), to_weight.astype(x.dtype), to_bias.astype(x.dtype)


def suitable(*arrays):
    """Whether the loops take these arrays: none is empty, and all have the same floating-point type."""
    return compilable(*arrays) and arrays[0].size > 0


def rows_of(x):
    """x (N, C, H, W) as (N · H · W, C): a view if it is channels-last in memory."""
    return channels_last(x).reshape(-1, x.shape[1])


def pictures(rows, like):
    """The opposite of `rows_of`, in the shape of `like`."""
    n, channels, height, width = like.shape
    return channels_first(rows.reshape(n, height, width, channels))


def rounded(mean, dtype):
    """The mean in x's type, and what that has added to it: little, but much to a channel of tiny variance."""
    centre = mean.astype(dtype)
    return centre, centre - mean.astype(np.float64)


def scales(var, weight, eps):
    """(weight / √(var + eps), 1 / √(var + eps)), in float64."""
    inverse = 1 / np.sqrt(var.astype(np.float64) + eps)
    return inverse if weight is None else inverse * weight, inverse


def deviations(rows, first):
    """For each block and channel: a middle, the sum of the distances from it, that of their squares, a count.

    The middle is the mean of the `first` rows of the block, or 0. Anything near the block's mean will do:
    squares of distances from it lose no digits to a large mean, which those of the numbers themselves would.
    """
    channels = rows.shape[1]
    rows = rows.reshape(-1, channels * abreast(rows))
    blocks = -(-len(rows) // BLOCK)
    results = np.empty((3, blocks, rows.shape[1]), rows.dtype)
    workers()
    add_deviations(rows, first, *results)
    lengths = np.full((blocks, rows.shape[1] // channels), float(BLOCK))
    lengths[-1] -= blocks * BLOCK - len(rows)
    return *results.reshape(3, -1, channels), lengths.reshape(-1, 1)


def gradient_sums(g, x, centre):
    """The sums over all rows of g and of g * (x - centre), in float64."""
    pixels, channels = abreast(x), x.shape[1]
    x, g = x.reshape(-1, pixels * channels), g.reshape(-1, pixels * channels)
    sums = np.empty((2, -(-len(x) // BLOCK), x.shape[1]), x.dtype)
    workers()
    add_gradients(g, x, np.tile(centre, pixels), *sums)
    return sums.reshape(2, -1, channels).sum(axis=1, dtype=np.float64)


def abreast(rows):
    """How many pixels to lay side by side for rows of about WIDTH numbers; it divides their count."""
    powers = max(1, WIDTH // rows.shape[1]).bit_length() - 1
    return math.gcd(len(rows), 1 << powers)


@parallel
def add_deviations(x, first, middle, sums, squares):
    """The loop of `deviations`."""
    rows, channels = x.shape
    for block in prange(len(sums)):
        start = block * BLOCK
        count = min(BLOCK, rows - start)
        near, total, square = middle[block], sums[block], squares[block]
        for c in range(channels):
            near[c] = total[c] = square[c] = 0
        used = min(first, count)
        for row in range(start, start + used):
            for c in range(channels):
                near[c] += x[row, c] / x.dtype.type(used)
        for row in range(start, start + count):
            for c in range(channels):
                distance = x[row, c] - near[c]
                total[c] += distance
                square[c] += distance * distance


@parallel
def scale_and_shift(x, centre, scale, shift, y):
    """y = (x - centre) * scale + shift."""
    rows, channels = x.shape
    for row in prange(rows):
        for c in range(channels):
            y[row, c] = (x[row, c] - centre[c]) * scale[c] + shift[c]


@parallel
def add_gradients(g, x, centre, sums, products):
    """For each block and channel: the sum of g, and that of g * (x - centre)."""
    rows, channels = x.shape
    for block in prange(len(sums)):
        start = block * BLOCK
        count = min(BLOCK, rows - start)
        total, product = sums[block], products[block]
        for c in range(channels):
            total[c] = product[c] = 0
        for row in range(start, start + count):
            for c in range(channels):
                total[c] += g[row, c]
                product[c] += g[row, c] * (x[row, c] - centre[c])


@parallel
def carry_back(g, x, centre, level, tilt, scale, to_x):
    """to_x = (g - level - (x - centre) * tilt) * scale."""
    rows, channels = x.shape
    for row in prange(rows):
        for c in range(channels):
            to_x[row, c] = (g[row, c] - level[c] - (x[row, c] - centre[c]) * tilt[c]) * scale[c]
