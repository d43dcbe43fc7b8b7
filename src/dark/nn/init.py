"""First values for the parameters of a network."""

import math
import warnings

from ..autograd.modes import no_grad
from ..tensor import Tensor


@no_grad()
def uniform_(tensor, a=0.0, b=1.0, generator=None) -> Tensor:
    """Numbers uniformly distributed in [a, b)."""
    return tensor.uniform_(a, b, generator=generator)


@no_grad()
def normal_(tensor, mean=0.0, std=1.0, generator=None) -> Tensor:
    """Normally distributed numbers."""
    return tensor.normal_(mean, std, generator=generator)


@no_grad()
def constant_(tensor, val) -> Tensor:
    """Every element `val`."""
    return tensor.fill_(val)


@no_grad()
def ones_(tensor) -> Tensor:
    """Every element 1."""
    return tensor.fill_(1.0)


@no_grad()
def zeros_(tensor) -> Tensor:
    """Every element 0."""
    return tensor.zero_()


def calculate_gain(nonlinearity, param=None):
    """By how much to widen the weights before a nonlinearity, so that the signal keeps its size behind it."""
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        return math.sqrt(2 / (1 + slope**2))
    gains = {"sigmoid": 1, "tanh": 5 / 3, "relu": math.sqrt(2), "selu": 3 / 4, "linear": 1}
    if nonlinearity in gains:
        return gains[nonlinearity]
    raise ValueError(f"Unsupported nonlinearity {nonlinearity}")


def _calculate_fan_in_and_fan_out(tensor) -> tuple[int, int]:
    """How many inputs every output is computed from, and how many outputs every input goes into."""
    if tensor.ndim < 2:
        raise ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions")
    outputs, inputs, *kernel = tensor.shape
    return inputs * math.prod(kernel), outputs * math.prod(kernel)


def kaiming_uniform_(tensor, a=0, mode="fan_in", nonlinearity="leaky_relu", generator=None) -> Tensor:
    """Uniform in ±gain·√(3 / fan)."""
    if 0 in tensor.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=2)
        return tensor
    fan = _calculate_fan_in_and_fan_out(tensor)[mode == "fan_out"]
    bound = math.sqrt(3) * (calculate_gain(nonlinearity, a) / math.sqrt(fan))
    return uniform_(tensor, -bound, bound, generator)
