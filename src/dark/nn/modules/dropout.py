"""Dropout as modules: random elements or channels become 0 in training, none in evaluation."""  # dark-5

from ...tensor import Tensor
from .. import functional as F
from ..functional.dropout import check_probability
from .module import Module


class Dropout(Module):
    """Sets every element to 0 with probability `p`, in training, and divides the others by 1 - p.

    Input of any shape. Srivastava et al., Dropout: a simple way to prevent neural networks from
    overfitting (2014).
    """

    def __init__(self, p: float = 0.5, inplace: bool = False):
        super().__init__()
        check_probability(type(self).__name__, p)
        self.p = p
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout(input, self.p, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"


class Dropout1d(Dropout):
    """`Dropout` of whole channels: input (N, C, L) or (C, L)."""

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout1d(input, self.p, self.training, self.inplace)


class Dropout2d(Dropout):
    """`Dropout` of whole channels: input (N, C, H, W).

    Tompson et al., Efficient object localization using convolutional networks (2015).
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout2d(input, self.p, self.training, self.inplace)
