"""Sample 6.1: its network, loss and measures, pictures of any size, training and going on."""  # beyond

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

import dark
from against_torch import needs_torch, torch
from dark import autograd
from dark_samples import Run
from dark_samples.catalogue import find_sample
from sample_runs import check_in_step, killed_and_resumed

SAMPLE = find_sample(str(Path(__file__).parent.parent / "dark-6" / "samples" / "6.1-UNet-segmentation"))
NARROW = 4, 8, 16, 32, 64  # widths of a network that is quickly tried
SIDE = 32


@pytest.fixture
def modules(monkeypatch):
    """Import a module of the sample by name; other samples have modules of the same names."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    SAMPLE.script("dark", "train")
    return importlib.import_module


def squares(count, color, seed=0):
    """Pictures, uint8 (N, 32, 32, 3), of one square each on noise, and its mask; all blue is `color`."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 60, (count, SIDE, SIDE, 3), np.uint8)
    masks = np.zeros((count, SIDE, SIDE), np.uint8)
    for mask, (top, left), side in zip(
        masks, rng.integers(0, 12, (count, 2)), rng.integers(10, 20, count), strict=True
    ):
        mask[top : top + side, left : left + side] = 1
    images[masks > 0] += 150
    images[..., 2] = color
    return images, masks


TRAIN, VALIDATION, TEST = 10, 20, 30  # the blue of their pictures


def little_data(script, count=20):
    """Have a script of the sample read a few small pictures, and make a narrow network of them."""
    names = script.__globals__
    parts = [squares(n, color, color) for n, color in ((count, TRAIN), (3, VALIDATION), (5, TEST))]
    pictures = names["load"].__globals__["Pictures"](*[array for part in parts for array in part], "squares")
    names["load"] = lambda *arguments, **options: pictures
    UNet = names["UNet"]
    names["UNet"] = lambda: UNet(NARROW)
    return script


def trained(folder, framework="dark", **options):
    """A run of the sample on few pictures that has ended."""
    run = Run("6.1", framework, folder, **options)
    little_data(SAMPLE.script(framework, "train"))(run)
    return run


# The network


def watched(model):
    """A dict to which the blocks of the network will add their input and output."""
    seen = {}
    for name, module in model.named_modules():
        if name.count(".") == 1:
            module.register_forward_hook(lambda _, inputs, y, name=name: seen.update({name: (inputs[0], y)}))
    return seen


def test_the_network_halves_four_times_and_doubles_four_times(modules):
    model = modules("model").UNet().eval()
    seen = watched(model)
    with dark.no_grad():
        assert model(dark.zeros(1, 3, 64, 64)).shape == (1, 64, 64)
    assert {name: (*x.shape[1:3], *y.shape[1:3]) for name, (x, y) in seen.items()} == {
        "down.0": (3, 64, 32, 64), "down.1": (32, 32, 64, 32), "down.2": (64, 16, 128, 16),
        "down.3": (128, 8, 256, 8), "down.4": (256, 4, 512, 4),
        "enlarge.0": (512, 4, 256, 8), "up.0": (512, 8, 256, 8),
        "enlarge.1": (256, 8, 128, 16), "up.1": (256, 16, 128, 16),
        "enlarge.2": (128, 16, 64, 32), "up.2": (128, 32, 64, 32),
        "enlarge.3": (64, 32, 32, 64), "up.3": (64, 64, 32, 64),
    }  # fmt: skip


@pytest.mark.parametrize("size", [(16, 16), (32, 80), (112, 48)])
def test_pictures_of_other_sizes_work(modules, size):
    model = modules("model").UNet(NARROW).eval()
    with dark.no_grad():
        assert model(dark.randn(2, 3, *size)).shape == (2, *size)


def test_every_size_on_the_way_up_gets_what_the_way_down_had_there(modules):
    model = modules("model").UNet(NARROW)
    seen = watched(model)
    model(dark.randn(2, 3, 32, 48))
    for i, width in enumerate(NARROW[-2::-1]):
        both = seen[f"up.{i}"][0]
        assert dark.equal(both[:, :width], seen[f"down.{3 - i}"][1])
        assert dark.equal(both[:, width:], seen[f"enlarge.{i}"][1])


@needs_torch
def test_both_networks_start_from_the_same_weights_and_agree():
    states, outputs = [], []
    images = np.random.default_rng(0).standard_normal((2, 3, 32, 48)).astype(np.float32)
    for framework, name in ((dark, "dark"), (torch, "torch")):
        framework.manual_seed(3)
        model = SAMPLE.script(name, "train").__globals__["UNet"](NARROW)
        states.append({key: value.numpy().copy() for key, value in model.state_dict().items()})
        outputs.append(model(framework.tensor(images)).detach().numpy())
    assert list(states[0]) == list(states[1])
    for key, value in states[0].items():
        np.testing.assert_array_equal(value, states[1][key], err_msg=key)
    np.testing.assert_allclose(outputs[0], outputs[1], atol=1e-4 * np.abs(outputs[1]).max())


# Loss and measures


def test_soft_dice_is_the_formula_for_each_picture(modules):
    dice_loss, rng = modules("loss").dice_loss, np.random.default_rng(0)
    scores, masks = rng.standard_normal((3, 4, 5)), (rng.random((3, 4, 5)) < 0.4).astype(float)
    expected = []
    for score, mask in zip(scores, masks, strict=True):
        p = 1 / (1 + np.exp(-score))
        expected.append(1 - (2 * (p * mask).sum() + 1) / (p.sum() + mask.sum() + 1))
    assert dice_loss(dark.tensor(scores), dark.tensor(masks)).item() == pytest.approx(np.mean(expected))


def test_the_loss_of_a_right_mask_is_0_with_and_without_a_car(modules):
    criterion = modules("loss").SegmentationLoss()
    masks = dark.zeros(2, 4, 4)
    masks[0, 1:3] = 1
    assert criterion(2000 * masks - 1000, masks).item() == 0
    assert criterion(1000 - 2000 * masks, masks).item() > 1000


def test_the_gradient_of_the_loss_is_right_and_stays_finite(modules):
    criterion, rng = modules("loss").SegmentationLoss(), np.random.default_rng(0)
    masks = dark.tensor((rng.random((2, 3, 4)) < 0.5).astype(float))
    scores = dark.tensor(rng.standard_normal((2, 3, 4)), requires_grad=True)
    assert autograd.gradcheck(lambda scores: criterion(scores, masks), (scores,))
    large = dark.tensor(rng.choice([-1e4, 1e4], (2, 3, 4)).astype(np.float32), requires_grad=True)
    criterion(large, dark.zeros(2, 3, 4)).backward()
    assert large.grad.isfinite().all()


def block(top, bottom, left, right):
    """A mask (1, 4, 4) of a block."""
    mask = np.zeros((1, 4, 4), bool)
    mask[0, top:bottom, left:right] = True
    return mask


@pytest.mark.parametrize(
    ("found", "true", "dice", "iou"),
    [
        (block(0, 2, 0, 2), block(0, 2, 0, 2), 1, 1),
        (block(0, 2, 0, 2), block(1, 3, 0, 2), 1 / 2, 1 / 3),
        (block(0, 4, 0, 4), block(0, 2, 0, 2), 8 / 20, 4 / 16),
        (block(0, 1, 0, 1), block(3, 4, 3, 4), 0, 0),
        (block(0, 0, 0, 0), block(0, 2, 0, 2), 0, 0),
        (block(0, 2, 0, 2), block(0, 0, 0, 0), 0, 0),
        (block(0, 0, 0, 0), block(0, 0, 0, 0), 1, 1),
    ],
)
def test_dice_and_iou_of_masks(modules, found, true, dice, iou):
    evaluation = modules("evaluation")
    for mask in (true, true.astype(np.uint8)):
        assert evaluation.dice(found, mask).tolist() == pytest.approx([dice])
        assert evaluation.iou(found, mask).tolist() == pytest.approx([iou])


def test_every_picture_counts_the_same_however_large_its_car_is(modules):
    found = np.concatenate([block(0, 4, 0, 4), block(0, 1, 0, 1)])
    true = np.concatenate([block(0, 4, 0, 4), block(0, 1, 0, 2)])
    assert modules("evaluation").dice(found, true).tolist() == pytest.approx([1, 2 / 3])


# Pictures


def test_an_item_is_a_picture_within_one_and_its_mask(modules):
    images, masks = squares(4, 7)
    images[0, :2] = np.array([0, 255])[:, None, None]
    cars = modules("dataset").Cars(images, masks)
    image, mask = cars[0]
    assert (len(cars), image.shape, mask.shape, mask.dtype) == (4, (3, 32, 32), (32, 32), dark.float32)
    assert (image.min().item(), image.max().item()) == (-1, 1)
    np.testing.assert_allclose(image[1, 9].tolist(), images[0, 9, :, 1] / 127.5 - 1, atol=1e-6)
    np.testing.assert_array_equal(mask.numpy(), masks[0])


def test_masks_are_found_a_batch_at_a_time_and_as_one_by_one(modules, monkeypatch):
    evaluation = modules("evaluation")
    monkeypatch.setattr(evaluation, "AT_ONCE", 2)
    model, images = modules("model").UNet(NARROW), squares(3, 7)[0]
    found = evaluation.find_masks(model, images, "cpu")
    assert (found.shape, found.dtype, model.training) == ((3, 32, 32), bool, False)
    np.testing.assert_array_equal(found[2:], evaluation.find_masks(model, images[2:], "cpu"))


class Bright(dark.nn.Module):
    """Stands for the network: what is brighter than gray is car."""

    def forward(self, images):
        self.seen = images
        return images.mean(1)


def test_a_photograph_is_seen_small_and_its_mask_has_its_own_size(modules):
    find_mask, model = modules("evaluation").find_mask, Bright()
    rows, columns = np.mgrid[:90, :150]
    disc = (rows - 44.5) ** 2 + (columns - 80) ** 2 < 30**2
    photo = np.where(disc[..., None], np.uint8(230), np.uint8(20)).repeat(3, axis=2)
    found = find_mask(model, photo, (38, 64), "cpu")
    assert (tuple(model.seen.shape), found.shape, found.dtype) == ((1, 3, 48, 64), (90, 150), bool)
    assert dark.equal(model.seen[:, :, 38:], model.seen[:, :, 37:38].expand(1, 3, 10, 64))
    assert model.seen.min().item() == pytest.approx(20 / 127.5 - 1)
    assert (found != disc).mean() < 0.02
    np.testing.assert_array_equal(found, found[::-1])  # nothing has moved up or down


def test_a_picture_of_the_networks_size_has_the_mask_of_the_test(modules):
    evaluation, model = modules("evaluation"), modules("model").UNet(NARROW)
    image = squares(1, 7)[0][0]
    found = evaluation.find_mask(model, image, (SIDE, SIDE), "cpu")
    np.testing.assert_array_equal(found, evaluation.find_masks(model, image[None], "cpu")[0])


@pytest.mark.parametrize(
    ("shape", "longer", "seen"),
    [
        ((64, 64), 64, (64, 64)),
        ((1280, 1918), 64, (43, 64)),
        ((1280, 1918), 128, (85, 128)),
        ((640, 480), 64, (64, 48)),
        ((10, 3000), 64, (1, 64)),
        ((5, 7), 64, (46, 64)),
    ],
)
def test_the_network_sees_a_photograph_in_proportion(modules, shape, longer, seen):
    assert modules("photos").seen_size((*shape, 3), longer) == seen


@pytest.fixture
def image():
    """Pillow."""
    return pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read files with")


def test_a_car_is_cut_out_at_the_pictures_own_size(modules, tmp_path, image, capsys):
    files = [tmp_path / name for name in ("a.png", "b/a.jpg", "none.png")]
    (tmp_path / "b").mkdir()
    image.new("RGB", (40, 30), (200, 100, 50)).save(files[0])
    image.new("RGB", (500, 20)).save(files[1])
    image.new("RGB", (5, 5)).save(files[2])

    def find(photo, seen):
        sizes.append((photo.shape, seen))
        mask = np.zeros(photo.shape[:2], bool)
        mask[10:20, 10:] = True
        return mask

    sizes, run = [], Run("6.1", "dark", tmp_path / "run")
    modules("photos").cut_out(run, files, 64, find)
    assert sizes == [((30, 40, 3), (48, 64)), ((20, 500, 3), (3, 64)), ((5, 5, 3), (64, 64))]
    names = {f"{name}-{kind}.png" for name in ("a", "a-2", "none") for kind in ("cutout", "overlay")}
    assert {path.name for path in run.output.iterdir()} == names
    output = capsys.readouterr().out
    assert f"{files[0]}: 25% of it is car" in output
    assert f"{files[2]}: no car is found" in output
    with image.open(run.output / "a-cutout.png") as cut:
        assert (cut.mode, cut.size) == ("RGBA", (40, 30))
        pixels = np.array(cut)
    assert (pixels[10:20, 10:] == (200, 100, 50, 255)).all()
    pixels[10:20, 10:] = 0
    assert not pixels.any()
    with image.open(run.output / "a-overlay.png") as overlay:
        assert (overlay.mode, overlay.size) == ("RGB", (40, 30))
        assert overlay.getpixel((0, 0)) == (200, 100, 50) != overlay.getpixel((20, 15))


# Training


def test_the_pictures_to_train_validate_and_test_with_are_apart(tmp_path, monkeypatch):
    train = little_data(SAMPLE.script("dark", "train"))
    evaluation, steps, seen = vars(sys.modules["evaluation"]), Run.steps, []
    probabilities = evaluation["probabilities"]

    def watched_find(model, images, device):
        (blue,) = {*images[..., 2].ravel().tolist()}
        seen.append(blue)
        return probabilities(model, images, device)

    def watched_steps(self, loader):
        for images, masks in steps(self, loader):
            (blue,) = {*((images[:, 2] + 1) * 127.5).round().ravel().tolist()}
            seen.append(blue)
            yield images, masks

    monkeypatch.setattr(Run, "steps", watched_steps)
    for names in (train.__globals__, evaluation):
        monkeypatch.setitem(names, "probabilities", watched_find)
    train(Run("6.1", "dark", tmp_path, epochs=2))
    epoch = [TRAIN, VALIDATION, TRAIN, VALIDATION]  # a frame after the first batch, the measure at the end
    assert seen == [*epoch, *epoch, VALIDATION, TEST]


def test_the_network_learns_in_training_mode_also_after_it_was_watched(tmp_path, monkeypatch):
    train, log_step, modes = little_data(SAMPLE.script("dark", "train")), Run.log_step, []

    def noted(self, loss):
        modes.append(self.kept["model"].training)
        log_step(self, loss)

    monkeypatch.setattr(Run, "log_step", noted)
    train(Run("6.1", "dark", tmp_path, epochs=2))
    assert modes == [True] * 4


def test_the_network_of_the_best_epoch_is_kept(tmp_path, monkeypatch):
    train = little_data(SAMPLE.script("dark", "train"))
    scores, weights, log_epoch = iter([0.2, 0.9, 0.5, 0.7]), [], Run.log_epoch

    def noted(self, **metrics):
        weights.append(self.kept["model"].score.weight.clone())
        log_epoch(self, **metrics)

    monkeypatch.setattr(Run, "log_epoch", noted)
    monkeypatch.setitem(train.__globals__, "dice", lambda found, masks: np.full(3, next(scores)))
    run = Run("6.1", "dark", tmp_path, epochs=3)
    train(run)
    assert [epoch["validation_dice"] for epoch in run.history] == pytest.approx([0.2, 0.9, 0.5])
    assert run.metrics["test_dice"] == pytest.approx(0.7)
    same = [dark.equal(weight, run.kept["best"].score.weight) for weight in weights]
    assert same == [False, True, False]


def test_a_run_leaves_its_pictures_resumes_is_measured_again_and_cuts_a_car_out(monkeypatch, tmp_path, image):
    whole = trained(tmp_path / "whole", epochs=2)
    assert len(whole.losses) == 2 * 2
    assert [*whole.metrics] == ["validation_dice", "validation_iou", "test_dice", "test_iou"]
    names = {path.name for path in (tmp_path / "whole").iterdir()}
    assert names == {"animation.gif", "checkpoint.safetensors", "frames", "learning_curve.png", "masks.png"}
    assert len([*(tmp_path / "whole" / "frames").iterdir()]) == 2 + 1

    resumed = killed_and_resumed(trained, tmp_path / "parts", epochs=2)
    assert resumed.losses == whole.losses
    assert resumed.history == whole.history

    image.new("RGB", (70, 50), (90, 90, 90)).save(tmp_path / "a.png")
    test = little_data(SAMPLE.script("dark", "test"))
    test(Run("6.1", "dark", tmp_path / "whole"), files=[tmp_path / "a.png"], size=32)
    assert (tmp_path / "whole" / "a-cutout.png").is_file()
    shown = {}
    monkeypatch.setattr(Run, "show", lambda self, metrics, **figures: shown.update(metrics))
    test(Run("6.1", "dark", tmp_path / "whole"))
    assert shown == {name: whole.metrics[name] for name in ("test_dice", "test_iou")}


@needs_torch
@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-3), ("float64", 1e-8)])
def test_both_versions_have_the_same_loss(tmp_path, capsys, dtype, tolerance):
    check_in_step(
        SAMPLE, little_data, tmp_path, capsys, epochs=3, steps=6, tolerance=tolerance, dtype=dtype
    )
