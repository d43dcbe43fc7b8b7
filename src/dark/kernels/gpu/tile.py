"""Convolution without a matrix of windows, on the units of a card that multiply matrices: kernels in cuTile.

A kernel in CUDA C++ says what each thread does. One in NVIDIA's cuTile, which is a part of Python, says what
is done with *tiles*, small blocks of numbers: load one, multiply two as matrices, store one. How the threads
of a block share that, and fetch the next tile meanwhile, is left to the compiler. It has the products done
by the card's tensor cores, those of float32 in TF32.

What a tap of the frame sees from all places is the picture itself, shifted. So a convolution is the sum of
one product of matrices for each tap: the pixels that it sees, times its weights. Pixels are loaded from
where they lie, again for each tap, but mostly out of the card's cache; no window is ever copied.

Pictures are (N, H, W, C) here, weights (kh, kw, C, K); sizes are pairs (vertical, horizontal), `geometry` is
(stride, padding, dilation), `places` (oh, ow). A tile of pictures has N, H, W and C too, all powers of two.
What of it lies behind the end of an array is 0 when it is loaded, and dropped when it is stored.
"""  # dark-5

from functools import cache
from itertools import product
from math import prod
from typing import NamedTuple, TypeAlias

import cuda.tile as ct
import cupy
import numpy as np

from ... import backends
from .layout import laid_out
from .products import capability

PROCESSORS = 128  # of a large card, about; where there are fewer blocks of threads, some have nothing to do
Size: TypeAlias = ct.Constant[int]  # a number that the compiler has to know


@ct.kernel
def convolve(x, weight, y, pictures, kw, sh, sw, dh, dw, N: Size, H: Size, W: Size, C: Size, K: Size):
    """Store one tile of y (N, oh, ow, K). x is `laid_out`, weight (kh * kw, C, K)."""
    tile, k = ct.bid(0) // ct.cdiv(y.shape[3], K), ct.bid(0) % ct.cdiv(y.shape[3], K)
    n, down, across = corner(tile, y, H, W)
    windows = x.tiled_view((N, H, W, C), padding_mode=ct.PaddingMode.ZERO, traversal_steps=(1, 1, 1, C))
    total = ct.zeros((N * H * W, K), ct.float32)
    for tap in range(weight.shape[0]):
        phase, row, column = shift(tap, kw, sh, sw, dh, dw)
        for c in range(ct.cdiv(weight.shape[1], C)):
            pixels = windows.load((phase * pictures + n * N, down * H + row, across * W + column, c))
            factors = ct.load(weight, (tap, c, k), (1, C, K), padding_mode=ct.PaddingMode.ZERO)
            total = ct.mma(matrix(pixels, N * H * W, C), matrix(factors, C, K), total)
    ct.store(y, (n, down, across, k), total.astype(y.dtype).reshape((N, H, W, K)))


@ct.kernel
def correlate(g, x, weight, pictures, tiles, kw, sh, sw, dh, dw, N: Size, H: Size, W: Size, C: Size, K: Size):
    """Store one tile of weight (shares, kh * kw, C, K): what a share of g's tiles adds to the gradient.

    Where a tile goes beyond g, pixels are multiplied by 0. NaN and infinity stay NaN then, and may reach taps
    that don't see them.
    """
    tap, c, k, share = ct.bid(0) % weight.shape[1], ct.bid(0) // weight.shape[1], ct.bid(1), ct.bid(2)
    phase, row, column = shift(tap, kw, sh, sw, dh, dw)
    windows = x.tiled_view((N, H, W, C), padding_mode=ct.PaddingMode.ZERO, traversal_steps=(1, 1, 1, C))
    total = ct.zeros((C, K), ct.float32)
    for tile in range(share, tiles, weight.shape[0]):
        n, down, across = corner(tile, g, H, W)
        pixels = windows.load((phase * pictures + n * N, down * H + row, across * W + column, c))
        factors = ct.load(g, (n, down, across, k), (N, H, W, K), padding_mode=ct.PaddingMode.ZERO)
        total = ct.mma(ct.transpose(matrix(pixels, N * H * W, C)), matrix(factors, N * H * W, K), total)
    ct.store(weight, (share, tap, c, k), total.reshape((1, 1, C, K)))


def corner(tile, y, H, W):
    """Where among the tiles of y (N, oh, ow, K) the one of this number is."""
    rows, columns = ct.cdiv(y.shape[1], H), ct.cdiv(y.shape[2], W)
    return tile // (rows * columns), tile // columns % rows, tile % columns


def shift(tap, kw, sh, sw, dh, dw):
    """Which phase of the pictures a tap sees (`laid_out`), and how many rows and columns further on."""
    i, j = tap // kw * dh, tap % kw * dw
    return i % sh * sw + j % sw, i // sh, j // sw


def matrix(tile, rows, columns):
    """A tile as a factor of a product."""
    tile = tile.reshape((rows, columns))
    return tile.astype(ct.tfloat32) if tile.dtype == ct.float32 else tile


def pays(x, weight_shape, geometry):
    """Whether a layer is thought to be faster this way on the current card; nobody has measured it.

    With few channels, most of a tile would be empty. And windows of a single tap do not overlap: to copy them
    costs as little as to lay pictures out for tiles.
    """
    kh, kw, channels, filters = weight_shape
    worth_it = kh * kw > 1 and min(channels, filters) >= 16
    return worth_it and can_compute(x, weight_shape, geometry) and fetches_tiles()


def fetches_tiles():
    """Whether the current card fetches tiles of pictures by itself, and its driver is new enough for cuTile.

    From compute capability 9.0 on (Hopper, 2022) a card does. Before, threads compute the address of every
    number of a tile, again for each tap.
    """
    return capability() >= 90 and cupy.cuda.runtime.driverGetVersion() >= 13000  # the driver r580


def can_compute(x, weight_shape, geometry):
    """Whether these kernels are for a layer, on pictures x or their gradient."""
    (sh, sw), _, (dh, dw) = geometry
    fast = x.dtype == np.float16 or (x.dtype == np.float32 and backends.cudnn.allow_tf32)
    simple = (sh == 1 or dh == 1) and (sw == 1 or dw == 1)
    largest = x.size // x.shape[3] * sh * sw * max(weight_shape[2:])
    return fast and simple and largest < 1 << 30  # with room for padding: cuTile counts with 32 bits


def convolved(x, weight, places, geometry):
    """The convolution of x with `weight`, (N, oh, ow, K)."""
    stride, _, dilation = geometry
    y = cupy.empty((len(x), *places, weight.shape[3]), x.dtype)
    launch_convolve(seen(x, weight.shape, places, geometry), weight, y, stride, dilation)
    return y


def input_gradient(g, weight, size, geometry):
    """The gradient of pictures (N, *size, C), of the result's gradient g (N, oh, ow, K).

    Pixels that lie a stride apart are seen by the same taps, each from the place next to the last pixel's. So
    each such phase of the pixels is a convolution of g with those taps in reverse, and without a stride.
    """
    stride, padding, dilation = geometry
    x = cupy.empty((len(g), *size, weight.shape[2]), g.dtype)
    rows, columns = (phases(*axis) for axis in zip(size, weight.shape, stride, padding, dilation))
    top, left = min(row.start for row in rows), min(column.start for column in columns)
    bottom, right = max(row.end for row in rows), max(column.end for column in columns)
    g = laid_out(g, (top, bottom - top), (left, right - left))
    for row, column in product(rows, columns):
        part = x[:, row.pixels, column.pixels]
        taps = weight[row.taps, column.taps][::-1, ::-1].swapaxes(2, 3)
        if taps.size:
            shifted = g[:, row.start - top :, column.start - left :]
            launch_convolve(shifted, taps, part, (1, 1), dilation)
        else:  # the frame steps over these pixels
            part[...] = 0
    return x


def weight_gradient(g, x, kernel, geometry):
    """The gradient of weights (*kernel, C, K), of the result's gradient g (N, oh, ow, K)."""
    stride, _, dilation = geometry
    shape = (*kernel, x.shape[3], g.shape[3])
    x = seen(x, shape, g.shape[1:3], geometry)
    box, channels, filters = box_of(g.shape, 64), side(shape[2], 128), side(shape[3], 128)
    tiles, taps = tiles_in(g.shape, box), kernel[0] * kernel[1]
    blocks = taps * ct.cdiv(shape[2], channels), ct.cdiv(shape[3], filters)
    shares = min(tiles, ct.cdiv(4 * PROCESSORS, prod(blocks)))
    weight = cupy.empty((shares, taps, *shape[2:]), cupy.float32)
    sizes = (len(g), tiles, kernel[1], *stride, *dilation, *box, channels, filters)
    ct.launch(cupy.cuda.get_current_stream(), (*blocks, shares), correlate, (g, x, weight, *sizes))
    return weight.sum(axis=0).reshape(shape).astype(g.dtype, copy=False)


def launch_convolve(x, weight, y, stride, dilation):
    """Have all tiles of y computed, of x as it is `laid_out`."""
    kh, kw, channels, filters = weight.shape
    weight = cupy.ascontiguousarray(weight).reshape(kh * kw, channels, filters)
    depth, width = side(channels, 128 // x.itemsize), side(filters, 128)
    box = box_of(y.shape, 128)
    if tiles_in(y.shape, box) * ct.cdiv(filters, width) < PROCESSORS:
        box = box_of(y.shape, 64)
    blocks = tiles_in(y.shape, box) * ct.cdiv(filters, width)
    sizes = (len(y), kw, *stride, *dilation, *box, depth, width)
    ct.launch(cupy.cuda.get_current_stream(), (blocks,), convolve, (x, weight, y, *sizes))


def seen(x, weight_shape, places, geometry):
    """Pictures x as a frame of so many taps sees them from all places, `laid_out`."""
    stride, (top, left), dilation = geometry
    rows, columns = (
        place + d * (k - 1) // s for place, d, k, s in zip(places, dilation, weight_shape, stride)
    )
    return laid_out(x, (-top, rows), (-left, columns), stride)


def phases(size, kernel, stride, padding, dilation):
    """The phases of one dimension of the pixels."""
    found = []
    for pixel in range(min(stride, size)):
        first = (pixel + padding) % stride
        last = first + (kernel - 1 - first) // stride * stride
        start = (pixel + padding - last * dilation) // stride
        end = start + len(range(pixel, size, stride)) + (last - first) // stride * dilation
        found.append(Phase(slice(pixel, None, stride), slice(first, kernel, stride), start, end))
    return found


class Phase(NamedTuple):
    """Pixels of a row, or of a column, and what sees them."""

    pixels: slice  # which pixels
    taps: slice  # which taps see them: the last one sees the first pixel
    start: int  # from here,
    end: int  # and the first tap the last pixel from the place before this


@cache
def box_of(shape, size):
    """(pictures, rows, columns) of a tile of so many places; the fewest such cover `shape` (N, H, W, C)."""
    sides = [1 << i for i in range(size.bit_length())]
    boxes = [(size // (h * w), h, w) for w in reversed(sides) for h in reversed(sides) if h * w <= size]
    return min(boxes, key=lambda box: tiles_in(shape, box))


def tiles_in(shape, box):
    """How many boxes (pictures, rows, columns) it takes to cover `shape` (N, H, W, C)."""
    return prod(ct.cdiv(length, step) for length, step in zip(shape, box))


def side(length, most):
    """The power of two, between 16 and `most`, that a tile is long in a dimension."""
    return min(most, max(16, 1 << (length - 1).bit_length()))
