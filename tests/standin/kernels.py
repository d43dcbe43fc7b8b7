"""cupy.RawModule and RawKernel: a kernel compiled for the CPU, its arguments held to what it takes.
"""  # beyond

import ctypes
import re

import numpy as np

from . import host_shim
from .arrays import changed, ndarray, on_current
from .host_shim import CompileException, NoCompiler
from .state import no_loading_in_capture

# Bytes before and after each array, which no kernel may touch. As floats of any size they are no numbers.
CANARY = np.full((1 << 14) + 512, 0xFF, np.uint8)
CANARY[::2] = 0xF0 | np.random.default_rng(0).integers(0, 15, len(CANARY) // 2)
LENGTH = 1 << 14

HEADERS = r"cuda_fp16\.h"  # what the stand-in has of those that NVRTC finds
C_NAMES = {
    "f4": "float", "f8": "double", "f2": "__half", "i4": "int", "i8": "long long", "u1": "unsigned char",
    "i1": "signed char", "u4": "unsigned int", "u8": "unsigned long long", "b1": "bool", "i2": "short",
    "u2": "unsigned short",
}  # fmt: skip
UNDEFINED = r"\b(INFINITY|NAN|(?:FLT|DBL|INT|UINT|INT64)_(?:MAX|MIN)|M_PI|__FLT_MAX__|__DBL_MAX__)\b"


def only_what_nvrtc_has(code):
    """Raise CompileException for words that this compiler takes and CUDA's run-time compiler does not."""
    code = host_shim.without_comments(code)
    for include in re.findall(r"#\s*include\s*[<\"]([^>\"]+)[>\"]", code):
        if not re.fullmatch(HEADERS, include):
            raise CompileException(f"#include <{include}>: NVRTC finds no headers of the host")
    for word in re.findall(r"\bu?int(?:8|16|32|64)_t\b", code):
        if not re.search(rf"(typedef[^;]*|using\s+){word}\b", code):
            raise CompileException(f"{word}: NVRTC doesn't know it; say int, long long, unsigned int ...")
    for word in re.findall(r"\bstd::(\w+)", code):
        raise CompileException(f"std::{word}: NVRTC has no standard library")
    for word in re.findall(UNDEFINED, code):
        if not re.search(rf"#\s*define\s+{word}\b", code):
            raise CompileException(f"{word}: NVRTC doesn't define it")


class RawModule:
    """cupy.RawModule: the kernels of one source."""

    __module__ = "cupy"

    def __init__(
        self, code=None, *, path=None, options=(), backend="nvrtc", translate_cucomplex=False,
        enable_cooperative_groups=False, name_expressions=None, jitify=False,
    ):  # fmt: skip
        if code is None or path is not None:
            raise TypeError("RawModule: the stand-in takes code, not a path")
        if not isinstance(options, tuple):
            raise TypeError("Argument 'options' has incorrect type (expected tuple)")
        if backend not in ("nvrtc", "nvcc"):
            raise ValueError(f"Unrecognized backend: {backend}")
        self.code, self.options, self.backend, self.file_path = code, options, backend, None
        self.name_expressions = name_expressions
        self._library = None

    def compile(self, log_stream=None):
        self._get()

    def get_function(self, name):
        """The kernel of that name."""
        return RawKernel(self.code, name, self.options, self.backend, _module=self)

    def _get(self):
        if self._library is None:
            only_what_nvrtc_has(self.code)
            plain = host_shim.without_comments(self.code)
            names = re.findall(r'extern\s+"C"\s+__global__\s+(?:__launch_bounds__\s*\([^)]*\)\s*)?void\s+'
                               r"(?:__launch_bounds__\s*\([^)]*\)\s*)?(\w+)\s*\(", plain)  # fmt: skip
            expressions = list(self.name_expressions or [])
            if not names and not expressions:
                raise CompileException('no kernel: its definition begins with extern "C" __global__ void')
            flags = "".join(f"#define {define.replace('=', ' ', 1)}\n"
                            for define in re.findall(r"-D\s*(\S+)", " ".join(self.options)))  # fmt: skip
            wait = "true" if host_shim.waits(plain) else "false"
            text = flags + '#line 1 "kernel"\n' + host_shim.translated(plain) + "\n"
            for index, name in enumerate([*names, *expressions]):
                text += (
                    f"static void entry_{index}(void **a) {{ cuda::call({name}, a); }}\n"
                    f'extern "C" int launch_{index}(void **a, const unsigned *g, const unsigned *b, size_t s)'
                    f" {{ return cuda::launch(entry_{index}, a, g, b, s, {wait}); }}\n"
                    f'extern "C" void types_{index}(char *text) {{ cuda::describe_all({name}, text); }}\n'
                )
            text += 'extern "C" const char *failure() { return cuda::failure; }\n'
            self._library = host_shim.library(text)
            self._library.failure.restype = ctypes.c_char_p
            self._names = {name: index for index, name in enumerate([*names, *expressions])}
        return self._library


class RawKernel:
    """cupy.RawKernel: called as kernel(grid, block, arguments, shared_mem=bytes)."""

    __module__ = "cupy"
    max_dynamic_shared_size_bytes = 49152
    max_threads_per_block = 1024

    def __init__(
        self, code, name, options=(), backend="nvrtc", *, translate_cucomplex=False,
        enable_cooperative_groups=False, jitify=False, _module=None,
    ):  # fmt: skip
        self.code, self.name, self.options, self.backend = code, name, options, backend
        self._module = RawModule(code, options=options, backend=backend) if _module is None else _module
        self._index = None

    def compile(self, log_stream=None):
        self._get()

    def _get(self):
        if self._index is None:
            no_loading_in_capture(self.name)
            library = self._module._get()
            if self.name not in self._module._names:
                from .state import CUDADriverError

                raise CUDADriverError(f"CUDA_ERROR_NOT_FOUND: named symbol not found ({self.name})")
            index = self._module._names[self.name]
            text = ctypes.create_string_buffer(4096)
            getattr(library, f"types_{index}")(text)
            self._types = text.value.decode().split()
            self._launch = getattr(library, f"launch_{index}")
            self._index = index
        return self._launch

    def __call__(self, grid, block, args, *, shared_mem=0, stream=None):
        self._get()
        if not (isinstance(grid, tuple) and isinstance(block, tuple)):
            raise TypeError("grid and block are tuples")
        grid = tuple(max(1, int(n)) for n in (*grid, 1, 1)[:3])
        block = tuple(max(1, int(n)) for n in (*block, 1, 1)[:3])
        if np.prod(block) > 1024 or block[2] > 64 or grid[0] >= 2**31 or max(grid[1:]) > 65535:
            raise launch_error(f"{self.name}: grid {grid} of blocks {block} is more than a card takes")
        if shared_mem > self.max_dynamic_shared_size_bytes:
            raise launch_error(f"{self.name}: {shared_mem} bytes of shared memory in a block of 48 KB")
        if len(args) != len(self._types):
            raise TypeError(f"{self.name} takes {len(self._types)} arguments, not {len(args)}")
        given = [self._argument(number, kind, x) for number, (kind, x) in enumerate(zip(self._types, args))]
        changed(lambda: self._run(grid, block, given, shared_mem))

    def _argument(self, number, kind, x):
        """An argument as the kernel takes it: an array for a pointer, else a value of the exact size."""
        where = f"argument {number} of {self.name}"
        if kind.startswith("*"):
            kind = kind.lstrip("*c")
            if type(x) is not ndarray:
                if type(x) in (int, np.intp, np.uintp):  # an address
                    return np.uint64(x)
                raise TypeError(f"{where} is a pointer; a cupy.ndarray is expected, not {type(x).__name__}")
            on_current(x)
            if kind[0] in "bfiu" and not same_kind(kind, x.dtype):
                raise TypeError(f"{where} points to {C_NAMES.get(kind, kind)}, the array is of {x.dtype}")
            if kind[0] == "s" and x.data.offset % min(int(kind[1:]), 16):
                raise ValueError(f"{where}: cudaErrorMisalignedAddress: several numbers are read as one")
            if not is_dense(x._array):
                raise ValueError(
                    f"{where}: a pointer knows no strides, and the array of shape {x.shape} with strides "
                    f"{x.strides} has gaps or repeats; copy it first"
                )
            return x
        if isinstance(x, (ndarray, np.ndarray)):
            raise TypeError(f"{where} is a {C_NAMES.get(kind, kind)}, not an array")
        if isinstance(x, bool):
            raise TypeError(f"{where}: CuPy's versions pass bools as different types; say numpy.int32")
        if not isinstance(x, np.generic):
            if isinstance(x, int):
                x = np.int64(x)
            elif isinstance(x, float):
                x = np.float64(x)
            else:
                raise TypeError(f"Unsupported type {type(x)}")
        if kind[0] in "bfiu" and not same_kind(kind, x.dtype, signs=False):
            raise TypeError(
                f"{where} is a {C_NAMES.get(kind, kind)}, not a {x.dtype} of {x.dtype.itemsize} bytes (a "
                "Python int is passed as int64, a float as float64); say numpy.int32(n), numpy.float32(x)"
            )
        return x

    def _run(self, grid, block, given, shared_mem):
        with host_shim.one_at_a_time, Guarded([x for x in given if type(x) is ndarray], self.name) as guarded:
            values = [np.uint64(guarded.address(x)) if type(x) is ndarray else x for x in given]
            cells = [np.array(value) for value in values]
            pointers = (ctypes.c_void_p * max(1, len(cells)))(*[cell.ctypes.data for cell in cells])
            sizes = ctypes.c_uint * 3
            if self._launch(pointers, sizes(*grid), sizes(*block), ctypes.c_size_t(shared_mem)):
                raise KernelError(f"{self.name}: {self._module._library.failure().decode()}")


class KernelError(RuntimeError):
    """A kernel did what a card does not forgive: it stored out of range, or its threads wait in vain."""


def launch_error(text):
    from .state import CUDADriverError

    return CUDADriverError(f"CUDA_ERROR_INVALID_VALUE: invalid argument ({text})")


def same_kind(kind, dtype, signs=True):
    """Whether a C type is a dtype; bytes may hold booleans."""
    if int(kind[1:]) != dtype.itemsize:
        return False
    if kind[0] == dtype.kind or (kind[1:] == "1" and "b" in (kind[0], dtype.kind)):
        return True
    return not signs and kind[0] in "iu" and dtype.kind in "iu"


def is_dense(array):
    """Whether the elements fill their memory without gap or repeat, in whatever order of the axes."""
    expected = array.itemsize
    if array.size:
        for stride, length in sorted(zip(array.strides, array.shape)):
            if length > 1:
                if stride != expected:
                    return False
                expected *= length
    return True


class Guarded:
    """Copies of arrays between canaries. On leaving they are written back; a canary that died is an error.

    Arrays that overlap share their copy.
    """

    def __init__(self, arrays, name):
        self.name = name
        self.regions = []  # (first address, end, the copy with its canaries)
        for first, end in sorted(np.lib.array_utils.byte_bounds(x._array) for x in arrays if x.size):
            if self.regions and first < self.regions[-1][1]:
                self.regions[-1][1] = max(self.regions[-1][1], end)
            else:
                self.regions.append([first, end, None])

    def __enter__(self):
        for number, region in enumerate(self.regions):
            first, end, _ = region
            copy = np.empty(end - first + 2 * LENGTH + 512, np.uint8)
            skip = -copy.ctypes.data % 256 + first % 256  # the alignment stays as it was
            copy = region[2] = copy[skip : skip + end - first + 2 * LENGTH]
            copy[:LENGTH] = copy[-LENGTH:] = self.mark(number)
            ctypes.memmove(copy.ctypes.data + LENGTH, first, end - first)
        return self

    @staticmethod
    def mark(number):
        """The canaries of one region, which differ from those of the others."""
        return CANARY[2 * (number % 256) :][:LENGTH]

    def address(self, x):
        """Where an array stands now."""
        first = x._array.ctypes.data
        if not x.size:
            return 0
        for start, end, copy in self.regions:
            if start <= first < end:
                return copy.ctypes.data + LENGTH + first - start
        raise AssertionError("an array that is not guarded")

    def __exit__(self, kind, error, trace):
        if kind is not None:
            return
        for first, end, copy in self.regions:
            ctypes.memmove(first, copy.ctypes.data + LENGTH, end - first)
        for number, (first, end, copy) in enumerate(self.regions):
            for side, part in (("before", copy[:LENGTH]), ("after", copy[-LENGTH:])):
                hurt = np.flatnonzero(part != self.mark(number))
                if len(hurt):
                    at = LENGTH - hurt[-1] if side == "before" else hurt[0]
                    raise KernelError(
                        f"{self.name}: a store out of range, "
                        f"{at} bytes {side} an array of {end - first} bytes"
                    )


__all__ = ["CompileException", "KernelError", "NoCompiler", "RawKernel", "RawModule"]
