"""Sample 5.1: its network, units and error, photographs of any size, training and going on."""  # beyond

import importlib
import math
import sys
from pathlib import Path

import numpy as np
import pytest

import dark
from against_torch import needs_torch, torch
from camera import Camera, Screen
from dark_samples import Run
from dark_samples.catalogue import SampleError, find_sample
from sample_runs import check_in_step, killed_and_resumed

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed: no pictures to train with")

SAMPLE = find_sample(str(Path(__file__).parent.parent / "dark-5" / "samples" / "5.1-ResNet-regression"))


@pytest.fixture
def modules(monkeypatch):
    """Import a module of the sample by name; other samples have modules of the same names."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    SAMPLE.script("dark", "train")
    return importlib.import_module


def dotted(count, seed=0):
    """Faces of two gray eyes: pictures, uint8 (N, 96, 96, 3), and points, (N, 68, 2), that lie about them."""
    rng = np.random.default_rng(seed)
    images = np.full((count, 96, 96, 3), 200, np.uint8)
    shape = rng.uniform(-1, 1, (68, 2))
    shape[[36, 45]] = (-1, 0), (1, 0)
    middles, sizes = rng.uniform(36, 60, (count, 1, 2)), rng.uniform(12, 24, (count, 1, 1))
    points = (middles + sizes * shape).astype(np.float32)
    for image, eyes in zip(images, points[:, [36, 45]], strict=True):
        for x, y in eyes:
            cv2.circle(image, (round(float(x)), round(float(y))), 5, (40, 40, 40), -1)
    return images, points


def little_data(script, count, test):
    """Have a training script of the sample read so few faces."""
    names = script.__globals__
    (images, points), (test_images, test_points) = dotted(count), dotted(test, seed=1)
    Arrays = names["load"].__globals__["Arrays"]
    arrays = Arrays("dots", images, points, test_images, test_points)
    names["load"] = lambda *arguments, **options: arrays
    return script


def trained(folder, count=34, test=4, framework="dark", **options):
    """A run of the sample on few faces that has ended."""
    run = Run("5.1", framework, folder, **options)
    little_data(SAMPLE.script(framework, "train"), count, test)(run)
    return run


def test_the_network_is_torchvisions_resnet18(modules):
    """Names, shapes and the number of weights; torchvision's own has 11,689,512 with its thousand classes."""
    model = modules("model").ResNet18(outputs=1000)
    assert sum(p.numel() for p in model.parameters()) == 11_689_512
    shapes = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    assert len(shapes) == 122
    assert shapes["conv1.weight"] == (64, 3, 7, 7)
    assert shapes["layer1.0.conv1.weight"] == (64, 64, 3, 3)
    assert shapes["layer2.0.downsample.0.weight"] == (128, 64, 1, 1)
    assert shapes["layer4.1.bn2.running_var"] == (512,)
    assert shapes["fc.weight"] == (1000, 512)
    assert not [name for name in shapes if "conv" in name and name.endswith("bias")]
    assert [name for name in shapes if "downsample.0" in name] == [
        f"layer{i}.0.downsample.0.weight" for i in (2, 3, 4)
    ]


@needs_torch
def test_both_networks_start_from_the_same_weights_and_agree():
    states, outputs = [], []
    images = np.random.default_rng(0).standard_normal((2, 3, 96, 96)).astype(np.float32)
    for framework, name in ((dark, "dark"), (torch, "torch")):
        framework.manual_seed(3)
        model = SAMPLE.script(name, "train").__globals__["ResNet18"](136)
        states.append({key: value.numpy() for key, value in model.state_dict().items()})
        outputs.append(model(framework.tensor(images)).detach().numpy())
    assert list(states[0]) == list(states[1])
    for key, value in states[0].items():
        np.testing.assert_allclose(value, states[1][key], atol=1e-5 * np.abs(value).max())
    np.testing.assert_allclose(outputs[0], outputs[1], atol=1e-4 * np.abs(outputs[1]).max())


def test_the_network_halves_the_picture_five_times(modules):
    model, shapes = modules("model").ResNet18(136), []
    for name in ("conv1", "maxpool", "layer1", "layer2", "layer3", "layer4", "avgpool", "fc"):
        getattr(model, name).register_forward_hook(lambda module, inputs, y: shapes.append(tuple(y.shape)))
    model(dark.zeros(2, 3, 96, 96))
    assert shapes == [
        (2, 64, 48, 48), (2, 64, 24, 24), (2, 64, 24, 24), (2, 128, 12, 12), (2, 256, 6, 6), (2, 512, 3, 3),
        (2, 512, 1, 1), (2, 136),
    ]  # fmt: skip


def test_points_go_to_the_networks_unit_and_back(modules):
    dataset, points = modules("dataset"), dotted(3)[1]
    targets = dark.stack([dataset.as_target(p) for p in points])
    assert targets.shape == (3, 136)
    np.testing.assert_allclose(dataset.in_pixels(targets), points, atol=1e-4)
    edges = np.array([[-0.5, -0.5], [47.5, 47.5], [95.5, 95.5]], np.float32)
    assert dataset.as_target(edges).tolist() == [-1, -1, 0, 0, 1, 1]


def test_an_item_is_a_picture_within_one_and_its_points(modules):
    images, points = dotted(4)
    images[0, :2] = np.array([0, 255])[:, None, None]
    faces = modules("dataset").Faces(images, points)
    image, target = faces[0]
    assert (len(faces), image.shape, target.shape) == (4, (3, 96, 96), (136,))
    assert (image.min().item(), image.max().item()) == (-1, 1)
    np.testing.assert_allclose(image[2, 50].tolist(), images[0, 50, :, 2] / 127.5 - 1, atol=1e-6)


def test_augmented_items_follow_the_seed_and_differ_from_epoch_to_epoch(modules):
    faces = modules("dataset").Faces(*dotted(2), augment=True)
    dark.manual_seed(5)
    first, second = faces[0], faces[0]
    dark.manual_seed(5)
    again = faces[0]
    assert all(dark.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not dark.equal(first[0], second[0])
    assert not dark.equal(first[1], second[1])


@needs_torch
def test_both_versions_see_the_same_augmented_pixels_bit_for_bit():
    items = []
    for framework, name in ((dark, "dark"), (torch, "torch")):
        faces = SAMPLE.script(name, "train").__globals__["Faces"](*dotted(3), augment=True)
        framework.manual_seed(1)
        items.append([part.numpy() for index in (2, 0, 1) for part in faces[index]])
    for ours, theirs in zip(*items, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_the_error_is_measured_by_the_eyes_outer_corners(modules):
    nme = modules("evaluation").normalized_mean_error
    points = dotted(2)[1].astype(float)
    points[:, 45] = points[:, 36] + np.array([[30, 40], [0, 10]])  # 50 and 10 pixels
    assert nme(points, points) == 0
    assert nme(points + np.array([3, 4]), points) == pytest.approx((5 / 50 + 5 / 10) / 2)
    one = points.copy()
    one[0, 7] += 0, 68
    assert nme(one, points) == pytest.approx(1 / 50 / 2)


def test_points_are_found_a_batch_at_a_time_and_as_one_by_one(modules, monkeypatch):
    evaluation = modules("evaluation")
    monkeypatch.setattr(evaluation, "AT_ONCE", 2)
    model, images = modules("model").ResNet18(136), dotted(3)[0]
    found = evaluation.find_points(model, images, "cpu")
    assert (found.shape, model.training) == ((3, 68, 2), False)
    alone = evaluation.find_points(model, images[2:], "cpu")
    np.testing.assert_allclose(found[2:], alone, atol=1e-3)


# Photographs


def corners_of(images):
    """A network that finds the corners of the picture, where its pixels end."""
    return np.tile(np.array([[-0.5, -0.5], [95.5, 95.5]]), (len(images), 34, 1))


@pytest.mark.parametrize(
    ("shape", "box", "corners"),
    [
        ((96, 96), None, (0, 0, 96, 96)),
        ((480, 640), None, (80, 0, 560, 480)),
        ((300, 200), None, (0, 50, 200, 250)),
        ((31, 32), None, (0, 0, 31, 31)),
        ((480, 640), (100, 100, 40, 20), (92, 82, 148, 138)),
        ((480, 640), (0, 0, 20, 40), (-18, -8, 38, 48)),
    ],
)
def test_points_come_back_to_the_photographs_pixels(modules, shape, box, corners):
    found = modules("photos").find_in(np.zeros((*shape, 3), np.uint8), box, corners_of)
    np.testing.assert_allclose(found[:2].ravel() + 0.5, corners)


def test_the_part_in_the_box_is_what_the_network_sees(modules):
    photo = np.zeros((300, 400, 3), np.uint8)
    photo[100:160, 200:260] = 255  # the square around the box
    seen = []
    find = lambda images: seen.append(images) or corners_of(images)
    modules("photos").find_in(photo, (210, 110, 40, 40), find)
    assert seen[0].shape == (1, 96, 96, 3)
    assert (seen[0] == 255).all()


def test_a_box_that_is_none_is_refused(modules):
    find_in, photo = modules("photos").find_in, np.zeros((50, 50, 3), np.uint8)
    with pytest.raises(SampleError, match=r"--box 1 2 0 5: width and height"):
        find_in(photo, (1, 2, 0, 5), corners_of)
    with pytest.raises(SampleError, match=r"outside of the photograph, which is 50 pixels by 50"):
        find_in(photo, (500, 0, 5, 5), corners_of)


def test_the_camera_is_marked_until_the_window_is_closed(modules, monkeypatch, tmp_path):
    frames = [np.zeros((96, 192, 3), np.uint8) for _ in range(5)]
    frames[0][:, 50:60] = 255, 0, 0  # blue, near the left edge of the square in the middle
    camera = Camera(frames)
    monkeypatch.setattr(cv2, "VideoCapture", lambda number: camera)
    mark_camera, run = modules("photos").mark_camera, Run("5.1", "dark", tmp_path)
    with pytest.raises(SampleError, match="no screen"):
        mark_camera(run, corners_of)
    run.screen = Screen()
    mark_camera(run, corners_of)
    assert (len(run.screen.shown), len(camera.frames), camera.released) == (2, 3, True)
    marked = cv2.imdecode(np.frombuffer(run.screen.shown[0], np.uint8), cv2.IMREAD_COLOR)
    assert marked.shape == (96, 96, 3)
    assert marked[0, 0].tolist() == [40, 40, 220]  # red, in OpenCV's order
    assert (marked[48, 84:94] == (255, 0, 0)).all()  # in the mirror it is right
    assert not marked[48, :84].any()


# Training


def test_a_run_leaves_its_pictures_resumes_is_measured_again_and_marks_a_photograph(monkeypatch, tmp_path):
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to write files with")
    whole = trained(tmp_path / "whole", epochs=2)
    assert len(whole.losses) == 2  # what is no whole batch is left out
    assert [*whole.history[-1]] == ["test_nme"]
    assert math.isfinite(whole.history[-1]["test_nme"])
    names = {path.name for path in (tmp_path / "whole").iterdir()}
    assert names == {"animation.gif", "checkpoint.safetensors", "faces.png", "frames", "learning_curve.png"}
    assert len([*(tmp_path / "whole" / "frames").iterdir()]) == 2 + 1

    resumed = killed_and_resumed(trained, tmp_path / "parts", epochs=2)
    assert resumed.losses == whole.losses
    assert resumed.history == whole.history

    test = SAMPLE.script("dark", "test")
    image.new("RGB", (70, 50), (90, 90, 90)).save(tmp_path / "a.png")
    test(Run("5.1", "dark", tmp_path / "whole"), files=[tmp_path / "a.png"], box=(5, 5, 30, 30))
    assert (tmp_path / "whole" / "marked.png").is_file()
    shown = {}
    monkeypatch.setattr(Run, "show", lambda self, metrics, **figures: shown.update(metrics))
    little_data(test, 2, 4)(Run("5.1", "dark", tmp_path / "whole"))
    assert shown["test_nme"] == pytest.approx(whole.history[-1]["test_nme"])


@needs_torch
def test_both_versions_have_the_same_loss(tmp_path, capsys):
    prepared = lambda train: little_data(train, 64, 4)
    check_in_step(SAMPLE, prepared, tmp_path, capsys, epochs=2, steps=4, tolerance=1e-3)
