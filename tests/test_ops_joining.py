"""Joining tensors: every input gets its own part of the gradient back."""

import pytest

import dark
from against_torch import assert_same, check_op, curved, needs_torch, random_array, torch

JOINS = [  # name, function, shapes of the inputs
    ("cat", lambda t, *xs: [t.cat(xs), t.cat(xs, dim=-2), t.cat(list(xs), 0)], [(2, 3), (1, 3), (4, 3)]),
    ("cat dim 1",
     lambda t, *xs: [t.cat(xs, 1), t.concat(xs, -1), t.concatenate(xs, dim=1)], [(2, 3), (2, 1)]),
    ("cat axis", lambda t, *xs: t.cat(xs, axis=1), [(2, 3), (2, 1)]),
    ("cat one", lambda t, x: t.cat([x]), [(2, 3)]),
    ("cat the same twice", lambda t, x: t.cat([x, x, x * 2], 1), [(2, 3)]),
    ("cat with a length 0", lambda t, *xs: t.cat(xs), [(2, 3), (0, 3), (1, 3)]),
    ("cat with (0,)", lambda t, *xs: t.cat(xs, 1), [(0,), (2, 3), (0,), (2, 1)]),
    ("cat with (0,) of 1-d", lambda t, *xs: t.cat(xs), [(0,), (3,)]),
    ("cat of nothing but (0,)", lambda t, *xs: t.cat(xs), [(0,), (0,)]),
    ("stack", lambda t, *xs: [t.stack(xs), t.stack(xs, dim=1), t.stack(list(xs), -1)], [(2, 3)] * 3),
    ("stack 0-d", lambda t, *xs: [t.stack(xs), t.stack(xs, -1)], [()] * 3),
    ("stack empty", lambda t, *xs: t.stack(xs, 1), [(0, 3)] * 2),
    ("stack axis", lambda t, *xs: t.stack(xs, axis=1), [(2, 3)] * 2),
    ("hstack", lambda t, *xs: t.hstack(xs), [(2, 3), (2, 1)]),
    ("hstack 1-d", lambda t, *xs: t.hstack(xs), [(2,), (3,), ()]),
    ("vstack", lambda t, *xs: t.vstack(xs), [(2, 3), (1, 3)]),
    ("vstack 1-d", lambda t, *xs: t.vstack(xs), [(3,), (3,), (2, 3)]),
    ("dstack", lambda t, *xs: t.dstack(xs), [(2, 3), (2, 3), (2, 3, 4)]),
    ("dstack 1-d", lambda t, *xs: t.dstack(xs), [(3,), (3,)]),
    ("column_stack", lambda t, *xs: t.column_stack(xs), [(2,), (2, 3), (2,)]),
    ("column_stack 0-d", lambda t, *xs: t.column_stack(xs), [(), ()]),
]


@pytest.mark.parametrize(("name", "function", "shapes"), JOINS, ids=[row[0] for row in JOINS])
def test_joining(name, function, shapes):
    arrays = [random_array(s, seed=i) for i, s in enumerate(shapes)]
    check_op(function, *arrays)
    check_op(curved(function), *arrays)


def test_non_contiguous_inputs():
    arrays = random_array((3, 4)), random_array((3, 2), seed=1)
    check_op(lambda t, x, y: t.cat([x.t(), y.t(), x.flip(0).t()]), *arrays)
    check_op(lambda t, x, y: t.stack([x[:, ::2], y], -1), *arrays)


def test_a_part_without_gradient_is_left_out():
    x, y = dark.ones(2, requires_grad=True), dark.zeros(2)
    joined = dark.cat([y, x * x, y])
    (gradient,) = dark.autograd.grad(joined.sum(), x, create_graph=True)
    gradient.sum().backward()
    assert x.grad.tolist() == [2, 2]


@needs_torch
@pytest.mark.parametrize("join", ["cat", "stack"])
@pytest.mark.parametrize(
    "dtypes",
    [
        ("float32", "float64"),
        ("int64", "float32"),
        ("bool", "uint8"),
        ("int32", "int64", "float16"),
        ("uint8", "int8"),
        ("bool", "bool"),
    ],
    ids=str,
)
def test_types_meet_as_in_pytorch(join, dtypes):
    arrays = [random_array((3,), d) for d in dtypes]
    check_op(lambda t, *xs: getattr(t, join)(xs), *arrays, differences=False)


@needs_torch
def test_gradients_go_back_in_the_type_of_each_input():
    arrays = random_array((3,), "float32"), random_array((2,), "float64")
    check_op(lambda t, x, y: t.cat([x, y]), *arrays)


ERRORS = [
    (lambda t, x: t.cat([]), ValueError, "cat: expects at least one tensor"),
    (lambda t, x: t.cat([x, 3]), TypeError, "cat: expects tensors, got int"),
    (lambda t, x: t.stack([]), RuntimeError, "stack: expects at least one tensor"),
    (lambda t, x: t.cat(x), TypeError, "cat: expects a list or a tuple"),
    (lambda t, x: t.cat([x, x[:, :2]]), RuntimeError, r"cat: .*\(3, 4\), \(3, 2\)"),
    (lambda t, x: t.cat([x, x[0]]), RuntimeError, "cat"),
    (lambda t, x: t.cat([x[0, 0], x[0, 0]]), RuntimeError, "cat: 0-d tensors"),
    (lambda t, x: t.cat([x, x], 2), IndexError, "cat: dim 2"),
    (lambda t, x: t.stack([x, x], 3), IndexError, "stack: dim 3"),
    (lambda t, x: t.stack([x, x[0]]), RuntimeError, r"stack: .*\(3, 4\), \(4,\)"),
    (lambda t, x: t.hstack([x, x[0]]), RuntimeError, "cat"),
]


@pytest.mark.parametrize(("function", "kind", "message"), ERRORS)
def test_an_error_says_what_does_not_fit(function, kind, message):
    with pytest.raises(kind, match=message):
        function(dark, dark.zeros(3, 4))
    if torch is not None:
        with pytest.raises((RuntimeError, IndexError, TypeError, ValueError)):
            function(torch, torch.zeros(3, 4))


def test_the_result_has_memory_of_its_own():
    x = dark.zeros(2, 3)
    for y in (dark.cat([x]), dark.stack([x]), dark.hstack([x]), dark.dstack([x])):
        y.fill_(1)
    assert (x == 0).all()


@needs_torch
def test_a_join_is_one_node_with_an_input_for_each_tensor():
    x = dark.ones(2, requires_grad=True)
    node = dark.cat([x, dark.zeros(2), x * 2]).grad_fn
    assert node.name() == torch.cat([torch.ones(2, requires_grad=True)]).grad_fn.name() == "CatBackward0"
    assert [str(n and n.name()) for n, _ in node.next_functions] == ["AccumulateGrad", "None", "MulBackward0"]
    assert_same(dark.stack([x, x]).grad_fn.name(), "StackBackward0")
