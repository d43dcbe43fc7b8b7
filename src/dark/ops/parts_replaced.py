"""A copy of a tensor with part of it replaced, or reduced with what else goes there."""  # beyond

import numpy as np

from ..autograd.operation import op
from ..devices import device, device_of, to_device
from ..tensor import Tensor, method
from .creation import full_like, ones_like
from .diagonals import _from_diagonal
from .gathering import index_put, lengthened, matching, mesh, scatter, scatter_add
from .in_place import in_place
from .indexing import _slice, _unslice, numpy_index
from .pieces import along
from .piecewise import where
from .shape import counted, flatten, reshape


@method
def select_scatter(input, src, dim, index):
    """`input` with src in the place that `select` would read."""
    place = along(counted(dim, input.ndim, "select_scatter"), index)
    return part_replaced("select_scatter", input, src, place)


@method
def slice_scatter(input, src, dim=0, start=None, end=None, step=1):
    """`input` with src in the place of a slice along `dim`."""
    place = along(counted(dim, input.ndim, "slice_scatter"), slice(start, end, step))
    return part_replaced("slice_scatter", input, src, place)


def part_replaced(name, input, src, index):
    """`input` with src at a basic index."""
    shape = tuple(input.shape)
    check_shape(name, src, _slice(input, index))
    return replaced(input, src, lambda x: _unslice(x, shape, index))


@method
def diagonal_scatter(input, src, offset=0, dim1=0, dim2=1):
    """`input` with src on the diagonal that `diagonal` would read."""
    check_shape("diagonal_scatter", src, input.diagonal(offset, dim1, dim2))
    shape, dims = tuple(input.shape), [counted(d, input.ndim, "diagonal_scatter") for d in (dim1, dim2)]
    return replaced(input, src, lambda x: _from_diagonal(x, shape, offset, *dims))


def replaced(input, src, into_zeros):
    """`input` with src where the function puts it into zeros."""
    return where(into_zeros(ones_like(src, dtype=bool)), into_zeros(src.to(input.dtype)), input)


def check_shape(name, src, place):
    """Raise where src has not the shape of the place it goes to."""
    if src.shape != place.shape:
        raise RuntimeError(f"{name}: src has shape {tuple(src.shape)}; it takes {tuple(place.shape)}")


@in_place
@method
def put(input, index, source, accumulate=False):
    """`input` with the elements of source at positions of the flat tensor, or added to those there."""
    if source.dtype is not input.dtype:
        raise RuntimeError(f"put: expected both to have the same dtype: {input.dtype} and {source.dtype}")
    if index.numel() != source.numel():
        raise IndexError(f"put: {source.numel()} elements for {index.numel()} positions")
    result = index_put(flatten(input), (flatten(index),), flatten(source), accumulate)
    return reshape(result, input.shape)


CPU = device("cpu")
REDUCTIONS = ("sum", "prod", "mean", "amax", "amin")


@in_place
@method
def scatter_reduce(input, dim, index, src, reduce, *, include_self=True):
    """`input` reduced with src at the positions that `gather` would read.

    `reduce` is "sum", "prod", "mean", "amax" or "amin"; unless `include_self`, what is in input at those
    positions does not count. Equally large elements share the gradient.
    """
    if reduce not in REDUCTIONS:
        raise RuntimeError(f"scatter_reduce: reduce is one of {', '.join(REDUCTIONS)}, not {reduce!r}")
    if input.ndim == 0:
        result = scatter_reduce(lengthened(input), dim, index, src, reduce, include_self=include_self)
        return reshape(result, ())
    index = lengthened(index)
    positions = mesh("scatter_reduce", input, dim, index)
    src = matching("scatter_reduce", input, index, src)
    if not include_self:
        input = scatter(input, dim, index, neutral(input, reduce))
    if reduce in ("sum", "mean"):
        y = scatter_add(input, dim, index, src)
        if reduce == "sum":
            return y
        counts = full_like(input, int(include_self), dtype=src.dtype)
        counts = scatter_add(counts, dim, index, ones_like(src)).clamp(min=1)
        return y / counts if y.is_floating_point() else y // counts
    if reduce == "prod":
        return multiplied_into(input, src, *positions)
    return extreme_of(input, src, *positions, largest=reduce == "amax")


def neutral(input, reduce):
    """What changes no result of a reduction."""
    if reduce in ("sum", "mean"):
        return 0
    if reduce == "prod":
        return 1
    if input.is_floating_point():
        return -np.inf if reduce == "amax" else np.inf
    if input.dtype.kind == "b":
        return reduce == "amin"
    limits = np.iinfo(input.dtype.numpy)
    return int(limits.min if reduce == "amax" else limits.max)


@op
def multiplied_into(input, src, *indices):
    """`input` with the elements of src multiplied into those at an index.

    The gradient of a factor is the product of the others: with one zero among them, of a zero alone.
    """
    y = combined(multiplied_into, np.multiply, input, src, indices)
    index = numpy_index(indices)

    def others(g, x, at):
        product = multiplied_into(np.where(input == 0, 1, input), np.where(src == 0, 1, src), *indices)
        zeros = added_into((input == 0) * 1, (src == 0) * 1, *indices)
        apart = np.where(x == 0, at(zeros) == 1, at(zeros) == 0)
        return at(g) * np.where(apart, at(product) / np.where(x == 0, 1, x), 0)

    return y, lambda g: others(g, input, lambda x: x), lambda g: others(g, src, lambda x: x[index])


@op
def extreme_of(input, src, *indices, largest):
    """The largest (or smallest) of each element of `input` and those of src at its index."""
    function = np.maximum if largest else np.minimum
    y = combined(extreme_of, function, input, src, indices, largest=largest)
    index = numpy_index(indices)

    def share(g):
        return g / added_into((input == y) * 1, (src == y[index]) * 1, *indices)

    to_input = lambda g: np.where(input == y, share(g), 0)
    return y, to_input, lambda g: np.where(src == y[index], share(g)[index], 0)


@op(differentiable=False)
def added_into(input, src, *indices):
    """`input` with the elements of src added to those at an index."""
    return combined(added_into, np.add, input, src, indices)


def combined(operation, function, input, src, indices, **options):
    """NumPy's `function` of elements at an index, one after the other; on tensors the operation itself.

    It runs on the CPU: CuPy has no such form of all these functions.
    """
    if isinstance(input, Tensor) or isinstance(src, Tensor):
        return operation(input, src, *indices, **options)
    place = device_of(input)
    y, values, *index = (to_device(x, CPU) for x in (input, src, *numpy_index(indices)))
    y = np.copy(y)
    function.at(y, tuple(index), values)
    return to_device(y, place)
