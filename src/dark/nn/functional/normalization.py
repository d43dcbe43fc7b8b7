"""Normalization: bring numbers to mean 0 and variance 1."""  # beyond

import numpy as np

from ...autograd.operation import op
from ...dtypes import as_dtype


@op
def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-5):
    """Bring every part of `normalized_shape`, the last dimensions, to mean 0 and variance 1; scale, shift.

    weight and bias have the shape `normalized_shape` and input's dtype.
    Ba et al., Layer normalization (2016).
    """
    shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    check_inputs(input, shape, weight, bias)
    axes = tuple(range(input.ndim - len(shape), input.ndim))
    centred = input - input.mean(axis=axes, keepdims=True)
    scale = 1 / np.sqrt((centred * centred).mean(axis=axes, keepdims=True) + eps)
    normal = centred * scale
    y = normal
    if weight is not None:
        y = y * weight
    if bias is not None:
        y = y + bias

    def to_input(g):
        # moving one element moves the mean and the variance of all: what g says of these is taken out
        g = g if weight is None else g * weight
        along = (g * normal).mean(axis=axes, keepdims=True)
        return (g - g.mean(axis=axes, keepdims=True) - normal * along) * scale

    return y, to_input, None, lambda g: g * normal, lambda g: g


def check_inputs(input, shape, weight, bias):
    """Raise where the inputs of `layer_norm` do not fit together."""
    if not shape or tuple(input.shape[-len(shape) :]) != shape:
        raise RuntimeError(f"layer_norm: input has shape {tuple(input.shape)}, expected (*, {str(shape)[1:]}")
    for name, x in (("weight", weight), ("bias", bias)):
        if x is not None and tuple(x.shape) != shape:
            raise RuntimeError(f"layer_norm: {name} has shape {tuple(x.shape)}, expected {shape}")
        if x is not None and as_dtype(x.dtype) != as_dtype(input.dtype):
            types = f"input is {as_dtype(input.dtype)}, {name} {as_dtype(x.dtype)}"
            raise RuntimeError(f"layer_norm: {types}; convert one with .to()")
