"""Kernels written in CUDA C++: compiled for a type of numbers when first run, and handed to the card.

A card runs one function, the kernel, in very many threads at once. Each thread finds out from `blockIdx` and
`threadIdx` which of them it is, and so which number it is to compute. Threads come in blocks; those of a
block start together, run on one processor of the card, and can share a little memory. Of neighbouring
threads 32 do the same step at the same time: where these read neighbouring addresses, the card fetches them
as one. That is why pictures are channels-last here, and why neighbouring threads take neighbouring channels.
"""  # dark-5

import re
from functools import cached_property

import cupy
import numpy as np

SOURCES: list["Source"] = []  # all there are, for tests

# What C++ calls the types of numbers.
NAMES = {
    "int8": "signed char", "int16": "short", "int32": "int", "int64": "long long", "uint8": "unsigned char",
    "uint16": "unsigned short", "uint32": "unsigned int", "uint64": "unsigned long long", "bool": "bool",
    "float16": "__half", "float32": "float", "float64": "double",
}  # fmt: skip
TYPES = {name: np.dtype(dtype) for dtype, name in NAMES.items()}
BLOCK = 256  # threads of a block: enough to keep a processor busy, few enough for many blocks to share it


class Source:
    """CUDA C++ with kernels for numbers of type `T`, which are computed with and added up as type `Sum`.

    Both are float, or both double; only __half, float16, is stored as T and computed with as float. `dtypes`
    are the types that the kernels are for.
    """

    def __init__(self, text, dtypes=("float16", "float32", "float64")):
        self.text, self.dtypes = text, dtypes
        self.kernels: dict[tuple, Kernel] = {}
        SOURCES.append(self)

    def code(self, dtype):
        """The whole text that is compiled for a type."""
        return preamble(dtype) + self.text

    @cached_property
    def signatures(self):
        """{name of a kernel: its parameters, such as ["const T *x", "int channels"]}."""
        kernels = re.findall(r'extern "C" __global__ void (\w+)\(([^)]*)\)', self.text)
        return {name: [" ".join(p.split()) for p in given.split(",")] for name, given in kernels}

    def kernel(self, name, dtype):
        """A `Kernel` to run, for numbers of a type; CuPy compiles it when it is first run on a card."""
        dtype = np.dtype(dtype)
        if (name, dtype) not in self.kernels:
            function = cupy.RawKernel(self.code(dtype), name, options=("-std=c++17",))
            self.kernels[name, dtype] = Kernel(name, function, self.signatures[name], dtype)
        return self.kernels[name, dtype]


class Kernel:
    """A kernel for one type of numbers, which checks and converts what it is called with.

    C++ would take a wrong pointer for a right one, and half of a number for the whole: nothing else looks.
    """

    def __init__(self, name, function, parameters, dtype):
        self.name, self.function, self.dtype = name, function, dtype
        self.parameters = [self.converter(parameter) for parameter in parameters]

    def __call__(self, threads, *arguments):
        """Run it in so many threads, or in (blocks, threads of a block), each a tuple of up to three numbers.

        A tuple among the arguments stands for the numbers in it, None for an array that there is none of.
        Arrays are contiguous, and their first element is what a pointer points to. Returns before the card
        has begun.
        """
        if not isinstance(threads, tuple):
            threads = ((threads + BLOCK - 1) // BLOCK,), (BLOCK,)
        blocks, block = threads
        if 0 in blocks:
            return
        values = list(flat(arguments))
        if len(values) != len(self.parameters):
            raise TypeError(f"{self.name} takes {len(self.parameters)} arguments, not {len(values)}")
        arguments = [convert(value) for convert, value in zip(self.parameters, values)]
        self.function(blocks, block, tuple(arguments))

    def converter(self, parameter):
        """What makes of an argument exactly the bytes that a parameter of the kernel has."""
        name, star = re.fullmatch(r"(?:const )?([\w ]+) (\*?)(?:__restrict__ )?\w+", parameter).groups()
        dtype = {"T": self.dtype, "Sum": sum_type(self.dtype)}.get(name) or TYPES[name]
        if not star:
            return dtype.type

        def pointer(array):
            if array is None:
                return np.int64(0)
            if array.dtype != dtype or not array.flags.c_contiguous:
                raise TypeError(
                    f"{self.name}: `{parameter}` points to a contiguous array of {dtype}, not to one of "
                    f"{array.dtype} with shape {array.shape} and strides {array.strides}"
                )
            return array

        return pointer


def for_each(source, name, rows, channels, *arguments):
    """Run a kernel with a row of threads for each of so many rows of channels, such as pixels.

    Its first parameters are `rows` and `channels`. In a block, threads x share the channels of row y. The
    type is that of the first array.
    """
    across = min(BLOCK, 1 << max(channels - 1, 0).bit_length())
    down = BLOCK // across
    dtype = next(x.dtype for x in arguments if isinstance(x, cupy.ndarray))
    blocks = (rows + down - 1) // down if channels else 0
    source.kernel(name, dtype)(((blocks,), (across, down)), rows, channels, *arguments)


def pieces(rows, length):
    """(blocks, threads of a block) for a thread for each number of so many rows.

    In x the blocks count the rows, in y the pieces of a row, each as long as a block.
    """
    block = min(BLOCK, max(32, 1 << max(length - 1, 0).bit_length()))
    return (rows, (length + block - 1) // block), (block,)


def elementwise(in_params, out_params, operation, name):
    """A function that computes each element of arrays of floats by itself; CuPy writes what surrounds that.

    It is called with the inputs, arrays or numbers, and with the arrays to write to, whose type is T. These
    may be read, too, before they are written. `Sum` is the type to compute with, as in a `Source`.
    """
    kernels = {}
    for dtype in ("float32", "float64"):
        given, preamble = in_params.replace("Sum", dtype), f"typedef {NAMES[dtype]} Sum;"
        kernels[dtype] = cupy.ElementwiseKernel(given, out_params, operation, name, preamble=preamble)
    return lambda *arguments: kernels[sum_type(arguments[-1].dtype).name](*arguments)


def preamble(dtype):
    """What `T` and `Sum` are, and infinity, which the compiler has no name for."""
    header = "#include <cuda_fp16.h>\n" if np.dtype(dtype) == np.float16 else ""
    names = NAMES[np.dtype(dtype).name], NAMES[sum_type(np.dtype(dtype)).name]
    infinity = "#undef INFINITY\n#define INFINITY __int_as_float(0x7f800000)\n"
    return f"{header}{infinity}typedef {names[0]} T;\ntypedef {names[1]} Sum;\n"


def sum_type(dtype):
    """The type that numbers of a type are computed with."""
    return np.dtype(np.float32) if dtype == np.float16 else dtype


def flat(arguments):
    """The arguments with those in tuples, or in tuples of tuples, one after the other."""
    for argument in arguments:
        if isinstance(argument, tuple):
            yield from flat(argument)
        else:
            yield argument


def in_memory_order(*arrays):
    """The arrays with their dimensions in the order that those of the first have in memory."""
    first = arrays[0]
    if first.flags.c_contiguous:
        return arrays
    order = sorted(range(first.ndim), key=lambda axis: -first.strides[axis])
    return tuple(x.transpose(order) for x in arrays)


def channels_last(x):
    """x (N, C, H, W) as a contiguous array (N, H, W, C): a view if it lies so in memory, else a copy."""
    return cupy.ascontiguousarray(x.transpose(0, 2, 3, 1))


def channels_first(x):
    """x (N, H, W, C) as everyone else sees it: the view (N, C, H, W)."""
    return x.transpose(0, 3, 1, 2)
