"""Convolution with any kernel and stride: matrix products of the rows of windows.

The textbook's way, im2col, copies every window into a row of a large matrix and multiplies that by the
weights: each pixel is copied kh · kw times. Here only what a *row of the kernel* sees is copied, kw pixels
that lie side by side in memory. Kernel row i needs the rows of pixels i, i + stride, i + 2 · stride, … of the
picture, and those are stored one after the other. So the matrix for each of the kh rows of the kernel is a
piece of one array, a pixel is copied kw / stride times, and kh products add up to the result. Where a row of
the kernel lies on the padding, its product is left out.

Pictures are (N, H, W, C) here, weights (kh, kw, C, K); sizes are pairs (vertical, horizontal). Every thread
works on pictures of its own, a block of them at a time.
"""

import numpy as np
from numba import prange

from .compiler import inlined, parallel
from .depthwise import inside
from .products import add_long_product, product
from .threads import workers

ROWS = 256  # of a product's matrix at least, if there are as many: a block is as many pictures as that takes


def convolved(x, weight, bias, stride, padding, dilation, places):
    """The convolution of x with `weight`, (N, OH, OW, K); `places` is (OH, OW)."""
    y = np.empty((x.shape[0], *places, weight.shape[3]), x.dtype)
    convolve_rows(x, weight, bias, y, stride, padding, dilation, block(x, places), workers())
    return y


def input_gradient(g, weight, size, stride, padding, dilation):
    """The gradient with respect to the input, (N, H, W, C), for the result's gradient g (N, OH, OW, K)."""
    x = np.empty((g.shape[0], *size, weight.shape[2]), g.dtype)
    spread_rows(g, weight, x, stride, padding, dilation, block(g, g.shape[1:3]), workers())
    return x


def weight_gradient(g, x, weight, stride, padding, dilation):
    """Write the gradient with respect to the weight, (kh, kw, C, K), for the result's, g (N, OH, OW, K)."""
    shares = np.zeros((workers(), *weight.shape), x.dtype)  # one for each thread
    correlate_rows(g, x, shares, stride, padding, dilation, block(g, g.shape[1:3]))
    shares.sum(axis=0, out=weight)


def block(pictures, places):
    """How many pictures a thread computes at once."""
    share = -(-len(pictures) // workers())
    return max(1, min(share, -(-ROWS // (places[0] * places[1]))))


@parallel
def convolve_rows(x, weight, bias, y, stride, padding, dilation, block, workers):
    """For each row of the kernel: y += windows of that row @ its weights."""
    pictures, down, across, kernels = y.shape
    kh, kw, channels = weight.shape[:3]
    for worker in prange(workers):
        rows, windows = memory(x, kh, kw, down, across, stride, padding, dilation, block)
        results = np.empty(down * block * across * kernels if block > 1 else 0, x.dtype)
        last = (worker + 1) * pictures // workers
        for start in range(worker * pictures // workers, last, block):
            count = min(block, last - start)
            seen = first(windows, rows, count, stride[0], across, kw * channels)
            for n in range(count):
                fill_rows(x, start + n, rows, padding)
                copy_windows(rows, seen, n, kw, channels, stride[1], dilation[1])
            found = matrix(results, y, start, count)
            for row in range(found.shape[0]):
                for k in range(kernels):
                    found[row, k] = bias[k]
            for i in range(kh):
                top, bottom = inside(i * dilation[0] - padding[0], stride[0], x.shape[1], down)
                if top < bottom:
                    row = seen_by(seen, i, top, bottom, stride[0], dilation[0])
                    part = found[top * count * across : bottom * count * across]
                    product(row, False, of_row(weight, i), False, part, True)
            if count > 1:
                scatter(found, y, start, count)


@parallel
def spread_rows(g, weight, x, stride, padding, dilation, block, workers):
    """The adjoint of `convolve_rows`: what each window's row gets of the gradient is added to its pixels."""
    pictures, down, across, kernels = g.shape
    kh, kw, channels = weight.shape[:3]
    for worker in prange(workers):
        rows, windows = memory(x, kh, kw, down, across, stride, padding, dilation, block)
        gradients = np.empty(down * block * across * kernels if block > 1 else 0, x.dtype)
        last = (worker + 1) * pictures // workers
        for start in range(worker * pictures // workers, last, block):
            count = min(block, last - start)
            seen = first(windows, rows, count, stride[0], across, kw * channels)
            given = matrix(gradients, g, start, count)
            if count > 1:
                gather(g, given, start, count)
            seen[:] = 0
            for i in range(kh):
                top, bottom = inside(i * dilation[0] - padding[0], stride[0], x.shape[1], down)
                if top < bottom:
                    row = seen_by(seen, i, top, bottom, stride[0], dilation[0])
                    part = given[top * count * across : bottom * count * across]
                    product(part, False, of_row(weight, i), True, row, True)
            for n in range(count):
                add_windows(rows, seen, n, kw, channels, stride[1], dilation[1])
                take_rows(rows, x, start + n, padding)


@parallel
def correlate_rows(g, x, shares, stride, padding, dilation, block):
    """For each row of the kernel: its weights' gradient += windows of that rowᵀ @ gradient."""
    pictures, down, across, kernels = g.shape
    workers, kh, kw, channels = shares.shape[:4]
    for worker in prange(workers):
        rows, windows = memory(x, kh, kw, down, across, stride, padding, dilation, block)
        gradients = np.empty(down * block * across * kernels if block > 1 else 0, x.dtype)
        last = (worker + 1) * pictures // workers
        for start in range(worker * pictures // workers, last, block):
            count = min(block, last - start)
            seen = first(windows, rows, count, stride[0], across, kw * channels)
            for n in range(count):
                fill_rows(x, start + n, rows, padding)
                copy_windows(rows, seen, n, kw, channels, stride[1], dilation[1])
            given = matrix(gradients, g, start, count)
            if count > 1:
                gather(g, given, start, count)
            for i in range(kh):
                top, bottom = inside(i * dilation[0] - padding[0], stride[0], x.shape[1], down)
                if top < bottom:
                    row = seen_by(seen, i, top, bottom, stride[0], dilation[0])
                    part = given[top * count * across : bottom * count * across]
                    add_long_product(row, part, of_row(shares[worker], i))


@inlined
def memory(x, kh, kw, down, across, stride, padding, dilation, block):
    """A padded picture, as rows of pixels, and flat memory for the row windows of a block of pictures.

    The rows are those that windows see, filled up to a multiple of the stride; a row is wide enough for the
    last window and for the whole picture.
    """
    channels = x.shape[3]
    height = (down - 1) * stride[0] + (kh - 1) * dilation[0] + 1
    height = (height + stride[0] - 1) // stride[0] * stride[0]
    width = max((across - 1) * stride[1] + (kw - 1) * dilation[1] + 1, padding[1] + x.shape[2])
    rows = np.zeros((height, width * channels), x.dtype)
    return rows, np.empty(height * block * across * kw * channels, x.dtype)


@inlined
def first(windows, rows, count, stride, across, length):
    """The memory of so many pictures' row windows: (stride, rows / stride, count, OW, kw · C)."""
    height = rows.shape[0]
    shape = (stride, height // stride, count, across, length)
    return windows[: height * count * across * length].reshape(shape)


@inlined
def fill_rows(x, picture, rows, padding):
    """Copy a picture into the middle of the zeros."""
    height, width, channels = x.shape[1:]
    left = padding[1] * channels
    for row in range(min(height, rows.shape[0] - padding[0])):
        line = rows[padding[0] + row, left : left + width * channels]
        pixels = x[picture, row].reshape(-1)
        for j in range(pixels.size):
            line[j] = pixels[j]


@inlined
def take_rows(rows, x, picture, padding):
    """Copy the middle back into a picture; 0 for its rows that no window sees."""
    height, width, channels = x.shape[1:]
    left = padding[1] * channels
    for row in range(height):
        if padding[0] + row < rows.shape[0]:
            line = rows[padding[0] + row, left : left + width * channels]
            pixels = x[picture, row].reshape(-1)
            for j in range(pixels.size):
                pixels[j] = line[j]
        else:
            x[picture, row] = 0


@inlined
def copy_windows(rows, seen, n, kw, channels, stride, dilation):
    """seen[y % s, y // s, n, ox] = the kw pixels of row y that a window sees in column ox of the result.

    Without dilation they are one piece of memory; else there is one piece for each.
    """
    pieces, length = (kw, channels) if dilation > 1 else (1, kw * channels)
    phases, across = seen.shape[0], seen.shape[3]
    for y in range(rows.shape[0]):
        phase, row = y % phases, y // phases
        for ox in range(across):
            for piece in range(pieces):
                start, to = (ox * stride + piece * dilation) * channels, piece * length
                window, pixels = seen[phase, row, n, ox, to : to + length], rows[y, start : start + length]
                for j in range(length):
                    window[j] = pixels[j]


@inlined
def add_windows(rows, seen, n, kw, channels, stride, dilation):
    """The adjoint of `copy_windows`: the sum of all windows of picture n, each at its place."""
    pieces, length = (kw, channels) if dilation > 1 else (1, kw * channels)
    phases, across = seen.shape[0], seen.shape[3]
    rows[:] = 0
    for y in range(rows.shape[0]):
        phase, row = y % phases, y // phases
        for ox in range(across):
            for piece in range(pieces):
                start, to = (ox * stride + piece * dilation) * channels, piece * length
                window, pixels = seen[phase, row, n, ox, to : to + length], rows[y, start : start + length]
                for j in range(length):
                    pixels[j] += window[j]


@inlined
def seen_by(seen, i, top, bottom, stride, dilation):
    """What kernel row i sees from rows `top` to `bottom` of the result: (rows · pictures · OW, kw · C)."""
    y = i * dilation
    pictures, across, length = seen.shape[2:]
    rows = seen[y % stride, y // stride + top : y // stride + bottom]
    return rows.reshape((bottom - top) * pictures * across, length)


@inlined
def of_row(weight, i):
    """The weights of kernel row i as a matrix (kw · C, K)."""
    kw, channels, kernels = weight.shape[1:]
    return weight[i].reshape(kw * channels, kernels)


@inlined
def matrix(memory, pictures, start, count):
    """A block's results as a matrix (OH · count · OW, K): those of one picture where they are."""
    down, across, kernels = pictures.shape[1:]
    if count == 1:
        return pictures[start].reshape(down * across, kernels)
    return memory[: down * count * across * kernels].reshape(down * count * across, kernels)


@inlined
def scatter(found, y, start, count):
    """Copy a block's results, which are ordered by row and then by picture, to the pictures."""
    down, across, kernels = y.shape[1:]
    for n in range(count):
        for oy in range(down):
            for ox in range(across):
                for k in range(kernels):
                    y[start + n, oy, ox, k] = found[(oy * count + n) * across + ox, k]


@inlined
def gather(g, given, start, count):
    """The adjoint of `scatter`."""
    down, across, kernels = g.shape[1:]
    for n in range(count):
        for oy in range(down):
            for ox in range(across):
                for k in range(kernels):
                    given[(oy * count + n) * across + ox, k] = g[start + n, oy, ox, k]
