"""A strict stand-in for CuPy, with which Dark's GPU code is tested where there is no card.

`install()` puts modules of CuPy's names into sys.modules; `import cupy` finds them from then on.
"""

import sys

from .kernels import CompileException, KernelError, NoCompiler
from .state import State, default_pool


def install(devices=1):
    """Let `import cupy` find the stand-in, with a number of cards. Returns the module."""
    State.devices = devices
    present = sys.modules.get("cupy")
    if present is not None:
        if not getattr(present, "is_standin", False):
            raise RuntimeError("CuPy itself has been imported already")
        return present
    from . import core, cuda, formulas, functions, kernels

    cupy = functions.module()
    cupy.is_standin = True
    cupy.cuda = cuda.module()
    cupy.get_default_memory_pool = lambda: default_pool
    pinned = cuda.PinnedMemoryPool()
    cupy.get_default_pinned_memory_pool = lambda: pinned
    cupy.RawModule, cupy.RawKernel = kernels.RawModule, kernels.RawKernel
    cupy.ElementwiseKernel, cupy.ReductionKernel = formulas.ElementwiseKernel, formulas.ReductionKernel
    cupyx = functions.Module("cupyx")
    for part in (
        functions.scatter_add, functions.scatter_max, functions.scatter_min, functions.rsqrt, cuda.empty_pinned,
        cuda.zeros_pinned, cuda.empty_like_pinned, cuda.zeros_like_pinned,
    ):  # fmt: skip
        setattr(cupyx, part.__name__, part)
    for name, module in ({
        "cupy": cupy, "cupyx": cupyx, "cupy.cuda": cupy.cuda, "cupy.cuda.runtime": cupy.cuda.runtime,
        "cupy.cuda.memory": cupy.cuda.memory, "cupy.cuda.stream": cupy.cuda.stream, "cupy.linalg": cupy.linalg,
        "cupy.lib": cupy.lib, "cupy.lib.stride_tricks": cupy.lib.stride_tricks,
    } | core.modules()).items():  # fmt: skip
        module.__path__ = []
        sys.modules[name] = module
    return cupy
