"""Automatic differentiation: the graph of what was computed, and gradients by walking it back."""

import itertools
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

from .tensor import Tensor

recording = ContextVar("recording", default=True)  # does an operation leave a node? in every thread its own
clock = itertools.count()


@contextmanager
def no_grad():
    """Record nothing: for evaluation, and for changing leaves in place."""
    before = recording.set(False)
    try:
        yield
    finally:
        recording.reset(before)


def op(function):
    """Turn `function(*floats) -> (result, *gradients)` into an operation on tensors, which is recorded.

    For each input the function returns a gradient function, from the result's gradient to the input's.
    """

    @wraps(function)
    def apply(*inputs):
        tensors = [x for x in inputs if isinstance(x, Tensor)]
        if not tensors or not all(isinstance(x, (Tensor, float, int)) for x in inputs):
            raise TypeError(f"{function.__name__}: expected a Tensor, got {inputs}")
        result, *gradients = function(*[float(x) for x in inputs])
        out = Tensor(result, requires_grad=recording.get() and any(x.requires_grad for x in tensors))
        if out.requires_grad:
            out.grad_fn = Node(function, inputs, gradients)
        return out

    return apply


class Node:
    """An operation in the graph: where its inputs come from, and how to send a gradient back to each."""

    def __init__(self, function, inputs, gradients):
        self.function = function
        self.inputs = [origin(x) for x in inputs]
        self.gradients = gradients  # for each input: gradient of the result -> gradient of the input
        self.order = next(clock)  # a result is created after its inputs

    @property
    def next_functions(self):
        """(node, 0) for every input; leaves are wrapped as `AccumulateGrad`, constants are None."""
        return tuple((AccumulateGrad(x) if isinstance(x, Tensor) else x, 0) for x in self.inputs)

    def __repr__(self):
        return f"<{self.function.__name__.capitalize()}Backward0>"


class AccumulateGrad:
    """Where the graph ends: a leaf tensor, `variable`, that collects its gradient."""

    next_functions = ()

    def __init__(self, variable):
        self.variable = variable

    def __repr__(self):
        return "<AccumulateGrad>"


def origin(x):
    """Where a gradient for x goes: to the node that made it; to x itself, a leaf; None, if it wants none."""
    return (x.grad_fn or x) if isinstance(x, Tensor) and x.requires_grad else None


def backward(self, gradient=None, retain_graph=None):
    """Add d(self)/d(leaf) to `.grad` of every leaf that self was computed from.

    `gradient` is the result's own, 1 if left out. The graph is freed on the way unless `retain_graph`.
    """
    if not self.requires_grad:
        raise RuntimeError("a tensor does not require grad and has no grad_fn: nothing was recorded for it")
    pending = {origin(self): 1.0 if gradient is None else float(gradient)}
    for node in reversed(ancestors(self)):
        if node.gradients is None:
            raise RuntimeError("trying to backward through the graph a second time: the first has freed it")
        g = pending.pop(node)
        for target, to_input in zip(node.inputs, node.gradients):
            if target is not None:
                pending[target] = pending.get(target, 0.0) + to_input(g)
        if not retain_graph:
            node.inputs, node.gradients = [], None
    for leaf, g in pending.items():
        if leaf.grad is None:
            leaf.grad = Tensor(0.0)
        leaf.grad._number += g


def ancestors(tensor):
    """All nodes through which a tensor was computed, oldest first."""
    found, waiting = set(), [tensor.grad_fn]
    while waiting:
        x = waiting.pop()
        if isinstance(x, Node) and x not in found:
            found.add(x)
            waiting.extend(x.inputs)
    return sorted(found, key=lambda node: node.order)


Tensor.backward = backward
