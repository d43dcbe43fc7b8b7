"""Resizing of pictures on a card, where each thread mixes one number of the old ones."""  # dark-6

from functools import lru_cache

import cupy
import numpy as np

from .. import reference
from .launch import Source, channels_first, channels_last, pieces, sum_type

source = Source(
    r"""
// y[oy, ox] = the sum of weight * x[row, column] over the links of row oy and those of column ox. The links
// of a place follow one another: those of row oy are the numbers from tops[oy] on, below tops[oy + 1].
extern "C" __global__ void resize(
    const T *x, T *y, int channels, int height, int width, int down, int across,
    const int *tops, const int *rows, const Sum *row_weights,
    const int *lefts, const int *columns, const Sum *column_weights)
{
    int i = blockIdx.y * blockDim.x + threadIdx.x;  // the i-th number of its row, which blockIdx.x counts
    if (i >= across * channels) return;
    int ox = i / channels, c = i % channels;
    int oy = blockIdx.x % down, n = blockIdx.x / down;

    const T *picture = x + (long long)n * height * width * channels;
    Sum pixel = 0;
    for (int l = lefts[ox]; l < lefts[ox + 1]; l++) {
        Sum mixed = 0;  // of the rows, in one column
        for (int k = tops[oy]; k < tops[oy + 1]; k++)
            mixed += row_weights[k] * Sum(picture[((long long)rows[k] * width + columns[l]) * channels + c]);
        pixel += column_weights[l] * mixed;
    }
    y[(long long)blockIdx.x * across * channels + i] = T(pixel);
}
""",
    dtypes=("float16", "float32", "float64", "uint8"),
)


def resize2d(x, rows, columns, size):
    """`reference.resize2d`, its result channels-last in memory."""
    if x.dtype.name not in source.dtypes:
        return reference.resize2d(x, rows, columns, size)
    x = channels_last(x)
    n, height, width, channels = x.shape
    y = cupy.empty((n, *size, channels), x.dtype)
    links = on_card(rows, size[0], x), on_card(columns, size[1], x)
    resize = source.kernel("resize", x.dtype)
    resize(pieces(n * size[0], size[1] * channels), x, y, channels, height, width, size, *links)
    return channels_first(y)


def on_card(links, length, x):
    """Links on the card of x, ordered by place: (where those of each place start, sources, weights).

    A network resizes its pictures in the same way in every step. So links that came once stay on the card.
    """
    types = np.int64, np.int64, sum_type(x.dtype)
    place, source, weight = (numbers.astype(dtype).tobytes() for numbers, dtype in zip(links, types))
    return copied(place, source, weight, types, length, x.device.id)


@lru_cache(maxsize=256)
def copied(place, source, weight, types, length, card):
    """`on_card`, with the links' bytes, which a cache can find, and the number of the card."""
    place, source, weight = (np.frombuffer(*numbers) for numbers in zip((place, source, weight), types))
    order = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[order], np.arange(length + 1))
    indices = (cupy.asarray(numbers.astype(np.int32)) for numbers in (starts, source[order]))
    return *indices, cupy.asarray(weight[order])
