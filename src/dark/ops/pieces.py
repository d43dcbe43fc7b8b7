"""One tensor taken apart: `split`, `chunk`, `unbind` and their kin, all views."""

from ..tensor import method
from .shape import counted


@method
def select(input, dim, index):
    """The part at position `index` of dimension `dim`, without that dimension."""
    dim = counted(dim, input.ndim, "select")
    return input[(*[slice(None)] * dim, index)]


@method
def unbind(input, dim=0):
    """All parts along a dimension, without that dimension, as a tuple."""
    return tuple(select(input, dim, i) for i in range(input.shape[dim]))
