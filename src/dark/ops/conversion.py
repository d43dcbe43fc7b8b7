"""Copies, and tensors of another type."""

import numpy as np

from .. import dtypes
from ..autograd.operation import op
from ..devices import chosen, device_of, exact, is_at, to_device
from ..devices import device as device_type
from ..dtypes import as_dtype, cast, dtype
from ..tensor import Tensor, method


@op
def to_copy(input, dtype, device, non_blocking=False):
    """`input` with another type, on another device; on its way back the gradient takes the old ones again."""
    home = device_of(input) if not isinstance(input, Tensor) else input.device
    return moved(cast(input, dtype), device, non_blocking), lambda g: moved(g, home, non_blocking)


def moved(x, device, non_blocking):
    """An array, or a tensor, on a device."""
    return x.to(device) if isinstance(x, Tensor) else to_device(x, device, non_blocking)


@method
@op
def clone(input):
    """A copy, in memory of its own, through which gradients flow."""
    return np.copy(input), lambda g: g


@method
def to(self, *args, dtype=None, device=None, non_blocking=False, copy=False):
    """Self with another dtype, on another device, or like another tensor; self where nothing changes."""
    for arg in args:
        if isinstance(arg, Tensor):
            dtype, device = arg.dtype, arg.device
        elif isinstance(arg, (str, int, device_type)) and not isinstance(arg, bool):
            device = arg
        elif arg is not None:
            dtype = arg
    dtype = self.dtype if dtype is None else as_dtype(dtype)
    device = self.device if device is None else exact(chosen(device))
    if dtype is not self.dtype or not is_at(self.device, device):
        return to_copy(self, dtype, device, non_blocking)
    return self.clone() if copy else self


@method
def type_as(self, other):
    """Self with the dtype, and on the device, of `other`."""
    return self.to(other)


@method
def type(self, dtype=None):
    """Self with another dtype; without one, the name of the type."""
    return str(self.dtype) if dtype is None else self.to(dtype)


@method
def cpu(self):
    """Self in the computer's main memory."""
    return self.to("cpu")


@method
def cuda(self, device=None, non_blocking=False):  # dark-5
    """Self in the memory of a card, by default the current one."""
    return self.to("cuda" if device is None else device, non_blocking=non_blocking)


@method
def contiguous(self):
    """Self with its elements in row-major order in memory; self where they are."""
    return self if self.array.flags.c_contiguous else ascontiguous(self)


@op
def ascontiguous(input):
    """A row-major copy."""
    return row_major(input), lambda g: g


def row_major(x):
    """`ascontiguous` on arrays; on tensors the operation itself."""
    return ascontiguous(x) if isinstance(x, Tensor) else np.copy(x, order="C")


@method
def is_contiguous(self):
    """Whether the elements lie in row-major order in memory, or in one that kernels prefer to it.

    In PyTorch all those tensors are in row-major order; `contiguous()` makes them so.
    """
    return in_order(self.array)


def in_order(array):
    """Whether an array would lie in memory row by row in PyTorch."""
    orders = PREFERRED.get(array.ndim, ())
    return array.flags.c_contiguous or any(array.transpose(axes).flags.c_contiguous for axes in orders)


# By the number of dimensions: images with the channels last, filters with the kernel first, [*kernel, C, K].
PREFERRED = {3: [(0, 2, 1), (2, 1, 0)], 4: [(0, 2, 3, 1), (2, 3, 1, 0)]}


def is_tensor(obj):
    """Whether something is a tensor."""
    return isinstance(obj, Tensor)


@method
def is_floating_point(input):
    """Whether the elements are floating-point numbers."""
    return input.dtype.is_floating_point


@method
def element_size(self):
    """Bytes that one element takes."""
    return self.array.itemsize


@method
def numel(input):
    """How many elements there are."""
    return input.array.size


@method
def nelement(self):  # beyond
    """How many elements there are."""
    return self.array.size


@method
def ndimension(self):  # beyond
    """The number of dimensions."""
    return self.array.ndim


@method
def dim(self):
    """The number of dimensions."""
    return self.array.ndim


@method
def size(self, dim=None):
    """The shape, or the length of one dimension."""
    return self.shape if dim is None else self.shape[dim]


@method
def stride(self, dim=None):
    """How many elements lie between neighbours along every dimension, or along one."""
    strides = tuple(s // self.array.itemsize for s in self.array.strides)
    return strides if dim is None else strides[dim]


def converter(name: str, to: dtype):
    """The method `Tensor.float` and its kin."""

    def convert(self):
        return self.to(to)

    convert.__name__, convert.__doc__ = name, f"Self with elements of type {to.name}."
    return convert


Tensor.half = converter("half", dtypes.half)
Tensor.float = converter("float", dtypes.float32)
Tensor.double = converter("double", dtypes.double)
Tensor.short = converter("short", dtypes.short)
Tensor.int = converter("int", dtypes.int32)
Tensor.long = converter("long", dtypes.long)
Tensor.bool = converter("bool", dtypes.bool_)
Tensor.byte = converter("byte", dtypes.uint8)
