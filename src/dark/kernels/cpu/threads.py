"""How many threads compiled kernels run on, and who else may start some."""

import os
from functools import cache
from pathlib import Path

import numba
import scipy.linalg  # noqa: F401 - loads the BLAS library whose products compiled kernels call
from threadpoolctl import ThreadpoolController

from .. import FASTER
from ..threads import threads

if hasattr(os, "register_at_fork"):  # a fork has none of the threads, and OpenMP ends it when it wants them
    os.register_at_fork(after_in_child=FASTER.clear)


def workers():
    """Into how many shares a kernel divides its work; it runs on as many threads."""
    count = min(threads.count, numba.config.NUMBA_NUM_THREADS)
    if numba.get_num_threads() != count:
        numba.set_num_threads(count)
    return count


@cache
def one_thread_for_blas():
    """Have the matrix products inside of kernels computed by the thread that asks for them.

    A kernel has a thread for every core already; if each of them woke more, all would wait for one another.
    The products are those of SciPy's BLAS library. What NumPy does with its own one stays as it is, unless
    both packages were built to share one.
    """
    libraries = ThreadpoolController().select(user_api="blas").lib_controllers
    of_scipy = [x for x in libraries if {"scipy", "scipy.libs"} & set(Path(x.filepath).parts)]
    for library in of_scipy or libraries:
        library.set_num_threads(1)
