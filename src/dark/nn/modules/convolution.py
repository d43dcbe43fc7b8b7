"""Convolution layers: Conv1d, Conv2d."""  # dark-5

import math
from typing import Any

from ...ops.creation import empty
from ...tensor import Tensor
from .. import functional as F
from .. import init
from ..functional.convolution import around
from ..parameter import Parameter
from .module import Module

MODES = ("zeros", "reflect", "replicate", "circular")


class _ConvNd(Module):
    """What all convolution layers are made of: sizes, one number for each dimension, weight and bias."""

    bias: Parameter | None

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: tuple[int, ...], stride: tuple[int, ...],
        padding: str | tuple[int, ...], dilation: tuple[int, ...], transposed: bool,
        output_padding: tuple[int, ...], groups: int, bias: bool, padding_mode: str,
        device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        super().__init__()
        name = type(self).__name__
        if groups <= 0:
            raise ValueError(f"{name}: groups must be positive, not {groups}")
        if in_channels % groups or out_channels % groups:
            both = f"{in_channels} in_channels and {out_channels} out_channels"
            raise ValueError(f"{name}: {both} must be divisible by {groups} groups")
        if isinstance(padding, str) and padding not in ("same", "valid"):
            raise ValueError(f"{name}: padding is 'same', 'valid' or numbers, not {padding!r}")
        if padding == "same" and any(s != 1 for s in stride):
            raise ValueError(f"{name}: padding 'same' goes with stride 1 only, not {stride}")
        if padding_mode not in MODES:
            raise ValueError(f"{name}: padding_mode is one of {MODES}, not {padding_mode!r}")
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.transposed = transposed
        self.output_padding = output_padding
        self.groups = groups
        self.padding_mode = padding_mode
        filters, channels = (in_channels, out_channels) if transposed else (out_channels, in_channels)
        self.weight = Parameter(empty_weight((filters, channels // groups, *kernel_size), device, dtype))
        values = Parameter(empty(out_channels, device=device, dtype=dtype)) if bias else None
        self.register_parameter("bias", values)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weight and bias from U(-1/√n, 1/√n), where n is how many numbers weight[0] has."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))  # a gain of √(1/3), which makes it that range
        if self.bias is not None:
            fan_in = math.prod(self.weight.shape[1:])
            bound = 1 / math.sqrt(fan_in) if fan_in else 0
            init.uniform_(self.bias, -bound, bound)

    def _padded(self, input: Tensor) -> tuple[Tensor, Any]:
        """The input, and the padding with zeros that is left to do: all of it, or, in other modes, none."""
        if self.padding_mode == "zeros":
            return input, self.padding
        lines = around(self.kernel_size, self.padding, self.dilation)
        return F.pad(input, [n for pair in lines[::-1] for n in pair], mode=self.padding_mode), 0

    def extra_repr(self) -> str:
        text = f"{self.in_channels}, {self.out_channels}"
        text += f", kernel_size={self.kernel_size}, stride={self.stride}"
        if any(p != 0 for p in self.padding):
            text += f", padding={self.padding}"
        if any(d != 1 for d in self.dilation):
            text += f", dilation={self.dilation}"
        if any(p != 0 for p in self.output_padding):
            text += f", output_padding={self.output_padding}"
        if self.groups != 1:
            text += f", groups={self.groups}"
        if self.bias is None:
            text += ", bias=False"
        if self.padding_mode != "zeros":
            text += f", padding_mode={self.padding_mode}"
        return text


def empty_weight(shape, device=None, dtype=None) -> Tensor:
    """A weight of `shape` (K, C, *kernel) to be filled, which in memory is [*kernel, C, K].

    So every tap of the kernel has a matrix (C, K) of its own, in one piece. The compiled kernels multiply
    these, and return the gradient in the same order; in any other one, each step would rearrange both.
    """
    k, c, *kernel = shape
    weight = empty(*kernel, c, k, device=device, dtype=dtype)
    return weight.permute(-1, -2, *range(len(kernel)))


class Conv1d(_ConvNd):
    """Convolution of sequences: (N, in_channels, L) becomes (N, out_channels, number of windows).

    Sizes, which are one number, and options are those of `Conv2d`; weight (out_channels, in_channels/groups,
    k), bias (out_channels,).
    """

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: int | tuple[int],
        stride: int | tuple[int] = 1, padding: str | int | tuple[int] = 0, dilation: int | tuple[int] = 1,
        groups: int = 1, bias: bool = True, padding_mode: str = "zeros",
        device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        super().__init__(
            in_channels, out_channels, several(1, kernel_size), several(1, stride), several(1, padding),
            several(1, dilation), False, (0,), groups, bias, padding_mode, device, dtype,
        )  # fmt: skip

    def forward(self, input: Tensor) -> Tensor:
        input, padding = self._padded(input)
        return F.conv1d(input, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)


class Conv2d(_ConvNd):
    """Convolution of pictures: (N, in_channels, H, W) becomes (N, out_channels, oh, ow), for so many windows.

    Sizes are one number or a pair (vertical, horizontal). `padding` may also be "valid", none, and "same",
    by which the result keeps the input's size. What is put there is zeros or, by `padding_mode`, what
    `functional.pad` calls "reflect", "replicate" and "circular". Of the `groups`, each sees its share of
    the channels. Shapes: weight (out_channels, in_channels/groups, kh, kw), bias (out_channels,).
    """

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1, padding: str | int | tuple[int, int] = 0,
        dilation: int | tuple[int, int] = 1, groups: int = 1, bias: bool = True, padding_mode: str = "zeros",
        device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        super().__init__(
            in_channels, out_channels, several(2, kernel_size), several(2, stride), several(2, padding),
            several(2, dilation), False, (0, 0), groups, bias, padding_mode, device, dtype,
        )  # fmt: skip

    def forward(self, input: Tensor) -> Tensor:
        input, padding = self._padded(input)
        return F.conv2d(input, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)


def several(count, size):
    """A size for each of `count` dimensions; the word for a padding stays what it is."""
    if isinstance(size, str):
        return size
    return tuple(size) if isinstance(size, (tuple, list)) else (size,) * count
