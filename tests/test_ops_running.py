"""Running extremes, differences, areas, quantiles, histograms, and reductions without NaN."""  # beyond

import math

import numpy as np
import pytest

import dark
from against_torch import check_op, random_array, torch

INF, NAN = math.inf, math.nan
ALONG = {
    "cummax": lambda t, x, dim: tuple(t.cummax(x, dim)),
    "cummin": lambda t, x, dim: tuple(x.cummin(dim=dim)),
    "logcumsumexp": lambda t, x, dim: t.logcumsumexp(x, dim),
    "nansum": lambda t, x, dim: t.nansum(x, dim),
    "nanmean": lambda t, x, dim: x.nanmean(dim, keepdim=True),
    "nanmedian": lambda t, x, dim: tuple(t.nanmedian(x, dim)),
    "quantile": lambda t, x, dim: t.quantile(x, 0.3, dim),
    "quantiles": lambda t, x, dim: x.quantile(t.tensor([0.0, 0.25, 1.0], dtype=x.dtype), dim, keepdim=True),
    "nanquantile": lambda t, x, dim: t.nanquantile(x, 0.6, dim=dim),
    "mode": lambda t, x, dim: tuple(t.mode(x, dim)),
    "aminmax": lambda t, x, dim: tuple(t.aminmax(x, dim=dim)),
}
DIMS = [((3, 4), 0), ((3, 4), -1), ((2, 3, 4), 1), ((1,), 0), ((), 0)]


@pytest.mark.parametrize(("shape", "dim"), DIMS, ids=str)
@pytest.mark.parametrize("function", ALONG.values(), ids=ALONG)
def test_along_a_dimension(function, shape, dim):
    check_op(lambda t, x: function(t, x, dim), random_array(shape), rtol=3e-5)


NEEDS_TWO = {
    "diff": lambda t, x, dim: t.diff(x, dim=dim),
    "diff twice": lambda t, x, dim: x.diff(2, dim),
    "diff joined": lambda t, x, dim: x.diff(dim=dim, prepend=x, append=2 * x),
    "trapezoid": lambda t, x, dim: t.trapezoid(x, dim=dim),
    "trapezoid dx": lambda t, x, dim: t.trapezoid(x, dx=0.5, dim=dim),
    "trapezoid x": lambda t, x, dim: t.trapezoid(x, x * x, dim=dim),
    "cumulative": lambda t, x, dim: t.cumulative_trapezoid(x, dim=dim),
}


@pytest.mark.parametrize(("shape", "dim"), DIMS[:4], ids=str)
@pytest.mark.parametrize("function", NEEDS_TWO.values(), ids=NEEDS_TWO)
def test_of_neighbours(function, shape, dim):
    check_op(lambda t, x: function(t, x, dim), random_array(shape), rtol=3e-5)


def test_trapezoids_at_places_in_a_vector():
    check_op(
        lambda t, y, x: (t.trapezoid(y, x, dim=0), t.cumulative_trapezoid(y, x, dim=0)),
        random_array((3, 4)), random_array((3,), seed=1),
    )  # fmt: skip


TIES = np.array([[2, 1, 2, 0], [-1, -1, -1, -1], [0, 0, 3, 3], [3, -3, 1, 3]], "float32")
HOLES = np.array([[2, NAN, 2, 0], [NAN, 7, NAN, NAN], [0, 1, NAN, INF], [-INF, 3, 1, 3]], "float32")
OF_ALL = {
    "nansum": lambda t, x: t.nansum(x),
    "nanmean": lambda t, x: t.nanmean(x),
    "nanmedian": lambda t, x: x.nanmedian(),
    "quantile": lambda t, x: x.quantile(0.4),
    "nanquantile": lambda t, x: t.nanquantile(x, 0.4),
    "aminmax": lambda t, x: tuple(t.aminmax(x)),
}


@pytest.mark.parametrize("x", [TIES, HOLES], ids=["ties", "NaN"])
@pytest.mark.parametrize("function", [f for n, f in ALONG.items() if n != "mode"])
def test_ties_and_nan(function, x):
    check_op(lambda t, x: function(t, x, 1), x, gradients=False)


@pytest.mark.parametrize("x", [TIES, HOLES], ids=["ties", "NaN"])
@pytest.mark.parametrize("function", OF_ALL.values(), ids=OF_ALL)
def test_of_all_elements(function, x):
    check_op(function, x, second=False, differences=False)


@pytest.mark.parametrize("name", ["cummax", "cummin", "mode", "logcumsumexp", "aminmax", "nanmedian"])
def test_gradients_at_ties(name):
    def function(t, x):
        how = {"dim": 1}
        result = getattr(t, name)(x, **how)
        return tuple(result) if isinstance(result, tuple) else result

    check_op(function, TIES, differences=False)


@pytest.mark.parametrize("interpolation", ["linear", "lower", "higher", "midpoint", "nearest"])
@pytest.mark.parametrize("q", [0.0, 0.2, 0.5, 0.75, 1.0])
def test_quantiles_between_elements(interpolation, q):
    x = random_array((6, 3))
    check_op(lambda t, x: t.quantile(x, q, 0, interpolation=interpolation), x, rtol=3e-5)


INTEGERS = {
    "mode": lambda t, x: tuple(x.mode()),
    "mode 0": lambda t, x: tuple(t.mode(x, 0, keepdim=True)),
    "unique_consecutive": lambda t, x: t.unique_consecutive(x, return_inverse=True, return_counts=True),
    "unique_consecutive 0": lambda t, x: t.unique_consecutive(x, True, True, 0),
    "unique_consecutive 1": lambda t, x: x.unique_consecutive(dim=1),
    "isin": lambda t, x: t.isin(x, t.tensor([0, 2])),
    "isin number": lambda t, x: t.isin(x, 1, invert=True),
    "number isin": lambda t, x: t.isin(1, x),
    "cummax": lambda t, x: tuple(x.cummax(1)),
    "nansum": lambda t, x: x.nansum(),
    "diff": lambda t, x: x.diff(),
    "aminmax": lambda t, x: tuple(x.aminmax()),
    "nanmedian": lambda t, x: x.nanmedian(),
}


@pytest.mark.parametrize("shape", [(5, 6), (1, 9), (9, 1)], ids=str)
@pytest.mark.parametrize("function", INTEGERS.values(), ids=INTEGERS)
def test_integers(function, shape):
    check_op(function, random_array(shape, "int64", 0, 2), gradients=False)


@pytest.mark.parametrize("shape", [(0,), (0, 3)], ids=str)
@pytest.mark.parametrize(
    "function",
    [
        lambda t, x: tuple(x.cummax(0)),
        lambda t, x: x.logcumsumexp(0),
        lambda t, x: x.nansum(),
        lambda t, x: x.nanmean(),
        lambda t, x: x.nanmedian(),
        lambda t, x: t.unique_consecutive(x),
        lambda t, x: t.isin(x, x),
        lambda t, x: x.diff(dim=0),
        lambda t, x: t.trapezoid(x, dim=0),
        lambda t, x: x.histc(3),
    ],
)
def test_of_no_elements(function, shape):
    check_op(function, random_array(shape), gradients=False)


@pytest.mark.parametrize("how", [{}, {"bins": 4}, {"bins": 5, "min": -1, "max": 1}, {"min": 2, "max": 2}])
def test_histograms(how):
    check_op(lambda t, x: t.histc(x, **how), random_array((5, 20)), gradients=False)
    check_op(lambda t, x: x.histc(**how), np.full(4, 1.5, "float32"), gradients=False)


def test_booleans():
    x = random_array((3, 4), "bool")
    check_op(lambda t, x: (x.diff(), x.nansum()), x, gradients=False)


def test_nothing_but_nan():
    x = np.full((2, 3), NAN, "float32")
    check_op(
        lambda t, x: (x.nansum(1), x.nanmean(1), x.nanmedian(1).values, x.nanmedian(), x.nanquantile(0.5, 1)),
        x, gradients=False,
    )  # fmt: skip


def test_sums_of_large_numbers_do_not_overflow():
    x = np.array([-200.0, 100, 90, -INF, 300], "float32")
    check_op(lambda t, x: t.logcumsumexp(x, 0), x, gradients=False)


def test_results_have_fields():
    x = dark.tensor([[1.0, 3.0, 3.0]])
    assert x.cummax(1).indices.tolist() == [[0, 1, 2]]
    assert x.cummin(1).values.tolist() == [[1, 1, 1]]
    assert x.mode().values.tolist() == [3]
    assert x.nanmedian(1).indices.tolist() == [1]
    assert x.aminmax().max.item() == 3


ERRORS = {
    "quantile of integers": lambda t: t.quantile(t.arange(3), 0.5),
    "quantile above 1": lambda t: t.quantile(t.ones(3), 1.5),
    "quantile of none": lambda t: t.quantile(t.ones(0), 0.5),
    "quantile of another type": lambda t: t.quantile(t.ones(3), t.tensor(0.5, dtype=t.float64)),
    "interpolation": lambda t: t.quantile(t.ones(3), 0.5, interpolation="cubic"),
    "diff of a number": lambda t: t.diff(t.tensor(1.0)),
    "two spacings": lambda t: t.trapezoid(t.ones(3), t.ones(3), dx=1),
    "dim": lambda t: t.cummax(t.ones(3), 1),
    "mode of none": lambda t: t.mode(t.ones(0)),
    "histc of integers": lambda t: t.histc(t.arange(3), bins=0),
    "histc backwards": lambda t: t.histc(t.ones(3), 3, 2, 1),
    "isin of numbers": lambda t: t.isin(1, 2),
    "nanmean of integers": lambda t: t.nanmean(t.arange(3)),
}


@pytest.mark.parametrize("call", ERRORS.values(), ids=ERRORS)
def test_bad_arguments_raise(call):
    kinds = (RuntimeError, TypeError, IndexError, ValueError)
    with pytest.raises(kinds) as ours:
        call(dark)
    if torch is not None:
        with pytest.raises(ours.type):
            call(torch)


@pytest.mark.parametrize("dtype", ["float32", "int64", "int32", "uint8"])
def test_the_median_of_nothing(dtype):
    check_op(lambda t, x: x.median(), np.zeros((0, 2), dtype), gradients=False)
