"""What the benchmarks time on a card works there: each network's step, as it is and as a graph."""  # beyond

import sys
from argparse import Namespace
from pathlib import Path

import pytest

import dark

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))

import ops
import places
import train_step

CASES = {
    name: case
    for name, case in train_step.cases(Namespace(device="cuda", batch=2)).items()
    if "64x64" not in name  # the same layers as for smaller pictures
}
RECORDED = [name for name in CASES if name[:3] in ("4.0", "5.0", "6.0")]  # the others take long here
LAYERS = ("1x1, 16 x 96 x 8² to 96", "BatchNorm2d, 8 x 64 x 32²", "MaxPool2d 2, 8 x 64 x 32²")


@pytest.fixture(autouse=True)
def cpu():
    """As in a benchmark, whose place decides what is on the card."""
    with dark.device("cpu"):
        yield


@pytest.mark.parametrize("name", CASES)
def test_dark_makes_every_step(name, monkeypatch):
    monkeypatch.setattr(places.Card, "steps", 1)
    assert 0 < CASES[name](dark, places.Card(dark))()[""] < 60


@pytest.mark.parametrize("name", RECORDED)
def test_dark_makes_steps_as_a_graph(name, monkeypatch):
    monkeypatch.setattr(places.Card, "steps", 5)
    assert 0 < CASES[name](dark, places.Card(dark, "captured"))()[""] < 60


def test_a_loss_that_picks_out_objects_is_not_recorded(monkeypatch):
    """If this fails, benchmarks/train_step.py can measure it as a graph too."""
    monkeypatch.setattr(places.Card, "steps", 5)
    (name,) = (name for name in CASES if train_step.not_recorded(name, "dark captured"))
    with pytest.raises(RuntimeError, match="while a graph is recorded"):
        CASES[name](dark, places.Card(dark, "captured"))()


@pytest.mark.parametrize("name", LAYERS)
def test_dark_computes_layers(name):
    assert set(ops.CASES[name](dark, places.Card(dark))()) == {"forward", "backward", "both"}


def test_memory_is_counted():
    place = places.Card(dark)
    place.steps = 1
    memory = place.memory(CASES["4.0, batch 2, SGD"](dark, place))
    assert memory["reserved"] >= memory["peak"] > 4 * 784 * 512  # the first layer's weights
