"""Hooks on modules: functions that see, and may change, what goes through a module forward and backward."""

import warnings

import numpy as np

from ...autograd.graph import RemovableHandle
from ...autograd.modes import modes
from ...autograd.operation import op
from ...dtypes import as_dtype, cast
from ...ops.creation import zeros
from ...tensor import Tensor, wrap


def register(hooks, hook, prepend):
    """Add a hook after the others, or before them."""
    handle = RemovableHandle(hooks)
    others = dict(hooks)
    if prepend:
        hooks.clear()
    hooks[handle.id] = hook
    hooks.update(others)
    return handle


def before(hook):
    """A hook before `forward` that wants no keyword arguments, as one that is given them."""

    def with_kwargs(module, args, kwargs):
        replaced = hook(module, args)
        if replaced is not None:
            return replaced if isinstance(replaced, tuple) else (replaced,), kwargs

    return with_kwargs


def after(hook):
    """A hook after `forward` that wants no keyword arguments, as one that is given them."""
    return lambda module, args, kwargs, output: hook(module, args, output)


def call(module, args, kwargs):
    """`module.forward` with all of the module's hooks around it."""
    for hook in list(module._forward_pre_hooks.values()):
        replaced = hook(module, args, kwargs)
        if replaced is not None:
            if not isinstance(replaced, tuple) or len(replaced) != 2:
                raise RuntimeError(f"a forward pre-hook returns None or (args, kwargs), not {replaced!r:.90}")
            args, kwargs = replaced

    watched = module._backward_hooks or module._backward_pre_hooks
    watch = BackwardWatch(module) if watched and modes.grad else None
    if watch:
        args = watch.inputs(args)
    output = module.forward(*args, **kwargs)
    for hook in list(module._forward_hooks.values()):
        replaced = hook(module, args, kwargs, output)
        if replaced is not None:
            output = replaced
    return watch.outputs(output) if watch else output


class BackwardWatch:
    """Waits for the gradients of a module's outputs and of its inputs, and calls the hooks with both."""

    def __init__(self, module):
        self.module, self.hooks = module, list(module._backward_hooks.values())
        self.pre_hooks = list(module._backward_pre_hooks.values())
        self.grad_output = None

    def inputs(self, args):
        """The arguments of `forward`, watched."""
        self.likes = [
            {"size": x.shape, "dtype": x.dtype, "device": x.device} if isinstance(x, Tensor) else None
            for x in args
        ]
        watched = gated(args, self.inputs_known)
        self.no_grad_input = None if watched is not args else (None,) * len(args)
        return watched

    def outputs(self, output):
        """The output, watched."""
        if isinstance(output, Tensor):
            return gated((output,), self.outputs_known)[0]
        if isinstance(output, tuple):
            return gated(output, self.outputs_known)
        warnings.warn(
            f"backward hooks of {type(self.module).__name__} can't be called: "
            f"its output is neither a Tensor nor a tuple of Tensors but a {type(output).__name__}",
            stacklevel=4,
        )
        return output

    def outputs_known(self, grad_output):
        """Keep the gradients for the hooks; call them at once where no input wants a gradient."""
        self.grad_output = tuple(g if g is None or isinstance(g, Tensor) else wrap(g) for g in grad_output)
        for hook in self.pre_hooks:
            replaced = hook(self.module, self.grad_output)
            if replaced is not None:
                grad_output = replaced if isinstance(replaced, tuple) else (replaced,)
                check_count(grad_output, self.grad_output, "outputs")
                self.grad_output = grad_output
        if self.no_grad_input is not None:
            warnings.warn(
                "a full backward hook is called when only the gradients of the module's outputs are known, "
                "since none of its inputs requires a gradient",
                stacklevel=2,
            )
            if any(g is not None for g in self.call_hooks(self.no_grad_input)):
                raise RuntimeError("a backward hook returned gradients for inputs that require none")
        return grad_output

    def inputs_known(self, grad_input):
        """Call the hooks, if the gradient came through the module's outputs; an unused input's is zeros."""
        if self.grad_output is None:
            return grad_input
        unused = (None if like is None else zeros(**like) for like in self.likes)
        return self.call_hooks(tuple(z if g is None else g for g, z in zip(grad_input, unused)))

    def call_hooks(self, grad_input):
        """The gradients of the inputs after every hook has seen them and perhaps replaced them."""
        grad_input = tuple(g if g is None or isinstance(g, Tensor) else wrap(g) for g in grad_input)
        for hook in self.hooks:
            replaced = hook(self.module, grad_input, self.grad_output)
            if replaced is not None:
                replaced = replaced if isinstance(replaced, tuple) else (replaced,)
                check_count(replaced, grad_input, "inputs")
                grad_input = replaced
        self.grad_output = None
        return grad_input


def check_count(gradients, expected, what):
    """Raise where a hook returned too many gradients, or too few."""
    if len(gradients) != len(expected):
        raise RuntimeError(f"a backward hook returned {len(gradients)} gradients for {len(expected)} {what}")


def gated(values, known):
    """The tuple `values`, with those tensors behind a gate that want a gradient; itself where none does.

    When backward has all their gradients it goes on with what `known(gradients)` returns.
    """
    where = [i for i, x in enumerate(values) if isinstance(x, Tensor) and x.requires_grad]
    if not where:
        return values

    def known_at_gate(gradients):
        everywhere = dict(zip(where, gradients))
        replaced = known(tuple(everywhere.get(i) for i in range(len(values))))
        return [replaced[i] for i in where]

    passed = list(values)
    for i, x in zip(where, gate([values[i] for i in where], known_at_gate)):
        passed[i] = x
    return tuple(passed) if type(values) is tuple else type(values)(*passed)


def gate(tensors, known):
    """Tensors equal to `tensors`, whose gradients are collected and replaced by what `known` makes of them.

    All gradients must be there before one goes on. A node of the graph is reached when everything
    computed from it is done, so every copy depends on one common node, `collected`, which is made
    first and passes the gradients on: not those it is given, but those the copies left in `arrived`.
    """
    arrived, replaced = [None] * len(tensors), []

    @op
    def collected(*inputs):
        nothing = sum(np.zeros_like(x).sum() for x in inputs)
        return nothing, *(lambda g, i=i, x=x: gradient(i, x) for i, x in enumerate(inputs))

    def gradient(i, x):
        if any(g is not None for g in arrived):  # the first to ask in this walk
            replaced[:] = known(tuple(arrived))
            arrived[:] = [None] * len(tensors)
        g = replaced[i]
        if g is None:
            return np.zeros_like(x)
        return g.array.copy() if isinstance(g, Tensor) and not modes.grad else g  # the hook may keep its own

    @op
    def passed(x, collected, number):
        def leave(g):
            arrived[number] = g
            return np.zeros_like(collected)

        return x + cast(collected, as_dtype(x.dtype)), None, leave

    common = collected(*tensors)
    return [passed(x.detach(), common, i) for i, x in enumerate(tensors)]
