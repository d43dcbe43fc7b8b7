"""The network: three linear layers, 784-512-512-10."""

from torch import nn


class Network(nn.Module):
    """Scores of ten classes for pictures of 28×28.

    SiLU bends where ReLU has a kink. At a kink a rounding error in the last place can switch a whole
    gradient on or off; without one, programs that round differently stay together for hundreds of steps.
    """

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(28 * 28, 512),
            nn.SiLU(),
            nn.Linear(512, 512),
            nn.SiLU(),
            nn.Linear(512, 10),
        )

    def forward(self, images):
        return self.layers(images)  # (N, 1, 28, 28) -> (N, 10)
