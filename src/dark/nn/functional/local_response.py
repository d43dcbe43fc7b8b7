"""Local response normalization: neighbouring channels hold each other down."""  # beyond

from ...tensor import of_tensors
from .padding import pad


@of_tensors
def local_response_norm(input, size, alpha=1e-4, beta=0.75, k=1.0):
    """input / (k + alpha * the mean square of `size` neighbouring channels)^beta; input (N, C, *).

    Krizhevsky et al., ImageNet classification with deep convolutional neural networks (2012).
    """
    shape = tuple(input.shape)
    if input.ndim < 3:
        raise ValueError(f"local_response_norm: expected an input (N, C, *) of 3 dimensions, got {shape}")
    if size < 1:
        raise RuntimeError(f"local_response_norm: size is at least 1, not {size}")
    if input.numel() == 0:
        return input
    squares = pad(input * input, (*(0, 0) * (input.ndim - 2), size // 2, (size - 1) // 2))
    windows = [squares.narrow(1, i, shape[1]) for i in range(size)]
    return input / (sum(windows) / size * alpha + k) ** beta
