"""Positions on a card: checked, and where they repeat, added or put in a fixed order."""  # beyond

import sys

import numpy as np
import pytest

import dark
import standin
from dark.kernels import reference
from dark.nn import functional as F

cupy = sys.modules.get("cupy") or standin.install()

from dark.kernels import gpu  # noqa: E402

EXACT = {"float16": 0.02, "float32": 1e-5, "float64": 1e-13}  # sums of up to a thousand small numbers
# (rows to add, their width, rows of the sum); 64 rows are a piece.
SIZES = [(0, 3, 4), (1, 1, 1), (5, 1, 3), (300, 3, 2), (1000, 5, 100), (257, 40, 3), (63, 2, 1), (64, 2, 1),
         (65, 2, 1), (129, 3, 1), (7, 0, 4), (6, 3, 1000)]  # fmt: skip


def several(count, n, seed=0):
    """n of the positions 0 ... count-1, many of them the same."""
    return np.random.default_rng(seed).integers(0, count, n)


@pytest.mark.parametrize("dtype", [*EXACT, "int64", "int32", "uint8", "bool"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_rows_are_added_as_by_the_reference(size, dtype):
    n, width, count = size
    numbers = np.random.default_rng(1).standard_normal((n, width)) * 3
    values, rows = (numbers > 2 if dtype == "bool" else numbers.astype("i1").astype(dtype)), several(count, n)
    if dtype in EXACT:
        values = numbers.astype(dtype)
    ours = gpu.add_rows(cupy.array(rows), cupy.array(values), count)
    expected = reference.add_rows(rows, values.astype("f8") if dtype in EXACT else values, count)
    assert (ours.dtype, ours.shape) == (dtype, (count, width))
    tolerance = EXACT.get(dtype, 0)
    np.testing.assert_allclose(ours.get(), expected.astype(dtype), rtol=tolerance, atol=10 * tolerance)


@pytest.mark.parametrize("kind", ["int32", "uint8", "int64"])
def test_rows_of_any_type_of_integers_and_values_of_any_layout(kind):
    rows = several(4, 200).astype(kind)
    values = np.random.default_rng(0).random((200, 70), dtype="f")
    columns = cupy.array(np.ascontiguousarray(values.T)).T
    expected = reference.add_rows(rows, values, 4)
    np.testing.assert_allclose(gpu.add_rows(cupy.array(rows), columns, 4).get(), expected, rtol=1e-5)


def test_sums_come_in_the_order_of_the_positions():
    """In float32, 1e8 + 1 - 1e8 is 0, and 1e8 - 1e8 + 1 is 1."""
    values = np.tile(np.array([[1e8], [1], [-1e8]], "f"), (20, 1))
    rows = np.zeros(60, int)
    first = gpu.add_rows(cupy.array(rows), cupy.array(values), 1).get()
    assert first[0, 0] == 0
    rows = np.arange(60) % 3
    np.testing.assert_array_equal(
        gpu.add_rows(cupy.array(rows), cupy.array(values), 3).get()[:, 0], np.array([2e9, 20, -2e9], "f")
    )


INDICES = {
    "positions": (several(4, 50) - 2,),
    "a column of them": (slice(None), several(5, 30)),
    "together": (several(4, 40), several(5, 40)),
    "broadcast": (several(4, 40), several(5, 6).reshape(6, 1)),
    "apart": (several(4, 40), slice(None), several(3, 40) - 3),
    "rows and last": (slice(None), several(5, 20), several(3, 20)),
}


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
def test_of_several_values_for_one_place_the_last_stays(index):
    expected = np.zeros((4, 5, 3), "f")
    values = np.random.default_rng(0).random(expected[index].shape, dtype="f")
    ours, on_card = cupy.array(expected), tuple(x if isinstance(x, slice) else cupy.array(x) for x in index)
    expected[index] = values
    gpu.put(ours, on_card, cupy.array(values))
    np.testing.assert_array_equal(ours.get(), expected)
    x = dark.zeros(4, 5, 3, device="cuda")
    tensors = tuple(i if isinstance(i, slice) else dark.tensor(i) for i in index)
    x[tensors] = dark.tensor(values, device="cuda")
    np.testing.assert_array_equal(x.cpu().numpy(), expected)
    gpu.put(ours, on_card, 7)
    assert (ours.get()[index] == 7).all()


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
def test_gradients_of_places_that_are_picked_twice_add_up(index):
    x = dark.rand(4, 5, 3, dtype=dark.float64, device="cuda").requires_grad_()
    picked = x[tuple(i if isinstance(i, slice) else dark.tensor(i, device="cuda") for i in index)]
    weights = np.random.default_rng(0).random(tuple(picked.shape))
    (picked * dark.tensor(weights, device="cuda")).sum().backward()
    expected = np.zeros((4, 5, 3))
    np.add.at(expected, index, weights)
    np.testing.assert_allclose(x.grad.cpu().numpy(), expected, rtol=1e-13)


POSITIONS = np.array([[0, 2, 1], [1, 1, 0]])
MASK = np.arange(15).reshape(3, 5) % 4 == 0
OUTER = np.array([True, False, True])
# What an index may be made of, on the CPU and on the card: arrays stand for tensors.
MIXED = [
    (slice(None), OUTER), (slice(None), MASK), (0, MASK), (1, OUTER, 2), (slice(None), OUTER, [0, -1]),
    (np.array([True, True]), OUTER),
    (True,), (False,), (np.array(True),), ([1, -1], None, [2, 0]), (POSITIONS % 2, np.array([1, 2, 0])),
    (..., [0, 0, 3]), (None, [1]), ([],), (POSITIONS[0] % 2, slice(1, 3)), (np.array(1), [0, 1]),
]  # fmt: skip


@pytest.mark.parametrize("moved", [False, True], ids=["index on the CPU", "index on the card"])
@pytest.mark.parametrize("index", MIXED, ids=str)
def test_an_index_means_the_same_as_on_the_cpu(index, moved):
    a = dark.arange(30.0, device="cpu").reshape(2, 3, 5)
    here = tuple(dark.tensor(i, device="cpu") if isinstance(i, np.ndarray) else i for i in index)
    there = tuple(i.cuda() if isinstance(i, dark.Tensor) and moved else i for i in here)
    expected, b = a[here], a.cuda()
    np.testing.assert_array_equal(b[there].cpu().numpy(), expected.numpy())
    values = dark.rand(*expected.shape, device="cpu")
    a[here], b[there] = values, values.cuda()
    np.testing.assert_array_equal(b.cpu().numpy(), a.numpy())
    a[here], b[there] = 3, 3
    np.testing.assert_array_equal(b.cpu().numpy(), a.numpy())


def long(*positions):
    return dark.tensor(positions, device="cuda")


MISSING = [
    ("a list", IndexError, "index 5 .* dimension 0 with size 2", lambda x: x[[0, 5]]),
    ("positions", IndexError, "index 3 .* dimension 1 with size 3", lambda x: x[:, long(1, 3)]),
    ("negative ones", IndexError, "index -4 .* size 3", lambda x: x[:, long(-4)]),
    ("behind a number", IndexError, "index 3 .* size 3", lambda x: x[0, long(3)]),
    ("assignment", IndexError, "index 2 .* size 2", lambda x: x.__setitem__(long(2), 0)),
    ("index_select", IndexError, "index_select: index 3 .*size 3", lambda x: x.index_select(1, long(3))),
    ("index_add", RuntimeError, "index_add: index -1", lambda x: x.index_add(0, long(-1), x[:1])),
    ("index_put", IndexError, "index 7 .* size 2", lambda x: x.index_put((long(7),), x[0])),
    ("gather", RuntimeError, "gather: index 5", lambda x: x.gather(2, long(5).reshape(1, 1, 1))),
    ("scatter", RuntimeError, "scatter: index 9", lambda x: x.scatter(2, long(9).reshape(1, 1, 1), 1.0)),
    ("take", IndexError, "take: an index is out of range", lambda x: x.take(long(30))),
    ("embedding", IndexError, "there is no row 3", lambda x: F.embedding(long(3), x[0])),
]


missing = pytest.mark.parametrize(
    ("error", "message", "function"), [row[1:] for row in MISSING], ids=[row[0] for row in MISSING]
)


@missing
def test_positions_that_do_not_exist_raise(error, message, function):
    x = dark.arange(30.0, device="cuda").reshape(2, 3, 5)
    with pytest.raises(error, match=message):
        function(x)


def test_within_looks_at_both_ends_and_not_while_work_is_recorded():
    x = cupy.array(np.array([-2, 0, 3]))
    for low, high, inside in ((-2, 4, True), (-1, 4, False), (-2, 3, False), (-5, 9, True)):
        assert gpu.within(x, low, high) is inside
        assert reference.within(x.get(), low, high) is inside
    assert gpu.within(x[:0], 1, 1) is reference.within(x[:0].get(), 1, 1) is True
    assert gpu.within(x.astype(np.int32), -2, 4)
    stream = cupy.cuda.Stream(non_blocking=True)
    with stream:
        stream.begin_capture()
        try:
            assert gpu.within(x, 5, 6)
        finally:
            stream.end_capture()


def test_rows_that_are_looked_up_twice_get_both_gradients_and_the_padding_none():
    weight = dark.rand(5, 3, device="cuda").requires_grad_()
    F.embedding(dark.tensor([[1, 1], [2, 0], [4, 1]], device="cuda"), weight, padding_idx=0).sum().backward()
    assert weight.grad[:, 0].tolist() == [0, 3, 1, 0, 1]
