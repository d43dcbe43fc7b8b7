"""The samples on a card: a few steps of each with the CPU's losses, checkpoints of either."""  # beyond

import math
from functools import partial
from itertools import count, pairwise

import numpy as np
import pytest

import dark
import test_sample_5_1
import test_sample_6_0
import test_sample_6_1
import test_sample_7_0_training
from dark_samples import Run
from dark_samples.catalogue import SampleError, find_sample
from dark_samples.compare import RecordedRun
from sample_runs import killed_and_resumed


@pytest.fixture(autouse=True)
def the_default_is_the_cpu():
    """As for users: a sample says itself what is computed on the card."""
    before = dark.get_default_device()
    dark.set_default_device("cpu")
    yield
    dark.set_default_device(before)


def noise(script, shape, classes, batch_size):
    """Have a script read a few pictures of noise, three batches of them."""
    rng = np.random.default_rng(0)
    parts = []
    for pictures in (3 * batch_size, 3):
        parts += [rng.integers(0, 256, (pictures, *shape), np.uint8), rng.integers(0, classes, pictures)]
    names = script.__globals__
    arrays = names["load"].__globals__["Arrays"]("noise", *parts)
    names["load"] = lambda *arguments, **options: arrays
    names["BATCH_SIZE"] = batch_size
    return script


def few_faces(script):
    """Have a script of 5.1 read so few faces, two at a time."""
    script.__globals__["BATCH_SIZE"] = 2
    return test_sample_5_1.little_data(script, 4, 3)


def few_characters(script):
    """Have a script of 6.0 read so few characters, four at a time, which the networks see as they are."""
    script.__globals__.update(BATCH_SIZE=4, NOISE=0.0)
    return test_sample_6_0.little_data(script, 8) if "load" in script.__globals__ else script


def few_squares(script):
    """Have a script of 6.1 read so few pictures, three at a time."""
    script = test_sample_6_1.little_data(script, 6)
    script.__globals__["BATCH_SIZE"] = 3
    return script


def few_scenes(script):
    """Have a script of 7.0 read so few pictures, four at a time."""
    script = test_sample_7_0_training.little_data(script, 8)
    script.__globals__["BATCH_SIZE"] = 4
    return script


# How scripts get little to do, and the options of the training that they have alone.
PREPARED = {
    "2.0": (lambda script: script, {}),
    "3.0": (lambda script: script, {}),
    "4.0": (partial(noise, shape=(28, 28), classes=10, batch_size=8), {}),
    "5.0": (partial(noise, shape=(32, 32, 3), classes=2, batch_size=8), {}),
    "5.1": (few_faces, {}),
    "6.0": (few_characters, test_sample_6_0.OWN),
    "6.1": (few_squares, {}),
    "7.0": (few_scenes, {}),
}
MANY_FRAMES = {"2.0", "3.0"}
WITH_RANDOM_NUMBERS_OF_THE_CARD = {"6.0"}


def trained(number, folder, device="cuda", epochs=1, **options):
    """A run of a sample with little to do that has ended."""
    prepare, own = PREPARED[number]
    run = Run(number, "dark", folder, device=device, epochs=epochs, own=own, **options)
    prepare(find_sample(number).script("dark", "train"))(run, **own)
    return run


@pytest.mark.parametrize("number", PREPARED)
def test_a_sample_has_the_losses_of_the_cpu_and_is_tested_on_the_card(number, tmp_path, monkeypatch):
    if number in MANY_FRAMES:
        monkeypatch.setattr(Run, "show_frame", lambda self, figure: None)
    on_card = trained(number, tmp_path)
    on_cpu = trained(number, tmp_path / "cpu", device="cpu")
    assert on_card.kept or number == "2.0"
    for name, thing in on_card.kept.items():
        if isinstance(thing, dark.nn.Module):
            assert {p.device.type for p in thing.parameters()} == {"cuda"}, name
    compared = 1 if number in WITH_RANDOM_NUMBERS_OF_THE_CARD else len(on_cpu.losses)
    assert on_card.losses[:compared] == pytest.approx(on_cpu.losses[:compared], rel=1e-4)
    assert len(on_card.losses) == len(on_cpu.losses) > 1
    assert on_card.metrics.keys() == on_cpu.metrics.keys()
    if number not in WITH_RANDOM_NUMBERS_OF_THE_CARD:
        assert on_card.metrics == pytest.approx(on_cpu.metrics, rel=1e-2, nan_ok=True)

    if number == "2.0":
        return
    shown = {}
    monkeypatch.setattr(Run, "show", lambda self, metrics, **figures: shown.update(metrics, **figures))
    options = {"count": 4, "ways": 1} if number == "6.0" else {}
    test = find_sample(number).script("dark", "test")
    if number not in ("3.0", "6.0"):
        test = PREPARED[number][0](test)
    test(Run(number, "dark", tmp_path, device="cuda"), **options)
    tested = {name: value for name, value in on_card.metrics.items() if name in shown}
    assert {name: shown[name] for name in tested} == pytest.approx(tested, rel=1e-4, nan_ok=True)
    assert shown


def test_a_killed_run_goes_on_with_the_random_numbers_of_the_card(tmp_path):
    whole = trained("6.0", tmp_path / "whole", epochs=2)
    resumed = killed_and_resumed(partial(run_of_two, "6.0", ("cuda", "cuda")), tmp_path / "killed", 2)
    assert resumed.losses == whole.losses
    assert resumed.numbers == whole.numbers


def run_of_two(number, devices, folder, **options):
    """A run that began on one device and goes on, with `resume`, on the other."""
    if options.get("resume"):
        options["epochs"] = 0
    return trained(number, folder, device=devices[bool(options.get("resume"))], **options)


@pytest.mark.parametrize("devices", [("cpu", "cuda"), ("cuda", "cpu")], ids="-".join)
def test_a_run_goes_on_on_another_device(tmp_path, devices):
    whole = trained("6.1", tmp_path / "whole", device="cpu", epochs=2)
    resumed = killed_and_resumed(partial(run_of_two, "6.1", devices), tmp_path / "killed", 2)
    assert resumed.losses == pytest.approx(whole.losses, rel=1e-4)
    assert {p.device.type for p in resumed.kept["model"].parameters()} == {devices[1]}


def test_a_step_waits_for_the_card_once(tmp_path, monkeypatch):
    """Counted are the numbers that Python gets; masks that are counted before they pick wait, too."""
    item, tolist = dark.Tensor.item, dark.Tensor.tolist
    waits = count()
    monkeypatch.setattr(dark.Tensor, "item", lambda self: (self.is_cuda and next(waits), item(self))[1])
    monkeypatch.setattr(dark.Tensor, "tolist", lambda self: (self.is_cuda and next(waits), tolist(self))[1])
    steps, log_step = [], Run.log_step

    def noted(self, loss, **numbers):
        steps.append(next(waits))
        log_step(self, loss, **numbers)

    monkeypatch.setattr(Run, "log_step", noted)
    for number in ("4.0", "5.0", "6.0", "6.1", "7.0"):
        steps.clear()
        trained(number, tmp_path / number)
        between = [later - before - 1 for before, later in pairwise(steps)]
        assert set(between) == {1}, number


def test_a_comparison_copies_what_it_notes(tmp_path):
    run = RecordedRun("3.0", "dark", tmp_path, device="cuda", epochs=1)
    run.follow(find_sample("3.0").script("dark", "train"), 2)
    records = list(run.recorded())
    assert len(records) == 2
    for record in records:
        assert all(type(array) is np.ndarray for array in record.tensors.values())
        assert math.isfinite(record.tensors["loss"])


def test_a_card_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SampleError, match="--device cuda:9: cuda:9: this computer has"):
        Run("5.0", "dark", tmp_path, device="cuda:9")
    with pytest.raises(SampleError, match="--device cuda: this lesson computes on the CPU"):
        Run("1.0", "dark", tmp_path, device="cuda")
