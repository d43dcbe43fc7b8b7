"""Dropout: random zeros, so that no unit of a network relies on a particular other one."""  # dark-5

import warnings

import numpy as np

from ...ops.creation import empty
from ...ops.in_place import write
from ...random.creation import empty_like
from ...random.filling import dropout_noise
from ...tensor import check_tensor, wrap
from .activation import may_change


def dropout(input, p=0.5, training=True, inplace=False):
    """input with every element set to 0 with probability `p`, the others divided by 1 - p.

    So an element's expected value stays what it is, and without `training` the result is `input` itself.
    `inplace` works as in the activations. Srivastava et al., Dropout: a simple way to prevent neural
    networks from overfitting (2014).
    """
    return drop("dropout", input, p, training, inplace)


def dropout1d(input, p=0.5, training=True, inplace=False):
    """`dropout` of whole channels: input (N, C, L) or (C, L)."""
    check_tensor("dropout1d", input)
    if input.ndim not in (2, 3):
        shape = tuple(input.shape)
        raise RuntimeError(f"dropout1d: expected input of shape (N, C, L) or (C, L), not {shape}")
    return drop("dropout1d", input, p, training, inplace, channel=input.ndim - 2)


def dropout2d(input, p=0.5, training=True, inplace=False):
    """`dropout` of whole channels: input (N, C, H, W).

    Neighbours in a feature map are alike, so a single zero among them hides little. With a warning, as in
    PyTorch, input may have another number of dimensions; the channels are the second in any case.
    Tompson et al., Efficient object localization using convolutional networks (2015).
    """
    check_tensor("dropout2d", input)
    if input.ndim != 4:
        advice = "dropout1d" if input.ndim == 3 else "dropout"
        shapes = f"expected input of shape (N, C, H, W), not {tuple(input.shape)}"
        warnings.warn(f"dropout2d: {shapes}, of which dimension 1 is taken for C; use {advice}", stacklevel=2)
    return drop("dropout2d", input, p, training, inplace, channel=1)


def drop(name, input, p, training, inplace, channel=None):
    """`dropout` of elements or, given the channels' dimension, of all that lies behind each channel."""
    check_tensor(name, input)
    check_probability(name, p)
    if p == 0 or not training or input.numel() == 0:
        return input
    result = input * noise(name, input, p, channel)
    return write(name, input, result) if inplace and may_change(input) else result


def noise(name, input, p, channel):
    """What the input is multiplied by: 0 with probability p, else 1 / (1 - p)."""
    if p == 1:  # where PyTorch draws no numbers either
        return wrap(np.zeros((), input.array.dtype))
    if not input.is_floating_point():
        raise RuntimeError(f"{name}: expected floating-point, got {input.dtype}")
    if channel is not None and input.ndim <= channel:
        raise RuntimeError(f"{name}: expected at least 2 dimensions, got shape {tuple(input.shape)}")
    if channel is None:
        kept = empty_like(name, input, None, None)
    else:
        shape = input.shape[: channel + 1] + (1,) * (input.ndim - channel - 1)  # (N, C, 1, ...)
        kept = empty(shape, dtype=input.dtype, device=input.device)
    return dropout_noise(kept, 1 - p)


def check_probability(name, p):
    """Raise where `p` is no probability."""
    if not 0 <= p <= 1:  # NaN is not
        raise ValueError(f"{name}: the dropout probability has to be between 0 and 1, but got {p}")
