"""Logistic regression: scores that are linear in hand-made features, and the loss of a score."""

from torch import log1p, maximum, sigmoid, stack, zeros_like

FEATURES = 9


def features(points):
    """All products of up to three coordinates: the boundary becomes a curve, the model stays linear."""
    x, y = points[:, 0], points[:, 1]  # (N,) each
    columns = [x, y, x * x, x * y, y * y, x * x * x, x * x * y, x * y * y, y * y * y]
    return stack(columns, dim=1)  # (N, 9)


def scores(points, weight, bias):
    """The score of every point: the logarithm of p / (1 - p), p being the probability of class 1."""
    return features(points) @ weight + bias  # (N, 9) @ (9,) -> (N,)


def probabilities(points, weight, bias):
    """The probability of class 1, for every point."""
    return sigmoid(scores(points, weight, bias))


def loss_of(score, label):
    """The mean of -log(probability of the right class), without a logarithm that could see a 0.

    For a score s and a label y it is log(1 + exp(s)) - y * s, and log(1 + exp(s)) is
    max(s, 0) + log(1 + exp(-|s|)), in which nothing overflows. At 0, where training begins, `maximum` has
    the right slope, 1/2; `relu` would have 0.
    """
    softplus = maximum(score, zeros_like(score)) + log1p((-score.abs()).exp())
    return (softplus - label * score).mean()
