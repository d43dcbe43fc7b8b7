"""The network: ResNet9, of eight convolutions and a linear layer; two shortcuts lead around two each."""

from torch import nn


def block(inputs, outputs):
    """A 3×3 convolution, normalised, and ReLU. Batch norm has a shift of its own: the bias would be lost."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel_size=3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class Residual(nn.Module):
    """x + f(x): two blocks learn what is missing, and gradients have a way around them."""

    def __init__(self, channels):
        super().__init__()
        self.blocks = nn.Sequential(block(channels, channels), block(channels, channels))

    def forward(self, x):
        return x + self.blocks(x)


class ResNet9(nn.Module):
    """Scores of so many classes for coloured pictures of 32×32.

    512 features add up to large scores. With an eighth of them a new network is sure of nothing, and its
    first steps are small ones.
    """

    def __init__(self, classes):
        super().__init__()
        self.features = nn.Sequential(
            block(3, 64),  # (N, 3, 32, 32) -> (N, 64, 32, 32)
            block(64, 128),
            nn.MaxPool2d(4),  # (N, 128, 32, 32) -> (N, 128, 8, 8)
            Residual(128),
            block(128, 256),
            nn.MaxPool2d(2),  # (N, 256, 8, 8) -> (N, 256, 4, 4)
            block(256, 512),
            nn.MaxPool2d(4),  # (N, 512, 4, 4) -> (N, 512, 1, 1)
            Residual(512),
            nn.Flatten(),
        )
        self.classifier = nn.Linear(512, classes)

    def forward(self, images):
        return self.classifier(self.features(images)) / 8  # (N, 512) -> (N, classes)
