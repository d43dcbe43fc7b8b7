"""From random bits to random numbers: each function makes an array of n numbers that follow one distribution.

All of them draw words from the generator in the order in which PyTorch's loops would, so that the numbers,
and the place in the stream where the next call goes on, are the same.
"""

import math

import numpy as np


def uniform(generator, n, dtype, low=0.0, high=1.0):
    """n numbers that lie anywhere in [low, high), all places equally likely.

    A float32 has 24 significant bits. So the lower 24 bits of a word, times 2^-24, are a number k / 2^24
    in [0, 1): every k is as likely as any other, and none is rounded, in particular none up to 1.
    A float64 has 53 significant bits, which come from a word of 64.
    """
    if dtype == np.float64:
        x = (generator.long_words(n) & (2**53 - 1)).astype(np.float64) * 2.0**-53
    else:
        x = (generator.words(n) & (2**24 - 1)).astype(np.float32) * np.float32(2**-24)
    if (low, high) != (0, 1):
        low, high = x.dtype.type(low), x.dtype.type(high)
        x = multiply_add(x, high - low, low)
    x = x.astype(dtype, copy=False)
    x[x == x.dtype.type(high)] = low  # rounding to this type may have gone up
    return x


def normal(generator, n, dtype, mean=0.0, std=1.0):
    """n normally distributed numbers, for 16 or more that lie in memory one after the other: blocks of 16.

    In a block the first 8 uniform numbers give the radii, the others the angles, so that a processor
    works on 8 at once. Where 16 does not divide n, the last 16 of all are one more block.
    """
    whole = n - n % 16
    drawn = whole if dtype == np.float16 else n  # PyTorch draws for the ragged end too, and forgets it
    working = np.float64 if dtype == np.float64 else np.float32
    u = uniform(generator, drawn, working)[:whole].reshape(-1, 2, 8)
    x = np.stack(box_muller(u[:, 0], u[:, 1]), axis=1).reshape(-1)
    if whole < n:
        u = uniform(generator, 16, working).reshape(2, 8)
        x = np.concatenate([x[: n - 16], *box_muller(*u)])
    return multiply_add(x, std, mean).astype(dtype, copy=False)


def normal_by_pairs(generator, n, dtype, mean=0.0, std=1.0):
    """n normally distributed numbers, two from two uniform ones; an odd one waits for the next call."""
    waiting = [] if generator.spare_normal is None or n == 0 else [generator.spare_normal]
    pairs = (n - len(waiting) + 1) // 2
    u = uniform(generator, 2 * pairs, np.float64).reshape(-1, 2)
    x = np.concatenate([waiting, np.stack(box_muller(u[:, 1], u[:, 0]), axis=1).reshape(-1)])
    if n:
        generator.spare_normal = float(x[n]) if len(x) > n else None
    return multiply_add(x[:n], std, mean).astype(dtype, copy=False)


def dropout(generator, n, dtype, kept):  # dark-5
    """n numbers to multiply by: 1 / kept with probability `kept`, else 0."""
    x = (uniform(generator, n, np.float64) < kept).astype(dtype)
    x /= dtype.type(kept)
    return x


def box_muller(u1, u2):
    """Two independent standard normal numbers from two uniform ones.

    A point of the plane whose two coordinates are standard normal lies in every direction alike, and
    half the square of its distance from the origin is exponentially distributed, independent of that.
    So draw the distance and the direction, and return the coordinates.
    (Box & Muller, A note on the generation of random normal deviates, 1958.)
    """
    radius = np.sqrt(2 * exponential(u1))
    angle = u2.dtype.type(2 * math.pi) * u2
    return radius * np.cos(angle), radius * np.sin(angle)


def exponential(u, rate=1.0):
    """Exponentially distributed numbers of mean 1 / rate, from uniform ones.

    Of them the part exp(-rate * x) is larger than x. Ask for which x this part is 1 - u. (Written with
    log1p since 1 - u is in (0, 1], where the logarithm is finite; u itself may be 0.)
    """
    return (-1 / rate) * np.log1p(-u)


def integers(words, low, count):
    """Integers low ... low + count - 1 from words: the remainder after division by count.

    Unless count is a power of two, the smaller remainders come up more often than the others: for words
    of 32 bits and a count below 2^28, 17 times instead of 16 at worst.
    """
    if count == 2**64:
        return words.astype(np.int64)
    return (words % words.dtype.type(count)).astype(np.int64) + low


def permutation(generator, n):
    """0 ... n-1 in an order of which all n! are equally likely.

    Position i gets one of those that are left, itself included: the two change places.
    (Fisher & Yates, Statistical tables, 1938; as an exchange of two: Durstenfeld, Algorithm 235, 1964.)
    """
    left = np.arange(n, 1, -1)
    partners = (generator.words(len(left)) % left + np.arange(len(left))).tolist()
    order = list(range(n))
    for i, j in enumerate(partners):
        order[i], order[j] = order[j], order[i]
    return np.array(order, dtype=np.int64)


def multiply_add(x, factor, term):
    """x * factor + term with one rounding, as processors do it in a single instruction, and so PyTorch.

    For float32 the product is exact in float64. For float64, Dekker's product and Knuth's sum return
    their rounding errors, which are added at the end. (Dekker, A floating-point technique for extending
    the available precision, 1971.)
    """
    if (factor, term) == (1, 0):
        return x
    if x.dtype == np.float32:
        return (x * np.float64(np.float32(factor)) + np.float64(np.float32(term))).astype(np.float32)
    if not math.isfinite(factor * 2.0**28) or not math.isfinite(term):
        return x * factor + term

    (x_head, x_tail), (head, tail) = halves(x), halves(factor)
    product = x * factor
    product_error = x_tail * tail - (((product - x_head * head) - x_tail * head) - x_head * tail)
    total = product + term
    part = total - product
    return total + ((product - (total - part)) + (term - part) + product_error)


def halves(x):
    """A float64 as the sum of two of 26 significant bits each; products of such are exact."""
    head = x * (2.0**27 + 1)
    head = head - (head - x)
    return head, x - head
