"""Arithmetic: every operation on broadcast, 0-d, empty and mixed inputs."""

import operator

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, random_array, torch

BINARY = [
    ("add", lambda t, x, y: t.add(x, y)),
    ("add alpha", lambda t, x, y: t.add(x, y, alpha=2)),
    ("+", lambda t, x, y: x + y),
    ("sub", lambda t, x, y: t.sub(x, y)),
    ("sub alpha", lambda t, x, y: x.sub(y, alpha=3)),
    ("mul", lambda t, x, y: x * y),
    ("div", lambda t, x, y: x / (y + 3)),
    ("div rounded", lambda t, x, y: x * y.div(x.abs() + 0.7, rounding_mode="trunc")),
    ("maximum", lambda t, x, y: t.maximum(x, y)),
    ("minimum", lambda t, x, y: t.minimum(x, y)),
]
SHAPES = [
    ((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (2, 1, 4)), ((), (3,)), ((), ()), ((0, 3), (3,)), ((2, 0), ()),
]  # fmt: skip


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize(("name", "function"), BINARY, ids=[n for n, _ in BINARY])
def test_binary(name, function, shapes):
    check_op(function, *(random_array(s, seed=i) for i, s in enumerate(shapes)))


def operand(kind):
    """An array of a type, a 0-d one, or the number itself."""
    if not isinstance(kind, str):
        return kind
    if kind.startswith("0-d"):
        return np.full((), 2, kind[4:])
    return random_array((3,), kind, low=1, high=5)


LEFT = ["float32", "float64", "int64", "int32", "uint8", "bool"]
RIGHT = ["float32", "float64", "int64", "bool", "0-d float64", "0-d int64", 2, 2.5]
MEETINGS = [
    (symbol, left, right)
    for symbol in ("add", "sub", "mul", "truediv", "floordiv", "mod") for left in LEFT for right in RIGHT
    if not (symbol == "sub" and "bool" in (left, right))  # PyTorch subtracts no booleans,
    and not (symbol in ("floordiv", "mod") and left == right == "bool")  # and has no remainder of two
]  # fmt: skip


@needs_torch
@pytest.mark.parametrize(("symbol", "left", "right"), MEETINGS)
def test_types_meet_as_in_pytorch(symbol, left, right):
    function = getattr(operator, symbol)
    x, y = operand(left), operand(right)
    ours = function(dark.tensor(x), dark.tensor(y) if isinstance(y, np.ndarray) else y)
    theirs = function(torch.tensor(x), torch.tensor(y) if isinstance(y, np.ndarray) else y)
    assert_same(ours, theirs)


ERRORS = [
    (lambda t, x: x // 0, RuntimeError, "floor_divide: ZeroDivisionError: integers can't be divided by 0"),
    (lambda t, x: x // t.tensor([1, 0, 1]), RuntimeError, "floor_divide: ZeroDivisionError"),
    (lambda t, x: 5 % (x * 0), RuntimeError, "remainder: ZeroDivisionError"),
    (lambda t, x: t.fmod(x, 0), RuntimeError, "fmod: ZeroDivisionError"),
    (lambda t, x: x.div(0, rounding_mode="trunc"), RuntimeError, "div: ZeroDivisionError"),
    (lambda t, x: t.add(x, 1, alpha=2.5), RuntimeError, "add: alpha of integers must be an integer, not 2.5"),
    (lambda t, x: x.sub(1, alpha=0.5), RuntimeError, "sub: alpha of integers"),
    (lambda t, x: -(x > 0), RuntimeError, "neg: not defined for these types: bool"),
    (lambda t, x: (x > 0) - (x > 1), RuntimeError, "sub: not defined for these types: bool, bool"),
]


@pytest.mark.parametrize(("call", "error", "message"), ERRORS)
def test_an_error_says_what_integers_and_booleans_lack(call, error, message):
    with pytest.raises(error, match=message):
        call(dark, dark.tensor([1, 2, 3]))
    if torch is not None:
        with pytest.raises(error):
            call(torch, torch.tensor([1, 2, 3]))


def test_nothing_and_floats_can_be_divided_by_zero():
    check_op(lambda t, x: (x // 0, x % 0.0), random_array((3,)), gradients=False)
    check_op(lambda t, x: (x // 0, x // 0.0, x % 0.5), random_array((0, 3), "int64"), gradients=False)


def test_nothing_is_no_tensor():
    with pytest.raises(TypeError, match="sin: expected a Tensor, got nothing"):
        dark.sin()


def test_a_division_has_pytorchs_name():
    x = dark.ones(2, requires_grad=True)
    assert {repr(y.grad_fn) for y in (x / 2, 2 / x, x.div(2), dark.true_divide(x, 2))} == {"<DivBackward0>"}
