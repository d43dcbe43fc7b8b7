"""Reductions: every form of dim and keepdim, gradients at ties and zeros, types, errors."""

import math

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, random_array, torch

INF, NAN = math.inf, math.nan
FULL = {
    "sum": lambda t, x: t.sum(x),
    "mean": lambda t, x: x.mean(),
    "prod": lambda t, x: t.prod(x),
    "var": lambda t, x: t.var(x),
    "var biased": lambda t, x: x.var(False),
    "std": lambda t, x: x.std(),
    "std correction": lambda t, x: t.std(x, correction=0),
    "var_mean": lambda t, x: t.var_mean(x),
    "std_mean": lambda t, x: t.std_mean(x, unbiased=False),
    "max": lambda t, x: t.max(x),
    "min": lambda t, x: x.min(),
    "amax": lambda t, x: t.amax(x),
    "amin": lambda t, x: x.amin(),
    "norm": lambda t, x: t.norm(x),
    "norm 1": lambda t, x: x.norm(1),
    "norm 3": lambda t, x: x.norm(p=3),
    "norm inf": lambda t, x: t.norm(x, INF),
}


@pytest.mark.parametrize("shape", [(3, 4), (), (1, 1, 3), (1,)], ids=str)
@pytest.mark.parametrize("function", FULL.values(), ids=FULL)
@pytest.mark.filterwarnings("ignore:.*degrees of freedom:UserWarning")
def test_of_all_elements(function, shape):
    few = math.prod(shape) < 2  # the variance of one number is NaN
    check_op(function, random_array(shape), rtol=2e-5, differences=not few)


@pytest.mark.parametrize(
    "function", [lambda t, x: x.sum(), lambda t, x: x.mean(), lambda t, x: x.prod(), lambda t, x: x.norm()]
)
def test_of_no_elements(function):
    check_op(function, random_array((0, 3)), differences=False)


# what takes several dimensions, and what takes one
SEVERAL = {
    "sum": lambda x, **how: x.sum(**how),
    "mean": lambda x, **how: x.mean(**how),
    "var": lambda x, **how: x.var(**how),
    "var unbiased": lambda x, **how: x.var(unbiased=False, **how),
    "std": lambda x, **how: x.std(correction=0, **how),
    "amax": lambda x, **how: x.amax(**how),
    "amin": lambda x, **how: x.amin(**how),
    "logsumexp": lambda x, **how: x.logsumexp(**how),
    "norm": lambda x, **how: x.norm(**how),
    "norm 1": lambda x, **how: x.norm(p=1, **how),
    "norm 2.5": lambda x, **how: x.norm(2.5, **how),
    "norm 0.5": lambda x, **how: x.norm(0.5, **how),
    "norm inf": lambda x, **how: x.norm(p=INF, **how),
    "norm -inf": lambda x, **how: x.norm(p=-INF, **how),
}
ONE = {
    "prod": lambda x, **how: x.prod(**how),
    "max": lambda x, **how: tuple(x.max(**how)),
    "min": lambda x, **how: tuple(x.min(**how)),
    "median": lambda x, **how: tuple(x.median(**how)),
}
DIMS = [
    ((3, 4), 0), ((3, 4), -1), ((2, 3, 4), 1), ((2, 3, 4), (0, 2)), ((2, 3, 4), (-1, 1)), ((0, 3), 1),
    ((), 0), ((), -1),
]  # fmt: skip


@pytest.mark.parametrize("keepdim", [False, True])
@pytest.mark.parametrize(("shape", "dim"), DIMS, ids=str)
@pytest.mark.parametrize("function", SEVERAL.values(), ids=SEVERAL)
@pytest.mark.filterwarnings("ignore:.*degrees of freedom:UserWarning")
def test_along_dimensions(function, shape, dim, keepdim):
    x = random_array(shape)
    check_op(lambda t, x: function(x, dim=dim, keepdim=keepdim), x, rtol=3e-5, differences=shape != ())


@pytest.mark.parametrize("keepdim", [False, True])
@pytest.mark.parametrize(("shape", "dim"), [d for d in DIMS if isinstance(d[1], int)], ids=str)
@pytest.mark.parametrize("function", ONE.values(), ids=ONE)
def test_along_one_dimension(function, shape, dim, keepdim):
    check_op(lambda t, x: function(x, dim=dim, keepdim=keepdim), random_array(shape), rtol=3e-5)


TIES = np.array([[2, 1, 2, 0], [-1, -1, -1, -1], [0, 0, 0, 0], [3, -3, 1, 3]], dtype="float32")
AT_KINKS = {
    "max": lambda t, x: x.max(),
    "min": lambda t, x: x.min(),
    "amax": lambda t, x: x.amax(1),
    "amin": lambda t, x: x.amin((0, 1)),
    "max dim": lambda t, x: tuple(x.max(1)),
    "min dim": lambda t, x: tuple(x.min(1)),
    "maximum": lambda t, x: t.max(x, x.detach().flip(1)),
    "minimum": lambda t, x: t.min(x, x.detach().flip(1)),
    "norm": lambda t, x: x.norm(dim=1),
    "norm of zeros": lambda t, x: (x * 0).norm(),
    "norm 0": lambda t, x: x.norm(0, dim=1),
    "norm 1": lambda t, x: x.norm(1, dim=1),
    "norm 1.5": lambda t, x: x.norm(1.5, dim=1),
    "norm 0.5": lambda t, x: x.norm(0.5, dim=1),
    "norm 3": lambda t, x: x.norm(3, dim=1),
    "norm inf": lambda t, x: x.norm(INF, dim=1),
    "norm -inf": lambda t, x: x.norm(-INF, dim=1),
    "std": lambda t, x: x.std(1),
    "median": lambda t, x: x.median(),
    "prod": lambda t, x: x.prod(),
    "prod dim": lambda t, x: x.prod(1),
}


@pytest.mark.parametrize("function", AT_KINKS.values(), ids=AT_KINKS)
def test_at_kinks(function):
    # the second derivative of the 2-norm at 0 is 0 here, NaN in PyTorch
    euclidean = function in (AT_KINKS["norm"], AT_KINKS["norm of zeros"])
    check_op(function, TIES, second=not euclidean, differences=False, rtol=2e-5)


@pytest.mark.parametrize("function", [lambda t, x: x.max(), lambda t, x: x.min(), lambda t, x: x.median()])
def test_nan_is_the_result_and_gets_the_gradient(function):
    check_op(function, np.array([1, NAN, 2, NAN], "float32"), second=False, differences=False)


def test_nan_along_a_dimension():
    x = np.array([[1, NAN, 2, NAN], [NAN, 5, 3, 4], [INF, 1, -INF, 0]], "float32")
    check_op(
        lambda t, x: (*x.max(1), *x.min(1), *x.median(1), x.argmax(1), x.argmin(0), x.amax(0)),
        x, gradients=False,
    )  # fmt: skip


@pytest.mark.parametrize("zeros", [[], [1], [0, 2], [0, 1, 2, 3]], ids=str)
@pytest.mark.parametrize(
    "function",
    [
        lambda t, x: x.prod(1),
        lambda t, x: t.prod(x),
        lambda t, x: x.cumprod(1),
        lambda t, x: x.prod(0, keepdim=True),
    ],
)
def test_products_with_zeros(function, zeros):
    x = random_array((3, 4), low=0.5, high=2)
    x[0, zeros] = 0
    check_op(function, x, rtol=3e-5)


@pytest.mark.parametrize(
    ("shape", "dim"), [((3, 4), 0), ((3, 4), -1), ((2, 3, 4), 1), ((), 0), ((0, 3), 0)], ids=str
)
@pytest.mark.parametrize("function", [lambda t, x, d: t.cumsum(x, d), lambda t, x, d: x.cumprod(dim=d)])
def test_running_sums_and_products(function, shape, dim):
    check_op(lambda t, x: function(t, x, dim), random_array(shape, low=0.5, high=2), rtol=3e-5)


@pytest.mark.parametrize("dim", [None, 0, -1, 1])
@pytest.mark.parametrize("keepdim", [False, True])
@pytest.mark.parametrize("name", ["argmax", "argmin"])
def test_argmax_takes_the_first_of_equals(name, keepdim, dim):
    check_op(lambda t, x: getattr(x, name)(dim=dim, keepdim=keepdim), TIES, gradients=False)
    check_op(lambda t, x: getattr(t, name)(x, dim, keepdim), TIES.astype("int64"), gradients=False)
    check_op(lambda t, x: getattr(x, name)(), np.float32(3), gradients=False)
    check_op(lambda t, x: getattr(x, name)(0), np.float32(3), gradients=False)


@pytest.mark.parametrize("dtype", ["bool", "float32", "int64", "uint8"])
@pytest.mark.parametrize("dim", [None, 0, -1, (0, 1)])
def test_any_and_all(dtype, dim):
    x = np.array([[0, 1, 1], [0, 1, 0]], dtype)
    how = {} if dim is None else {"dim": dim}
    check_op(lambda t, x: (x.any(**how), t.all(x, **how), t.count_nonzero(x, **how)), x, gradients=False)
    check_op(lambda t, x: (x.any(0, keepdim=True), x.all(1, True)), x[:0], gradients=False)


TYPED = {
    "sum": (lambda t, x: t.sum(x), "float16 float64 int8 int64 uint8 bool"),
    "sum dim": (lambda t, x: x.sum(0, dtype=t.float64), "float32 int64 bool"),
    "sum in a small type": (lambda t, x: (x.sum(dtype=t.int32), x.sum(0, dtype=t.uint8)), "int32 uint8"),
    "prod in a small type": (lambda t, x: (x.prod(dtype=t.int32), x.cumprod(0, dtype=t.uint8)), "int16"),
    "cumsum in a small type": (lambda t, x: x.cumsum(0, dtype=t.int32), "int32 bool"),
    "mean": (lambda t, x: x.mean(), "float16 float64"),
    "mean dtype": (lambda t, x: x.mean(0, dtype=t.float32), "float64 int64 bool"),
    "prod": (lambda t, x: t.prod(x), "float64 int8 uint8 bool"),
    "prod dim": (lambda t, x: x.prod(0, dtype=t.float32), "float64 int32"),
    "cumsum": (lambda t, x: x.cumsum(0), "float16 int8 uint8 bool"),
    "cumprod": (lambda t, x: x.cumprod(0, dtype=t.float64), "float32 int64"),
    "max": (lambda t, x: x.max(), "float16 int64 uint8 bool"),
    "max dim": (lambda t, x: tuple(x.max(0)), "float64 int8 uint8"),
    "amin": (lambda t, x: x.amin(), "int64 uint8 bool"),
    "argmax": (lambda t, x: x.argmax(), "float64 int64 uint8"),
    "logsumexp": (lambda t, x: x.logsumexp(0), "float64 int64"),
    "norm": (lambda t, x: x.norm(), "float64"),
    "norm dtype": (lambda t, x: x.norm(dtype=t.float64), "float32"),
    "var": (lambda t, x: x.var(), "float64"),
    "median": (lambda t, x: x.median(), "float64 int64 uint8"),
}


@needs_torch
@pytest.mark.parametrize(
    ("function", "dtype"),
    [pytest.param(f, d, id=f"{n} {d}") for n, (f, types) in TYPED.items() for d in types.split()],
)
def test_types_of_results(function, dtype):
    x = random_array((4,), dtype, low=0, high=3)
    assert_same(function(dark, dark.tensor(x)), function(torch, torch.tensor(x)), rtol=1e-3)


def test_sums_of_float16_are_added_up_in_float32():
    x = dark.ones(4096, dtype=dark.float16)
    assert x.sum().item() == 4096
    assert x.mean().item() == 1


def test_logsumexp_is_exact_for_numbers_of_any_size():
    x = np.array([[1000, 1000], [-1000, -1001], [-INF, 0], [-INF, -INF], [INF, 0], [1e30, -1e30]], "float32")
    check_op(lambda t, x: x[:3].logsumexp(1), x, second=False, differences=False)
    check_op(lambda t, x: x.logsumexp(1), x, gradients=False)


@pytest.mark.filterwarnings("ignore:.*degrees of freedom:UserWarning")
def test_variance_without_degrees_of_freedom():
    check_op(lambda t, x: (x.var(1), x.std(1), t.var(x, correction=3)), random_array((3, 1)), gradients=False)


def test_non_contiguous_input():
    x = random_array((3, 4))
    check_op(lambda t, x: x.transpose(0, 1).std(1) * x.transpose(0, 1).max(1).values, x)
    check_op(lambda t, x: x.transpose(0, 1).prod() + x[:, 1:].transpose(0, 1).cumsum(1).sum(), x)


def test_axis_and_keepdims_are_other_names():
    for function in (
        lambda t, x: x.sum(axis=0, keepdims=True),
        lambda t, x: t.std(x, axis=1),
        lambda t, x: tuple(x.max(axis=0, keepdims=True)),
        lambda t, x: tuple(t.median(x, axis=1)),
        lambda t, x: tuple(x.sort(axis=0)),
    ):
        check_op(function, random_array((3, 4)))


def test_results_along_a_dimension_have_names():
    result = dark.tensor([[1.0, 3.0], [5.0, 4.0]]).max(1)
    assert result.values.tolist() == [3, 5]
    assert result.indices.tolist() == [1, 0]
    assert repr(result) == "dark.return_types.max(\nvalues=tensor([3., 5.]),\nindices=tensor([1, 0]))"


ERRORS = [
    (lambda t, x: x.sum(2), IndexError, "sum: dim 2 is out of range"),
    (lambda t, x: x.sum((0, -2)), RuntimeError, "sum: a dimension appears more than once"),
    (lambda t, x: x.long().mean(), RuntimeError, "mean: the input is dark.int64"),
    (lambda t, x: x.long().std(), RuntimeError, "std: the input is dark.int64"),
    (lambda t, x: x.long().norm(), RuntimeError, "norm: the input is"),
    (lambda t, x: x.long().softmax(0), RuntimeError, "softmax: the input is"),
    (lambda t, x: x[:0].max(), RuntimeError, "max: there is no element"),
    (lambda t, x: x[:0].argmax(), IndexError, "argmax: there is no element"),
    (lambda t, x: x[:0].amax(0), IndexError, "amax: there is no element"),
    (lambda t, x: x[:0].min(0), IndexError, "min: there is no element"),
    (lambda t, x: x[:0].median(0), IndexError, "median: there is no element"),
    (lambda t, x: x.norm("abc"), RuntimeError, "norm: p is a number"),
    (lambda t, x: x.cumsum(5), IndexError, "cumsum: dim 5 is out of range"),
    (lambda t, x: x.topk(5), RuntimeError, "topk: k = 5"),
    (lambda t, x: x.kthvalue(0), RuntimeError, "kthvalue: k = 0"),
]


@pytest.mark.parametrize(("call", "error", "message"), ERRORS, ids=[row[2] for row in ERRORS])
def test_errors_name_the_operation(call, error, message):
    with pytest.raises(error, match=message):
        call(dark, dark.ones(2, 3))
    if torch is not None:
        with pytest.raises(error):
            call(torch, torch.ones(2, 3))
