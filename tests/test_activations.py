"""Activations, as functions and as modules: kinks, extreme numbers, types, in-place results."""  # dark-3

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, random_array, torch
from dark import nn
from dark.nn import functional as F

ACTIVATIONS = [
    ("relu", lambda t, x: t.nn.functional.relu(x)),
    ("leaky_relu", lambda t, x: t.nn.functional.leaky_relu(x)),
    ("leaky_relu 0.3", lambda t, x: t.nn.functional.leaky_relu(x, 0.3)),
    ("leaky_relu 0", lambda t, x: t.nn.functional.leaky_relu(x, 0)),
    ("leaky_relu -0.3", lambda t, x: t.nn.functional.leaky_relu(x, negative_slope=-0.3)),
    ("sigmoid", lambda t, x: t.nn.functional.sigmoid(x)),
    ("tanh", lambda t, x: t.nn.functional.tanh(x)),
    ("elu", lambda t, x: t.nn.functional.elu(x)),
    ("elu 0.7", lambda t, x: t.nn.functional.elu(x, alpha=0.7)),
    ("selu", lambda t, x: t.nn.functional.selu(x)),
    ("celu", lambda t, x: t.nn.functional.celu(x)),
    ("celu 2", lambda t, x: t.nn.functional.celu(x, 2.0)),
    ("gelu", lambda t, x: t.nn.functional.gelu(x)),
    ("gelu tanh", lambda t, x: t.nn.functional.gelu(x, approximate="tanh")),
    ("silu", lambda t, x: t.nn.functional.silu(x)),
    ("mish", lambda t, x: t.nn.functional.mish(x)),
    ("softplus", lambda t, x: t.nn.functional.softplus(x)),
    ("softplus 2 1.1", lambda t, x: t.nn.functional.softplus(x, beta=2.0, threshold=1.1)),
    ("softsign", lambda t, x: t.nn.functional.softsign(x)),
    ("logsigmoid", lambda t, x: t.nn.functional.logsigmoid(x)),
    ("tanhshrink", lambda t, x: t.nn.functional.tanhshrink(x)),
    ("relu6", lambda t, x: t.nn.functional.relu6(x)),
    ("hardtanh", lambda t, x: t.nn.functional.hardtanh(x)),
    ("hardtanh -0.5 2", lambda t, x: t.nn.functional.hardtanh(x, -0.5, 2.0)),
    ("hardswish", lambda t, x: t.nn.functional.hardswish(x)),
    ("hardshrink", lambda t, x: t.nn.functional.hardshrink(x)),
    ("softshrink", lambda t, x: t.nn.functional.softshrink(x, 0.3)),
    ("threshold", lambda t, x: t.nn.functional.threshold(x, 0.5, -2.0)),
    ("softmax", lambda t, x: t.nn.functional.softmax(x, -1)),
    ("softmax 0", lambda t, x: t.nn.functional.softmax(x, dim=0)),
    ("log_softmax", lambda t, x: t.nn.functional.log_softmax(x, dim=-1)),
    ("softmin", lambda t, x: t.nn.functional.softmin(x, dim=-1)),
]
NAMES = [name for name, _ in ACTIVATIONS]
SHAPES = [(3, 4), (), (0, 4), (2, 1, 3)]
KINKS = np.array([-3.0, -1.0, -0.5, -0.3, -0.0, 0.0, 0.3, 0.5, 1.0, 2.0, 3.0, 6.0], "float32")
EXTREME = np.array([-1000.0, -100.0, -40.0, -20.5, 20.5, 40.0, 100.0, 1000.0], "float32")


@pytest.mark.parametrize(("name", "function"), ACTIVATIONS, ids=NAMES)
def test_values_and_gradients(name, function):
    for shape in SHAPES:
        check_op(function, random_array(shape, low=-4.0, high=4.0))
    check_op(lambda t, x: function(t, x.T[:, ::2]), random_array((3, 4)))
    check_op(function, random_array((3, 4), "float64"))


@needs_torch
@pytest.mark.parametrize(("name", "function"), ACTIVATIONS, ids=NAMES)
def test_kinks_are_where_pytorch_has_them(name, function):
    check_op(function, KINKS, differences=False)


@needs_torch
@pytest.mark.parametrize(("name", "function"), ACTIVATIONS, ids=NAMES)
def test_extreme_numbers_stay_exact(name, function):
    # PyTorch's second derivative of mish is NaN for large numbers, where 0 is right
    check_op(function, EXTREME, differences=False, second=name != "mish")
    x = dark.tensor(EXTREME, requires_grad=True)
    (g,) = dark.autograd.grad(function(dark, x).sum(), x, create_graph=True)
    (gg,) = dark.autograd.grad(g.sum(), x, materialize_grads=True) if g.requires_grad else (g,)
    assert np.isfinite(gg.detach().numpy()).all()


@needs_torch
def test_hardsigmoid():
    # PyTorch has no second derivative of it
    function = lambda t, x: t.nn.functional.hardsigmoid(x)
    for x in (random_array((3, 4), low=-4.0, high=4.0), KINKS, EXTREME):
        check_op(function, x, second=False, differences=False)


PRELUS = [
    ((3, 4), 1), ((3, 4), 4), ((2, 3, 5), 3), ((2, 3, 5), 1), ((4,), 1), ((), 1), ((0, 3), 3), ((2, 1, 3), 1),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "weights"), PRELUS, ids=str)
def test_prelu(shape, weights):
    check_op(lambda t, x, w: t.nn.functional.prelu(x, w), random_array(shape), random_array((weights,)))


@needs_torch
def test_prelu_at_its_kink():
    def prelu(t, x, w):
        return t.nn.functional.prelu(x, w)

    check_op(prelu, KINKS, random_array((1,)), differences=False, second=False)


@pytest.mark.parametrize("dim", [0, 1, -1])
def test_glu(dim):
    check_op(lambda t, x: t.nn.functional.glu(x, dim), random_array((4, 2, 6)))


@needs_torch
def test_nan_is_passed_on():
    x = np.array([np.nan, 1.0], "float32")
    for name, function in ACTIVATIONS:
        assert_same(function(dark, dark.tensor(x)), function(torch, torch.tensor(x)), what=name)


@needs_torch
@pytest.mark.parametrize("name", ["relu6", "hardtanh", "hardshrink", "softshrink"])
def test_the_gradient_passes_where_the_input_is_nan(name):
    gradients = []
    for t in (dark, torch):
        x = t.tensor([np.nan, 9.0], requires_grad=True)
        getattr(t.nn.functional, name)(x).sum().backward()
        gradients.append(x.grad)
    assert_same(*gradients)


@needs_torch
def test_half_precision_is_kept():
    x = random_array((3, 4), "float16", low=-8, high=8)
    for name, function in ACTIVATIONS:
        ours, theirs = function(dark, dark.tensor(x)), function(torch, torch.tensor(x))
        assert_same(ours, theirs, rtol=4e-3, atol=2e-3, what=name)


@needs_torch
def test_a_dimension_left_out_is_pytorchs_choice_with_a_warning():  # beyond
    for shape in ((3,), (2, 3), (2, 3, 4), (2, 3, 2, 2)):
        for name in ("softmax", "log_softmax", "softmin"):
            results = []
            for t in (dark, torch):
                with pytest.warns(UserWarning, match="dim"):
                    results.append(getattr(t.nn.functional, name)(t.tensor(random_array(shape))))
            assert_same(*results)
    with pytest.warns(UserWarning, match="dim"):
        nn.Softmax()(dark.zeros(2, 2))


@needs_torch
def test_softmax_in_another_type():
    x = random_array((2, 3))
    ours = F.softmax(dark.tensor(x), dim=1, dtype=dark.float64)
    assert_same(ours, torch.nn.functional.softmax(torch.tensor(x), dim=1, dtype=torch.float64))


IN_PLACE = [
    "relu", "leaky_relu", "elu", "selu", "celu", "silu", "mish",
    "relu6", "hardtanh", "hardsigmoid", "hardswish",
]  # fmt: skip


@pytest.mark.parametrize("name", IN_PLACE)
def test_in_place_where_allowed_and_a_new_tensor_elsewhere(name):
    function, values = getattr(F, name), random_array((3, 4))
    expected = function(dark.tensor(values)).numpy()
    x = dark.tensor(values)
    assert function(x, inplace=True) is x
    np.testing.assert_array_equal(x.numpy(), expected)

    x = dark.tensor(values, requires_grad=True)
    y = function(x, inplace=True)
    assert y is not x
    y.sum().backward()
    np.testing.assert_array_equal(x.detach().numpy(), values)
    with dark.no_grad():
        assert function(x, inplace=True) is x
    np.testing.assert_array_equal(x.detach().numpy(), expected)


def test_in_place_may_be_positional():
    x = dark.tensor([-1.0])
    assert F.leaky_relu(x, 0.5, True) is x
    assert F.leaky_relu(x, 0.5, False) is not x
    assert F.threshold(x, 0.0, 7.0, True) is x
    assert x.item() == 7
    assert F.relu6(x, True) is x


MODULES = [
    ("ReLU", ()), ("ReLU", (True,)), ("LeakyReLU", ()), ("LeakyReLU", (0.2, True)), ("PReLU", ()),
    ("PReLU", (4, 0.1)), ("Sigmoid", ()), ("Tanh", ()), ("Softmax", (1,)), ("LogSoftmax", (1,)),
    ("Softmin", (1,)), ("ELU", (0.5,)), ("SELU", ()), ("CELU", (2.0,)), ("GELU", ()), ("GELU", ("tanh",)),
    ("SiLU", ()), ("SiLU", (True,)), ("Mish", ()), ("Softplus", (2, 10)), ("LogSigmoid", ()),
    ("Softsign", ()), ("Tanhshrink", ()), ("GLU", ()), ("GLU", (1,)), ("ReLU6", ()),
    ("Hardtanh", (-0.5, 0.5)), ("Hardsigmoid", ()), ("Hardswish", (True,)),
    ("Hardshrink", (0.3,)), ("Softshrink", (0.3,)),
    ("Threshold", (0.1, 20)), ("Threshold", (0.1, 20, True)),
]  # fmt: skip


@needs_torch
@pytest.mark.parametrize(("name", "options"), MODULES, ids=[f"{n}{o}" for n, o in MODULES])
def test_an_activation_module_is_pytorchs(name, options):
    ours, theirs = getattr(nn, name)(*options), getattr(torch.nn, name)(*options)
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    x = random_array((3, 4))
    assert_same(ours(dark.tensor(x)), theirs(torch.tensor(x)))


WRONG = [
    (lambda: F.gelu(dark.tensor([1, 2])), RuntimeError, r"gelu: .*int64"),
    (lambda: F.gelu(dark.ones(2), approximate="erf"), RuntimeError, r"'none' or 'tanh'"),
    (lambda: F.prelu(dark.ones(2, 3), dark.ones(2)), RuntimeError, r"prelu: weight .*\(2,\).* 3 channels"),
    (lambda: F.glu(dark.ones(2, 3)), RuntimeError, r"glu: .*half"),
    (lambda: F.hardtanh(dark.ones(2), 1.0, -1.0), ValueError, r"hardtanh"),
    (lambda: nn.Hardtanh(1.0, 1.0), ValueError, r"Hardtanh"),
    (lambda: F.celu(dark.ones(2), 0.0), RuntimeError, r"celu"),
    (lambda: F.softshrink(dark.ones(2), -1.0), RuntimeError, r"softshrink"),
    (lambda: F.gelu([1.0]), TypeError, r"gelu: expected a Tensor, got list"),
    (lambda: F.softmax(dark.ones(2), 3), IndexError, r"softmax"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[m for _, _, m in WRONG])
def test_wrong_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()
