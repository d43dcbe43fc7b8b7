"""Combinations of elements and tensors, and how the variables of samples vary together."""  # beyond

import itertools

import numpy as np

from ..devices import to_device
from ..tensor import method, of_tensors, wrap
from .broadcasting import meshgrid
from .creation import zeros
from .joining import cat, stack
from .shape import atleast_2d, flatten


@of_tensors
def cartesian_prod(*tensors):
    """All tuples with one element of each vector, as rows; of a single vector, itself."""
    if any(x.ndim != 1 for x in tensors):
        raise RuntimeError(f"cartesian_prod: expects vectors, got shapes {[tuple(x.shape) for x in tensors]}")
    if len(tensors) == 1:
        return tensors[0]
    return stack([flatten(x) for x in meshgrid(*tensors, indexing="ij")], 1)


@of_tensors
def combinations(input, r=2, with_replacement=False):
    """All choices of r elements of a vector, as rows; with replacement, an element may come again."""
    if input.ndim != 1 or r < 0:
        raise RuntimeError(f"combinations: expects a vector and r >= 0, got {tuple(input.shape)} and {r}")
    if r == 0:
        return input[:0].clone()
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    rows = np.array(list(choose(range(len(input)), r)), dtype=np.int64).reshape(-1, r)
    return input[wrap(to_device(rows, input.device))]


@of_tensors
def block_diag(*tensors):
    """A matrix with the given ones along its diagonal, and zeros; vectors are rows, numbers 1 x 1."""
    blocks = [atleast_2d(x) for x in tensors]
    if any(x.ndim > 2 for x in blocks):
        raise RuntimeError("block_diag: expects tensors of at most 2 dimensions")
    if not blocks:
        return zeros((1, 0))
    width, rows, left = sum(x.shape[1] for x in blocks), [], 0
    for x in blocks:
        n, m = x.shape
        sides = [zeros((n, k), dtype=x.dtype, device=x.device) for k in (left, width - left - m)]
        rows.append(cat([sides[0], x, sides[1]], 1))
        left += m
    return cat(rows, 0)


@method
def cov(input, *, correction=1, fweights=None, aweights=None):
    """The covariances of variables, the rows, over observations, the columns.

    `fweights` (integers) say how often each observation counts, `aweights` how much.
    """
    if input.ndim > 2:
        raise RuntimeError(f"cov: expects at most 2 dimensions, got shape {tuple(input.shape)}")
    x = atleast_2d(input)
    weights = None
    for part in (fweights, aweights):
        if part is not None:
            if part.ndim > 1 or part.numel() != x.shape[1]:
                raise RuntimeError(f"cov: {x.shape[1]} observations take as many weights, got {part.shape}")
            weights = part if weights is None else weights * part
    if weights is None:
        total, weighted = x.shape[1], x
    else:
        total, weighted = weights.sum(), x * weights
    centred = x - weighted.sum(1, keepdim=True) / total
    freedom = total - correction
    if weights is not None and aweights is not None and correction:
        freedom = total - correction * (weights * aweights).sum() / total
    scaled = centred if weights is None else centred * weights
    freedom = max(freedom, 0) if weights is None else freedom.clamp(min=0)
    c = scaled @ centred.t() / freedom
    return c.squeeze() if c.numel() == 1 else c


@method
def corrcoef(input):
    """The correlations of variables, the rows, over observations, the columns."""
    c = cov(input)
    if c.ndim == 0:
        return c / c
    deviations = c.diagonal().sqrt()
    return (c / deviations.unsqueeze(1) / deviations.unsqueeze(0)).clamp(-1, 1)
