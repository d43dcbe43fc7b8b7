"""Negative logarithms of likelihoods, as modules."""  # beyond

from ...tensor import Tensor
from .. import functional as F
from .loss import Loss


class PoissonNLLLoss(Loss):
    """exp(input) - target * input, for counts as targets, whose expected number is exp(input).

    Without `log_input` that number is input itself: input - target * log(input + eps). `full` adds the rest
    of the likelihood, see `functional.poisson_nll_loss`.
    Shapes: input and target (*), result () or, with reduction "none", (*).
    """

    def __init__(
        self, log_input: bool = True, full: bool = False, *, eps: float = 1e-8, reduction: str = "mean"
    ):
        super().__init__(reduction=reduction)
        self.log_input = log_input
        self.full = full
        self.eps = eps

    def forward(self, log_input: Tensor, target: Tensor) -> Tensor:
        return F.poisson_nll_loss(
            log_input, target, self.log_input, self.full, eps=self.eps, reduction=self.reduction
        )


class GaussianNLLLoss(Loss):
    """(log(var) + (input - target)² / var) / 2, for numbers as targets, each with a variance of its own.

    var is at least eps; `full` adds log(2π) / 2.
    Shapes: input and target (*), var the same, or with a last dimension of 1 or without it, or a number;
    result () or, with reduction "none", (*).
    """

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean"):
        super().__init__(reduction=reduction)
        self.full = full
        self.eps = eps

    def forward(self, input: Tensor, target: Tensor, var: Tensor | float) -> Tensor:
        return F.gaussian_nll_loss(input, target, var, self.full, self.eps, self.reduction)
