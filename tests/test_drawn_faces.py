"""DrawnFaces: the same everywhere, points where the features are, too hard for a linear model."""  # dark-5

import hashlib
import importlib.util
import json
import subprocess
import sys

import numpy as np
import pytest

from dark.vision import tv_tensors
from dark.vision.datasets import DrawnFaces
from dark.vision.datasets.drawn.faces import VERSION
from dark.vision.datasets.drawn.people.canvas import Canvas
from dark.vision.datasets.drawn.people.face import face_of
from dark.vision.datasets.drawn.people.head import Head
from dark.vision.datasets.drawn.people.portrait import PORTRAIT, draw_person, portrait

no_opencv = importlib.util.find_spec("cv2") is None
needs_opencv = pytest.mark.skipif(no_opencv, reason="OpenCV is not installed: nothing to draw with")

UNIT = 60
FRONTAL = {  # and nothing before the face
    "yaw": 0, "pitch": 0, "roll": 0, "glasses": 0, "hat": 0, "held": 0, "beard": 0, "hair": 0, "light": 10,
    "woman": 20, "age": 40, "open": 0, "smile": 0, "lids": 60, "wink": 50, "freckles": 0, "blush": 0,
}  # fmt: skip


def numbers(index=0, **changes):
    return DrawnFaces(1000).numbers(index) | changes


def drawn(**changes):
    """A head as wide as 120 pixels, seen from the front, on gray: its picture and its points."""
    canvas = Canvas(np.full((192, 192, 3), 128, np.uint8))
    head = Head(face_of(numbers(0, **FRONTAL | changes)), (96, 86), UNIT)
    draw_person(canvas, head)
    return canvas.pixels.astype(int), head.points


def distance_to(points):
    """Of every pixel to the nearest of some points, in units: (192, 192)."""
    y, x = np.mgrid[:192, :192]
    return np.hypot(x[..., None] - points[:, 0], y[..., None] - points[:, 1]).min(2) / UNIT


def nme(found, points):
    """Mean distance of the points in parts of the distance of the eyes' outer corners."""
    eyes = np.linalg.norm(points[:, 36] - points[:, 45], axis=1)
    return (np.linalg.norm(found - points, axis=2).mean(1) / eyes).mean()


@pytest.fixture(scope="module")
def faces():
    """The first 300 faces: pictures (300, 96, 96, 3) and points (300, 68, 2)."""
    drawn = DrawnFaces(300)
    return [np.stack(array) for array in zip(*map(drawn.arrays, range(300)), strict=True)]


# The same everywhere


def test_the_numbers_of_an_item_stay_as_they_are():
    """Whoever changes them, or what is drawn with them, raises VERSION and puts the new sum here."""
    items = [DrawnFaces(100, seed).numbers(index) for seed in (0, 1) for index in range(100)]
    sha256 = hashlib.sha256(json.dumps(items).encode()).hexdigest()
    assert (VERSION, sha256) == (1, "49e8225c078f229844108b57359c8dbbd2ba3d6d9f316701d8e688abcc96e278")


def test_numbers_are_whole_and_in_their_ranges():
    for index in range(50):
        for name, number in numbers(index).items():
            low, high = PORTRAIT[name]
            assert isinstance(number, int)
            assert low <= number <= high, name


def test_seeds_share_no_face():
    train, test = ({json.dumps(DrawnFaces(500, seed).numbers(i)) for i in range(500)} for seed in (0, 1))
    assert len(train) == len(test) == 500
    assert not train & test


@needs_opencv
def test_an_item_is_the_same_in_any_order_and_process():
    code = "from dark.vision.datasets import DrawnFaces; import hashlib; d = DrawnFaces(9); d.arrays(3);"
    code += "print(*(hashlib.sha256(a.tobytes()).hexdigest() for a in d.arrays(7)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    sums = [hashlib.sha256(array.tobytes()).hexdigest() for array in DrawnFaces(1000).arrays(7)]
    assert done.stdout.split() == sums


# What an item is


@needs_opencv
@pytest.mark.parametrize("size", [96, 128, 33])
def test_an_item_is_a_picture_and_its_points(size):
    drawn = DrawnFaces(5, size=size)
    image, points = drawn[-2]
    assert (type(image), image.shape, str(image.dtype)) == (tv_tensors.Image, (3, size, size), "dark.uint8")
    assert (type(points), str(points.dtype)) == (tv_tensors.KeyPoints, "dark.float32")
    assert points.shape == (68, 2)
    assert points.canvas_size == (size, size)
    pixels, places = drawn.arrays(3)
    np.testing.assert_array_equal(image.numpy(), pixels.transpose(2, 0, 1))
    np.testing.assert_array_equal(points.numpy(), places)


@needs_opencv
def test_the_points_grow_with_the_picture():
    small, large = (DrawnFaces(1, size=size).arrays(0)[1] for size in (48, 96))
    np.testing.assert_allclose((large + 0.5) / 2, small + 0.5, atol=1e-3)


@pytest.mark.parametrize("index", [3, -4])
def test_an_index_out_of_range_is_an_error(index):
    with pytest.raises(IndexError, match=f"DrawnFaces: index {index} is out of range for 3 faces"):
        DrawnFaces(3)[index]


@needs_opencv
def test_transforms_get_picture_and_points_together():
    assert DrawnFaces(1, transforms=lambda image, points: points)[0].shape == (68, 2)
    assert DrawnFaces(1, transform=lambda image: 3)[0][0] == 3


def test_without_opencv_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(ImportError, match="pip install opencv-python-headless"):
        DrawnFaces(1)[0]


def test_importing_it_imports_no_opencv():
    code = "import sys, dark.vision.datasets; print('cv2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# The points


@needs_opencv
def test_points_stand_in_the_order_of_ibug(faces):
    _, points = faces
    assert (points > 0).all()
    assert (points < 95).all()
    right = points[:, 45] - points[:, 36]
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    down = np.stack([-right[:, 1], right[:, 0]], 1)
    along = np.einsum("npc,nc->np", points, right)
    below = np.einsum("npc,nc->np", points, down)
    from_left_to_right = (
        range(17, 27), range(31, 36), (36, 37, 38, 39, 42, 43, 44, 45), (41, 40, 47, 46), range(48, 55),
        range(59, 54, -1), range(60, 65), (67, 66, 65),
    )  # fmt: skip
    for part in from_left_to_right:
        assert (np.diff(along[:, list(part)], axis=1) > -1).all(), part
    around = points[:, :17] - (points[:, 27:31].mean(1) + points[:, 8])[:, None] / 2
    turned = np.unwrap(np.arctan2(around[..., 1], around[..., 0]), axis=1)
    assert (np.diff(turned) < 0).all()  # the jaw runs from the left through the chin to the right
    assert (below[:, 8] > below[:, 57]).all()  # chin, lower lip, upper lip, nose, eyes, brows
    assert (below[:, 57] > below[:, 51]).all()
    assert (below[:, 51] > below[:, 33]).all()
    assert (below[:, 33] > below[:, 27]).all()
    assert (below[:, 36:48].mean(1) > below[:, 17:27].mean(1)).all()
    for upper, lower in ((37, 41), (38, 40), (43, 47), (44, 46), (61, 67), (62, 66), (63, 65)):
        assert (below[:, lower] > below[:, upper] - 0.1).all()


EYES, BROWS, NOSE, LIPS = range(36, 48), range(17, 27), range(27, 36), range(48, 68)
FEATURES = {  # a number: its values, the points of its feature, and how far from them it reaches
    "gaze_x": ((-35, 35), EYES, 0.12), "iris": ((0, 99), EYES, 0.12), "lids": ((10, 99), EYES, 0.25),
    "eye_tilt": ((-5, 7), EYES, 0.3), "brow_thick": ((4, 10), BROWS, 0.15),
    "brow_height": ((-5, 5), BROWS, 0.15), "nose_width": ((80, 135), NOSE, 0.3),
    "lip": ((60, 150), LIPS, 0.25), "mouth_width": ((82, 118), LIPS, 0.25),
    "smirk": ((-30, 30), [*LIPS, *BROWS], 0.25),
}  # fmt: skip


@needs_opencv
@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_is_drawn_where_its_points_are(name):
    """A number changes no pixel far from the points of its feature, and many at these."""
    values, part, reach = FEATURES[name]
    (before, points), (after, others) = (drawn(**{name: value}) for value in values)
    changed = np.abs(before - after).max(2) > 6
    away = distance_to(np.concatenate([points[list(part)], others[list(part)]]))
    assert changed.sum() > 15
    assert away[changed].max() < reach


@needs_opencv
def test_eyes_lips_and_brows_have_their_colors_between_their_points():
    pixels, points = drawn(brow_thick=10, iris=95, skin=0, hair_tone=0, dyed=0, red=0)

    def color(*part):
        x, y = np.rint(points[list(part)].mean(0)).astype(int)
        return pixels[y, x]

    skin = color(27, 39, 42)
    for eye in (range(36, 42), range(42, 48)):
        assert color(*eye).sum() < skin.sum() - 200  # the pupil
    for brow in (19, 24):
        assert color(brow).sum() < skin.sum() - 200
    for lip in ((50, 51, 52, 61, 62, 63), (56, 57, 58, 65, 66, 67)):
        red, green, _ = color(*lip)
        assert red - green > skin[0] - skin[1] + 10


@needs_opencv
def test_the_jaw_is_the_edge_of_the_face():
    """The skin inside the jaw is that of the face, and what lies outside is not: ears, neck or ground."""
    pixels, points = drawn(skin=20, warmth=0, neckline=99)
    middle = points[30]
    skin = pixels[tuple(np.rint(points[[2, 14]].mean(0) * 0 + middle + (0.45 * UNIT, 0)).astype(int)[::-1])]
    for point in points[3:14]:
        inner, outer = (point + step * (middle - point) for step in (0.12, -0.12))
        inner, outer = (pixels[tuple(np.rint(place).astype(int)[::-1])] for place in (inner, outer))
        assert np.abs(inner - skin).max() < 45
        assert np.abs(outer - skin).max() > np.abs(inner - skin).max() + 10


@needs_opencv
def test_turning_a_head_moves_the_nose_more_than_the_jaw():
    left, right = (Head(face_of(numbers(0, **FRONTAL | {"yaw": yaw}))).points[:, 0] for yaw in (-25, 25))
    moved = right - left
    assert moved[30] > 1.2 * moved[8]
    assert moved[30] > 2 * abs(moved[[0, 16]]).max()


# The pictures


@needs_opencv
def test_every_number_changes_some_picture():
    """A number that nothing reads would only shift the others."""
    for name, (low, high) in PORTRAIT.items():
        for index in range(150):
            first, second = (portrait(numbers(index, **{name: value}), 32)[0] for value in (low, high))
            if (first != second).any():
                break
        else:
            pytest.fail(f"{name} changes nothing")


@needs_opencv
def test_pictures_are_neither_dark_nor_bright_nor_alike(faces):
    images, _ = faces
    assert (images.shape, images.dtype) == ((300, 96, 96, 3), np.uint8)
    level = images.mean(axis=(1, 2, 3))
    assert 80 < level.mean() < 150
    assert ((level > 25) & (level < 225)).all()
    assert (images.std(axis=(1, 2, 3)) > 10).all()
    flat = images[:, ::4, ::4].reshape(300, -1).astype(float)
    flat -= flat.mean(1, keepdims=True)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    alike = flat @ flat.T - np.eye(300)
    assert alike.max() < 0.97
    assert abs(alike).mean() < 0.4


def test_skin_is_of_the_color_of_skin():
    for index in range(200):
        red, green, blue = face_of(numbers(index)).skin_color
        assert red > green > blue
        assert 1.05 < red / blue < 2.5


@needs_opencv
def test_a_linear_model_does_not_find_the_points(faces):
    images, points = faces
    pixels = images.reshape(300, 24, 4, 24, 4, 3).mean(axis=(2, 4)).reshape(300, -1) / 255
    (train, test), (known, asked) = np.split(pixels, [240]), np.split(points, [240])
    mean, middle = train.mean(0), known.mean(0)
    train, test = train - mean, test - mean
    kernel = train @ train.T
    errors = []
    for ridge in (1, 10, 100, 1000):
        weights = np.linalg.solve(kernel + ridge * np.eye(240), (known - middle).reshape(240, -1))
        errors.append(nme((test @ train.T @ weights).reshape(-1, 68, 2) + middle, asked))
    assert min(errors) > 0.1


@needs_opencv
@pytest.mark.parametrize("center", [(0, 0), (-30, 60), (127, 127), (400, 50), (60, -500)])
@pytest.mark.parametrize("unit", [3, 25, 90])
def test_a_head_may_reach_beyond_the_picture(center, unit):
    for index in range(12):
        f = face_of(numbers(index, held=80 + 2 * index if index > 6 else 0, hat=80 + 2 * index))
        draw_person(Canvas(np.zeros((131, 77, 3), np.uint8)), Head(f, center, unit))
