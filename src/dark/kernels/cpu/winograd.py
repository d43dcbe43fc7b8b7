"""3×3 convolution with a quarter of the multiplications: Winograd's algorithm F(4×4, 3×3).

A tile of 4×4 results depends on 6×6 pixels. Computed directly, it takes 16 · 9 = 144 multiplications for
each pair of channels. Read as polynomials, pixels, weights and results are known by their values at six
points, 0, ±1, ±2 and infinity, along each axis, and at a point a convolution is one multiplication: 36 of
them, and additions to get there and back.

    y = Aᵀ [(G w Gᵀ) · (Bᵀ x B)] A        (Lavin and Gray, Fast algorithms for convolutional networks, 2016)

All tiles together, the values at one of the 36 points are a matrix (tiles, C), and the sums over the
channels are its product with that point's weights (C, K): 36 products of large matrices, all that a
processor does best. Pictures are (N, H, W, C) here, weights (3, 3, C, K), padding and stride 1.
"""

import numpy as np
from numba import prange

from .compiler import inlined, parallel
from .products import product
from .threads import workers


def convolved(x, weight, bias, turned=False):
    """The convolution of x with `weight`: (N, H, W, K).

    With `turned`, x has K channels and the result C: the kernel is turned by 180° and leads from its
    outputs to its inputs. That is the gradient with respect to the input, for x the result's.
    """
    channels, kernels = weight.shape[2:]
    if turned:
        channels, kernels = kernels, channels
    weights = np.empty((36, *weight.shape[2:]), x.dtype)
    transform_weights(weight, turned, weights)
    y = np.empty((*x.shape[:3], kernels), x.dtype)
    for part, points, results in chunks(x.shape, kernels, x.dtype):
        transform_pixels(x[part], points, workers())
        multiply(points, weights, turned, results)
        transform_results(results, bias, y[part], workers())
    return y


def weight_gradient(g, x, weight):
    """Write the gradient with respect to the weight, (3, 3, C, K), for the result's, g (N, H, W, K)."""
    channels, kernels = weight.shape[2:]
    sums = np.empty((36, channels, kernels), x.dtype)
    for part, points, gradients in chunks(x.shape, kernels, x.dtype):
        transform_pixels(x[part], points, workers())
        transform_gradients(g[part], gradients, workers())
        add_products(points, gradients, sums, part.start > 0)
    transform_sums(sums, weight)


def chunks(shape, kernels, dtype):
    """Pictures to compute at once, with memory for their values at the 36 points: (36, tiles, C and K).

    The values of as many pictures as fit into a processor's cache, but at least as much memory as the
    weights at the points take, which are read once for each chunk.
    """
    pictures, height, width, channels = shape
    tiles = -(-height // 4) * -(-width // 4)  # of a picture
    floats = max(1 << 21, 36 * channels * kernels)
    count = max(1, min(pictures, floats // (36 * tiles * (channels + kernels))))
    before = np.empty(36 * count * tiles * channels, dtype)
    after = np.empty(36 * count * tiles * kernels, dtype)
    for start in range(0, pictures, count):
        rows = min(count, pictures - start) * tiles
        yield (
            slice(start, start + count),
            before[: 36 * rows * channels].reshape(36, rows, channels),
            after[: 36 * rows * kernels].reshape(36, rows, kernels),
        )


@inlined
def at_points(a, b, c, d, e, f):
    """Bᵀ: six pixels as the values by which each point's weight is multiplied."""
    two, four, five = type(a)(2), type(a)(4), type(a)(5)
    even1, odd1, even2, odd2 = e - four * c, d - four * b, e - c, two * (d - b)
    first, last = four * a - five * c + e, four * b - five * d + f
    return first, even1 + odd1, even1 - odd1, even2 + odd2, even2 - odd2, last


@inlined
def from_points(a, b, c, d, e, f):
    """Aᵀ: four results from the products at six points."""
    two, four, eight = type(a)(2), type(a)(4), type(a)(8)
    plus1, minus1, plus2, minus2 = b + c, b - c, d + e, d - e
    return a + plus1 + plus2, minus1 + two * minus2, plus1 + four * plus2, minus1 + eight * minus2 + f


@inlined
def to_points(a, b, c, d):
    """A: gradients of four results as gradients of the products at six points."""
    two, four, eight = type(a)(2), type(a)(4), type(a)(8)
    even1, odd1, even2, odd2 = a + c, b + d, a + four * c, two * b + eight * d
    return a, even1 + odd1, even1 - odd1, even2 + odd2, even2 - odd2, d


@inlined
def weights_at_points(a, b, c):
    """G: three weights as values at six points."""
    fourth, sixth, twelfth, part = type(a)(1 / 4), type(a)(1 / 6), type(a)(1 / 12), type(a)(1 / 24)
    even1, odd1, even2, odd2 = -sixth * (a + c), sixth * b, part * a + sixth * c, twelfth * b
    return fourth * a, even1 - odd1, even1 + odd1, even2 + odd2, even2 - odd2, c


@inlined
def weights_from_points(a, b, c, d, e, f):
    """Gᵀ: gradients of weights at six points as gradients of three weights."""
    fourth, sixth, twelfth, part = type(a)(1 / 4), type(a)(1 / 6), type(a)(1 / 12), type(a)(1 / 24)
    plus1, minus1, plus2, minus2 = b + c, c - b, d + e, d - e
    return (
        fourth * a - sixth * plus1 + part * plus2,
        sixth * minus1 + twelfth * minus2,
        f - sixth * plus1 + sixth * plus2,
    )


@parallel
def transform_pixels(x, points, workers):
    """points[:, tile, c] = Bᵀ x B: tiles row by row, picture by picture.

    The six rows of pixels that a row of tiles depends on are copied between zeros and transformed there
    column by column; then each tile is, row by row. All of it stays in the processor's cache.
    """
    pictures, height, width, channels = x.shape
    down, across = (height + 3) // 4, (width + 3) // 4
    strips = pictures * down
    for worker in prange(workers):
        rows = np.zeros((6, 4 * across + 2, channels), x.dtype)
        lines = rows.reshape(6, -1)
        for strip in range(worker * strips // workers, (worker + 1) * strips // workers):
            picture, top = strip // down, strip % down * 4 - 1
            for i in range(6):
                copy_row(x, picture, top + i, rows, i, 1)
            for j in range(lines.shape[1]):
                v = at_points(lines[0, j], lines[1, j], lines[2, j], lines[3, j], lines[4, j], lines[5, j])
                lines[0, j], lines[1, j], lines[2, j], lines[3, j], lines[4, j], lines[5, j] = v
            for column in range(across):
                tile, left = strip * across + column, 4 * column
                for i in range(6):
                    for c in range(channels):
                        v = at_points(
                            rows[i, left, c], rows[i, left + 1, c], rows[i, left + 2, c],
                            rows[i, left + 3, c], rows[i, left + 4, c], rows[i, left + 5, c],
                        )  # fmt: skip
                        store(points, 6 * i, tile, c, v)


@parallel
def transform_results(points, bias, y, workers):
    """y = Aᵀ points A + bias: the products at the points become tiles of results.

    A tile at the lower or right edge may reach beyond the picture; what lies there is dropped.
    """
    pictures, height, width, kernels = y.shape
    down, across = (height + 3) // 4, (width + 3) // 4
    strips = pictures * down
    for worker in prange(workers):
        half = np.empty((6, 4 * kernels), y.dtype)
        for strip in range(worker * strips // workers, (worker + 1) * strips // workers):
            picture, top = strip // down, strip % down * 4
            for column in range(across):
                tile, left = strip * across + column, 4 * column
                for i in range(6):
                    for k in range(kernels):
                        v = from_points(*load(points, 6 * i, tile, k))
                        half[i, k], half[i, k + kernels] = v[:2]
                        half[i, k + 2 * kernels], half[i, k + 3 * kernels] = v[2:]
                for j in range(4 * kernels):
                    v = from_points(half[0, j], half[1, j], half[2, j], half[3, j], half[4, j], half[5, j])
                    half[0, j], half[1, j], half[2, j], half[3, j] = v
                for i in range(min(4, height - top)):
                    for j in range(min(4, width - left)):
                        for k in range(kernels):
                            y[picture, top + i, left + j, k] = half[i, j * kernels + k] + bias[k]


@parallel
def transform_gradients(g, points, workers):
    """points = A g Aᵀ: the adjoint of `transform_results`."""
    pictures, height, width, kernels = g.shape
    down, across = (height + 3) // 4, (width + 3) // 4
    strips = pictures * down
    for worker in prange(workers):
        rows = np.zeros((6, 4 * across + 1, kernels), g.dtype)
        lines = rows.reshape(6, -1)
        for strip in range(worker * strips // workers, (worker + 1) * strips // workers):
            picture, top = strip // down, strip % down * 4
            for i in range(4):
                copy_row(g, picture, top + i, rows, i, 0)
            for j in range(lines.shape[1]):
                v = to_points(lines[0, j], lines[1, j], lines[2, j], lines[3, j])
                lines[0, j], lines[1, j], lines[2, j], lines[3, j], lines[4, j], lines[5, j] = v
            for column in range(across):
                tile, left = strip * across + column, 4 * column
                for i in range(6):
                    for k in range(kernels):
                        v = to_points(
                            rows[i, left, k], rows[i, left + 1, k], rows[i, left + 2, k], rows[i, left + 3, k]
                        )
                        store(points, 6 * i, tile, k, v)


@inlined
def copy_row(x, picture, row, rows, i, start):
    """Copy a row of a picture to rows[i, start:]; zeros where the picture has no such row."""
    height, width, channels = x.shape[1:]
    if 0 <= row < height:
        for column in range(width):
            for c in range(channels):
                rows[i, start + column, c] = x[picture, row, column, c]
    else:
        rows[i] = 0


@inlined
def load(points, first, tile, c):
    """The values of six points, one after the other."""
    return (
        points[first, tile, c], points[first + 1, tile, c], points[first + 2, tile, c],
        points[first + 3, tile, c], points[first + 4, tile, c], points[first + 5, tile, c],
    )  # fmt: skip


@inlined
def store(points, first, tile, c, values):
    """Set the values of six points, one after the other."""
    points[first, tile, c], points[first + 1, tile, c], points[first + 2, tile, c] = values[:3]
    points[first + 3, tile, c], points[first + 4, tile, c], points[first + 5, tile, c] = values[3:]


@parallel
def transform_weights(weight, turned, points):
    """points[:, c, k] = G w Gᵀ; with `turned`, of the kernel turned by 180°."""
    channels, kernels = weight.shape[2:]
    first, step = (2, -1) if turned else (0, 1)
    for c in prange(channels):
        half = np.empty((6, 3, kernels), weight.dtype)
        for j in range(3):
            x = first + step * j
            for k in range(kernels):
                top, middle, bottom = weight[first, x, c, k], weight[1, x, c, k], weight[2 - first, x, c, k]
                v = weights_at_points(top, middle, bottom)
                half[0, j, k], half[1, j, k], half[2, j, k], half[3, j, k], half[4, j, k], half[5, j, k] = v
        for i in range(6):
            for k in range(kernels):
                store(points, 6 * i, c, k, weights_at_points(half[i, 0, k], half[i, 1, k], half[i, 2, k]))


@parallel
def transform_sums(points, weight):
    """weight = Gᵀ points G: the adjoint of `transform_weights`."""
    channels, kernels = weight.shape[2:]
    for c in prange(channels):
        half = np.empty((3, 6, kernels), weight.dtype)
        for j in range(6):
            for k in range(kernels):
                v = weights_from_points(
                    points[j, c, k], points[6 + j, c, k], points[12 + j, c, k],
                    points[18 + j, c, k], points[24 + j, c, k], points[30 + j, c, k],
                )  # fmt: skip
                half[0, j, k], half[1, j, k], half[2, j, k] = v
        for i in range(3):
            for k in range(kernels):
                v = weights_from_points(
                    half[i, 0, k], half[i, 1, k], half[i, 2, k], half[i, 3, k], half[i, 4, k], half[i, 5, k]
                )
                weight[i, 0, c, k], weight[i, 1, c, k], weight[i, 2, c, k] = v


@parallel
def multiply(points, weights, transposed, results):
    """At each of the 36 points: results = points @ weights, or points @ weightsᵀ."""
    for t in prange(36):
        product(points[t], False, weights[t], transposed, results[t], False)


@parallel
def add_products(points, gradients, sums, add):
    """At each of the 36 points: sums = pointsᵀ @ gradients, added to what is there with `add`."""
    for t in prange(36):
        product(points[t], True, gradients[t], False, sums[t], add)
