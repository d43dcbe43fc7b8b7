"""Padding: values and gradients in every mode, lines taken away, types, layouts, wrong input."""  # dark-5

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, curved, needs_torch, random_array, torch
from dark.nn import functional as F

CONSTANT = [
    ((3,), (1, 2)),
    ((2, 3), (1, 0, 0, 2)),
    ((2, 3, 4), (1, 2)),
    ((2, 3, 2), (0, 1, 2, 0, 1, 1)),
    ((1, 2, 1, 2, 3), (1, 0, 0, 1, 1, 1, 0, 2, 2, 0)),
    ((3, 4), (-1, -2)),
    ((3, 4), (-1, 2, 1, -3)),
    ((2, 3), (-3, 2)),  # nothing is left but what is added
    ((2, 3), (0, -3)),
    ((2, 3), (0, 0)),
    ((2, 3), ()),
    ((), ()),
    ((0, 3), (1, 1)),
    ((0, 3), (0, 0, 1, 2)),
]
REPEATING = [  # for all three modes
    ((2, 4), (1, 2)),
    ((2, 1, 4), (3, 3)),
    ((2, 1, 4), (0, 2)),
    ((2, 3, 3), (1, 2, 2, 0)),
    ((2, 1, 3, 4), (1, 2, 0, 1)),
    ((1, 2, 3, 2), (1, 0, 2, 1, 0, 0)),
    ((1, 2, 2, 3, 2), (1, 1, 2, 0, 0, 1)),
    ((1, 1, 4), (0, 0)),
    ((0, 2, 3), (1, 2)),
    ((0, 2, 3, 3), (1, 1, 1, 1)),
    ((1, 2, 5), (-1, 2)),
    ((1, 2, 5), (2, -1)),
    ((1, 2, 5), (-2, -1)),
    ((1, 1, 4, 5), (-2, 1, 2, -1)),
    ((1, 1, 3, 4), (-1, -1, 1, 1)),
]
ONE_MODE = [
    ("reflect", (1, 3), (-2, 2)),
    ("reflect", (1, 3), (-4, 2)),
    ("reflect", (1, 3), (2, -4)),
    ("replicate", (1, 1), (2, 3)),
    ("replicate", (1, 3), (-4, 6)),
    ("replicate", (1, 2, 3, 3), (5, -5, 7, 4)),
    ("reflect", (1, 2, 3, 2), (-2, 0, 1, 1)),  # an empty result
    ("replicate", (1, 2, 3, 2), (1, 1, 0, -3)),
    ("circular", (1, 3), (3, 3)),
    ("circular", (1, 3), (-1, -2)),
    ("circular", (1, 2, 0), (0, 0)),
    ("circular", (2, 0, 3), (1, 1)),
    ("circular", (0, 3, 3), (1, 1, 1, 1)),
]
MODES = ["reflect", "replicate", "circular"]
ROWS = [(mode, *row) for mode in MODES for row in REPEATING] + ONE_MODE


def padding(*arguments, **options):
    return lambda t, x: t.nn.functional.pad(x, *arguments, **options)


@pytest.mark.parametrize(("shape", "pad"), CONSTANT, ids=map(str, CONSTANT))
def test_a_constant_around_any_number_of_dimensions(shape, pad):
    x = random_array(shape)
    check_op(padding(pad), x)
    check_op(curved(padding(pad, "constant", 1.5)), x.astype("float64"))
    check_op(padding(list(pad), value=float("-inf")), x, differences=False)


@pytest.mark.parametrize(("mode", "shape", "pad"), ROWS, ids=[f"{m}{s}{p}" for m, s, p in ROWS])
def test_lines_repeated_from_within(mode, shape, pad):
    check_op(padding(pad, mode), random_array(shape))
    check_op(curved(padding(pad, mode=mode)), random_array(shape, "float64"))


LINES = [
    ("reflect", (2, 3), [3, 2, 1, 2, 3, 4, 3, 2, 1]),
    ("replicate", (2, 3), [1, 1, 1, 2, 3, 4, 4, 4, 4]),
    ("circular", (2, 3), [3, 4, 1, 2, 3, 4, 1, 2, 3]),
    ("constant", (2, 3), [0, 0, 1, 2, 3, 4, 0, 0, 0]),
    ("reflect", (-2, 3), [3, 4, 3, 2, 1]),
    ("replicate", (-2, 3), [3, 4, 4, 4, 4]),
    ("circular", (-2, 2), [3, 4, 3, 4]),  # PyTorch meets its own memory here, and refuses
    ("constant", (-2, 3), [3, 4, 0, 0, 0]),
    ("replicate", (-1, -3), []),  # PyTorch gives an empty result only where two dimensions or more are padded
]


@pytest.mark.parametrize(("mode", "pad", "expected"), LINES, ids=[f"{m}{p}" for m, p, _ in LINES])
def test_which_line_stands_where(mode, pad, expected):
    x = dark.tensor([[1, 2, 3, 4]])
    assert F.pad(x, pad, mode).tolist() == [expected]
    weights = dark.arange(1.0, 1 + len(expected))
    y = x.double().requires_grad_()
    (F.pad(y, pad, mode) * weights).sum().backward()
    counts = [sum(w for w, v in zip(weights.tolist(), expected) if v == i) for i in (1, 2, 3, 4)]
    assert y.grad.tolist() == [counts]


@needs_torch
@pytest.mark.parametrize("dtype", ["bool", "uint8", "int32", "int64", "float16", "float64"])
def test_the_type_stays(dtype):
    x = random_array((1, 2, 3), dtype)
    for value in (None, 0, 1, 2.75, True):
        check_op(padding((1, -1, 0, 2), value=value), x, gradients=False)
    for mode in ["circular"] if dtype == "bool" else MODES:
        check_op(padding((2, 1), mode), x, gradients=False)
    assert F.pad(dark.tensor(x), (2, 1), "reflect").dtype is dark.tensor(x).dtype


@pytest.mark.parametrize("mode", ["constant", *MODES])
def test_layouts_in_memory(mode):
    check_op(lambda t, x: padding((1, 2, 1, 0), mode)(t, x.permute(0, 3, 1, 2)), random_array((2, 3, 4, 2)))
    check_op(lambda t, x: padding((1, 2, 1, 0), mode)(t, x[:, ::2, 1:, ::3]), random_array((2, 3, 4, 7)))
    check_op(lambda t, x: padding((1, 2), mode)(t, x.expand(2, 3, 4)), random_array((3, 1)))


@pytest.mark.parametrize("mode", ["constant", *MODES])
def test_a_padding_of_nothing_is_a_copy(mode):
    x = dark.ones(1, 2, 3)
    F.pad(x, (0, 0), mode).zero_()
    assert x.tolist() == dark.ones(1, 2, 3).tolist()


@pytest.mark.parametrize("mode", ["constant", *MODES])
def test_lines_taken_away_leave_the_input_alone(mode):
    x = dark.ones(1, 2, 3)
    F.pad(x, (-1, -1), mode).zero_()
    assert x.tolist() == dark.ones(1, 2, 3).tolist()


@needs_torch
def test_a_value_may_be_a_tensor_of_one_element():
    x = random_array((2, 3))
    check_op(lambda t, x: t.nn.functional.pad(x, (1, 1), value=x.detach().min()), x, differences=False)
    assert_same(F.pad(dark.ones(2), (1, 0), "constant", np.float32(3)), torch.tensor([3.0, 1.0, 1.0]))


WRONG = [  # shape, arguments, error, message
    ((2, 2), ((1,),), RuntimeError, r"pad: 1 numbers .*\(1,\).*\(2, 2\).* even"),
    ((2, 2), ((1,) * 6,), RuntimeError, r"pad: 6 numbers .*\(2, 2\).* at most 4"),
    ((), ((1, 1),), RuntimeError, r"pad: 2 numbers .*shape \(\).* at most 0"),
    ((2, 2), ((-2, -1),), RuntimeError, r"pad: \(-2, -1\) for dim 1 .*\(2, 2\) takes away more"),
    ((2, 2), ((0, 0, 3, -3),), RuntimeError, r"pad: \(3, -3\) for dim 0 .*\(2, 2\) takes away more"),
    ((2, 2), (3,), TypeError, r"pad: pad is a tuple of ints.*not 3"),
    ((2, 2), (None,), TypeError, r"pad: pad is a tuple of ints.*not None"),
    ((2, 2), ((1.5, 1),), TypeError, r"pad: pad is a tuple of ints.*not \(1.5, 1\)"),
    ((2, 2), ((1, 1), "constant", "a"), TypeError, r"pad: value is a number, not str"),
    ((2, 2), ((1, 1), "mirror"), NotImplementedError, r"pad: unknown mode 'mirror'.*'reflect'"),
    ((1, 2, 3), ((1, 1), "reflect", 2.0), RuntimeError, r"pad: mode 'reflect' takes no value, got 2.0"),
    ((3,), ((1, 1), "reflect"), NotImplementedError, r"pad: .*last 1 dim.*\(3,\)"),
    ((3, 3, 3, 3), ((1, 1), "replicate"), NotImplementedError, r"pad: .*last 1 dim.*\(3, 3, 3, 3\)"),
    ((3, 3), ((1,) * 4, "circular"), NotImplementedError, r"pad: .*last 2 dim.*\(3, 3\)"),
    ((3,) * 6, ((1,) * 8, "circular"), NotImplementedError, r"pad: .*last 4 dim"),
    ((2, 2), ((), "circular"), NotImplementedError, r"pad: .*last 0 dim"),
    ((1, 2, 3), ((3, 0), "reflect"), RuntimeError, r"pad: \(3, 0\) for dim 2 .*\(1, 2, 3\).* at most 2"),
    ((1, 4, 3), ((0, 0, 4, -1), "reflect"), RuntimeError, r"pad: \(4, -1\) for dim 1 .* at most 3 lines"),
    ((1, 2, 3), ((4, 0), "circular"), RuntimeError, r"pad: \(4, 0\) for dim 2 .* at most 3 lines"),
    ((1, 2, 3), ((-2, -2), "circular"), RuntimeError, r"pad: \(-2, -2\) .* takes away more"),
    ((1, 2, 3), ((-2, -2), "replicate"), RuntimeError, r"pad: \(-2, -2\) .* takes away more"),
    ((1, 2, 3), ((1, -5), "reflect"), RuntimeError, r"pad: \(1, -5\) .* takes away more"),
    ((1, 0, 3), ((1, 1), "reflect"), RuntimeError, r"pad: .* no empty input .*\(1, 0, 3\)"),
    ((0, 3), ((1, 1), "replicate"), RuntimeError, r"pad: .* no empty input .*\(0, 3\)"),
    ((2, 3, 3, 0), ((0,) * 4, "replicate"), RuntimeError, r"pad: .* no empty input"),
    ((1, 2, 0), ((1, 1), "circular"), RuntimeError, r"pad: \(1, 1\) for dim 2 .* at most 0 lines"),
]


@pytest.mark.parametrize(("shape", "arguments", "error", "message"), WRONG, ids=[m for *_, m in WRONG])
def test_wrong_input_is_explained(shape, arguments, error, message):
    with pytest.raises(error, match=message):
        F.pad(dark.ones(shape), *arguments)
    if torch is not None:
        with pytest.raises(error):
            torch.nn.functional.pad(torch.ones(shape), *arguments)


@pytest.mark.parametrize("value", [300, 300.0, float("nan")])
def test_a_value_the_type_can_not_hold_is_refused(value):
    with pytest.raises(RuntimeError, match="pad"):
        F.pad(dark.zeros(2, dtype=dark.uint8), (1, 1), value=value)


def test_a_list_is_no_tensor():
    with pytest.raises(TypeError, match="pad: expected a Tensor, got list"):
        F.pad([1.0], (1, 1))
