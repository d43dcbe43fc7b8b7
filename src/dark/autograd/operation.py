"""What turns a function of arrays, with its gradients beside it, into an operation on tensors."""

import contextvars
import inspect
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import numpy as np

from ..devices import device_of, is_cupy, to_device
from ..dtypes import promoted
from ..tensor import Tensor, wrap
from .graph import Node
from .modes import modes

NUMPY_NAMES = {"axis": "dim", "keepdims": "keepdim"}
# A context in which NumPy computes 1 / 0 and log(-1) without warnings; the user's own settings stay.
# Running in a copy of it costs a tenth of what `with np.errstate(...)` does.
QUIET = contextvars.copy_context()
QUIET.run(np.seterr, all="ignore")


def op(function: Callable | None = None, *, promote: Any = False, differentiable: bool = True) -> Any:
    """Turn `function(*arrays, **options) -> (result, *gradients)` into a differentiable function of tensors.

    For each of its first parameters the function returns a gradient function, from the gradient of the
    result to that of the parameter, or None. `promote=True` first brings all inputs to one type,
    `promote=float` to a floating-point one. What is not `differentiable` returns its result alone.

    Given no tensor but arrays, an operation returns an array: gradient functions are made of operations
    too, and run on arrays, or on tensors where gradients of gradients are wanted.
    """
    if function is None:
        return partial(op, promote=promote, differentiable=differentiable)
    signature = inspect.signature(function)
    formula = on_promoted(function, promote) if promote else function

    @wraps(function)
    def apply(*inputs, **options):
        if options:
            inputs, options = arranged(signature, inputs, options, promote)
        arrays, recorded, tensors, elsewhere = [], False, False, False
        for x in inputs:
            if isinstance(x, Tensor):
                array = x.array
                arrays.append(array)
                tensors = True
                elsewhere = elsewhere or type(array) is not np.ndarray
                recorded = recorded or x.node is not None or x._requires_grad
            else:
                arrays.append(x.item() if isinstance(x, np.generic) else x)

        if not tensors:  # arrays, in a gradient function; NumPy makes scalars of its 0-d ones
            arrays = [np.asarray(x) if isinstance(x, np.generic) else x for x in inputs]
            if not any(isinstance(x, np.ndarray) for x in arrays):
                elsewhere = any(is_cupy(x) for x in arrays)
                if not elsewhere:
                    given = type(inputs[0]).__name__ if inputs else "nothing"
                    raise TypeError(f"{function.__name__}: expected a Tensor, got {given}")
        run = QUIET.copy().run
        if elsewhere:
            arrays = on_one_device(function.__name__.strip("_"), arrays)
            run = on_their_card(arrays, run)

        try:
            result = run(formula, *arrays, **options)
        except (ValueError, IndexError, TypeError, AttributeError, OverflowError) as error:
            raise described(error, function.__name__.strip("_"), arrays) from error
        if not differentiable:
            return wrap(result) if tensors else result
        result, *gradients = result
        if not tensors:
            return result

        out = wrap(result)
        if result.base is not None and isinstance(inputs[0], Tensor):
            share_counter(out, inputs[0])
        if recorded and modes.grad and out.array.dtype.kind == "f":
            out.node = Node(formula, inputs, options, gradients, out.array)
        return out

    apply.is_operation = True  # type: ignore[attr-defined]
    return apply


def on_one_device(name, arrays):
    """The arrays, those of a single number from the CPU where the others are.

    RuntimeError where others are on different devices.
    """
    found = {}
    for x in arrays:
        if is_cupy(x) or (isinstance(x, np.ndarray) and x.ndim):
            found.setdefault(device_of(x), x)
    if len(found) > 1:
        places = " and ".join(f"{where} {tuple(x.shape)}" for where, x in found.items())
        raise RuntimeError(f"{name}: expected all tensors on one device, got {places}; move one with .to()")
    (place,) = found
    return [to_device(x, place) if isinstance(x, np.ndarray) else x for x in arrays]


def on_their_card(arrays, run):
    """`run`, while the card that the arrays are on is the current one: it makes what is new."""
    card = next(x.device for x in arrays if is_cupy(x))

    def on_card(*call, **options):
        with card:
            return run(*call, **options)

    return on_card


def on_promoted(function, promote):
    """`function`, with its inputs brought to one type first."""

    @wraps(function)
    def formula(*inputs, **options):
        return function(*promoted(inputs, to_float=promote is float), **options)

    return formula


def numpy_names(function):
    """Let a function that takes `dim` be called with `axis`, as operations can be."""

    @wraps(function)
    def call(*inputs, **options):
        return function(*inputs, **{NUMPY_NAMES.get(name, name): x for name, x in options.items()})

    return call


def arranged(signature, inputs, options, promote):
    """The call with PyTorch's names for NumPy's; tensors, and numbers to promote, are positional inputs."""
    for theirs, ours in NUMPY_NAMES.items():
        if theirs in options and theirs not in signature.parameters:
            options[ours] = options.pop(theirs)
    if promote or any(isinstance(x, Tensor) for x in options.values()):
        call = signature.bind(*inputs, **options)
        call.apply_defaults()
        return call.args, call.kwargs
    return inputs, options


def share_counter(view, source):
    """Let a view of another tensor's memory count its changes in place with it."""
    if view.array.base is source.array or view.array.base is source.array.base:
        if source._counter is None:
            source._counter = [0]
        view._counter = source._counter


def described(error, name, inputs):
    """NumPy's error as PyTorch raises it, with the operation and the shapes it was given."""
    kind = next((k for k in (IndexError, TypeError) if isinstance(error, k)), RuntimeError)
    message = str(error)
    if message.startswith(f"{name}:"):
        return type(error)(message)
    strange = [type(x).__name__ for x in inputs if isinstance(x, (str, list, tuple, dict, type(None)))]
    unknown = "not supported for the input types" in message
    confused = unknown or "matching types" in message or "operand type" in message
    if strange and (confused or isinstance(error, AttributeError)):
        return TypeError(f"{name}: expected a Tensor, got {strange[0]}")
    if unknown or "numpy boolean" in message:
        types = ", ".join(str(getattr(x, "dtype", type(x).__name__)) for x in inputs)
        return RuntimeError(f"{name}: not defined for these types: {types}")
    shapes = ", ".join(str(x.shape) if hasattr(x, "shape") else repr(x)[:40] for x in inputs)
    return kind(f"{name}: {message} (inputs: {shapes})")
