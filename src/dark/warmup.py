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
        network = nn.Sequential(*(layer() for layer in LAYERS)).to(dtype)
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


# Layers that take different kernels: few channels take row windows, others Winograd's algorithm, one for
# each group is depthwise, and 1×1 a product of matrices. A stride takes row windows again, now with a
# gradient of what goes in. The last layer has enough weights for the optimizers' compiled steps.
LAYERS = [
    lambda: nn.Conv2d(3, 16, 3),
    lambda: nn.BatchNorm2d(16),
    lambda: nn.ReLU(),
    lambda: nn.Conv2d(16, 16, 3, padding=1),
    lambda: nn.MaxPool2d(2),
    lambda: nn.Conv2d(16, 16, 3, padding=1, groups=16),
    lambda: nn.LeakyReLU(),
    lambda: nn.Conv2d(16, 16, 3, stride=2),
    lambda: nn.Conv2d(16, 128, 1),
    lambda: nn.AvgPool2d(3, stride=2),
    lambda: nn.Upsample(size=4, mode="bilinear"),  # dark-6
    lambda: nn.Flatten(),
    lambda: nn.Linear(128 * 4 * 4, 16),
]


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
