"""Gather, scatter, masks, triangles: each element goes to, and comes from, its index's place."""  # beyond

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, curved, needs_torch, random_array, torch

INDEX = np.array([[0, 1, 1, 0], [2, 2, 2, 2]])  # (2, 4) into (3, 4); repeats
ROWS = np.array([2, 0, 2, 2])
MASK = random_array((3, 4), "bool")
OPS = [  # name, function, shapes of float inputs; integer inputs are tensors of the index
    ("gather",
     lambda t, x: [t.gather(x, 0, t.tensor(INDEX)), x.gather(dim=1, index=t.tensor(INDEX))], [(3, 4)]),
    ("gather part", lambda t, x: x.gather(-1, t.tensor(INDEX[:1, :3])), [(3, 4)]),
    ("gather 3-d", lambda t, x: x.gather(1, t.tensor(INDEX[:, :, None])), [(2, 3, 2)]),
    ("gather 1-d", lambda t, x: x.gather(0, t.tensor(ROWS)), [(3,)]),
    ("gather 0-d", lambda t, x: x.gather(0, t.tensor(0)), [()]),
    ("gather one", lambda t, x: x.gather(-1, t.tensor(2)), [(3,)]),
    ("scatter one", lambda t, x, s: x.scatter(0, t.tensor(2), s), [(3,), ()]),
    ("scatter 0-d", lambda t, x, s: x.scatter(0, t.tensor([0]), s), [(), ()]),
    ("scatter_add one", lambda t, x, s: x.scatter_add(0, t.tensor(2), s), [(3,), ()]),
    ("scatter_add 0-d", lambda t, x, s: x.scatter_add(0, t.tensor([0, 0]), s), [(), (2,)]),
    ("gather nothing", lambda t, x: x.gather(0, t.zeros(0, 4, dtype=t.int64)), [(3, 4)]),
    ("scatter_add", lambda t, x, s: [x.scatter_add(0, t.tensor(INDEX), s)], [(3, 4), (2, 4)]),
    ("scatter number",
     lambda t, x: [x.scatter(0, t.tensor(INDEX), 2.5), x.scatter(1, t.tensor(INDEX), value=1)],
     [(3, 4)]),
    ("scatter", lambda t, x, s: t.scatter(x, 0, t.tensor([[2, 0, 1, 1]]), s), [(3, 4), (1, 4)]),
    ("scatter 1-d", lambda t, x, s: x.scatter(0, t.tensor([1, 0]), s), [(3,), (2,)]),
    ("take", lambda t, x: [t.take(x, t.tensor(INDEX)), x.take(t.tensor([-1, 11, 0, 0]))], [(3, 4)]),
    ("take_along_dim",
     lambda t, x: [x.take_along_dim(t.tensor(INDEX[:1]), 0), t.take_along_dim(x, t.tensor(INDEX))],
     [(3, 4)]),
    ("take_along_dim broadcast", lambda t, x: t.take_along_dim(x, t.tensor(ROWS[:, None]), dim=0), [(3, 4)]),
    ("index_select",
     lambda t, x: [x.index_select(0, t.tensor(ROWS)), t.index_select(x, -1, t.tensor([3, 3]))],
     [(3, 4)]),
    ("index_select one",
     lambda t, x: [x.index_select(0, t.tensor(1)), x.index_select(0, t.tensor([], dtype=t.int64))],
     [(3, 4)]),
    ("index_select 0-d", lambda t, x: x.index_select(0, t.tensor(0)), [()]),
    ("index_add",
     lambda t, x, s: [x.index_add(0, t.tensor(ROWS), s), x.index_add(0, t.tensor(ROWS), s, alpha=3)],
     [(3, 2), (4, 2)]),
    ("index_add dim 1", lambda t, x, s: t.index_add(x, 1, t.tensor(ROWS), s), [(2, 3), (2, 4)]),
    ("index_copy", lambda t, x, s: [x.index_copy(1, t.tensor([2, 0]), s)], [(2, 3), (2, 2)]),
    ("index_fill",
     lambda t, x: [x.index_fill(0, t.tensor(ROWS), 7), t.index_fill(x, 1, t.tensor([1, 1]), 0.5)],
     [(3, 4)]),
    ("index_put", lambda t, x, s: t.index_put(x, (t.tensor([1, 0]),), s), [(3, 4), (2, 4)]),
    ("index_put add", lambda t, x, s: x.index_put((t.tensor([1, 1]), t.tensor([0, 0])), s, accumulate=True),
     [(3, 4), (2,)]),
    ("index_put add one", lambda t, x, s: x.index_put((t.tensor([1, 1]),), s, accumulate=True), [(3, 4), ()]),
    ("masked_select",
     lambda t, x: [x.masked_select(t.tensor(MASK)), t.masked_select(x, t.tensor(MASK[0]))], [(3, 4)]),
    ("masked_select broadcast", lambda t, x: x.masked_select(t.tensor(MASK)), [(3, 1)]),
    ("masked_fill",
     lambda t, x: [x.masked_fill(t.tensor(MASK), 3), t.masked_fill(x, t.tensor(MASK[0]), -0.5)],
     [(3, 4)]),
    ("masked_fill -inf",
     lambda t, x: t.where(t.tensor(MASK), 1, x.masked_fill(t.tensor(MASK), -np.inf)), [(3, 4)]),
    ("masked_fill broadcast", lambda t, x: x.masked_fill(t.tensor(MASK), 3), [(3, 1)]),
    ("masked_fill 0-d value", lambda t, x, v: x.masked_fill(t.tensor(MASK), v), [(3, 4), ()]),
    ("masked_scatter", lambda t, x, s: x.masked_scatter(t.tensor(MASK), s), [(3, 4), (3, 4)]),
    ("tril", lambda t, x: [t.tril(x), x.tril(1), x.tril(-2), x.tril(diagonal=9)], [(3, 4)]),
    ("triu", lambda t, x: [t.triu(x), x.triu(1), x.triu(-2), x.triu(diagonal=-9)], [(3, 4)]),
    ("tril batch", lambda t, x: [x.tril(), x.triu(1)], [(2, 3, 3)]),
    ("tril empty", lambda t, x: [x.tril(), x.triu()], [(0, 3)]),
    ("diag", lambda t, x: [t.diag(x), x.diag(1), x.diag(-3), x.diag(diagonal=5)], [(3, 4)]),
    ("diag of a vector", lambda t, x: [x.diag(), x.diag(1), x.diag(-2), t.diagflat(x)], [(3,)]),
    ("diagflat", lambda t, x: [t.diagflat(x), x.diagflat(1)], [(2, 2)]),
    ("diag_embed",
     lambda t, x: [t.diag_embed(x), x.diag_embed(1), x.diag_embed(-1, 0, 2), x.diag_embed(0, 1, 0)],
     [(2, 3)]),
    ("diagonal",
     lambda t, x: [t.diagonal(x), x.diagonal(1), x.diagonal(-1, 1, 2), x.diagonal(0, -1, 0)], [(3, 4, 2)]),
    ("trace", lambda t, x: t.trace(x), [(3, 4)]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "function", "shapes"), OPS, ids=[row[0] for row in OPS])
def test_values_and_gradients(name, function, shapes):
    arrays = [random_array(s, seed=i) for i, s in enumerate(shapes)]
    check_op(function, *arrays)
    check_op(curved(function), *arrays)


@pytest.mark.parametrize("dtype", ["int64", "float64", "uint8"])
@pytest.mark.parametrize(("name", "function", "shapes"), OPS, ids=[row[0] for row in OPS])
def test_every_type_is_kept(name, function, shapes, dtype):
    if dtype == "int64" or dtype == "uint8":
        number = {"masked_fill": 3, "masked_fill -inf": 4, "index_fill": 1, "scatter number": 2}.get(name)
        function = {
            "masked_fill": lambda t, x: x.masked_fill(t.tensor(MASK), number),
            "masked_fill -inf": lambda t, x: x.masked_fill(t.tensor(MASK), number),
            "index_fill": lambda t, x: x.index_fill(0, t.tensor(ROWS), number),
            "scatter number": lambda t, x: x.scatter(0, t.tensor(INDEX), number),
        }.get(name, function)
    check_op(function, *(random_array(s, dtype, seed=i) for i, s in enumerate(shapes)), gradients=False)


def test_src_may_be_larger_than_the_index():
    x, src = random_array((3, 4)), random_array((3, 4), seed=1)
    check_op(lambda t, x, s: x.scatter_add(1, t.tensor(INDEX[:, :2]), s), x, src, gradients=False)
    check_op(lambda t, x, s: x.scatter(1, t.tensor([[2, 1]]), s), x, src, gradients=False)


def test_non_contiguous_inputs():
    x = random_array((4, 3))
    check_op(lambda t, x: x.t().gather(0, t.tensor(INDEX)), x)
    check_op(lambda t, x: x.t().masked_select(t.tensor(MASK)), x)
    check_op(lambda t, x: x.t().tril(), x)
    check_op(lambda t, x: x.t()[::2].index_add(1, t.tensor([0, 0]), x[:2].t()[:2]), x)


IN_PLACE = [
    ("scatter_", lambda t, x: x.scatter_(0, t.tensor(INDEX[:1]), 2.5)),
    ("scatter_ src", lambda t, x: x.scatter_(0, t.tensor(INDEX[:1]), t.ones(1, 4))),
    ("scatter_ one-hot of one", lambda t, x: x[0].zero_().scatter_(0, t.tensor(2), value=1)),
    ("scatter_ one-hot", lambda t, x: x.zero_().scatter_(1, t.tensor([[2], [0], [1]]), 1)),
    ("scatter_add_", lambda t, x: x.scatter_add_(0, t.tensor(INDEX), t.ones(2, 4))),
    ("index_add_", lambda t, x: x.index_add_(0, t.tensor(ROWS), t.ones(4, 4), alpha=2)),
    ("index_copy_", lambda t, x: x.index_copy_(0, t.tensor([1]), t.ones(1, 4))),
    ("index_fill_", lambda t, x: x.index_fill_(1, t.tensor(ROWS), -1)),
    ("index_put_", lambda t, x: x.index_put_((t.tensor(ROWS),), t.tensor(1.0), accumulate=True)),
    ("masked_fill_", lambda t, x: x.masked_fill_(t.tensor(MASK), -1)),
    ("masked_scatter_", lambda t, x: x.masked_scatter_(t.tensor(MASK), t.arange(12.0))),
    ("tril_", lambda t, x: x.tril_(-1)),
    ("triu_", lambda t, x: x.triu_()),
    ("fill_diagonal_", lambda t, x: x.fill_diagonal_(5)),
    ("diagonal().fill_", lambda t, x: x.diagonal(1).fill_(5)),
]


@needs_torch
@pytest.mark.parametrize(("name", "function"), IN_PLACE, ids=[row[0] for row in IN_PLACE])
def test_in_place(name, function):
    ours, theirs = dark.tensor(random_array((3, 4))), torch.tensor(random_array((3, 4)))
    memory = ours.array
    assert_same(function(dark, ours), function(torch, theirs))
    assert_same(ours, theirs)
    assert ours.array is memory


@pytest.mark.parametrize(("name", "function"), IN_PLACE, ids=[row[0] for row in IN_PLACE])
def test_in_place_is_refused_where_a_graph_is_recorded(name, function):
    with pytest.raises(RuntimeError, match="in place"):
        function(dark, dark.ones(3, 4, requires_grad=True))


@needs_torch
@pytest.mark.parametrize("dtype", ["float32", "int64", "bool"])
@pytest.mark.parametrize("shape", [(3, 4), (4,), (), (0, 3), (2, 3, 2)], ids=str)
def test_nonzero(shape, dtype):
    data = random_array(shape, dtype)
    data = data * (np.abs(data) > 1) if dtype != "bool" else data
    check_op(lambda t, x: [t.nonzero(x), t.argwhere(x), t.nonzero(x, as_tuple=True)], data, gradients=False)
    check_op(lambda t, x: [*t.where(x), x.nonzero()], data, gradients=False)


@needs_torch
@pytest.mark.parametrize("shape", [(3, 4), (4, 3), (0, 2), (3, 0), (1, 1)], ids=str)
@pytest.mark.parametrize("offset", [0, 1, -1, 5, -5])
def test_indices_of_triangles(shape, offset):
    for name in ("tril_indices", "triu_indices"):
        assert_same(getattr(dark, name)(*shape, offset), getattr(torch, name)(*shape, offset))


@needs_torch
@pytest.mark.parametrize("right", [False, True])
def test_searchsorted(right):
    rows = np.sort(random_array((2, 6), low=0, high=3, dtype="int64"), axis=-1)
    values = random_array((2, 4), low=0, high=3, dtype="int64")
    check_op(lambda t, s, v: t.searchsorted(s, v, right=right), rows, values, gradients=False)
    check_op(lambda t, s, v: t.searchsorted(s, v, right=right), rows[0], values, gradients=False)
    check_op(lambda t, s, v: t.bucketize(v, s, right=right, out_int32=True), rows[0], values, gradients=False)
    check_op(lambda t, s: t.bucketize(2, s, right=right), rows[0], gradients=False)


def i64(t, *values):
    """Integers as a tensor."""
    return t.tensor(values)


ERRORS = [
    (lambda t, x: x.gather(0, i64(t, 1)), RuntimeError, "gather: index"),
    (lambda t, x: x.gather(0, t.tensor([[3]])),
     RuntimeError, "gather: index 3 is out of bounds for dimension 0"),
    (lambda t, x: x.gather(0, t.tensor([[-1]])), RuntimeError, "index -1 is out of bounds .* with size 3"),
    (lambda t, x: x.gather(0, t.zeros(1, 5, dtype=t.int64)), RuntimeError, r"gather: index \(1, 5\)"),
    (lambda t, x: x.gather(2, t.tensor([[0]])), IndexError, "gather: dim 2"),
    (lambda t, x: x.gather(0, t.tensor([[0.0]])), RuntimeError, "gather: .* int64"),
    (lambda t, x: x.gather(0, [[0]]), TypeError, "gather: expected a Tensor, got list"),
    (lambda t, x: x.index_select(0, 1), TypeError, "index_select: expected a Tensor, got int"),
    (lambda t, x: x.masked_fill([True, False], 0), TypeError, "masked_fill: expected a Tensor for a mask"),
    (lambda t, x: t.nn.functional.one_hot([0, 1]), TypeError, "one_hot: expected a Tensor, got list"),
    (lambda t, x: x.scatter(0, t.tensor([[5]]), 1.0), RuntimeError, "scatter: index 5"),
    (lambda t, x: x.scatter_add(0, t.tensor([[0, 1]]), t.ones(1, 1)), RuntimeError, "scatter_add: src"),
    (lambda t, x: x.scatter_add(0, t.tensor([[0]]), t.ones(1, 1, dtype=t.float64)),
     RuntimeError, "same dtype"),
    (lambda t, x: x.take(i64(t, 12)), IndexError, "take"),
    (lambda t, x: x.index_select(0, i64(t, 3)), IndexError, "index_select: index 3"),
    (lambda t, x: x.index_select(0, i64(t, -1)), IndexError, "index_select: index -1"),
    (lambda t, x: x.index_select(0, t.tensor([[0]])), IndexError, "index_select: expects an index of 1 dim"),
    (lambda t, x: x.index_add(0, i64(t, 0), t.ones(2, 4)), RuntimeError, "index_add: source has shape"),
    (lambda t, x: x.index_copy(0, i64(t, 0, 1), t.ones(1, 4)),
     (RuntimeError, IndexError), "index_copy: source"),
    (lambda t, x: x.masked_fill(t.ones(3, 4), 1), RuntimeError, "masked_fill: expects a mask of type bool"),
    (lambda t, x: x.masked_fill(x > 0, t.ones(2)), RuntimeError, "masked_fill: value"),
    (lambda t, x: x.masked_select(t.ones(5) > 0), RuntimeError, "broadcast"),
    (lambda t, x: x.masked_scatter(x == 0, t.ones(2)),
     RuntimeError, "masked_scatter: the mask holds 12 times"),
    (lambda t, x: x[0].tril(), RuntimeError, "tril: expects at least 2 dimensions"),
    (lambda t, x: x[None].diag(), RuntimeError, "diag: expects 1 or 2 dimensions"),
    (lambda t, x: x.diagonal(0, 1, 1), RuntimeError, "diagonal: dim1 and dim2"),
    (lambda t, x: x[0].diagonal(), IndexError, "diagonal: dim 1"),
    (lambda t, x: x[0].trace(), RuntimeError, "trace: expects a matrix"),
]


@pytest.mark.parametrize(("function", "kind", "message"), ERRORS)
def test_an_error_says_what_does_not_fit(function, kind, message):
    with pytest.raises(kind, match=message):
        function(dark, dark.zeros(3, 4))
    if torch is not None:
        with pytest.raises((RuntimeError, IndexError, TypeError)):
            function(torch, torch.zeros(3, 4))
