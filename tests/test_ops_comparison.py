"""Comparisons and logic: operators, types that meet, NaN, and what is neither number nor tensor."""

import math
import operator

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, random_array, torch

COMPARISONS = ["eq", "ne", "lt", "le", "gt", "ge"]
SHAPES = [((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (2, 1, 4)), ((), (3,)), ((), ()), ((0, 3), (3,))]


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize("name", COMPARISONS)
def test_comparisons(name, shapes):
    x, y = (random_array(s, "int64", low=0, high=2, seed=i).astype("float32") for i, s in enumerate(shapes))
    symbol = getattr(operator, name)
    check_op(lambda t, x, y: (getattr(t, name)(x, y), getattr(x, name)(y), symbol(x, y)), x, y)
    check_op(lambda t, x: (symbol(x, 1), symbol(1, x), symbol(x, 0.5), symbol(x, True)), x)


def operand(kind):
    """An array of a type, a 0-d one, or the number itself."""
    if not isinstance(kind, str):
        return kind
    return np.full((), 2, kind[4:]) if kind.startswith("0-d") else np.array([0, 1, 2, 3, 1]).astype(kind)


@needs_torch
@pytest.mark.parametrize("name", COMPARISONS)
@pytest.mark.parametrize("left", ["float32", "float64", "int64", "uint8", "bool"])
@pytest.mark.parametrize("right", ["float32", "float64", "bool", "0-d float64", "0-d int64", 2, 0.1, True])
def test_types_meet_as_in_pytorch(name, left, right):
    x, y = operand(left), operand(right)
    ours = getattr(dark, name)(dark.tensor(x), dark.tensor(y) if isinstance(y, np.ndarray) else y)
    theirs = getattr(torch, name)(torch.tensor(x), torch.tensor(y) if isinstance(y, np.ndarray) else y)
    assert_same(ours, theirs)


@pytest.mark.parametrize("left", ["float32", "int64", "uint8", "bool"])
@pytest.mark.parametrize("right", ["float64", "int64", "bool", "0-d float64"])
def test_logic_of_all_types(left, right):
    function = lambda t, x, y: (t.logical_and(x, y), t.logical_or(x, y), t.logical_xor(x, y))
    check_op(function, operand(left), operand(right))


@needs_torch
@pytest.mark.parametrize("symbol", ["and_", "or_", "xor"])
@pytest.mark.parametrize("left", ["int64", "int32", "uint8", "bool"])
@pytest.mark.parametrize("right", ["int64", "uint8", "bool", "0-d int64", 2, True])
def test_bits_of_integers_and_booleans(symbol, left, right):
    function, x, y = getattr(operator, symbol), operand(left), operand(right)
    ours, theirs = (t.tensor(y) if isinstance(y, np.ndarray) else y for t in (dark, torch))
    assert_same(function(dark.tensor(x), ours), function(torch.tensor(x), theirs))
    assert_same(function(ours, dark.tensor(x)), function(theirs, torch.tensor(x)))
    assert_same(~dark.tensor(x), ~torch.tensor(x))


def test_logic_takes_numbers_for_true_unless_they_are_0():
    x, y = np.array([0, 0.5, -1, math.nan], "float32"), np.array([0, 0, 2, 1])
    check_op(lambda t, x, y: (t.logical_and(x, y), x.logical_or(y), x.logical_xor(y), t.logical_not(x)), x, y)


def test_nan_and_infinities():
    x = np.array([math.nan, math.inf, -math.inf, 0, 1], "float32")
    check_op(lambda t, x: (x.isnan(), t.isinf(x), x.isfinite(), x == x, x != x, x < x, x >= x), x)
    check_op(lambda t, x: (x.isnan(), t.isinf(x), x.isfinite()), np.array([1, 0]))


def test_what_is_neither_number_nor_tensor_is_not_equal():
    x = dark.tensor([1.0, 2.0])
    for other in (None, "text", [1.0, 2.0], object()):
        assert (x == other) is False
        assert (x != other) is True
        with pytest.raises(TypeError):
            x < other  # noqa: B015


def test_closeness():
    x = np.array([1, 1, 1, math.inf, math.inf, math.nan, 0], "float32")
    y = np.array([1, 1 + 1e-6, 1.1, math.inf, -math.inf, math.nan, 1e-9], "float32")
    for function in (
        lambda t, x, y: (t.isclose(x, y), x.isclose(y, equal_nan=True), x.isclose(y, rtol=0.2)),
        lambda t, x, y: (t.allclose(x, y), x[:2].allclose(y[:2]), t.allclose(x, x, equal_nan=True)),
        lambda t, x, y: (t.equal(x, y), x[:1].equal(y[:1]), t.equal(x[:1], x[:2])),
    ):
        check_op(function, x, y, gradients=False)
        check_op(function, np.array([1, 250], "uint8"), np.array([1, 3], "uint8"), gradients=False)


@needs_torch
@pytest.mark.parametrize(
    "call",
    ["eq_(y)", "lt_(2)", "logical_and_(y)", "logical_not_()", "__iand__(y)", "__ior__(4)", "bitwise_xor_(y)"],
)
def test_in_place(call):
    results = []
    for t in (dark, torch):
        x, y = t.tensor([0, 1, 2, 3]), t.tensor([3, 1, 2, 0])
        assert eval(f"x.{call}", {"x": x, "y": y}) is x
        results.append(x)
    assert_same(*results)


def test_shapes_that_do_not_broadcast_are_named():
    with pytest.raises(RuntimeError, match=r"lt: .*\(2,\).*\(3,\)"):
        dark.ones(2) < dark.ones(3)  # noqa: B015


def test_bits_of_floats_are_refused():
    with pytest.raises(RuntimeError, match="bitwise_and"):
        dark.ones(2) & 1
    with pytest.raises(RuntimeError, match="bitwise_not"):
        dark.bitwise_not(dark.ones(2))
    with pytest.raises(TypeError, match="~ is defined for integers and booleans"):  # as in PyTorch
        ~dark.ones(2)


ELEMENTS = [1, 2.0, True, 7, math.nan, "a", None, [1.0]]  # beyond


@needs_torch
@pytest.mark.parametrize("element", ELEMENTS, ids=repr)
def test_what_is_in_a_tensor(element):  # beyond
    for shape in ((3,), (), (0,), (2, 2)):
        answers = []
        for t in (dark, torch):
            x = t.tensor(np.arange(math.prod(shape), dtype="float32").reshape(shape))
            try:
                answers.append((element in x, t.ones(()) in x, x.nelement(), x.ndimension()))
            except RuntimeError:
                answers.append(RuntimeError)
        assert answers[0] == answers[1]
