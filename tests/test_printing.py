"""Printed tensors: the same text as PyTorch's, character by character."""

import copy
import math

import numpy as np
import pytest

import dark
from against_torch import needs_torch, random_array, torch
from dark import printing


@pytest.fixture(autouse=True)
def default_options():
    """Every test begins and ends with the default options, on both sides."""
    yield
    dark.set_printoptions(profile="default")
    if torch is not None:
        torch.set_printoptions(profile="default")


def both(make, **options):
    """The text of `make(t)` for t = dark, and for t = torch in dark's words."""
    dark.set_printoptions(**options)
    torch.set_printoptions(**options)
    return repr(make(dark)), repr(make(torch)).replace("torch.", "dark.")


def array(shape, dtype="float32", scale=1.0, seed=0):
    """A function that makes the tensor of this array with a given framework."""
    values = random_array(shape, dtype, seed=seed)
    return lambda t: t.tensor((values * scale).astype(dtype) if scale != 1 else values)


def listed(values, dtype=None, **options):
    """A function that makes a tensor of these numbers with a given framework."""
    return lambda t: t.tensor(values, dtype=dtype and getattr(t, dtype), **options)


TENSORS = {
    "0-d float": listed(1.5),
    "0-d whole float": listed(2.0),
    "0-d int": listed(7),
    "0-d bool": listed(True),
    "0-d nan": listed(math.nan),
    "0-d requires grad": listed(1.5, requires_grad=True),
    "whole floats": listed([1.0, 2.0, -3.0, 100.0]),
    "floats": listed([1.0, 2.5, -3.25]),
    "negative zero": listed([-0.0, 1.0]),
    "zeros": listed([0.0, 0.0]),
    "integers": listed([[1, -20], [300, 4]]),
    "booleans": listed([[True, False], [False, True]]),
    "not finite": listed([math.nan, math.inf, -math.inf]),
    "not finite among whole": listed([1.0, math.nan, math.inf, -math.inf]),
    "not finite among others": listed([1.5, math.nan, math.inf, -math.inf]),
    "not finite among scientific": listed([1.5e9, math.nan, math.inf, -math.inf, 0.5]),
    "rounds up": listed([0.99999, 0.12345]),
    "large whole": listed([1.0e8, 1.0]),
    "larger whole": listed([123456789012.0]),
    "too large": listed([1.1e8, 2.5e8]),
    "just not too large": listed([1.0e8 - 8.5, 1.0e8]),
    "too small": listed([9.9e-5, 1.0e-4]),
    "just not too small": listed([1.0e-4, 2.0e-4], dtype="float64"),
    "ratio 1000": listed([1000.0, 1.0]),
    "ratio above 1000": listed([1001.0, 1.0]),
    "ratio above 1000, not whole": listed([1001.5, 1.0, 0.0, -2.0]),
    "scientific in rows": listed([[1e-10, 1.0], [1e10, -1.0]]),
    "smallest and largest float64": listed([5e-324, 1.7e308], dtype="float64"),
    "float64": array((3,), "float64"),
    "float16": array((2, 3), "float16"),
    "large float16": listed([65504.0, 1.0, 0.5], dtype="float16"),
    "int8": array((3,), "int8"),
    "uint8": array((2, 3), "uint8"),
    "int16": array((2, 3), "int16"),
    "int32": array((3, 2), "int32"),
    "long integers": listed([2**62, -1]),
    "empty": lambda t: t.tensor([]),
    "empty, 2-d": lambda t: t.tensor(np.zeros((0, 3), "float32")),
    "empty, 4-d": lambda t: t.tensor(np.zeros((2, 0, 3, 1), "float32")),
    "empty int64": lambda t: t.tensor(np.zeros((0,), "int64")),
    "empty bool, 2-d": lambda t: t.tensor(np.zeros((2, 0), "bool")),
    "empty float64 requires grad": lambda t: t.tensor(np.zeros((0, 2)), requires_grad=True),
    "matrix": array((3, 4)),
    "3-d": array((2, 3, 4)),
    "4-d": array((2, 2, 3, 2)),
    "5-d": array((1, 2, 1, 3, 2)),
    "long row": array((40,)),
    "long row of integers": array((60,), "int64", scale=1000),
    "long rows": array((2, 25)),
    "long rows, 3-d": array((2, 2, 25), "float64"),
    "exactly 1000": array((1000,)),
    "1001": array((1001,)),
    "1001 integers": array((1001,), "int32"),
    "large matrix": array((200, 300)),
    "tall matrix": array((500, 3)),
    "wide matrix": array((3, 500)),
    "large 3-d": array((10, 2, 100)),
    "large 4-d": array((7, 6, 8, 9)),
    "large outside, small at the edges": lambda t: t.tensor([0.5] * 500 + [1e9] + [0.5] * 500),
    "not contiguous": lambda t: t.tensor(random_array((6, 5))[::2, ::-1].copy().T),
    "requires grad": lambda t: t.tensor(random_array((3,)), requires_grad=True),
    "requires grad, float64": lambda t: t.tensor(random_array((3,), "float64"), requires_grad=True),
    "suffix in a new line": lambda t: t.tensor(random_array((14,)), requires_grad=True) * 2,
    "suffixes in two lines": lambda t: t.tensor(random_array((8, 7), "float16"), requires_grad=True) * 2,
    "computed by mul": lambda t: t.tensor([1.0, 2.5], requires_grad=True) * 2,
    "computed by add": lambda t: t.tensor([1.0, 2.5], requires_grad=True) + 1,
    "computed by sub": lambda t: t.tensor([[1.0], [2.5]], requires_grad=True) - 1,
    "computed by sum": lambda t: t.tensor([1.0, 2.5], requires_grad=True).sum(),
    "computed by neg": lambda t: -t.tensor([1.0, 2.5], requires_grad=True),
    "detached": lambda t: (t.tensor([1.0, 2.5], requires_grad=True) * 2).detach(),
}

PARAMETERS = {
    "parameter": lambda t: t.nn.Parameter(t.tensor(random_array((2, 3)))),
    "frozen parameter": lambda t: t.nn.Parameter(t.tensor(random_array((2, 3))), requires_grad=False),
    "empty parameter": lambda t: t.nn.Parameter(t.tensor([])),
}

OPTIONS = [
    {"precision": 2},
    {"precision": 8},
    {"precision": 0},
    {"threshold": 5},
    {"threshold": 5, "edgeitems": 1},
    {"threshold": 0, "edgeitems": 0},
    {"threshold": 10, "edgeitems": 2, "linewidth": 30},
    {"linewidth": 20},
    {"linewidth": 200},
    {"linewidth": 1},
    {"profile": "short"},
    {"profile": "full"},
    {"profile": "short", "precision": 6},
    {"sci_mode": True},
    {"sci_mode": False},
    {"sci_mode": True, "precision": 1},
]


@needs_torch
@pytest.mark.parametrize("make", [*TENSORS.values(), *PARAMETERS.values()], ids=[*TENSORS, *PARAMETERS])
def test_prints_as_pytorch_does(make):
    ours, theirs = both(make)
    assert ours == theirs


@needs_torch
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_options_change_the_text_as_pytorchs_do(options):
    for name, make in TENSORS.items():
        ours, theirs = both(make, **options)
        # a suffix that names a type is a letter shorter here, which may save a new line
        assert ours.split() == theirs.split() if "dtype=" in ours else ours == theirs, name


@needs_torch
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "uint8", "int64", "bool"])
@pytest.mark.parametrize("seed", range(8))
def test_random_tensors_print_alike(dtype, seed):
    rng = np.random.default_rng(seed)
    shape = tuple(int(n) for n in rng.integers(1, 8, rng.integers(0, 5)))
    values = random_array(shape, dtype, seed=seed)
    if np.dtype(dtype).kind == "f":
        values = (values * 10.0 ** rng.integers(-6, 4, shape) * rng.integers(0, 2, shape)).astype(dtype)
    ours, theirs = both(lambda t: t.tensor(values))
    assert ours.split() == theirs.split()


def test_the_usual_type_is_the_default_one():
    dark.set_default_dtype(dark.float64)
    try:
        assert repr(dark.tensor([1.5])) == "tensor([1.5000])"
        assert repr(dark.tensor(np.ones(1, "float32"))) == "tensor([1.], dtype=dark.float32)"
        assert repr(dark.tensor([])) == "tensor([])"
    finally:
        dark.set_default_dtype(dark.float32)


def test_str_is_repr_and_a_subclass_has_its_own_name():
    class Weights(dark.Tensor):
        pass

    x = dark.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert str(x) == repr(x) == "tensor([[1., 2.],\n        [3., 4.]])"
    assert repr(Weights([1.0, 2.0])) == "Weights([1., 2.])"


def test_printing_a_large_tensor_looks_at_its_edges_only(monkeypatch):
    looked_at = []
    choose = printing.element_format
    monkeypatch.setattr(printing, "element_format", lambda some: looked_at.append(some.size) or choose(some))
    repr(dark.tensor(np.zeros((1000, 500), "float32")))
    assert looked_at == [36]


def test_options_stay_until_a_profile_resets_them():
    dark.set_printoptions(precision=2)
    dark.set_printoptions(linewidth=100)
    assert repr(dark.tensor([1.234])) == "tensor([1.23])"
    dark.set_printoptions(profile="default")
    assert repr(dark.tensor([1.234])) == "tensor([1.2340])"
    assert printing.options == printing.Options()


@pytest.mark.parametrize(
    "wrong",
    [{"precision": -1}, {"precision": "4"}, {"edgeitems": 1.5}, {"linewidth": -80}, {"threshold": math.nan}],
    ids=str,
)
def test_an_option_that_makes_no_sense_changes_nothing(wrong):
    before = copy.copy(printing.options)
    with pytest.raises(ValueError, match=f"set_printoptions: {next(iter(wrong))} is a whole number"):
        dark.set_printoptions(**wrong)
    assert printing.options == before


def test_an_unknown_profile_is_refused():
    with pytest.raises(ValueError, match="default, short, full, not 'tiny'"):
        dark.set_printoptions(profile="tiny")


def test_a_tensor_in_a_format_string():
    loss, row = dark.tensor(1.234), dark.tensor([1.234])
    assert (f"{loss}", f"{loss:.1f}", f"{row}") == (str(loss.item()), "1.2", "tensor([1.2340])")
    with pytest.raises(TypeError, match=r"shape \(1,\) has no format '.1f'"):
        f"{row:.1f}"
    if torch is not None:
        assert f"{loss}" == f"{torch.tensor(1.234)}"
