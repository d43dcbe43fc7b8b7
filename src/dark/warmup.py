"""Compile the kernels ahead of their first use: `python -m dark.warmup`."""  # dark-5

import sys
import time

from . import nn, optim
from .dtypes import as_dtype
from .random.creation import rand
from .random.generator import get_rng_state, set_rng_state


def warmup(dtype="float32") -> list[str]:
    """Compile every kernel for one type of numbers; returns the names of those that were not ready.

    A small network with a layer for each kernel is trained for a step with each optimizer. The random
    numbers that it takes are given back.
    """
    from .kernels.cpu.compiler import compiling

    dtype, random = as_dtype(dtype), get_rng_state()
    with compiling(report) as names:
        network = Network().to(dtype)
        for optimizer in (
            optim.SGD(network.parameters(), lr=0.1),
            optim.SGD(network.parameters(), lr=0.1, momentum=0.9),
            optim.Adam(network.parameters()),
        ):
            optimizer.zero_grad()
            network(rand(32, 3, 40, 40, dtype=dtype)).mean().backward()
            optimizer.step()
        network.eval()(rand(32, 3, 40, 40, dtype=dtype))
    set_rng_state(random)
    return names


# Layers between pictures of 128 channels and 4 x 4 pixels.
FURTHER: list = [
    lambda: nn.Upsample(size=4, mode="bilinear"),  # dark-6
]


class Network(nn.Module):
    """Layers that take different kernels."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 16, 3),  # few channels: row windows
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.Conv2d(16, 16, 3, padding=1),  # Winograd's algorithm
            nn.MaxPool2d(2),
            nn.Conv2d(16, 16, 3, padding=1, groups=16),  # depthwise
            nn.LeakyReLU(),
            nn.Conv2d(16, 16, 3, stride=2),  # row windows again, now with a gradient of what goes in
            nn.Conv2d(16, 128, 1),  # a product of matrices
            nn.AvgPool2d(3, stride=2),
            *(layer() for layer in FURTHER),
            nn.Flatten(),
            nn.Linear(128 * 4 * 4, 16),  # enough weights for the optimizers' compiled steps
        )

    def forward(self, pictures):
        return self.layers(pictures)


def report(name: str) -> None:
    """Say what is being compiled."""
    print(f"compiling {name}", flush=True)


def main(types: list[str]) -> None:
    """Compile for float32, or for the types named on the command line."""
    start = time.perf_counter()
    compiled = [name for dtype in types or ["float32"] for name in warmup(dtype)]
    seconds = time.perf_counter() - start
    print(f"{len(compiled)} functions compiled in {seconds:.0f} s" if compiled else "all kernels are ready")


if __name__ == "__main__":
    main(sys.argv[1:])
