"""Reductions that leave NaN out: sums, means, medians."""  # beyond

import numpy as np

from .. import return_types
from ..autograd.operation import numpy_names, op
from ..tensor import method
from .extremes import found
from .ordering import length, median_of_all
from .piecewise import where
from .reduction import check_float, sum


@method
@numpy_names
def nansum(input, dim=None, keepdim=False, *, dtype=None):
    """The sum over `dim` (an int, several, or all) with 0 for NaN."""
    return sum(without_nan(input), dim, keepdim, dtype=dtype)


@method
@numpy_names
def nanmean(input, dim=None, keepdim=False, *, dtype=None):
    """The mean over `dim` (an int, several, or all) of what is not NaN."""
    check_float(input, "nanmean", "convert it first")
    return nansum(input, dim, keepdim, dtype=dtype) / sum(~input.isnan(), dim, keepdim)


def without_nan(input):
    """`input` with 0 for NaN."""
    return where(input.isnan(), 0, input) if input.is_floating_point() else input


@method
@numpy_names
def nanmedian(input, dim=None, keepdim=False):
    """As `median`, of what is not NaN; NaN where there is nothing else."""
    if dim is None:
        if not input.is_floating_point():
            return input.median()
        numbers = input[~input.isnan()]
        return median_of_all(numbers if numbers.numel() else input)
    if length(input, dim, "nanmedian") == 0:
        raise IndexError(f"nanmedian: there is no element along dim {dim} of shape {tuple(input.shape)}")
    return found(return_types.nanmedian, input, middle_number(input, dim), dim, keepdim)


@op(differentiable=False)
def middle_number(input, dim):
    """The indices of the medians of the numbers along `dim`, which is kept with length 1."""
    if not input.ndim:
        return np.zeros((), dtype=np.int64, like=input)
    order = np.argsort(input, axis=dim, kind="stable")  # NaN is last
    count = (input == input).sum(axis=dim, keepdims=True)
    return np.take_along_axis(order, np.maximum(count - 1, 0) // 2, dim)
