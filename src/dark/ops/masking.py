"""Elements picked or replaced where a mask holds, and the positions where it does."""

import numpy as np

from ..autograd.operation import op
from ..dtypes import as_dtype, cast
from ..tensor import method, to_array, wrap
from .broadcasting import broadcast_shapes, expand
from .in_place import in_place
from .indexing import (
    _index,
    _put,  # beyond
)
from .shape import (
    flatten,  # beyond
    reshape,
)


@method
def masked_select(input, mask):
    """The elements at which a boolean mask holds, in one dimension; mask and input broadcast."""
    check_mask("masked_select", mask)
    try:
        shape = broadcast_shapes(tuple(input.shape), tuple(mask.shape))
    except RuntimeError as error:
        raise RuntimeError(f"masked_select: {error}") from None
    return _index(reshape(expand(input, shape), (-1,)), reshape(expand(mask, shape), (-1,)))


@in_place
@method
def masked_fill(input, mask, value):
    """`input` with a number, or a 0-d tensor, where a boolean mask holds."""
    check_mask("masked_fill", mask)
    return _masked_fill(input, value, mask)


@op
def _masked_fill(input, value, mask):
    if getattr(value, "ndim", 0):
        raise RuntimeError(f"masked_fill: value is a number or a 0-d tensor, not one of {tuple(value.shape)}")
    kind = as_dtype(input.dtype)
    if isinstance(value, float) and not kind.is_floating_point:
        value = to_array(value, kind).item()
    y = cast(np.where(mask, value, input), kind)
    return y, lambda g: np.where(mask, 0, g), lambda g: np.where(mask, g, 0)


@in_place
@method
def masked_scatter(input, mask, source):  # beyond
    """`input` with the first elements of source, one after the other, where a boolean mask holds."""
    check_mask("masked_scatter", mask)
    mask = expand(mask, broadcast_shapes(tuple(input.shape), tuple(mask.shape)))
    count = int(mask.array.sum())
    if source.numel() < count:
        raise RuntimeError(f"masked_scatter: the mask holds {count} times, source has {source.numel()}")
    return _put(expand(input, mask.shape), flatten(source)[:count], mask)


def check_mask(name, mask):
    """Raise where a mask is not boolean."""
    if not hasattr(mask, "dtype"):
        raise TypeError(f"{name}: expected a Tensor for a mask, got {type(mask).__name__}")
    if mask.dtype.kind != "b":
        raise RuntimeError(f"{name}: expects a mask of type bool, got {mask.dtype}")


@method
def nonzero(input, *, as_tuple=False):
    """The positions of the elements that are not zero: (how many, ndim), or a tensor for each dimension."""
    if as_tuple:
        return tuple(wrap(i) for i in np.nonzero(np.atleast_1d(input.array)))
    return wrap(np.argwhere(input.array).copy(order="C"))


@method
def argwhere(input):  # beyond
    """The positions of the elements that are not zero, (how many, ndim)."""
    return nonzero(input)
