"""What a user calls to get gradients: `backward`, `grad`, and hooks on the way."""

import weakref

import numpy as np

from ..devices import current
from ..tensor import Tensor, method, wrap
from .graph import RETAIN, RemovableHandle, origin, walk


@method
def backward(self, gradient=None, retain_graph=None, create_graph=False, inputs=None):
    """Add d(self)/d(leaf) to `.grad` of every leaf that self was computed from, or of `inputs` only.

    `gradient`, of self's shape, is what the result's own gradient is; it may be left out for a single
    element. The graph is freed on the way unless `retain_graph`; `create_graph` records the computation
    of the gradients, so that they can be differentiated in turn.
    """
    run([self], [gradient], retain_graph, create_graph, inputs=inputs)


def run(tensors, grad_tensors=None, retain_graph=None, create_graph=False, *, inputs=None):
    """`Tensor.backward` for several tensors at once."""
    wanted = () if inputs is None else as_tuple(inputs)
    if inputs is not None and not wanted:
        raise RuntimeError("backward: inputs is empty; leave it out to get the gradients of all leaves")
    found = gradients_from(as_tuple(tensors), grad_tensors, wanted, retain_graph, create_graph)
    for tensor in wanted or [leaf for leaf in found if isinstance(leaf, Tensor)]:
        if origin(tensor) in found:
            accumulate(tensor, found[origin(tensor)])


def grad(
    outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False, only_inputs=True,
    allow_unused=None, *, materialize_grads=False,
):  # fmt: skip
    """The gradients of the sum of `outputs` with respect to each of `inputs`; `.grad` stays as it is.

    `grad_outputs`, one for each output, `retain_graph` and `create_graph` are as for `Tensor.backward`.
    An input that the outputs do not depend on raises RuntimeError, unless `allow_unused` (its gradient
    is None) or `materialize_grads` (it is zeros). `only_inputs` means nothing, as in PyTorch.
    """
    inputs = as_tuple(inputs)
    found = gradients_from(as_tuple(outputs), grad_outputs, inputs, retain_graph, create_graph)

    results = []
    for tensor in inputs:
        gradient = found.get(origin(tensor))
        if gradient is None and materialize_grads:
            gradient = np.zeros_like(tensor.array)
        elif gradient is None and not allow_unused:
            raise RuntimeError(
                "grad: the outputs do not depend on an input; allow_unused=True gives None for it"
            )
        results.append(gradient if gradient is None or isinstance(gradient, Tensor) else wrap(gradient))
    return tuple(results)


def gradients_from(outputs, grad_outputs, inputs, retain_graph, create_graph):
    """{origin: gradient} after one walk back from `outputs`."""
    for tensor in (*outputs, *inputs):
        if not tensor.requires_grad:
            raise RuntimeError(
                "a tensor does not require grad and has no grad_fn: nothing was recorded for it"
            )
    given = [None] * len(outputs) if grad_outputs is None else as_tuple(grad_outputs)
    if len(given) != len(outputs):
        raise RuntimeError(f"backward: {len(given)} gradients for {len(outputs)} tensors; give each its own")
    starts = [starting_gradient(t, g, create_graph) for t, g in zip(outputs, given)]
    retain_graph = create_graph if retain_graph is None else retain_graph
    return walk(
        [origin(t) for t in outputs], starts, wanted={origin(t) for t in inputs},
        retain_graph=retain_graph, create_graph=create_graph,
    )  # fmt: skip


def as_tuple(x):
    """x, in a tuple where it is not several."""
    return tuple(x) if isinstance(x, (list, tuple)) else (x,)


def starting_gradient(output, gradient, create_graph):
    """The gradient that the walk starts with: the given one, or 1 for a single element."""
    if gradient is None:
        if output.array.size != 1:
            raise RuntimeError(
                f"grad can be created implicitly only for scalar outputs, not for {tuple(output.shape)}: "
                "reduce it first, as in loss.mean().backward(), or pass the gradient"
            )
        with current(output.device):
            gradient = wrap(np.ones_like(output.array))
    gradient = gradient if isinstance(gradient, Tensor) else wrap(gradient)
    if gradient.shape != output.shape:
        raise RuntimeError(f"backward: a gradient of shape {tuple(gradient.shape)} for {tuple(output.shape)}")
    if gradient.device != output.device:
        raise RuntimeError(f"backward: a gradient on {gradient.device} for a tensor on {output.device}")
    return gradient if create_graph else gradient.array


def accumulate(tensor, gradient):
    """Add to `tensor.grad`; the first gradient becomes it."""
    if isinstance(gradient, Tensor):
        tensor._grad = gradient if tensor._grad is None else tensor._grad + gradient
    elif tensor._grad is None and tensor.is_leaf:
        tensor._grad = wrap(gradient)  # a leaf's is nobody else's
    else:
        with current(tensor.device):
            if tensor._grad is None:
                tensor._grad = wrap(gradient.copy())  # a computed tensor's is still on its way
            else:
                np.add(tensor.grad.array, gradient, out=tensor.grad.array)


@method
def register_hook(self, hook):
    """Call `hook(gradient)` when self's gradient is computed; what it returns, if anything, takes its place.

    Returns a handle whose `remove()` unregisters the hook.
    """
    if not self.requires_grad:
        raise RuntimeError("register_hook: the tensor does not require gradient, so there will be none")
    hooks = hooks_of(self)
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    return handle


@method
def retain_grad(self):
    """Let `backward` store this computed tensor's gradient in `.grad`, as it does for a leaf."""
    if not self.requires_grad:
        raise RuntimeError("retain_grad: the tensor does not require gradient")
    if self.is_leaf or self.retains_grad:
        return
    me = weakref.ref(self)  # the node must not keep the tensor alive

    def keep(gradient):
        if me() is not None:
            accumulate(me(), gradient if gradient.requires_grad else gradient.array)

    self.retains_grad = True
    hooks_of(self)[RETAIN] = keep


def hooks_of(tensor):
    """The hooks on a tensor's gradient, kept where the walk finds them: in its node, or in the leaf."""
    holder = origin(tensor)
    if holder.hooks is None:
        holder.hooks = {}
    return holder.hooks
