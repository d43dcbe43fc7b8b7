"""New tensors: the numbers, the type and the memory they start with."""

import math

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, random_array, torch

MADE = [
    ("zeros",
     lambda t: [t.zeros(2, 3), t.zeros((2, 3)), t.zeros([2]), t.zeros(()), t.zeros(0, 3), t.zeros(2)]),
    ("ones", lambda t: [t.ones(2, 3), t.ones((2, 3)), t.ones(2, dtype=t.int64), t.ones(2, dtype=t.bool)]),
    ("full",
     lambda t: [t.full((2,), 3), t.full((), 1.5), t.full([2], True), t.full((2,), 2.7, dtype=t.int64)]),
    ("full of a tensor", lambda t: t.full((2,), t.tensor(3.0))),
    ("Python's types", lambda t: [t.zeros(2, dtype=float), t.zeros(2, dtype=int), t.zeros(2, dtype=bool)]),
    ("arange", lambda t: [t.arange(5), t.arange(2, 5), t.arange(0), t.arange(9, 2, -3), t.arange(2, 9, 3)]),
    ("sizes by name", lambda t: [t.zeros(size=(2, 3)), t.ones(size=[2]), t.empty(size=(0, 2))]),
    ("arange by name", lambda t: [t.arange(end=3), t.arange(end=5, start=2)]),
    ("Tensor", lambda t: [t.Tensor([1, 2]), t.Tensor([[1.5], [2]]), t.Tensor([]), t.Tensor()]),
    ("arange of floats",
     lambda t: [t.arange(5.0), t.arange(1, 2, 0.1), t.arange(0.5, -1, -0.25), t.arange(3.0, 3)]),
    ("arange counts", lambda t: [t.arange(0, 1, 0.1), t.arange(1, 1.3, 0.1), t.arange(0, 1, 1 / 3)]),
    ("arange dtype", lambda t: [t.arange(3, dtype=t.float64), t.arange(0.5, 3, dtype=t.int64)]),
    ("arange dtype step", lambda t: [t.arange(1, 10, 2.5, dtype=t.int32), t.arange(start=1, end=4, step=2)]),
    ("arange of tensors", lambda t: [t.arange(t.tensor(3)), t.arange(t.tensor(1.0), 3)]),
    ("arange large", lambda t: t.arange(2**53, 2**53 + 3)),
    ("linspace",
     lambda t: [t.linspace(0, 1, 11), t.linspace(-1, 1, 100), t.linspace(3, 1, 4), t.linspace(0, 6.28, 99)]),
    ("linspace short", lambda t: [t.linspace(0, 1, 0), t.linspace(2, 3, 1), t.linspace(2, 3, 2)]),
    ("linspace dtype", lambda t: [t.linspace(0, 10, 4, dtype=t.int64), t.linspace(0, 1, 7, dtype=t.float64)]),
    ("logspace",
     lambda t: [t.logspace(0, 3, 4), t.logspace(-1, 1, 5, base=2), t.logspace(0, 2, 3, dtype=t.int64)]),
    ("eye", lambda t: [t.eye(3), t.eye(2, 3), t.eye(3, 2, dtype=t.int64), t.eye(2, dtype=bool)]),
    ("eye empty", lambda t: [t.eye(0), t.eye(2, 0)]),
    ("scalar_tensor", lambda t: [t.scalar_tensor(3), t.scalar_tensor(3, dtype=t.int64)]),
    ("asarray",
     lambda t: [t.asarray([1, 2.0]), t.asarray(np.ones(2, "float64")), t.asarray(3, dtype=t.float32)]),
    ("as_tensor", lambda t: [t.as_tensor(3.5), t.as_tensor([1, 2], dtype=t.float32), t.as_tensor(t.ones(2))]),
]


@needs_torch
@pytest.mark.parametrize(("name", "function"), MADE, ids=[row[0] for row in MADE])
def test_made_as_in_pytorch(name, function):
    assert_same(function(dark), function(torch), rtol=1e-6, atol=1e-7)


@needs_torch
@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "bool", "uint8"])
@pytest.mark.parametrize("shape", [(2, 3), (), (0, 2)], ids=str)
def test_like_another(dtype, shape):
    functions = [
        lambda t, x: [t.zeros_like(x), t.ones_like(x), t.full_like(x, 1), t.empty_like(x).zero_()],
        lambda t, x: [t.zeros_like(x, dtype=t.int64), t.full_like(x, 2.5, dtype=t.float32)],
        lambda t, x: [x.new_zeros(2, 3), x.new_ones((2,)), x.new_full((2,), 1), x.new_empty(0, 2)],
        lambda t, x: [x.new_zeros(()), x.new_ones(2, dtype=t.float64), x.new_tensor([1, 0])],
    ]
    for function in functions:
        check_op(function, random_array(shape, dtype), gradients=False)


DATA = [
    3,
    2.5,
    True,
    [],
    [[]],
    [[], []],
    [1, 2],
    [1, 2.5],
    [True, 2],
    [True, 0.5],
    (1, (2)),
    [(1, 2), [3, 4]],
    [[[1.0]]],
    range(3),
    np.float64(1.5),
    np.int32(3),
    np.bool_(True),
    [np.float64(1.5), 2.0],
    [np.float32(1.5), 2],
    [np.float16(1.5), 2.0],
    [np.int32(1), 2],
    [np.int32(1), np.int32(2)],
    np.ones((2, 3), "float64"),
    np.arange(6).reshape(2, 3).T,
    np.arange(6, dtype=">i4"),
    np.array(2.0),
    np.zeros((0, 2), "uint8"),
    float("inf"),
]


@needs_torch
@pytest.mark.parametrize("data", DATA, ids=repr)
def test_tensor_of(data):
    theirs = torch.tensor(data.astype("int32") if getattr(data, "dtype", None) == np.dtype(">i4") else data)
    assert_same(dark.tensor(data), theirs)
    assert dark.tensor(data).is_contiguous()
    for name in ("float64", "int64", "bool"):
        if name == "float64" or not isinstance(data, float):
            assert_same(dark.tensor(data, dtype=getattr(dark, name)), theirs.to(getattr(torch, name)))


@needs_torch
def test_tensor_of_lists_of_tensors():
    forms = [
        lambda t: [t.tensor(1), t.tensor(2)],
        lambda t: [t.tensor(1.5), 2],
        lambda t: [[t.tensor(1), 2], (3, t.tensor(4))],
        lambda t: [t.tensor(1.5, dtype=t.float64), 2.0],
        lambda t: [t.tensor(1, dtype=t.int32), t.tensor(True)],
        lambda t: [t.ones(1), t.ones(1, 1)],
        lambda t: [t.tensor(1.5, requires_grad=True).detach()],
    ]
    for form in forms:
        assert_same(dark.tensor(form(dark)), torch.tensor(form(torch)))
    assert not dark.tensor([dark.tensor(1.5, requires_grad=True)]).requires_grad


BAD_DATA = [
    ([[1, 2], [3]], ValueError, "equal lengths"),
    ([[1, 2], 3], ValueError, "equal lengths"),
    ([1, None], TypeError, "NoneType"),
    (None, TypeError, "None"),
    ("abc", TypeError, "abc"),
    (["a", "b"], TypeError, "str"),
    ({1: 2}, TypeError, "numbers"),
    (np.array([1, "a"], dtype=object), TypeError, "object"),
    (np.array(["a"]), TypeError, "numbers"),
    (1j, TypeError, "numbers"),
    ([2**63], ValueError, "int64"),
    ([2**70, 1], ValueError, "int64"),
    (np.zeros(2, "uint32"), TypeError, "uint32"),
]


@pytest.mark.parametrize(("data", "kind", "message"), BAD_DATA)
def test_what_makes_no_tensor_is_named(data, kind, message):
    with pytest.raises(kind, match=message):
        dark.tensor(data)
    with pytest.raises(kind):
        dark.as_tensor(data)


def test_a_list_of_larger_tensors_is_for_stack():
    with pytest.raises(ValueError, match="stack"):
        dark.tensor([dark.ones(2), dark.ones(2)])


ERRORS = [
    (lambda t: t.tensor([1, 300], dtype=t.uint8), RuntimeError, "300 can't be converted to .*uint8"),
    (lambda t: t.tensor(-0.5, dtype=t.uint8), RuntimeError, "-0.5 can't be converted"),
    (lambda t: t.tensor([[0.0], [float("nan")]], dtype=t.int64), RuntimeError, "nan can't be converted"),
    (lambda t: t.full((2,), 2**40, dtype=t.int32), RuntimeError, "1099511627776 can't be converted"),
    (lambda t: t.zeros(), TypeError, "zeros: expects a size"),
    (lambda t: t.zeros(-1), RuntimeError, "zeros: a length can't be negative"),
    (lambda t: t.zeros(2.0), TypeError, r"zeros: a size is made of integers, not \(2.0,\)"),
    (lambda t: t.empty("ab"), TypeError, "empty: a size is made of integers"),
    (lambda t: t.arange(0, math.inf), RuntimeError, "arange: there is no range from 0 to inf"),
    (lambda t: t.arange(0, 1, math.nan), RuntimeError, "arange: there is no range .* in steps of nan"),
    (lambda t: t.ones(2, -3), RuntimeError, "ones: a length can't be negative"),
    (lambda t: t.eye(-1), RuntimeError, "eye: a length can't be negative"),
    (lambda t: t.arange(0, 5, 0), RuntimeError, "arange: step must be nonzero"),
    (lambda t: t.arange(5, 0), RuntimeError, "arange: the end, 0, can't be reached from 5"),
    (lambda t: t.linspace(0, 1, -1), RuntimeError, "linspace: the number of steps"),
    (lambda t: t.from_numpy([1, 2]), TypeError, "from_numpy: expected a NumPy array, got list"),
    (lambda t: t.tensor([1], requires_grad=True), RuntimeError, "floating-point"),
    (lambda t: t.zeros(2, device="nowhere"), RuntimeError, "nowhere"),
    (lambda t: t.tensor(1.0).new_zeros(), TypeError, "expects a size"),
    (lambda t: t.asarray([1, 2], copy=False), ValueError, "copy=False"),
    (lambda t: t.Tensor(3.0), TypeError, r"a number takes dark.tensor\(3.0\)"),
    (lambda t: t.finfo(t.int32), TypeError, "finfo: dark.int32 is not a floating-point type"),
    (lambda t: t.iinfo(t.float32), TypeError, "iinfo: dark.float32 is not an integer type"),
]


@pytest.mark.parametrize(("function", "kind", "message"), ERRORS)
def test_an_error_says_what_is_wrong(function, kind, message):
    with pytest.raises(kind, match=message):
        function(dark)
    if torch is not None:
        with pytest.raises((RuntimeError, TypeError, ValueError)):
            function(torch)


def test_who_shares_memory():
    array = np.zeros(3, "float32")
    shared = [
        dark.from_numpy(array), dark.as_tensor(array), dark.asarray(array), dark.from_dlpack(array),
        dark.as_tensor(dark.from_numpy(array)), dark.as_tensor(array, dtype=dark.float32),
        dark.from_dlpack(dark.from_numpy(array)), dark.asarray(dark.from_numpy(array), copy=False),
    ]  # fmt: skip
    copies = [
        dark.tensor(array), dark.tensor(dark.from_numpy(array)), dark.asarray(array, copy=True),
        dark.as_tensor(array, dtype=dark.float64),
    ]  # fmt: skip
    array[:] = 7
    assert all((x == 7).all() for x in shared)
    assert all((x == 0).all() for x in copies)


@needs_torch
def test_tensors_travel_by_dlpack():
    ours, theirs = dark.arange(3.0), torch.arange(3.0)
    assert_same(dark.from_dlpack(theirs), theirs)
    assert_same(ours, torch.from_dlpack(ours))
    dark.from_dlpack(theirs)[0] = 5
    assert theirs[0] == 5
    with pytest.raises(BufferError, match="requires grad"):
        torch.from_dlpack(dark.ones(2, requires_grad=True))


def test_requires_grad_and_device():
    for make in (dark.zeros, dark.ones, dark.empty):
        assert make(2, requires_grad=True).requires_grad
        assert str(make(2, device="cpu").device) == "cpu"
    x = dark.tensor([1.0], requires_grad=True)
    assert x.is_leaf
    assert not dark.tensor(x * 2).requires_grad
    assert not dark.zeros_like(x).requires_grad
    assert dark.ones_like(x, requires_grad=True).requires_grad
    assert dark.as_tensor(x) is x
    assert dark.as_tensor(x * 2, dtype=dark.float64).requires_grad


def test_the_default_type_is_that_of_new_floats():
    before = dark.get_default_dtype()
    try:
        dark.set_default_dtype(dark.float64)
        made = [dark.zeros(2), dark.tensor([1.5]), dark.tensor(1.5), dark.arange(2.0), dark.full((2,), 0.5)]
        assert {x.dtype for x in made} == {dark.float64}
        assert dark.tensor(np.ones(2, "float32")).dtype == dark.float32
        assert dark.tensor([1]).dtype == dark.int64
    finally:
        dark.set_default_dtype(before)


def test_full_like_keeps_the_layout():
    x = dark.zeros(3, 4).t()
    assert dark.ones_like(x).stride() == x.stride()


@needs_torch
def test_a_part_of_a_shape_is_a_shape():
    for part in (lambda s: s[1:], lambda s: s[:-1] + s[:1], lambda s: s + s):
        ours, theirs = part(dark.zeros(2, 3, 4).shape), part(torch.zeros(2, 3, 4).shape)
        assert isinstance(ours, dark.Size)
        assert (tuple(ours), ours.numel()) == (tuple(theirs), theirs.numel())
    assert isinstance(dark.broadcast_shapes((2, 1), (3,)), dark.Size)


def test_constants_and_what_is_a_tensor():
    assert (dark.pi, dark.e, dark.inf) == (math.pi, math.e, math.inf)
    assert math.isnan(dark.nan)
    assert [dark.is_tensor(x) for x in (dark.ones(1), np.ones(1), 1.0)] == [True, False, False]
