"""The positive part of numbers in one pass over the memory, which every thread has a share of.

NumPy's gradient first writes where the result is positive, and then reads that again.
"""

import numpy as np
from numba import prange

from .. import reference
from .compiler import shared
from .layout import as_rows
from .threads import workers


def relu(x):
    """`reference.relu`, its result in x's order of memory."""
    y = one_pass(positive, (x,))
    return reference.relu(x) if y is None else y


def relu_input(g, y):
    """`reference.relu_input`, its result in y's order of memory; g may have another."""
    to_x = one_pass(where_positive, (y, g))
    return reference.relu_input(g, y) if to_x is None else to_x


def leaky_relu(x, negative_slope):
    """`reference.leaky_relu`, its result in x's order of memory."""
    y = one_pass(leaking, (x,), negative_slope)
    return reference.leaky_relu(x, negative_slope) if y is None else y


def leaky_relu_input(g, seen, negative_slope):
    """`reference.leaky_relu_input`, its result in the order of memory of `seen`; g may have another."""
    to_x = one_pass(leaking_back, (seen, g), negative_slope)
    return reference.leaky_relu_input(g, seen, negative_slope) if to_x is None else to_x


def one_pass(loop, arrays, *numbers):
    """What `loop` makes of them, in the first array's order of memory; None where that can't be done."""
    result = np.empty_like(arrays[0])
    rows = as_rows((result, *arrays))
    if rows is None:
        return None
    workers()
    loop(*rows, *map(float, numbers))
    return result


@shared
def positive(y, x):
    """y = x where it is above 0 or NaN, else 0."""
    zero = x.dtype.type(0)
    for i in prange(x.size):
        y[i] = zero if x[i] <= zero else x[i]


@shared
def where_positive(to_x, y, g):
    """to_x = g where y is not 0, else 0."""
    zero = y.dtype.type(0)
    for i in prange(y.size):
        to_x[i] = zero if y[i] == zero else g[i]


@shared
def leaking(y, x, negative_slope):
    """y = x where it is above 0, else negative_slope * x."""
    zero, slope = x.dtype.type(0), x.dtype.type(negative_slope)
    for i in prange(x.size):
        y[i] = x[i] if x[i] > zero else x[i] * slope


@shared
def leaking_back(to_x, seen, g, negative_slope):
    """to_x = g where what was seen is above 0, else negative_slope * g."""
    zero, slope = seen.dtype.type(0), seen.dtype.type(negative_slope)
    for i in prange(seen.size):
        to_x[i] = g[i] if seen[i] > zero else g[i] * slope
