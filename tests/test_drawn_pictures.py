"""Drawn pictures of CIFAR-10's classes: their numbers, their looks, and the things in space."""  # dark-5

import hashlib
import json
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import dark
from dark.vision.datasets import CIFAR10, DrawnCIFAR10
from dark.vision.datasets.drawn.cifar10 import VERSION
from dark.vision.datasets.drawn.things.scenes import NUMBERS


@pytest.fixture
def cv2():
    return pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to draw with")


# --- The data set ------------------------------------------------------------------------------------------


def test_the_numbers_of_an_item_stay_as_they_are():
    """Whoever changes them, or what is drawn with them, raises VERSION and puts the new sum here."""
    numbers = [
        (seed, classes, index, data.label(index), data.numbers(index))
        for seed in (0, 1)
        for classes in (2, 10)
        for data in [DrawnCIFAR10(100, seed, classes=classes)]
        for index in range(100)
    ]
    sha256 = hashlib.sha256(json.dumps(numbers).encode()).hexdigest()
    expected = "dfe35ccec1e9f14353f30311b6d38628c8d5ce843622786e33cad960ef9351ad"
    assert (VERSION, sha256) == (1, expected)


def test_an_item_is_a_picture_and_its_class(cv2):
    data = DrawnCIFAR10(4, transform=lambda image: image / 255, target_transform=lambda label: 10 * label)
    picture, label = data[-1]
    assert (picture.dtype, tuple(picture.shape)) == (dark.float32, (3, 32, 32))
    assert label == 10 * data.label(3)
    picture, label = DrawnCIFAR10(4)[3]
    assert (type(picture), picture.dtype, type(label)) == (dark.Tensor, dark.uint8, int)
    np.testing.assert_array_equal(picture.numpy().transpose(1, 2, 0), data.array(3))
    assert len(list(data)) == 4
    for index in (4, -5):
        with pytest.raises(IndexError, match="out of range for 4 pictures"):
            data[index]


def test_an_item_depends_on_its_seed_and_index_alone(cv2):
    data = DrawnCIFAR10(50, 3, classes=10)
    again = {i: DrawnCIFAR10(50 + i, 3, classes=10).array(i) for i in (31, 4, 17)}
    for index in (4, 17, 31):
        np.testing.assert_array_equal(data.array(index), again[index])


def output_of(code):
    """What another Python prints."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout.strip()


def test_another_process_draws_the_same(cv2):
    code = "from dark.vision.datasets import DrawnCIFAR10\nprint(DrawnCIFAR10(20, 5).array(19).tolist())"
    assert output_of(code) == str(DrawnCIFAR10(20, 5).array(19).tolist())


@pytest.mark.parametrize("classes", [2, 10])
def test_every_class_has_its_turn_in_an_order_that_changes(classes):
    data = DrawnCIFAR10(200, classes=classes)
    labels = [data.label(i) for i in range(200)]
    turns = [labels[i : i + classes] for i in range(0, 200, classes)]
    assert all(sorted(turn) == list(range(classes)) for turn in turns)
    assert len({tuple(turn) for turn in turns}) > 1


def test_two_seeds_share_no_item():
    one, other = ({json.dumps(DrawnCIFAR10(300, seed).numbers(i)) for i in range(300)} for seed in (0, 1))
    assert len(one) == len(other) == 300
    assert not one & other


def test_the_classes_are_those_of_the_real_set():
    assert list(NUMBERS) == CIFAR10.classes
    assert DrawnCIFAR10(1, classes=3).classes == ["airplane", "automobile", "bird"]
    assert "airplane, automobile" in repr(DrawnCIFAR10(1))
    for classes in (0, 11):
        with pytest.raises(ValueError, match=f"classes must be 1 to 10, got {classes}"):
            DrawnCIFAR10(1, classes=classes)


def test_without_opencv_the_error_says_what_to_install(monkeypatch):
    data = DrawnCIFAR10(2)
    assert data.label(0) != data.label(1)  # nothing is drawn
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(ImportError, match="pip install opencv-python-headless"):
        data[0]


def test_opencv_is_imported_when_something_is_drawn():
    code = "import sys, dark.vision.datasets as d; d.DrawnCIFAR10(3).numbers(1); print('cv2' in sys.modules)"
    assert output_of(code) == "False"


# --- What the pictures look like ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def items():
    """Pictures, float (N, 32, 32, 3), and labels of 20 items of every class."""
    pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to draw with")
    data = DrawnCIFAR10(200, 2, classes=10)
    pictures = np.stack([data.array(i) for i in range(200)]).astype(float)
    return pictures, np.array([data.label(i) for i in range(200)])


def test_every_class_fills_the_whole_range_of_light(items):
    pictures, labels = items
    for label in range(10):
        of_class = pictures[labels == label]
        assert 70 < of_class.mean() < 180
        assert of_class.std() > 40
        assert (of_class.std((1, 2, 3)) > 8).all()  # something is to be seen
        assert of_class.mean((1, 2, 3)).std() > 12  # light and dark pictures


def test_no_picture_is_like_another(items):
    pictures, _ = items
    flat = pictures.reshape(len(pictures), -1)
    flat = (flat - flat.mean(1, keepdims=True)) / flat.std(1, keepdims=True)
    likeness = flat @ flat.T / flat.shape[1]
    np.fill_diagonal(likeness, 0)
    assert likeness.max() < 0.97


def test_the_color_of_a_picture_does_not_give_the_class_away(cv2):
    """Airplanes and automobiles are told apart by their mean color little better than by chance."""
    data = DrawnCIFAR10(400)
    colors = np.stack([data.array(i).mean((0, 1)) for i in range(400)])
    features = np.column_stack([colors, np.ones(400)])
    signs = np.array([2 * data.label(i) - 1 for i in range(400)])
    weights = np.linalg.lstsq(features[:250], signs[:250], rcond=None)[0]
    assert (np.sign(features[250:] @ weights) == signs[250:]).mean() < 0.7


@pytest.mark.parametrize("size", [16, 32, 64])
def test_a_picture_of_another_size_shows_the_same(cv2, size):
    large, other = DrawnCIFAR10(6, classes=6, size=64), DrawnCIFAR10(6, classes=6, size=size)
    for i in range(6):
        shrunk = cv2.resize(large.array(i), (16, 16), interpolation=cv2.INTER_AREA).astype(float)
        again = cv2.resize(other.array(i), (16, 16), interpolation=cv2.INTER_AREA).astype(float)
        assert other.array(i).shape == (size, size, 3)
        assert np.abs(shrunk - again).mean() < 25


# --- Things in space ---------------------------------------------------------------------------------------


@pytest.fixture
def things(cv2):
    from dark.vision.datasets.drawn.things import airplanes, cars, sheet, solids

    return airplanes, cars, sheet, solids


def test_a_camera_shows_the_left_side_with_the_front_on_the_left(things):
    *_, solids = things
    camera = solids.Camera(yaw=np.pi / 2, pitch=0, scale=1, perspective=0)
    points = [(1, 0, 0), (0, 0, 1), (0, 1, 0)]
    np.testing.assert_allclose(camera.project(points), [(-1, 0), (0, -1), (0, 0)], atol=1e-12)
    above = solids.Camera(yaw=0, pitch=np.pi / 2, scale=1, perspective=0)
    np.testing.assert_allclose(above.project([(1, 0, 0), (0, 1, 0)]), [(0, 1), (1, 0)], atol=1e-12)


def test_what_is_nearer_looks_larger(things):
    *_, solids = things
    camera = solids.Camera(yaw=0, pitch=0, scale=1, perspective=0.3)
    near, far = camera.project([(1, 0.5, 0), (-1, 0.5, 0)])[:, 0]
    assert near > 0.5 > far > 0


def test_only_the_sides_that_face_the_camera_are_seen(things):
    *_, solids = things
    for yaw, pitch, expected in ((90, 20, {0, 1}), (-90, 20, {1, 2}), (90, -20, {0, 3})):
        solid = solids.Solid(solids.Camera(np.radians(yaw), np.radians(pitch)))
        solid.loft([solids.frame(x, (-1, 1), 1) for x in (-1, 1)], SIDES, ends=False)
        seen = {SIDES.index(hue(color)) for _, color, _, _ in solid.visible((0, 0, 1), 0.9)}
        assert seen == expected


SIDES = [(200, 0, 0), (0, 200, 0), (0, 0, 200), (200, 200, 200)]  # left, top, right, bottom


def hue(color):
    """The one of the four colors of which this is a shade."""
    return tuple(200 if value > 0.5 * max(color) else 0 for value in color)


def thing(things, data, index):
    """The airplane or the car of an item, alone."""
    airplanes, cars, _, solids = things
    c = SimpleNamespace(**{name: value / 100 for name, value in data.numbers(index).items()})
    camera = solids.Camera(c.yaw, c.pitch, c.roll, perspective=c.perspective)
    return (airplanes.airplane, cars.car)[data.label(index)](c, camera)


@pytest.mark.parametrize("index", range(8))
def test_a_thing_fills_the_place_that_it_is_given(things, index):
    solid = thing(things, DrawnCIFAR10(8), index)
    low, high = solid.place(0.8, (0.1, -0.1))
    np.testing.assert_allclose((low + high) / 2, (0.1, -0.1), atol=1e-9)
    assert (high - low).max() == pytest.approx(1.6)
    corners = solid.camera.project(np.concatenate([face.points for face in solid.faces]))
    np.testing.assert_allclose([corners.min(0), corners.max(0)], [low, high], atol=1e-9)


@pytest.mark.parametrize("name", ["automobile", "airplane"])
def test_a_mask_covers_what_is_painted_and_nothing_else(things, name):
    data, sheet = DrawnCIFAR10(60), things[2]
    for index in (i for i in range(60) if data.classes[data.label(i)] == name):
        solid = thing(things, data, index)
        solid.place(0.8, (0, 0))
        painted, mask = sheet.Sheet(32), sheet.Sheet(32)
        painted.pixels[:] = 255, 0, 255
        solid.draw(painted, (0.3, 0.2, 0.9), 0.6)
        solid.mask(mask)
        covered = (painted.pixels != (255, 0, 255)).any(-1)
        assert 0.01 < covered.mean() < 0.75
        np.testing.assert_array_equal(covered, mask.pixels[..., 0] == 255)


def test_every_number_is_used(cv2):
    """A number that nothing reads would only shift the others."""
    from dark.vision.datasets.drawn.things import scenes
    from dark.vision.datasets.drawn.things.sheet import Sheet, photograph

    class Watched:
        def __init__(self, numbers):
            self.__dict__.update({name: value / 100 for name, value in numbers.items()}, water=False)

        def __getattribute__(self, name):
            used.add(name)
            return super().__getattribute__(name)

    data = DrawnCIFAR10(400, 4, classes=10)
    for label, name in enumerate(CIFAR10.classes):
        used = {"grain", "water"}
        for index in (i for i in range(400) if data.label(i) == label):
            c, canvas = Watched(data.numbers(index)), Sheet(32)
            scenes.SCENES[name](canvas, c, 0)
            scenes.foreground(canvas, c, 0)
            photograph(canvas, c, 0)
        assert set(NUMBERS[name]) - used == set(), name
