"""Sample 6.0: its two networks, what is drawn with one of them, training and going on."""  # beyond

import importlib
import io
import math
import sys
from pathlib import Path

import numpy as np
import pytest

import dark
from against_torch import needs_torch, torch
from dark_samples import Run
from dark_samples.catalogue import find_sample
from sample_runs import check_in_step

SAMPLE = find_sample(str(Path(__file__).parent.parent / "dark-6" / "samples" / "6.0-GAN-image_gen"))
OWN = {"size": 32, "width": 4}  # of the pictures and networks that are trained here
BATCHES = 2


@pytest.fixture
def modules(monkeypatch):
    """Import a module of the sample by name; other samples have modules of the same names."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    SAMPLE.script("dark", "train")
    return importlib.import_module


def discs(count, seed=0, size=64):
    """Pictures of discs, uint8 (N, size, size, 3), on light backgrounds."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:size, :size] - size // 2
    images = np.empty((count, size, size, 3), np.uint8)
    for image in images:
        image[:] = rng.integers(180, 256, 3)
        image[y**2 + x**2 < (size * rng.uniform(0.2, 0.45)) ** 2] = rng.integers(0, 256, 3)
    return images


def little_data(script, count):
    """Have a training script of the sample read so few pictures."""
    names = script.__globals__
    Characters = names["load"].__globals__["Characters"]
    names["load"] = lambda *arguments, size, **options: Characters(
        "discs", discs(count, size=size), discs(60, seed=1, size=size)
    )
    return script


def trained(folder, framework="dark", **options):
    """A run of the sample on few pictures that has ended."""
    run = Run("6.0", framework, folder, own=OWN, **options)
    little_data(SAMPLE.script(framework, "train"), BATCHES * 32 + 1)(run, **OWN)
    return run


@pytest.mark.parametrize("size", [16, 32, 64])
def test_networks_of_another_size_have_a_layer_more_or_less(modules, size):
    model = modules("model")
    generator, discriminator = model.Generator(2, size), model.Discriminator(2, size)
    pictures = generator(dark.randn(3, 100))
    assert pictures.shape == (3, 3, size, size)
    assert discriminator(pictures).shape == (3,)
    assert max(len(p) for p in discriminator.parameters()) == size // 4


def test_the_networks_of_the_papers_width_have_its_shapes_and_weights(modules):
    """The numbers of weights are those of PyTorch's DCGAN with 64 channels and 100 numbers of noise."""
    model, shapes = modules("model"), []
    generator, discriminator = model.Generator(64), model.Discriminator(64)
    counts = [sum(p.numel() for p in network.parameters()) for network in (generator, discriminator)]
    assert counts == [3_576_704, 2_765_568]
    for network in (model.Generator(2), model.Discriminator(2)):
        for layer in network.layers:
            layer.register_forward_hook(lambda module, inputs, output: shapes.append(tuple(output.shape)))
        network(dark.randn(3, 100) if isinstance(network, model.Generator) else dark.randn(3, 3, 64, 64))
    assert shapes == [
        (3, 16, 4, 4), (3, 8, 8, 8), (3, 4, 16, 16), (3, 2, 32, 32), (3, 3, 64, 64), (3, 3, 64, 64),
        (3, 2, 32, 32), (3, 2, 32, 32), (3, 4, 16, 16), (3, 8, 8, 8), (3, 16, 4, 4), (3, 1, 1, 1), (3,),
    ]  # fmt: skip


def test_weights_begin_with_a_deviation_of_a_fiftieth(modules):
    dark.manual_seed(0)
    model, nn = modules("model"), dark.nn
    for network in (model.Generator(16), model.Discriminator(16)):
        for module in network.modules():
            if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
                mean, margin = 0, 6 / math.sqrt(module.weight.numel())
                assert module.bias is None
            elif isinstance(module, nn.BatchNorm2d):
                mean, margin = 1, 6 / math.sqrt(module.weight.numel())
                assert (module.bias == 0).all()
            else:
                continue
            values = module.weight.detach().numpy()
            assert abs(values.mean() - mean) < 0.02 * margin
            assert abs(values.std() / 0.02 - 1) < margin


@needs_torch
@pytest.mark.parametrize("name", ["Generator", "Discriminator"])
def test_both_versions_start_from_the_same_weights_and_agree(name):
    states, outputs = [], []
    shape = (4, 100) if name == "Generator" else (4, 3, 64, 64)
    given = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    for framework, version in ((dark, "dark"), (torch, "torch")):
        framework.manual_seed(3)
        network = SAMPLE.script(version, "train").__globals__[name](8)
        states.append({key: value.numpy() for key, value in network.state_dict().items()})
        outputs.append(network(framework.tensor(given)).detach().numpy())
    assert list(states[0]) == list(states[1])
    for key, value in states[0].items():
        np.testing.assert_allclose(value, states[1][key], atol=1e-6, err_msg=key)
    np.testing.assert_allclose(outputs[0], outputs[1], atol=1e-4 * np.abs(outputs[1]).max())


def test_noise_is_put_on_pictures_only_where_it_is_asked_for(modules):
    network, pictures = modules("model").Discriminator(2), dark.rand(4, 3, 64, 64)
    seen = []
    network.layers.register_forward_hook(lambda module, inputs, output: seen.append(inputs[0].numpy()))
    network(pictures)
    network(pictures, 0.5)
    np.testing.assert_array_equal(seen[0], pictures.numpy())
    assert (seen[1] - seen[0]).std() == pytest.approx(0.5, rel=0.02)


# Colours


def test_colours_come_back_as_they_went_in(modules):
    dataset, images = modules("dataset"), discs(5)
    images[0, :2] = np.array([0, 255])[:, None, None]
    pictures = dataset.Pictures(images)
    assert (len(pictures), pictures[0].shape, pictures[0].dtype) == (5, (3, 64, 64), dark.float32)
    assert (pictures[0][:, 0].min().item(), pictures[0][:, 1].max().item()) == (-1, 1)
    every = np.arange(256, dtype=np.uint8).repeat(48).reshape(1, 64, 64, 3)
    for given in (images, every):
        back = dataset.as_images(dark.stack([*dataset.Pictures(given)]))
        assert back.dtype == np.uint8
        np.testing.assert_array_equal(back, given)


@pytest.mark.parametrize("size", [32, 64])
def test_every_pixel_is_one_of_the_pictures_in_red_green_and_blue(modules, size):
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read files with")
    from dark_samples.pictures import as_png

    pictures, images = modules("pictures"), discs(12, size=size)
    inputs = dark.stack([*modules("dataset").Pictures(images)])
    with image.open(io.BytesIO(as_png(pictures.draw_sheet(inputs, 5)))) as file:
        sheet = np.asarray(file.convert("RGB"))
    assert sheet.shape == (3 * 66 + 16, 5 * 66 + 16, 3)
    for i, picture in enumerate(images):
        top, left = 8 + i // 5 * 66, 8 + i % 5 * 66
        shown = sheet[top : top + 64, left : left + 64]
        np.testing.assert_array_equal(shown, picture.repeat(64 // size, 0).repeat(64 // size, 1))


# Drawing


def test_a_point_gives_its_picture_in_any_company_and_drawing_changes_no_network(modules, monkeypatch):
    dark.manual_seed(0)
    generation, generator = modules("generation"), modules("model").Generator(2)
    generator(generation.random_points(20, "cpu"))  # running statistics that are not the first
    before = {key: value.numpy().copy() for key, value in generator.state_dict().items()}
    points = generation.random_points(7, "cpu")
    monkeypatch.setattr(generation, "AT_ONCE", 3)
    together = generation.draw(generator, points)
    alone = generation.draw(generator, points[4:5])
    assert (together.shape, together.requires_grad, generator.training) == ((7, 3, 64, 64), False, True)
    np.testing.assert_allclose(together[4:5].numpy(), alone.numpy(), atol=1e-5)
    for key, value in generator.state_dict().items():
        np.testing.assert_array_equal(value.numpy(), before[key], err_msg=key)


def test_a_way_leads_from_point_to_point_along_the_sphere_in_equal_steps(modules):
    dark.manual_seed(1)
    generation = modules("generation")
    start, end = generation.random_points(2, "cpu")
    way = generation.way(start, end * (start**2).sum().sqrt() / (end**2).sum().sqrt(), 9).numpy()
    radii = np.linalg.norm(way, axis=1)
    np.testing.assert_allclose(way[0], start.numpy(), atol=1e-5)
    np.testing.assert_allclose(radii, radii[0], rtol=1e-5)
    np.testing.assert_allclose(way[-1] / radii[-1], end.numpy() / np.linalg.norm(end.numpy()), atol=1e-5)
    steps = np.linalg.norm(np.diff(way, axis=0), axis=1)
    np.testing.assert_allclose(steps, steps[0], rtol=1e-4)


def test_pictures_between_begin_and_end_with_those_of_the_points(modules):
    dark.manual_seed(0)
    generation, generator = modules("generation"), modules("model").Generator(2)
    points = generation.random_points(4, "cpu")
    ways = generation.draw_between(generator, points)
    ends = generation.draw(generator, points)
    assert len(ways) == 2 * generation.STEPS
    for place, end in zip((0, generation.STEPS - 1, generation.STEPS, -1), ends, strict=True):
        np.testing.assert_allclose(ways[place].numpy(), end.numpy(), atol=1e-4)


# Training


def test_each_network_learns_from_its_own_loss_alone(monkeypatch, tmp_path):
    """When the discriminator steps, the generator has no gradient yet; afterwards its own stays as it was."""
    train = little_data(SAMPLE.script("dark", "train"), 32)
    networks, stepped = {}, []

    def gradients(network):
        return [None if p.grad is None else p.grad.numpy().copy() for p in network.parameters()]

    class Watched(dark.optim.Adam):
        def step(self):
            stepped.append({name: gradients(network) for name, network in networks.items()})
            return super().step()

    def keep(self, generator, discriminator, **others):
        networks.update(generator=generator, discriminator=discriminator)

    def log_step(self, *numbers, **more):
        stepped.append({name: gradients(network) for name, network in networks.items()})
        assert all(p.requires_grad for p in networks["discriminator"].parameters())
        raise KeyboardInterrupt

    monkeypatch.setattr(dark.optim, "Adam", Watched)
    monkeypatch.setattr(Run, "keep", keep)
    monkeypatch.setattr(Run, "log_step", log_step)
    with pytest.raises(KeyboardInterrupt):
        train(Run("6.0", "dark", tmp_path), width=2)
    discriminators, generators, after = stepped
    assert all(gradient is None for gradient in discriminators["generator"])
    for name, before in (("discriminator", discriminators), ("generator", generators)):
        for a, b in zip(before[name], after[name], strict=True):
            np.testing.assert_array_equal(a, b)


def test_what_the_networks_see_and_what_they_are_asked_for(monkeypatch, tmp_path):
    """The discriminator answers 0.9 to real pictures and 0 to drawn ones; the generator wants 1 of these."""
    train = little_data(SAMPLE.script("dark", "train"), BATCHES * 32)
    names, steps = train.__globals__, Run.steps
    batches, seen, noises, asked, measured = [], [], [], [], []

    class Discriminator(names["Discriminator"]):
        def forward(self, pictures, noise):
            seen.append(pictures.detach().numpy())
            noises.append(noise)
            return super().forward(pictures, noise)

    class Loss(dark.nn.BCEWithLogitsLoss):
        def forward(self, scores, targets):
            asked.extend({*targets.tolist()})
            return super().forward(scores, targets)

    def watched_steps(self, loader):
        for batch in steps(self, loader):
            batches.append(batch.numpy())
            yield batch

    def watched_features(images, device):
        measured.append(images)
        return features_of(images, device)

    features_of = names["features_of"]
    monkeypatch.setattr(Run, "steps", watched_steps)
    monkeypatch.setattr(dark.nn, "BCEWithLogitsLoss", Loss)
    for name, other in {
        "Discriminator": Discriminator, "features_of": watched_features, "LEAST_STEPS": 2 * BATCHES,
    }.items():  # fmt: skip
        monkeypatch.setitem(names, name, other)
    train(Run("6.0", "dark", tmp_path, epochs=2), size=32, width=2)
    assert asked == pytest.approx([0.9, 0, 1] * 4)
    assert noises == pytest.approx(np.repeat([0.2, 0.1, 0, 0], 3))
    for batch, real, fake, again in zip(batches, seen[::3], seen[1::3], seen[2::3], strict=True):
        np.testing.assert_array_equal(real, batch)
        np.testing.assert_array_equal(fake, again)
        assert (real != fake).any()
    np.testing.assert_array_equal(measured[0], discs(60, seed=1, size=32))  # none that is trained with


def test_a_run_leaves_its_pictures_resumes_and_draws_again(monkeypatch, tmp_path):
    whole = trained(tmp_path / "whole", epochs=2)
    assert len(whole.losses) == 2 * BATCHES  # what is no whole batch is left out
    assert [*whole.numbers] == ["generator_loss", "d_real", "d_fake"]
    assert [*whole.history[-1]] == ["frechet_distance", "d_real", "d_fake"]
    assert all(math.isfinite(value) for value in whole.history[-1].values())
    assert whole.history[1]["d_real"] == pytest.approx(sum(whole.numbers["d_real"][2:]) / 2)
    names = {path.name for path in (tmp_path / "whole").iterdir()}
    assert names == {
        "animation.gif", "checkpoint.safetensors", "characters.png", "frames", "interpolation.png",
        "learning_curve.png",
    }  # fmt: skip
    assert len([*(tmp_path / "whole" / "frames").iterdir()]) == 2 + 1

    def killed(self, *numbers, **more):
        log_step(self, *numbers, **more)
        if len(self.losses) == BATCHES + 1:
            raise KeyboardInterrupt

    log_step = Run.log_step
    with monkeypatch.context() as patch:
        patch.setattr(Run, "log_step", killed)
        with pytest.raises(KeyboardInterrupt):
            trained(tmp_path / "parts", epochs=2)
    resumed = trained(tmp_path / "parts", resume=True)
    assert resumed.losses == whole.losses
    assert resumed.numbers == whole.numbers
    assert resumed.history == whole.history
    for name in ("characters.png", "animation.gif"):
        assert (tmp_path / "parts" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()

    test = SAMPLE.script("dark", "test")
    contents = []
    for seed in (0, 0, 1):
        test(Run("6.0", "dark", tmp_path / "whole"), count=13, ways=2, seed=seed)
        contents.append([(tmp_path / "whole" / f"{name}.png").read_bytes() for name in ("drawn", "between")])
    assert contents[0] == contents[1] != contents[2]


@needs_torch
def test_both_versions_have_the_same_losses(tmp_path, capsys):
    def prepared(script):
        train = little_data(script, BATCHES * 32)
        return lambda run: train(run, **OWN)

    check_in_step(SAMPLE, prepared, tmp_path, capsys, epochs=2, steps=2 * BATCHES, tolerance=1e-3)
