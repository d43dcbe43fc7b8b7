"""Distances between vectors, and vectors that must not be too long."""  # beyond

from ..tensor import method, of_tensors
from .in_place import in_place
from .piecewise import where
from .reduction import axes, norm
from .shape import unsqueeze


@method
def dist(input, other, p=2):
    """The p-norm of input - other."""
    return norm(input - other, float(p))


@of_tensors
def cdist(x1, x2, p=2.0):
    """The p-norms of the differences of all pairs of rows, (..., n, m) and (..., k, m), as (..., n, k)."""
    if min(x1.ndim, x2.ndim) < 2 or x1.shape[-1] != x2.shape[-1]:
        shapes = f"{tuple(x1.shape)} and {tuple(x2.shape)}"
        raise RuntimeError(f"cdist: expects matrices with rows of one length, got {shapes}")
    if p < 0:
        raise RuntimeError(f"cdist: expects p >= 0, got {p}")
    return norm(unsqueeze(x1, -2) - unsqueeze(x2, -3), float(p), -1)


@in_place
@method
def renorm(input, p, dim, maxnorm):
    """`input` with its parts along `dim` scaled to a p-norm of `maxnorm` where theirs is larger."""
    (kept,) = axes(dim, input.ndim, "renorm") or (None,)
    if input.ndim < 2:
        raise RuntimeError(f"renorm: expects at least 2 dimensions, got shape {tuple(input.shape)}")
    if p <= 0 or maxnorm < 0:
        raise RuntimeError(f"renorm: expects p > 0 and maxnorm >= 0, got {p} and {maxnorm}")
    lengths = norm(input, p, [d for d in range(input.ndim) if d != kept], keepdim=True)
    return input * where(lengths > maxnorm, maxnorm / (lengths + 1e-7), 1.0)
