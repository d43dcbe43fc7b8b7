"""The seam between what is computed and how: for every kind of array, its fastest implementation.

A kernel is a pure function of arrays with documented shapes. `reference` says each of them in plain
array code, which also runs on CuPy's arrays; the other implementations give the same numbers faster.
"""

import warnings
from functools import cache

import numpy as np

from . import reference

WORTH_COMPILING = 1 << 15  # elements; for fewer, Numba takes longer to load than a training gains by it


def of(array):
    """The kernels to use on `array` and the arrays that go with it: `dark.kernels.cpu` or `.reference`."""
    if type(array) is np.ndarray and array.size >= WORTH_COMPILING:
        return compiled()
    return reference


@cache
def compiled():
    """The kernels compiled by Numba, which is imported here and no earlier; without it, the reference."""
    try:
        from . import cpu
    except ImportError as error:
        warnings.warn(f"Numba can't be loaded ({error}); slower NumPy code takes its place", stacklevel=3)
        return reference
    return cpu
