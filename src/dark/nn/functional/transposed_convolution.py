"""Transposed convolution: every pixel is spread over a window, as convolution's gradient is."""  # dark-6

from ...autograd.operation import op
from .convolution import (
    check_dimensions,
    check_types,
    convolution,
    convolution_input,
    convolution_weight,
    per_dimension,
    summed,
)
from .padding import pad


def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """The sum of pixel * filter, each where a convolution's window for that pixel would be, plus a bias.

    Shapes: input (N, C, H, W) or (C, H, W), weight (C, K/groups, kh, kw), bias (K,), result (N, K, oh, ow)
    or (K, oh, ow). It is the gradient of the convolution with this weight and these options, which leads
    from K channels to C, and it grows pictures by the factor by which that shrinks them:

        oh = (H - 1) * stride - 2 * padding + dilation * (kh - 1) + output_padding + 1

    `padding` counts the lines that are cut off on either side. A convolution rounds its number of windows
    down, so that pictures of several sizes shrink to one; `output_padding`, lines at the bottom and on the
    right, chooses among them. Sizes are one number or a pair (vertical, horizontal).
    """
    options = stride, padding, output_padding, groups, dilation
    size, stride, padding, output_padding, dilation = checked(
        "conv_transpose2d", ("H", "W"), input, weight, bias, *options
    )
    # An output_padding of a stride or more makes room for further windows, so for further pixels: zeros.
    below, right = (lines // step for lines, step in zip(output_padding, stride))
    if below or right:
        input = pad(input, (0, right, 0, below))
    batch = input if input.ndim == 4 else input.unsqueeze(0)
    y = _convolution(batch, weight, bias, size, stride, padding, dilation, groups)
    return y if input.ndim == 4 else y.squeeze(0)


def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """`conv_transpose2d` for pictures of one row: input (N, C, L) or (C, L), weight (C, K/groups, k)."""
    options = stride, padding, output_padding, groups, dilation
    _, stride, padding, output_padding, dilation = checked(
        "conv_transpose1d", ("L",), input, weight, bias, *options
    )
    y = conv_transpose2d(
        input.unsqueeze(-2), weight.unsqueeze(-2), bias, (1, *stride), (0, *padding), (0, *output_padding),
        groups, (1, *dilation),
    )  # fmt: skip
    return y.squeeze(-2)


@op
def _convolution(input, weight, bias, size, stride, padding, dilation, groups):
    """Pictures (N, C, H, W) and filters (C, K/groups, kh, kw) give (N, K, *size); bias may be None.

    Its gradients are that convolution and the gradient of its weight. Named for its node, whose kind PyTorch
    calls ConvolutionBackward0, too.
    """
    kernel, options = tuple(weight.shape[2:]), (stride, padding, dilation, groups)
    y = convolution_input(input, weight, size, *options)
    return (
        y if bias is None else y + bias.reshape((-1, 1, 1)),
        lambda g: convolution(g, weight, None, *options),
        lambda g: convolution_weight(input, g, kernel, *options),
        summed,
    )


def checked(name, dimensions, input, weight, bias, stride, padding, output_padding, groups, dilation):
    """The result's size and the other sizes, numbers for each of the `dimensions`; raises if one is wrong."""
    shapes = check_dimensions(name, dimensions, input, weight, bias, groups, "C, K/groups")
    count = len(dimensions)
    channels, (expected, share) = input.shape[-count - 1], weight.shape[:2]
    if channels != expected:
        raise RuntimeError(f"{name}: input has {channels} channels, weight expects {expected} {shapes}")
    if channels % groups:
        raise RuntimeError(f"{name}: {channels} channels can't be divided among {groups} groups {shapes}")
    if bias is not None and tuple(bias.shape) != (share * groups,):
        raise RuntimeError(f"{name}: expected bias ({share * groups},), not {tuple(bias.shape)} {shapes}")
    check_types(name, input, weight, bias)

    stride = per_dimension(stride, count, name, "stride", least=1)
    padding = per_dimension(padding, count, name, "padding", least=0)
    output_padding = per_dimension(output_padding, count, name, "output_padding", least=0)
    dilation = per_dimension(dilation, count, name, "dilation", least=1)
    if any(lines >= max(s, d) for lines, s, d in zip(output_padding, stride, dilation)):
        raise RuntimeError(
            f"{name}: output_padding {output_padding} must be smaller than stride {stride} "
            f"or dilation {dilation}"
        )
    size = spread(input.shape[-count:], weight.shape[2:], stride, padding, dilation)
    size = tuple(n + lines for n, lines in zip(size, output_padding))
    if min(size) < 0:
        raise RuntimeError(
            f"{name}: padding {padding} cuts off more than there is; without it, the result's size is "
            f"{tuple(n + 2 * p for n, p in zip(size, padding))} {shapes}"
        )
    return size, stride, padding, output_padding, dilation


def spread(size, kernel, stride, padding, dilation):
    """The size of what pixels (H, W) are spread over, without output_padding."""
    return tuple(
        (n - 1) * s - 2 * p + d * (k - 1) + 1
        for n, k, s, p, d in zip(size, kernel, stride, padding, dilation)
    )
