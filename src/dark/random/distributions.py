"""From random bits to random numbers: each function makes an array of n numbers that follow one distribution.

All of them draw words from the generator in the order in which PyTorch's loops would, so that the numbers,
and the place in the stream where the next call goes on, are the same.
"""

import math

import numpy as np


def uniform(generator, n, dtype, low=0.0, high=1.0):
    """n numbers that lie anywhere in [low, high), all places equally likely.

    A float32 has 24 significant bits. So the lower 24 bits of a word, times 2^-24, are a number k / 2^24 in
    [0, 1): every k is as likely as any other, and none is rounded, neither up to 1 nor towards an even one.
    A float64 has 53, from a word of 64 bits.
    """
    if dtype == np.float64:
        x = (generator.long_words(n) & (2**53 - 1)).astype(np.float64) * 2.0**-53
    else:
        x = (generator.words(n) & (2**24 - 1)).astype(np.float32) * np.float32(2**-24)
    if (low, high) != (0, 1):
        low, high = x.dtype.type(low), x.dtype.type(high)
        x = multiply_add(x, high - low, low)
        x[x == high] = low  # rounding may have gone up
    return x.astype(dtype, copy=False)


def normal(generator, n, dtype, mean=0.0, std=1.0):
    """n normally distributed numbers, 16 or more that lie in memory without gaps: made in blocks of 16.

    The first 8 uniform numbers of a block give 8 radii, the others the 8 angles, so that a processor works
    on 8 at once. If 16 does not divide n, the last 16 of all are drawn anew.
    """
    whole = n - n % 16
    u = uniform(generator, n, dtype)[:whole].reshape(-1, 2, 8)
    x = np.stack(box_muller(u[:, 0], u[:, 1]), axis=1).reshape(-1)
    if whole < n:
        u = uniform(generator, 16, dtype).reshape(2, 8)
        x = np.concatenate([x[: n - 16], *box_muller(*u)])
    return multiply_add(x, x.dtype.type(std), x.dtype.type(mean))


def normal_by_pairs(generator, n, dtype, mean=0.0, std=1.0):
    """n normally distributed numbers, in float64, two from two uniform ones; the odd one waits for the next call."""
    waiting = [] if generator.spare_normal is None or n == 0 else [generator.spare_normal]
    pairs = (n - len(waiting) + 1) // 2
    u = uniform(generator, 2 * pairs, np.float64).reshape(-1, 2)
    cosine, sine = box_muller(u[:, 1], u[:, 0])
    x = np.concatenate([waiting, np.stack([cosine, sine], axis=1).reshape(-1)])
    if n:
        generator.spare_normal = float(x[n]) if len(x) > n else None
    return multiply_add(x[:n], std, mean).astype(dtype)


def box_muller(u1, u2):
    """Two independent standard normal numbers from two uniform ones.

    A point of the plane with normal coordinates lies in every direction alike, and the square of its distance
    from the origin is exponentially distributed. So draw the radius and the angle, and return the coordinates.
    1 - u is in (0, 1], where the logarithm is finite. (Box & Muller, A note on the generation of random normal
    deviates, 1958.)
    """
    radius = np.sqrt(-2 * np.log1p(-u1))
    angle = u1.dtype.type(2 * math.pi) * u2
    return radius * np.cos(angle), radius * np.sin(angle)


def multiply_add(x, factor, term):
    """x * factor + term, rounded once, as processors do it in one instruction."""
    if x.dtype == np.float64:
        return x * factor + term
    return (x.astype(np.float64) * np.float64(factor) + np.float64(term)).astype(x.dtype)


def permutation(generator, n):
    """0 ... n-1 in an order of which all n! are equally likely.

    Position i gets one of those that are left, itself included, and the two change places. (Fisher & Yates,
    Statistical tables, 1938; in this form Durstenfeld, Algorithm 235, 1964.)
    """
    left = np.arange(n, 1, -1)
    partners = (generator.words(len(left)) % left + np.arange(len(left))).tolist()
    order = list(range(n))
    for i, j in enumerate(partners):
        order[i], order[j] = order[j], order[i]
    return np.array(order, dtype=np.int64)
