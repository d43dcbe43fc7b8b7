"""Which arrays the compiled loops take, and how they see them.

Pictures are (N, C, H, W) for everyone, but kernels keep them channels-last in memory: (N, H, W, C). Then all
channels of a pixel lie side by side, a loop over them becomes vector code in every kernel, and what a
window sees of a row of a picture is one piece of memory.
"""

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
    if first.dtype.char not in "fd":
        return None
    order = steps(first)
    rows = []
    for array in arrays:
        if array is None:
            rows.append(None)
            continue
        if array.dtype != first.dtype or array.shape != first.shape or steps(array) != order:
            return None
        row = array.ravel(order="K")
        # Numba would compile a kernel again for what is read-only.
        if not (row.flags.writeable and np.may_share_memory(row, array)):
            return None
        rows.append(row)
    return rows


def steps(array):
    """Its strides; those of dimensions of length 1, which nobody ever steps along, may be any and are 0."""
    return [stride if length > 1 else 0 for length, stride in zip(array.shape, array.strides)]


def channels_last(x):
    """x (N, C, H, W) as a contiguous array (N, H, W, C): a view if it lies so in memory, else a copy."""
    return writeable(np.ascontiguousarray(x.transpose(0, 2, 3, 1)))


def writeable(x):
    """x, or a copy if it is read-only: Numba would compile every kernel again for those."""
    return x if x.flags.writeable else x.copy()


def channels_first(x):
    """x (N, H, W, C) as everyone else sees it: the view (N, C, H, W)."""
    return x.transpose(0, 3, 1, 2)


def compilable(*arrays):
    """Whether all arrays (None for one that is left out) are float32, or all float64."""
    types = {array.dtype.char for array in arrays if array is not None}
    return types in ({"f"}, {"d"})


def new_filters(kernels, channels, size, dtype):
    """Memory for weights (K, C, kh, kw), in which the kernel's taps come first, then C, then K."""
    return np.empty_like(np.empty((*size, channels, kernels), dtype).transpose(3, 2, 0, 1))


def taps_first(weight):
    """Weights (K, C, kh, kw) as they lie in memory: the view (kh, kw, C, K)."""
    return weight.transpose(2, 3, 1, 0)
