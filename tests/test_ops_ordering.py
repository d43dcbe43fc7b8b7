"""Sorting and what is found by it: values, indices, gradients, ties, NaN, and distinct elements."""  # beyond

import math

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, random_array, torch

NAN = math.nan
FUNCTIONS = {
    "sort": lambda t, x: tuple(t.sort(x)),
    "sort descending": lambda t, x: tuple(x.sort(descending=True)),
    "sort dim": lambda t, x: tuple(x.sort(dim=0, stable=True)),
    "argsort": lambda t, x: t.argsort(x, 0, True),
    "topk": lambda t, x: tuple(t.topk(x, 1)),
    "topk 2 smallest": lambda t, x: tuple(x.topk(2, 0, largest=False)),
    "topk all": lambda t, x: tuple(x.topk(x.shape[-1], dim=-1)),
    "topk none": lambda t, x: tuple(x.topk(0)),
    "kthvalue": lambda t, x: tuple(t.kthvalue(x, 2, 0)),
    "kthvalue keepdim": lambda t, x: tuple(x.kthvalue(1, keepdim=True)),
    "median": lambda t, x: tuple(x.median(0)),
    "median of all": lambda t, x: t.median(x),
    "square of sorted": lambda t, x: x.sort(1).values ** 2,
}


@pytest.mark.parametrize("shape", [(3, 4), (2, 3, 5), (4, 1)], ids=str)
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_values_indices_and_gradients(function, shape):
    check_op(function, random_array(shape))


@pytest.mark.parametrize(
    "function",
    [
        lambda t, x: tuple(x.sort()), lambda t, x: x.argsort(), lambda t, x: tuple(x.topk(1)),
        lambda t, x: tuple(x.kthvalue(1)), lambda t, x: tuple(x.median(-1)), lambda t, x: x.median(),
    ],
)  # fmt: skip
def test_of_a_single_number(function):
    check_op(function, np.float32(2))


TIES = np.array([[2, 1, 2, 0, 1, 2], [1, 1, 1, 1, 1, 1]], dtype="float32")


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "int64", "uint8", "bool"])
def test_equal_elements_keep_their_order(dtype, descending):
    x = TIES.astype(dtype)
    check_op(lambda t, x: tuple(x.sort(stable=True, descending=descending)), x, gradients=False)
    check_op(lambda t, x: t.argsort(x, stable=True, descending=descending), x, gradients=False)


def test_gradient_of_equal_elements_goes_to_the_index_returned():
    x = dark.tensor(TIES, requires_grad=True)
    values, indices = x.topk(2)
    values.sum().backward()
    assert x.grad.sum().item() == 4
    assert x.grad.gather(1, indices).tolist() == [[1, 1], [1, 1]]


def test_nan_is_the_largest():
    x = np.array([3, NAN, -math.inf, 1, NAN, math.inf], "float32")
    check_op(lambda t, x: (x.sort(stable=True), x.sort(descending=True, stable=True)), x, gradients=False)
    check_op(lambda t, x: (x.topk(3).values, x.kthvalue(4).values, x.median()), x, gradients=False)


def test_median_is_the_lower_of_two():
    for n in (1, 2, 3, 4):
        check_op(lambda t, x: (x.median(), *x.median(0)), random_array((n,)))
    check_op(lambda t, x: x.median(), np.array([1, 2, 2, 2, 5], "float32"), second=False, differences=False)
    check_op(lambda t, x: x.median(), np.zeros(0, "float32"), gradients=False)


def test_large_tensor_against_numpy():
    x = random_array((50, 200), seed=3)
    values, indices = dark.topk(dark.tensor(x), 10)
    np.testing.assert_array_equal(values.numpy(), -np.sort(-x)[:, :10])
    np.testing.assert_array_equal(np.take_along_axis(x, indices.numpy(), 1), values.numpy())


@needs_torch
@pytest.mark.parametrize("dim", [None, 0, 1])
@pytest.mark.parametrize("dtype", ["int64", "float32", "uint8"])
def test_unique(dtype, dim):
    x = np.array([[2, 1, 2], [2, 1, 2], [0, 1, 0]], dtype)
    ours, theirs = dark.tensor(x), torch.tensor(x)
    assert_same(ours.unique(dim=dim), theirs.unique(dim=dim))
    how = {"return_inverse": True, "return_counts": True, "dim": dim}
    assert_same(dark.unique(ours, **how), torch.unique(theirs, **how))
    assert_same(dark.unique(ours, return_counts=True), torch.unique(theirs, return_counts=True))


def test_bincount():
    x = np.array([0, 3, 3, 1])
    check_op(lambda t, x: (x.bincount(), t.bincount(x, minlength=6)), x, gradients=False)
    for dtype in ("float32", "float64", "int64"):
        weights = np.array([1, 2, 3, 4], dtype)
        check_op(lambda t, x, w: t.bincount(x, weights=w), x, weights, gradients=False)
    with pytest.raises(RuntimeError, match="bincount: expected a vector of integers"):
        dark.tensor([0.5]).bincount()
