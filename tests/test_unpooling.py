"""Unpooling, power pooling, local response normalization, shuffled channels."""  # beyond

import numpy as np
import pytest

import dark
from against_torch import check_op, needs_torch, random_array, torch
from dark import nn
from dark.nn import functional as F

# Unpooling

UNPOOLED = [  # dimensions, shape, kernel_size, stride, padding
    (1, (2, 3, 8), 2, None, 0), (1, (3, 7), 3, 2, 1), (2, (2, 3, 4, 6), 2, None, 0),
    (2, (3, 5, 7), (3, 2), (2, 1), (1, 0)), (2, (1, 1, 2, 2), 2, 2, 0),
]  # fmt: skip


@pytest.mark.parametrize(("dims", "shape", "kernel", "stride", "padding"), UNPOOLED, ids=str)
def test_what_was_pooled_goes_back(dims, shape, kernel, stride, padding):
    def function(t, x):
        pool = getattr(t.nn, f"MaxPool{dims}d")(kernel, stride, padding, return_indices=True)
        unpool = getattr(t.nn, f"MaxUnpool{dims}d")(kernel, stride, padding)
        y, indices = pool(x)
        return unpool(y * y, indices, output_size=x.shape[-dims:])

    x = np.random.default_rng(1).permutation(np.prod(shape)).reshape(shape) / np.prod(shape)
    overlapping = stride is not None and stride != kernel  # so that a pixel may come back twice
    check_op(function, x, second=False, differences=not overlapping)


@needs_torch
def test_sizes_and_texts_of_unpooling():
    y, indices = random_array((1, 2, 2, 2)), np.array([[[[0, 3], [8, 10]]] * 2])
    for size in (None, (4, 4), (1, 2, 4, 5), [5, 5]):
        unpool = lambda t, y, i, size=size: t.nn.functional.max_unpool2d(y, i, 2, output_size=size)
        check_op(unpool, y, indices, differences=False, second=False)
    assert repr(nn.MaxUnpool2d((3, 2), 2)) == repr(torch.nn.MaxUnpool2d((3, 2), 2))
    assert repr(nn.MaxUnpool1d(3, padding=1)) == repr(torch.nn.MaxUnpool1d(3, padding=1))


# Power pooling

POWERS = [
    (2, (2, 3, 4, 6), 2, None, False), (2, (3, 5, 7), (3, 2), (2, 1), True), (1, (2, 3, 8), 2, None, False),
    (1, (3, 7), 3, 2, True),
]  # fmt: skip


@pytest.mark.parametrize("p", [1, 2, 3.5, float("inf")])
@pytest.mark.parametrize(("dims", "shape", "kernel", "stride", "ceil"), POWERS, ids=str)
def test_power_pooling(p, dims, shape, kernel, stride, ceil):
    x = random_array(shape, low=0.1)
    name = f"lp_pool{dims}d"
    check_op(lambda t, x: getattr(t.nn.functional, name)(x, p, kernel, stride, ceil), x, rtol=1e-4, atol=1e-4)
    layer = lambda t: getattr(t.nn, f"LPPool{dims}d")(p, kernel, stride, ceil)
    check_op(lambda t, x: layer(t)(x), x, second=False, differences=False, rtol=1e-4, atol=1e-5)
    if torch is not None:
        assert repr(layer(dark)) == repr(layer(torch))


@needs_torch
def test_power_pooling_of_any_numbers():
    for p in (1, 2, 4.0, float("-inf")):
        pool = lambda t, x, p=p: t.nn.functional.lp_pool2d(x, p, 2)
        check_op(pool, random_array((1, 2, 4, 4)), second=False, rtol=1e-4, atol=1e-5)


# Local response normalization


@pytest.mark.parametrize("shape", [(2, 5, 3), (2, 5, 3, 2), (1, 4, 2, 1, 3), (2, 0, 3)], ids=str)
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_local_response_norm(shape, size):
    layer = lambda t: t.nn.LocalResponseNorm(size, alpha=0.5, beta=0.6, k=1.5)
    check_op(lambda t, x: layer(t)(x), random_array(shape), rtol=1e-4, atol=1e-5)
    check_op(lambda t, x: t.nn.functional.local_response_norm(x, size), random_array(shape), second=False)
    if torch is not None:
        assert repr(layer(dark)) == repr(layer(torch))


# Shuffled channels


SHUFFLED = [((2, 6, 3), 2), ((1, 6, 2, 2), 3), ((0, 4, 1), 2), ((1, 3, 1), 1)]


@pytest.mark.parametrize(("shape", "groups"), SHUFFLED)
def test_channel_shuffle(shape, groups):
    check_op(lambda t, x: t.nn.functional.channel_shuffle(x, groups), random_array(shape))
    check_op(lambda t, x: t.nn.ChannelShuffle(groups)(x), random_array(shape, "int64"))
    assert repr(nn.ChannelShuffle(2)) == "ChannelShuffle(groups=2)"
    assert dark.channel_shuffle is F.channel_shuffle


X = dark.ones(1, 2, 4)
WRONG = [
    (lambda: F.max_unpool1d(X, X.long() * 9, 2), RuntimeError, "index"),
    (lambda: F.max_unpool1d(X, X, 2), RuntimeError, "float32"),
    (lambda: F.max_unpool1d(X, X[..., :2].long(), 2), RuntimeError, r"\(1, 2, 2\)"),
    (lambda: F.max_unpool2d(X[0], X[0].long(), 2), RuntimeError, "3 or 4 dimensions"),
    (lambda: F.max_unpool1d(X, X.long(), 2, output_size=(20,)), ValueError, r"output_size \(20,\)"),
    (lambda: F.max_unpool1d(X, X.long(), 2, output_size=(8, 8)), ValueError, "1 or 3 numbers"),
    (lambda: F.local_response_norm(X[0], 2), ValueError, r"local_response_norm: .*\(2, 4\)"),
    (lambda: F.local_response_norm(X, 0), RuntimeError, "size is at least 1"),
    (lambda: F.channel_shuffle(X, 4), RuntimeError, "2 channels .* 4 groups"),
    (lambda: F.channel_shuffle(X, 0), RuntimeError, "0 groups"),
    (lambda: F.channel_shuffle(X[0], 2), RuntimeError, "3 dimensions"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[m for *_, m in WRONG])
def test_wrong_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()
