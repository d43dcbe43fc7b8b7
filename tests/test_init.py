"""First values of parameters: from the same seed, PyTorch's."""  # dark-3

import math

import numpy as np
import pytest

import dark
import dark.nn.init
from against_torch import needs_torch, on_the_cpu, torch
from test_random import SLACK, VECTORS, assert_equal, blank, digest, run

SEEDED = lambda t: t.Generator().manual_seed(1)

EXACT = [
    ("init uniform_", lambda t: t.nn.init.uniform_(blank(t, (3, 5)), -1, 2)),
    ("init generator", lambda t: t.nn.init.uniform_(blank(t, (3, 5)), generator=SEEDED(t))),
    ("init constant_", lambda t: t.nn.init.constant_(blank(t, (3, 5)), 0.3)),
    ("init ones_", lambda t: t.nn.init.ones_(blank(t, (3,), "int64"))),
    ("init zeros_", lambda t: t.nn.init.zeros_(t.rand(3, 5))),
    ("init eye_", lambda t: t.nn.init.eye_(blank(t, (3, 5)))),
    ("init eye_ tall", lambda t: t.nn.init.eye_(t.rand(5, 3, dtype=t.float64))),
    ("init dirac_ 3", lambda t: t.nn.init.dirac_(t.rand(4, 3, 3))),
    ("init dirac_ 4", lambda t: t.nn.init.dirac_(t.rand(3, 4, 3, 2))),
    ("init dirac_ 5", lambda t: t.nn.init.dirac_(t.rand(2, 2, 3, 4, 5))),
    ("init dirac_ groups", lambda t: t.nn.init.dirac_(t.rand(6, 2, 3, 3), 3)),
    ("init xavier_uniform_", lambda t: t.nn.init.xavier_uniform_(blank(t, (30, 50)))),
    ("init xavier_uniform_ gain", lambda t: t.nn.init.xavier_uniform_(blank(t, (7, 3, 5, 5)), gain=5 / 3)),
    ("init kaiming_uniform_", lambda t: t.nn.init.kaiming_uniform_(blank(t, (30, 50)), nonlinearity="relu")),
    ("init Linear", lambda t: t.nn.init.kaiming_uniform_(blank(t, (512, 784)), math.sqrt(5))),
    ("init Conv2d", lambda t: t.nn.init.kaiming_uniform_(blank(t, (7, 3, 5, 5)), math.sqrt(5))),
    ("init fan_out", lambda t: t.nn.init.kaiming_uniform_(blank(t, (7, 3, 5)), mode="fan_out")),
    ("init float64", lambda t: t.nn.init.kaiming_uniform_(blank(t, (30, 50), "float64"), a=0.2)),
    ("init transposed", lambda t: t.nn.init.kaiming_uniform_(blank(t, (30, 5), axes=(1, 0)))),
]
CLOSELY = [
    ("init normal_", lambda t: t.nn.init.normal_(blank(t, (3, 5)), 3, 0.1)),
    ("init xavier_normal_", lambda t: t.nn.init.xavier_normal_(blank(t, (30, 50)), 0.5)),
    ("init kaiming_normal_", lambda t: t.nn.init.kaiming_normal_(blank(t, (30, 50)), mode="fan_out")),
    ("init kaiming_normal_ tanh", lambda t: t.nn.init.kaiming_normal_(blank(t, (3, 5)), nonlinearity="tanh")),
    ("init trunc_normal_", lambda t: t.nn.init.trunc_normal_(blank(t, (30, 50)))),
    ("init trunc_normal_ narrow", lambda t: t.nn.init.trunc_normal_(blank(t, (30, 50)), 0.5, 0.2, 0.4, 1.5)),
    ("init trunc_normal_ tail", lambda t: t.nn.init.trunc_normal_(blank(t, (30, 50)), 0, 1, 1.5, 4)),
    ("init trunc_normal_ inside", lambda t: t.nn.init.trunc_normal_(blank(t, (30, 50)), 0, 1, -0.1, 0.2)),
    ("init trunc_normal_ nothing outside", lambda t: t.nn.init.trunc_normal_(blank(t, (30, 50)), std=0.02)),
    ("init trunc float64", lambda t: t.nn.init.trunc_normal_(blank(t, (4, 5), "float64"), a=-0.5, b=0.5)),
    ("init sparse_", lambda t: t.nn.init.sparse_(blank(t, (10, 6)), 0.33, std=0.1)),
]
ORTHOGONAL = [  # a decomposition adds up rounding errors
    ("init orthogonal_", lambda t: t.nn.init.orthogonal_(blank(t, (5, 5)))),
    ("init orthogonal_ wide", lambda t: t.nn.init.orthogonal_(blank(t, (3, 4, 2)), gain=2)),
    ("init orthogonal_ tall", lambda t: t.nn.init.orthogonal_(blank(t, (20, 7), "float64"))),
]
PROGRAMS = [(name, function, False) for name, function in EXACT]
PROGRAMS += [(name, function, True) for name, function in CLOSELY + ORTHOGONAL]

table = pytest.mark.parametrize(
    ("function", "close"), [program[1:] for program in PROGRAMS], ids=[program[0] for program in PROGRAMS]
)


def assert_near(ours, theirs, close, dtype, name, slack=0):
    """Equal as the kind of numbers allows."""
    if "orthogonal_" in name:
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)
    else:
        assert_equal(ours, theirs, close, dtype, slack)


@table
def test_values_are_those_stored(function, close, request):
    name = request.node.callspec.id
    with on_the_cpu():
        result, following = run(dark, function)
    expected = VECTORS["programs"][name]
    assert following == expected["next"], "the stream is in another place"
    dtype, shape, ends, total = digest(result)
    assert (dtype, shape) == (expected["dtype"], expected["shape"])
    assert_near(ends, expected["ends"], close, dtype, name)
    assert_near(total / result.size, expected["sum"] / result.size, close, dtype, name)


@needs_torch
@table
def test_values_are_those_of_pytorch(function, close, request):
    for seed in (0, 77):
        with on_the_cpu():
            ours, following = run(dark, function, seed)
        theirs, other = run(torch, function, seed)
        assert following == other, "the stream is in another place"
        assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
        assert_near(ours, theirs, close, ours.dtype.name, request.node.callspec.id, SLACK)


@needs_torch
def test_a_linear_layer_starts_as_in_pytorch():
    torch.manual_seed(0)
    theirs = torch.nn.Linear(784, 512)
    dark.manual_seed(0)
    with on_the_cpu():
        weight = dark.nn.init.kaiming_uniform_(blank(dark, (512, 784)), a=math.sqrt(5))
        bias = dark.nn.init.uniform_(blank(dark, (512,)), -1 / math.sqrt(784), 1 / math.sqrt(784))
    assert_equal(weight.numpy(), theirs.weight.detach().numpy(), False, "float32", SLACK)
    assert_equal(bias.numpy(), theirs.bias.detach().numpy(), False, "float32", SLACK)


@pytest.mark.parametrize("shape", [(8, 8), (3, 4, 2), (20, 7)], ids=str)
def test_orthogonal_is_orthogonal(shape):
    x = dark.nn.init.orthogonal_(blank(dark, shape, "float64"), gain=3).numpy().reshape(shape[0], -1)
    product = x @ x.T if x.shape[0] <= x.shape[1] else x.T @ x
    np.testing.assert_allclose(product, 9 * np.eye(len(product)), atol=1e-12)


def test_the_tensor_itself_is_changed_outside_of_any_graph():
    for function in (
        dark.nn.init.uniform_,
        dark.nn.init.trunc_normal_,
        dark.nn.init.ones_,
        dark.nn.init.eye_,
        dark.nn.init.kaiming_normal_,
        dark.nn.init.orthogonal_,
    ):
        leaf = blank(dark, (4, 4)).requires_grad_()
        assert function(leaf) is leaf
        assert leaf.is_leaf
        assert leaf.requires_grad
        assert leaf.detach().numpy().any()


GAINS = [
    *((name, None) for name in ("linear", "conv1d", "conv_transpose3d", "sigmoid", "tanh", "relu", "selu")),
    *(("leaky_relu", slope) for slope in (None, 0, 0.2, 1)),
]


@needs_torch
@pytest.mark.parametrize(("name", "slope"), GAINS, ids=str)
def test_gain(name, slope):
    assert dark.nn.init.calculate_gain(name, slope) == torch.nn.init.calculate_gain(name, slope)


def test_fans():
    fans = dark.nn.init._calculate_fan_in_and_fan_out
    assert fans(blank(dark, (30, 50))) == (50, 30)
    assert fans(blank(dark, (7, 3, 5, 2))) == (30, 70)


ERRORS = [
    ("gain of what", lambda t: t.nn.init.calculate_gain("softmax")),
    ("slope", lambda t: t.nn.init.calculate_gain("leaky_relu", "steep")),
    ("fan of a vector", lambda t: t.nn.init.xavier_uniform_(blank(t, (3,)))),
    ("mode", lambda t: t.nn.init.kaiming_uniform_(blank(t, (3, 3)), mode="fan")),
    ("eye_", lambda t: t.nn.init.eye_(blank(t, (3,)))),
    ("dirac_", lambda t: t.nn.init.dirac_(blank(t, (3, 3)))),
    ("dirac_ groups", lambda t: t.nn.init.dirac_(blank(t, (3, 3, 3)), 2)),
    ("orthogonal_", lambda t: t.nn.init.orthogonal_(blank(t, (3,)))),
    ("sparse_", lambda t: t.nn.init.sparse_(blank(t, (3,)), 0.5)),
]


@pytest.mark.parametrize("function", [e[1] for e in ERRORS], ids=[e[0] for e in ERRORS])
def test_errors(function):
    for t in (dark, torch) if torch is not None else (dark,):
        with pytest.raises(ValueError):  # noqa: PT011 - the messages differ
            function(t)


WARNINGS = [
    ("nothing to fill", lambda t: t.nn.init.kaiming_uniform_(blank(t, (0, 3)))),
    ("nothing to fill normally", lambda t: t.nn.init.kaiming_normal_(blank(t, (3, 0)))),
    ("mean far outside", lambda t: t.nn.init.trunc_normal_(blank(t, (30,)), 0, 1, 2.5, 4)),  # beyond
]


@pytest.mark.parametrize("function", [w[1] for w in WARNINGS], ids=[w[0] for w in WARNINGS])
def test_warnings(function):
    with pytest.warns(UserWarning, match="no-op|more than 2 std") as caught:
        function(dark)
    assert caught[0].filename == __file__, "the warning names another line than the user's"
    if torch is not None:
        with pytest.warns(UserWarning, match="no-op|more than 2 std"):
            function(torch)
