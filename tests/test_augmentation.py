"""Sample 5.1's augmentation: points stay where they belong, and the same numbers give the same."""  # beyond

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

from dark_samples.catalogue import find_sample

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to turn pictures with")

SAMPLE = find_sample(str(Path(__file__).parent.parent / "dark-5" / "samples" / "5.1-ResNet-regression"))
GRAY = np.full((96, 96, 3), 100, np.uint8)
POINTS = np.random.default_rng(0).uniform(20, 75, (68, 2)).astype(np.float32)


@pytest.fixture
def augmentation(monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    SAMPLE.script("dark", "train")
    return importlib.import_module("augmentation")


def dotted(points, size=96):
    """A black picture with a white dot of a few pixels about each point."""
    y, x = np.mgrid[:size, :size]
    near = [np.exp(-((x - a) ** 2 + (y - b) ** 2) / 4) for a, b in points]
    return (255 * np.max(near, 0)).astype(np.uint8)[..., None].repeat(3, 2)


def middle_of(image):
    """The center of what is white."""
    weights = image[..., 0].astype(float)
    y, x = np.mgrid[: image.shape[0], : image.shape[1]]
    return np.array([(weights * x).sum(), (weights * y).sum()]) / weights.sum()


@pytest.mark.parametrize("point", [(30.0, 40.0), (60.5, 25.0), (47.5, 47.5), (20.0, 70.25)])
@pytest.mark.parametrize("degrees", [-20, -7.5, 0, 90, 180])
def test_a_turned_point_stays_on_its_dot(augmentation, point, degrees):
    points = np.array([point], np.float32)
    image, turned = augmentation.turned(dotted(points), points, degrees)
    np.testing.assert_allclose(middle_of(image), turned[0], atol=0.1)
    assert turned.dtype == np.float32


def test_it_turns_against_the_clock(augmentation):
    turned = augmentation.turned(GRAY, np.array([[95, 47.5]], np.float32), 90)[1]
    np.testing.assert_allclose(turned, [[47.5, 0]], atol=1e-4)


def test_a_quarter_turn_moves_whole_pixels(augmentation):
    image = np.random.default_rng(0).integers(0, 256, (96, 96, 3), np.uint8)
    np.testing.assert_array_equal(augmentation.turned(image, POINTS, 90)[0], np.rot90(image))


def test_a_mirrored_point_stays_on_its_dot_under_its_new_number(augmentation):
    for number in (0, 20, 29, 36, 41, 48, 60, 67):
        image, points = augmentation.mirrored(dotted(POINTS[number : number + 1]), POINTS)
        mirrored = points[augmentation.MIRRORED[number]]
        np.testing.assert_allclose(middle_of(image), mirrored, atol=0.1)


def test_mirroring_twice_changes_nothing_and_leaves_the_original_alone(augmentation):
    image, before = dotted(POINTS), POINTS.copy()
    again = augmentation.mirrored(*augmentation.mirrored(image, POINTS))
    np.testing.assert_array_equal(again[0], image)
    np.testing.assert_allclose(again[1], POINTS, atol=1e-5)
    np.testing.assert_array_equal(POINTS, before)


def test_every_point_has_the_number_of_its_mirror_image(augmentation):
    """A face that is the same on both sides is its own mirror image."""
    head = importlib.import_module("dark.vision.datasets.drawn.people.head")
    face = importlib.import_module("dark.vision.datasets.drawn.people.face")
    alike = dict.fromkeys(face.FACE, 0) | {"wide": 100, "lids": 50, "eye_size": 100, "nose_width": 100}
    alike |= {"mouth_width": 100, "lip": 100, "wink": 50}
    points = head.Head(face.face_of(alike), (47.5, 50), 30).points
    mirrored = augmentation.mirrored(GRAY, points)[1]
    np.testing.assert_allclose(mirrored, points, atol=1e-9)
    assert sorted(augmentation.MIRRORED) == list(range(68))


def test_light_and_blur_leave_the_points_alone(augmentation):
    unchanged = augmentation.augmented(dotted(POINTS), POINTS, [0.9, 0.5, 0.5, 0.5, 0.5])
    np.testing.assert_array_equal(unchanged[0], dotted(POINTS))
    np.testing.assert_array_equal(unchanged[1], POINTS)
    for numbers in ([0.9, 0.5, 0, 0.5, 0], [0.9, 0.5, 0.5, 1, 0], [0.9, 0.5, 0.5, 0.5, 1]):
        image, points = augmentation.augmented(dotted(POINTS), POINTS, numbers)
        np.testing.assert_array_equal(points, POINTS)
        assert (image != unchanged[0]).any()


def test_blur_spreads_a_dot_and_keeps_its_middle(augmentation):
    image = dotted([(40.0, 50.0)])
    blurred = augmentation.blurred(image, 1.5)
    np.testing.assert_allclose(middle_of(blurred), (40, 50), atol=0.1)
    assert blurred.max() < image.max()
    np.testing.assert_array_equal(augmentation.blurred(image, -0.3), image)


def test_light_is_cut_off_and_does_not_wrap_around(augmentation):
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(3, 2)
    brighter = augmentation.with_light(ramp, 0.2, 1.0)
    np.testing.assert_array_equal(brighter, np.minimum(ramp.astype(int) + 51, 255))
    assert (np.diff(augmentation.with_light(ramp, -0.2, 1.3)[..., 0].ravel().astype(int)) >= 0).all()
    softer = augmentation.with_light(ramp, 0.0, 0.5)
    assert (softer.min(), softer.max()) == (64, 191)


def test_the_same_numbers_give_the_same_photograph_and_others_another(augmentation):
    image, points = dotted(POINTS), POINTS
    first, again = (augmentation.augmented(image, points, [0.2, 0.3, 0.4, 0.5, 0.9]) for _ in range(2))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert (augmentation.augmented(image, points, [0.2, 0.31, 0.4, 0.5, 0.9])[0] != first[0]).any()


def test_any_numbers_give_a_picture_of_the_same_kind_and_points_that_stay_near(augmentation):
    rng = np.random.default_rng(0)
    for numbers in [*rng.random((30, 5)).tolist(), [0] * 5, [1] * 5]:
        image, points = augmentation.augmented(GRAY, POINTS, numbers)
        assert (image.shape, image.dtype, image.flags.c_contiguous) == ((96, 96, 3), np.uint8, True)
        assert (points.shape, points.dtype) == ((68, 2), np.float32)
        assert np.ptp(image) == 0  # the corners are filled with what is there
        near = np.linalg.norm(points - 47.5, axis=1).max()
        assert near == pytest.approx(np.linalg.norm(POINTS - 47.5, axis=1).max(), abs=1e-3)
