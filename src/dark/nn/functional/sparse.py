"""Tables of vectors that are looked up by number."""  # beyond

import numpy as np

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
    wrong = input[(input < 0) | (input >= rows)]
    if wrong.size:
        raise IndexError(f"embedding: there is no row {wrong[0]}; weight has rows 0 to {rows - 1}")
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
    y = np.zeros_like(input, shape=(rows, input.shape[-1]))
    if counted.any():
        # sorted by number, rows with the same one are neighbours: a sum for each run of them
        numbers = index[counted].astype(np.int64)
        order = np.argsort(numbers, kind="stable")
        numbers = numbers[order]
        starts = np.flatnonzero(np.diff(numbers, prepend=-1))
        y[numbers[starts]] = np.add.reduceat(input[counted][order], starts, axis=0)
    return y, gradient
