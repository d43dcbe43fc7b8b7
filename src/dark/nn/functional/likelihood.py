"""Losses that are minus the logarithm of a target's probability under a predicted distribution."""  # beyond

import math

from ...tensor import Tensor, of_tensors
from .loss import reduce


@of_tensors
def poisson_nll_loss(input, target, log_input=True, full=False, *, eps=1e-8, reduction="mean"):
    """For counts `target` and their expected number exp(input), or input itself without `log_input`.

    log(target!) is left out, or approximated (Stirling) with `full`.
    """
    loss = input.exp() - target * input if log_input else input - target * (input + eps).log()
    if full:
        stirling = target * target.log() - target + 0.5 * (target * (2 * math.pi)).log()
        loss = loss + stirling.where(target > 1, 0.0)
    return reduce(loss, reduction, "poisson_nll_loss")


@of_tensors
def gaussian_nll_loss(input, target, var, full=False, eps=1e-6, reduction="mean"):
    """For numbers `target` with expected value `input` and variance `var`, clamped to `eps` at least.

    var is a number, or has input's shape, which may lack the last dimension or have length 1 in one.
    log(2 pi) / 2 is left out, unless `full`.
    """
    if not isinstance(var, Tensor):
        var = input.detach() * 0 + var
    if (var < 0).any():
        raise ValueError("gaussian_nll_loss: a variance can't be negative")
    if var.shape != input.shape and var.shape == input.shape[:-1]:
        var = var.unsqueeze(-1)
    stretched = [n for n, m in zip(var.shape, input.shape) if n != m]
    if var.ndim != input.ndim or stretched not in ([], [1]):
        raise ValueError(f"gaussian_nll_loss: var has shape {tuple(var.shape)}, input {tuple(input.shape)}")
    var = var + (var.detach().clamp(min=eps) - var.detach())  # clamped, but with the gradient of all elements
    loss = 0.5 * (var.log() + (input - target).square() / var)
    return reduce(loss + 0.5 * math.log(2 * math.pi) if full else loss, reduction, "gaussian_nll_loss")
