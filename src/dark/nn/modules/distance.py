"""Distances of vectors, as modules."""  # beyond

from ...tensor import Tensor
from .. import functional as F
from .module import Module


class CosineSimilarity(Module):
    """x1 · x2 / (max(|x1|, eps) * max(|x2|, eps)): the cosine of the angle between two vectors along `dim`.

    Shapes: x1 and x2 (*, D, *) with the D at `dim`, result (*, *).
    """

    def __init__(self, dim: int = 1, eps: float = 1e-8):
        super().__init__()
        self.dim = dim
        self.eps = eps

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return F.cosine_similarity(x1, x2, self.dim, self.eps)


class PairwiseDistance(Module):
    """(Σ |x1 - x2 + eps|^p)^(1/p) over the last dimension.

    Shapes: x1 and x2 (N, D) or (D,), result (N,) or (); with `keepdim` (N, 1) or (1,).
    """

    def __init__(self, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False):
        super().__init__()
        self.norm = p
        self.eps = eps
        self.keepdim = keepdim

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return F.pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)
