"""Resizing of pictures in one pass over the result, which lies channels-last in memory.

The reference writes a picture of the new height in between, and reads both with gaps. Here a row of the
result is made while all it needs is in the fastest memory: one line as wide as the picture, mixed of the few
rows that it sees, and from that line its pixels, channels side by side. Threads share the rows.
"""  # dark-6

import numpy as np
from numba import prange

from .. import reference
from .compiler import shared
from .layout import channels_first, channels_last, compilable
from .threads import workers


def resize2d(x, rows, columns, size):
    """`reference.resize2d`, its result channels-last in memory."""
    if not compilable(x):
        return reference.resize2d(x, rows, columns, size)
    x = channels_last(x)
    n, height, width, channels = x.shape
    y = np.empty((n, *size, channels), x.dtype)
    lines = x.reshape(n, height, width * channels)
    mix_lines(lines, y, *by_place(rows, size[0], x.dtype), *by_place(columns, size[1], x.dtype), workers())
    return channels_first(y)


def by_place(links, length, dtype):
    """Links in the order of their places: (where those of each place start, sources, weights)."""
    place, source, weight = links
    order = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[order], np.arange(length + 1))
    return starts, source[order], weight[order].astype(dtype)


@shared
def mix_lines(x, y, tops, rows, row_weights, lefts, columns, column_weights, workers):
    """y[oy, ox] = the sum of weight · x[row, column] over the links of row oy and those of column ox."""
    pictures, down, across, channels = y.shape
    for worker in prange(workers):
        line = np.empty(x.shape[2], x.dtype)
        pixels = line.reshape(-1, channels)
        for row in range(worker * pictures * down // workers, (worker + 1) * pictures * down // workers):
            n, oy = row // down, row % down
            line[:] = 0
            for link in range(tops[oy], tops[oy + 1]):
                iy, weight = rows[link], row_weights[link]
                for i in range(line.size):
                    line[i] += weight * x[n, iy, i]
            for ox in range(across):
                for c in range(channels):
                    y[n, oy, ox, c] = 0
                for link in range(lefts[ox], lefts[ox + 1]):
                    ix, weight = columns[link], column_weights[link]
                    for c in range(channels):
                        y[n, oy, ox, c] += weight * pixels[ix, c]
