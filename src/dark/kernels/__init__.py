"""The seam between what is computed and how: for every kind of array, its fastest implementation.

A kernel is a pure function of arrays with documented shapes. `reference` says each of them in plain
array code, which also runs on CuPy's arrays; the other implementations give the same numbers faster.
"""  # dark-2

import warnings  # dark-5
from functools import cache  # dark-5

import numpy as np  # dark-5

from ..devices import is_cupy  # dark-5
from . import reference


def of(*arrays, result=0):
    """The kernels to use on arrays that are computed with together: the first implementation for them.

    `result` says how many elements are computed, where that may be more than are given.
    """
    for choose in FASTER:
        if kernels := choose(arrays, result):
            return kernels
    return reference


def compiled_for(arrays, result):  # dark-5
    """The kernels compiled by Numba, for NumPy arrays that are worth it."""
    if all(type(x) is np.ndarray for x in arrays) and sum(x.size for x in arrays) + result >= WORTH_COMPILING:
        return compiled()


# Elements; for fewer, Numba takes longer to load than a training gains by it.
WORTH_COMPILING = 1 << 15  # dark-5


@cache
def compiled():  # dark-5
    """What Numba compiled; it is imported here and no earlier. Without it, there is the reference."""
    try:
        from . import cpu
    except ImportError as error:
        warnings.warn(f"Numba can't be loaded ({error}); slower NumPy code takes its place", stacklevel=4)
        return reference
    return cpu


def cuda_for(arrays, result):  # dark-5
    """The kernels for CuPy arrays, imported with the first of them."""
    if type(arrays[0]) is not np.ndarray and all(map(is_cupy, arrays)):
        from . import gpu

        return gpu


FASTER: list = [
    compiled_for,  # dark-5
    cuda_for,  # dark-5
]
