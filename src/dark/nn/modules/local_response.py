"""Local response normalization, as a module."""  # beyond

from ...tensor import Tensor
from .. import functional as F
from .module import Module


class LocalResponseNorm(Module):
    """input / (k + alpha * the mean square of `size` neighbouring channels)^beta; input (N, C, *).

    Krizhevsky et al., ImageNet classification with deep convolutional neural networks (2012).
    """

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0):
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def forward(self, input: Tensor) -> Tensor:
        return F.local_response_norm(input, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"
