"""Losses that compare element by element: how far predicted numbers or probabilities are from true ones."""

import warnings

import numpy as np

from ...autograd.operation import on_one_device, op
from ...ops.exponential import sigmoid
from ...tensor import of_tensors
from .activation import log_one_plus_exp


def reduce(loss, reduction, name):
    """The losses of all elements as `reduction` says: as they are, their mean, or their sum."""
    if reduction == "none":
        return loss
    if reduction == "mean":
        return loss.mean()
    if reduction == "sum":
        return loss.sum()
    raise ValueError(f"{name}: reduction is 'none', 'mean' or 'sum', not {reduction!r}")


def warn_of_broadcasting(input, target, name):
    """Warn where input and target differ in shape: their broadcast difference is rarely what was meant.

    Raise where they are on different devices.
    """
    check_devices(input, target, name)
    if input.shape != target.shape:
        warnings.warn(
            f"{name}: input has shape {tuple(input.shape)}, target {tuple(target.shape)}; to broadcast them "
            "against each other is seldom intended: bring them to one shape",
            stacklevel=3,
        )


@of_tensors
def mse_loss(input, target, *, reduction="mean"):
    """The squared difference of input and target."""
    warn_of_broadcasting(input, target, "mse_loss")
    return reduce(squared_error(input, target), reduction, "mse_loss")


@op(promote=True)
def squared_error(input, target):
    """(input - target)²."""
    difference = input - target
    return difference * difference, lambda g: g * difference * 2, lambda g: g * difference * -2


@of_tensors
def l1_loss(input, target, *, reduction="mean"):
    """The absolute difference of input and target."""
    warn_of_broadcasting(input, target, "l1_loss")
    return reduce((input - target).abs(), reduction, "l1_loss")


@of_tensors
def smooth_l1_loss(input, target, *, reduction="mean", beta=1.0):  # dark-5
    """The absolute difference minus beta/2, and where it is smaller than beta, the squared one / (2 beta)."""
    if beta < 0:
        raise RuntimeError(f"smooth_l1_loss: beta can't be negative, as {beta} is")
    warn_of_broadcasting(input, target, "smooth_l1_loss")
    if beta == 0:
        return reduce((input - target).abs(), reduction, "smooth_l1_loss")
    return reduce(rounded_error(input, target, beta, 1 / beta), reduction, "smooth_l1_loss")


@of_tensors
def huber_loss(input, target, reduction="mean", delta=1.0):  # beyond
    """Half of the squared difference up to a difference of delta, and from there on a straight line."""
    if delta <= 0:
        raise RuntimeError(f"huber_loss: delta must be positive, not {delta}")
    warn_of_broadcasting(input, target, "huber_loss")
    return reduce(rounded_error(input, target, delta, 1.0), reduction, "huber_loss")


@op(promote=True)
def rounded_error(input, target, width, scale):  # dark-5
    """scale * d²/2 for differences d of less than `width`, and the tangents of that beyond."""
    d = input - target
    far = np.abs(d) >= width  # which NaN is not
    slope = np.where(far, np.sign(d) * width, d) * scale
    return (
        np.where(far, (np.abs(d) - width / 2) * width, d * d * 0.5) * scale,
        lambda g: g * slope,
        lambda g: -g * slope,
    )


@of_tensors
def binary_cross_entropy(input, target, weight=None, *, reduction="mean"):
    """-(target log(input) + (1 - target) log(1 - input)) of probabilities; logarithms end at -100."""
    same_shape(input, target, "binary_cross_entropy")
    if input.dtype is not target.dtype:
        raise RuntimeError(f"binary_cross_entropy: input is {input.dtype}, target {target.dtype}")
    for name, x in (("input", input), ("target", target)):
        if not ((x >= 0) & (x <= 1)).all():
            raise RuntimeError(
                f"binary_cross_entropy: all elements of {name} should be between 0 and 1"
                + "; for logits there is binary_cross_entropy_with_logits" * (name == "input")
            )
    loss = probability_loss(input, target)
    return reduce(loss if weight is None else loss * weight, reduction, "binary_cross_entropy")


@op
def probability_loss(input, target):
    """The binary cross-entropy of probabilities, whose logarithms end at -100."""
    log_yes, log_no = np.maximum(np.log(input), -100), np.maximum(np.log1p(-input), -100)
    return (
        (target - 1) * log_no - target * log_yes,
        lambda g: g * (input - target) / np.maximum((1 - input) * input, 1e-12),
        lambda g: g * (np.log1p(-input) - np.log(input)),
    )


@of_tensors
def binary_cross_entropy_with_logits(input, target, weight=None, *, reduction="mean", pos_weight=None):
    """`binary_cross_entropy` of sigmoid(input), exact for all logits; `pos_weight` weighs the positives."""
    same_shape(input, target, "binary_cross_entropy_with_logits")
    if not target.dtype.is_floating_point:
        raise RuntimeError(
            f"binary_cross_entropy_with_logits: target is {target.dtype}; convert it with target.float()"
        )
    loss = logit_loss(input, target, pos_weight)
    return reduce(loss if weight is None else loss * weight, reduction, "binary_cross_entropy_with_logits")


@op
def logit_loss(input, target, pos_weight):
    """The binary cross-entropy of logits: (1 - target) input + log(1 + exp(-input))."""
    if pos_weight is None:
        return (
            (1 - target) * input + log_one_plus_exp(-input),
            lambda g: g * (sigmoid(input) - target),
            lambda g: -g * input,
        )
    factor = (pos_weight - 1) * target + 1  # of the logarithm of the probability
    return (
        (1 - target) * input + factor * log_one_plus_exp(-input),
        lambda g: g * ((1 - target) - factor * sigmoid(-input)),
        lambda g: g * ((pos_weight - 1) * log_one_plus_exp(-input) - input),
        lambda g: g * (target * log_one_plus_exp(-input)),
    )


def same_shape(input, target, name):
    """Raise where input and target differ in shape, or are on different devices."""
    check_devices(input, target, name)
    if input.shape != target.shape:
        raise ValueError(f"{name}: target has shape {tuple(target.shape)}, input {tuple(input.shape)}")


def check_devices(input, target, name):
    """Raise where one is on the CPU and the other is not; cards that differ are found by the operation."""
    if type(input.array) is not type(target.array):
        on_one_device(name, (input.array, target.array))


def kl_div(input, target, *, reduction="mean", log_target=False):  # beyond
    """target (log(target) - input): input is the logarithm of a probability; with `log_target`, so is target.

    The Kullback-Leibler divergence of two distributions is the sum over their elements: reduction
    "batchmean" gives its mean over the first dimension, "mean" divides by the number of elements.
    """
    if reduction == "mean":
        warnings.warn(
            "kl_div: 'mean' divides by the number of elements; the divergence is what 'batchmean' gives",
            stacklevel=2,
        )
    loss = target.exp() * (target - input) if log_target else divergence(input, target)
    if reduction == "batchmean":
        return loss.sum() / input.shape[0] if input.ndim else loss.sum()
    return reduce(loss, reduction, "kl_div")


@op(promote=True)
def divergence(input, target):  # beyond
    """target (log(target) - input)."""
    log_target = np.log(np.where(target > 0, target, 1))  # 0 log 0 counts as 0
    return target * (log_target - input), lambda g: -g * target, lambda g: g * (log_target + 1 - input)
