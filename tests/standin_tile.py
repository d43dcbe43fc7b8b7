"""A stand-in for NVIDIA's cuda.tile: runs the very same kernels on the CPU, one block after another.

It has what Dark's kernels use, and refuses what the real one refuses or leaves undefined: tiles whose sides
are no powers of two, products of types that do not fit, tiles that lie beyond an array. It rounds to TF32
where a kernel asks for it.
"""  # beyond

import itertools
import sys
import types
from importlib.machinery import ModuleSpec
from typing import Annotated

import numpy as np

ZERO = "zero"
tfloat32 = "tfloat32"


def install():
    """Let `import cuda.tile` find this; returns the module."""
    cuda, tile = types.ModuleType("cuda"), types.ModuleType("cuda.tile")
    for name in (
        "Constant", "PaddingMode", "astype", "bid", "cdiv", "kernel", "launch", "load", "mma", "num_blocks",
        "reshape", "store", "tfloat32", "transpose", "zeros",
    ):  # fmt: skip
        setattr(tile, name, globals()[name])
    tile.float16, tile.float32 = np.dtype(np.float16), np.dtype(np.float32)
    cuda.tile, cuda.__path__ = tile, []
    for module in (cuda, tile):
        module.__spec__ = ModuleSpec(module.__name__, None)
        sys.modules[module.__name__] = module
    return tile


class Constant:
    """ct.Constant[int]: the annotation of a number that the compiler has to know."""

    def __class_getitem__(cls, kind):
        return Annotated[kind, cls]


class PaddingMode:
    """What stands for numbers beyond the end of an array."""

    ZERO = ZERO


class Tile:
    """A small array in a block of threads."""

    def __init__(self, numbers, dtype=None):
        self._numbers, self.dtype = numbers, numbers.dtype if dtype is None else dtype
        self.shape = numbers.shape
        if any(side & (side - 1) or not side for side in self.shape):
            raise TypeError(f"the sides of a tile are powers of two, not {self.shape}")

    def reshape(self, shape):
        return Tile(self._numbers.reshape(shape), self.dtype)

    def astype(self, dtype):
        if dtype == tfloat32:
            return Tile(rounded(self._numbers), tfloat32)
        return Tile(self._numbers.astype(dtype))


class Array:
    """An array as a kernel sees it."""

    def __init__(self, numbers):
        self._numbers, self.shape, self.dtype, self.ndim = numbers, numbers.shape, numbers.dtype, numbers.ndim

    def tiled_view(self, tile_shape, *, padding_mode=None, traversal_steps=None):
        return View(self, tile_shape, padding_mode, traversal_steps or tile_shape)


class View:
    """All tiles of an array, so many numbers apart."""

    def __init__(self, array, shape, padding, steps):
        self.array, self.shape, self.padding, self.steps = array, shape, padding, steps
        if not len(shape) == len(steps) == array.ndim:
            raise TypeError(f"{array.ndim} dimensions, but a tile {shape} and steps {steps}")

    def load(self, index):
        inside = self.place(index)
        if self.padding != ZERO and inside.shape != self.shape:
            raise ValueError("a tile beyond the end of an array, without padding")
        numbers = np.zeros(self.shape, self.array.dtype)
        numbers[tuple(slice(0, n) for n in inside.shape)] = inside
        return Tile(numbers)

    def store(self, index, tile):
        if tile.shape != self.shape or tile.dtype != self.array.dtype:
            raise TypeError(f"a tile {tile.shape}, {tile.dtype} can't be {self.shape}, {self.array.dtype}")
        inside = self.place(index)
        inside[...] = tile._numbers[tuple(slice(0, n) for n in inside.shape)]

    def place(self, index):
        """The part of the array that a tile covers."""
        starts = [i * step for i, step in zip(index, self.steps, strict=True)]
        if not all(0 <= start < length for start, length in zip(starts, self.array.shape)):
            raise IndexError(f"the tile at {index} lies beyond an array {self.array.shape}: undefined")
        return self.array._numbers[tuple(slice(at, at + n) for at, n in zip(starts, self.shape))]


def load(array, index, shape, *, padding_mode=None):
    return array.tiled_view(shape, padding_mode=padding_mode).load(index)


def store(array, index, tile):
    array.tiled_view(tile.shape).store(index, tile)


def mma(x, y, acc):
    if x.dtype != y.dtype or x.dtype not in (tfloat32, np.float16) or acc.dtype != np.float32:
        raise TypeError(f"mma of {x.dtype}, {y.dtype} and {acc.dtype}")
    return Tile(acc._numbers + x._numbers.astype(np.float32) @ y._numbers.astype(np.float32))


def zeros(shape, dtype):
    return Tile(np.zeros(shape, dtype))


def transpose(x):
    return Tile(x._numbers.T, x.dtype)


def reshape(x, shape):
    return x.reshape(shape)


def astype(x, dtype):
    return x.astype(dtype)


def cdiv(x, y):
    return -(-x // y)


def rounded(x):
    """float32 numbers with the 10 binary places of TF32, the nearest; halves to even."""
    bits = np.ascontiguousarray(x, np.float32).view(np.uint32)
    nearest = (bits + 0xFFF + (bits >> 13 & 1)) & np.uint32(0xFFFFE000)
    return np.where(np.isfinite(x), nearest.view(np.float32), x)


block, blocks = [0, 0, 0], [1, 1, 1]


def bid(axis):
    return block[axis]


def num_blocks(axis):
    return blocks[axis]


def kernel(function):
    return Kernel(function)


class Kernel:
    """A function that can only be launched."""

    def __init__(self, function):
        self.function = function


def launch(stream, grid, kernel, args):
    """Run all blocks of a kernel, in the reverse of their order: none may need another's result."""
    if not all(n > 0 for n in grid) or any(n > most for n, most in zip(grid, (2**31 - 1, 65535, 65535))):
        raise ValueError(f"there can't be {grid} blocks")
    given = []
    for arg in args:
        if hasattr(arg, "__cuda_array_interface__"):
            given.append(Array(arg._array))
        elif type(arg) is int and abs(arg) < 2**31:
            given.append(arg)
        else:
            raise TypeError(f"a kernel takes arrays and 32-bit integers, not {type(arg)}")
    blocks[:] = [*grid, 1, 1][:3]
    for spot in itertools.product(*(range(n - 1, -1, -1) for n in blocks)):
        block[:] = spot
        kernel.function(*given)
