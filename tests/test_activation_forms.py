"""Activations with chance in them, in place, of integers, and at the top level."""  # beyond

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, on_the_cpu, random_array, torch
from dark import nn
from dark.nn import functional as F

on_host = pytest.mark.skipif(
    dark.get_default_device().type != "cpu", reason="a card draws its own random numbers"
)
X = random_array((3, 4))

# In place

IN_PLACE = [
    ("relu_", ()), ("leaky_relu_", (0.3,)), ("elu_", (0.7,)), ("selu_", ()), ("celu_", (2.0,)),
    ("hardtanh_", (-0.5, 0.7)), ("threshold_", (0.1, 7.0)), ("rrelu_", (0.1, 0.3)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "numbers"), IN_PLACE)
def test_the_result_takes_the_inputs_place(name, numbers):
    x = dark.tensor(X)
    assert getattr(F, name)(x, *numbers) is x
    if torch is not None:
        assert_same(x, getattr(torch.nn.functional, name)(torch.tensor(X), *numbers))
    recorded = dark.tensor(X, requires_grad=True)
    with pytest.raises(RuntimeError, match=name):
        getattr(F, name)(recorded, *numbers)
    with pytest.raises(TypeError, match=f"{name}: expected a Tensor"):
        getattr(F, name)([1.0], *numbers)


TOP = [
    lambda t, x: t.celu(x, 0.5), lambda t, x: t.selu(x), lambda t, x: t.threshold(x, 0.1, 7.0),
    lambda t, x: t.rrelu(x, 0.1, 0.3), lambda t, x: t.hardshrink(x, 0.3),
    lambda t, x: t.prelu(x, x[0, :1]), lambda t, x: t.group_norm(x, 1), lambda t, x: t.layer_norm(x, (4,)),
    lambda t, x: t.bilinear(x, x, x.new_ones(2, 4, 4)), lambda t, x: t.cosine_similarity(x, x + 1),
    lambda t, x: t.pairwise_distance(x, x.flip(0)),
]  # fmt: skip


@pytest.mark.parametrize("function", TOP)
def test_functions_of_the_top_level(function):
    check_op(function, X, second=False, rtol=1e-4, atol=1e-5)


# Integers

OF_INTEGERS = [
    ("relu6", ()), ("hardtanh", ()), ("hardtanh", (-1.5, 2.5)), ("hardtanh", (0, 200)),
    ("threshold", (1, 7)), ("threshold", (2.0, 7.5)), ("relu6", (True,)),
]  # fmt: skip


@needs_torch
@pytest.mark.parametrize(("name", "numbers"), OF_INTEGERS, ids=str)
@pytest.mark.parametrize("dtype", ["int64", "int32", "int8", "uint8"])
def test_activations_made_of_lines_take_integers(name, numbers, dtype):
    x = np.array([0, 1, 2, 3, 6, 7, 90], dtype)
    x = x if dtype == "uint8" else x - x.dtype.type(3)
    try:
        expected = getattr(torch.nn.functional, name)(torch.tensor(x), *numbers)
    except RuntimeError:
        with pytest.raises(RuntimeError, match=name):
            getattr(F, name)(dark.tensor(x), *numbers)
    else:
        assert_same(getattr(F, name)(dark.tensor(x), *numbers), expected)


@pytest.mark.parametrize("name", ["relu6", "hardtanh"])
def test_booleans_are_refused(name):
    with pytest.raises(RuntimeError, match=name):
        getattr(F, name)(dark.tensor([True]))


# rrelu


def test_rrelu_in_evaluation():
    for arguments in ((), (0.1, 0.3), (0.0, 0.0)):
        check_op(lambda t, x, given=arguments: t.nn.functional.rrelu(x, *given), X)


@needs_torch
@on_host
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_rrelu_draws_pytorchs_slopes(dtype):
    x = random_array((3, 4), dtype)
    x[1, 1] = 0
    sides = []
    for t in (dark, torch):
        t.manual_seed(6)
        a = t.tensor(x, requires_grad=True)
        y = t.nn.functional.rrelu(a, 0.1, 0.4, training=True)
        y.square().sum().backward()
        sides.append([y, a.grad, t.rand(1)])
    assert_same(*sides)


def test_rrelu_in_training_and_in_place():
    x = dark.tensor(X)
    y = nn.RReLU(0.2, 0.3)(x)
    ratio = (y / x).numpy()
    assert (ratio[X > 0] == 1).all()
    assert (ratio[X <= 0] >= 0.1999).all()
    assert (ratio[X <= 0] <= 0.3001).all()
    assert F.rrelu(x, training=True, inplace=True) is x
    assert repr(nn.RReLU(0.2, 0.5, True)) == "RReLU(lower=0.2, upper=0.5, inplace=True)"


# Dropout for SELU


@needs_torch
@on_host
@pytest.mark.parametrize("name", ["AlphaDropout", "FeatureAlphaDropout"])
@pytest.mark.parametrize("shape", [(3, 4), (2, 3, 5), (40, 2, 1, 2), (0, 3)], ids=str)
def test_alpha_dropout_is_pytorchs(name, shape):
    sides = []
    for t in (dark, torch):
        t.manual_seed(2)
        layer = getattr(t.nn, name)(0.4)
        x = t.tensor(random_array(shape), requires_grad=True)
        y = layer(x)
        y.square().sum().backward()
        sides.append([repr(layer), y, x.grad, layer.eval()(x)])
    assert_same(*sides)


@needs_torch
@pytest.mark.parametrize("name", ["alpha_dropout", "feature_alpha_dropout"])
def test_alpha_dropout_of_nothing_and_of_everything(name):
    for p in (0.0, 1.0):
        check_op(lambda t, x, p=p: getattr(t.nn.functional, name)(x, p, training=True), X, second=False)
    x = dark.tensor([[1, 2]])
    assert getattr(F, name)(x, 0.5) is x


def test_alpha_dropout_keeps_mean_and_variance():
    dark.manual_seed(0)
    x = dark.randn(200, 500)
    y = F.alpha_dropout(x, 0.3, True)
    assert abs(y.mean().item()) < 0.02
    assert abs(y.std().item() - 1) < 0.02


# gumbel_softmax


@needs_torch
@on_host
@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize("dim", [-1, 0])
def test_gumbel_softmax_is_pytorchs(hard, dim):
    sides = []
    for t in (dark, torch):
        t.manual_seed(2)
        x = t.tensor(random_array((3, 5)), requires_grad=True)
        y = t.nn.functional.gumbel_softmax(x, tau=0.7, hard=hard, dim=dim)
        (y * t.tensor(random_array((3, 5), seed=1))).sum().backward()
        sides.append([y, x.grad])
    assert_same(*sides, rtol=1e-4, atol=1e-6)


def test_a_hard_draw_is_one_hot():
    y = F.gumbel_softmax(dark.zeros(20, 3), hard=True)
    assert y.sum(1).tolist() == [1.0] * 20
    assert set(y.flatten().tolist()) == {0.0, 1.0}
    with pytest.warns(UserWarning, match="eps"):
        F.gumbel_softmax(dark.zeros(2), eps=0.1)


@needs_torch
def test_softmax2d():
    assert repr(nn.Softmax2d()) == "Softmax2d()"
    for shape in ((2, 3, 2, 2), (3, 2, 2)):
        check_op(lambda t, x: t.nn.Softmax2d()(x), random_array(shape))


WRONG = [
    (lambda: F.rrelu(dark.ones(2), 0.5, 0.1), RuntimeError, "rrelu: lower 0.5"),
    (lambda: F.rrelu(dark.tensor([1])), NotImplementedError, "rrelu: .*int64"),
    (lambda: F.alpha_dropout(dark.ones(2), 2.0, True), ValueError, "alpha_dropout"),
    (lambda: F.alpha_dropout(dark.tensor([1]), 0.5, True), RuntimeError, "alpha_dropout: .*int64"),
    (lambda: F.feature_alpha_dropout(dark.ones(2), 0.5, True), RuntimeError, r"\(N, C, \*\)"),
    (lambda: nn.Softmax2d()(dark.ones(2, 2)), ValueError, "Softmax2d"),
    (lambda: F.gumbel_softmax([1.0]), TypeError, "gumbel_softmax: expected a Tensor, got list"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[m for *_, m in WRONG])
def test_wrong_input_is_explained(call, error, message):
    with on_the_cpu(), pytest.raises(error, match=message):
        call()
