"""Unpooling, as modules: what max pooling took goes back to where it was, among zeros."""  # beyond

from ...tensor import Tensor
from .. import functional as F
from .module import Module


class MaxUnpool(Module):
    """What MaxUnpool1d and MaxUnpool2d have in common."""

    _dimensions: int

    def __init__(
        self, kernel_size: int | tuple[int, ...], stride: int | tuple[int, ...] | None = None,
        padding: int | tuple[int, ...] = 0,
    ):  # fmt: skip
        super().__init__()
        self.kernel_size = self._several(kernel_size)
        self.stride = self._several(kernel_size if stride is None else stride)
        self.padding = self._several(padding)

    def _several(self, size):
        """A size for every dimension."""
        return (size,) * self._dimensions if isinstance(size, int) else tuple(size)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class MaxUnpool1d(MaxUnpool):
    """`MaxUnpool2d` along one dimension: input and indices (N, C, L) or (C, L)."""

    _dimensions = 1

    def forward(self, input: Tensor, indices: Tensor, output_size: list[int] | None = None) -> Tensor:
        return F.max_unpool1d(input, indices, self.kernel_size, self.stride, self.padding, output_size)


class MaxUnpool2d(MaxUnpool):
    """Puts the numbers of the input (N, C, H, W) or (C, H, W) at `indices` of a larger picture of zeros.

    The indices are those that `MaxPool2d` gives with `return_indices`. Zeiler and Fergus, Visualizing and
    understanding convolutional networks (2014).
    """

    _dimensions = 2

    def forward(self, input: Tensor, indices: Tensor, output_size: list[int] | None = None) -> Tensor:
        return F.max_unpool2d(input, indices, self.kernel_size, self.stride, self.padding, output_size)
