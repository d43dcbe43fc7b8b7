"""SqueezeNet: 1×1 convolutions squeeze the channels before 3×3 ones expand them.

F. Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size", 2016.
"""  # beyond

from typing import Any

from ... import nn
from ...ops.joining import cat
from ...tensor import Tensor
from .weights import check_weights


class Fire(nn.Module):
    """Fewer channels, and from them the results of 1×1 and of 3×3 kernels side by side."""

    def __init__(self, inplanes: int, squeeze_planes: int, expand1x1_planes: int, expand3x3_planes: int):
        super().__init__()
        self.inplanes = inplanes
        self.squeeze = nn.Conv2d(inplanes, squeeze_planes, 1)
        self.squeeze_activation = nn.ReLU(inplace=True)
        self.expand1x1 = nn.Conv2d(squeeze_planes, expand1x1_planes, 1)
        self.expand1x1_activation = nn.ReLU(inplace=True)
        self.expand3x3 = nn.Conv2d(squeeze_planes, expand3x3_planes, 3, padding=1)
        self.expand3x3_activation = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """(N, inplanes, H, W) -> (N, expand1x1_planes + expand3x3_planes, H, W)."""
        x = self.squeeze_activation(self.squeeze(x))
        small, large = self.expand1x1(x), self.expand3x3(x)
        return cat([self.expand1x1_activation(small), self.expand3x3_activation(large)], 1)


class SqueezeNet(nn.Module):
    """Version 1_0 is the paper's; 1_1 pools earlier and needs less than half of the operations."""

    def __init__(self, version: str = "1_0", num_classes: int = 1000, dropout: float = 0.5):
        super().__init__()
        self.num_classes = num_classes
        fires = [
            (16, 64, 64), (16, 64, 64), (32, 128, 128), (32, 128, 128),
            (48, 192, 192), (48, 192, 192), (64, 256, 256), (64, 256, 256),
        ]  # fmt: skip
        if version == "1_0":
            channels, kernel_size, pooled = 96, 7, (0, 3, 7)
        elif version == "1_1":
            channels, kernel_size, pooled = 64, 3, (0, 2, 4)
        else:
            raise ValueError(f"SqueezeNet: version is 1_0 or 1_1, not {version}")
        layers: list[nn.Module] = [nn.Conv2d(3, channels, kernel_size, stride=2), nn.ReLU(inplace=True)]
        for number, (squeezed, *expanded) in enumerate(fires):
            if number in pooled:
                layers.append(nn.MaxPool2d(3, stride=2, ceil_mode=True))
            layers.append(Fire(channels, squeezed, *expanded))
            channels = sum(expanded)
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(
            nn.Dropout(dropout),
            nn.Conv2d(512, num_classes, 1),
            nn.ReLU(inplace=True),
            nn.AdaptiveAvgPool2d((1, 1)),
        )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Kaiming's numbers, small ones for the last convolution, no biases."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                if module is self.classifier[1]:
                    nn.init.normal_(module.weight, 0.0, 0.01)
                else:
                    nn.init.kaiming_uniform_(module.weight)
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures (N, 3, H, W) -> logits (N, num_classes)."""
        return self.classifier(self.features(x)).flatten(1)


def squeezenet1_0(*, weights: Any = None, progress: bool = True, **kwargs) -> SqueezeNet:
    """SqueezeNet 1.0. `kwargs` are SqueezeNet's."""
    check_weights("squeezenet1_0", weights)
    return SqueezeNet("1_0", **kwargs)


def squeezenet1_1(*, weights: Any = None, progress: bool = True, **kwargs) -> SqueezeNet:
    """SqueezeNet 1.1. `kwargs` are SqueezeNet's."""
    check_weights("squeezenet1_1", weights)
    return SqueezeNet("1_1", **kwargs)
