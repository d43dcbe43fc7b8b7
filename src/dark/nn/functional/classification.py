"""Losses for classes: how little probability a network gives to the right one."""

import math

import numpy as np

from ... import kernels
from ...autograd.operation import on_one_device, op
from ...devices import current
from ...kernels.reference.classification import targets
from ...ops.softmax import log_softmax
from ...tensor import check_tensor, of_tensors
from .loss import reduce


@of_tensors
def cross_entropy(input, target, weight=None, *, ignore_index=-100, reduction="mean", label_smoothing=0.0):
    """-log of the probability that softmax(input) gives to the target.

    input (N, C), (C,) or (N, C, d1, ...) holds logits. target holds class indices and has input's shape
    without the C, or it holds probabilities and has input's shape. `weight` (C,) weighs the classes;
    with class indices the mean is by weight, over the targets that are not `ignore_index`.
    `label_smoothing` takes that part of the probability from the target and spreads it over all classes.
    """
    if not 0 <= label_smoothing <= 1:
        raise RuntimeError(f"cross_entropy: label_smoothing is between 0 and 1, not {label_smoothing}")
    check_tensor("cross_entropy", input, target)
    if input.shape == target.shape and input.ndim:
        return soft_cross_entropy(input, target, weight, ignore_index, reduction, label_smoothing)
    check(input, target, weight, ignore_index, reduction, "cross_entropy")
    logits, classes = rows(input, target)
    loss = hard_cross_entropy(logits, classes, detached(weight), ignore_index, reduction, label_smoothing)
    return loss.reshape(target.shape) if reduction == "none" else loss


def nll_loss(input, target, weight=None, *, ignore_index=-100, reduction="mean"):
    """-input at the target class; input holds logarithms of probabilities. Shapes as in `cross_entropy`."""
    check_tensor("nll_loss", input, target)
    check(input, target, weight, ignore_index, reduction, "nll_loss")
    logarithms, classes = rows(input, target)
    loss = negative_log_likelihood(logarithms, classes, detached(weight), ignore_index, reduction)
    return loss.reshape(target.shape) if reduction == "none" else loss


@op
def hard_cross_entropy(input, target, weight, ignore_index, reduction, label_smoothing):
    """The whole way from logits (N, C) to the loss; its gradient is softmax minus target, by weight."""
    kernel = kernels.of(input)
    loss, weights, gradient = kernel.cross_entropy(input, target, weight, ignore_index, label_smoothing)
    loss, scale = reduced(loss, weights, reduction)
    return loss, lambda g: gradient(g.reshape((-1, 1)) * scale)


@op
def negative_log_likelihood(input, target, weight, ignore_index, reduction):
    """-input at the target class of every row, reduced."""
    chosen, kept, weights = targets(target, weight, ignore_index, input)
    rows = np.arange(len(chosen), like=chosen)
    loss, scale = reduced(np.where(kept, input[rows, chosen], 0) * -weights, weights, reduction)

    def gradient(g):
        factors = np.zeros(input.shape, weights.dtype, like=weights)
        factors[rows, chosen] = -weights
        return factors * (g.reshape((-1, 1)) * scale)

    return loss, gradient


def soft_cross_entropy(input, target, weight, ignore_index, reduction, label_smoothing):
    """`cross_entropy` with a probability for every class; the mean is over the positions, not by weight."""
    if target.dtype.kind != "f":
        raise RuntimeError(f"cross_entropy: a target of input's shape is floating-point, not {target.dtype}")
    if ignore_index >= 0:
        raise RuntimeError("cross_entropy: ignore_index is not supported for a target of probabilities")
    check_weight(input, weight, "cross_entropy")
    axis = min(1, input.ndim - 1)
    classes = input.shape[axis]
    if label_smoothing:
        target = target * (1 - label_smoothing) + label_smoothing / max(classes, 1)
    if weight is not None:
        target = target * weight.reshape((classes, *(1,) * (input.ndim - 2)))
    loss = -(log_softmax(input, axis) * target).sum(axis)
    if reduction == "mean":
        positions = math.prod(input.shape) // classes
        return loss.sum() / positions
    return reduce(loss, reduction, "cross_entropy")


def rows(input, target):
    """Input as a matrix with a row for each target, and the targets one after the other."""
    if input.ndim == 2:
        return input, target
    if input.ndim > 2:
        input = input.movedim(1, -1)
    return input.reshape((target.array.size, input.shape[-1])), target.reshape((-1,))


def reduced(loss, weights, reduction):
    """The losses of the rows as `reduction` says, and by what that multiplies each of them."""
    if reduction == "none":
        return loss, 1.0
    if reduction == "sum":
        return loss.sum(), 1.0
    return kernels.of(loss).averaged(loss, weights)


def detached(weight):
    """The weights as constants: no gradient goes to them."""
    return None if weight is None else weight.detach()


def check(input, target, weight, ignore_index, reduction, name):
    """Raise where the inputs of a loss on class indices do not fit together."""
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{name}: reduction is 'none', 'mean' or 'sum', not {reduction!r}")
    shapes = f"(input {tuple(input.shape)}, target {tuple(target.shape)})"
    if input.ndim == 0:
        raise RuntimeError(f"{name}: input needs a dimension of classes {shapes}")
    if target.dtype.name not in ("int64", "uint8"):
        raise RuntimeError(f"{name}: class indices are int64 or uint8, target is {target.dtype} {shapes}")
    if input.ndim > 1 and target.ndim and input.shape[0] != target.shape[0]:
        raise ValueError(f"{name}: expected input batch_size ({input.shape[0]}) to match target's {shapes}")
    expected = (*input.shape[:1], *input.shape[2:]) if input.ndim > 1 else ()
    if tuple(target.shape) != expected:
        raise RuntimeError(f"{name}: expected a target of shape {expected} {shapes}")
    check_weight(input, weight, name)
    on_one_device(name, [x.array for x in (input, target, weight) if x is not None])
    classes = input.shape[min(1, input.ndim - 1)]
    given = target.array
    with current(target.device):
        fits = kernels.of(given).are_classes(given, classes, ignore_index)
    if not fits:
        wrong = target[((target < 0) | (target >= classes)) & (target != ignore_index)][0].item()
        raise IndexError(f"{name}: target has class {wrong}, input has {classes} classes from 0 {shapes}")


def check_weight(input, weight, name):
    """Raise where the classes' weights do not fit the input."""
    classes = input.shape[min(1, input.ndim - 1)]
    if weight is not None and weight.shape != (classes,):
        raise RuntimeError(f"{name}: weight has shape {tuple(weight.shape)}, input has {classes} classes")
    if weight is not None and weight.dtype is not input.dtype:
        raise RuntimeError(f"{name}: weight is {weight.dtype}, input {input.dtype}; convert one of them")
