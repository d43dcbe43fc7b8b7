"""The part of `cupy._core` that Dark calls: how exactly CuPy multiplies matrices, one setting for all.
"""  # beyond

import numpy as np

from . import cuda
from .functions import Module

COMPUTE_TYPE_TBD, COMPUTE_TYPE_DEFAULT, COMPUTE_TYPE_FP32, COMPUTE_TYPE_TF32 = 0, 1, 4, 7
compute_types = {}


def get_compute_type(dtype):
    """How products of numbers of a type are computed."""
    return compute_types.setdefault(np.dtype(dtype).char, COMPUTE_TYPE_DEFAULT)


def set_compute_type(dtype, compute_type):
    """Compute them in another way; TF32 needs a card that has it."""
    if compute_type == COMPUTE_TYPE_TF32 and int(cuda.Device().compute_capability) < 80:
        raise UserWarning("COMPUTE_TYPE_TF32 is only available from compute capability 8.0 on")
    compute_types[np.dtype(dtype).char] = compute_type


def modules():
    """{name: module}."""
    linalg = Module("cupy._core._routines_linalg")
    linalg.COMPUTE_TYPE_FP32, linalg.COMPUTE_TYPE_TF32 = COMPUTE_TYPE_FP32, COMPUTE_TYPE_TF32
    core = Module("cupy._core")
    core.get_compute_type, core.set_compute_type = get_compute_type, set_compute_type
    core._routines_linalg = linalg
    return {core.__name__: core, linalg.__name__: linalg}
