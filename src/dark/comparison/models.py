"""Trains two models in step on the same numbers, from the same weights."""  # beyond

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from .recording import ComparisonError, Recorder, as_array, attached, named_state, tensors_in
from .table import Report


def compare_models(
    ours: Any, theirs: Any, inputs: Any, *, loss: Any = None, optimizer: Any = "SGD", steps: int = 1,
    copy_weights: bool = True, tolerance: float | None = None, seed: int = 0,
    dtype: str | None = None, sides: tuple[str, str] | None = None,
) -> Report:  # fmt: skip
    """Train both models, of Dark or of PyTorch, for a few steps, and compare all numbers of every step.

    `inputs` is an array or tensor, or a tuple of several. `ours` first gets the weights of `theirs` that
    have the same names and shapes, unless `copy_weights` is False. `loss` makes a number of the output; by
    default it is the mean of the output's squares, each times its own random number, so that it is far from
    zero, and a batch norm at the end has a gradient. `optimizer` is the name of one, which gets lr=0.01, or
    makes one of the list of parameters, or is None. `loss` and `optimizer` may be pairs: one for each side.
    `dtype` first converts the models, and the inputs. They are trained: give copies to keep them as they
    are. The comparison ends with the first step that differs.
    """
    models, frameworks = (ours, theirs), (framework_of(ours), framework_of(theirs))
    if ours is theirs:
        raise ComparisonError("both sides are the same model; compare it with a copy")
    if copy_weights:
        copy_state(theirs, ours)
    arrays = [as_array(x) for x in (inputs if isinstance(inputs, (tuple, list)) else (inputs,))]
    if dtype is not None:
        for model, framework in zip(models, frameworks):
            model.to(dtype=getattr(framework, dtype))
        arrays = [x.astype(dtype) if x.dtype.kind == "f" else x for x in arrays]
    losses, makers = as_pair(loss), as_pair(optimizer)
    optimizers = [make_optimizer(*side) for side in zip(frameworks, models, makers)]
    records: list[list] = [[], []]
    recorders = [Recorder(record.append) for record in records]
    report = Report(sides or (described(ours), described(theirs)))
    for step in range(steps):
        for i, framework in enumerate(frameworks):
            framework.manual_seed(seed + step)  # both drop the same numbers
            with attached(framework, recorders[i]):
                one_step(models[i], framework, arrays, losses[i], optimizers[i], recorders[i])
        if not report.add(records[0].pop(), records[1].pop(), tolerance):
            break
    return report


def one_step(model, framework, arrays, loss, optimizer, recorder: Recorder) -> None:
    """Forward, backward, and the optimizer's step."""
    model.zero_grad()
    device = next((parameter.device for parameter in model.parameters()), None)
    output = model(*(framework.tensor(x, device=device) for x in arrays))
    value = weighted_squares(framework, output) if loss is None else loss(output)
    value.backward()
    before = recorder.before_step(optimizer)
    optimizer.step()
    recorder.after_step(optimizer, before)


class NoOptimizer:
    """Stands for an optimizer: gradients are noted, and nothing changes."""

    def __init__(self, parameters):
        self.param_groups = [{"params": parameters}]

    def step(self) -> None:
        """Nothing."""


def weighted_squares(framework, output):
    """The mean of the squares of all outputs, each times its own random number."""
    generator, total = np.random.default_rng(0), 0.0
    for y in tensors_in(output):
        if y.is_floating_point():
            weights = framework.tensor(generator.uniform(0.5, 1.5, tuple(y.shape)), dtype=y.dtype)
            total = total + (weights * y * y).mean()
    if not hasattr(total, "backward"):
        raise ComparisonError(f"the model's output, a {type(output).__name__}, holds no tensor; give a loss")
    return total


def framework_of(model):
    """The package, Dark or PyTorch, whose Module a model is."""
    for kind in type(model).__mro__:
        package = kind.__module__.split(".")[0]
        if kind.__name__ == "Module" and package in ("dark", "torch"):
            return sys.modules[package] if package == "torch" else sys.modules[__package__.split(".")[0]]
    raise ComparisonError(f"a model is a Module of Dark or of PyTorch, not a {type(model).__name__}")


def described(model) -> str:
    """The class of a model and its framework."""
    return f"{type(model).__name__} ({framework_of(model).__name__})"


def copy_state(source, target) -> None:
    """Copy parameters and buffers by their names, where the shapes agree; what is left over is compared."""
    framework, given = framework_of(target), dict(named_state(source))
    with framework.no_grad():
        for name, tensor in named_state(target):
            if name in given and tuple(given[name].shape) == tuple(tensor.shape):
                tensor.copy_(framework.tensor(as_array(given[name])))


def as_pair(option) -> tuple:
    """One for each side."""
    return option if isinstance(option, tuple) else (option, option)


def make_optimizer(framework, model, maker: str | Callable | None):
    """An optimizer for all parameters of a model, if there are any."""
    parameters = list(model.parameters())
    if maker is None or not parameters:
        return NoOptimizer(parameters)
    if callable(maker):
        return maker(parameters)
    if not hasattr(framework.optim, maker):
        raise ComparisonError(f"{framework.__name__}.optim has no optimizer {maker}")
    return getattr(framework.optim, maker)(parameters, lr=0.01)
