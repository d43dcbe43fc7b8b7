"""What runs along a dimension: extremes so far, differences of neighbours, areas below a curve."""  # beyond

import numpy as np

from .. import return_types
from ..autograd.operation import numpy_names, op
from ..dtypes import check_no_booleans
from ..tensor import Tensor, method
from .extremes import same
from .gathering import gather
from .joining import cat
from .pieces import narrow
from .reduction import axes
from .shape import counted, reshape


@method
@numpy_names
def cummax(input, dim):
    """The largest of 1, 2, 3, … elements along `dim`, and their indices; of equal ones the last."""
    return so_far(return_types.cummax, input, dim, np.maximum)


@method
@numpy_names
def cummin(input, dim):
    """The smallest of 1, 2, 3, … elements along `dim`, and their indices; of equal ones the last."""
    return so_far(return_types.cummin, input, dim, np.minimum)


def so_far(pair, input, dim, function):
    """The elements chosen by `function` of all up to each, and the indices."""
    dim = counted(dim, input.ndim, pair.__name__)
    indices = last_indices(input, dim, function)
    return pair(gather(input, dim, indices) if input.numel() else input.clone(), indices)


@op(differentiable=False)
def last_indices(input, dim, function):
    """For each element where the one chosen of those up to it stands."""
    if not input.ndim or not input.size:
        return np.zeros(input.shape, np.int64, like=input)
    shape = [-1 if d == dim else 1 for d in range(input.ndim)]
    positions = np.arange(input.shape[dim], like=input).reshape(shape)
    chosen = same(input, scanned(function, input, dim))
    return scanned(np.maximum, np.where(chosen, positions, 0), dim)


def scanned(function, x, axis):
    """`function` of all elements up to each, by steps of 1, 2, 4, …: y[i] = f(y[i - step], y[i])."""
    y = np.moveaxis(np.copy(x), axis, 0)
    step = 1
    while step < len(y):
        y[step:] = function(y[:-step], y[step:])  # the right side is computed before it is stored
        step *= 2
    return np.moveaxis(y, 0, axis)


@method
@op
def logcumsumexp(input, dim):
    """log(Σ exp(x)) of the first 1, 2, 3, … elements along `dim`, without overflow on the way."""
    (axis,) = axes(dim, input.ndim, "logcumsumexp") or (None,)
    if axis is None:
        return np.copy(input), lambda g: g
    on_tensors = isinstance(input, Tensor)
    y = logcumsumexp(input, dim) if on_tensors else scanned(np.logaddexp, input, axis)

    def backward(g):  # x[i] has a share exp(x[i] - y[j]) of each y[j] from its own on
        last, sums, up = (np.moveaxis(part, axis, -1) for part in (input, y, g))
        n = last.shape[-1]
        later = np.arange(n, like=positions) >= np.arange(n, like=positions).reshape((-1, 1))
        share = np.where(later, last[..., :, None] - sums[..., None, :], -np.inf)
        return np.moveaxis((up[..., None, :] * np.exp(share)).sum(axis=-1), -1, axis)

    positions = input.array if on_tensors else input
    return y, backward


@method
@numpy_names
def diff(input, n=1, dim=-1, prepend=None, append=None):
    """The differences of neighbours along `dim`, n times; prepend and append are joined to it before."""
    if input.ndim == 0:
        raise RuntimeError("diff: expects a tensor of at least 1 dimension")
    dim = counted(dim, input.ndim, "diff")
    parts = [x for x in (prepend, input, append) if x is not None]
    x = cat(parts, dim) if len(parts) > 1 else input
    if n == 0:
        return x.clone()
    for _ in range(min(n, x.shape[dim])):
        length = x.shape[dim] - 1
        after, before = narrow(x, dim, 1, length), narrow(x, dim, 0, length)
        x = after.logical_xor(before) if x.dtype.kind == "b" else after - before
    return x


@numpy_names
def trapezoid(y, x=None, *, dx=None, dim=-1):
    """The area below the points `y` along `dim`, at the places `x` or `dx` (1) apart, by trapezoids."""
    return areas("trapezoid", y, x, dx, dim).sum(dim)


@numpy_names
def cumulative_trapezoid(y, x=None, *, dx=None, dim=-1):
    """The areas below the first 2, 3, … of the points `y` along `dim`, as `trapezoid` has them."""
    return areas("cumulative_trapezoid", y, x, dx, dim).cumsum(dim)


def areas(name, y, x, dx, dim):
    """The trapezoids between neighbouring points."""
    check_no_booleans(name, y)
    if x is not None and dx is not None:
        raise TypeError(f"{name}: x and dx are two ways to say the same; give one of them")
    dim = counted(dim, y.ndim, name)
    n = max(y.shape[dim] - 1, 0)
    heights = narrow(y, dim, min(1, y.shape[dim]), n) + narrow(y, dim, 0, n)
    if x is None:
        return heights * ((1 if dx is None else dx) / 2)
    if x.ndim == 1:
        x = reshape(x, [-1 if d == dim else 1 for d in range(y.ndim)])
    widths = diff(x, dim=dim - y.ndim)
    return heights * widths / 2
