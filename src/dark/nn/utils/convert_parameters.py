"""All parameters of a network as one vector, and back."""

from collections.abc import Iterable

from ...ops.joining import cat
from ...tensor import Tensor


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """One vector of the elements of all parameters; gradients flow through it."""
    return cat([p.reshape(-1) for p in parameters])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Let the parameters have the elements of `vec`, whose memory they share from then on."""
    if not isinstance(vec, Tensor):
        raise TypeError(f"vector_to_parameters: expected a Tensor, got {type(vec).__name__}")
    start, vec = 0, vec.detach()
    for p in parameters:
        end = start + p.numel()
        if end > vec.numel():
            raise RuntimeError(f"vector_to_parameters: the parameters have more than {vec.numel()} elements")
        p.data = vec[start:end].reshape(p.shape)
        start = end
