"""Elements picked, added or replaced at positions that a tensor names."""  # beyond

import numpy as np

from .. import kernels
from ..autograd.operation import on_one_device
from ..devices import current
from ..dtypes import as_dtype
from ..tensor import Tensor, check_tensor, method, of_tensors, wrap
from .broadcasting import broadcast_shapes, expand
from .extremes import counting
from .in_place import in_place
from .indexing import _index, _place, _put, on_card
from .shape import counted, flatten, reshape


@method
def gather(input, dim, index):
    """Along `dim`, the elements that `index` names: out[i][j] = input[index[i][j]][j] for dim 0.

    `index`, int64 and nowhere negative, has as many dimensions as `input` and may be shorter in those
    other than `dim`; the result has its shape. Positions out of range raise RuntimeError. Here and below, a
    tensor of no dimension counts as one of length 1.
    """
    if 0 in (input.ndim, index.ndim):
        return reshape(gather(lengthened(input), dim, lengthened(index)), index.shape)
    return _index(input, *mesh("gather", input, dim, index))


@in_place
@method
def scatter(input, dim, index, src=None, *, value=None):
    """A copy of `input` with src at the positions that `gather` would read; `src` is a tensor or a number.

    Where a position repeats, the last one stays; `scatter_add` adds them up.
    """
    src = value if src is None else src
    if input.ndim == 0:
        return reshape(scatter(lengthened(input), dim, index, src), ())
    positions = mesh("scatter", input, dim, index)
    return _put(input, matching("scatter", input, index, src) if isinstance(src, Tensor) else src, *positions)


@in_place
@method
def scatter_add(input, dim, index, src):
    """`input` plus src at the positions that `gather` would read; where one repeats, all are added."""
    if input.ndim == 0:
        return reshape(scatter_add(lengthened(input), dim, index, src), ())
    positions = mesh("scatter_add", input, dim, index)
    return input + _place(matching("scatter_add", input, index, src), input.shape, *positions)


def mesh(name, input, dim, index):
    """The positions that an index along `dim` names, as an index of every dimension."""
    check_tensor(name, index)
    dim, index = counted(dim, input.ndim, name), lengthened(index)
    fits = index.ndim == input.ndim and all(
        n <= m for d, (n, m) in enumerate(zip(index.shape, input.shape)) if d != dim
    )
    if not fits:
        raise RuntimeError(
            f"{name}: index {tuple(index.shape)} must have as many dimensions as the tensor, "
            f"{tuple(input.shape)}, and be no longer in any but dim {dim}"
        )
    check_devices(name, input, index)
    check_range(name, index, dim, input.shape[dim], RuntimeError)
    with current(index.device):
        return [index if d == dim else counting(index.array, d) for d in range(input.ndim)]


def check_devices(name, *tensors):
    """Raise where tensors are on different devices."""
    if len({x.device for x in tensors}) > 1:
        on_one_device(name, [x.array for x in tensors])


def lengthened(x):
    """A tensor, of length 1 where it has no dimension."""
    return reshape(x, (1,)) if x.ndim == 0 else x


def matching(name, input, index, src):
    """The part of `src` that an index of its dimensions reaches."""
    src, index = lengthened(src), lengthened(index)
    if src.dtype is not input.dtype:
        raise RuntimeError(f"{name}: expected both to have the same dtype: {input.dtype} and {src.dtype}")
    if src.ndim != index.ndim or any(n > m for n, m in zip(index.shape, src.shape)):
        raise RuntimeError(f"{name}: src {tuple(src.shape)} is smaller than index {tuple(index.shape)}")
    return src[tuple(slice(n) for n in index.shape)]


def check_range(name, index, dim, length, error=IndexError):
    """Raise where a position is negative or too large."""
    positions = index.array if isinstance(index, Tensor) else index
    if positions.dtype.kind != "i":
        raise RuntimeError(f"{name}: expects an index of type int64, got {as_dtype(index.dtype)}")
    if not kernels.of(positions).within(positions, 0, length):
        wrong = positions[(positions < 0) | (positions >= length)][0]
        raise error(f"{name}: index {wrong} is out of bounds for dimension {dim} with size {length}")


@method
def take_along_dim(input, indices, dim=None):
    """`gather` of broadcast tensors: with indices from argsort it sorts; without `dim`, of flat tensors."""
    if dim is None:
        return gather(flatten(input), 0, flatten(indices))
    dim = counted(dim, input.ndim, "take_along_dim")
    if input.ndim != indices.ndim:
        raise RuntimeError(f"take_along_dim: input {tuple(input.shape)} and indices {tuple(indices.shape)}")
    shape = broadcast_shapes(*((*x.shape[:dim], 1, *x.shape[dim + 1 :]) for x in (input, indices)))
    input, indices = (expand(x, (*shape[:dim], x.shape[dim], *shape[dim + 1 :])) for x in (input, indices))
    return gather(input, dim, indices)


@method
def take(input, index):
    """The elements at positions of the flat tensor, in the shape of `index`; negative ones count back."""
    length = input.numel()
    if index.dtype.kind != "i":
        raise RuntimeError(f"take: expects an index of type int64, got {index.dtype}")
    if not kernels.of(index.array).within(index.array, -length, length):
        raise IndexError(f"take: an index is out of range for a tensor of {length} elements")
    return _index(flatten(input), index)


@method
def index_select(input, dim, index):
    """The parts of `input` along `dim` that a 1-d index names, as a copy; they may repeat."""
    if input.ndim == 0:
        return reshape(index_select(reshape(input, (1,)), dim, index), ())
    return _index(input, *part("index_select", input, dim, index))


@in_place
@method
def index_add(input, dim, index, source, *, alpha=1):
    """`input` plus alpha * source, whose parts along `dim` are added where a 1-d index says."""
    source = source if alpha == 1 else source * alpha
    positions = part("index_add", input, dim, index, RuntimeError)
    return input + _place(fitting("index_add", input, dim, index, source), input.shape, *positions)


@in_place
@method
def index_copy(input, dim, index, source):
    """`input` with the parts of source along `dim` in the places that a 1-d index names."""
    positions = part("index_copy", input, dim, index)
    return _put(input, fitting("index_copy", input, dim, index, source), *positions)


@in_place
@method
def index_fill(input, dim, index, value):
    """`input` with one number in the parts along `dim` that a 1-d index names."""
    if index.dtype.kind != "i":
        raise IndexError(f"index_fill: expects an index of type int64, got {index.dtype}")
    return _put(input, value, *part("index_fill", input, dim, index))


def part(name, input, dim, index, error=IndexError):
    """The index for parts along `dim` that a 1-d index names."""
    if input.ndim == 0:
        raise IndexError(f"{name}: a 0-d tensor has no dimension to index")
    dim = counted(dim, input.ndim, name)
    check_tensor(name, index)
    if index.ndim > 1:
        raise IndexError(f"{name}: expects an index of 1 dimension, got shape {tuple(index.shape)}")
    check_devices(name, input, index)
    check_range(name, index, dim, input.shape[dim], error)
    return [*[None] * dim, reshape(index, (-1,))]


def fitting(name, input, dim, index, source):
    """`source`, if its shape and type are those of the parts of `input` that it goes to."""
    dim = counted(dim, input.ndim, name)
    expected = (*input.shape[:dim], index.numel(), *input.shape[dim + 1 :])
    if tuple(source.shape) != expected:
        raise RuntimeError(f"{name}: source has shape {tuple(source.shape)}; it takes {expected}")
    if source.dtype is not input.dtype:
        raise RuntimeError(f"{name}: expected both to have the same dtype: {input.dtype} and {source.dtype}")
    return source


@in_place
@method
def index_put(input, indices, values, accumulate=False):
    """A copy of `input` with input[indices] = values, or += values, which adds up where an index repeats."""
    if type(input.array) is not np.ndarray:
        indices = on_card(input.array, indices)
    if not accumulate:
        return _put(input, values, *indices)
    target = _index(input, *indices).shape
    return input + _place(expand(values, target), input.shape, *indices)


@of_tensors
def searchsorted(sorted_sequence, input, *, out_int32=False, right=False):
    """Where each of `input` belongs in a sorted sequence: before its equals, or after them with `right`."""
    sequence = sorted_sequence.array
    values = input.array if isinstance(input, Tensor) else np.asarray(input, like=sequence)
    side, result = "right" if right else "left", np.int32 if out_int32 else np.int64
    sequence, values = on_one_device("searchsorted", [sequence, values])
    if sequence.ndim == 1:
        with current(sorted_sequence.device):
            return wrap(np.searchsorted(sequence, values, side).astype(result))
    if sequence.shape[:-1] != values.shape[:-1]:
        raise RuntimeError(
            f"searchsorted: sequences {sequence.shape} and input {values.shape} differ in other dimensions"
        )
    y = np.empty(values.shape, result, like=values)
    for row in np.ndindex(sequence.shape[:-1]):
        y[row] = np.searchsorted(sequence[row], values[row], side)
    return wrap(y)


@of_tensors
def bucketize(input, boundaries, *, out_int32=False, right=False):
    """For each of `input` the number of the bucket, between sorted boundaries, that it belongs to."""
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)
