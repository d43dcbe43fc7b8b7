"""The two networks of DCGAN: one draws pictures from noise, the other tells them from real ones.

Radford, Metz and Chintala, "Unsupervised representation learning with deep convolutional generative
adversarial networks" (2015), https://arxiv.org/abs/1511.06434.
"""

import math
from itertools import pairwise

from torch import nn, randn_like

LATENT = 100  # numbers that a picture is drawn from


def enlarge(inputs, outputs, stride=2, padding=1):
    """A transposed convolution to twice the size, normalised, and ReLU. Batch norm has a shift of its own."""
    return nn.Sequential(
        nn.ConvTranspose2d(inputs, outputs, 4, stride, padding, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


def shrink(inputs, outputs):
    """A convolution to half the size, normalised, and LeakyReLU, which lets a gradient through everywhere."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 4, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.LeakyReLU(0.2),
    )


class Generator(nn.Module):
    """Pictures of `size` × `size` within −1…1 from points of the latent space.

    It begins with 4×4 places; each layer doubles the size and halves the channels, down to `width`.
    """

    def __init__(self, width, size=64):
        super().__init__()
        channels = channels_of(width, size)  # for 64: 8w, 4w, 2w, w
        self.layers = nn.Sequential(
            enlarge(LATENT, channels[0], stride=1, padding=0),  # (N, 100, 1, 1) -> (N, 8w, 4, 4)
            *[enlarge(inputs, outputs) for inputs, outputs in pairwise(channels)],  # -> (N, w, 32, 32)
            nn.ConvTranspose2d(width, 3, 4, stride=2, padding=1, bias=False),  # -> (N, 3, 64, 64)
            nn.Tanh(),
        )
        self.apply(initialize)

    def forward(self, points):
        return self.layers(points[:, :, None, None])  # (N, 100) -> (N, 100, 1, 1)


class Discriminator(nn.Module):
    """A score for each picture: the logit of the probability that it is real.

    It may see pictures through noise of a standard deviation. Flat colours without any grain would tell it
    real pictures at once, and it would have nothing to say about shapes.
    """

    def __init__(self, width, size=64):
        super().__init__()
        channels = channels_of(width, size)[::-1]  # for 64: w, 2w, 4w, 8w
        self.layers = nn.Sequential(
            nn.Conv2d(3, width, 4, stride=2, padding=1, bias=False),  # (N, 3, 64, 64) -> (N, w, 32, 32)
            nn.LeakyReLU(0.2),
            *[shrink(inputs, outputs) for inputs, outputs in pairwise(channels)],  # -> (N, 8w, 4, 4)
            nn.Conv2d(channels[-1], 1, 4, bias=False),  # -> (N, 1, 1, 1)
            nn.Flatten(0),  # -> (N,)
        )
        self.apply(initialize)

    def forward(self, pictures, noise=0.0):
        return self.layers(pictures + noise * randn_like(pictures))


def channels_of(width, size):
    """The channels of the generator's layers: at 4×4 the most, at half of the size `width`."""
    return [width << doubling for doubling in reversed(range(int(math.log2(size // 4))))]


def initialize(module):
    """The paper's weights: normally distributed, with a standard deviation of 0.02."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1, 0.02)
