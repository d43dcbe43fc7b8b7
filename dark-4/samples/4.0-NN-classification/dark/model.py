"""The network: three linear layers, 784-512-512-10."""

from dark import nn


class Network(nn.Module):
    """Scores of ten classes for pictures of 28×28."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(28 * 28, 512),
            nn.ReLU(),
            nn.Linear(512, 512),
            nn.ReLU(),
            nn.Linear(512, 10),
        )

    def forward(self, images):
        return self.layers(images)  # (N, 1, 28, 28) -> (N, 10)
