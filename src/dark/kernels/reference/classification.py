"""Losses of classes: from logits to minus the logarithm of the right one's probability."""  # dark-3

import math

import numpy as np

from ...dtypes import as_dtype
from ...ops.softmax import log_softmax


def cross_entropy(input, target, weight, ignore_index, label_smoothing):
    """The loss of every row of logits (N, C): (loss (N,), weights (N,), its gradient function).

    target (N,) says the class of each row, weight (C,) the weight of each class; without it, it is 1. Rows of
    the class `ignore_index` have the loss and the weight 0. The gradient function takes a factor for each
    row's gradient, (N, 1), or one for all, and gives the gradient of the logits: softmax minus target, by
    weight.
    """
    n, classes = input.shape
    logarithms = log_softmax(input, 1)
    chosen, kept, weights = targets(target, weight, ignore_index, input)
    loss = np.where(kept, logarithms[np.arange(n, like=chosen), chosen], 0) * -weights
    if label_smoothing:
        everywhere = logarithms if weight is None else logarithms * weight
        loss = loss * (1 - label_smoothing)
        loss = loss - np.where(kept, everywhere.sum(axis=1), 0) * (label_smoothing / classes)

    def gradient(g):
        wanted = np.zeros((n, classes), weights.dtype, like=weights)
        wanted[np.arange(n, like=chosen), chosen] = weights
        if label_smoothing:
            everyone = np.ones_like(weights, shape=(classes,)) if weight is None else weight
            spread = kept[:, None] * (everyone * (label_smoothing / classes))
            wanted = wanted * (1 - label_smoothing) + spread
        excess = np.exp(logarithms) * wanted.sum(axis=1, keepdims=True) - wanted
        return excess * g

    return loss, weights, gradient


def targets(target, weight, ignore_index, input):
    """The class of each row (0 where it is ignored), whether the row counts, and with what weight."""
    kept = target != ignore_index
    chosen = np.where(kept, target, 0).astype(np.int64)
    ones = np.ones_like(chosen, as_dtype(input.dtype).numpy, shape=(input.shape[1],))
    return chosen, kept, np.where(kept, (ones if weight is None else weight)[chosen], 0)


def averaged(loss, weights):
    """The mean of the rows' losses by weight, and by what that multiplies each of them."""
    total = float(weights.sum())
    return (loss.sum() / total, 1 / total) if total else (loss.sum() * math.nan, 0.0)


def are_classes(target, classes, ignore_index):
    """Whether every target (N,) is one of so many classes, or `ignore_index`."""
    return bool(((target >= 0) & (target < classes) | (target == ignore_index)).all())
