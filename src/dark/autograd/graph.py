"""The graph of recorded operations, and the walk through it that computes gradients."""

import itertools
import traceback
from contextlib import ExitStack
from operator import attrgetter
from pathlib import Path

import numpy as np

from .. import dtypes
from ..devices import current, device_of, to_device
from ..tensor import Tensor, counter, wrap
from .modes import modes, set_grad_enabled

_clock = itertools.count()
RETAIN = float("inf")  # the key of the hook that retain_grad registers: it runs after all others
_SOURCE = str(Path(__file__).parent.parent)


class Node:
    """An operation in the graph: where its inputs come from, and how to send a gradient back to each."""

    __slots__ = (
        "function",  # the operation, to compute it again when gradients of gradients are wanted
        "options",
        "inputs",  # of each input its origin: a node, a leaf tensor that wants a gradient, or a constant
        "gradients",  # for each of the first inputs: gradient of the result -> gradient of the input
        "shape",
        "dtype",
        "device",
        "order",  # a result is created after its inputs, so creation order is a topological order
        "counters",  # of the changes in place of every input
        "changes",  # how many they had counted, all together, when the operation ran
        "overwritten",  # was the result changed in place? Then the operation can't be computed again
        "hooks",
        "line",
        "__weakref__",
    )

    def __init__(self, function, inputs, options, gradients, result):
        self.function, self.options = function, options
        self.inputs, self.counters, self.changes = [], [], 0
        for x in inputs:
            if isinstance(x, Tensor):
                count = counter(x)
                self.counters.append(count)
                self.changes += count[0]
                x = origin(x)
            self.inputs.append(x)
        self.gradients = needed(self.inputs, gradients)
        self.shape, self.dtype, self.device = result.shape, result.dtype, device_of(result)
        self.order = next(_clock)
        self.hooks, self.overwritten = None, False
        self.line = calling_line() if modes.anomaly else None

    def name(self) -> str:
        """The name PyTorch would print, such as `MulBackward0`."""
        words = self.function.__name__.split("_")
        return "".join(word[:1].upper() + word[1:] for word in words) + "Backward0"

    @property
    def next_functions(self):
        """(node, 0) for every tensor input; leaves are wrapped as `AccumulateGrad`, constants are None."""
        return tuple(
            (AccumulateGrad(x) if isinstance(x, Tensor) else x if isinstance(x, Node) else None, 0)
            for x in (self.inputs or [])[: len(self.gradients or ())]
        )

    def free(self):
        """Forget the inputs and what the gradient functions remember; the graph can't be walked again."""
        self.inputs = self.gradients = self.options = self.counters = None

    def __repr__(self):
        return f"<{self.name()}>"


class AccumulateGrad:
    """Where the graph ends: a leaf tensor, `variable`, that collects its gradient."""

    next_functions = ()

    def __init__(self, variable: Tensor):
        self.variable = variable

    def name(self) -> str:
        """The name PyTorch prints."""
        return "AccumulateGrad"

    def __repr__(self):
        return "<AccumulateGrad>"


def origin(tensor):
    """What the graph knows a tensor by: its node; itself, a leaf; its array, where it needs no gradient."""
    return tensor.node or (tensor if tensor._requires_grad else tensor.array)


def needed(inputs, gradients):
    """The gradient functions; None for a constant's, which is never called: that frees what it remembers."""
    return [f if isinstance(x, (Node, Tensor)) else None for x, f in zip(inputs, gradients)]


def total(counters):
    """The sum of the counts, which only grow: equal sums mean that nothing was changed."""
    return sum(count[0] for count in counters)


@np.errstate(all="ignore")  # an infinite gradient is a result, not a reason for NumPy's warnings
def walk(roots, gradients, *, wanted=(), retain_graph=False, create_graph=False):
    """Carry gradients of `roots` back through the graph: {origin: gradient} of the leaves and of `wanted`."""
    pending, found = {}, {}
    for root, gradient in zip(roots, gradients):
        add(pending, root, gradient)

    nodes = ancestors(roots)
    replayed = replay(nodes) if create_graph else {}
    place = roots[0].device
    with set_grad_enabled(create_graph), current(place), ExitStack() as card:
        for node in reversed(nodes):
            if node not in pending:
                continue
            if node.device is not place:
                place = node.device
                card.close()  # the one before
                card.enter_context(current(place))
            g = pending.pop(node)
            if node.hooks:
                g = apply_hooks(node.hooks, g)
            if node in wanted:
                found[node] = g
            for target, gradient in zip(node.inputs, replayed.get(node) or gradients_of(node)):
                if gradient is not None:
                    result = gradient(g)
                    if result is None:  # as a user's Function may say
                        continue
                    if modes.anomaly:
                        check_for_nan(node, result)
                    add(pending, target, fit(result, target, node), shared_with=g)
            if not retain_graph:
                node.free()

        for leaf, g in pending.items():
            found[leaf] = apply_hooks(leaf.hooks, g) if leaf.hooks else g
    return found


def ancestors(roots):
    """All nodes that `roots` were computed from, oldest first."""
    found = [root for root in dict.fromkeys(roots) if isinstance(root, Node)]
    seen = set(found)
    for node in found:  # the list grows on the way
        for x in node.inputs or ():
            if isinstance(x, Node) and x not in seen:
                seen.add(x)
                found.append(x)
    return sorted(found, key=attrgetter("order"))


def gradients_of(node):
    """The node's gradient functions, if what they remember is still there and still true."""
    if node.gradients is None:
        raise RuntimeError(
            "trying to backward through the graph a second time: what it remembered was freed by the first. "
            "Say backward(retain_graph=True) the first time, or compute the result again"
        )
    if total(node.counters) != node.changes:
        raise RuntimeError(
            f"a tensor that {node.name()} needs for its gradient has been changed by an in-place operation "
            "since it was used; change a copy, or change it after backward()"
        )
    return node.gradients


def add(pending, target, gradient, shared_with=None):
    """Add a gradient to what is pending for `target`; a leaf keeps it, and so gets one nobody else holds."""
    before = pending.get(target)
    if before is not None:
        pending[target] = sum_of(before, gradient)
    elif isinstance(target, Tensor) and not isinstance(gradient, Tensor):
        shared = gradient is shared_with or shared_with is None or gradient.base is not None
        pending[target] = laid_out_like(target.array, gradient) if shared else gradient
    else:
        pending[target] = gradient


def sum_of(a, b):
    """a + b, by the kernel for these arrays where they are not NumPy's."""
    if type(a) is np.ndarray:
        return a + b
    from .. import kernels  # whose reference is made of operations

    with current(a.device if isinstance(a, Tensor) else device_of(a)):
        return kernels.of(a, b).add(a, b)


def laid_out_like(array, gradient):
    """A copy of the gradient in the array's order of memory, so that one loop runs through both."""
    with current(device_of(array)):
        copy = np.empty_like(array)
        copy[...] = gradient
        return copy


def fit(gradient, target, node):
    """Undo broadcasting: sum over the axes along which `target` was stretched; give the gradient its type.

    A target on another device is a single number from the CPU; its gradient goes back to it.
    """
    like = target.array if isinstance(target, Tensor) else target
    if type(gradient) is np.ndarray and gradient.shape == like.shape and gradient.dtype == like.dtype:
        return gradient  # as nearly always
    if gradient.shape != like.shape:
        extra = gradient.ndim - len(like.shape)
        stretched = [i for i, n in enumerate(like.shape, extra) if n == 1] if extra >= 0 else []
        summed = gradient.sum(axis=(*range(extra), *stretched), keepdims=True)
        if extra < 0 or summed.shape[extra:] != like.shape:
            raise RuntimeError(
                f"{node.name()}: a gradient of shape {gradient.shape} for an input of {like.shape}"
            )
        gradient = summed.reshape(like.shape)
    if isinstance(gradient, Tensor):
        return gradient.to(target.device, dtypes.as_dtype(like.dtype))
    with current(target.device):
        return to_device(gradient, target.device).astype(like.dtype, copy=False)


def replay(nodes):
    """Compute every operation again on tensors: {node: gradient functions that are made of operations}.

    What they compute is recorded in turn, so it can be differentiated: gradients of any order from one
    set of formulas, and nothing but leaves and constants need be kept for it.
    """
    values, gradients = {}, {}
    with set_grad_enabled(True):
        for node in nodes:
            gradients_of(node)  # raises where they are gone
            if node.overwritten:
                raise RuntimeError(
                    f"create_graph computes {node.name()} again, whose result has been changed in place; "
                    "change a copy"
                )
            inputs = [values[x] if isinstance(x, Node) else x for x in node.inputs]
            with current(node.device):
                result, *functions = node.function(*inputs, **node.options)
            gradients[node] = needed(node.inputs, functions)
            values[node] = wrap(result.array)
            values[node].node = node
            result.node = result.node or node  # a user's Function runs unrecorded, and may save its result
    return gradients


def apply_hooks(hooks, gradient):
    """The gradient after every hook has seen it and perhaps replaced it."""
    for _, hook in sorted(hooks.items()):
        seen = gradient if isinstance(gradient, Tensor) else wrap(gradient)
        replaced = hook(seen)
        if replaced is not None:
            if not isinstance(replaced, Tensor):
                raise TypeError(f"a hook on a tensor returns a Tensor or None, not {type(replaced).__name__}")
            if replaced.shape != seen.shape:
                shapes = f"{tuple(seen.shape)} into {tuple(replaced.shape)}"
                raise RuntimeError(f"a hook on a tensor turned a gradient of {shapes}")
            gradient = replaced if isinstance(gradient, Tensor) else replaced.array.copy()
    return gradient


class RemovableHandle:
    """What registering a hook returns: `remove()` unregisters it, and so does leaving a `with` block."""

    _ids = itertools.count()

    def __init__(self, hooks: dict):
        self.id = next(self._ids)
        self.hooks = hooks

    def remove(self) -> None:
        """Unregister the hook."""
        self.hooks.pop(self.id, None)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.remove()


def calling_line() -> str:
    """The line of the user's program that is running."""
    for frame in reversed(traceback.extract_stack()):
        if not frame.filename.startswith(_SOURCE):
            return f"{frame.filename}, line {frame.lineno}: {frame.line}"
    return "unknown line"


def check_for_nan(node, gradient):
    """Raise where anomaly detection finds the first NaN."""
    array = gradient.array if isinstance(gradient, Tensor) else gradient
    if np.isnan(array).any():
        raise RuntimeError(f"{node.name()} returned a gradient with NaN; it was recorded by\n  {node.line}")
