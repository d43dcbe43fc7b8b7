"""Which arrays the compiled loops take, and how they see them."""

from functools import wraps

import numpy as np

from .. import reference


def elementwise(kernel):
    """Hand `kernel` its arrays as one long row each; where that can't be done, the reference serves."""

    @wraps(kernel)
    def call(*arrays, **options):
        rows = as_rows(arrays)
        if rows is None:
            return getattr(reference, kernel.__name__)(*arrays, **options)
        return kernel(*rows, **options)

    return call


def as_rows(arrays):
    """One-dimensional views in the order of memory, if all arrays are alike and without gaps; else None."""
    first = arrays[0]
    if first.dtype.char not in "fd" or not first.flags.writeable:
        return None
    rows = []
    for array in arrays:
        if array is None:
            rows.append(None)
        elif array.dtype == first.dtype and array.shape == first.shape and array.strides == first.strides:
            row = array.ravel(order="K")
            if not np.may_share_memory(row, array):
                return None
            rows.append(row)
        else:
            return None
    return rows
