"""Gradients checked against finite differences."""

import numpy as np

from ..devices import to_device
from ..tensor import Tensor, wrap
from .backward import as_tuple, grad

RNG_SEED = 0  # the directions of the check are the same in every run


def gradcheck(
    func, inputs, *, eps: float = 1e-6, atol: float = 1e-5, rtol: float = 1e-3, raise_exception: bool = True
) -> bool:
    """Compare the gradients of `func(*inputs)` with finite differences, for every input that requires grad.

    An input is moved along one random direction: two calls of `func` check all its elements at once,
    however many there are. Inputs should be float64, away from kinks. A mismatch raises RuntimeError
    with both numbers, or returns False without `raise_exception`.
    """
    inputs = as_tuple(inputs)
    rng = np.random.default_rng(RNG_SEED)
    outputs = as_tuple(func(*inputs))
    wanted = [x for x in inputs if isinstance(x, Tensor) and x.requires_grad]
    if not wanted:
        raise ValueError("gradcheck: no input requires grad")

    for which, output in enumerate(outputs):
        if not output.requires_grad:
            continue
        upstream = np.asarray(rng.standard_normal(output.shape), dtype=output.array.dtype)
        upstream = to_device(upstream, output.device)
        analytic = grad(output, wanted, wrap(upstream), retain_graph=True, allow_unused=True)
        for number, (x, gradient) in enumerate(zip(wanted, analytic)):
            direction = to_device(np.asarray(rng.standard_normal(x.shape)), x.device)
            difference = along(x, direction, eps, lambda i=which: as_tuple(func(*inputs))[i].array)
            numeric = float((upstream * difference).sum())
            ours = 0.0 if gradient is None else float((gradient.array * direction).sum())
            if not abs(numeric - ours) <= atol + rtol * abs(numeric):
                if not raise_exception:
                    return False
                raise RuntimeError(
                    f"gradcheck: for input {number} of shape {tuple(x.shape)} the gradient says {ours:.6g} "
                    f"along a random direction, finite differences say {numeric:.6g}"
                )
    return True


def gradgradcheck(func, inputs, grad_outputs=None, **options) -> bool:  # beyond
    """`gradcheck` of the gradients themselves: are the second derivatives right?"""
    inputs = as_tuple(inputs)
    rng = np.random.default_rng(RNG_SEED)
    outputs = as_tuple(func(*inputs))
    if grad_outputs is None:
        grad_outputs = [Tensor(rng.standard_normal(o.shape), dtype=o.dtype).to(o.device) for o in outputs]
    for g in as_tuple(grad_outputs):
        g.requires_grad = True
    wanted = [i for i, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad]

    def first(*values):
        values, upstream = values[: len(inputs)], values[len(inputs) :]
        results = as_tuple(func(*values))
        results = grad(
            results, [values[i] for i in wanted], upstream, create_graph=True, materialize_grads=True
        )
        return tuple(r for r in results if r.requires_grad)

    return gradcheck(first, [*inputs, *as_tuple(grad_outputs)], **options)


def along(x, direction, eps, value):
    """The derivative of `value()` when x moves along `direction`, from two points around it."""
    original = x.array
    try:
        x.array = np.asarray(original + eps * direction, dtype=original.dtype, like=original)
        above = value().copy()
        x.array = np.asarray(original - eps * direction, dtype=original.dtype, like=original)
        below = value().copy()
    finally:
        x.array = original
    return (above - below) / (2 * eps)
