"""Batch, group and instance norm: values, gradients, statistics, modes, odd inputs, errors."""  # dark-5

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, random_array, torch
from dark import nn
from dark.nn import functional as F

SHAPES = [(5, 3), (4, 3, 5), (1, 3, 4), (2, 3, 4, 5), (1, 3, 3, 3), (3, 1, 2, 2), (2, 3, 2, 3, 2)]
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)
NEAR = {"rtol": 1e-4, "atol": 2e-5}  # second derivatives divide by the variance several times
STATISTICS = [0.5, -1.0, 0.1], [0.5, 2.0, 0.9]


def parameters(channels, dtype="float32"):
    return np.array([1.5, -0.5, 1.0][:channels], dtype), np.array([0.1, 0.3, -2.0][:channels], dtype)


def batch_norm(training, eps=1e-5):
    """The function of (t, input, weight, bias), with running statistics of its own in every call."""

    def norm(t, x, weight=None, bias=None):
        mean, var = (t.tensor(values[: x.shape[1]], dtype=x.dtype) for values in STATISTICS)
        return t.nn.functional.batch_norm(x, mean, var, weight, bias, training, eps=eps)

    return norm


def group_norm(groups, eps=1e-5):
    return lambda t, x, *parameters: t.nn.functional.group_norm(x, groups, *parameters, eps=eps)


def instance_norm(t, x, weight=None, bias=None):
    return t.nn.functional.instance_norm(x, weight=weight, bias=bias)


# Values and gradients


@each_shape
@pytest.mark.parametrize("training", [True, False])
def test_batch_norm(shape, training):
    x, (weight, bias) = random_array(shape), parameters(shape[1])
    norm = batch_norm(training)
    check_op(norm, x, weight, bias, **NEAR)
    check_op(norm, x, weight, **NEAR)
    check_op(lambda t, x, b: norm(t, x, None, b), x, bias, second=False, **NEAR)  # where PyTorch fails
    check_op(batch_norm(training, eps=0.1), x, **NEAR)
    check_op(norm, random_array(shape, "float64"), *parameters(shape[1], "float64"), rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("shape", [(4, 6), (2, 6, 5), (1, 6, 4), (2, 6, 3, 4), (2, 6, 2, 1, 3)], ids=str)
@pytest.mark.parametrize("groups", [1, 2, 3, 6])
def test_group_norm(shape, groups):
    arrays = random_array(shape), random_array((6,), seed=1), random_array((6,), seed=2)
    eps = 0.1 if shape == (4, 6) else 1e-5  # the 6 groups have one element each there
    check_op(group_norm(groups, eps), *arrays, **NEAR)
    check_op(group_norm(groups, eps), arrays[0], **NEAR)
    doubles = [a.astype("float64") for a in arrays]
    check_op(group_norm(groups, eps), *doubles, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("shape", [(4, 3, 5), (1, 3, 2, 3), (2, 3, 3, 4), (2, 1, 2, 2, 2)], ids=str)
def test_instance_norm(shape):
    x, (weight, bias) = random_array(shape), parameters(shape[1])
    check_op(instance_norm, x, weight, bias, **NEAR)
    check_op(instance_norm, x, weight, **NEAR)
    check_op(lambda t, x, b: instance_norm(t, x, None, b), x, bias, second=False, **NEAR)
    check_op(instance_norm, x.astype("float64"), *parameters(shape[1], "float64"), rtol=1e-9, atol=1e-9)


LAYOUTS = [
    (lambda x: x.permute(0, 3, 1, 2), (2, 4, 5, 3)),
    (lambda x: x[:, 1:4, ::2], (2, 5, 4, 3)),
    (lambda x: x.mT, (2, 5, 3)),
    (lambda x: x.expand(4, 3, 2), (4, 3, 1)),
    (lambda x: x.flip(0), (4, 3, 2)),
]
NORMS = {
    "batch": batch_norm(True), "evaluation": batch_norm(False), "group": group_norm(1, 0.1),
    "instance": lambda t, x, *rest: t.nn.functional.instance_norm(x, None, None, *rest, eps=0.1),
}  # fmt: skip
each_norm = pytest.mark.parametrize("norm", NORMS.values(), ids=NORMS)


@each_norm
@pytest.mark.parametrize(("turn", "shape"), LAYOUTS)
def test_any_memory_layout_will_do(norm, turn, shape):
    check_op(lambda t, x, *rest: norm(t, turn(x), *rest), random_array(shape), *parameters(3), **NEAR)


@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_of_a_transposed_matrix(training):
    norm = batch_norm(training)
    check_op(lambda t, x, *rest: norm(t, x.T, *rest), random_array((3, 4)), *parameters(3), **NEAR)


@each_norm
def test_gradients_of_any_memory_layout_will_do(norm):
    x, (weight, bias) = random_array((2, 3, 4, 5)), parameters(3)
    check_op(lambda t, x, w, b: norm(t, x, w, b).sum(), x, weight, bias, **NEAR)
    check_op(lambda t, x, w, b: norm(t, x, w, b).permute(2, 0, 3, 1) ** 2, x, weight, bias, **NEAR)
    check_op(lambda t, x, w, b: norm(t, x, w[::2], b[::2]), x, *[random_array((6,))] * 2, **NEAR)


@each_norm
def test_only_some_inputs_want_a_gradient(norm):
    arrays = random_array((2, 3, 4, 5)), *parameters(3)
    for i, array in enumerate(arrays):

        def with_constants(t, x, i=i):
            return norm(t, *[x if i == j else t.tensor(a, dtype=x.dtype) for j, a in enumerate(arrays)])

        check_op(with_constants, array, **NEAR)


@needs_torch
@each_norm
def test_half_precision_is_computed_in_more(norm):
    x, (weight, bias) = random_array((2, 3, 4, 5), "float16"), parameters(3, "float16")
    for arrays in ([x], [x, weight, bias]):
        ours = norm(dark, *[dark.tensor(a) for a in arrays])
        assert_same(ours, norm(torch, *[torch.tensor(a) for a in arrays]), rtol=2e-3, atol=2e-3)


@needs_torch
@pytest.mark.parametrize("norm", [NORMS["group"], NORMS["instance"]])
def test_half_precision_stays_with_parameters_in_more(norm):
    arrays = [random_array((2, 3, 4, 5), "float16"), *parameters(3)]
    ours = norm(dark, *[dark.tensor(a) for a in arrays])
    assert_same(ours, norm(torch, *[torch.tensor(a) for a in arrays]), rtol=2e-3, atol=2e-3)


EMPTY = [(0, 3, 4, 4), (0, 3, 4), (2, 3, 0, 4)]


@pytest.mark.parametrize("shape", EMPTY, ids=str)
def test_an_empty_batch(shape):
    options = {"differences": False, "second": False}
    for training in (True, False):
        check_op(batch_norm(training), random_array(shape), *parameters(3), **options)
    check_op(group_norm(1), random_array(shape), **options)
    check_op(instance_norm, random_array(shape), **options)


@pytest.mark.parametrize("shape", EMPTY, ids=str)
@each_norm
def test_parameters_get_zeros_from_an_empty_batch(norm, shape):
    inputs = [dark.tensor(a, requires_grad=True) for a in (random_array(shape), *parameters(3))]
    norm(dark, *inputs).sum().backward()
    assert [x.grad.sum().item() for x in inputs] == [0, 0, 0]


@pytest.mark.parametrize("training", [True, False])
def test_no_channels(training):
    check_op(batch_norm(training), random_array((2, 0, 3, 3)), second=False)


@pytest.mark.parametrize(("mean", "deviation"), [(1e4, 1), (-3e4, 0.1), (1, 1e-3), (0, 1e-9), (5, 0)])
@pytest.mark.parametrize("shape", [(64, 3), (2, 3, 8, 8)], ids=str)
def test_large_means_and_small_variances_cost_no_precision(mean, deviation, shape):
    x = (random_array(shape, "float64") * deviation + mean).astype("float32")
    wide = x.astype("float64")
    over = (0, *range(2, len(shape)))
    exact = (wide - wide.mean(over, keepdims=True)) / np.sqrt(wide.var(over, keepdims=True) + 1e-30)
    y = F.batch_norm(dark.tensor(x), None, None, training=True, eps=1e-30)
    np.testing.assert_allclose(y.numpy(), exact, rtol=1e-6, atol=1e-6)


def test_infinity_and_nan_stay_in_their_channel():
    x = random_array((4, 3, 2, 2))
    x[1, 0, 0, 1], x[2, 1, 0, 0] = np.nan, np.inf
    mean, var = dark.zeros(3), dark.ones(3)
    y = F.batch_norm(dark.tensor(x, requires_grad=True), mean, var, training=True)
    y.sum().backward()
    assert y[:, :2].isnan().all()
    assert y[:, 2].isfinite().all()
    assert mean.isfinite().tolist() == var.isfinite().tolist() == [False, False, True]


# Running statistics


MODULES = [  # name, arguments, options, shape of the input
    ("BatchNorm1d", (3,), {}, (5, 3)),
    ("BatchNorm1d", (3, 1e-3, 0.4), {}, (2, 3, 4)),
    ("BatchNorm2d", (3,), {}, (2, 3, 4, 5)),
    ("BatchNorm2d", (3,), {"momentum": None}, (2, 3, 4, 5)),
    ("BatchNorm2d", (3,), {"momentum": 1.0, "eps": 0.1}, (2, 3, 1, 1)),
    ("BatchNorm2d", (3,), {"momentum": 0}, (2, 3, 2, 2)),
    ("BatchNorm2d", (3,), {"affine": False}, (1, 3, 4, 5)),
    ("BatchNorm2d", (3,), {"bias": False}, (1, 3, 4, 5)),
    ("BatchNorm2d", (3,), {"track_running_stats": False}, (2, 3, 4, 5)),
    ("BatchNorm2d", (3,), {"momentum": None, "track_running_stats": False}, (2, 3, 4, 5)),
    ("BatchNorm2d", (3,), {"dtype": "float64", "device": "cpu"}, (2, 3, 4, 5)),
    ("GroupNorm", (2, 4), {}, (2, 4, 3, 5)),
    ("GroupNorm", (4, 4, 0.1), {"affine": False}, (2, 4)),
    ("GroupNorm", (1, 4), {"bias": False, "dtype": "float64"}, (2, 4, 3)),
    ("InstanceNorm1d", (3,), {}, (2, 3, 4)),
    ("InstanceNorm1d", (3,), {"affine": True}, (3, 4)),
    ("InstanceNorm2d", (3,), {}, (2, 3, 4, 5)),
    ("InstanceNorm2d", (3,), {"affine": True, "bias": False}, (3, 4, 5)),
    ("InstanceNorm2d", (3, 0.1, 0.2), {"affine": True, "track_running_stats": True}, (2, 3, 4, 5)),
    ("InstanceNorm2d", (3,), {"momentum": None, "track_running_stats": True}, (3, 4, 5)),
]
each_module = pytest.mark.parametrize(("name", "arguments", "options", "shape"), MODULES)


def make(t, name, arguments, options):
    if "dtype" in options:
        options = {**options, "dtype": getattr(t, options["dtype"])}
    module = getattr(t.nn, name)(*arguments, **options)
    for i, parameter in enumerate(module.parameters()):  # no gradient is to be trivial
        parameter.data = t.tensor(random_array(tuple(parameter.shape), str(parameter.dtype)[-7:], seed=i))
    return module


@needs_torch
@each_module
def test_a_module_begins_as_pytorchs(name, arguments, options, shape):
    ours, theirs = make(dark, name, arguments, options), make(torch, name, arguments, options)
    for module in (ours, theirs):
        module.reset_parameters()
    assert repr(ours) == repr(theirs)
    assert_same_state(ours, theirs, rtol=0, atol=0)
    assert [n for n, _ in ours.named_parameters()] == [n for n, _ in theirs.named_parameters()]
    assert [n for n, _ in ours.named_buffers()] == [n for n, _ in theirs.named_buffers()]


def assert_same_state(ours, theirs, rtol=1e-6, atol=1e-7):
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for key, value in theirs.state_dict().items():
        assert_same(ours.state_dict()[key], value, rtol, atol, what=key)


@needs_torch
@each_module
def test_several_steps_of_training_and_evaluation_are_pytorchs(name, arguments, options, shape):
    ours, theirs = make(dark, name, arguments, options), make(torch, name, arguments, options)
    ours.to(dark.get_default_device())
    for step, training in enumerate([True, True, True, False, True, False]):
        array = random_array(shape, options.get("dtype", "float32"), low=-1, high=3, seed=step)
        gradients = []
        for t, module in ((dark, ours), (torch, theirs)):
            x = t.tensor(array, requires_grad=True)
            y = module.train(training)(x)
            (y * y * y).sum().backward()
            gradients.append([y, x.grad, *[p.grad for p in module.parameters()]])
        assert_same(*gradients, rtol=1e-3, atol=1e-3)
        assert_same_state(ours, theirs)


@needs_torch
def test_states_load_both_ways():
    ours, theirs = nn.BatchNorm2d(3), torch.nn.BatchNorm2d(3)
    ours(dark.tensor(random_array((2, 3, 4, 4))))
    theirs.load_state_dict({key: torch.tensor(x.numpy()) for key, x in ours.state_dict().items()})
    assert_same_state(ours, theirs, 0, 0)
    theirs(torch.tensor(random_array((2, 3, 4, 4), seed=1)))
    ours.load_state_dict({key: dark.tensor(x.numpy()) for key, x in theirs.state_dict().items()})
    assert_same_state(ours, theirs, 0, 0)
    assert ours.num_batches_tracked.dtype is dark.int64
    assert ours.half().num_batches_tracked.dtype is dark.int64


def test_running_statistics_follow_their_definition():
    x = random_array((4, 3, 2, 5), "float64")
    module = nn.BatchNorm2d(3, dtype=dark.float64)
    module(dark.tensor(x))
    np.testing.assert_allclose(module.running_mean.numpy(), 0.1 * x.mean((0, 2, 3)))
    np.testing.assert_allclose(module.running_var.numpy(), 0.9 + 0.1 * x.var((0, 2, 3), ddof=1))


@needs_torch
def test_an_empty_batch_moves_no_running_statistics_but_counts():
    for shape in ((0, 3, 4, 4), (2, 3, 0, 4)):
        ours, theirs = nn.BatchNorm2d(3), torch.nn.BatchNorm2d(3)
        assert_same(ours(dark.zeros(shape)), theirs(torch.zeros(shape)))
        assert_same_state(ours, theirs, 0, 0)


@needs_torch
def test_reset_running_stats_forgets_the_batches():
    ours, theirs = nn.BatchNorm1d(3), torch.nn.BatchNorm1d(3)
    ours(dark.rand(4, 3))
    ours.reset_running_stats()
    assert_same_state(ours, theirs, 0, 0)


def test_a_batch_counts_once_however_often_it_is_differentiated():
    module = nn.BatchNorm1d(3, momentum=0.5)
    x = dark.tensor(random_array((4, 3)), requires_grad=True)
    y = module(x) ** 3
    after = module.running_mean.clone(), module.running_var.clone()
    (g,) = dark.autograd.grad(y.sum(), x, create_graph=True)
    (g**2).sum().backward()
    with dark.no_grad():
        assert dark.equal(module.running_mean, after[0])
        assert dark.equal(module.running_var, after[1])
    assert module.num_batches_tracked.item() == 1


def test_a_training_pass_before_backward_changes_nothing_for_it():
    module = nn.BatchNorm1d(3)
    x = dark.tensor(random_array((4, 3)), requires_grad=True)
    y = module(x)
    module(dark.rand(4, 3))
    y.sum().backward()
    y = module.eval()(x)
    module.train()(dark.rand(4, 3))
    with pytest.raises(RuntimeError, match=r"BatchNormBackward0 needs .* in-place"):
        y.sum().backward()


def test_no_gradient_flows_into_running_statistics():
    module = nn.BatchNorm1d(3)
    module(dark.rand(4, 3, requires_grad=True))
    assert not module.running_mean.requires_grad
    assert not module.running_var.requires_grad


# Modes and graphs


@pytest.mark.parametrize("name", ["BatchNorm2d", "InstanceNorm2d", "GroupNorm"])
def test_frozen_parameters_change_no_mode(name):
    def layer(frozen):
        sizes = (3, 3) if name == "GroupNorm" else (3,)
        module = getattr(nn, name)(*sizes, affine=True)
        return module.requires_grad_(not frozen)

    x = dark.tensor(random_array((4, 3, 2, 2), low=1, high=5))
    for training in (True, False):
        frozen, free = layer(True).train(training), layer(False).train(training)
        assert dark.equal(frozen(x), free(x).detach())
        for key, value in free.state_dict().items():
            assert dark.equal(frozen.state_dict()[key], value)


def test_without_running_statistics_evaluation_uses_those_of_the_batch():
    x = dark.tensor(random_array((4, 3, 2, 2), low=1, high=5))
    module = nn.BatchNorm2d(3, track_running_stats=False)
    assert dark.equal(module(x), module.eval()(x))
    module = nn.BatchNorm2d(3)
    module.running_mean = module.running_var = None
    assert module.eval()(x).mean().item() == pytest.approx(0, abs=1e-6)


def test_a_second_walk_sees_the_gradient_that_it_is_given():
    x, w = (dark.tensor(random_array(s), requires_grad=True) for s in ((4, 3), (3,)))
    y = F.batch_norm(x, None, None, w, training=True)
    g = dark.ones(4, 3)
    g[0] = 3
    dark.autograd.grad(y, [x, w], g, retain_graph=True)
    first = dark.autograd.grad(y, [x, w], g * 2, retain_graph=True)
    g.mul_(2)  # the same array with other numbers
    second = dark.autograd.grad(y, [x, w], g)
    assert all(dark.equal(a, b) for a, b in zip(first, second))


@needs_torch
def test_third_derivatives():
    """PyTorch's own batch norm takes the statistics for constants there, so here it is written out."""

    def written_out(x, mean, var, weight, training):
        return (x - x.mean(0)) / (x.var(0, unbiased=False) + 1e-5).sqrt() * weight

    def third(t, norm):
        x = t.tensor(random_array((5, 2), "float64"), requires_grad=True)
        w = t.tensor([1.5, -0.5], dtype=t.float64, requires_grad=True)
        y = (norm(x, None, None, w, training=True) ** 3).sum()
        for _ in range(2):
            y = sum((g**2).sum() for g in t.autograd.grad(y, [x, w], create_graph=True))
        return t.autograd.grad(y, [x, w])

    assert_same(third(dark, F.batch_norm), third(torch, written_out), rtol=1e-9, atol=1e-9)


def test_the_graph_shows_the_operation():
    x = dark.rand(4, 3, requires_grad=True)
    assert F.batch_norm(x, None, None, training=True).grad_fn.name() == "BatchNormBackward0"
    assert F.group_norm(x, 1).grad_fn.name() == "GroupNormBackward0"
    with dark.no_grad():
        assert nn.BatchNorm1d(3)(x).grad_fn is None


# Errors


WRONG = [
    (lambda F, x, z, w: F.batch_norm(x[:1, :, :1, :1], z, z, training=True), ValueError, "more than 1"),
    (lambda F, x, z, w: F.batch_norm(x[:1, :, 0, 0], None, None, training=True), ValueError, "more than 1"),
    (lambda F, x, z, w: F.batch_norm(x, None, None), RuntimeError, "without training, running_mean and"),
    (lambda F, x, z, w: F.batch_norm(x, z, None, training=True), ValueError, "both, or neither"),
    (lambda F, x, z, w: F.batch_norm(x, w, w), RuntimeError, r"running_mean has shape \(2,\), .*\(3,\)"),
    (lambda F, x, z, w: F.batch_norm(x, z, w, training=True), RuntimeError, r"running_var has .*\(2,\)"),
    (lambda F, x, z, w: F.batch_norm(x, z, z, w), RuntimeError, r"batch_norm: weight has shape \(2,\)"),
    (lambda F, x, z, w: F.batch_norm(x, z, z, None, w), RuntimeError, r"bias .*\(2, 3, 4, 5\) has 3"),
    (lambda F, x, z, w: F.batch_norm(x[0, 0, 0], z, z), RuntimeError, r"expected input of shape \(N, C, "),
    (lambda F, x, z, w: F.batch_norm(x.double(), z, z), RuntimeError, "float64, running_mean float32"),
    (lambda F, x, z, w: F.batch_norm(x, None, None, z.double(), training=True), RuntimeError, "float32, w"),
    (lambda F, x, z, w: F.batch_norm(x.long(), z, z), NotImplementedError, "batch_norm: .*int64"),
    (lambda F, x, z, w: F.batch_norm(x, z, z, training=True, eps=0), ValueError, "eps must be positive"),
    (lambda F, x, z, w: F.batch_norm(x, z, z, eps=-1), ValueError, "eps must be .* not -1"),
    (lambda F, x, z, w: F.batch_norm(x, z.requires_grad_(), z.detach()), RuntimeError, "can't require grad"),
    (lambda F, x, z, w: F.batch_norm([1.0], z, z), TypeError, "batch_norm: expected a Tensor, got list"),
    (lambda F, x, z, w: F.group_norm(x, 2), RuntimeError, r"group_norm: 3 channels .* 2 groups"),
    (lambda F, x, z, w: F.group_norm(x[0, 0, 0], 1), RuntimeError, r"group_norm: .*shape \(N, C, \*\)"),
    (lambda F, x, z, w: F.group_norm(x[:1, :, 0, 0], 3), ValueError, "group_norm: expected more"),
    (lambda F, x, z, w: F.group_norm(x, 3, w), RuntimeError, r"group_norm: weight has shape \(2,\)"),
    (lambda F, x, z, w: F.group_norm(x.double(), 3, z), RuntimeError, "float64, weight float32"),
    (lambda F, x, z, w: F.group_norm(x.long(), 3), NotImplementedError, "group_norm: .*int64"),
    (lambda F, x, z, w: F.instance_norm(x[:, :, :1, :1]), ValueError, "more than 1 spatial element"),
    (lambda F, x, z, w: F.instance_norm(x[:, :, 0, 0]), ValueError, r"spatial element .*\(2, 3\)"),
    (lambda F, x, z, w: F.instance_norm(x, use_input_stats=False), RuntimeError, "running statistics are"),
    (lambda F, x, z, w: F.instance_norm(x, z), ValueError, "instance_norm: .*both, or neither"),
    (lambda F, x, z, w: F.instance_norm(x, weight=w), RuntimeError, "instance_norm: weight has shape"),
    (lambda F, x, z, w: F.instance_norm(x.double(), weight=z), RuntimeError, "float64, weight float32"),
    (lambda F, x, z, w: F.instance_norm(x.long()), NotImplementedError, "instance_norm: .*int64"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[m for _, _, m in WRONG])
def test_wrong_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call(F, dark.zeros(2, 3, 4, 5), dark.zeros(3), dark.zeros(2))
    if torch is not None:
        with pytest.raises(error):
            call(torch.nn.functional, torch.zeros(2, 3, 4, 5), torch.zeros(3), torch.zeros(2))


WRONG_MODULES = [
    (lambda t: t.nn.BatchNorm1d(3)(t.zeros(2, 3, 4, 5)), ValueError, "BatchNorm1d: expected 2D or 3D .*4D"),
    (lambda t: t.nn.BatchNorm2d(3)(t.zeros(3, 4, 5)), ValueError, "BatchNorm2d: expected 4D input .*3D"),
    (lambda t: t.nn.BatchNorm2d(3)(t.zeros(1, 3, 1, 1)), ValueError, "batch_norm: expected more than 1"),
    (lambda t: t.nn.BatchNorm2d(4)(t.zeros(2, 3, 4, 5)), RuntimeError, r"running_mean has shape \(4,\)"),
    (lambda t: t.nn.GroupNorm(2, 3), ValueError, r"num_channels \(3\) must be divisible by num_groups \(2\)"),
    (lambda t: t.nn.GroupNorm(1, 3)(t.zeros(2, 4, 5)), RuntimeError, r"group_norm: weight has shape \(3,\)"),
    (lambda t: t.nn.InstanceNorm1d(3)(t.zeros(3)), ValueError, "InstanceNorm1d: expected 2D or 3D input"),
    (lambda t: t.nn.InstanceNorm2d(3, affine=True)(t.zeros(2, 4, 5, 5)), ValueError, "4 channels, not 3"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG_MODULES, ids=[m for _, _, m in WRONG_MODULES])
def test_modules_explain_wrong_input(call, error, message):
    with pytest.raises(error, match=message):
        call(dark)
    if torch is not None:
        with pytest.raises(error):
            call(torch)


def test_other_channels_than_said_only_warn_where_nothing_depends_on_them():
    with pytest.warns(UserWarning, match="InstanceNorm2d: the input has 4 channels, not 3"):
        assert nn.InstanceNorm2d(3)(dark.rand(2, 4, 5, 5)).shape == (2, 4, 5, 5)
