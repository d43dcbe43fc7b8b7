"""Batch normalization: the statistics of every channel, what is done with them, and its gradient.

x and g are pictures (N, C, H, W); what belongs to the channels is (C,). Sums and statistics are computed in
float64 whatever the type of x, for a float32 sum of a million numbers is right to a few digits only; so is
what is computed with them, before it is rounded to x's type.
"""  # dark-5

import numpy as np

from ...dtypes import as_dtype, cast, float64


def channel_sums(g):
    """The sum of every channel."""
    return cast(total(g), as_dtype(g.dtype))


def channel_moments(x):
    """The mean and the variance of every channel, in float64. The variance is Σ(x - mean)² / n."""
    n = count(x)
    mean = total(x) / n
    return mean, total((x - per_channel(mean)) ** 2) / n


def normalize_channels(x, mean, var, weight, bias, eps):
    """(x - mean) / √(var + eps) * weight + bias; weight and bias may be None."""
    y = normal(x, mean, var, eps)
    if weight is not None:
        y = y * per_channel(weight)
    if bias is not None:
        y = y + per_channel(bias)
    return cast(y, as_dtype(x.dtype))


def batch_norm_backward(g, x, mean, var, weight, eps, training):
    """The gradients of x, weight and bias, from the gradient g of what `normalize_channels` returned.

    In `training`, mean and variance are those of x itself. Then one element of x moves the mean and the
    variance of its whole channel, and with them all results: what g says of these is taken out of it.
    Otherwise they are constants.
    """
    x_normal = normal(x, mean, var, eps)
    to_bias, to_weight = total(g), total(g * x_normal)
    n = count(x)
    if training:
        g = g - per_channel(to_bias / n) - x_normal * per_channel(to_weight / n)
    g = g / np.sqrt(per_channel(var) + eps)
    if weight is not None:
        g = g * per_channel(weight)
    return tuple(cast(gradient, as_dtype(x.dtype)) for gradient in (g, to_weight, to_bias))


def move_towards(running, new, momentum):
    """Change the running statistics (C,) in place: they go some of the way, `momentum`, to new ones."""
    running[...] = running * (1 - momentum) + new * momentum


def normal(x, mean, var, eps):
    """x with mean 0 and variance 1, if the channels have this mean and variance."""
    return (x - per_channel(mean)) / np.sqrt(per_channel(var) + eps)


def total(x):
    """The sum of every channel in float64."""
    return x.sum(axis=(0, 2, 3), dtype=np.float64)


def count(x):
    """How many elements a channel has."""
    n, _, height, width = x.shape
    return n * height * width


def per_channel(values):
    """(C,) as (C, 1, 1), which meets (N, C, H, W), in float64."""
    return cast(values, float64).reshape((-1, 1, 1))
