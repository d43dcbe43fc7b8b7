"""How far apart vectors are, and how alike in direction."""  # beyond

from ...ops.diagonals import triu_indices
from ...tensor import of_tensors


@of_tensors
def cosine_similarity(x1, x2, dim=1, eps=1e-8):
    """The cosine of the angle between two vectors along `dim`; no length counts as less than `eps`."""
    return (x1 * x2).sum(dim) / (x1.norm(2, dim).clamp(min=eps) * x2.norm(2, dim).clamp(min=eps))


def pairwise_distance(x1, x2, p=2.0, eps=1e-6, keepdim=False):
    """The p-norm over the last dimension of x1 - x2 + eps."""
    return (x1 - x2 + eps).norm(p, -1, keepdim)


@of_tensors
def normalize(input, p=2.0, dim=1, eps=1e-12):
    """`input` over its p-norm along `dim`, so that the norm is 1; norms below `eps` count as `eps`."""
    return input / input.norm(p, dim, True).clamp(min=eps)


@of_tensors
def pdist(input, p=2.0):
    """The p-norms of the differences of all pairs of rows of a matrix (N, D), as (N * (N - 1) / 2,)."""
    if input.ndim != 2:
        raise RuntimeError(f"pdist: expected a matrix, got shape {tuple(input.shape)}")
    if p < 0:
        raise RuntimeError(f"pdist: p can't be negative, as {p} is")
    first, second = triu_indices(len(input), len(input), 1, device=input.device).unbind(0)
    return (input[first] - input[second]).norm(p, -1)
