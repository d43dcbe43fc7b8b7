"""Losses as modules: each keeps the options of the function it calls."""

from ...tensor import Tensor
from .. import functional as F
from .module import Module


class Loss(Module):
    """A loss of an input and a target; `reduction` says whether it is averaged, summed, or left as it is."""

    def __init__(self, *, reduction: str = "mean"):
        super().__init__()
        self.reduction = reduction


class WeightedLoss(Loss):
    """A loss with weights, which belong to its state."""

    def __init__(self, weight: Tensor | None = None, *, reduction: str = "mean"):
        super().__init__(reduction=reduction)
        self.register_buffer("weight", weight)


class MSELoss(Loss):
    """The mean of (input - target)².

    Shapes: input and target (*), result () or, with reduction "none", (*).
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.mse_loss(input, target, reduction=self.reduction)


class L1Loss(Loss):
    """The mean of |input - target|.

    Shapes: input and target (*), result () or, with reduction "none", (*).
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.l1_loss(input, target, reduction=self.reduction)


class SmoothL1Loss(Loss):  # dark-5
    """The mean of d² / (2 beta) where d = |input - target| is below beta, of d - beta / 2 elsewhere.

    Shapes: input and target (*), result () or, with reduction "none", (*).
    Girshick, Fast R-CNN (2015).
    """

    def __init__(self, *, reduction: str = "mean", beta: float = 1.0):
        super().__init__(reduction=reduction)
        self.beta = beta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.smooth_l1_loss(input, target, reduction=self.reduction, beta=self.beta)


class HuberLoss(Loss):  # beyond
    """The mean of d² / 2 where d = |input - target| is below delta, of delta * (d - delta / 2) elsewhere.

    Shapes: input and target (*), result () or, with reduction "none", (*).
    Huber, Robust estimation of a location parameter (1964).
    """

    def __init__(self, reduction: str = "mean", delta: float = 1.0):
        super().__init__(reduction=reduction)
        self.delta = delta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.huber_loss(input, target, reduction=self.reduction, delta=self.delta)


class BCELoss(WeightedLoss):
    """The mean of -(target * log(input) + (1 - target) * log(1 - input)), of probabilities.

    The logarithms end at -100. `weight` multiplies the elements' losses.
    Shapes: input and target (*), result () or, with reduction "none", (*).
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy(input, target, self.weight, reduction=self.reduction)


class BCEWithLogitsLoss(WeightedLoss):
    """BCELoss of sigmoid(input), exact for logits of any size.

    `weight` multiplies the elements' losses, `pos_weight` only the term of target * log(sigmoid(input)).
    Shapes: input and target (*), result () or, with reduction "none", (*).
    """

    def __init__(
        self, weight: Tensor | None = None, *, reduction: str = "mean", pos_weight: Tensor | None = None
    ):
        super().__init__(weight, reduction=reduction)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy_with_logits(
            input, target, self.weight, reduction=self.reduction, pos_weight=self.pos_weight
        )


class CrossEntropyLoss(WeightedLoss):
    """The mean of -log(softmax(input)[target]): how little probability the right class is given.

    Shapes: input (N, C), (C,) or (N, C, d1, ...), logits; target without the C, indices of classes, or like
    input, probabilities; weight (C,); result () or, with reduction "none", input's without the C.
    For `weight`, `ignore_index` and `label_smoothing` see `functional.cross_entropy`.
    """

    def __init__(
        self, weight: Tensor | None = None, *, ignore_index: int = -100, reduction: str = "mean",
        label_smoothing: float = 0.0,
    ):  # fmt: skip
        super().__init__(weight, reduction=reduction)
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.cross_entropy(
            input, target, self.weight, ignore_index=self.ignore_index, reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )  # fmt: skip


class NLLLoss(WeightedLoss):
    """The mean of -input[target], where input holds logarithms of probabilities.

    Shapes: input (N, C), (C,) or (N, C, d1, ...), target without the C, indices of classes; weight (C,);
    result () or, with reduction "none", target's. With `weight` the mean is by weight.
    """

    def __init__(self, weight: Tensor | None = None, *, ignore_index: int = -100, reduction: str = "mean"):
        super().__init__(weight, reduction=reduction)
        self.ignore_index = ignore_index

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.nll_loss(
            input, target, self.weight, ignore_index=self.ignore_index, reduction=self.reduction
        )


class KLDivLoss(Loss):  # beyond
    """The mean of target * (log(target) - input), where input is the logarithm of a probability.

    With `log_target` target is one, too. The Kullback-Leibler divergence is what reduction "batchmean" gives:
    the sum over the length of the first dimension.
    Shapes: input and target (*), result () or, with reduction "none", (*).
    """

    def __init__(self, *, reduction: str = "mean", log_target: bool = False):
        super().__init__(reduction=reduction)
        self.log_target = log_target

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.kl_div(input, target, reduction=self.reduction, log_target=self.log_target)
