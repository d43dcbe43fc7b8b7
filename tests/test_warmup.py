"""Warming up compiles every kernel, and a program that trains afterwards compiles nothing."""  # dark-5

import importlib
import pkgutil
import subprocess
import sys

import pytest

import dark
from dark.kernels import reference
from dark.warmup import warmup

cpu = pytest.importorskip("dark.kernels.cpu", reason="Numba is not installed: there is nothing to compile")

from numba.core.dispatcher import Dispatcher  # noqa: E402

TRAINING = """
import dark
from dark import nn
net = nn.Sequential(
    nn.Conv2d(3, 16, 5, 2, 2), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(3, 2, 1), nn.Dropout(0.2),
    nn.Conv2d(16, 32, 3, padding=1), nn.Conv2d(32, 32, 3, padding=2, dilation=2, groups=32),
    nn.Conv2d(32, 64, 1, bias=False), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10),
)
optimizer = dark.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, nesterov=True)
for _ in range(2):
    optimizer.zero_grad()
    loss = nn.CrossEntropyLoss()(net(dark.randn(16, 3, 64, 64)), dark.arange(16) % 10)
    loss.backward()
    optimizer.step()
net.eval()(dark.randn(16, 3, 64, 64))
"""


def run(*arguments):
    """What a fresh Python prints."""
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_what_is_warm_is_compiled_for_good():
    run("-m", "dark.warmup")
    assert run("-m", "dark.warmup").strip() == "all kernels are ready"
    assert run("-c", TRAINING) == ""


def test_no_parallel_kernel_is_left_out():
    warmup()
    for module in pkgutil.iter_modules(cpu.__path__):
        for name, thing in vars(importlib.import_module(f"dark.kernels.cpu.{module.name}")).items():
            if isinstance(thing, Dispatcher) and thing.targetoptions.get("parallel"):
                assert thing.signatures, f"{module.name}.{name} has not been called"


def test_every_kernel_is_called(monkeypatch):
    compiled = {name for name in cpu.__all__ if getattr(cpu, name) is not getattr(reference, name)}
    called = set()

    def noted(name, kernel):
        def call(*arrays, **options):
            called.add(name)
            return kernel(*arrays, **options)

        return call

    for name in compiled:
        monkeypatch.setattr(cpu, name, noted(name, getattr(cpu, name)))
    warmup()
    assert called == compiled


def test_the_random_numbers_go_on_as_if_nothing_had_been_drawn():
    dark.manual_seed(3)
    expected = dark.rand(3).tolist()
    dark.manual_seed(3)
    warmup()
    assert dark.rand(3).tolist() == expected


def test_a_type_that_has_no_kernels_is_named():
    with pytest.raises((TypeError, RuntimeError, ValueError)):
        warmup("float17")
