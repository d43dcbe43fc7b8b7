"""A strict stand-in for CuPy, with which Dark's GPU code is tested where there is no card.

`install()` puts modules of CuPy's names into sys.modules; `import cupy` finds them from then on. They hold
to what CuPy 13 and 14 have in common; `python tools/cupy_api.py` says how their tables are made.

What can't be shown without a card: speed, races between warps, work that overlaps, misaligned addresses, the
order of atomic operations, and the last digits of sums, products and of exp, sin and their kin. What a store
far out of range destroys is not checked, and memory that a graph frees while it is recorded stays its own.
"""  # beyond

import sys
from functools import cache

from .kernels import CompileException, KernelError, NoCompiler
from .state import State, default_pool


def install(devices=1):
    """Let `import cupy` find the stand-in, with a number of cards. Returns the module."""
    State.devices = devices
    present = sys.modules.get("cupy")
    if present is None:
        sys.modules.update(modules())
    elif not is_standin(present):
        raise RuntimeError("CuPy itself has been imported already")
    return sys.modules["cupy"]


def uninstall():
    """Let `import cupy` find what it would find without the stand-in."""
    for name in modules():
        sys.modules.pop(name, None)


def is_standin(module):
    """Whether a module is the stand-in, not CuPy."""
    return getattr(module, "is_standin", False)


@cache
def modules():
    """{name: module} of all that CuPy has here."""
    from . import core, cuda, formulas, functions, kernels, special
    from . import operators as _  # gives arrays their operators

    cupy, cupyx, pinned = functions.module(), functions.Module("cupyx"), cuda.PinnedMemoryPool()
    cupy.is_standin = True
    cupy.cuda = cuda.module()
    cupy.get_default_memory_pool = lambda: default_pool
    cupy.get_default_pinned_memory_pool = lambda: pinned
    cupy.RawModule, cupy.RawKernel = kernels.RawModule, kernels.RawKernel
    cupy.ElementwiseKernel = formulas.ElementwiseKernel
    cupy.ReductionKernel = formulas.ReductionKernel
    for part in (
        functions.scatter_add, functions.scatter_max, functions.scatter_min, functions.rsqrt,
        cuda.empty_pinned, cuda.zeros_pinned, cuda.empty_like_pinned, cuda.zeros_like_pinned,
    ):  # fmt: skip
        setattr(cupyx, part.__name__, part)
    cupyx.scipy = functions.Module("cupyx.scipy")
    cupyx.scipy.special = special.module(functions.Module)
    found = [
        cupy, cupyx, cupyx.scipy, cupyx.scipy.special, cupy.cuda, cupy.cuda.runtime, cupy.cuda.memory,
        cupy.cuda.stream, cupy.linalg, cupy.lib, cupy.lib.stride_tricks,
    ]  # fmt: skip
    for module in found:
        module.__path__ = []
    return {module.__name__: module for module in found} | core.modules()
