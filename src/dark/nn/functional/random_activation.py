"""Functions with chance in them: drawn slopes, dropout for SELU, softmax with noise."""  # beyond

import math
import warnings

import numpy as np

from ...autograd.modes import no_grad
from ...ops.creation import empty, empty_like, ones_like, zeros_like
from ...ops.in_place import write
from ...tensor import check_tensor, of_tensors
from .activation import leaky_relu, may_change
from .dropout import check_probability

LOWEST = -1.7580993408473766  # what SELU approaches: -scale * alpha


@of_tensors
def rrelu(input, lower=1 / 8, upper=1 / 3, training=False, inplace=False):
    """input where it is positive, elsewhere a part of it, drawn from U(lower, upper).

    Without `training` the part is (lower + upper) / 2. Xu et al., Empirical evaluation of rectified
    activations in convolutional network (2015).
    """
    if lower > upper:
        raise RuntimeError(f"rrelu: lower {lower} is greater than upper {upper}")
    if not input.is_floating_point():
        raise NotImplementedError(f"rrelu: expected floating-point, got {input.dtype}")
    if not training:
        return leaky_relu(input, (lower + upper) / 2, inplace)
    with no_grad():
        slopes, negative = ones_like(input), input <= 0
        drawn = empty(int(negative.sum()), dtype=np.float64, device=input.device).uniform_(lower, upper)
        slopes[negative] = drawn.to(input.dtype)
    result = input * slopes
    return write("rrelu", input, result) if inplace and may_change(input) else result


def alpha_dropout(input, p=0.5, training=False, inplace=False):
    """Dropout to SELU's lowest value instead of 0, scaled and moved so that mean and variance stay.

    Klambauer et al., Self-normalizing neural networks (2017).
    """
    return drop("alpha_dropout", input, p, training, inplace)


def feature_alpha_dropout(input, p=0.5, training=False, inplace=False):
    """`alpha_dropout` of whole channels: input (N, C, *)."""
    return drop("feature_alpha_dropout", input, p, training, inplace, channels=True)


def drop(name, input, p, training, inplace, channels=False):
    """`alpha_dropout` of elements, or of channels."""
    check_tensor(name, input)
    check_probability(name, p)
    if p == 0 or not training or input.numel() == 0:
        return input
    if not input.is_floating_point():
        raise RuntimeError(f"{name}: expected floating-point, got {input.dtype}")
    if channels and input.ndim < 2:
        raise RuntimeError(f"{name}: expected an input (N, C, *), got shape {tuple(input.shape)}")
    if p == 1:
        result = input * 0.0
    else:
        with no_grad():
            shape = (*input.shape[:2], *(1,) * (input.ndim - 2))
            like = {"dtype": input.dtype, "device": input.device}
            kept = empty(shape, **like) if channels else empty_like(input)
            kept.bernoulli_(1 - p)
            scale = 1 / math.sqrt((1 - p) * (1 + p * LOWEST**2))
            shift = ((1 - kept) * LOWEST - LOWEST * p) * scale
        result = input * (kept * scale) + shift
    return write(name, input, result) if inplace and may_change(input) else result


@of_tensors
def gumbel_softmax(logits, tau=1.0, hard=False, eps=1e-10, dim=-1):
    """Softmax of (logits + noise) / tau: a differentiable draw from the classes; one-hot with `hard`.

    The gradient of a hard draw is that of the soft one. `eps` changes nothing, as in PyTorch.
    Jang et al., Categorical reparameterization with Gumbel-softmax (2017).
    """
    if eps != 1e-10:
        warnings.warn("gumbel_softmax: eps changes nothing", stacklevel=3)
    with no_grad():
        noise = -empty(logits.shape, dtype=logits.dtype, device=logits.device).exponential_().log()
    soft = ((logits + noise) / tau).softmax(dim)
    if not hard:
        return soft
    with no_grad():
        drawn = zeros_like(soft).scatter(dim, soft.argmax(dim, True), 1.0)
        change = drawn - soft
    return change + soft
