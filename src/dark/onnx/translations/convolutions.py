"""Convolution, the transposed one, and windows as columns."""  # beyond

import numpy as np

from .registry import translates


@translates("convolution")
def _convolution(graph, input, weight, bias, stride, padding, dilation, groups):
    return graph.Conv(
        input, weight, bias, kernel_shape=weight.shape[2:], strides=stride, pads=[*padding, *padding],
        dilations=dilation, group=groups,
    )  # fmt: skip


@translates("_convolution", follows=("size",))
def _transposed(graph, input, weight, bias, size, stride, padding, dilation, groups):
    kernel = weight.shape[2:]
    lengths = zip(size, input.shape[2:], kernel, stride, padding, dilation)
    more = [n - ((m - 1) * s - 2 * p + d * (k - 1) + 1) for n, m, k, s, p, d in lengths]
    return graph.ConvTranspose(
        input, weight, bias, kernel_shape=kernel, strides=stride, pads=[*padding, *padding],
        output_padding=more if any(more) else None, dilations=dilation, group=groups,
    )  # fmt: skip


@translates("unfold")
def _unfold(graph, input, kernel_size, dilation, padding, stride):
    """A convolution whose filters pick one pixel of the window each, of one channel."""
    pairs = [x if isinstance(x, tuple) else (x, x) for x in (kernel_size, dilation, padding, stride)]
    kernel, dilation, padding, stride = pairs
    channels, pixels = input.shape[-3], kernel[0] * kernel[1]
    picking = np.tile(np.eye(pixels, dtype=input.dtype).reshape(pixels, 1, *kernel), (channels, 1, 1, 1))
    x = input if input.ndim == 4 else graph.Unsqueeze(input, graph.ints([0]))
    y = graph.Conv(
        x, picking, kernel_shape=kernel, strides=stride, pads=[*padding, *padding], dilations=dilation,
        group=channels,
    )  # fmt: skip
    y = graph.Reshape(y, graph.ints([0, channels * pixels, -1]))
    return y if input.ndim == 4 else graph.Squeeze(y, graph.ints([0]))
