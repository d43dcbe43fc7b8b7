"""VGG: nothing but 3×3 convolutions, pooled after every few of them.

K. Simonyan, A. Zisserman, "Very deep convolutional networks for large-scale image recognition", 2014.
"""  # beyond

from typing import Any

from ... import nn
from ...tensor import Tensor
from .weights import check_weights

POOL = 0
CHANNELS = {  # of each convolution, by the number of layers with weights
    11: [64, POOL, 128, POOL, *[256] * 2, POOL, *[512] * 2, POOL, *[512] * 2, POOL],
    13: [*[64] * 2, POOL, *[128] * 2, POOL, *[256] * 2, POOL, *[512] * 2, POOL, *[512] * 2, POOL],
    16: [*[64] * 2, POOL, *[128] * 2, POOL, *[256] * 3, POOL, *[512] * 3, POOL, *[512] * 3, POOL],
    19: [*[64] * 2, POOL, *[128] * 2, POOL, *[256] * 4, POOL, *[512] * 4, POOL, *[512] * 4, POOL],
}


class VGG(nn.Module):
    """Convolutions, `features`, and three linear layers for their result of 512 channels."""

    def __init__(
        self, features: nn.Module, num_classes: int = 1000, init_weights: bool = True, dropout: float = 0.5
    ):
        super().__init__()
        self.features = features
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(4096, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(4096, num_classes),
        )
        if init_weights:
            self.reset_parameters()

    def reset_parameters(self) -> None:
        """Kaiming's numbers for the convolutions, small ones for the linear layers, no biases."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
                nn.init.zeros_(module.bias)
            elif isinstance(module, nn.BatchNorm2d):
                nn.init.ones_(module.weight)
                nn.init.zeros_(module.bias)
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, 0, 0.01)
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures (N, 3, H, W) -> logits (N, num_classes)."""
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


def of_depth(depth: int, batch_norm: bool, name: str, weights: Any, kwargs: dict) -> VGG:
    """The network with so many layers."""
    check_weights(name, weights)
    layers: list[nn.Module] = []
    channels = 3
    for filters in CHANNELS[depth]:
        if filters == POOL:
            layers.append(nn.MaxPool2d(2))
            continue
        layers.append(nn.Conv2d(channels, filters, 3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(filters))
        layers.append(nn.ReLU(inplace=True))
        channels = filters
    return VGG(nn.Sequential(*layers), **kwargs)


def vgg11(*, weights: Any = None, progress: bool = True, **kwargs) -> VGG:
    """11 layers. `kwargs` are VGG's."""
    return of_depth(11, False, "vgg11", weights, kwargs)


def vgg11_bn(*, weights: Any = None, progress: bool = True, **kwargs) -> VGG:
    """11 layers, with batch norm. `kwargs` are VGG's."""
    return of_depth(11, True, "vgg11_bn", weights, kwargs)


def vgg13(*, weights: Any = None, progress: bool = True, **kwargs) -> VGG:
    """13 layers. `kwargs` are VGG's."""
    return of_depth(13, False, "vgg13", weights, kwargs)


def vgg13_bn(*, weights: Any = None, progress: bool = True, **kwargs) -> VGG:
    """13 layers, with batch norm. `kwargs` are VGG's."""
    return of_depth(13, True, "vgg13_bn", weights, kwargs)


def vgg16(*, weights: Any = None, progress: bool = True, **kwargs) -> VGG:
    """16 layers. `kwargs` are VGG's."""
    return of_depth(16, False, "vgg16", weights, kwargs)


def vgg16_bn(*, weights: Any = None, progress: bool = True, **kwargs) -> VGG:
    """16 layers, with batch norm. `kwargs` are VGG's."""
    return of_depth(16, True, "vgg16_bn", weights, kwargs)


def vgg19(*, weights: Any = None, progress: bool = True, **kwargs) -> VGG:
    """19 layers. `kwargs` are VGG's."""
    return of_depth(19, False, "vgg19", weights, kwargs)


def vgg19_bn(*, weights: Any = None, progress: bool = True, **kwargs) -> VGG:
    """19 layers, with batch norm. `kwargs` are VGG's."""
    return of_depth(19, True, "vgg19_bn", weights, kwargs)
