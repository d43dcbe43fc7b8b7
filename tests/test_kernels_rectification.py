"""Compiled ReLU, leaky or not: the reference's numbers, in the pictures' order of memory."""  # dark-5

import numpy as np
import pytest

import dark
from against_torch import random_array
from dark import nn
from dark.kernels import reference

cpu = pytest.importorskip("dark.kernels.cpu", reason="Numba is not installed: there is nothing to compare")

LAYOUTS = {
    "in order": lambda x: x,
    "channels last": lambda x: np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2),
    "with gaps": lambda x: np.repeat(x, 2, axis=3)[..., ::2],
    "empty": lambda x: x[:0],
    "a single number": lambda x: x[0, 0, 0, :1].reshape(()),
}


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int64"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_both_give_the_same(layout, dtype):
    x, g = (LAYOUTS[layout](random_array((3, 4, 5, 6), dtype, seed=seed)) for seed in range(2))
    y = cpu.relu(x)
    assert y.dtype == x.dtype
    np.testing.assert_array_equal(y, np.maximum(x, 0))
    np.testing.assert_array_equal(cpu.relu_input(g, y), reference.relu_input(g, y))

    for slope in (0.2, -0.5):
        y, expected = cpu.leaky_relu(x, slope), reference.leaky_relu(x, slope)
        assert y.dtype == expected.dtype
        np.testing.assert_array_equal(y, expected)
        back, expected = cpu.leaky_relu_input(g, x, slope), reference.leaky_relu_input(g, x, slope)
        assert back.dtype == expected.dtype
        np.testing.assert_array_equal(back, expected)


def test_layouts_may_differ_between_result_and_gradient():
    x, g = (random_array((3, 4, 5, 6), seed=seed) for seed in range(2))
    y = cpu.relu(LAYOUTS["channels last"](x))
    assert y.transpose(0, 2, 3, 1).flags.c_contiguous
    np.testing.assert_array_equal(cpu.relu_input(g, y), g * (x > 0))
    y = cpu.leaky_relu(LAYOUTS["channels last"](x), 0.25)
    assert y.transpose(0, 2, 3, 1).flags.c_contiguous
    np.testing.assert_array_equal(cpu.leaky_relu_input(g, y, 0.25), np.where(x > 0, g, g * 0.25))


def test_nan_stays_and_lets_the_gradient_through():
    x = np.array([np.nan, np.inf, -np.inf, -0.0, 0.0, 1e-45], "float32")
    y = cpu.relu(x)
    np.testing.assert_array_equal(y, [np.nan, np.inf, 0, 0, 0, np.float32(1e-45)])
    np.testing.assert_array_equal(cpu.relu_input(np.ones_like(x), y), [1, 1, 0, 0, 0, 1])
    y = cpu.leaky_relu(x, 0.5)
    np.testing.assert_array_equal(y, [np.nan, np.inf, -np.inf, 0, 0, np.float32(1e-45)])
    np.testing.assert_array_equal(cpu.leaky_relu_input(np.ones_like(x), y, 0.5), [0.5, 1, 0.5, 0.5, 0.5, 1])


def test_large_tensors_take_it():
    x = dark.randn(8, 16, 32, 32).requires_grad_()
    x.relu().sum().backward()
    assert dark.equal(x.grad, (x.detach() > 0).float())
    for slope in (0.5, 0, -0.5):  # of which the last turns negative numbers into positive ones
        x.grad = None
        nn.functional.leaky_relu(x, slope).sum().backward()
        assert dark.equal(x.grad, dark.where(x.detach() > 0, 1, slope))


def test_an_infinite_gradient_does_not_come_through_where_the_result_is_0():
    for shape in ((3,), (200, 200)):
        x = dark.zeros(shape).requires_grad_()
        x.relu().sqrt().sum().backward()
        assert not x.grad.numpy().any()
