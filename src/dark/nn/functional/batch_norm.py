"""Batch normalization: bring every channel to mean 0 and variance 1 over the batch."""  # dark-5

import math

import numpy as np

from ... import kernels
from ...autograd.operation import on_one_device, op
from ...devices import current
from ...dtypes import as_dtype
from ...tensor import Tensor, check_tensor, counter


def batch_norm(
    input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5
):
    """(input - mean) / √(variance + eps) * weight + bias, with a mean and a variance for every channel.

    In `training` they are those of the batch, and the running ones move towards them, by `momentum` of the
    way; otherwise they are the running ones. Shapes: input and result (N, C, *), all others (C,).
    Ioffe and Szegedy, Batch normalization (2015).
    """
    check_inputs("batch_norm", input, running_mean, running_var, weight, bias)
    check_eps(eps, training)
    if not training:
        if running_mean is None:
            raise RuntimeError("batch_norm: without training, running_mean and running_var are needed")
        return _batch_norm(input, running_mean, running_var, weight, bias, eps=eps, training=False)

    n = math.prod(input.shape) // max(input.shape[1], 1)  # elements of a channel
    if n == 1:
        raise ValueError(
            f"batch_norm: expected more than 1 value per channel when training, got input of shape "
            f"{tuple(input.shape)}: one value has no variance; use eval(), or a larger batch"
        )
    with current(input.device):
        mean, var = moments(as_pictures(input.array))
        if running_mean is not None and n:
            move(running_mean, mean, momentum)
            move(running_var, var * (n / (n - 1)), momentum)  # the unbiased estimate
    return _batch_norm(input, mean, var, weight, bias, eps=eps, training=True)


@op
def _batch_norm(input, mean, var, weight, bias, *, eps, training):
    """`batch_norm` with a given mean and variance; in `training` they are those of input."""
    given = [x for x in (input, weight, bias) if x is not None]
    kernel = kernels.of(*given)
    x = as_pictures(input)
    if training and isinstance(input, Tensor):  # computed again on tensors: gradients flow through them too
        mean, var = kernel.channel_moments(x)
    y = kernel.normalize_channels(x, mean, var, weight, bias, eps)

    waiting = {}  # one walk over g makes all three gradients; here they wait until they are asked for

    def gradient(g, position):
        if position not in waiting:
            backward = kernels.of(g, *given).batch_norm_backward
            waiting.update(enumerate(backward(as_pictures(g), x, mean, var, weight, eps, training)))
        return waiting.pop(position)

    return (
        y.reshape(input.shape),
        lambda g: gradient(g, 0).reshape(input.shape),
        None,
        None,
        lambda g: gradient(g, 1),
        lambda g: gradient(g, 2),
    )


def as_pictures(x):
    """(N, C, *) as (N, C, H, W), the shape that kernels take."""
    return x if x.ndim == 4 else x.reshape((*x.shape[:2], math.prod(x.shape[2:]), 1))


@np.errstate(all="ignore")  # NaN and infinity are results, not reasons for NumPy's warnings
def moments(x):
    """The mean and the variance of every channel of an array (N, C, H, W)."""
    return kernels.of(x).channel_moments(x)


def move(running, new, momentum):
    """Take the running statistics some of the way to those of a batch; no gradient flows into them."""
    kernels.of(running.array).move_towards(running.array, new, momentum)
    counter(running)[0] += 1


def check_inputs(name, input, running_mean, running_var, weight, bias):
    """Raise where the inputs do not fit together."""
    check_tensor(name, input)
    shape = tuple(input.shape)
    if input.dtype.kind != "f":
        raise NotImplementedError(
            f"{name}: not defined for {input.dtype} (input {shape}); convert it to float"
        )
    if input.ndim < 2:
        raise RuntimeError(f"{name}: expected input of shape (N, C, *), got {shape}")
    if (running_mean is None) != (running_var is None):
        raise ValueError(f"{name}: running_mean and running_var are given both, or neither")
    statistics = {"running_mean": running_mean, "running_var": running_var}
    for name_of, x in statistics.items():
        if x is not None and x.requires_grad:
            raise RuntimeError(f"{name}: {name_of} can't require grad; no gradient flows into it")
    check_parameters(name, input, {**statistics, "weight": weight, "bias": bias})


def check_parameters(name, input, given):
    """Raise where one of `given`, {name: tensor or None}, has not one number a channel, of input's type.

    All have to be on one device.
    """
    on_one_device(name, [x.array for x in (input, *given.values()) if x is not None])
    channels, shape = input.shape[1], tuple(input.shape)
    for name_of, x in given.items():
        if x is None:
            continue
        if tuple(x.shape) != (channels,):
            raise RuntimeError(
                f"{name}: {name_of} has shape {tuple(x.shape)}, expected ({channels},): "
                f"input {shape} has {channels} channels"
            )
        types = as_dtype(input.dtype).name, as_dtype(x.dtype).name
        if len(set(types)) > 1 and types != ("float16", "float32"):
            raise RuntimeError(
                f"{name}: input is {types[0]}, {name_of} {types[1]}; convert one of them with .to()"
            )


def check_eps(eps, training):
    """Raise where `eps` would not keep the square root away from 0."""
    if eps < 0 or (eps == 0 and training):
        raise ValueError(f"batch_norm: eps must be positive in training, and 0 at least else, not {eps}")
