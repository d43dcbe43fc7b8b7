"""How values are distributed: quantiles, the most frequent one, histograms, who is among whom."""  # beyond

import numpy as np

from .. import return_types
from ..autograd.operation import numpy_names, op
from ..devices import device_of, to_device
from ..dtypes import check_no_booleans
from ..tensor import Tensor, method, to_array, wrap
from .extremes import found
from .gathering import gather
from .ordering import length, sort
from .reduction import check_float
from .shape import counted, flatten, movedim, reshape

INTERPOLATIONS = {
    "linear": lambda rank: rank,
    "lower": np.floor,
    "higher": np.ceil,
    "midpoint": lambda rank: (np.floor(rank) + np.ceil(rank)) / 2,
    "nearest": np.round,
}


@method
@numpy_names
def quantile(input, q, dim=None, keepdim=False, *, interpolation="linear"):
    """The numbers below which the share q (a number, or a vector of them) of the elements along `dim` lies.

    Between two elements it is interpolated. NaN where there is one. Several q make a new first dimension.
    """
    return ranked("quantile", input, q, dim, keepdim, interpolation, ignore_nan=False)


@method
@numpy_names
def nanquantile(input, q, dim=None, keepdim=False, *, interpolation="linear"):
    """As `quantile`, of what is not NaN."""
    return ranked("nanquantile", input, q, dim, keepdim, interpolation, ignore_nan=True)


def ranked(name, input, q, dim, keepdim, interpolation, ignore_nan):
    """Both kinds of quantiles: elements by their rank q (n - 1) in order."""
    shares = to_device(to_array(q, input.dtype), input.device) if isinstance(q, (int, float)) else q.array
    check_quantile(name, input, shares, interpolation)
    ndim = input.ndim
    axis = 0 if dim is None else counted(dim, ndim, name)
    x = movedim(flatten(input) if dim is None or not ndim else input, axis, 0)
    ordered = reshape(sort(x, 0).values, (x.shape[0], -1))
    numbers = ordered.array == ordered.array
    n = numbers.sum(axis=0)
    if not ignore_nan:
        n = np.where(numbers.all(axis=0), n, 0)

    rank = INTERPOLATIONS[interpolation](shares.reshape((-1, 1)) * np.maximum(n - 1, 0).astype(shares.dtype))
    rank = np.where(n > 0, rank, len(x) - 1)  # the last in order is NaN
    low, high = np.floor(rank), np.ceil(rank)
    weight = wrap((rank - low).astype(shares.dtype))
    below, above = (gather(ordered, 0, wrap(i.astype(np.int64))) for i in (low, high))
    y = below.lerp(above, weight)  # (of q, of the other dimensions)

    rest = [1] * ndim if dim is None else [1 if d == axis else m for d, m in enumerate(input.shape)]
    if not keepdim:
        rest = [] if dim is None or not ndim else [m for d, m in enumerate(input.shape) if d != axis]
    return reshape(y, [*shares.shape, *rest])


def check_quantile(name, input, shares, interpolation):
    """Raise for what has no quantiles."""
    check_float(input, name, "convert it first")
    if not input.numel():
        raise RuntimeError(f"{name}: there is no element in a tensor of shape {tuple(input.shape)}")
    if interpolation not in INTERPOLATIONS:
        known = ", ".join(INTERPOLATIONS)
        raise RuntimeError(f"{name}: interpolation is one of {known}, not {interpolation!r}")
    if shares.ndim > 1 or shares.dtype != input.array.dtype:
        kind = f"{shares.dtype} {shares.shape}"
        raise RuntimeError(f"{name}: q is a number or a vector of type {input.dtype}, not {kind}")
    if not ((shares >= 0) & (shares <= 1)).all():
        raise RuntimeError(f"{name}: q lies between 0 and 1")


@method
@numpy_names
def mode(input, dim=-1, keepdim=False):
    """The most frequent elements along `dim`, of several the smallest, and the indices of their last ones."""
    if length(input, dim, "mode") == 0:
        raise IndexError(f"mode: there is no element along dim {dim} of shape {tuple(input.shape)}")
    return found(return_types.mode, input, most_frequent(input, dim), dim, keepdim)


@op(differentiable=False)
def most_frequent(input, dim):
    """The indices of the most frequent elements along `dim`, which is kept with length 1."""
    if not input.ndim:
        return np.zeros((), dtype=np.int64, like=input)
    x = np.moveaxis(input, dim, -1)
    order = np.argsort(x, axis=-1, kind="stable")
    x = np.take_along_axis(x, order, -1)  # equal elements are neighbours now
    times = (x[..., :, None] == x[..., None, :]).sum(axis=-1)
    first = times.argmax(axis=-1)[..., None]
    last = first + np.maximum(np.take_along_axis(times, first, -1) - 1, 0)
    return np.moveaxis(np.take_along_axis(order, last, -1), -1, dim)


@method
@op(differentiable=False)
def histc(input, bins=100, min=0, max=0):
    """How many elements lie in each of so many equal parts of min ... max, or of the elements' own range."""
    check_float(input, "histc", "convert it first")
    if bins <= 0:
        raise RuntimeError(f"histc: expects at least one bin, got {bins}")
    low, high = float(min), float(max)
    if low == high and input.size:
        low, high = float(input.min()), float(input.max())
    if low == high:
        low, high = low - 1, high + 1
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise RuntimeError(f"histc: {low} ... {high} is no range")
    inside = input[(input >= low) & (input <= high)]
    positions = ((inside - low) * bins / (high - low)).astype(np.int64)
    return np.bincount(np.minimum(positions, bins - 1), minlength=bins).astype(input.dtype)


def isin(elements, test_elements, *, assume_unique=False, invert=False):
    """Where an element is among the test elements; one of both may be a number. With `invert`, where not."""
    given = [x.array for x in (elements, test_elements) if isinstance(x, Tensor)]
    if not given:
        raise TypeError("isin: expects a tensor among elements and test_elements")
    for x in given:
        check_no_booleans("isin", x)
    place = device_of(given[0])
    a, b = (to_device(to_array(x), place) for x in (elements, test_elements))
    return wrap(np.isin(a, b, invert=invert))


@method
@numpy_names
def unique_consecutive(input, return_inverse=False, return_counts=False, dim=None):
    """The elements (or, with `dim`, the slices) without those equal to the one before.

    `return_inverse` adds where each input is found among them, `return_counts` how often each occurs.
    """
    x = flatten(input) if dim is None else input
    axis = 0 if dim is None else counted(dim, input.ndim, "unique_consecutive")
    rows = np.moveaxis(x.array, axis, 0)
    rows = rows.reshape((len(rows), -1)) if rows.size else np.zeros((len(rows), 1), like=rows)
    new = np.zeros(len(rows), bool, like=rows)
    new[:1] = True
    new[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    starts = np.nonzero(new)[0]
    ends = np.append(starts[1:], np.zeros_like(starts[:1]) + len(rows))

    results = [x.index_select(axis, wrap(starts))]
    if return_inverse:
        inverse = wrap(np.cumsum(new) - 1)
        results.append(reshape(inverse, input.shape) if dim is None else inverse)
    if return_counts:
        results.append(wrap(ends - starts))
    return tuple(results) if len(results) > 1 else results[0]
