"""Single numbers: what lesson 1 offers works there and in every later lesson."""

import gc
import math
import threading
from math import inf, nan

import pytest

import dark

try:
    import torch
except ImportError:
    torch = None

IN_DOUBLE = dark.tensor(0.1).item() == 0.1  # lesson 1 computes with Python's floats, later ones in float32
TOLERANCE = 1e-12 if IN_DOUBLE else 2e-6

# An operation: the same line for Dark and PyTorch, its derivatives by its inputs, and where they are tried.
OPS = {
    "add": (lambda t, x, y: x + y, [lambda x, y: 1, lambda x, y: 1], [(2.0, 3.0), (-0.5, 0.25)]),
    "sub": (lambda t, x, y: x - y, [lambda x, y: 1, lambda x, y: -1], [(2.0, 3.0), (-0.5, 0.25)]),
    "mul": (lambda t, x, y: x * y, [lambda x, y: y, lambda x, y: x], [(2.0, 3.0), (-0.5, 0.0)]),
    "div": (
        lambda t, x, y: x / y,
        [lambda x, y: 1 / y, lambda x, y: -x / y**2],
        [(2.0, 3.0), (-0.5, -0.25), (0.0, 3.0)],
    ),
    "neg": (lambda t, x: -x, [lambda x: -1], [(2.0,), (-0.5,), (0.0,)]),
    "pow": (
        lambda t, x, y: x**y,
        [lambda x, y: y * x ** (y - 1), lambda x, y: x**y * math.log(x)],
        [(2.0, 3.0), (0.25, -1.5), (1.5, 0.0), (3.0, 1.0)],
    ),
    "exp": (lambda t, x: t.exp(x), [math.exp], [(0.0,), (1.5,), (-3.0,)]),
    "log": (lambda t, x: t.log(x), [lambda x: 1 / x], [(1.0,), (0.25,), (8.0,)]),
    "sqrt": (lambda t, x: t.sqrt(x), [lambda x: 1 / (2 * math.sqrt(x))], [(4.0,), (0.125,)]),
    "sin": (lambda t, x: t.sin(x), [math.cos], [(0.0,), (1.25,), (-4.0,)]),
    "cos": (lambda t, x: t.cos(x), [lambda x: -math.sin(x)], [(0.0,), (1.25,), (-4.0,)]),
    "tanh": (lambda t, x: t.tanh(x), [lambda x: 1 / math.cosh(x) ** 2], [(0.0,), (0.75,), (-2.0,)]),
    "abs": (lambda t, x: abs(x), [lambda x: math.copysign(1, x) * (x != 0)], [(3.0,), (-3.0,), (0.0,)]),
    "relu": (lambda t, x: t.relu(x), [lambda x: float(x > 0)], [(3.0,), (-3.0,), (0.0,)]),
    "maximum": (
        lambda t, x, y: t.maximum(x, y),
        [lambda x, y: (x > y) + (x == y) / 2, lambda x, y: (y > x) + (x == y) / 2],
        [(3.0, 2.0), (2.0, 3.0), (-1.0, 1.0), (2.0, 2.0)],
    ),
    "minimum": (
        lambda t, x, y: t.minimum(x, y),
        [lambda x, y: (x < y) + (x == y) / 2, lambda x, y: (y < x) + (x == y) / 2],
        [(3.0, 2.0), (2.0, 3.0), (-1.0, 1.0), (2.0, 2.0)],
    ),
}
VALUES = {  # of those that are not the same line in Python
    "abs": abs, "relu": lambda x: max(x, 0.0), "maximum": max, "minimum": min,
    **{name: getattr(math, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tanh")},
}  # fmt: skip
CASES = [pytest.param(name, at, id=f"{name}{at}") for name, (_, _, points) in OPS.items() for at in points]


def same(number, expected, tolerance=TOLERANCE):
    """Equal to the tolerance, infinities and NaN included."""
    return number == pytest.approx(expected, rel=tolerance, abs=tolerance, nan_ok=True)


def leaves(*numbers):
    return [dark.tensor(float(x), requires_grad=True) for x in numbers]


@pytest.mark.parametrize(("name", "at"), CASES)
def test_value_and_gradients(name, at):
    line, derivatives, _ = OPS[name]
    inputs = leaves(*at)
    result = line(dark, *inputs)
    assert same(result.item(), VALUES.get(name, lambda *numbers: line(None, *numbers))(*at))
    result.backward()
    for x, derivative in zip(inputs, derivatives):
        assert same(x.grad.item(), derivative(*at))


@pytest.mark.parametrize(("name", "at"), CASES)
def test_gradients_by_finite_differences(name, at):
    if name in ("abs", "relu", "maximum", "minimum") and at in ((0.0,), (2.0, 2.0)):
        pytest.skip("a kink has no derivative")
    line = OPS[name][0]
    inputs = leaves(*at)
    (3 * line(dark, *inputs)).backward()
    step = 1e-6 if IN_DOUBLE else 2**-9
    for i, x in enumerate(inputs):
        above, below = (
            line(dark, *(dark.tensor(a + sign * step * (i == j)) for j, a in enumerate(at))).item()
            for sign in (1, -1)
        )
        assert same(x.grad.item(), 3 * (above - below) / (2 * step), 1e-6 if IN_DOUBLE else 3e-3)


def in_both(function, at):
    """(value, *gradients) of `function(t, *tensors)`, for t = dark and t = torch in float64."""
    found = []
    for t, options in ((dark, {}), (torch, {"dtype": torch.float64})):
        inputs = [t.tensor(x, requires_grad=True, **options) for x in at]
        result = function(t, *inputs)
        result.backward()
        found.append([result.item(), *(nan if x.grad is None else x.grad.item() for x in inputs)])
    return found


EDGES = {
    "1 / 0": (lambda t, x: 1 / x, (0.0,)),
    "-1 / 0": (lambda t, x: -1 / x, (0.0,)),
    "0 / 0": (lambda t, x, y: x / y, (0.0, 0.0)),
    "1 / -0": (lambda t, x: 1 / x, (-0.0,)),
    "nan / 0": (lambda t, x, y: x / y, (nan, 0.0)),
    "x / inf": (lambda t, x, y: x / y, (2.0, inf)),
    "inf - inf": (lambda t, x, y: x - y, (inf, inf)),
    "inf * 0": (lambda t, x, y: x * y, (inf, 0.0)),
    "log 0": (lambda t, x: t.log(x), (0.0,)),
    "log -1": (lambda t, x: t.log(x), (-1.0,)),
    "log inf": (lambda t, x: t.log(x), (inf,)),
    "sqrt 0": (lambda t, x: t.sqrt(x), (0.0,)),
    "sqrt -1": (lambda t, x: t.sqrt(x), (-1.0,)),
    "exp 1000": (lambda t, x: t.exp(x), (1000.0,)),
    "exp -1000": (lambda t, x: t.exp(x), (-1000.0,)),
    "exp inf": (lambda t, x: t.exp(x), (inf,)),
    "sin inf": (lambda t, x: t.sin(x), (inf,)),
    "cos -inf": (lambda t, x: t.cos(x), (-inf,)),
    "tanh 1000": (lambda t, x: t.tanh(x), (1000.0,)),
    "abs nan": (lambda t, x: abs(x), (nan,)),
    "abs -inf": (lambda t, x: abs(x), (-inf,)),
    "relu nan": (lambda t, x: t.relu(x), (nan,)),
    "maximum nan": (lambda t, x, y: t.maximum(x, y), (nan, 1.0)),
    "minimum nan": (lambda t, x, y: t.minimum(x, y), (1.0, nan)),
    "x ** 0": (lambda t, x: x**0, (0.0,)),
    "0 ** 1": (lambda t, x: x**1, (0.0,)),
    "0 ** 2": (lambda t, x: x**2, (0.0,)),
    "-2 ** 3": (lambda t, x: x**3, (-2.0,)),
    "-2 ** 0.5": (lambda t, x: x**0.5, (-2.0,)),
    "0 ** -1": (lambda t, x: x**-1, (0.0,)),
    "-0 ** -1": (lambda t, x: x**-1, (-0.0,)),
    "0 ** -2": (lambda t, x: x**-2, (0.0,)),
    "0 ** 0.5": (lambda t, x: x**0.5, (0.0,)),
    "huge ** 3": (lambda t, x: x**3, (1e200,)),
    "-huge ** 3": (lambda t, x: x**3, (-1e200,)),
    "inf ** -1": (lambda t, x: x**-1, (inf,)),
    "0 ** y": (lambda t, x, y: x**y, (0.0, 2.0)),
    "0 ** 0": (lambda t, x, y: x**y, (0.0, 0.0)),
    "-2 ** y": (lambda t, x, y: x**y, (-2.0, 3.0)),
    "2 ** y": (lambda t, y: 2**y, (0.5,)),
    "0.0 ** y": (lambda t, y: 0.0**y, (2.0,)),
}


@pytest.mark.skipif(torch is None, reason="PyTorch is not installed: nothing to compare with")
@pytest.mark.parametrize("name", EDGES)
def test_edges_are_pytorchs(name):
    function, at = EDGES[name]
    if not IN_DOUBLE and any(abs(x) > 1e38 and x != inf and x != -inf for x in at):
        pytest.skip("float32 has no such numbers")
    ours, theirs = in_both(function, at)
    if not IN_DOUBLE:
        theirs = torch.tensor(theirs).float().tolist()
    assert [same(a, b) for a, b in zip(ours, theirs)] == [True] * len(theirs), (ours, theirs)


@pytest.mark.skipif(torch is None, reason="PyTorch is not installed: nothing to compare with")
@pytest.mark.parametrize(("name", "at"), CASES)
def test_value_and_gradients_are_pytorchs(name, at):
    ours, theirs = in_both(OPS[name][0], at)
    assert all(same(a, b) for a, b in zip(ours, theirs)), (ours, theirs)


def test_numbers_may_stand_on_both_sides():
    (x,) = leaves(4.0)
    for result, value, slope in (
        (x + 1, 5, 1), (1 + x, 5, 1), (x - 1, 3, 1), (1 - x, -3, -1), (x * 3, 12, 3), (3 * x, 12, 3),
        (x / 2, 2, 0.5), (2 / x, 0.5, -0.125), (x**2, 16, 8), (2**x, 16, 16 * math.log(2)),
        (dark.maximum(x, dark.tensor(5.0)), 5, 0), (-x, -4, -1), (abs(-x), 4, 1), (x * True, 4, 1),
    ):  # fmt: skip
        x.grad = None
        result.backward()
        assert same(result.item(), value)
        assert same(x.grad.item(), slope)


def test_functions_are_methods_too():
    (x,) = leaves(0.5)
    for name in OPS:
        arguments = (x, dark.tensor(2.0))[: len(OPS[name][1])]
        assert getattr(x, name)(*arguments[1:]).item() == OPS[name][0](dark, *arguments).item()


@pytest.mark.parametrize(
    "mistake",
    [
        lambda x: x + "1", lambda x: "1" * x, lambda x: x**None, lambda x: dark.maximum(x, "1"),
        lambda x: dark.exp(2.0), lambda x: dark.maximum(1.0, 2.0), lambda x: dark.log("2"),
        lambda x: dark.tensor("2"), lambda x: dark.tensor(None),
    ],
)  # fmt: skip
def test_what_is_no_number_is_a_type_error(mistake):
    with pytest.raises(TypeError):
        mistake(dark.tensor(2.0))


# The engine


def test_the_example_of_the_lesson():
    x, y = leaves(2.0, 3.0)
    z = (x + y) * (y + 1)
    z.backward()
    assert (z.item(), x.grad.item(), y.grad.item()) == (20, 4, 9)


def test_a_node_waits_for_all_gradients():
    (a,) = leaves(1.0)
    b = a + a
    c = b + b
    c.backward()
    assert a.grad.item() == 4


def test_diamonds_cost_no_more_than_their_nodes():
    (x,) = leaves(1.0)
    y = x
    for _ in range(100):  # as many ways as 2 to the power of 100
        y = y + y
    y.backward()
    assert x.grad.item() == 2.0**100


def test_gradients_add_up_until_they_are_taken_away():
    (x,) = leaves(3.0)
    (x * x).backward()
    first = x.grad
    (x * x).backward()
    assert x.grad.item() == first.item() == 12
    x.grad = None
    (x * x).backward()
    assert x.grad.item() == 6


def test_two_results_of_one_leaf():
    x, y = leaves(2.0, 5.0)
    (x * y).backward()
    (x + y).backward()
    assert (x.grad.item(), y.grad.item()) == (6, 3)


def test_the_same_tensor_twice():
    (x,) = leaves(3.0)
    (x * x - x / x + x**x).backward()
    assert same(x.grad.item(), 6 + 27 * (math.log(3) + 1))


def test_a_second_backward_raises():
    (x,) = leaves(3.0)
    y = x * x
    y.backward()
    with pytest.raises(RuntimeError, match="second time"):
        y.backward()
    assert x.grad.item() == 6


def test_a_second_backward_through_a_shared_part_raises_and_leaves_gradients_alone():
    x, z = leaves(3.0, 1.0)
    shared = x * x
    first, second = shared * 2, shared * z
    first.backward()
    with pytest.raises(RuntimeError, match="second time"):
        second.backward()
    assert x.grad.item() == 12
    assert z.grad is None


def test_retain_graph_allows_another():
    (x,) = leaves(3.0)
    y = x * x
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.item() == 12


def test_backward_starts_with_the_given_gradient():
    (x,) = leaves(3.0)
    (x * x).backward(dark.tensor(10.0))
    assert x.grad.item() == 60


def test_a_leaf_is_its_own_derivative():
    (x,) = leaves(3.0)
    x.backward()
    assert x.grad.item() == 1


def test_nothing_recorded_raises():
    with pytest.raises(RuntimeError, match="does not require grad"):
        dark.tensor(3.0).backward()
    with pytest.raises(RuntimeError, match="does not require grad"):
        (dark.tensor(3.0) * 2).backward()


def test_only_leaves_that_ask_get_a_gradient():
    x, constant = dark.tensor(2.0, requires_grad=True), dark.tensor(5.0)
    y = x * constant
    y.backward()
    assert x.grad.item() == 5
    assert constant.grad is None
    assert y.requires_grad
    assert not constant.requires_grad
    assert not x.grad.requires_grad


def test_a_leaf_of_zero_is_a_leaf():
    x, y = leaves(0.0, 0.0)
    (x * 2 + y).backward()
    assert (x.grad.item(), y.grad.item()) == (2, 1)


def test_the_graph_can_be_walked():
    x, y = leaves(2.0, 3.0)
    z = x * y + 1
    assert repr(z.grad_fn) == "<AddBackward0>"
    (product, number), (constant, _) = z.grad_fn.next_functions
    assert (repr(product), number, constant) == ("<MulBackward0>", 0, None)
    ends = [node for node, _ in product.next_functions]
    assert [repr(end).split(" ")[0].strip("<>") for end in ends] == ["AccumulateGrad"] * 2
    assert ends[0].variable is x
    assert ends[1].variable is y
    assert ends[0].next_functions == ()
    assert (x.is_leaf, x.grad_fn, z.is_leaf) == (True, None, False)


@pytest.mark.parametrize(
    ("text", "make"),
    [
        ("tensor(3.)", lambda x: dark.tensor(3.0)),
        ("tensor(0.)", lambda x: dark.tensor(0.0)),
        ("tensor(0.1250)", lambda x: dark.tensor(0.125)),
        ("tensor(-123.4568)", lambda x: dark.tensor(-123.45678)),
        ("tensor(1.0000e-05)", lambda x: dark.tensor(1e-5)),
        ("tensor(2.0000e+09)", lambda x: dark.tensor(2e9)),
        ("tensor(inf)", lambda x: dark.tensor(inf)),
        ("tensor(-inf)", lambda x: dark.tensor(-inf)),
        ("tensor(nan)", lambda x: dark.tensor(nan)),
        ("tensor(3., requires_grad=True)", lambda x: x),
        ("tensor(11., grad_fn=<AddBackward0>)", lambda x: x * x + 2),
        ("tensor(0.9951, grad_fn=<TanhBackward0>)", lambda x: dark.tanh(x)),
        ("tensor(9., grad_fn=<PowBackward0>)", lambda x: x**2),
        ("tensor(9.)", lambda x: (x * x).detach()),
    ],
)
def test_printing(text, make):
    (x,) = leaves(3.0)
    assert repr(make(x)) == text
    assert str(make(x)) == text


def test_requires_grad_and_detach():
    x = dark.tensor(2.0)
    assert not x.requires_grad
    assert x.requires_grad_() is x
    assert x.requires_grad
    y = (x * 3).detach()
    assert (y.item(), y.requires_grad, y.is_leaf) == (6, False, True)
    (x * y).backward()
    assert x.grad.item() == 6
    x.requires_grad = False
    assert not (x * 3).requires_grad


def test_a_tensor_is_a_number_where_python_wants_one():
    x = dark.tensor(2.5)
    assert isinstance(x.item(), float)
    assert float(x) == 2.5
    assert x
    assert not dark.tensor(0.0)


def test_tensors_are_keys_of_dicts():
    x, y = leaves(1.0, 1.0)
    assert {x: "x", y: "y"}[x] == "x"


# Recording nothing


def test_nothing_is_recorded_under_no_grad():
    (x,) = leaves(2.0)
    with dark.no_grad():
        y = x * x
        with dark.no_grad():
            pass
        assert not (x * x).requires_grad
    assert not y.requires_grad
    assert (x * x).requires_grad


def test_no_grad_ends_where_an_error_leaves_it():
    (x,) = leaves(2.0)
    with pytest.raises(ZeroDivisionError), dark.no_grad():
        1 / 0  # noqa: B018
    assert (x * x).requires_grad


def test_no_grad_decorates_functions_that_call_themselves():
    (x,) = leaves(2.0)

    @dark.no_grad()
    def doubled(times):
        return doubled(times - 1) * 2 if times else x

    assert not doubled(3).requires_grad
    assert (x * x).requires_grad


def test_no_grad_is_for_one_thread():
    (x,) = leaves(2.0)
    recorded = []
    with dark.no_grad():
        thread = threading.Thread(target=lambda: recorded.append((x * x).requires_grad))
        thread.start()
        thread.join()
    assert recorded == [True]


def test_a_leaf_changes_in_place_under_no_grad():
    (x,) = leaves(4.0)
    same_tensor = x
    with dark.no_grad():
        x -= 1
        x *= 4
        x /= 2
        x += dark.tensor(2.0)
    assert x is same_tensor
    assert (x.item(), x.requires_grad, x.is_leaf) == (8, True, True)


def test_a_constant_changes_in_place_anywhere():
    x = dark.tensor(4.0)
    x += 1
    assert x.item() == 5


@pytest.mark.parametrize("which", ["leaf", "computed", "value"])
def test_a_change_in_place_is_never_recorded(which):
    (x,) = leaves(4.0)
    changed, other = {"leaf": (x, 1.0), "computed": (x * 2, 1.0), "value": (dark.tensor(1.0), x)}[which]
    before = changed.item()
    with pytest.raises(RuntimeError, match=r"sub_: .*in place"):
        changed -= other
    assert changed.item() == before


def test_gradient_descent_finds_the_minimum():
    (x,) = leaves(3.0)
    for _ in range(40):
        y = 2 * x**2 + 5
        y.backward()
        with dark.no_grad():
            x -= 0.125 * x.grad
            x.grad = None
    assert same(x.item(), 0.0, 1e-6)
    assert y.item() == 5


# A long chain


def test_a_long_chain_forward_backward_and_freed():
    gc.collect()
    (x,) = leaves(1.0)
    y = x
    for _ in range(20_000):
        y = y + x
    y.backward()
    assert x.grad.item() == 20_001
    y = x
    for _ in range(20_000):
        y = y * 1.0
    del y
