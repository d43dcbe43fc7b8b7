"""Clipping: keep the gradients of a step from becoming too large."""

from collections.abc import Iterable

import numpy as np

from ...autograd.modes import no_grad
from ...devices import current
from ...ops.creation import zeros
from ...ops.joining import stack
from ...tensor import Tensor, wrap


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor], max_norm: float, norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> Tensor:  # fmt: skip
    """Scale all gradients, in place, so that their norm taken together is at most `max_norm`; return it.

    With `error_if_nonfinite` an infinite or NaN norm raises instead.
    """
    parameters = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    total = get_total_norm(gradients_of(parameters), norm_type, error_if_nonfinite)
    clip_grads_with_norm_(parameters, max_norm, total)
    return total


def get_total_norm(
    tensors: Tensor | Iterable[Tensor], norm_type: float = 2.0, error_if_nonfinite: bool = False
) -> Tensor:
    """The norm of all elements of several tensors, taken together."""
    tensors, order = [tensors] if isinstance(tensors, Tensor) else list(tensors), float(norm_type)
    if not tensors:
        return zeros(())
    total = norm(stack([norm(x, order).to(tensors[0].device) for x in tensors]), order)
    if error_if_nonfinite and not total.isfinite():
        raise RuntimeError(
            f"clip_grad_norm_: the norm of order {order} of the gradients is {total}, so they can't be "
            "scaled to another; error_if_nonfinite=False does it nevertheless"
        )
    return total


def clip_grads_with_norm_(
    parameters: Tensor | Iterable[Tensor], max_norm: float, total_norm: Tensor
) -> None:
    """Scale all gradients, in place, by max_norm / total_norm where that is below 1."""
    scale = (float(max_norm) / (total_norm + 1e-6)).clamp(max=1)  # a tensor: nobody waits for its number
    with no_grad():
        for g in gradients_of(parameters):
            g.mul_(scale.to(g.device))


def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float) -> None:
    """Clamp every element of the gradients, in place, to -clip_value ... clip_value."""
    with no_grad():
        for g in gradients_of(parameters):
            g.clamp_(-float(clip_value), float(clip_value))


def norm(tensor, order):
    """The norm of all elements of a tensor."""
    with current(tensor.device):
        return wrap(np.linalg.norm(tensor.array.reshape(-1), order))


def gradients_of(parameters):
    """The gradients of those parameters that have one."""
    parameters = [parameters] if isinstance(parameters, Tensor) else parameters
    return [p.grad for p in parameters if p.grad is not None]
