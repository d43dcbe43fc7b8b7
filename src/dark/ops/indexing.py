"""x[...]: single elements, slices, masks and arrays of positions, to read and to assign."""

import numpy as np

from ..autograd.operation import op
from ..tensor import Tensor, method, to_array
from .in_place import check_allowed, write


@method
def __getitem__(self, index):
    """Part of a tensor: a view for ints, slices and None, a copy for masks and arrays of positions."""
    basic, advanced = parsed(index, self.shape)
    view = self if basic == (...,) else _slice(self, basic)
    return _index(view, *advanced) if advanced else view


@method
def __setitem__(self, index, value):
    """Put a number or a tensor, broadcast and converted, into part of self."""
    check_allowed("x[...] = value", self, value)
    basic, advanced = parsed(index, self.shape)
    view = _slice(self.detach(), basic)
    values = np.asarray(to_array(value), dtype=self.array.dtype)
    write("x[...] = value", view, values, numpy_index(advanced) or ...)


@op
def _slice(input, index):
    return input[index], lambda g: _unslice(g, input.shape, index)


@op
def _unslice(input, shape, index):
    return unsliced(input, shape, index), lambda g: g[index]


def unsliced(values, shape, index):
    """Zeros of `shape` with `values` at a basic index."""
    if isinstance(values, Tensor):
        return _unslice(values, shape, index)
    y = np.zeros(shape, values.dtype)
    y[index] = values
    return y


@op
def _index(input, *indices):
    return input[numpy_index(indices)], lambda g: _place(g, input.shape, *indices)


@op
def _place(input, shape, *indices):
    return placed(input, shape, indices), lambda g: g[numpy_index(indices)]


def placed(values, shape, indices):
    """Zeros of `shape` with `values` added at an index: where it repeats, they add up."""
    if isinstance(values, Tensor):
        return _place(values, shape, *indices)
    y = np.zeros(shape, values.dtype)
    np.add.at(y, numpy_index(indices), values)
    return y


def numpy_index(indices):
    """Masks and arrays of positions, and None for a dimension that stays whole, as NumPy's index."""
    return tuple(slice(None) if i is None else i for i in indices)


def parsed(index, shape):
    """Split an index: what gives a view, and the masks and arrays to apply to that view afterwards.

    NumPy would treat an int beside an array as an array too; in PyTorch it first takes its dimension away.
    """
    items = [as_item(item) for item in (index if type(index) is tuple else (index,))]
    taken = [0 if item is None or item is ... else item.ndim if is_mask(item) else 1 for item in items]
    whole = len(shape) - sum(taken)
    if whole < 0:
        raise IndexError(f"too many indices: {sum(taken)} for a tensor of shape {tuple(shape)}")
    if not any(item is ... for item in items):
        items.append(...)

    basic, advanced = [], []
    for item in items:
        if item is ...:
            basic.append(item)
            advanced += [None] * whole
        elif item is None or isinstance(item, slice):
            basic.append(item)
            advanced.append(None)
        elif isinstance(item, int):
            basic.append(item)
        elif item.ndim == 0:  # a truth value: a new dimension, of length 1 or 0
            basic.append(None)
            advanced.append(np.arange(int(item)))
        else:
            basic += [slice(None)] * (item.ndim if is_mask(item) else 1)
            advanced.append(item)
    return tuple(basic), advanced if any(a is not None for a in advanced) else []


def is_mask(item):
    """Whether part of an index is an array of truth values, which takes as many dimensions as it has."""
    return isinstance(item, np.ndarray) and item.dtype.kind == "b"


def as_item(item):
    """Part of an index as None, ..., a slice, an int, a mask or an array of integers."""
    if item is None or item is ... or type(item) is int:
        return item
    if isinstance(item, slice):
        if item.step is not None and int(item.step) <= 0:
            raise ValueError("x[...]: the step of a slice must be greater than zero; use flip() to reverse")
        return item
    array = to_array(item)
    if array.dtype.kind == "f" and array.size == 0 and isinstance(item, list):
        array = array.astype("int64")
    if array.dtype.kind not in "ib":
        raise IndexError(
            f"x[...]: an index is an int, a slice, None, ..., or a tensor of integers or booleans, not {item!r:.60}"
        )
    return array.item() if array.ndim == 0 and array.dtype.kind == "i" else array
