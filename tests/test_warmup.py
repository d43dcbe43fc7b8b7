"""Warming up compiles every kernel, and a program that trains afterwards compiles nothing."""  # dark-5

import importlib
import pkgutil
import subprocess
import sys
import textwrap  # dark-6

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


def test_networks_that_grow_pictures_find_their_kernels_ready():  # dark-6
    program = """
        import dark
        from dark import nn
        F = nn.functional

        class UNet(nn.Module):
            def __init__(self):
                super().__init__()
                self.down = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU())
                self.deep = nn.Sequential(nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU())
                self.grow = nn.ConvTranspose2d(32, 16, 2, stride=2)
                self.last = nn.Conv2d(32, 1, 1)

            def forward(self, x):
                x = self.down(x)
                small = self.deep(F.max_pool2d(x, 2))
                y = self.last(dark.cat([x, self.grow(small)], 1))
                for mode in ("nearest", "bilinear"):
                    y = y + F.interpolate(small, scale_factor=2, mode=mode)[:, :1]
                return y

        generator = nn.Sequential(
            nn.ConvTranspose2d(20, 64, 4, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 4, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
            nn.ConvTranspose2d(32, 16, 4, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
            nn.ConvTranspose2d(16, 3, 4, 2, 1, bias=False), nn.Tanh(),
        )
        discriminator = nn.Sequential(
            nn.Conv2d(3, 16, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(16, 32, 4, 2, 1, bias=False), nn.BatchNorm2d(32), nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(32, 1, 8, bias=False), nn.Flatten(0),
        )
        unet, loss = UNet(), nn.BCEWithLogitsLoss()
        networks = generator, discriminator, unet
        optimizers = [dark.optim.Adam(net.parameters(), betas=(0.5, 0.999)) for net in networks]
        ones, zeros = dark.ones(16), dark.zeros(16)
        for _ in range(2):
            fake, real = generator(dark.randn(16, 20, 1, 1)), dark.randn(16, 3, 32, 32)
            masks = unet(real)
            for l in (
                loss(discriminator(real), ones) + loss(discriminator(fake.detach()), zeros),
                loss(discriminator(fake), ones),
                loss(masks, dark.ones_like(masks)),
            ):
                l.backward()
            for optimizer in optimizers:
                optimizer.step()
                optimizer.zero_grad()
        with dark.no_grad():
            discriminator.eval()(generator.eval()(dark.randn(16, 20, 1, 1)))
            unet.eval()(real)
    """
    run("-m", "dark.warmup")
    assert run("-c", textwrap.dedent(program)) == ""


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
