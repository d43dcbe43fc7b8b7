"""Notes the numbers of training steps from outside: of modules, gradients and updates."""  # beyond

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np


class ComparisonError(ValueError):
    """There is nothing to compare, and why."""


class Entry(NamedTuple):
    """One noted array. `floor` is a difference that rounding makes however small the array's numbers are."""

    kind: str  # one of KINDS, in table.py
    name: str
    array: np.ndarray
    place: str = ""  # the class of the module, or the modules that a gradient has come through
    floor: float = 0.0


class Recorder:
    """What one side computes, as a list of entries for each step, in the order of the computation.

    A step ends with the optimizer's `step`; `end_of_step` is then called with the entries.
    """

    def __init__(self, end_of_step: Callable[[list[Entry]], None] = lambda entries: None):
        self.end_of_step = end_of_step
        self.models: list = []
        self.names: dict[int, str] = {}
        self.depth = 0
        self.forget()

    def forget(self) -> None:
        """Begin a step."""
        self.entries: list[Entry] = []
        self.noted: set[tuple[str, str]] = set()
        self.outputs: dict[int, tuple[Any, list[str]]] = {}  # id: the tensor itself, and who took it

    def note(self, kind: str, name: str, value: Any, place: str = "") -> str:
        """Keep a copy; what comes again in one step gets a number behind its name, which is returned."""
        times, key = 1, name
        while (kind, key) in self.noted:
            times += 1
            key = f"{name} [{times}]"
        self.noted.add((kind, key))
        self.entries.append(Entry(kind, key, as_array(value), place))
        return key

    def call(self, module, forward: Callable, args: tuple, kwargs: dict, watched: bool):
        """Compute a module's output; note it, and its gradient as soon as that is known."""
        outermost = self.depth == 0
        if not watched:
            return forward(module, *args, **kwargs)
        if outermost:
            self.meet(module)
        name = self.names.get(id(module), type(module).__name__)
        inputs = list(tensors_in([*args, *kwargs.values()]))
        if outermost and id(module) in self.names:
            for x in inputs:
                self.note("input", name, x)
        leads = any_of(module.children())
        if not leads:
            for x in inputs:
                if id(x) in self.outputs:
                    self.outputs[id(x)][1].append(f"{name} ({type(module).__name__})")
        self.depth += 1
        try:
            output = forward(module, *args, **kwargs)
        finally:
            self.depth -= 1
        for y in tensors_in(output):
            key = self.note("output", name, y, type(module).__name__)
            if y.requires_grad:
                if not leads or id(y) not in self.outputs:  # in place, a tensor is the output of two modules
                    self.outputs[id(y)] = (y, [])
                takers = self.outputs[id(y)][1]
                y.register_hook(functools.partial(self.note_gradient, key, takers))
        return output

    def note_gradient(self, name: str, takers: list[str], gradient) -> None:
        """A hook of a tensor."""
        self.note("output gradient", name, gradient, ", ".join(takers))

    def meet(self, module) -> None:
        """Name the parts of a model that is called for the first time, and note what it begins with.

        The first is the model, all later ones have numbers; a module with nothing in it, such as a loss,
        is known by its class.
        """
        if id(module) in self.names or not (any_of(module.children()) or any_of(module.parameters())):
            return
        self.models.append(module)
        number = "" if len(self.models) == 1 else str(len(self.models))
        for path, part in module.named_modules():
            self.names.setdefault(id(part), self.path(number, path) or f"model{number}")
        for path, parameter in named_state(module):
            self.note("start", self.path(number, path), parameter)

    @staticmethod
    def path(number: str, path: str) -> str:
        """The path within a model, behind the model's number."""
        return f"model{number}.{path}" if number and path else path

    def parameter_names(self) -> dict[int, str]:
        """Names of the parameters of all models, by their ids."""
        names: dict[int, str] = {}
        for i, model in enumerate(self.models):
            for path, parameter in model.named_parameters():
                names.setdefault(id(parameter), self.path(str(i + 1) if i else "", path))
        return names

    def before_step(self, optimizer) -> list[tuple[str, Any, np.ndarray]]:
        """The parameters that the optimizer is going to change: name, tensor, and a copy of its numbers."""
        names, kind = self.parameter_names(), type(optimizer).__name__
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        return [
            (names.get(id(p), f"parameter {i} of {kind}"), p, as_array(p)) for i, p in enumerate(parameters)
        ]

    def after_step(self, optimizer, before: list[tuple[str, Any, np.ndarray]]) -> None:
        """Note gradients, each behind that of the output of its module, and what the step has changed."""
        place, gradients = type(optimizer).__name__, {}
        for name, parameter, _ in before:
            if parameter.grad is not None:
                gradients[name] = Entry("gradient", name, as_array(parameter.grad))
        self.entries = placed(self.entries, gradients)
        for name, parameter, old in before:
            if name in gradients:
                new = as_array(parameter)
                floor = 4 * float(np.finfo(new.dtype).eps) * float(np.abs(new).max(initial=0.0))
                self.entries.append(Entry("update", name, new - old, place, floor))
        for i, model in enumerate(self.models):
            for path, buffer in model.named_buffers():
                self.note("buffer", self.path(str(i + 1) if i else "", path), buffer)
        entries = self.entries
        self.forget()
        self.end_of_step(entries)


def placed(entries: list[Entry], gradients: dict[str, Entry]) -> list[Entry]:
    """The entries with the gradients of parameters where they were computed, in the order of backward."""
    last = {e.name.split(" [")[0]: i for i, e in enumerate(entries) if e.kind == "output gradient"}
    behind: dict[int, list[Entry]] = {}
    rest: list[Entry] = []
    for name, entry in gradients.items():
        position = last.get(name.rpartition(".")[0] or "model")
        (rest if position is None else behind.setdefault(position, [])).append(entry)
    ordered = [[entry, *behind.get(i, [])] for i, entry in enumerate(entries)]
    return [entry for group in ordered for entry in group] + rest[::-1]


@contextmanager
def attached(framework, recorder: Recorder) -> Iterator[None]:
    """Within the block, calls of modules and of `backward` in a framework are noted."""
    module, tensor = framework.nn.Module, framework.Tensor
    call, backward = module.__call__, tensor.backward

    @functools.wraps(call)
    def recorded_call(self, *args, **kwargs):
        return recorder.call(self, call, args, kwargs, framework.is_grad_enabled())

    @functools.wraps(backward)
    def recorded_backward(self, *args, **kwargs):
        recorder.note("loss", "the loss", self)
        return backward(self, *args, **kwargs)

    module.__call__, tensor.backward = recorded_call, recorded_backward
    try:
        yield
    finally:
        module.__call__, tensor.backward = call, backward


def watch_optimizers(framework, recorder: Recorder) -> None:
    """Let every optimizer that a program makes from now on tell the recorder of its steps."""
    optimizer = framework.optim.Optimizer
    init = optimizer.__init__

    def recorded(step):
        @functools.wraps(step)
        def recorded_step(self, *args, **kwargs):
            before = recorder.before_step(self)
            result = step(self, *args, **kwargs)
            recorder.after_step(self, before)
            return result

        recorded_step._recorded = True
        return recorded_step

    @functools.wraps(init)
    def recorded_init(self, *args, **kwargs):
        init(self, *args, **kwargs)
        if not getattr(type(self).step, "_recorded", False):
            type(self).step = recorded(type(self).step)

    optimizer.__init__ = recorded_init


def named_state(model) -> Iterator[tuple[str, Any]]:
    """Parameters and buffers, with their paths."""
    yield from model.named_parameters()
    yield from model.named_buffers()


def any_of(iterable) -> bool:
    """Whether there is anything in it, whatever its truth is."""
    return next(iter(iterable), None) is not None


def tensors_in(value) -> Iterator[Any]:
    """The tensors of a nested value."""
    if hasattr(value, "register_hook"):
        yield value
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from tensors_in(part)
    elif isinstance(value, dict):
        yield from tensors_in(list(value.values()))


def as_array(value) -> np.ndarray:
    """A copy of a tensor of either framework: the optimizer changes parameters in place. Or of a number."""
    if not hasattr(value, "detach"):
        return np.array(value)
    value = value.detach().cpu()
    if str(value.dtype).endswith("bfloat16"):  # which NumPy lacks
        value = value.float()
    return np.array(value.numpy())
