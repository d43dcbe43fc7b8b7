"""Batch normalization on a card: one pass over the memory for the sums of every channel, one to apply them.

Pictures are rows of channels, (N · H · W, C), as they lie in memory. A block of threads is a small rectangle:
threads x take neighbouring channels, threads y rows. It walks over its share of the rows, and then its
threads add up what they have, in memory that a block shares. What the blocks have come to, a second and tiny
kernel adds up. Who adds what, and in which order, depends on the shape alone: the same numbers give the same
result.

A thread adds up at most 16 numbers as float, and these sums as double, which holds 16 digits. Cards for
games compute with double at 1/64 of the speed, but at one double for 16 numbers the memory stays what takes
the time. Squares are of distances from a number of the channel, for the squares of numbers far from 0 would
lose the digits that matter.
"""  # dark-5

import cupy
import numpy as np

from .. import reference
from .launch import BLOCK, Source, channels_first, channels_last, elementwise, sum_type

source = Source(r"""
// Add up what the threads of a block have that share a channel: a and b of thread y = 0 become the totals.
// In each round the upper half of the threads hand theirs to the lower half, until one is left.
__device__ void add_up(double &a, double &b)
{
    __shared__ double sums[2][256];
    int own = threadIdx.y * blockDim.x + threadIdx.x;
    sums[0][own] = a;
    sums[1][own] = b;
    for (int half = blockDim.y / 2; half > 0; half /= 2) {
        __syncthreads();  // wait until all threads have written theirs
        if (threadIdx.y < half) {
            sums[0][own] += sums[0][own + half * blockDim.x];
            sums[1][own] += sums[1][own + half * blockDim.x];
        }
    }
    a = sums[0][own];
    b = sums[1][own];
}

// A number that those of a channel are not far from: the mean of four of them, from all over the rows.
__device__ Sum near(const T *x, long long rows, int channels, int c)
{
    Sum mean = 0;
    for (int i = 0; i < 4; i++)
        mean += Sum(x[i * rows / 4 * channels + c]) / 4;
    return mean - mean == 0 ? mean : Sum(0);  // infinity and NaN are far from everything
}

// sums[block] = (the sum of the distances x - near, the sum of their squares) for every channel.
extern "C" __global__ void add_distances(const T *x, double *sums, long long rows, int channels)
{
    int c = blockIdx.x * blockDim.x + threadIdx.x;  // the thread's channel, if there are so many
    long long first = blockIdx.y * blockDim.y + threadIdx.y;  // its first row
    long long step = gridDim.y * blockDim.y;  // from there to its next one
    bool in_use = c < channels;  // else it only waits where the others wait for it
    double distances = 0, squares = 0;
    if (in_use) {
        Sum origin = near(x, rows, channels, c);
        // A loop whose length is known the compiler unrolls: more numbers are on their way at a time.
        int count = first < rows ? (rows - first - 1) / step + 1 : 0;
        for (int start = 0; start < count; start += 16) {
            Sum some = 0, some_squares = 0;
            for (int i = start; i < min(start + 16, count); i++) {
                Sum distance = Sum(x[(first + i * step) * channels + c]) - origin;
                some += distance;
                some_squares += distance * distance;
            }
            distances += some;
            squares += some_squares;
        }
    }
    add_up(distances, squares);
    if (in_use && threadIdx.y == 0) {
        sums[(2 * blockIdx.y) * channels + c] = distances;
        sums[(2 * blockIdx.y + 1) * channels + c] = squares;
    }
}

// The mean and the variance of every channel, from the sums of `shares` blocks.
extern "C" __global__ void moments(
    const T *x, const double *sums, double *mean, double *var, long long rows, int channels, int shares)
{
    int c = blockIdx.x * blockDim.x + threadIdx.x;
    long long first = blockIdx.y * blockDim.y + threadIdx.y, step = gridDim.y * blockDim.y;
    bool in_use = c < channels;
    double distances = 0, squares = 0;
    for (int share = first; share < shares && in_use; share += step) {
        distances += sums[(2 * share) * channels + c];
        squares += sums[(2 * share + 1) * channels + c];
    }
    add_up(distances, squares);
    if (in_use && threadIdx.y == 0) {
        double distance = distances / rows;
        double variance = squares / rows - distance * distance;
        mean[c] = near(x, rows, channels, c) + distance;
        var[c] = variance < 0 ? 0 : variance;  // by rounding
    }
}

// y = (x - mean) / sqrt(var + eps) * weight + bias. By __restrict__ the compiler knows that what is written
// to y changes nothing in x: it may read several numbers ahead.
extern "C" __global__ void normalize(
    const T *__restrict__ x, T *__restrict__ y, const double *mean, const double *var, const Sum *weight,
    const Sum *bias, double eps, long long rows, int channels)
{
    int c = blockIdx.x * blockDim.x + threadIdx.x;
    long long first = blockIdx.y * blockDim.y + threadIdx.y, step = gridDim.y * blockDim.y;
    if (c >= channels) return;
    Sum centre = mean[c], lost = centre - mean[c];  // what rounding has added to the mean
    Sum scale = (weight ? weight[c] : Sum(1)) / sqrt(Sum(var[c] + eps));
    Sum shift = lost * scale + (bias ? bias[c] : Sum(0));
    for (long long row = first; row < rows; row += step)
        y[row * channels + c] = T((Sum(x[row * channels + c]) - centre) * scale + shift);
}

// sums[block] = (the sum of g, the sum of g * (x - mean)) for every channel; without x the first alone.
extern "C" __global__ void add_gradients(
    const T *g, const T *x, const double *mean, double *sums, long long rows, int channels)
{
    int c = blockIdx.x * blockDim.x + threadIdx.x;
    long long first = blockIdx.y * blockDim.y + threadIdx.y, step = gridDim.y * blockDim.y;
    bool in_use = c < channels;
    double gradients = 0, products = 0;
    if (in_use) {
        Sum centre = x ? mean[c] : 0;
        int count = first < rows ? (rows - first - 1) / step + 1 : 0;
        for (int start = 0; start < count; start += 16) {
            Sum some = 0, some_products = 0;
            for (int i = start; i < min(start + 16, count); i++) {
                long long at = (first + i * step) * channels + c;
                Sum gradient = g[at];
                some += gradient;
                if (x) some_products += gradient * (Sum(x[at]) - centre);
            }
            gradients += some;
            products += some_products;
        }
    }
    add_up(gradients, products);
    if (in_use && threadIdx.y == 0) {
        sums[(2 * blockIdx.y) * channels + c] = gradients;
        sums[(2 * blockIdx.y + 1) * channels + c] = products;
    }
}

// The gradients of weight and bias, from the sums of `shares` blocks, and what the gradient of x needs of
// them: three numbers a channel; `carry_back` says what for.
extern "C" __global__ void parameter_gradients(
    const double *sums, const double *mean, const double *var, const Sum *weight, double eps, bool training,
    T *to_weight, T *to_bias, Sum *level, Sum *tilt, Sum *scale, long long rows, int channels, int shares)
{
    int c = blockIdx.x * blockDim.x + threadIdx.x;
    long long first = blockIdx.y * blockDim.y + threadIdx.y, step = gridDim.y * blockDim.y;
    bool in_use = c < channels;
    double gradients = 0, products = 0;
    for (int share = first; share < shares && in_use; share += step) {
        gradients += sums[(2 * share) * channels + c];
        products += sums[(2 * share + 1) * channels + c];
    }
    add_up(gradients, products);
    if (in_use && threadIdx.y == 0) {
        double inverse = 1 / sqrt(var[c] + eps), lost = Sum(mean[c]) - mean[c];
        products = (products + lost * gradients) * inverse;
        to_bias[c] = T(Sum(gradients));
        to_weight[c] = T(Sum(products));
        double slope = training ? products * inverse / rows : 0;
        tilt[c] = slope;
        level[c] = training ? gradients / rows + lost * slope : 0;
        scale[c] = weight ? inverse * weight[c] : inverse;
    }
}

// to_x = (g - level - (x - mean) * tilt) * scale: as in the reference, what g says of the mean and of the
// variance is taken out of it.
extern "C" __global__ void carry_back(
    const T *__restrict__ g, const T *__restrict__ x, T *__restrict__ to_x,
    const double *mean, const Sum *level, const Sum *tilt, const Sum *scale, long long rows, int channels)
{
    int c = blockIdx.x * blockDim.x + threadIdx.x;
    long long first = blockIdx.y * blockDim.y + threadIdx.y, step = gridDim.y * blockDim.y;
    if (c >= channels) return;
    Sum centre = mean[c], flat = level[c], slope = tilt[c], factor = scale[c];
    for (long long row = first; row < rows; row += step) {
        long long i = row * channels + c;
        to_x[i] = T((Sum(g[i]) - flat - (Sum(x[i]) - centre) * slope) * factor);
    }
}
""")

BLOCKS = 1024  # in all, if there are rows enough: some for each processor of a large card
ROWS = 16  # that a thread adds up, if there are that many


def channel_sums(g):
    """`reference.channel_sums` in one pass."""
    if not suitable(g):
        return reference.channel_sums(g)
    sums = gradient_sums(rows_of(g), None, None)
    return sums[:, 0].sum(axis=0).astype(g.dtype)


def channel_moments(x):
    """`reference.channel_moments` in one pass; both stay on the card."""
    if not suitable(x):
        return reference.channel_moments(x)
    rows = rows_of(x)
    threads = rectangles(*rows.shape)
    sums = cupy.empty((threads[0][1], 2, rows.shape[1]))
    source.kernel("add_distances", x.dtype)(threads, rows, sums, rows.shape)
    mean, var = cupy.empty((2, rows.shape[1]))
    source.kernel("moments", x.dtype)(one_share(threads), rows, sums, mean, var, rows.shape, len(sums))
    return mean, var


def normalize_channels(x, mean, var, weight, bias, eps):
    """`reference.normalize_channels` in one pass; its result is channels-last in memory."""
    if not suitable(x):
        return reference.normalize_channels(x, mean, var, weight, bias, eps)
    rows = rows_of(x)
    y = cupy.empty_like(rows)
    vectors = (as_double(mean), as_double(var), as_sum(weight, x), as_sum(bias, x))
    source.kernel("normalize", x.dtype)(rectangles(*rows.shape), rows, y, vectors, eps, rows.shape)
    return pictures(y, x)


def batch_norm_backward(g, x, mean, var, weight, eps, training):
    """`reference.batch_norm_backward` in two passes; its first result is channels-last in memory."""
    if not suitable(g, x):
        return reference.batch_norm_backward(g, x, mean, var, weight, eps, training)
    g_rows, x_rows = rows_of(g), rows_of(x)
    threads, channels = rectangles(*x_rows.shape), x.shape[1]
    mean, var, weight = as_double(mean), as_double(var), as_sum(weight, x)
    sums = gradient_sums(g_rows, x_rows, mean)

    to_weight, to_bias = cupy.empty((2, channels), x.dtype)
    level, tilt, scale = cupy.empty((3, channels), sum_type(x.dtype))
    source.kernel("parameter_gradients", x.dtype)(
        one_share(threads), sums, mean, var, weight, eps, training, to_weight, to_bias, level, tilt, scale,
        x_rows.shape, len(sums),
    )  # fmt: skip
    to_x = cupy.empty_like(x_rows)
    source.kernel("carry_back", x.dtype)(
        threads, g_rows, x_rows, to_x, mean, level, tilt, scale, x_rows.shape
    )  # fmt: skip
    return pictures(to_x, x), to_weight, to_bias


def move_towards(running, new, momentum):
    """`reference.move_towards` in one launch."""
    moved(as_double(new), momentum, running)


moved = elementwise(
    "float64 new_one, float64 momentum", "T running",
    "running = Sum(Sum(running) * (1 - momentum) + new_one * momentum);", "moved",
)  # fmt: skip


def gradient_sums(g, x, mean):
    """For each share of the rows and each channel the sums of g and of g * (x - mean): (shares, 2, C)."""
    threads = rectangles(*g.shape)
    sums = cupy.empty((threads[0][1], 2, g.shape[1]))
    source.kernel("add_gradients", g.dtype)(threads, g, x, mean, sums, g.shape)
    return sums


def rectangles(rows, channels):
    """(blocks, threads of a block): x is for channels, y for shares of the rows."""
    across = min(32, 1 << (channels - 1).bit_length())
    down = BLOCK // across
    groups = (channels + across - 1) // across
    shares = min((rows + ROWS * down - 1) // (ROWS * down), max(1, BLOCKS // groups))
    return (groups, shares), (across, down)


def one_share(threads):
    """The same, with one share of the rows."""
    (groups, _), block = threads
    return (groups, 1), block


def suitable(*arrays):
    """Whether the kernels take these arrays: none is empty, and all have the same floating-point type."""
    first = arrays[0]
    return first.size > 0 and first.dtype.kind == "f" and all(x.dtype == first.dtype for x in arrays)


def rows_of(x):
    """x (N, C, H, W) as (N · H · W, C): a view if it is channels-last in memory."""
    return channels_last(x).reshape(-1, x.shape[1])


def pictures(rows, like):
    """The opposite of `rows_of`, in the shape of `like`."""
    n, channels, height, width = like.shape
    return channels_first(rows.reshape(n, height, width, channels))


def as_double(vector):
    """The statistics in float64; those that were kept while training are float32."""
    return cupy.ascontiguousarray(vector, np.float64)


def as_sum(vector, x):
    """A vector of parameters, or None, in the type that x is computed with."""
    return None if vector is None else cupy.ascontiguousarray(vector, sum_type(x.dtype))
