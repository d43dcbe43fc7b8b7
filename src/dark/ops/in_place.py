"""Changes in place: `add_`, `-=`, `zero_`, `copy_` and their kin, where no graph is being recorded."""

from functools import wraps

import numpy as np

from .. import kernels
from ..autograd.modes import modes, no_grad
from ..devices import current, device_of, to_device
from ..dtypes import as_dtype
from ..tensor import Tensor, method, to_array


def in_place(function):
    """Give Tensor the method `add_` for the function `add`: its result takes the place of self's elements."""
    name = f"{function.__name__}_"

    @wraps(function)
    def change(self, *inputs, **options):
        check_allowed(name, self, *inputs, *options.values())
        with no_grad():
            return write(name, self, function(self, *inputs, **options))

    change.__name__ = name
    change.__doc__ = f"Put the result of `{function.__name__}` in the place of self's elements."
    setattr(Tensor, name, change)
    return function


def check_allowed(name, tensor, *sources):
    """Raise where the change would have to be part of a graph."""
    if not modes.grad:
        return
    if tensor.requires_grad:
        kind = "leaf tensor that requires grad" if tensor.is_leaf else "tensor that gradients flow through"
        raise RuntimeError(
            f"{name}: a {kind} can't be changed in place; "
            "compute a new tensor instead (x = x + y for x += y), or change it inside `with dark.no_grad():`"
        )
    if any(isinstance(s, Tensor) and s.requires_grad for s in sources):
        raise RuntimeError(
            f"{name}: the new values require grad, and a change in place is not recorded; "
            "compute a new tensor instead, or use values.detach()"
        )


def write(name, tensor, values, index=...):
    """Put a tensor, an array or a number into `tensor[index]`: every change in place goes through here."""
    new = to_array(values)
    have = tensor.dtype
    if as_dtype(new.dtype).category > have.category and index is ...:
        raise RuntimeError(
            f"{name}: a result of {as_dtype(new.dtype)} can't be cast to the tensor's own type, {have}"
        )
    if new.ndim > tensor.ndim and index is ...:
        raise RuntimeError(f"{name}: a result of shape {new.shape} can't replace {tuple(tensor.shape)}")
    if not is_writeable(tensor.array):
        raise RuntimeError(
            f"{name}: the memory of a tensor of shape {tuple(tensor.shape)} can't be written to, as that of "
            "expand's result, where elements share it, or of a read-only array; change a clone()"
        )
    number = not new.ndim and type(new) is np.ndarray  # which any device takes
    new = new[()] if number else to_device(new, tensor.device)
    try:
        assign(tensor.array, index, new)
    except (ValueError, TypeError) as error:
        raise RuntimeError(f"{name}: {error} (tensor of shape {tuple(tensor.shape)})") from error
    if tensor._counter is not None:
        tensor._counter[0] += 1
    if tensor.node is not None:
        tensor.node.overwritten = True
    return tensor


def assign(array, index, values):
    """array[index] = values; on a card, where an index repeats, by a kernel that lets the last one stay."""
    if type(array) is np.ndarray:
        array[index] = values
        return
    with current(device_of(array)):
        if index is ...:
            array[...] = values
        else:
            kernels.of(array).put(array, index if isinstance(index, tuple) else (index,), values)


def is_writeable(array):
    """Whether no two elements share their memory, and it is not read-only."""
    if isinstance(array, np.ndarray):
        return array.flags.writeable
    return not array.size or all(step or length == 1 for step, length in zip(array.strides, array.shape))


@method
def copy_(self, other, non_blocking=False):
    """Put the elements of `other`, broadcast and converted, in the place of self's."""
    check_allowed("copy_", self, other)
    return write("copy_", self, to_array(other).astype(self.array.dtype, copy=False))


@method
def fill_(self, value):
    """Make every element `value`."""
    check_allowed("fill_", self, value)
    values = to_array(value, self.dtype)
    if values.ndim:
        raise RuntimeError(f"fill_: value is a number or a 0-d tensor, not one of shape {values.shape}")
    return write("fill_", self, values)


@method
def zero_(self):
    """Make every element 0."""
    return self.fill_(0)


@method
def detach_(self):
    """Take self out of the graph; it becomes a leaf."""
    self.node, self._requires_grad = None, False
    return self
