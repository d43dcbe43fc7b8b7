"""Sample 5.0: its network, its augmentation in both versions, and naming pictures from files."""  # beyond

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

import dark
from against_torch import needs_torch, torch
from dark_samples import Run
from dark_samples.catalogue import SampleError, find_sample

SAMPLE = find_sample(str(Path(__file__).parent.parent / "dark-5" / "samples" / "5.0-ResNet-classification"))


@pytest.fixture
def modules(monkeypatch):
    """Import a module of one version of the sample by name."""
    monkeypatch.setattr(sys, "path", list(sys.path))

    def imported(framework, name):
        SAMPLE.script(framework, "train")
        return importlib.import_module(name)

    return imported


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (20, 32, 32, 3), np.uint8)


def test_the_network_has_eight_convolutions_and_a_vector_of_512_features(modules):
    dark.manual_seed(0)
    model = modules("dark", "model").ResNet9(10)
    convolutions = [m for m in model.modules() if isinstance(m, dark.nn.Conv2d)]
    assert [(c.in_channels, c.out_channels) for c in convolutions] == [
        (3, 64), (64, 128), (128, 128), (128, 128), (128, 256), (256, 512), (512, 512), (512, 512),
    ]  # fmt: skip
    assert model.features(dark.zeros(2, 3, 32, 32)).shape == (2, 512)
    assert model(dark.zeros(2, 3, 32, 32)).shape == (2, 10)


@needs_torch
def test_both_networks_begin_with_the_same_weights_under_the_same_names(modules):
    ours, theirs = (
        (framework.manual_seed(3), modules(framework.__name__, "model").ResNet9(2).state_dict())[1]
        for framework in (dark, torch)
    )
    assert list(ours) == list(theirs)
    for name, weights in ours.items():
        np.testing.assert_array_equal(weights.numpy(), theirs[name].numpy(), err_msg=name)


@needs_torch
def test_both_versions_change_pictures_alike_bit_for_bit(modules, images):
    pictures = []
    for framework in (dark, torch):
        dataset = modules(framework.__name__, "dataset")
        framework.manual_seed(1)
        training = dataset.Pictures(images, range(20), dataset.training)
        testing = dataset.Pictures(images, range(20), dataset.testing)
        pictures.append([picture.numpy() for data in (training, testing) for picture, _ in data])
    for ours, theirs in zip(*pictures, strict=True):
        assert ours.shape == (3, 32, 32)
        np.testing.assert_array_equal(ours, theirs)


def test_training_pictures_are_shifted_by_at_most_four_and_flipped_half_of_the_time(modules, images):
    dataset = modules("dark", "dataset")
    dark.manual_seed(0)
    plain = dataset.testing(images[0]).numpy()
    black = dataset.testing(np.zeros_like(images[0])).numpy()[:, :1, :1]
    around = np.broadcast_to(black, (3, 40, 40)).copy()
    around[:, 4:-4, 4:-4] = plain
    seen = []
    for _ in range(200):
        picture = dataset.training(images[0]).numpy()
        places = [
            (top, left, direction == -1)
            for top in range(9) for left in range(9) for direction in (1, -1)
            if np.array_equal(around[:, top : top + 32, left : left + 32][..., ::direction], picture)
        ]  # fmt: skip
        assert len(places) == 1
        seen += places
    tops, lefts, flips = zip(*seen, strict=True)
    assert set(tops) == set(lefts) == set(range(9))
    assert 70 < sum(flips) < 130


@pytest.fixture
def trained(modules, tmp_path):
    """A folder with the weights of a network that calls red pictures automobiles."""
    dark.manual_seed(0)
    model = modules("dark", "model").ResNet9(2)
    run = Run("5.0", "dark", tmp_path / "run")
    run.output.mkdir()
    with dark.no_grad():
        probe = np.zeros((2, 32, 32, 3), np.uint8)
        probe[0, ..., 2] = probe[1, ..., 0] = 255  # a blue picture and a red one
        blue, red = model.eval().features(dark.stack([modules("dark", "dataset").testing(p) for p in probe]))
        difference = red - blue
        model.classifier.weight[1] = 100 * difference / (difference**2).sum()
        model.classifier.weight[0] = 0
        model.classifier.bias[1] = -50 * ((red + blue) * difference).sum() / (difference**2).sum()
        model.classifier.bias[0] = 0
    run.keep(model=model)
    run.save()
    return run.output


def photo(path, color):
    """A picture of another size, in a file."""
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read files with")
    image.new("RGB", (90, 50), color).save(path)
    return path


def test_it_names_pictures_from_files(trained, tmp_path, capsys):
    files = [photo(tmp_path / "blue.png", "blue"), photo(tmp_path / "red.jpg", "red")]
    SAMPLE.script("dark", "test")(Run("5.0", "dark", trained), files=files)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in lines[:2]] == [f"{files[0]}: airplane", f"{files[1]}: automobile"]
    assert (trained / "files.png").is_file()


def test_a_file_that_is_no_picture_is_named(trained, tmp_path):
    path = tmp_path / "text.png"
    path.write_text("no picture")
    with pytest.raises(SampleError, match=r"text\.png is no picture"):
        SAMPLE.script("dark", "test")(Run("5.0", "dark", trained), files=[path])
    with pytest.raises(FileNotFoundError):
        SAMPLE.script("dark", "test")(Run("5.0", "dark", trained), files=[tmp_path / "none.png"])
