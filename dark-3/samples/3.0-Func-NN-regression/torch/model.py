"""The network: two hidden layers of 64 units."""

from torch import nn, sin


class Network(nn.Module):
    """The height of a surface over points of the plane.

    The activation is the sine (Sitzmann et al., Implicit neural representations with periodic activation
    functions, 2020): a surface of waves is sooner put together from waves than from the single bend of tanh.
    """

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 64)
        self.second = nn.Linear(64, 64)
        self.last = nn.Linear(64, 1)
        nn.init.uniform_(self.first.weight, -1.5, 1.5)  # waves as short as the rings, and longer ones

    def forward(self, points):
        x = sin(self.first(points))  # (N, 2) -> (N, 64)
        x = sin(self.second(x))
        return self.last(x).squeeze(1)  # (N, 1) -> (N,), the shape of the heights
