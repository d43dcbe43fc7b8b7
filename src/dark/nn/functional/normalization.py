"""Normalization of every example by itself: bring parts of it to mean 0 and variance 1."""  # dark-5

import math

import numpy as np

from ...autograd.operation import op
from ...devices import current
from ...dtypes import (
    as_dtype,
    cast,
    finfo,  # beyond
    float32,  # beyond
)
from ...tensor import check_tensor
from .batch_norm import batch_norm, check_inputs, check_parameters, moments, move


@op
def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-5):  # beyond
    """Bring every part of `normalized_shape`, the last dimensions, to mean 0 and variance 1; scale, shift.

    weight and bias have the shape `normalized_shape` and input's dtype.
    Ba et al., Layer normalization (2016).
    """
    shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    check_shape(input, shape, weight, bias)
    normal, gradient = normalized(input, tuple(range(input.ndim - len(shape), input.ndim)), eps)
    y = normal
    if weight is not None:
        y = y * weight
    if bias is not None:
        y = y + bias
    return (
        y,
        lambda g: gradient(g if weight is None else g * weight),
        None,
        lambda g: g * normal,
        lambda g: g,
    )


@op
def rms_norm(input, normalized_shape, weight=None, eps=None):  # beyond
    """Divide every part of `normalized_shape`, the last dimensions, by its root mean square; scale it.

    weight has the shape `normalized_shape`. `eps`, added to the mean square, is the smallest difference from
    1 unless it is given. Zhang and Sennrich, Root mean square layer normalization (2019).
    """
    shape = check_part("rms_norm", input, normalized_shape, weight)
    x = cast(input, float32) if input.dtype.itemsize == 2 else input
    axes, n = tuple(range(input.ndim - len(shape), input.ndim)), max(math.prod(shape), 1)
    eps = finfo(as_dtype(x.dtype)).eps if eps is None else eps
    scale = 1 / np.sqrt((x * x).sum(axis=axes, keepdims=True) / n + eps)
    normal = x * scale

    def to_input(g):
        g = g if weight is None else g * weight
        return (g - normal * ((g * normal).sum(axis=axes, keepdims=True) / n)) * scale

    y = cast(normal if weight is None else normal * weight, as_dtype(input.dtype))
    return y, to_input, None, lambda g: g * normal


def group_norm(input, num_groups, weight=None, bias=None, eps=1e-5):
    """Bring every group of channels of every example to mean 0 and variance 1; scale, shift each channel.

    Shapes: input and result (N, C, *), weight and bias (C,); `num_groups` divides C.
    Wu and He, Group normalization (2018).
    """
    check_tensor("group_norm", input)
    shape = tuple(input.shape)
    if input.dtype.kind != "f":
        raise NotImplementedError(
            f"group_norm: not defined for {input.dtype} (input {shape}); convert it to float"
        )
    if input.ndim < 2:
        raise RuntimeError(f"group_norm: expected input of shape (N, C, *), got {shape}")
    if num_groups < 1 or shape[1] % num_groups:
        raise RuntimeError(
            f"group_norm: {shape[1]} channels can't be divided into {num_groups} groups (input {shape})"
        )
    if math.prod(shape) == num_groups:
        raise ValueError(f"group_norm: expected more than 1 value in all groups together, got input {shape}")
    check_parameters("group_norm", input, {"weight": weight, "bias": bias})
    return _group_norm(input, weight, bias, num_groups=num_groups, eps=eps)


@op
def _group_norm(input, weight, bias, *, num_groups, eps):
    """`group_norm` of inputs that fit together."""
    shape, others = tuple(input.shape), (0, *range(2, input.ndim))
    channels = (shape[1], *(1,) * (input.ndim - 2))  # of the shape (C, 1, ...) that meets (N, C, *)
    groups = (shape[0], num_groups, math.prod(shape[1:]) // num_groups)
    normal, gradient = normalized(input.reshape(groups), (2,), eps)
    normal = normal.reshape(shape)
    y = normal
    if weight is not None:
        y = y * weight.reshape(channels)
    if bias is not None:
        y = y + bias.reshape(channels)

    def to_input(g):
        g = g if weight is None else g * weight.reshape(channels)
        return gradient(g.reshape(groups)).reshape(shape)

    y = cast(y, as_dtype(input.dtype))  # float16 with parameters in float32 stays float16
    return y, to_input, lambda g: (g * normal).sum(axis=others), lambda g: g.sum(axis=others)


def instance_norm(
    input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1,
    eps=1e-5,
):  # fmt: skip
    """`group_norm` with every channel a group of its own.

    With `use_input_stats`, the running statistics, if there are any, move towards the mean of those of the
    examples; without, they are what normalizes, as in `batch_norm`. Shapes: input and result (N, C, *), all
    others (C,). Ulyanov et al., Instance normalization (2016).
    """
    check_inputs("instance_norm", input, running_mean, running_var, weight, bias)
    if not use_input_stats:
        if running_mean is None:
            raise RuntimeError("instance_norm: without use_input_stats, running statistics are needed")
        return batch_norm(input, running_mean, running_var, weight, bias, eps=eps)

    shape = tuple(input.shape)
    n = math.prod(shape[2:])
    if n == 1:
        raise ValueError(
            f"instance_norm: expected more than 1 spatial element when training, got input of shape {shape}"
        )
    if running_mean is not None and input.numel():
        with current(input.device):
            mean, var = moments(input.array.reshape((1, shape[0] * shape[1], n, 1)))
            move(running_mean, mean.reshape(shape[:2]).mean(axis=0), momentum)
            move(running_var, var.reshape(shape[:2]).mean(axis=0) * (n / (n - 1)), momentum)
    return _group_norm(input, weight, bias, num_groups=max(shape[1], 1), eps=eps)


def normalized(x, axes, eps):
    """x with mean 0 and variance 1 over `axes`, and the gradient function that leads back to x."""
    n = math.prod(x.shape[axis] for axis in axes)

    def mean(a):
        return a.sum(axis=axes, keepdims=True) / n

    centred = x - mean(x)
    scale = 1 / np.sqrt(mean(centred * centred) + eps)
    normal = centred * scale

    def gradient(g):
        # moving one element moves the mean and the variance of all: what g says of these is taken out
        return (g - mean(g) - normal * mean(g * normal)) * scale

    return normal, gradient


def check_shape(input, shape, weight, bias):  # beyond
    """Raise where the inputs of `layer_norm` do not fit together."""
    if not shape or tuple(input.shape[-len(shape) :]) != shape:
        raise RuntimeError(f"layer_norm: input has shape {tuple(input.shape)}, expected (*, {str(shape)[1:]}")
    for name, x in (("weight", weight), ("bias", bias)):
        if x is not None and tuple(x.shape) != shape:
            raise RuntimeError(f"layer_norm: {name} has shape {tuple(x.shape)}, expected {shape}")
        if x is not None and as_dtype(x.dtype) != as_dtype(input.dtype):
            types = f"input is {as_dtype(input.dtype)}, {name} {as_dtype(x.dtype)}"
            raise RuntimeError(f"layer_norm: {types}; convert one with .to()")


def check_part(name, input, normalized_shape, weight):  # beyond
    """`normalized_shape` as a tuple; raises where it is not the end of the input's shape."""
    if isinstance(normalized_shape, int):
        raise TypeError(f"{name}: normalized_shape is a tuple of ints, not {normalized_shape}")
    shape, given = tuple(normalized_shape), tuple(input.shape)
    if as_dtype(input.dtype).kind != "f":
        raise NotImplementedError(f"{name}: not defined for {as_dtype(input.dtype)}; convert it to float")
    if not shape or given[-len(shape) :] != shape:
        raise RuntimeError(f"{name}: input has shape {given}, expected (*, {str(shape)[1:]}")
    if weight is not None and tuple(weight.shape) != shape:
        raise RuntimeError(f"{name}: weight has shape {tuple(weight.shape)}, expected {shape}")
    return shape
