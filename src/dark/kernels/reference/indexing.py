"""Positions in arrays, of which several may be the same: do they exist, and what is added or put there."""

import numpy as np


def within(positions, low, high):
    """Whether all positions are in low ... high-1."""
    return not positions.size or bool(low <= positions.min() and positions.max() < high)


def add_rows(rows, values, count):
    """(count, width): zeros, with values (N, width) added row by row where `rows` (N,) says.

    The positions of rows become positions of single elements, for which NumPy has a fast loop.
    """
    width = values.shape[1]
    elements = rows.astype(np.int64, copy=False).reshape(-1, 1) * width + np.arange(width)
    total = np.zeros(count * width, values.dtype)
    np.add.at(total, elements.ravel(), values.ravel())
    return total.reshape(count, width)


def put(array, index, values):
    """array[index] = values; of several for one element the last stays."""
    array[index] = values
