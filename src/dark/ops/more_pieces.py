"""Tensors taken apart along one of the first dimensions, or into parts of given lengths."""  # beyond

from ..tensor import Tensor, method, of_tensors
from .pieces import split, tensor_split


@of_tensors
def split_with_sizes(input, split_sizes, dim=0):
    """Parts along `dim` of the given lengths."""
    return split(input, split_sizes, dim)


Tensor.split_with_sizes = lambda self, split_sizes, dim=0: split(self, split_sizes, dim)


def cut(name, ndim, dim):
    """A function that takes tensors of at least `ndim` dimensions apart along `dim`."""

    def function(input, sections):
        if input.ndim < ndim:
            raise RuntimeError(f"{name}: expects at least {ndim} dimensions, got shape {tuple(input.shape)}")
        along = 0 if input.ndim == 1 else dim
        if isinstance(sections, int) and (sections < 1 or input.shape[along] % sections):
            length = input.shape[along]
            raise RuntimeError(f"{name}: dimension {along} of length {length} has no {sections} equal parts")
        return tensor_split(input, sections, along)

    function.__name__ = name
    function.__doc__ = f"Parts along dimension {dim}: so many equal ones, or cut at the given positions."
    return method(function)


hsplit = cut("hsplit", 1, 1)
vsplit = cut("vsplit", 2, 0)
dsplit = cut("dsplit", 3, 2)
