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
    y = np.empty_like(x)
    rows = as_rows((y, x))
    if rows is None:
        return reference.relu(x)
    workers()
    positive(*rows)
    return y


def relu_input(g, y):
    """`reference.relu_input`, its result in y's order of memory; g may have another."""
    to_x = np.empty_like(y)
    rows = as_rows((to_x, y, g))
    if rows is None:
        return reference.relu_input(g, y)
    workers()
    where_positive(*rows)
    return to_x


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
