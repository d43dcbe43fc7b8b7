"""Losses that are 0 as soon as the right answer is ahead by a margin."""  # beyond

from ...tensor import of_tensors
from .activation import logsigmoid
from .distance import pairwise_distance
from .loss import log_one_plus_exp, reduce


@of_tensors
def margin_ranking_loss(input1, input2, target, margin=0.0, *, reduction="mean"):
    """How far input1 is from exceeding input2 by `margin` (target 1), or the other way round (-1)."""
    if not input1.ndim == input2.ndim == target.ndim:
        raise RuntimeError(
            "margin_ranking_loss: expected inputs and a target of as many dimensions, not "
            f"{tuple(input1.shape)}, {tuple(input2.shape)} and {tuple(target.shape)}"
        )
    return reduce((margin - target * (input1 - input2)).clamp(min=0), reduction, "margin_ranking_loss")


@of_tensors
def hinge_embedding_loss(input, target, margin=1.0, *, reduction="mean"):
    """The distance `input` of pairs that are alike (target 1); of others (-1) what it lacks to `margin`."""
    alike = input.where(target != -1, 0.0)
    apart = (margin - input).clamp(min=0).where(target != 1, 0.0)
    return reduce(alike + apart, reduction, "hinge_embedding_loss")


def soft_margin_loss(input, target, *, reduction="mean"):
    """log(1 + exp(-target * input)), for targets 1 and -1."""
    return reduce(log_one_plus_exp(-target * input), reduction, "soft_margin_loss")


@of_tensors
def cosine_embedding_loss(input1, input2, target, margin=0.0, *, reduction="mean"):
    """1 - cosine of vectors that are alike (target 1); of others (-1) cosine - margin, if positive.

    Shapes: inputs (N, D) and target (N,), or (D,) and ().
    """
    if target.ndim != input1.ndim - 1 or input1.ndim > 2:
        raise RuntimeError(
            "cosine_embedding_loss: expected inputs (N, D) and a target (N,), or (D,) and (), not "
            f"{tuple(input1.shape)}, {tuple(input2.shape)} and {tuple(target.shape)}"
        )
    squares = (input1.square().sum(-1) + 1e-12) * (input2.square().sum(-1) + 1e-12)
    cosine = (input1 * input2).sum(-1) / squares.sqrt()
    loss = (1 - cosine).where(target == 1, 0.0) + (cosine - margin).clamp(min=0).where(target == -1, 0.0)
    return reduce(loss, reduction, "cosine_embedding_loss")


def triplet_margin_loss(
    anchor, positive, negative, margin=1.0, p=2.0, eps=1e-6, swap=False, *, reduction="mean"
):
    """By how much the distance to `positive` is not smaller, by `margin`, than that to `negative`.

    With `swap`, the distance of positive and negative counts where it is the smaller one.
    """
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = far.minimum(pairwise_distance(positive, negative, p, eps))
    loss = (pairwise_distance(anchor, positive, p, eps) - far + margin).clamp(min=0)
    return reduce(loss, reduction, "triplet_margin_loss")


@of_tensors
def multi_margin_loss(input, target, p=1, margin=1.0, weight=None, *, reduction="mean"):
    """By how much the other scores are not below the right class's by `margin`, to the power p; their mean.

    Shapes: input (N, C) or (C,), target (N,) or ().
    """
    if p not in (1, 2):
        raise ValueError(f"multi_margin_loss: p is 1 or 2, not {p}")
    x, classes = (input, target) if input.ndim == 2 else (input.unsqueeze(0), target.reshape(1))
    wrong = classes[(classes < 0) | (classes >= x.shape[1])]
    if wrong.numel():
        raise RuntimeError(f"multi_margin_loss: target has class {wrong[0]}, input {x.shape[1]} from 0")
    right = x.gather(1, classes.unsqueeze(1))
    short = (x - right + margin).relu() ** p
    if weight is not None:
        short = short * weight[classes].unsqueeze(1)
    others = classes.unsqueeze(1) != classes.new_tensor(range(x.shape[1]))
    loss = short.where(others, 0.0).sum(1) / x.shape[1]
    return reduce(loss if input.ndim == 2 else loss.squeeze(0), reduction, "multi_margin_loss")


def triplet_margin_with_distance_loss(
    anchor, positive, negative, *, distance_function=None, margin=1.0, swap=False, reduction="mean"
):
    """`triplet_margin_loss` with any distance: a function of two tensors; without, `pairwise_distance`."""
    name = "triplet_margin_with_distance_loss"
    if margin <= 0:
        raise ValueError(f"{name}: margin must be positive, not {margin}")
    if not anchor.ndim == positive.ndim == negative.ndim:
        shapes = ", ".join(str(tuple(x.shape)) for x in (anchor, positive, negative))
        raise RuntimeError(f"{name}: expected inputs of as many dimensions, not {shapes}")
    distance = distance_function or pairwise_distance
    far = distance(anchor, negative)
    if swap:
        far = far.minimum(distance(positive, negative))
    return reduce((margin + distance(anchor, positive) - far).clamp(min=0), reduction, name)


@of_tensors
def multilabel_soft_margin_loss(input, target, weight=None, *, reduction="mean"):
    """Binary cross-entropy of the logits `input`, with targets 0 and 1; the mean over the last dimension."""
    loss = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    if weight is not None:
        loss = loss * weight
    return reduce(loss.sum(-1) / input.shape[-1], reduction, "multilabel_soft_margin_loss")


@of_tensors
def multilabel_margin_loss(input, target, *, reduction="mean"):
    """By how much the scores of wrong classes are not below those of the right ones by 1; summed, over C.

    Shapes: input and target (N, C) or (C,). A row of target lists the right classes; a -1 ends the list.
    """
    name, shapes = "multilabel_margin_loss", f"input {tuple(input.shape)}, target {tuple(target.shape)}"
    if input.shape != target.shape or input.ndim > 2:
        raise RuntimeError(f"{name}: expected two matrices (N, C) or vectors (C,), got {shapes}")
    if target.is_floating_point():
        raise RuntimeError(f"{name}: target has classes, int64, not {target.dtype}")
    rows = (1, -1) if input.ndim < 2 else tuple(input.shape)
    x, classes = input.reshape(rows), target.reshape(rows)
    count = x.shape[1]
    if ((classes < -1) | (classes >= count)).any():
        raise RuntimeError(f"{name}: a class in target is not from 0 to {count - 1}, nor -1")
    listed = (classes >= 0).long().cumprod(1).bool()  # what stands before the first -1
    chosen = classes.clamp(min=0)
    right = (chosen.unsqueeze(2) == classes.new_tensor(range(count))) & listed.unsqueeze(2)
    short = (1 - x.gather(1, chosen).unsqueeze(2) + x.unsqueeze(1)).relu()  # (N, C listed, C)
    counts = listed.unsqueeze(2) & ~right.any(1).unsqueeze(1)
    loss = short.where(counts, 0.0).sum((1, 2)) / max(count, 1)
    return reduce(loss if input.ndim == 2 else loss.squeeze(0), reduction, name)
