"""Convolution, and the transposed one."""  # beyond

from .registry import translates


@translates("convolution")
def convolution(graph, input, weight, bias, stride, padding, dilation, groups):
    return graph.Conv(
        input, weight, bias, kernel_shape=weight.shape[2:], strides=stride, pads=[*padding, *padding],
        dilations=dilation, group=groups,
    )  # fmt: skip


@translates("_convolution", follows=("size",))
def transposed(graph, input, weight, bias, size, stride, padding, dilation, groups):
    kernel = weight.shape[2:]
    lengths = zip(size, input.shape[2:], kernel, stride, padding, dilation)
    more = [n - ((m - 1) * s - 2 * p + d * (k - 1) + 1) for n, m, k, s, p, d in lengths]
    return graph.ConvTranspose(
        input, weight, bias, kernel_shape=kernel, strides=stride, pads=[*padding, *padding],
        output_padding=more if any(more) else None, dilations=dilation, group=groups,
    )  # fmt: skip
