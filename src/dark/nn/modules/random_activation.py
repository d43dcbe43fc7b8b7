"""Layers with chance in them: RReLU, and dropouts for SELU."""  # beyond

from ...tensor import Tensor
from .. import functional as F
from .dropout import Dropout
from .module import Module


class RReLU(Module):
    """input where it is positive, elsewhere a part of it, drawn from U(lower, upper) in training.

    In evaluation the part is (lower + upper) / 2. Xu et al., Empirical evaluation of rectified activations
    in convolutional network (2015).
    """

    def __init__(self, lower: float = 1 / 8, upper: float = 1 / 3, inplace: bool = False):
        super().__init__()
        self.lower = lower
        self.upper = upper
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f"lower={self.lower}, upper={self.upper}{', inplace=True' if self.inplace else ''}"


class AlphaDropout(Dropout):
    """Dropout to SELU's lowest value instead of 0, so that mean and variance stay; input of any shape.

    Klambauer et al., Self-normalizing neural networks (2017).
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.alpha_dropout(input, self.p, self.training)


class FeatureAlphaDropout(Dropout):
    """`AlphaDropout` of whole channels: input (N, C, *)."""

    def forward(self, input: Tensor) -> Tensor:
        return F.feature_alpha_dropout(input, self.p, self.training)
