"""Products of matrices by cuBLAS, NVIDIA's library, in float32 or in the faster TF32."""  # dark-5

from contextlib import contextmanager

import cupy
import numpy as np
from cupy._core import get_compute_type, set_compute_type
from cupy._core._routines_linalg import COMPUTE_TYPE_FP32, COMPUTE_TYPE_TF32

from ... import backends
from .recorded import is_recording, multiplied


def matmul(a, b):
    """`reference.matmul`; of float32 matrices in TF32 where `backends.cuda.matmul.allow_tf32` says so."""
    return product(a, b, backends.cuda.matmul.allow_tf32)


def product(a, b, tf32, out=None):
    """a (rows, inner) @ b (inner, columns), written to `out`, a contiguous array, if there is one.

    Matrices that lie in memory by rows or by columns are taken as they are, others are copied first.
    """
    if a.dtype.kind == "f" and is_recording():
        return multiplied(a, b, out)
    if a.dtype != np.float32:
        return cupy.dot(a, b, out=out)
    with float32_products(tf32 and capability() >= 80):
        return cupy.dot(a, b, out=out)


@contextmanager
def float32_products(tf32):
    """Have CuPy compute products of float32 matrices in TF32, or not, and then again as it did before.

    CuPy has one setting for the whole program, which the variable CUPY_TF32 of the environment sets. It is
    read when a product is handed to the card, so nothing else is computed with what is chosen here, unless
    another thread multiplies in the same microseconds.
    """
    before = get_compute_type(np.float32)
    wanted = COMPUTE_TYPE_TF32 if tf32 else COMPUTE_TYPE_FP32
    set_compute_type(np.float32, wanted)
    try:
        yield
    finally:
        set_compute_type(np.float32, before)


def capability():
    """NVIDIA's number for what the current card can do: 80 for compute capability 8.0."""
    return int(cupy.cuda.Device().compute_capability)
