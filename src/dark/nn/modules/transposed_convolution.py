"""Transposed convolution layers: ConvTranspose1d, ConvTranspose2d."""  # dark-6

from collections.abc import Sequence
from typing import Any

from ...tensor import Tensor
from .. import functional as F
from ..functional.transposed_convolution import spread
from .convolution import _ConvNd, several


class _ConvTransposeNd(_ConvNd):
    """What both layers are made of: a convolution's parameters, with the numbers of channels exchanged."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: tuple[int, ...], stride: tuple[int, ...],
        padding: tuple[int, ...], dilation: tuple[int, ...], output_padding: tuple[int, ...], groups: int,
        bias: bool, padding_mode: str, device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        name = type(self).__name__
        if padding_mode != "zeros":
            raise ValueError(f"{name}: padding_mode is 'zeros' here, not {padding_mode!r}")
        if isinstance(padding, str):
            raise ValueError(f"{name}: padding is made of integers, not {padding!r}")
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, True, output_padding, groups,
            bias, padding_mode, device, dtype,
        )  # fmt: skip

    def _output_padding(self, input: Tensor, output_size: Sequence[int] | None) -> tuple[int, ...]:
        """As many lines as it takes to get a result of `output_size`, if that is given."""
        count = len(self.kernel_size)
        if output_size is None or input.ndim < count + 1:
            return self.output_padding
        name, wanted = type(self).__name__, tuple(output_size)
        if len(wanted) == input.ndim:
            wanted = wanted[-count:]
        if len(wanted) != count:
            raise ValueError(
                f"{name}: output_size has {count} numbers, or, with the other dimensions', {input.ndim}, "
                f"not {wanted}"
            )
        sizes = self.kernel_size, self.stride, self.padding, self.dilation
        least = spread(input.shape[-count:], *sizes)
        lines = tuple(w - n for w, n in zip(wanted, least))
        if any(not 0 <= n < step for n, step in zip(lines, self.stride)):
            most = tuple(n + step - 1 for n, step in zip(least, self.stride))
            raise ValueError(
                f"{name}: output_size is between {least} and {most} for an input {tuple(input.shape)}, "
                f"not {wanted}"
            )
        return lines


class ConvTranspose1d(_ConvTransposeNd):
    """Transposed convolution of sequences: (N, in_channels, L) becomes (N, out_channels, longer).

    Sizes, which are one number, and options are those of `ConvTranspose2d`; weight (in_channels,
    out_channels/groups, k), bias (out_channels,).
    """

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: int | tuple[int],
        stride: int | tuple[int] = 1, padding: int | tuple[int] = 0, output_padding: int | tuple[int] = 0,
        groups: int = 1, bias: bool = True, dilation: int | tuple[int] = 1, padding_mode: str = "zeros",
        device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        super().__init__(
            in_channels, out_channels, several(1, kernel_size), several(1, stride), several(1, padding),
            several(1, dilation), several(1, output_padding), groups, bias, padding_mode, device, dtype,
        )  # fmt: skip

    def forward(self, input: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        return F.conv_transpose1d(
            input, self.weight, self.bias, self.stride, self.padding,
            self._output_padding(input, output_size), self.groups, self.dilation,
        )  # fmt: skip


class ConvTranspose2d(_ConvTransposeNd):
    """Transposed convolution of pictures: (N, in_channels, H, W) becomes (N, out_channels, oh, ow), larger.

    It is what the gradient of a `Conv2d` from out_channels to in_channels is, with the same sizes: one number
    or a pair (vertical, horizontal). Which of the sizes that such a layer shrinks to H × W the result has,
    `output_padding` says, or the `output_size` of a call. Shapes: weight (in_channels, out_channels/groups,
    kh, kw), bias (out_channels,).
    """

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1, padding: int | tuple[int, int] = 0,
        output_padding: int | tuple[int, int] = 0, groups: int = 1, bias: bool = True,
        dilation: int | tuple[int, int] = 1, padding_mode: str = "zeros",
        device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        super().__init__(
            in_channels, out_channels, several(2, kernel_size), several(2, stride), several(2, padding),
            several(2, dilation), several(2, output_padding), groups, bias, padding_mode, device, dtype,
        )  # fmt: skip

    def forward(self, input: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        return F.conv_transpose2d(
            input, self.weight, self.bias, self.stride, self.padding,
            self._output_padding(input, output_size), self.groups, self.dilation,
        )  # fmt: skip
