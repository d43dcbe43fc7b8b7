"""One tensor taken apart: `select`, `split`, `chunk`, `unbind` and their kin, views all but `unfold`."""

from ..tensor import Tensor, method, of_tensors
from .indexing import _slice
from .shape import (
    counted,
    movedim,  # beyond
)


def along(dim, index):
    """What takes `index` of dimension `dim`, as an index of a tensor."""
    return (*[slice(None)] * dim, index, ...)


@method
def select(input, dim, index):
    """The part at position `index` of dimension `dim`, without that dimension."""
    dim = counted(dim, input.ndim, "select")
    if not -input.shape[dim] <= index < input.shape[dim]:
        raise IndexError(f"select: index {index} is out of range for dim {dim} of shape {tuple(input.shape)}")
    return _slice(input, along(dim, index))


@method
def narrow(input, dim, start, length):
    """`length` positions of dimension `dim`, from `start` on."""
    dim = counted(dim, input.ndim, "narrow")
    size, start = input.shape[dim], int(start)
    if not -size <= start <= size:
        raise IndexError(f"narrow: start {start} is out of range for dim {dim} of length {size}")
    start = start + size if start < 0 else start
    if length < 0 or start + length > size:
        raise RuntimeError(f"narrow: start {start} and length {length} leave dim {dim} of length {size}")
    return _slice(input, along(dim, slice(start, start + length)))


@method
def unbind(input, dim=0):
    """All parts along a dimension, without that dimension, as a tuple."""
    if input.ndim == 0:
        raise IndexError("unbind: a 0-d tensor has no dimension to take apart")
    dim = counted(dim, input.ndim, "unbind")
    return tuple(_slice(input, along(dim, i)) for i in range(input.shape[dim]))


@of_tensors
def split(tensor, split_size_or_sections, dim=0):
    """Parts along `dim`: of one length (the last may be shorter), or of the lengths in a list."""
    dim = counted(dim, tensor.ndim, "split")
    length, sections = tensor.shape[dim], split_size_or_sections
    if isinstance(sections, int):
        if sections < 0 or (sections == 0 and length):
            raise RuntimeError(f"split: expects a positive size, got {sections}")
        count = max(-(-length // max(sections, 1)), 1)
        ends = [min(sections * (i + 1), length) for i in range(count)]
    else:
        if sum(sections) != length or min(sections, default=0) < 0:
            raise RuntimeError(f"split: sizes {list(sections)} do not add up to {length}, dim {dim}'s length")
        ends = [sum(sections[: i + 1]) for i in range(len(sections))]
    return tuple(_slice(tensor, along(dim, slice(*bounds))) for bounds in zip([0, *ends], ends))


Tensor.split = lambda self, split_size, dim=0: split(self, split_size, dim)


@method
def chunk(input, chunks, dim=0):
    """At most `chunks` parts along `dim`, all of one length but the last."""
    if chunks < 1:
        raise RuntimeError(f"chunk: expects at least 1 chunk, got {chunks}")
    dim = counted(dim, input.ndim, "chunk")
    size = -(-input.shape[dim] // chunks)
    return split(input, size if size else [0] * chunks, dim)


@method
def tensor_split(input, indices_or_sections, dim=0):  # beyond
    """Parts along `dim`: so many, as equal as can be, or cut at the given positions."""
    if input.ndim == 0:
        raise RuntimeError("tensor_split: expects a tensor of at least 1 dimension")
    dim = counted(dim, input.ndim, "tensor_split")
    cuts = indices_or_sections.tolist() if hasattr(indices_or_sections, "tolist") else indices_or_sections
    if isinstance(cuts, int):
        if cuts < 1:
            raise RuntimeError(f"tensor_split: expects at least 1 section, got {cuts}")
        size, longer = divmod(input.shape[dim], cuts)
        cuts = [i * size + min(i, longer) for i in range(1, cuts)]
    return tuple(_slice(input, along(dim, slice(*bounds))) for bounds in zip([0, *cuts], [*cuts, None]))


@method
def unfold(self, dimension, size, step):  # beyond
    """A copy of all windows of `size` positions along a dimension, `step` apart, as a new last dimension.

    Of length n the dimension becomes (n - size) // step + 1, the number of windows.
    """
    dim = counted(dimension, self.ndim, "unfold")
    if size > self.shape[dim] or step < 1:
        raise RuntimeError(f"unfold: windows of {size}, {step} apart, in a length of {self.shape[dim]}")
    starts = range(0, self.shape[dim] - size + 1, step)
    windows = [list(range(start, start + size)) for start in starts]
    return movedim(self[along(dim, windows)], dim + 1, -1)
