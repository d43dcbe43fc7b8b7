"""Recording a model's run: every operation, with what it was given and what it returned."""  # beyond

import inspect
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import numpy as np

from ..autograd import operation
from ..autograd.graph import calling_line
from ..autograd.modes import enable_grad
from ..nn import Module
from ..ops import in_place
from ..tensor import Tensor


class OnnxExporterError(RuntimeError):
    """Why a model can't be exported."""


class Reference(NamedTuple):
    """A tensor that the file computes: the result of a call, by number, or an input or parameter."""

    of: int | str


class Call(NamedTuple):
    """An operation that ran."""

    name: str
    arguments: dict[str, Any]  # by the operation's names for them; a Reference or an array for a tensor
    result: np.ndarray
    layer: str  # the dotted name of the module that it ran in
    line: str  # of the user's program


class Recorder:
    """The calls that depend on tensors with a name, in order.

    An array is known again by its identity, so all of them are kept. What is computed from constants alone
    is a constant, too, and not recorded.
    """

    def __init__(self, named: dict[str, np.ndarray]):
        self.calls: list[Call] = []
        self.kept = list(named.values())
        self.references = {id(array): Reference(name) for name, array in named.items()}
        self.owners = {id(owner(array)) for array in self.kept}
        self.layers: list[str] = []
        self.inside = False  # an operation, whose body may call others

    def copy(self):
        """Self: it stands in the place of the context that operations copy, to run in it."""
        return self

    def run(self, formula, *arrays, **options):
        """Run an operation's formula, and record it."""
        if self.inside:
            return formula(*arrays, **options)
        bound = inspect.signature(formula).bind(*arrays, **options)
        bound.apply_defaults()
        arguments = {name: self.noted(x) for name, x in bound.arguments.items()}
        self.inside = True
        try:
            with np.errstate(all="ignore"):
                returned = formula(*arrays, **options)
        finally:
            self.inside = False
        result, *gradients = returned if isinstance(returned, tuple) else (returned,)
        result = np.asarray(result)
        if refers(tuple(arguments.values())):
            self.references[id(result)] = Reference(len(self.calls))
            self.owners.add(id(owner(result)))
            layer = self.layers[-1] if self.layers else ""
            self.calls.append(Call(name_of(formula), arguments, result, layer, calling_line()))
        self.kept.append(result)  # else another array could get its identity
        return (result, *gradients) if isinstance(returned, tuple) else result

    def noted(self, x):
        """An argument with a Reference for every array that has one, and a copy of every other."""
        if isinstance(x, Tensor):
            x = x.array
        if isinstance(x, np.ndarray):
            known = self.references.get(id(x))
            return np.array(x) if known is None else known
        if isinstance(x, (tuple, list)):
            return tuple(map(self.noted, x))
        return x.item() if isinstance(x, np.generic) else x

    # What would be lost: numbers that leave the tensors, and changes in place.

    def read(self, tensor, method):
        """Raise where Python is to see the numbers of a tensor that the file computes."""
        if id(tensor.array) in self.references and not self.inside:
            raise OnnxExporterError(
                f"onnx.export: {self.place()}: {method} makes numbers of a tensor that depends on the input. "
                "The file could hold those of the example only; compute with tensors, such as by where()"
            )

    def assign(self, array, index, values):
        """A change in place, of a tensor that does not depend on the input."""
        if id(owner(array)) in self.owners or id(values) in self.references:
            raise OnnxExporterError(
                f"onnx.export: {self.place()}: a change in place has no translation; compute a new tensor"
            )
        self.original_assign(array, index, values)

    original_assign = staticmethod(in_place.assign)

    def place(self):
        """Where the model is, for an error."""
        return located(self.layers[-1] if self.layers else "", calling_line())


def name_of(formula):
    """The name of an operation; a user's Function is told from one of Dark's of the same name."""
    user_made = "<locals>" in formula.__qualname__
    return f"{formula.__name__}, an autograd.Function," if user_made else formula.__name__


def owner(array):
    """The array whose memory this one shows."""
    return array if array.base is None else array.base


def refers(x):
    """Whether there is a Reference in nested tuples."""
    return isinstance(x, Reference) or (isinstance(x, tuple) and any(map(refers, x)))


def located(layer, line):
    """A layer and a line as a text."""
    return f"in layer {layer!r} ({line})" if layer else line


@contextmanager
def recording(recorder, model):
    """Let the recorder see the operations and the layers of the model inside a `with` block."""
    names = {id(module): name for name, module in model.named_modules()}

    def call_module(self, *args, **kwargs):
        recorder.layers.append(names.get(id(self), recorder.layers[-1] if recorder.layers else ""))
        result = originals["__call__"](self, *args, **kwargs)
        recorder.layers.pop()
        return result

    def reading(name):
        def read(self, *args, **kwargs):
            recorder.read(self, f"{name}()")
            return originals[name](self, *args, **kwargs)

        return read

    originals = {"__call__": Module.__call__} | {name: getattr(Tensor, name) for name in READERS}
    with ExitStack() as stack:
        stack.enter_context(enable_grad())
        stack.enter_context(replaced(operation, "QUIET", recorder))
        stack.enter_context(replaced(in_place, "assign", recorder.assign))
        stack.enter_context(replaced(Module, "__call__", call_module))
        for name in READERS:
            stack.enter_context(replaced(Tensor, name, reading(name)))
        yield


READERS = "item", "tolist", "__bool__", "numpy", "__array__"


@contextmanager
def replaced(owner, name, value):
    """Another attribute of a module or a class inside a `with` block."""
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)
