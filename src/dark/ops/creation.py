"""New tensors: from numbers and arrays, of constants, of evenly spaced numbers."""

import math
import operator

import numpy as np

from .. import dtypes
from ..devices import array_library, chosen, current, device_of, is_cupy, to_device
from ..dtypes import as_dtype
from ..tensor import (
    Tensor,
    method,  # beyond
    of_tensors,
    to_array,
)


def tensor(data, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """A tensor of `data` (numbers, nested lists, an array, a tensor), always in memory of its own.

    Without `dtype`, Python's floats become the default type (float32), its integers int64, its booleans
    bool; arrays and tensors keep theirs. The result is a leaf: it has no part in the history of `data`.
    """
    array = to_array(data, dtype)
    if device is None and (isinstance(data, Tensor) or is_cupy(data)):
        device = device_of(array)
    placed = to_device(array, chosen(device))
    if placed is array or not placed.flags.c_contiguous:
        with current(device_of(placed)):
            placed = placed.copy(order="C")
    return Tensor(placed, requires_grad=requires_grad)


def as_tensor(data, dtype=None, device=None) -> Tensor:
    """A tensor of `data`, without a copy where an array or a tensor already has the right type.

    Types are found as in `tensor`. A tensor stays in its graph, and an array shares its memory.
    """
    if isinstance(data, Tensor):
        return data.to(dtype=dtype, device=device)
    array = to_array(data, dtype)
    return made(array, None, device_of(array) if device is None and is_cupy(array) else device)


def asarray(obj, *, dtype=None, device=None, copy=None, requires_grad=False) -> Tensor:  # beyond
    """A tensor of `obj`; `copy` True always copies, False never (ValueError where it would have to)."""
    array = to_array(obj, dtype)
    shared = array is obj or (isinstance(obj, Tensor) and array is obj.array)
    if copy is False and not shared:
        raise ValueError("asarray: the tensor can't share the memory of the object; leave out copy=False")
    return made(np.array(array) if copy else array, None, device, requires_grad)


def from_numpy(ndarray) -> Tensor:
    """A tensor that shares the memory of a NumPy array, and its type: a change of one changes the other."""
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"from_numpy: expected a NumPy array, got {type(ndarray).__name__}")
    return Tensor(ndarray)


def from_dlpack(ext_tensor) -> Tensor:  # beyond
    """A tensor that shares the memory of another library's array, by the DLPack protocol."""
    where = "cpu" if ext_tensor.__dlpack_device__()[0] == DLPACK_CPU else "cuda"
    return Tensor(array_library(where).from_dlpack(ext_tensor))


DLPACK_CPU = 1  # beyond


def scalar_tensor(s, *, dtype=None, device=None, requires_grad=False) -> Tensor:  # beyond
    """A 0-d tensor of the default floating-point type, or `dtype`."""
    return full((), s, dtype=dtype or dtypes.get_default_dtype(), device=device, requires_grad=requires_grad)


def zeros(*sizes, size=None, dtype=None, device=None, requires_grad=False) -> Tensor:
    """Zeros, of the default type unless `dtype` says another: zeros(2, 3) or zeros((2, 3))."""
    array = array_library(device).zeros(lengths(sizes, "zeros", size), numpy_type(dtype))
    return made(array, None, device, requires_grad)


def ones(*sizes, size=None, dtype=None, device=None, requires_grad=False) -> Tensor:
    """Ones, of the default type unless `dtype` says another: ones(2, 3) or ones((2, 3))."""
    array = array_library(device).ones(lengths(sizes, "ones", size), numpy_type(dtype))
    return made(array, None, device, requires_grad)


def empty(*sizes, size=None, dtype=None, device=None, requires_grad=False) -> Tensor:
    """Whatever the memory holds, to be overwritten; size and type are given as to `zeros`."""
    array = array_library(device).empty(lengths(sizes, "empty", size), numpy_type(dtype))
    return made(array, None, device, requires_grad)


def full(size, fill_value, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """A tensor filled with one number, of the type of that number unless `dtype` says another."""
    value = to_array(fill_value, dtype)
    array = array_library(device).full(lengths((size,), "full"), value[()], value.dtype)
    return made(array, None, device, requires_grad)


@of_tensors
def zeros_like(input, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """Zeros in the shape and type of `input`, on its device."""
    array = np.zeros_like(input.array, numpy_type(dtype or input.dtype))
    return made(array, None, beside(input, device), requires_grad)


@of_tensors
def ones_like(input, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """Ones in the shape and type of `input`, on its device."""
    array = np.ones_like(input.array, numpy_type(dtype or input.dtype))
    return made(array, None, beside(input, device), requires_grad)


@of_tensors
def full_like(input, fill_value, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """One number, in the shape and type of `input`, on its device."""
    value = to_array(fill_value, dtype or input.dtype)
    array = np.full_like(input.array, value[()], value.dtype)
    return made(array, None, beside(input, device), requires_grad)


@of_tensors
def empty_like(input, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """Whatever the memory holds, in the shape and type of `input`, on its device."""
    array = np.empty_like(input.array, numpy_type(dtype or input.dtype))
    return made(array, None, beside(input, device), requires_grad)


@method
def new_tensor(self, data, *, dtype=None, device=None, requires_grad=False):  # beyond
    """A tensor of `data`, in memory of its own, of self's type and on its device unless others are named."""
    dtype, device = dtype or self.dtype, beside(self, device)
    return tensor(data, dtype=dtype, device=device, requires_grad=requires_grad)


@method
def new_zeros(self, *size, dtype=None, device=None, requires_grad=False):  # beyond
    """Zeros of self's type."""
    dtype, device = dtype or self.dtype, beside(self, device)
    return zeros(*size, dtype=dtype, device=device, requires_grad=requires_grad)


@method
def new_ones(self, *size, dtype=None, device=None, requires_grad=False):  # beyond
    """Ones of self's type."""
    dtype, device = dtype or self.dtype, beside(self, device)
    return ones(*size, dtype=dtype, device=device, requires_grad=requires_grad)


@method
def new_empty(self, *size, dtype=None, device=None, requires_grad=False):  # beyond
    """Whatever the memory holds, of self's type."""
    dtype, device = dtype or self.dtype, beside(self, device)
    return empty(*size, dtype=dtype, device=device, requires_grad=requires_grad)


@method
def new_full(self, size, fill_value, *, dtype=None, device=None, requires_grad=False):  # beyond
    """One number, of self's type."""
    dtype, device = dtype or self.dtype, beside(self, device)
    return full(size, fill_value, dtype=dtype, device=device, requires_grad=requires_grad)


def beside(input, device):
    """The device that is named, which may be 0, a card; else that of `input`."""
    return input.device if device is None else device


def arange(start=0, end=None, step=1, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """The numbers start, start + step, ... before `end`; arange(end) starts at 0.

    Without `dtype` they are int64 if all three are integers, else of the default floating-point type.
    """
    start, end = (0, start) if end is None else (start, end)
    start, end, step = (number(x) for x in (start, end, step))
    if not (math.isfinite(start) and math.isfinite(end)) or math.isnan(step):
        raise RuntimeError(f"arange: there is no range from {start} to {end} in steps of {step}")
    whole = all(isinstance(x, int) for x in (start, end, step))
    kind = as_dtype(dtype or (dtypes.int64 if whole else dtypes.get_default_dtype()))
    if kind is dtypes.int64:
        start, end, step = int(start), int(end), int(step)
    if step == 0:
        raise RuntimeError("arange: step must be nonzero")
    if (end - start) * step < 0:
        raise RuntimeError(f"arange: the end, {end}, can't be reached from {start} in steps of {step}")
    count = -((start - end) // step) if kind is dtypes.int64 else math.ceil((end - start) / step)
    if not kind.is_floating_point:
        start, step = int(start), int(step)
    return made(start + step * np.arange(count), kind, device, requires_grad)


def number(x):
    """A Python number, from one or from a tensor or an array of one element."""
    return x.item() if hasattr(x, "item") else x


def linspace(start, end, steps, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """`steps` numbers, evenly spaced from `start` to `end`, both included."""
    if steps < 0:
        raise RuntimeError(f"linspace: the number of steps can't be negative, {steps}")
    kind = numpy_type(dtype)
    start, end = (float(np.asarray(number(x), kind)) for x in (start, end))
    rounded = kind if kind.kind == "f" else np.dtype(np.float32)  # as PyTorch rounds it
    step = float(rounded.type((end - start) / max(steps - 1, 1)))
    i = np.arange(steps)
    up, down = start + i * step, end - i[::-1] * step  # each half is counted from its own end
    return made(np.where(i < max(steps // 2, 1), up, down), kind, device, requires_grad)


def logspace(  # beyond
    start, end, steps, base=10.0, *, dtype=None, device=None, requires_grad=False
) -> Tensor:
    """`steps` powers of `base`, whose exponents are evenly spaced from `start` to `end`."""
    array = np.power(float(base), linspace(start, end, steps, dtype=np.float64).array)
    return made(array, dtype or dtypes.get_default_dtype(), device, requires_grad)


def eye(n, m=None, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """Ones on the diagonal of an (n, m) matrix, square without `m`, and zeros elsewhere."""
    n, m = lengths((n, n if m is None else m), "eye")
    return made(np.eye(n, m, dtype=numpy_type(dtype)), None, device, requires_grad)


def made(array, dtype=None, device=None, requires_grad=False):
    """The tensor of a new array, on the device that is named or else the default one."""
    return Tensor(to_device(array, chosen(device)), dtype=dtype, requires_grad=requires_grad)


def numpy_type(dtype):
    """NumPy's type of a dtype; of None the default type's."""
    return as_dtype(dtype or dtypes.get_default_dtype()).numpy


def lengths(size, name, by_name=None):
    """The shape that a call names by its lengths one by one, or by one tuple of them, perhaps as `size=`."""
    size = size if by_name is None else (by_name,)
    if not size:
        raise TypeError(f"{name}: expects a size, such as {name}(2, 3) or {name}((2, 3)); that of 0-d is ()")
    if len(size) == 1 and isinstance(size[0], (tuple, list)):
        size = size[0]
    try:
        size = tuple(operator.index(n) for n in size)
    except TypeError as error:
        raise TypeError(f"{name}: a size is made of integers, not {tuple(size)}") from error
    if min(size, default=0) < 0:
        raise RuntimeError(f"{name}: a length can't be negative: {size}")
    return size
