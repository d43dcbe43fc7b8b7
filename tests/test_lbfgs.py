"""L-BFGS: the steps of PyTorch's, with and without a line search."""  # beyond

import copy

import numpy as np
import pytest

import dark
from against_torch import needs_torch, random_array, torch


def rosenbrock(x, y):
    """A valley that bends, (..., 4) numbers in all; its minimum is 0 at ones."""
    return (1 - x).square().sum() + 5 * (y - x * x).square().sum()


def least_squares(x, y):
    t = dark if isinstance(x, dark.Tensor) else torch
    a = t.tensor(random_array((8, 4), "float64", seed=1)).to(x.dtype)
    return (a @ t.cat([x, y.reshape(-1)]) - 1).square().sum()


def parameters(t, dtype):
    start = [random_array((2,), dtype), random_array((1, 2), dtype, seed=1)]
    return [t.tensor(a, requires_grad=True) for a in start]


def closure_of(function, optimizer, params, calls):
    def closure():
        optimizer.zero_grad()
        loss = function(*params)
        loss.backward()
        calls.append(loss.item())
        return loss

    return closure


CASES = [
    {}, {"lr": 0.1}, {"lr": 0.2, "history_size": 2}, {"max_iter": 4}, {"lr": 0.3, "max_eval": 5},
    {"line_search_fn": "strong_wolfe"}, {"line_search_fn": "strong_wolfe", "history_size": 3, "max_iter": 5},
    {"line_search_fn": "strong_wolfe", "max_eval": 4}, {"line_search_fn": "strong_wolfe", "lr": 5},
    {"line_search_fn": "strong_wolfe", "lr": 0.01}, {"tolerance_change": 0.01, "lr": 0.1},
    {"tolerance_grad": 1.0, "lr": 0.1},
]  # fmt: skip


@needs_torch
@pytest.mark.parametrize("options", CASES, ids=str)
@pytest.mark.parametrize("function", [rosenbrock, least_squares])
def test_steps_equal_pytorchs(function, options):
    if function is rosenbrock and "line_search_fn" not in options:
        options = {"lr": 0.1, **options}
    sides = []
    for t in (dark, torch):
        params, calls = parameters(t, "float64"), []
        optimizer = t.optim.LBFGS(params, **options)
        for _ in range(3):
            calls.append(optimizer.step(closure_of(function, optimizer, params, calls)).item())
        sides.append((calls, [p.detach().numpy() for p in params], optimizer.state_dict()))
    (ours, a, state), (theirs, b, other) = sides
    assert len(ours) == len(theirs)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-12)
    for p, q in zip(a, b):
        np.testing.assert_allclose(p, q, rtol=1e-6, atol=1e-8)
    assert state["state"][0].keys() == other["state"][0].keys() - {"al"}
    for count in ("func_evals", "n_iter"):
        assert state["state"][0][count] == other["state"][0][count]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_valley_is_walked_to_its_end(dtype):
    params, calls = parameters(dark, dtype), []
    optimizer = dark.optim.LBFGS(params, max_iter=100, line_search_fn="strong_wolfe")
    optimizer.step(closure_of(rosenbrock, optimizer, params, calls))
    assert calls[-1] < 1e-8
    np.testing.assert_allclose(params[0].detach().numpy(), [1, 1], rtol=1e-3)


def test_a_resumed_run_equals_one_that_went_on():
    whole, calls = parameters(dark, "float64"), []
    optimizer = dark.optim.LBFGS(whole, lr=0.1, max_iter=4)
    optimizer.step(closure_of(rosenbrock, optimizer, whole, calls))
    params, saved = copy.deepcopy(whole), copy.deepcopy(optimizer.state_dict())
    optimizer.step(closure_of(rosenbrock, optimizer, whole, calls))
    resumed = dark.optim.LBFGS(params)
    resumed.load_state_dict(saved)
    resumed.step(closure_of(rosenbrock, resumed, params, calls))
    for p, q in zip(whole, params):
        assert p.tolist() == q.tolist()


@needs_torch
def test_a_state_of_pytorchs_goes_on_here():
    theirs, calls = parameters(torch, "float64"), []
    reference = torch.optim.LBFGS(theirs, lr=0.1, max_iter=4)
    reference.step(closure_of(rosenbrock, reference, theirs, calls))

    def ours(x):
        if isinstance(x, dict):
            return {key: ours(value) for key, value in x.items()}
        if isinstance(x, list):
            return [ours(value) for value in x]
        return dark.tensor(x.numpy()) if isinstance(x, torch.Tensor) else x

    params = [dark.tensor(p.detach().numpy().copy(), requires_grad=True) for p in theirs]
    optimizer = dark.optim.LBFGS(params)
    optimizer.load_state_dict(ours(reference.state_dict()))
    reference.step(closure_of(rosenbrock, reference, theirs, calls))
    optimizer.step(closure_of(rosenbrock, optimizer, params, calls))
    for p, q in zip(params, theirs):
        np.testing.assert_allclose(p.detach().numpy(), q.detach().numpy(), rtol=1e-9)


def test_parameters_without_gradient_stay():
    a, b = dark.ones(2, requires_grad=True), dark.ones(2, requires_grad=True)
    optimizer = dark.optim.LBFGS([a, b], line_search_fn="strong_wolfe")
    optimizer.step(closure_of(lambda a, b: (a * a).sum(), optimizer, [a, b], []))
    assert b.tolist() == [1, 1]
    assert abs(a.sum().item()) < 1e-4


x = dark.ones(2, requires_grad=True)
WRONG = [
    (lambda: dark.optim.LBFGS([x], lr=-1), ValueError, "lr"),
    (lambda: dark.optim.LBFGS([{"params": [x]}, {"params": [x * 1]}]), ValueError, "non-leaf"),
    (lambda: dark.optim.LBFGS([{"params": [x]}, {"params": [dark.ones(1)]}]), ValueError, "one group"),
    (lambda: dark.optim.LBFGS([x], line_search_fn="armijo"), RuntimeError, "'armijo'"),
    (lambda: dark.optim.LBFGS([x]).step(), TypeError, "closure"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[m for *_, m in WRONG])
def test_wrong_arguments_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
