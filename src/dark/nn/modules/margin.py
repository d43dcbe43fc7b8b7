"""Losses that are 0 as soon as the right answer is ahead by a margin, as modules."""  # beyond

from collections.abc import Callable

from ...tensor import Tensor
from .. import functional as F
from .distance import PairwiseDistance
from .loss import Loss, WeightedLoss


class MarginLoss(Loss):
    """A loss with a margin."""

    def __init__(self, margin: float = 0.0, *, reduction: str = "mean"):
        super().__init__(reduction=reduction)
        self.margin = margin


class MarginRankingLoss(MarginLoss):
    """The mean of max(0, margin - target * (input1 - input2)).

    Target 1 says that input1 should be the larger by `margin`, -1 that input2 should.
    Shapes: input1, input2 and target (*), result () or, with reduction "none", (*).
    """

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return F.margin_ranking_loss(input1, input2, target, self.margin, reduction=self.reduction)


class CosineEmbeddingLoss(MarginLoss):
    """The mean of 1 - cos(input1, input2) where target is 1, of max(0, cos - margin) where it is -1.

    Shapes: input1 and input2 (N, D), target (N,), result () or, with reduction "none", (N,); or without N.
    """

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return F.cosine_embedding_loss(input1, input2, target, self.margin, reduction=self.reduction)


class HingeEmbeddingLoss(MarginLoss):
    """The mean of input, a distance, where target is 1, and of max(0, margin - input) where it is -1.

    Shapes: input and target (*), result () or, with reduction "none", (*).
    """

    def __init__(self, margin: float = 1.0, *, reduction: str = "mean"):
        super().__init__(margin, reduction=reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.hinge_embedding_loss(input, target, self.margin, reduction=self.reduction)


class SoftMarginLoss(Loss):
    """The mean of log(1 + exp(-target * input)), for targets 1 and -1.

    Shapes: input and target (*), result () or, with reduction "none", (*).
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.soft_margin_loss(input, target, reduction=self.reduction)


class TripletMarginLoss(MarginLoss):
    """The mean of max(0, |anchor - positive| - |anchor - negative| + margin), in the p-norm.

    With `swap`, |positive - negative| takes the place of |anchor - negative| where it is smaller.
    Shapes: the inputs (N, D), result () or, with reduction "none", (N,); or without N.
    """

    def __init__(
        self, margin: float = 1.0, p: float = 2.0, eps: float = 1e-6, swap: bool = False, *,
        reduction: str = "mean",
    ):  # fmt: skip
        super().__init__(margin, reduction=reduction)
        self.p = p
        self.eps = eps
        self.swap = swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        return F.triplet_margin_loss(
            anchor, positive, negative, self.margin, self.p, self.eps, self.swap, reduction=self.reduction
        )


class MultiMarginLoss(WeightedLoss):
    """The mean of Σ max(0, margin - input[target] + input[i])^p / C over the classes i other than target.

    Shapes: input (N, C), target (N,) of class indices, weight (C,), by which a target's loss is multiplied;
    result () or, with reduction "none", (N,); or without N.
    """

    def __init__(
        self, p: int = 1, margin: float = 1.0, weight: Tensor | None = None, *, reduction: str = "mean"
    ):
        super().__init__(weight, reduction=reduction)
        self.p = p
        self.margin = margin

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multi_margin_loss(input, target, self.p, self.margin, self.weight, reduction=self.reduction)


class TripletMarginWithDistanceLoss(Loss):
    """`TripletMarginLoss` with any distance: a function of two tensors, or a module."""

    def __init__(
        self, *, distance_function: Callable[[Tensor, Tensor], Tensor] | None = None, margin: float = 1.0,
        swap: bool = False, reduction: str = "mean",
    ):  # fmt: skip
        super().__init__(reduction=reduction)
        if margin <= 0:
            raise ValueError(f"TripletMarginWithDistanceLoss: margin must be positive, not {margin}")
        self.distance_function = distance_function or PairwiseDistance()
        self.margin = margin
        self.swap = swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        return F.triplet_margin_with_distance_loss(
            anchor, positive, negative, distance_function=self.distance_function, margin=self.margin,
            swap=self.swap, reduction=self.reduction,
        )  # fmt: skip


class MultiLabelSoftMarginLoss(WeightedLoss):
    """Binary cross-entropy of logits, with targets 0 and 1: the mean over the classes, then over the batch.

    Shapes: input and target (N, C), weight (C,); result () or, with reduction "none", (N,); or without N.
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multilabel_soft_margin_loss(input, target, self.weight, reduction=self.reduction)


class MultiLabelMarginLoss(Loss):
    """The mean of Σ max(0, 1 - input[j] + input[i]) / C over right classes j and wrong ones i.

    Shapes: input and target (N, C), a row of which lists the right classes and ends, maybe early, with -1;
    result () or, with reduction "none", (N,); or without N.
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multilabel_margin_loss(input, target, reduction=self.reduction)
