"""DrawnCars: the same everywhere, masks where the cars are seen, too hard for a linear model."""  # dark-6

import hashlib
import json
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from dark.vision import tv_tensors
from dark.vision.datasets import DrawnCars
from dark.vision.datasets.drawn.cars import VERSION
from dark.vision.datasets.drawn.things import streets
from dark.vision.datasets.drawn.things.streets import STREET, Stencil, street

COUNT = 160


@pytest.fixture
def cv2():
    return pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to draw with")


@pytest.fixture(scope="module")
def items():
    """The first pictures, (160, 64, 64, 3), and masks, (160, 64, 64)."""
    pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to draw with")
    cars = DrawnCars(COUNT)
    return [np.stack(array) for array in zip(*map(cars.arrays, range(COUNT)), strict=True)]


def numbers(index=0, **changes):
    return DrawnCars(1000).numbers(index) | changes


def dice(found, masks):
    """Twice what both have, in parts of what each has."""
    return 2 * (found & masks).sum() / (found.sum() + masks.sum())


# The same everywhere


def test_the_numbers_of_an_item_stay_as_they_are():
    """Whoever changes them, or what is drawn with them, raises VERSION and puts the new sum here."""
    items = [DrawnCars(100, seed).numbers(index) for seed in (0, 1, 2) for index in range(100)]
    sha256 = hashlib.sha256(json.dumps(items).encode()).hexdigest()
    assert (VERSION, sha256) == (1, "1d526f0a919eb68874f3777115137ab1fd6b9a66e7751258394a5823d8414551")


def test_numbers_are_whole_and_in_their_ranges():
    for index in range(50):
        for name, number in numbers(index).items():
            low, high = STREET[name]
            assert isinstance(number, int)
            assert low <= number <= high, name


def test_seeds_share_no_car():
    parts = [{json.dumps(DrawnCars(500, seed).numbers(i)) for i in range(500)} for seed in (0, 1, 2)]
    assert [len(part) for part in parts] == [500] * 3
    assert len(set.union(*parts)) == 1500


def test_an_item_is_the_same_in_any_order_and_process(cv2):
    code = "from dark.vision.datasets import DrawnCars; import hashlib; d = DrawnCars(9, 5); d.arrays(3);"
    code += "print(*(hashlib.sha256(a.tobytes()).hexdigest() for a in d.arrays(7)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    sums = [hashlib.sha256(array.tobytes()).hexdigest() for array in DrawnCars(1000, 5).arrays(7)]
    assert done.stdout.split() == sums


# What an item is


@pytest.mark.parametrize("size", [64, 96, 33])
def test_an_item_is_a_picture_and_its_mask(cv2, size):
    drawn = DrawnCars(5, size=size)
    image, mask = drawn[-2]
    assert (type(image), image.shape, str(image.dtype)) == (tv_tensors.Image, (3, size, size), "dark.uint8")
    assert (type(mask), mask.shape, str(mask.dtype)) == (tv_tensors.Mask, (size, size), "dark.uint8")
    pixels, seen = drawn.arrays(3)
    assert {array.dtype for array in (pixels, seen)} == {np.dtype(np.uint8)}
    np.testing.assert_array_equal(image.numpy(), pixels.transpose(2, 0, 1))
    np.testing.assert_array_equal(mask.numpy(), seen)
    assert set(np.unique(seen)) == {0, 1}


@pytest.mark.parametrize("index", [3, -4])
def test_an_index_out_of_range_is_an_error(index):
    with pytest.raises(IndexError, match=f"DrawnCars: index {index} is out of range for 3 cars"):
        DrawnCars(3)[index]


def test_transforms_get_picture_and_mask_together(cv2):
    assert DrawnCars(1, transforms=lambda image, mask: mask)[0].shape == (64, 64)
    assert DrawnCars(1, target_transform=lambda mask: 3)[0][1] == 3


def test_without_opencv_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(ImportError, match="pip install opencv-python-headless"):
        DrawnCars(1)[0]


def test_opencv_is_imported_when_something_is_drawn():
    code = "import sys, dark.vision.datasets as d; d.DrawnCars(3).numbers(1); print('cv2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# The masks


def test_a_pixel_is_in_the_mask_if_more_than_half_of_it_is_white(cv2):
    stencil = Stencil(3)
    stencil.pixels[:4, :2] = 255  # half of the first pixel
    stencil.pixels[:4, 4:6] = stencil.pixels[0, 6] = 255  # a little more of the second
    np.testing.assert_array_equal(stencil.mask(), [[False, True, False], [False] * 3, [False] * 3])


def test_a_stencil_has_one_color_for_all(cv2):
    stencil = Stencil(8)
    stencil.fill([(-1, -1), (1, -1), (1, 0), (-1, 0)], (0, 0, 0))
    stencil.ink = streets.BLACK
    stencil.line([(-1, -0.375), (0, -0.375)], (255, 255, 255), 0.25)
    stencil.disc(0.5, 0, 0.4, (90, 80, 70))
    assert stencil.mask()[0].all()
    assert not stencil.mask()[2].all()
    assert stencil.mask()[3, :4].all()
    assert not stencil.mask()[3, 5:7].any()
    assert not stencil.mask()[4:].any()


HIDDEN_BY = {
    "nothing": {"front": 75}, "a pole": {"front": 2, "front_x": 0}, "a trunk": {"front": 7, "front_x": 0},
    "a bush": {"front": 12, "front_x": 0}, "grass": {"front": 18}, "a fence": {"front": 22},
    "somebody": {"front": 75, "walker": 5},
}  # fmt: skip


@pytest.mark.parametrize("hidden_by", HIDDEN_BY)
def test_the_mask_is_where_leaving_the_car_out_changes_the_picture(cv2, monkeypatch, hidden_by):
    def magenta(sheet, c, grain):
        sheet.pixels[:] = 255, 0, 255

    monkeypatch.setattr(streets, "scenery", magenta)
    for name in ("strip", "clutter"):
        monkeypatch.setattr(streets, name, lambda *_: None)
    monkeypatch.setattr(streets.Sheet, "shadow", lambda *_: None)
    monkeypatch.setattr(streets, "photograph", lambda sheet, c, grain: sheet.pixels)
    items = [numbers(i, **{"walker": 99, "down": 80} | HIDDEN_BY[hidden_by]) for i in range(20)]
    with_car = [street(item) for item in items]
    with monkeypatch.context() as patch:
        patch.setattr(streets, "stand", lambda *_: None)
        without = [street(item) for item in items]
    unhidden = [street(item | {"front": 75, "walker": 99})[1] for item in items]
    for (picture, seen), (other, _) in zip(with_car, without, strict=True):
        changed = (picture != other).any(-1).reshape(64, 4, 64, 4).mean((1, 3)) > 0.5
        np.testing.assert_array_equal(changed, seen)
    covered = sum((whole & ~seen).sum() for whole, (_, seen) in zip(unhidden, with_car, strict=True))
    assert (covered > 100) == (hidden_by != "nothing")


@pytest.mark.parametrize("corner", [(0, 0), (0.9, -0.95), (-1.1, 1), (1.04, 0), (3, 0), (0, -4)])
def test_a_shadow_changes_what_is_around_its_place_alone(cv2, corner):
    """Only that part of the sheet is computed; the result is that of the whole sheet."""
    points = np.array([(-0.1, -0.1), (0.12, -0.1), (0.1, 0.2), (-0.1, 0.1)]) + corner
    sheet = streets.Sheet(32)
    sheet.pixels[:] = np.random.default_rng(0).integers(0, 256, sheet.pixels.shape)
    mask = np.zeros(sheet.pixels.shape[:2], np.uint8)
    cv2.fillPoly(mask, [sheet.places(points)], 255)
    light = 1 - 0.6 / 255 * cv2.blur(mask, (7, 7)).astype(np.float32)
    expected = (sheet.pixels * light[..., None]).astype(np.uint8)
    sheet.shadow(points, 0.6)
    np.testing.assert_array_equal(sheet.pixels, expected)


def test_a_car_takes_a_seventh_to_a_half_of_its_picture(items):
    _, masks = items
    share = masks.mean((1, 2))
    assert ((share > 0.13) & (share < 0.5)).all()
    assert 0.25 < share.mean() < 0.35


def test_a_car_is_anywhere_and_seen_from_everywhere(items):
    _, masks = items
    assert (masks.max((1, 2)) == 1).all()
    middle = np.array([np.argwhere(mask).mean(0) for mask in masks])
    assert (middle.std(0) > 3).all()
    assert masks.mean(0).max() < 0.9
    wide = masks.any(1).sum(1) / masks.any(2).sum(1)
    assert wide.max() > 2
    assert wide.min() < 1.1


# The pictures


def test_every_number_is_used(cv2):
    """A number that nothing reads would only shift the others."""

    class Watched(SimpleNamespace):
        def __getattribute__(self, name):
            if "walker" in super().__getattribute__("__dict__"):  # and not those of a truck
                used.add(name)
            return super().__getattribute__(name)

    used = {"grain"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streets, "SimpleNamespace", Watched)
        for index in range(40):
            street(numbers(index), 32)
    assert set(STREET) - used == set()


def test_pictures_are_neither_dark_nor_bright_nor_alike(items):
    images, _ = items
    level = images.mean(axis=(1, 2, 3))
    assert 80 < level.mean() < 150
    assert ((level > 20) & (level < 230)).all()
    assert (images.std(axis=(1, 2, 3)) > 10).all()
    flat = images[:, ::4, ::4].reshape(COUNT, -1).astype(float)
    flat -= flat.mean(1, keepdims=True)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    alike = flat @ flat.T - np.eye(COUNT)
    assert alike.max() < 0.97
    assert abs(alike).mean() < 0.4


def test_a_linear_model_of_the_pixels_around_one_does_not_find_the_car(items):
    """It knows 7×7 pixels and the place of the middle one; the threshold is the best for those asked."""
    images, masks = items
    around = np.pad(images / np.float32(255) - 0.5, ((0, 0), (3, 3), (3, 3), (0, 0)), mode="edge")
    patches = np.lib.stride_tricks.sliding_window_view(around, (7, 7), (1, 2))[:, ::2, ::2]
    y, x = np.mgrid[-1:1:32j, -1:1:32j].astype(np.float32)
    place = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], -1)
    place = np.broadcast_to(place, (COUNT, 32, 32, 6)).reshape(COUNT * 1024, 6)
    features = np.concatenate([patches.reshape(COUNT * 1024, 147), place], axis=1)
    cars = masks[:, ::2, ::2].reshape(-1) == 1
    (train, test), (known, asked) = (np.split(array, [COUNT * 768]) for array in (features, cars))
    weights = np.linalg.solve(train.T @ train + np.eye(153), train.T @ known)
    found = test @ weights
    best = max(dice(found > threshold, asked) for threshold in np.linspace(0.1, 0.7, 25))
    assert 0.5 < best < 0.75


def test_the_color_of_a_pixel_does_not_say_whether_it_shows_the_car(items):
    """A table of all colors, each channel in eight steps."""
    images, masks = items
    colors = (images // 32 @ np.array([64, 8, 1])).reshape(COUNT, -1)
    cars = masks.reshape(COUNT, -1) == 1
    (train, test), (known, asked) = (np.split(array, [COUNT * 3 // 4]) for array in (colors, cars))
    counts = np.bincount(train.ravel(), minlength=512)
    share = np.bincount(train.ravel(), weights=known.ravel(), minlength=512) / np.maximum(counts, 1)
    best = max(dice(share[test] > threshold, asked) for threshold in np.linspace(0.05, 0.7, 25))
    assert best < 0.7
