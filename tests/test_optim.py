"""Optimizers: the same steps as PyTorch's, also continued from a saved state, both ways."""  # dark-3

import copy
import pickle

import numpy as np
import pytest

import dark
from against_torch import needs_torch, random_array, torch
from dark.kernels import WORTH_COMPILING  # dark-5

SHAPES = [(5, 3), (4,), (), (2, 0)]

CASES = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.05, "momentum": 0.9}),
    ("SGD", {"lr": 0.05, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.01}),
    ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    ("SGD", {"lr": 0.001, "momentum": 0.5, "maximize": True}),
    ("Adam", {}),
    ("Adam", {"lr": 0.01, "betas": (0.5, 0.99), "eps": 1e-6}),
    ("Adam", {"lr": 0.01, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.01, "amsgrad": True}),
    ("Adam", {"lr": 0.001, "maximize": True}),
    ("AdamW", {"lr": 0.01}),
    ("AdamW", {"lr": 0.01, "weight_decay": 0.2, "amsgrad": True, "maximize": True}),
    ("RMSprop", {}),
    ("RMSprop", {"lr": 0.003, "alpha": 0.9, "eps": 1e-6, "weight_decay": 0.1}),
    ("RMSprop", {"lr": 0.003, "momentum": 0.9}),
    ("RMSprop", {"lr": 0.003, "centered": True, "momentum": 0.5, "maximize": True}),
    ("Adagrad", {}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.01, "initial_accumulator_value": 0.5}),
    ("Adagrad", {"weight_decay": 0.1, "eps": 1e-6, "maximize": True}),
    ("Adadelta", {}),
    ("Adadelta", {"lr": 0.5, "rho": 0.8, "eps": 1e-5, "weight_decay": 0.1}),
    ("Adadelta", {"lr": 0.1, "rho": 1.0, "maximize": True}),
    ("Adamax", {}),
    ("Adamax", {"lr": 0.01, "betas": (0.5, 0.9), "eps": 1e-6, "weight_decay": 0.1}),
    ("Adamax", {"lr": 0.001, "maximize": True}),
    ("NAdam", {}),
    ("NAdam", {"lr": 0.01, "betas": (0.5, 0.99), "weight_decay": 0.1, "momentum_decay": 0.1}),
    ("NAdam", {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True, "maximize": True}),
    ("RAdam", {}),
    ("RAdam", {"lr": 0.01, "betas": (0.5, 0.9), "eps": 1e-6, "weight_decay": 0.1}),
    ("RAdam", {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True, "maximize": True}),
    ("Rprop", {}),
    ("Rprop", {"lr": 0.1, "etas": (0.3, 1.1), "step_sizes": (1e-3, 0.5), "maximize": True}),
    ("ASGD", {}),
    ("ASGD", {"lr": 0.05, "lambd": 0.01, "alpha": 0.5, "t0": 5, "weight_decay": 0.1}),
    ("ASGD", {"lr": 0.001, "t0": 0, "maximize": True}),
]


def identity(case):
    return f"{case[0]} {case[1]}"


def parameters(t, dtype="float32", shapes=SHAPES):
    return [t.tensor(random_array(s, dtype, seed=i), requires_grad=True) for i, s in enumerate(shapes)]


def train(t, optimizer, params, steps, first=0):
    """Steps with gradients that depend on the step and on the parameters."""
    for step in range(first, first + steps):
        for i, p in enumerate(params):
            noise = random_array(tuple(p.shape), str(p.dtype).split(".")[1], seed=100 * step + i)
            p.grad = t.tensor(noise) + 0.3 * p.detach()
        optimizer.step()


def assert_close(ours, theirs, rtol):
    """Equal up to `rtol` of the largest element."""
    for p, q in zip(ours, theirs, strict=True):
        a, b = np.asarray(p.detach()), q.detach().numpy()
        assert a.shape == b.shape
        assert a.dtype == b.dtype
        assert np.abs(a - b).max(initial=0) <= rtol * max(np.abs(b).max(initial=0), 1e-30)


@needs_torch
@pytest.mark.parametrize(("dtype", "rtol"), [("float32", 1e-6), ("float64", 1e-14)])
@pytest.mark.parametrize("case", CASES, ids=identity)
def test_300_steps_equal_pytorchs(case, dtype, rtol):
    name, options = case
    ours, theirs = parameters(dark, dtype), parameters(torch, dtype)
    train(dark, getattr(dark.optim, name)(ours, **options), ours, 300)
    train(torch, getattr(torch.optim, name)(theirs, **options), theirs, 300)
    assert_close(ours, theirs, rtol)


def to_torch(tree):
    """A state_dict with PyTorch's tensors in place of ours."""
    if isinstance(tree, dict):
        return {key: to_torch(value) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return type(tree)(to_torch(value) for value in tree)
    return torch.tensor(tree.numpy()) if isinstance(tree, dark.Tensor) else tree


def to_dark(tree):
    """A state_dict with our tensors in place of PyTorch's."""
    if isinstance(tree, dict):
        return {key: to_dark(value) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return type(tree)(to_dark(value) for value in tree)
    return dark.tensor(tree.numpy()) if isinstance(tree, torch.Tensor) else tree


@needs_torch
@pytest.mark.parametrize("case", CASES, ids=identity)
def test_state_moves_from_pytorch_and_back(case):
    name, options = case
    theirs = parameters(torch)
    reference = getattr(torch.optim, name)(theirs, **options)
    train(torch, reference, theirs, 10)

    ours = [dark.tensor(p.detach().numpy(), requires_grad=True) for p in theirs]
    optimizer = getattr(dark.optim, name)(ours)  # the options come with the state
    optimizer.load_state_dict(to_dark(reference.state_dict()))
    train(dark, optimizer, ours, 10, first=10)
    train(torch, reference, theirs, 10, first=10)
    assert_close(ours, theirs, 1e-6)

    others = [torch.tensor(p.detach().numpy(), requires_grad=True) for p in ours]
    returned = getattr(torch.optim, name)(others)
    returned.load_state_dict(to_torch(optimizer.state_dict()))
    train(torch, returned, others, 10, first=20)
    train(torch, reference, theirs, 10, first=20)
    assert_close(others, theirs, 1e-6)


def kinds(state):
    """Shape and type of everything in a state."""
    kind = lambda x: (tuple(x.shape), str(x.dtype).split(".")[1])
    return {i: {name: kind(value) for name, value in values.items()} for i, values in state.items()}


@needs_torch
@pytest.mark.parametrize("case", CASES, ids=identity)
def test_state_dict_has_pytorchs_layout(case):
    name, options = case
    dicts = []
    for t in (dark, torch):
        params = parameters(t)
        groups = [{"params": params[:1]}, {"params": params[1:], "lr": 0.5}]
        optimizer = getattr(t.optim, name)(groups, **options)
        train(t, optimizer, params[:2], 3)
        dicts.append(optimizer.state_dict())
    ours, theirs = dicts
    assert kinds(ours["state"]) == kinds(theirs["state"])
    for group, other in zip(ours["param_groups"], theirs["param_groups"], strict=True):
        assert group == {key: other[key] for key in group}


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_a_resumed_run_equals_one_that_went_on(case):
    name, options = case
    whole = parameters(dark)
    optimizer = getattr(dark.optim, name)(whole, **options)
    train(dark, optimizer, whole, 7)
    params = copy.deepcopy(whole)
    saved = copy.deepcopy(optimizer.state_dict())
    train(dark, optimizer, whole, 7, first=7)

    resumed = getattr(dark.optim, name)(params)
    resumed.load_state_dict(saved)
    train(dark, resumed, params, 7, first=7)
    for p, q in zip(whole, params):
        np.testing.assert_array_equal(p.detach().numpy(), q.detach().numpy())


def pickled(x):
    return pickle.loads(pickle.dumps(x))


@pytest.mark.parametrize("copied", [copy.deepcopy, pickled])
def test_a_copy_goes_its_own_way(copied):
    params = parameters(dark)
    optimizer = dark.optim.Adam(params, lr=0.1)
    train(dark, optimizer, params, 3)
    before = [p.detach().numpy().copy() for p in params]
    twin_params, twin = copied((params, optimizer))
    train(dark, twin, twin_params, 3, first=3)
    for p, old in zip(params, before):
        np.testing.assert_array_equal(p.detach().numpy(), old)
    train(dark, optimizer, params, 3, first=3)
    for p, q in zip(params, twin_params):
        np.testing.assert_array_equal(p.detach().numpy(), q.detach().numpy())


def test_loaded_state_is_a_copy():
    params = parameters(dark)
    first, second = (dark.optim.SGD(params, lr=0.1, momentum=0.9) for _ in range(2))
    train(dark, first, params, 1)
    saved = first.state_dict()
    second.load_state_dict(saved)
    before = saved["state"][0]["momentum_buffer"].numpy().copy()
    train(dark, second, params, 1)
    np.testing.assert_array_equal(saved["state"][0]["momentum_buffer"].numpy(), before)


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW"])
def test_large_parameters_take_the_same_steps(name):
    """Parameters for the compiled kernels, in halves and as one."""
    whole = dark.tensor(random_array((2, WORTH_COMPILING)), requires_grad=True)
    options = {"momentum": 0.9} if name == "SGD" else {}
    for steps in range(3):
        optimizer = getattr(dark.optim, name)([whole], lr=0.1, **options)
        start = whole.detach().numpy()
        small = [dark.tensor(start[:, i : i + 1000].copy(), requires_grad=True) for i in (0, 5000)]
        other = getattr(dark.optim, name)(small, lr=0.1, **options)
        for step in range(steps):
            noise = random_array(tuple(whole.shape), seed=step)
            whole.grad = dark.tensor(noise)
            for p, i in zip(small, (0, 5000)):
                p.grad = dark.tensor(noise[:, i : i + 1000].copy())
            optimizer.step()
            other.step()
        for p, i in zip(small, (0, 5000)):
            np.testing.assert_array_equal(p.detach().numpy(), whole.detach().numpy()[:, i : i + 1000])


def test_parameters_without_gradient_stay():
    a, b = parameters(dark, shapes=[(3,), (3,)])
    optimizer = dark.optim.Adam([a, b], lr=0.1, weight_decay=1.0)
    a.grad = dark.ones(3)
    before = b.detach().numpy().copy()
    optimizer.step()
    np.testing.assert_array_equal(b.detach().numpy(), before)
    assert list(optimizer.state) == [a]


def test_zero_grad():
    a, b = parameters(dark, shapes=[(3,), (3,)])
    optimizer = dark.optim.SGD([a, b])
    (a * a).sum().backward()
    gradient = a.grad
    optimizer.zero_grad(set_to_none=False)
    assert a.grad is gradient
    assert gradient.tolist() == [0, 0, 0]
    assert b.grad is None
    optimizer.zero_grad()
    assert a.grad is None


def test_step_calls_the_closure_with_gradients_recorded():
    x = dark.tensor([1.0], requires_grad=True)
    optimizer = dark.optim.SGD([x], lr=0.25)

    def closure():
        optimizer.zero_grad()
        loss = (x * x).sum()
        loss.backward()
        return loss

    with dark.no_grad():
        assert optimizer.step(closure).item() == 1.0
    assert x.item() == 0.5
    assert optimizer.step() is None


def test_a_step_between_forward_and_backward_is_noticed():
    x = dark.tensor([1.0], requires_grad=True)
    y = (x * x).sum()
    x.grad = dark.ones(1)
    dark.optim.SGD([x]).step()
    with pytest.raises(RuntimeError, match="in-place"):
        y.backward()


@pytest.mark.parametrize("name", [
    "SGD", "Adam", "AdamW", "RMSprop", "Adagrad",
    "Adadelta", "Adamax", "NAdam", "RAdam", "Rprop", "ASGD",
])  # fmt: skip
def test_a_learning_rate_may_be_a_tensor(name):
    plain, by_tensor = parameters(dark), parameters(dark)
    train(dark, getattr(dark.optim, name)(plain, lr=0.25), plain, 5)
    rate = dark.tensor(9.0)
    optimizer = getattr(dark.optim, name)(by_tensor, lr=rate)
    rate.fill_(0.25)
    train(dark, optimizer, by_tensor, 5)
    for ours, theirs in zip(by_tensor, plain):
        assert ours.tolist() == theirs.tolist()


@pytest.mark.parametrize("name", ["Adam", "AdamW"])
def test_capturable_changes_where_steps_are_counted_and_nothing_else(name):
    plain, capturable = parameters(dark), parameters(dark)
    train(dark, getattr(dark.optim, name)(plain), plain, 3)
    optimizer = getattr(dark.optim, name)(capturable, capturable=True)
    train(dark, optimizer, capturable, 1)
    resumed = getattr(dark.optim, name)(capturable)
    resumed.load_state_dict(optimizer.state_dict())
    assert resumed.param_groups[0]["capturable"] is True
    train(dark, resumed, capturable, 2, first=1)
    for ours, theirs in zip(capturable, plain):
        assert ours.tolist() == theirs.tolist()
        assert resumed.state[ours]["step"].item() == 3
        assert resumed.state[ours]["step"].device == ours.device


def test_groups_have_their_own_options():
    a, b = parameters(dark, shapes=[(3,), (3,)])
    optimizer = dark.optim.SGD([{"params": a}, {"params": [b], "lr": 0.5, "momentum": 0.1}], lr=0.1)
    assert [group["lr"] for group in optimizer.param_groups] == [0.1, 0.5]
    assert [group["momentum"] for group in optimizer.param_groups] == [0, 0.1]
    optimizer.add_param_group({"params": parameters(dark)[:1], "weight_decay": 1.0})
    assert optimizer.param_groups[2]["lr"] == 0.1
    assert optimizer.state_dict()["param_groups"][2]["params"] == [2]


def test_parameters_may_come_with_names():
    a, b = parameters(dark, shapes=[(3,), (3,)])
    optimizer = dark.optim.SGD([("weight", a), ("bias", b)])
    assert optimizer.param_groups[0]["params"] == [a, b]
    assert optimizer.param_groups[0]["param_names"] == ["weight", "bias"]
    with pytest.raises(ValueError, match="names"):
        optimizer.add_param_group({"params": parameters(dark)})
    with pytest.raises(ValueError, match="names"):
        dark.optim.SGD([("weight", a), b])


@needs_torch
def test_repr_is_pytorchs():
    ours = repr(dark.optim.SGD(parameters(dark), lr=0.1, momentum=0.9))
    theirs = repr(torch.optim.SGD(parameters(torch), lr=0.1, momentum=0.9))
    extra = ("differentiable", "foreach", "fused")
    assert ours == "\n".join(line for line in theirs.split("\n") if not line.strip().startswith(extra))


def test_an_optimizer_written_by_a_user():
    class SignSGD(dark.optim.Optimizer):
        def __init__(self, params, lr=0.1):
            super().__init__(params, {"lr": lr})

        @dark.no_grad()
        def step(self):
            for group in self.param_groups:
                for p in group["params"]:
                    p.sub_(group["lr"] * dark.sign(p.grad))

    x = dark.tensor([1.0, -1.0], requires_grad=True)
    optimizer = SignSGD([x])
    (x * x).sum().backward()
    optimizer.step()
    np.testing.assert_allclose(x.detach().numpy(), [0.9, -0.9], rtol=1e-6)


x = dark.ones(3)
x.requires_grad = True
REFUSED = [
    (TypeError, "list of tensors", lambda o: o.SGD(x)),
    (ValueError, "empty parameter list", lambda o: o.SGD([])),
    (TypeError, "set", lambda o: o.SGD([{"params": {x}}])),
    (TypeError, "int", lambda o: o.SGD([3])),
    (TypeError, "dict", lambda o: o.SGD([x]).add_param_group([x])),
    (ValueError, "non-leaf", lambda o: o.SGD([x * 2])),
    (ValueError, "more than one", lambda o: o.SGD([{"params": [x]}, {"params": [x]}])),
    (ValueError, "lr", lambda o: o.SGD([x], lr=-1)),
    (ValueError, "lr", lambda o: o.Adam([x], lr=float("nan"))),
    (ValueError, "momentum", lambda o: o.SGD([x], momentum=-1)),
    (ValueError, "weight_decay", lambda o: o.SGD([x], weight_decay=-1)),
    (ValueError, "[Nn]esterov", lambda o: o.SGD([x], nesterov=True)),
    (ValueError, "[Nn]esterov", lambda o: o.SGD([x], nesterov=True, momentum=0.9, dampening=0.1)),
    (ValueError, "betas", lambda o: o.Adam([x], betas=(0.9, 1.0))),
    (ValueError, "betas", lambda o: o.AdamW([x], betas=(-0.1, 0.9))),
    (ValueError, "eps", lambda o: o.Adam([x], eps=-1.0)),
    (ValueError, "alpha", lambda o: o.RMSprop([x], alpha=-1.0)),
    (ValueError, "lr_decay", lambda o: o.Adagrad([x], lr_decay=-1.0)),
    (ValueError, "initial_accumulator_value", lambda o: o.Adagrad([x], initial_accumulator_value=-1.0)),
    (ValueError, "rho", lambda o: o.Adadelta([x], rho=1.5)),
    (ValueError, "betas", lambda o: o.Adamax([x], betas=(1.0, 0.9))),
    (ValueError, "momentum_decay", lambda o: o.NAdam([x], momentum_decay=-1.0)),
    (ValueError, "betas", lambda o: o.RAdam([x], betas=(0.9, -0.1))),
    (ValueError, "etas", lambda o: o.Rprop([x], etas=(1.5, 1.2))),
    (ValueError, "lr", lambda o: o.ASGD([x], lr=-1.0)),
    (ValueError, "param groups", lambda o: o.SGD([x]).load_state_dict(o.SGD(parameters(dark)).state_dict())),
    (NotImplementedError, "Optimizer", lambda o: step_of(o.Optimizer([x], {}))),
]


def step_of(optimizer):
    x.grad = dark.ones(3)
    optimizer.step()


@pytest.mark.parametrize(("error", "match", "make"), REFUSED)
def test_wrong_arguments_are_refused(error, match, make):
    with pytest.raises(error, match=match):
        make(dark.optim)


def test_a_parameter_twice_in_a_group_is_warned_of():
    with pytest.warns(UserWarning, match="twice"):
        dark.optim.SGD([x, x])
