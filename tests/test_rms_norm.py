"""RMSNorm, as a function and as a layer."""  # beyond

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, random_array, torch
from dark import nn
from dark.nn import functional as F

NORMS = [((5, 4), (4,)), ((2, 3, 4), (3, 4)), ((2, 3, 4), (4,)), ((4,), (4,)), ((0, 4), (4,)), ((3, 1), (1,))]


@pytest.mark.parametrize(("shape", "normalized"), NORMS, ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_rms_norm(shape, normalized, dtype):
    x, w = random_array(shape, dtype), random_array(normalized, dtype, seed=1)
    close = {"rtol": 1e-4, "atol": 1e-4} if dtype == "float32" else {}
    check_op(lambda t, x, w: t.nn.functional.rms_norm(x, normalized, w), x, w, **close)
    check_op(lambda t, x, w: t.nn.functional.rms_norm(x, list(normalized), weight=w, eps=0.1), x, w, **close)
    check_op(lambda t, x: t.rms_norm(x, normalized, eps=0.5), x, **close)


@needs_torch
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("size", [1e-4, 1.0, 200.0])
def test_the_default_eps_and_large_numbers(dtype, size):
    x = (random_array((3, 4)) * size).astype(dtype)
    tolerance = 2e-3 if dtype == "float16" else 1e-5
    norm = lambda t, x: t.nn.functional.rms_norm(x, (4,))
    check_op(norm, x, gradients=False, rtol=tolerance, atol=tolerance)


@needs_torch
def test_rms_norm_of_strided_numbers_and_of_zeros():
    norm = lambda t, x: t.nn.functional.rms_norm(x, (4,), eps=0.01)
    check_op(lambda t, x: norm(t, x.permute(2, 1, 0)), random_array((4, 3, 2)), rtol=1e-4, atol=1e-4)
    check_op(norm, np.zeros((2, 4), "float32"), differences=False)


LAYERS = [
    (lambda t: t.nn.RMSNorm(4), (5, 4)),
    (lambda t: t.nn.RMSNorm([3, 4], eps=0.1), (2, 3, 4)),
    (lambda t: t.nn.RMSNorm((4,), elementwise_affine=False), (4,)),
]


@needs_torch
@pytest.mark.parametrize(("make", "shape"), LAYERS)
def test_the_layer_is_pytorchs(make, shape):
    ours, theirs = make(dark), make(torch)
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    check_op(lambda t, x: make(t)(x), random_array(shape), rtol=1e-4, atol=1e-4)
    x = random_array(shape)
    if ours.weight is not None:
        ours(dark.tensor(x)).square().sum().backward()
        theirs(torch.tensor(x)).square().sum().backward()
        assert_same(ours.weight.grad, theirs.weight.grad)


X = dark.ones(2, 3)
WRONG = [
    (lambda: F.rms_norm(X, 3), TypeError, "tuple of ints, not 3"),
    (lambda: F.rms_norm(X, (4,)), RuntimeError, r"input has shape \(2, 3\), expected \(\*, 4"),
    (lambda: F.rms_norm(X, ()), RuntimeError, "rms_norm"),
    (lambda: F.rms_norm(X, (3,), dark.ones(2)), RuntimeError, r"weight has shape \(2,\), expected \(3,\)"),
    (lambda: F.rms_norm(X.long(), (3,)), NotImplementedError, "int64"),
    (lambda: nn.RMSNorm(4)(X), RuntimeError, "rms_norm"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[m for *_, m in WRONG])
def test_wrong_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()
