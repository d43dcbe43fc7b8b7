"""Softmax and its logarithm: gradients, numbers of any size, infinities and types."""  # dark-3

import math

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, random_array, torch

INF = math.inf


@pytest.mark.parametrize(
    ("shape", "dim"), [((3, 4), 1), ((3, 4), 0), ((2, 3, 4), -2), ((), 0), ((0, 3), 1), ((3, 0), 1)], ids=str
)
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_along_a_dimension(name, shape, dim):
    check_op(lambda t, x: getattr(t, name)(x, dim), random_array(shape))
    check_op(lambda t, x: getattr(x, name)(dim=dim) ** 2, random_array(shape))


LARGE = np.array(
    [[1000, 0, -1000], [-1000, -1001, -1000], [INF, 0, 1], [-INF, 0, 1], [-INF, -INF, -INF]], "float32"
)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_numbers_of_any_size(name):
    check_op(lambda t, x: getattr(x, name)(1), LARGE[:2], differences=False)
    check_op(lambda t, x: getattr(x, name)(1), LARGE, second=False, differences=False)


@pytest.mark.parametrize(
    ("given", "asked"), [("int64", "float32"), ("float32", "float64"), ("bool", "float32")]
)
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_types(name, given, asked):
    check_op(lambda t, x: getattr(x, name)(1, dtype=getattr(t, asked)), random_array((2, 3), given))


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_float16(name):
    x = random_array((2, 3), "float16")
    check_op(lambda t, x: getattr(x, name)(1), x, gradients=False, rtol=1e-3, atol=1e-3)


@needs_torch
def test_float64_is_exact_to_the_last_digits():
    x = random_array((5, 100), "float64", low=-30, high=30)
    for name in ("softmax", "log_softmax", "logsumexp"):
        ours, theirs = getattr(dark, name)(dark.tensor(x), 1), getattr(torch, name)(torch.tensor(x), 1)
        assert_same(ours, theirs, rtol=1e-12, atol=1e-14)


def test_input_is_left_as_it_is():
    x = dark.tensor([[1.0, 2.0, 3.0]])
    dark.softmax(x, 1)
    dark.log_softmax(x, 1)
    assert x.tolist() == [[1, 2, 3]]
