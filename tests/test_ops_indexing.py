"""x[...]: every kind of index, read, written and sent back through."""

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, curved, needs_torch, random_array, torch

MASK = random_array((3, 4), "bool")
BASIC = [
    0,
    -1,
    slice(1, None),
    slice(None, None, 2),
    slice(-2, None),
    slice(5, 9),
    slice(2, 1),
    (),
    ...,
    None,
    (0, 1, 2),
    (..., -1),
    (0, ..., 1),
    (slice(None), 1),
    (slice(1), None, ..., slice(2, None)),
    (None, None, 0, None),
    np.int64(1),
    (..., slice(None, None, 3), slice(1, 3)),
]
ADVANCED = [  # arrays stand for tensors, lists for themselves
    [0, 2],
    [2, 0, 0, 0],
    [-1, 1],
    [],
    np.array([[0, 1], [2, 2]]),
    np.array([0, 0, 2], dtype="int32"),
    np.array(1),
    (np.array(1), [0, 1]),
    ([0, 1], [1, 3]),
    ([0, 1, 1], [3, 3, 3], [4, 4, 4]),
    ([[0], [2]], [1, 3]),
    ([0, 1], slice(None), [1, 1]),
    (slice(None), [0, 0], [1, 1]),
    (slice(None), slice(1, 3), [4, 0, 0]),
    (..., [0, 0]),
    (0, slice(None), [1, 2]),
    (0, [1, 2]),
    ([1, 2], 0),
    ([1, 2], slice(None), 0),
    (slice(None), 0, [1, 1]),
    ([0, 1], None, [1, 1]),
    (None, [0, 1], None),
    ([0, 1], ..., [1, 1]),
    (slice(1), [[0, 0], [3, 3]]),
    MASK,
    (MASK, 0),
    (MASK, [1, 0, 1, 0, 0][: MASK.sum()] + [0] * max(MASK.sum() - 5, 0)),
    (slice(None), np.array([True, False, True, True])),
    ([0], np.array([True, False, True, False])),
    [True, False, True],
    np.zeros((3, 4, 5), "bool"),
    np.ones((3, 4, 5), "bool"),
    (..., np.array([True, False, False, True, False])),
    True,
    False,
    np.array(True),
    (True, [0, 1]),
    (slice(None), None, [1, 2], None, np.array([True, False, False, True, False])),
    np.int64(2),
    range(2),
]


def spoken(t, index):
    """An index whose arrays are tensors."""
    if isinstance(index, tuple):
        return tuple(spoken(t, i) for i in index)
    return t.tensor(index) if isinstance(index, np.ndarray) else index


@pytest.mark.parametrize("index", BASIC + ADVANCED, ids=str)
def test_reading(index):
    function = lambda t, x: x[spoken(t, index)]
    check_op(function, random_array((3, 4, 5)))
    check_op(curved(function), random_array((3, 4, 5)))


@pytest.mark.parametrize("index", [(), ..., None, True, False, np.array(True), (None, ...), (True, None)])
def test_reading_a_0d_tensor(index):
    check_op(lambda t, x: x[spoken(t, index)], random_array(()))


@pytest.mark.parametrize("index", [..., [], (slice(None), 1), (slice(None), [1, 1]), np.ones(0, bool)])
def test_reading_an_empty_tensor(index):
    check_op(lambda t, x: x[spoken(t, index)], random_array((0, 3)))


@pytest.mark.parametrize("index", [1, (slice(None), [0, 0]), ([0, 1], [1, 1]), [True, False, True, True]])
def test_reading_a_non_contiguous_tensor(index):
    check_op(lambda t, x: x.t()[spoken(t, index)], random_array((3, 4)))


@pytest.mark.parametrize("rows", [[0, 1, 1, 1, 0], list(range(40)) * 3])
@pytest.mark.parametrize("shape", [(40,), (40, 3), (40, 2, 3)], ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
def test_gradients_add_up_where_an_index_repeats(rows, shape, dtype):
    # of float16 numbers up to 4; PyTorch rounds each of their sums
    tolerance = {"rtol": 1e-3, "atol": 4e-3} if dtype == "float16" else {}
    check_op(lambda t, x: x[rows], random_array(shape, dtype), differences=False, **tolerance)


def test_third_derivatives_through_an_index():
    x = dark.tensor([2.0, 3.0], requires_grad=True)
    y = (x[[0, 0, 1]] ** 3).sum() + (x[1:] ** 3).sum()
    for expected in ([24, 54], [24, 36], [12, 12]):
        (g,) = dark.autograd.grad(y, x, create_graph=True)
        assert g.tolist() == expected
        y = g.sum()


VALUES = [3.5, 2, True]


@needs_torch
@pytest.mark.parametrize("dtype", ["float32", "int64", "bool"])
@pytest.mark.parametrize("index", BASIC + ADVANCED, ids=str)
def test_assigning_a_number(index, dtype):
    for value in VALUES:
        data = random_array((3, 4, 5), dtype)
        ours, theirs = dark.tensor(data), torch.tensor(data)
        ours[spoken(dark, index)] = value
        theirs[spoken(torch, index)] = value
        assert_same(ours, theirs)


@needs_torch
@pytest.mark.parametrize("index", BASIC + ADVANCED, ids=str)
def test_assigning_a_tensor(index):
    data = random_array((3, 4, 5))
    shape = tuple(torch.tensor(data)[spoken(torch, index)].shape)
    for size in {shape, shape[-1:], (1,) * len(shape), ()}:
        values = random_array(size, seed=3)
        if repeats(index) and values.size > 1:
            continue  # which of several values for one element stays is not defined
        ours, theirs = dark.tensor(data), torch.tensor(data)
        ours[spoken(dark, index)] = dark.tensor(values)
        theirs[spoken(torch, index)] = torch.tensor(values)
        assert_same(ours, theirs)


def repeats(index):
    """Whether an index names an element twice."""
    counts = dark.zeros(3, 4, 5).requires_grad_()
    counts[spoken(dark, index)].sum().backward()
    return bool((counts.grad > 1).any())


@needs_torch
@pytest.mark.parametrize(
    ("index", "shape"),
    [
        (0, (1, 4)), ((slice(None), 1), (1, 1, 3)), (slice(0), ()), (MASK, (1, int(MASK.sum()))),
        (MASK, (1, 1)), (~MASK & MASK, (1, 0)), ((slice(None), [1, 2]), (1, 3, 2)),
    ],
)  # fmt: skip
def test_assigned_values_may_have_ones_in_front(index, shape):
    ours, theirs = dark.zeros(3, 4), torch.zeros(3, 4)
    ours[spoken(dark, index)] = dark.tensor(random_array(shape))
    theirs[spoken(torch, index)] = torch.tensor(random_array(shape))
    assert_same(ours, theirs)


def test_assigned_values_take_the_type_of_the_tensor():
    x = dark.zeros(3, dtype=dark.int64)
    x[0], x[1:], x[[2]] = dark.tensor(2.7), dark.tensor([3.2, 4.9]), 5.5
    assert x.tolist() == [2, 3, 5]
    assert x.dtype == dark.int64
    x = dark.zeros(3)
    x[1:] = [1, 2]
    x[0] = np.float64(0.5)
    assert x.dtype == dark.float32
    assert x.tolist() == [0.5, 1, 2]


def test_a_mask_takes_one_element_of_any_type():
    x = dark.zeros(3, 2)
    x[x[:, 0] == 0, 1:] = dark.tensor([7])
    x[x == 0] = dark.tensor(2.5, dtype=dark.float64)
    assert x.tolist() == [[2.5, 7]] * 3
    x = dark.zeros(3, dtype=dark.uint8)
    x[x == 0] = dark.tensor(-1)
    x[0] = -2
    assert x.tolist() == [254, 255, 255]


def test_a_list_of_lists_is_no_index():
    x = dark.zeros(3, 4)
    for index in ([[0, 1], [1, 0]], [dark.tensor(0), 1], [[True, False, True]], [(0, 1)]):
        with pytest.raises(IndexError, match="list of lists"):
            x[index]
    assert tuple(x[[0, 1], [1, 0]].shape) == (2,)
    assert tuple(x[dark.tensor([[0, 1], [1, 0]])].shape) == (2, 2, 4)


def test_an_element_is_assigned_through_a_chain_of_views():
    x = dark.zeros(2, 3, 4)
    x[1][2][3] = 5
    x[0, 1:][:, 2] += 2
    assert x[1, 2, 3] == 5
    assert x.sum() == 9
    x[x == 5] = -1
    assert x.sum() == 3


def test_assignment_is_refused_where_a_graph_is_recorded():
    x = dark.zeros(3, requires_grad=True)
    with pytest.raises(RuntimeError, match="in place"):
        x[0] = 1
    with pytest.raises(RuntimeError, match="in place"):
        (x * 2)[0] = 1
    with pytest.raises(RuntimeError, match="require grad"):
        dark.zeros(3)[0] = x[0]
    with dark.no_grad():
        x[0] = 1
        x[[1, 2]] = dark.ones(2)
    assert x.tolist() == [1, 1, 1]


def test_assignment_to_what_a_gradient_needs_is_noticed():
    w, x = dark.ones(3, requires_grad=True), dark.ones(3)
    y = (w * x).sum()
    x[1] = 5
    with pytest.raises(RuntimeError, match="in-place"):
        y.backward()


def test_a_change_of_the_index_is_noticed():
    w, index = dark.ones(3, requires_grad=True), dark.tensor([0, 1])
    y = w[index].sum()
    index += 1
    with pytest.raises(RuntimeError, match="in-place"):
        y.backward()


ERRORS = [
    (lambda x, t: x[3], IndexError, "index 3 is out of bounds for .* 0 with size 3"),
    (lambda x, t: x[0, -5], IndexError, "index -5 is out of bounds for .* with size 4"),
    (lambda x, t: x[[0, 3]], IndexError, "index 3 is out of bounds for .* 0 with size 3"),
    (lambda x, t: x[:, t.tensor([9])], IndexError, "index 9 is out of bounds for .* 1 with size 4"),
    (lambda x, t: x[0, 0, 0], IndexError, r"too many indices, 3, for a tensor of shape \(3, 4\)"),
    (lambda x, t: x[0, 0][0], IndexError, "0-dim"),
    (lambda x, t: x[..., 0, 0, 0], IndexError, "too many indices"),
    (lambda x, t: x[::-1], ValueError, "step of a slice must be greater than zero"),
    (lambda x, t: x[::0], ValueError, "step"),
    (lambda x, t: x[1.5], IndexError, "an index is"),
    (lambda x, t: x[t.tensor([1.0])], IndexError, "an index is"),
    (lambda x, t: x["a"], (IndexError, TypeError), "a"),
    (lambda x, t: x[t.tensor([True, False])], IndexError, r"mask \(2,\) does not fit dimensions \(3,\)"),
    (lambda x, t: x[t.zeros(0, dtype=t.bool)], IndexError, r"mask \(0,\) does not fit dimensions \(3,\)"),
    (lambda x, t: x[:0][:, t.ones(3, dtype=t.bool)], IndexError, r"mask \(3,\) .* of a tensor \(0, 4\)"),
    (lambda x, t: x[..., t.ones(4, 1, dtype=t.bool)], IndexError, r"mask \(4, 1\) .* \(3, 4\)"),
    (lambda x, t: x[t.tensor([0, 1], dtype=t.int16)], IndexError, "an index is"),
    (lambda x, t: x[[0, 1], [0, 1, 2]], IndexError, "broadcast"),
]


@pytest.mark.parametrize(("function", "kind", "message"), ERRORS)
def test_an_error_says_what_does_not_fit(function, kind, message):
    with pytest.raises(kind, match=message):
        function(dark.zeros(3, 4), dark)
    if torch is not None:
        with pytest.raises(kind):
            function(torch.zeros(3, 4), torch)


def assigned(x, index, value):
    """x[index] = value, as an expression."""
    x[index] = value


ASSIGNMENT_ERRORS = [
    (lambda x, t: assigned(x, 3, 1), IndexError, "index 3"),
    (lambda x, t: assigned(x, [0, 7], 1), IndexError, "index 7"),
    (lambda x, t: assigned(x, 0, t.zeros(3)), RuntimeError, r"\(3,\)"),
    (lambda x, t: assigned(x, [0, 1], t.zeros(3, 4)), RuntimeError, r"\(3, ?4\)"),
    (lambda x, t: assigned(x, x == 0, t.zeros(5)), RuntimeError, "5"),
    (lambda x, t: assigned(x, x == 0, t.zeros(2, 6)), RuntimeError, "dimensional"),
    (lambda x, t: assigned(x, [0], t.zeros(4, dtype=t.float64)), RuntimeError, "float32 and dark.float64"),
    (lambda x, t: assigned(x, slice(None, None, -1), 1), ValueError, "step"),
    (lambda x, t: assigned(x.long(), 0, 1e30), RuntimeError, "can't be converted to dark.int64"),
    (lambda x, t: assigned(x.long(), [0, 1], float("nan")), RuntimeError, "nan can't be converted"),
    (lambda x, t: assigned(x.to(t.uint8), x == 0, 256), RuntimeError, "256 can't be converted to dark.uint8"),
    (lambda x, t: x.long().masked_fill_(x == 0, float("inf")), RuntimeError, "inf can't be converted"),
    (lambda x, t: x.fill_(t.ones(1)), RuntimeError, r"fill_: .*\(1,\)"),
    (lambda x, t: x.add_(t.ones(1, 3, 4)), RuntimeError, r"add_: a result of shape \(1, 3, 4\)"),
    (lambda x, t: x.masked_fill_(t.ones(1, 1, 1, dtype=t.bool), 1), RuntimeError, "masked_fill_: a result"),
    (lambda x, t: x.copy_(t.ones(1, 3, 4)), RuntimeError, "copy_: a result"),
    (lambda x, t: assigned(x[:1].expand(3, 4), ..., 1), RuntimeError, r"tensor of shape \(3, 4\) can't be"),
]


@pytest.mark.parametrize(("function", "kind", "message"), ASSIGNMENT_ERRORS)
def test_an_assignment_that_does_not_fit_changes_nothing(function, kind, message):
    x = dark.zeros(3, 4)
    with pytest.raises(kind, match=message):
        function(x, dark)
    assert (x == 0).all()
    if torch is not None:
        with pytest.raises((kind, IndexError)):
            function(torch.zeros(3, 4), torch)


def test_slices_take_tensors_as_bounds():
    x = dark.arange(6)
    assert x[dark.tensor(1) : dark.tensor(4)].tolist() == [1, 2, 3]
    assert [10, 20, 30][dark.tensor(1)] == 20
