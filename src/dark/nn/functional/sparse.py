"""Tables of vectors that are looked up by number."""  # beyond

import math

import numpy as np

from ... import kernels
from ...autograd.operation import op
from ...dtypes import as_dtype
from ...tensor import Tensor


@op
def embedding(input, weight, padding_idx=None):
    """The rows of weight (V, D) that the numbers in `input` (*) name: (*, D).

    The gradients of a row that is looked up several times add up; row `padding_idx` gets none.
    """
    if input.dtype.kind not in "iu":
        raise RuntimeError(f"embedding: expected integers to look up, got {as_dtype(input.dtype)}")
    if weight.ndim != 2:
        raise RuntimeError(f"embedding: weight is a matrix, a row for each number, not {tuple(weight.shape)}")
    rows = len(weight)
    if not kernels.of(input).within(input, 0, rows):
        wrong = input[(input < 0) | (input >= rows)][0]
        raise IndexError(f"embedding: there is no row {wrong}; weight has rows 0 to {rows - 1}")
    if padding_idx is not None and not -rows <= padding_idx < rows:
        raise RuntimeError(f"embedding: padding_idx {padding_idx} is not within the {rows} rows of weight")
    padding = None if padding_idx is None else padding_idx % rows
    return weight[input], None, lambda g: added_rows(g, input, rows, padding)


@op
def added_rows(input, index, rows, padding):
    """A matrix of so many rows, to each of which all rows of `input` are added that `index` sends there."""
    counted = np.ones_like(index, bool) if padding is None else index != padding

    def gradient(g):
        return np.where(counted[..., None], g[index], 0)

    if isinstance(input, Tensor):
        return added_rows(input, index, rows, padding), gradient
    flat = input.reshape(math.prod(index.shape), input.shape[-1])
    y = kernels.of(input).add_rows(index.ravel(), flat, rows)
    if padding is not None:
        y[padding] = 0
    return y, gradient
