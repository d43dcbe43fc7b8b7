"""Residual networks: blocks whose result is added to what they were given.

K. He, X. Zhang, S. Ren, J. Sun, "Deep residual learning for image recognition", 2015.
"""  # beyond

from collections.abc import Callable
from typing import Any

from ... import nn
from ...tensor import Tensor
from .weights import check_weights


def conv3x3(channels: int, filters: int, stride: int = 1, groups: int = 1, dilation: int = 1) -> nn.Conv2d:
    """A convolution that keeps the size, where the stride is 1."""
    return nn.Conv2d(channels, filters, 3, stride, dilation, dilation, groups, bias=False)


class BasicBlock(nn.Module):
    """Two 3×3 convolutions and a shortcut past them; `downsample` gives the shortcut the result's shape."""

    expansion = 1

    def __init__(
        self, inplanes: int, planes: int, stride: int = 1, downsample: nn.Module | None = None,
        groups: int = 1, base_width: int = 64, dilation: int = 1,
        norm_layer: Callable[..., nn.Module] | None = None,
    ):  # fmt: skip
        super().__init__()
        if groups != 1 or base_width != 64 or dilation != 1:
            raise NotImplementedError("BasicBlock: no groups, base_width, dilation; Bottleneck has them")
        norm = norm_layer or nn.BatchNorm2d
        self.conv1 = conv3x3(inplanes, planes, stride)
        self.bn1 = norm(planes)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = conv3x3(planes, planes)
        self.bn2 = norm(planes)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        """(N, inplanes, H, W) -> (N, planes, H / stride, W / stride)."""
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class Bottleneck(nn.Module):
    """A 3×3 convolution on fewer channels, between two 1×1 ones, and a shortcut past them.

    The stride is the 3×3 convolution's, as in torchvision (ResNet v1.5), not the first one's.
    """

    expansion = 4

    def __init__(
        self, inplanes: int, planes: int, stride: int = 1, downsample: nn.Module | None = None,
        groups: int = 1, base_width: int = 64, dilation: int = 1,
        norm_layer: Callable[..., nn.Module] | None = None,
    ):  # fmt: skip
        super().__init__()
        norm = norm_layer or nn.BatchNorm2d
        width = planes * base_width // 64 * groups
        self.conv1 = nn.Conv2d(inplanes, width, 1, bias=False)
        self.bn1 = norm(width)
        self.conv2 = conv3x3(width, width, stride, groups, dilation)
        self.bn2 = norm(width)
        self.conv3 = nn.Conv2d(width, planes * self.expansion, 1, bias=False)
        self.bn3 = norm(planes * self.expansion)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        """(N, inplanes, H, W) -> (N, 4 planes, H / stride, W / stride)."""
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    """Four layers of blocks, each on half the width and height and twice the channels of the one before.

    `layers` says how many blocks each has. `replace_stride_with_dilation` keeps the size in the second, third
    or fourth layer and dilates its kernels instead. `zero_init_residual` lets every block begin as its
    shortcut.
    """

    def __init__(
        self, block: type[BasicBlock | Bottleneck], layers: list[int], num_classes: int = 1000,
        zero_init_residual: bool = False,
        groups: int = 1, width_per_group: int = 64, replace_stride_with_dilation: list[bool] | None = None,
        norm_layer: Callable[..., nn.Module] | None = None,
    ):  # fmt: skip
        super().__init__()
        self.norm_layer = norm_layer or nn.BatchNorm2d
        self.inplanes, self.dilation = 64, 1
        self.groups, self.base_width = groups, width_per_group
        dilated = replace_stride_with_dilation or [False, False, False]
        if len(dilated) != 3:
            raise ValueError(f"ResNet: replace_stride_with_dilation is a list of three, got {dilated}")
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = self.norm_layer(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = self.blocks(block, 64, layers[0])
        self.layer2 = self.blocks(block, 128, layers[1], 2, dilated[0])
        self.layer3 = self.blocks(block, 256, layers[2], 2, dilated[1])
        self.layer4 = self.blocks(block, 512, layers[3], 2, dilated[2])
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(512 * block.expansion, num_classes)
        self.reset_parameters(zero_init_residual)

    def reset_parameters(self, zero_init_residual: bool) -> None:
        """Kaiming's numbers for the convolutions; normalisation does nothing at first."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(module, (nn.BatchNorm2d, nn.GroupNorm)):
                nn.init.ones_(module.weight)
                nn.init.zeros_(module.bias)
        if zero_init_residual:
            for module in self.modules():
                if isinstance(module, (BasicBlock, Bottleneck)):
                    nn.init.zeros_((module.bn3 if isinstance(module, Bottleneck) else module.bn2).weight)

    def blocks(self, block, planes: int, number: int, stride: int = 1, dilate: bool = False):
        """A layer: its first block changes the size and the channels, the others keep them."""
        before = self.dilation
        if dilate:
            self.dilation, stride = self.dilation * stride, 1
        downsample = None
        if stride != 1 or self.inplanes != planes * block.expansion:
            downsample = nn.Sequential(
                nn.Conv2d(self.inplanes, planes * block.expansion, 1, stride, bias=False),
                self.norm_layer(planes * block.expansion),
            )
        options = self.groups, self.base_width
        made = [block(self.inplanes, planes, stride, downsample, *options, before, self.norm_layer)]
        self.inplanes = planes * block.expansion
        made += [
            block(self.inplanes, planes, 1, None, *options, self.dilation, self.norm_layer)
            for _ in range(number - 1)
        ]  # fmt: skip
        return nn.Sequential(*made)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures (N, 3, H, W) -> logits (N, num_classes)."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))  # (N, 64, H / 4, W / 4)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))  # (N, 512 expansion, H / 32, W / 32)
        return self.fc(self.avgpool(x).flatten(1))


def resnet18(*, weights: Any = None, progress: bool = True, **kwargs) -> ResNet:
    """18 layers: two basic blocks a stage. `kwargs` are ResNet's."""
    check_weights("resnet18", weights)
    return ResNet(BasicBlock, [2, 2, 2, 2], **kwargs)


def resnet34(*, weights: Any = None, progress: bool = True, **kwargs) -> ResNet:
    """34 layers. `kwargs` are ResNet's."""
    check_weights("resnet34", weights)
    return ResNet(BasicBlock, [3, 4, 6, 3], **kwargs)


def resnet50(*, weights: Any = None, progress: bool = True, **kwargs) -> ResNet:
    """50 layers, of bottlenecks. `kwargs` are ResNet's."""
    check_weights("resnet50", weights)
    return ResNet(Bottleneck, [3, 4, 6, 3], **kwargs)


def resnet101(*, weights: Any = None, progress: bool = True, **kwargs) -> ResNet:
    """101 layers, of bottlenecks. `kwargs` are ResNet's."""
    check_weights("resnet101", weights)
    return ResNet(Bottleneck, [3, 4, 23, 3], **kwargs)


def resnet152(*, weights: Any = None, progress: bool = True, **kwargs) -> ResNet:
    """152 layers, of bottlenecks. `kwargs` are ResNet's."""
    check_weights("resnet152", weights)
    return ResNet(Bottleneck, [3, 8, 36, 3], **kwargs)


def resnext50_32x4d(*, weights: Any = None, progress: bool = True, **kwargs) -> ResNet:
    """Bottlenecks of 32 groups of 4 channels (S. Xie et al., 2016). `kwargs` are ResNet's."""
    check_weights("resnext50_32x4d", weights)
    return ResNet(Bottleneck, [3, 4, 6, 3], **{"groups": 32, "width_per_group": 4} | kwargs)


def resnext101_32x8d(*, weights: Any = None, progress: bool = True, **kwargs) -> ResNet:
    """Bottlenecks of 32 groups of 8 channels (S. Xie et al., 2016). `kwargs` are ResNet's."""
    check_weights("resnext101_32x8d", weights)
    return ResNet(Bottleneck, [3, 4, 23, 3], **{"groups": 32, "width_per_group": 8} | kwargs)


def wide_resnet50_2(*, weights: Any = None, progress: bool = True, **kwargs) -> ResNet:
    """Bottlenecks twice as wide (S. Zagoruyko, N. Komodakis, 2016). `kwargs` are ResNet's."""
    check_weights("wide_resnet50_2", weights)
    return ResNet(Bottleneck, [3, 4, 6, 3], **{"width_per_group": 128} | kwargs)


def wide_resnet101_2(*, weights: Any = None, progress: bool = True, **kwargs) -> ResNet:
    """Bottlenecks twice as wide (S. Zagoruyko, N. Komodakis, 2016). `kwargs` are ResNet's."""
    check_weights("wide_resnet101_2", weights)
    return ResNet(Bottleneck, [3, 4, 23, 3], **{"width_per_group": 128} | kwargs)
