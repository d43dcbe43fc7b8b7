"""x[...]: ints, slices, masks and tensors of positions, to read and to assign.

Two operations read, `_slice` for what is a view and `_index` for what is a copy, and each has one that
goes the opposite way, which is its gradient: `_unslice` and `_place` put values into zeros. `_put` puts
them into a copy of another tensor.
"""

import math

import numpy as np

from .. import kernels
from ..autograd.operation import op
from ..devices import current, device_of, to_device
from ..tensor import Tensor, method, to_array
from .in_place import check_allowed, write


@method
def __getitem__(self, index):
    """Part of a tensor: a view for ints, slices, None and ..., a copy for masks and positions.

    A mask is a boolean tensor, or array, of the shape of the dimensions it stands for; positions are lists
    or integer tensors, which broadcast together, and may be negative to count from the end. The gradient
    of an element that is picked twice adds up. A slice has no negative step; `flip` reverses.
    """
    basic, advanced = parsed(index, self.array)
    if not advanced:
        return _slice(self, basic)
    return _index(_slice(self, basic) if basic else self, *advanced)


@method
def __setitem__(self, index, value):
    """Put a number or a tensor, broadcast and converted, into part of self, indexed as for reading.

    It is a change in place, so no graph may be recorded for self or the value: RuntimeError says what to do
    instead. Where positions repeat, the last value stays; `index_put_(..., accumulate=True)` adds them up.
    """
    check_allowed("x[...] = value", self, value)
    basic, advanced = parsed(index, self.array)
    converts = not isinstance(value, Tensor) or (value.numel() == 1 and is_mask(advanced))
    if advanced and not converts and value.dtype is not self.dtype:
        raise RuntimeError(f"x[...] = value: expected the same dtype: {self.dtype} and {value.dtype}")
    values = without_ones_in_front(to_array(value, self.dtype))
    if not advanced:
        write("x[...] = value", self, values, basic)
    else:
        write("x[...] = value", _slice(self.detach(), basic or ...), values, numpy_index(advanced))


def without_ones_in_front(values):
    """The same numbers to broadcast; NumPy takes no others for a mask of all dimensions."""
    ones = next((i for i, n in enumerate(values.shape) if n != 1), values.ndim)
    return values.reshape(values.shape[ones:]) if ones else values


@op
def _slice(input, index):
    shape = input.shape
    return input[index], lambda g: _unslice(g, shape, index)


@op
def _unslice(input, shape, index):
    return into_zeros(input, shape, index), lambda g: g[index]


def into_zeros(values, shape, index):
    """Zeros of `shape`, with `values` at a basic index."""
    if isinstance(values, Tensor):
        return _unslice(values, shape, index)
    y = np.zeros(shape, values.dtype, like=values)
    y[index] = values
    return y


@op
def _index(input, *indices):
    """input[indices], of masks, tensors of positions, and None for a dimension that stays whole."""
    shape = input.shape
    return input[numpy_index(indices)], lambda g: _place(g, shape, *indices)


@op
def _place(input, shape, *indices):
    return added_to_zeros(input, shape, indices), lambda g: g[numpy_index(indices)]


def added_to_zeros(values, shape, indices):
    """Zeros of `shape`, with `values` added at an index: where it names an element twice, they add up.

    The dimensions that are indexed become one, those that stay whole another: a matrix of rows to add to.
    """
    if isinstance(values, Tensor):
        return _place(values, shape, *indices)
    if is_mask(indices):  # names no element twice
        return into_zeros(values, shape, numpy_index(indices))

    positions = without_masks(indices)
    dims = [d for d, i in enumerate(positions) if i is not None]
    arrays = np.broadcast_arrays(*(positions[d] for d in dims))
    first = dims[0] if dims[-1] - dims[0] < len(dims) else 0  # of arrays that stand apart, the result's first
    found = range(first, first + arrays[0].ndim)
    values = np.moveaxis(values, found, range(arrays[0].ndim))

    indexed, whole = [shape[d] for d in dims], [n for d, n in enumerate(shape) if d not in dims]
    rows = np.ravel_multi_index(tuple(arrays), indexed, mode="wrap").ravel()
    values = values.reshape(rows.size, math.prod(whole))
    total = kernels.of(values).add_rows(rows, values, math.prod(indexed))
    return np.moveaxis(total.reshape(indexed + whole), range(len(dims)), dims)


@op
def _put(input, src, *indices):
    """A copy of `input` with `src`, tensor or number, at an index; of several for one element the last."""
    return put_into(input, src, indices), lambda g: put_into(g, 0, indices), lambda g: g[numpy_index(indices)]


def put_into(x, values, indices):
    """`_put` on arrays; on tensors the operation itself."""
    if isinstance(x, Tensor) or isinstance(values, Tensor):
        return _put(x, values, *indices)
    y = np.copy(x)
    kernels.of(y).put(y, numpy_index(indices), values)
    return y


def numpy_index(indices):
    """Masks, positions and None for a dimension that stays whole, as NumPy's index."""
    return tuple(slice(None) if i is None else i.array if isinstance(i, Tensor) else i for i in indices)


def is_mask(indices):
    """Whether an index is a single mask, beside dimensions that stay whole."""
    arrays = [i for i in indices if i is not None]
    return len(arrays) == 1 and arrays[0].dtype.kind == "b"


def without_masks(indices):
    """The same index, with every mask as the positions at which it holds, an array for each dimension."""
    parts = [(i,) if i is None or i.dtype.kind != "b" else np.nonzero(i) for i in indices]
    return [i for part in parts for i in part]


def parsed(index, array):
    """Split an index of an array: what gives a view, and the masks and positions to apply to it afterwards.

    NumPy would treat an int beside an array as an array too; in PyTorch it first takes its dimension away.
    The first part is empty where there is a second and the view would be the whole.
    """
    if type(index) is int:
        return (index, ...), ()
    shape = array.shape
    if isinstance(index, list) and any(isinstance(item, (list, tuple, Tensor)) for item in index):
        raise IndexError(
            "x[...]: an index is no list of lists: x[tuple(index)] takes one for each dimension, "
            "x[tensor(index)] takes them as positions"
        )
    items = [as_item(item) for item in (index if isinstance(index, tuple) else (index,))]
    taken = sum(0 if item is None or item is ... else consumed(item) for item in items)
    if taken > len(shape):
        raise IndexError(f"x[...]: too many indices, {taken}, for a tensor of shape {tuple(shape)}")
    if not any(item is ... for item in items):
        items.append(...)

    basic, advanced, dim = [], [], 0
    for item in items:
        length = 0 if item is None else len(shape) - taken if item is ... else consumed(item)
        if item is ...:
            basic.append(item)
            advanced += [None] * length
        elif item is None or isinstance(item, slice):
            basic.append(item)
            advanced.append(None)
        elif isinstance(item, int):
            basic.append(item)
        elif item.ndim == 0:  # a truth value: a new dimension, of length 1 or 0
            basic.append(None)
            advanced.append(np.arange(int(item)))
        else:
            check_mask_shape(item, shape, dim)
            basic += [slice(None)] * length
            advanced.append(item)
        dim += length
    if all(item is None for item in advanced):
        return tuple(basic), ()
    if type(array) is not np.ndarray:
        with current(device_of(array)):
            advanced = on_card(array[tuple(basic)], advanced)
    whole = all(item is ... or item == slice(None) for item in basic)
    return () if whole else tuple(basic), advanced


def on_card(array, indices):
    """Masks and positions for an array on a card, there too; IndexError where a position is out of range.

    NumPy looks at every position itself. CuPy would take another; so they are looked at here, which waits
    for the card if they are on it already.
    """
    items, dim = [], 0
    for item in indices:
        if item is None:
            dim += 1
            items.append(None)
            continue
        positions = item.array if isinstance(item, Tensor) else item
        length = array.shape[dim]
        if positions.dtype.kind != "b" and not kernels.of(positions).within(positions, -length, length):
            wrong = positions[(positions < -length) | (positions >= length)][0]
            raise IndexError(f"x[...]: index {wrong} is out of bounds for dimension {dim} with size {length}")
        dim += consumed(positions)
        there = to_device(positions, device_of(array))
        items.append(item if there is positions and positions.dtype.kind != "b" else there)
    return items if is_mask(items) else without_masks(items)  # CuPy takes but one mask


def check_mask_shape(item, shape, dim):
    """Raise where a mask has not the shape of the dimensions, from `dim` on, that it stands for."""
    part = tuple(shape[dim : dim + item.ndim])
    if item.dtype.kind == "b" and tuple(item.shape) != part:
        raise IndexError(
            f"x[...]: a mask {tuple(item.shape)} does not fit dimensions {part} of a tensor {tuple(shape)}"
        )


def consumed(item):
    """How many dimensions part of an index takes: a mask as many as it has."""
    return item.ndim if hasattr(item, "dtype") and item.dtype.kind == "b" else 1


def as_item(item):
    """Part of an index as None, ..., a slice, an int, a mask, or a tensor or array of integers."""
    if item is None or item is ... or type(item) is int:
        return item
    if isinstance(item, slice):
        if item.step is not None and int(item.step) <= 0:
            raise ValueError("x[...]: the step of a slice must be greater than zero; flip() reverses")
        return item
    array = to_array(item)
    if isinstance(item, (list, tuple)) and array.size == 0:
        return array.astype(np.int64)
    is_index = array.dtype.kind == "b" or array.dtype in (np.int64, np.int32)
    if not is_index and (array.ndim or array.dtype.kind != "i"):
        raise IndexError(
            f"x[...]: an index is an int, a slice, None, ..., or a tensor of int64 or bool, not {item!r:.60}"
        )
    if array.ndim == 0 and array.dtype.kind == "i":
        return array.item()
    return item if isinstance(item, Tensor) else array
