"""MobileNet V2: depthwise convolutions between 1×1 ones, and shortcuts between the narrow ends.

M. Sandler et al., "MobileNetV2: inverted residuals and linear bottlenecks", 2018.
"""  # beyond

from collections.abc import Callable
from typing import Any

from ... import nn
from ...tensor import Tensor
from .weights import check_weights

# Of each group of blocks: expansion, channels, blocks, stride of the first.
BLOCKS = [
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
]  # fmt: skip


def normalised(channels: int, filters: int, kernel_size: int, stride: int, groups: int, norm_layer):
    """A convolution that keeps the size (with stride 1), normalisation, ReLU6."""
    padding = (kernel_size - 1) // 2
    return nn.Sequential(
        nn.Conv2d(channels, filters, kernel_size, stride, padding, groups=groups, bias=False),
        norm_layer(filters),
        nn.ReLU6(inplace=True),
    )


class InvertedResidual(nn.Module):
    """More channels, a depthwise convolution on them, fewer channels; a shortcut where the shape stays."""

    def __init__(
        self, inp: int, oup: int, stride: int, expand_ratio: int,
        norm_layer: Callable[..., nn.Module] | None = None,
    ):  # fmt: skip
        super().__init__()
        if stride not in (1, 2):
            raise ValueError(f"InvertedResidual: stride is 1 or 2, not {stride}")
        norm = norm_layer or nn.BatchNorm2d
        hidden = round(inp * expand_ratio)
        self.stride = stride
        self.use_res_connect = stride == 1 and inp == oup
        layers = [] if expand_ratio == 1 else [normalised(inp, hidden, 1, 1, 1, norm)]
        layers.append(normalised(hidden, hidden, 3, stride, hidden, norm))
        layers += [nn.Conv2d(hidden, oup, 1, bias=False), norm(oup)]
        self.conv = nn.Sequential(*layers)
        self.out_channels = oup

    def forward(self, x: Tensor) -> Tensor:
        """(N, inp, H, W) -> (N, oup, H / stride, W / stride)."""
        return x + self.conv(x) if self.use_res_connect else self.conv(x)


def divisible(channels: float, divisor: int) -> int:
    """The nearest multiple of `divisor`, at least one, and not below nine tenths of `channels`."""
    rounded = max(divisor, int(channels + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * channels else rounded


class MobileNetV2(nn.Module):
    """`width_mult` times as many channels as in the paper, rounded to multiples of `round_nearest`."""

    def __init__(
        self, num_classes: int = 1000, width_mult: float = 1.0,
        inverted_residual_setting: list[list[int]] | None = None, round_nearest: int = 8,
        block: Callable[..., nn.Module] | None = None, norm_layer: Callable[..., nn.Module] | None = None,
        dropout: float = 0.2,
    ):  # fmt: skip
        super().__init__()
        block, norm = block or InvertedResidual, norm_layer or nn.BatchNorm2d
        channels = divisible(32 * width_mult, round_nearest)
        self.last_channel = divisible(1280 * max(1.0, width_mult), round_nearest)
        layers: list[nn.Module] = [normalised(3, channels, 3, 2, 1, norm)]
        for expansion, width, number, stride in inverted_residual_setting or BLOCKS:
            filters = divisible(width * width_mult, round_nearest)
            for i in range(number):
                step = 1 if i else stride
                layers.append(block(channels, filters, step, expand_ratio=expansion, norm_layer=norm))
                channels = filters
        layers.append(normalised(channels, self.last_channel, 1, 1, 1, norm))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(dropout), nn.Linear(self.last_channel, num_classes))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Kaiming's numbers for the convolutions, small ones for the linear layer, no biases."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out")
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
            elif isinstance(module, (nn.BatchNorm2d, nn.GroupNorm)):
                nn.init.ones_(module.weight)
                nn.init.zeros_(module.bias)
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, 0, 0.01)
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures (N, 3, H, W) -> logits (N, num_classes)."""
        x = nn.functional.adaptive_avg_pool2d(self.features(x), 1)  # (N, last_channel, 1, 1)
        return self.classifier(x.flatten(1))


def mobilenet_v2(*, weights: Any = None, progress: bool = True, **kwargs) -> MobileNetV2:
    """MobileNet V2. `kwargs` are MobileNetV2's."""
    check_weights("mobilenet_v2", weights)
    return MobileNetV2(**kwargs)
