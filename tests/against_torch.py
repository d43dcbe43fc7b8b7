"""Run the same lines on Dark and on PyTorch, and hold every number against the other's."""

from contextlib import nullcontext

import numpy as np
import pytest

import dark
from dark.autograd import gradcheck

try:
    import torch
except ImportError:
    torch = None

needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed: nothing to compare with")


def on_the_cpu():
    """A `with` block in which new tensors are on the CPU, where Dark draws PyTorch's random numbers."""
    return dark.device("cpu") if hasattr(dark.device, "__enter__") else nullcontext()  # lessons without cards


def random_array(shape, dtype="float32", low=-2.0, high=2.0, seed=0):
    """The same array for the same arguments."""
    rng = np.random.default_rng([seed, *shape])
    if np.dtype(dtype).kind == "f":
        return np.asarray(rng.uniform(low, high, shape), dtype=dtype)
    if dtype == "bool":
        return np.asarray(rng.integers(0, 2, shape), dtype="bool")
    return np.asarray(rng.integers(max(low, 0) if dtype == "uint8" else low, high + 1, shape), dtype=dtype)


def assert_same(ours, theirs, rtol=1e-5, atol=1e-6, what="result"):
    """Equal structure, shape, dtype and, to the tolerance, values."""
    if isinstance(theirs, (list, tuple)) and not isinstance(theirs, torch.Size):
        assert len(ours) == len(theirs), f"{what}: {len(ours)} parts, PyTorch has {len(theirs)}"
        for i, (a, b) in enumerate(zip(ours, theirs)):
            assert_same(a, b, rtol, atol, f"{what}[{i}]")
    elif isinstance(theirs, torch.Tensor):
        assert isinstance(ours, dark.Tensor), f"{what}: {type(ours)} where PyTorch has a tensor"
        assert tuple(ours.shape) == tuple(theirs.shape), f"{what}: {ours.shape}, PyTorch has {theirs.shape}"
        assert str(ours.dtype).split(".")[1] == str(theirs.dtype).split(".")[1], (
            f"{what}: {ours.dtype}, {theirs.dtype}"
        )
        theirs = theirs.detach().resolve_neg().numpy(force=True)
        np.testing.assert_allclose(ours.detach().numpy(), theirs, rtol=rtol, atol=atol, err_msg=what)
    else:
        assert ours == theirs or (ours != ours and theirs != theirs), f"{what}: {ours}, PyTorch has {theirs}"


def check_op(function, *arrays, gradients=True, second=True, rtol=1e-5, atol=1e-6, differences=True):
    """`function(t, *tensors)`, with t = dark and t = torch: equal values, shapes, dtypes and gradients.

    Every float input gets a gradient, from a random upstream gradient of each floating-point result.
    The gradients are also checked by finite differences in float64 (off with `differences=False`, for
    inputs at a kink), and, with `second`, the second derivatives against PyTorch's.
    """
    arrays = [np.asarray(a) if not isinstance(a, np.ndarray) else a for a in arrays]
    mine = [dark.tensor(a, requires_grad=gradients and a.dtype.kind == "f") for a in arrays]
    result = function(dark, *mine)
    if torch is not None:
        theirs = [torch.tensor(a, requires_grad=gradients and a.dtype.kind == "f") for a in arrays]
        expected = function(torch, *theirs)
        assert_same(result, expected, rtol, atol)
        if gradients:
            compare_gradients(result, expected, mine, theirs, rtol, atol, second)
    if gradients and differences and any(a.dtype.kind == "f" and a.size for a in arrays):
        doubles = [dark.tensor(a.astype("float64") if a.dtype.kind == "f" else a) for a in arrays]
        for x in doubles:
            x.requires_grad = x.is_floating_point()
        if any(y.requires_grad for y in flat(function(dark, *doubles))):
            assert gradcheck(lambda *xs: function(dark, *xs), doubles)


def compare_gradients(result, expected, mine, theirs, rtol, atol, second):
    """First and second derivatives of both sides."""
    ours, others = (
        [y for y in flat(r) if hasattr(y, "requires_grad") and y.requires_grad] for r in (result, expected)
    )
    assert len(ours) == len(others), "not the same results require grad"
    if not ours:
        return
    ups = [random_array(tuple(y.shape), str(y.dtype).split(".")[1], seed=7) for y in ours]
    mine, theirs = [x for x in mine if x.requires_grad], [x for x in theirs if x.requires_grad]
    options = {"create_graph": second, "allow_unused": True}
    h = torch.autograd.grad(others, theirs, [torch.tensor(u) for u in ups], **options)
    zeros = [torch.zeros_like(x) for x in theirs]
    # an unused input's gradient may be None on one side and zeros on the other
    h = [z if b is None else b for b, z in zip(h, zeros)]

    def gradients(create_graph):
        ups_again = [dark.tensor(u) for u in ups]
        g = dark.autograd.grad(
            ours, mine, ups_again, retain_graph=True, create_graph=create_graph, allow_unused=True
        )
        g = [dark.tensor(z.numpy()) if a is None else a for a, z in zip(g, zeros)]
        assert_same(g, h, rtol, atol, "gradient of tensors" if create_graph else "gradient")
        return g

    for gradient in gradients(create_graph=False):
        gradient.fill_(np.nan)  # belongs to nobody else: the next walk finds all that it needs as it was
    gradients(create_graph=False)
    if second:
        g = gradients(create_graph=True)
        total, other = sum_of_squares(g), sum_of_squares(h)
        if total is None or other is None:
            return
        gg = dark.autograd.grad(total, mine, allow_unused=True, materialize_grads=True)
        hh = torch.autograd.grad(other, theirs, allow_unused=True, materialize_grads=True)
        assert_same(gg, hh, rtol * 10, atol * 10, "second derivative")


def sum_of_squares(tensors):
    """One number that depends on all of them."""
    total = None
    for x in tensors:
        if x.requires_grad:
            total = (x * x).sum() if total is None else total + (x * x).sum()
    return total


def curved(function):
    """`function` of squares, squared: a linear operation has second derivatives to compare only so."""

    def squared(t, *tensors):
        squares = (x * x if x.is_floating_point() else x for x in tensors)
        return [y * y for y in flat(function(t, *squares))]

    return squared


def flat(result):
    """The tensors of a result, whether it is one or several."""
    return [y for part in result for y in flat(part)] if isinstance(result, (list, tuple)) else [result]
