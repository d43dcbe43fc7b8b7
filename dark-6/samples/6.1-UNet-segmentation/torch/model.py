"""The network: a UNet, down to a sixteenth of the picture's size and up again."""

from itertools import pairwise

from torch import cat, nn

WIDTHS = 32, 64, 128, 256, 512  # channels at the picture's size, at a half, a quarter, an eighth, a sixteenth


def double(inputs, outputs):
    """Two 3×3 convolutions, each normalised, and ReLU. Batch norm has a shift of its own: no bias."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel_size=3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
        nn.Conv2d(outputs, outputs, kernel_size=3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class UNet(nn.Module):
    """Ronneberger et al., "U-Net" (2015): for each pixel of a picture a score, positive where the car is.

    On the way down the pictures become small and the channels many: what is there is known, and no longer
    exactly where. On the way up each size also gets what the way down had there, by a skip connection. The
    convolutions are padded, so that both have the same size, which the paper reaches by cropping. Height and
    width are multiples of 16.
    """

    def __init__(self, widths=WIDTHS):
        super().__init__()
        self.down = nn.ModuleList(double(*pair) for pair in pairwise((3, *widths)))
        self.pool = nn.MaxPool2d(2)
        steps = [*pairwise(reversed(widths))]  # (512, 256), (256, 128), …
        self.enlarge = nn.ModuleList(nn.ConvTranspose2d(*step, kernel_size=2, stride=2) for step in steps)
        self.up = nn.ModuleList(double(2 * half, half) for _, half in steps)
        self.score = nn.Conv2d(widths[0], 1, kernel_size=1)

    def forward(self, images):
        x, skips = self.down[0](images), []  # (N, 3, H, W) -> (N, 32, H, W)
        for block in self.down[1:]:
            skips.append(x)
            x = block(self.pool(x))  # (N, C, h, w) -> (N, 2C, h/2, w/2)
        for enlarge, block in zip(self.enlarge, self.up, strict=True):
            x = cat([skips.pop(), enlarge(x)], dim=1)  # (N, 2C, h/2, w/2) -> (N, C, h, w) -> (N, 2C, h, w)
            x = block(x)  # (N, 2C, h, w) -> (N, C, h, w)
        return self.score(x).squeeze(1)  # (N, 32, H, W) -> (N, 1, H, W) -> (N, H, W)
