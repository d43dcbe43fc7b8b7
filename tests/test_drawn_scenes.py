"""DrawnScenes: the same everywhere, boxes where the faces are, too hard for colors alone."""  # dark-7

import hashlib
import json
import subprocess
import sys

import numpy as np
import pytest

from dark.vision import tv_tensors
from dark.vision.datasets import DrawnFaces, DrawnScenes
from dark.vision.datasets.drawn.people import gathering
from dark.vision.datasets.drawn.people.canvas import Canvas
from dark.vision.datasets.drawn.people.face import face_of
from dark.vision.datasets.drawn.people.gathering import face_box, scene
from dark.vision.datasets.drawn.people.head import Head
from dark.vision.datasets.drawn.people.household import HANGING, HANGS, RISING, STANDING, STANDS
from dark.vision.datasets.drawn.scenes import VERSION

COUNT = 120


@pytest.fixture
def cv2():
    return pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to draw with")


@pytest.fixture(scope="module")
def items():
    """The first pictures, their boxes and their labels of two classes."""
    pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to draw with")
    scenes = DrawnScenes(COUNT, classes=2)
    return [scenes.arrays(index) for index in range(COUNT)]


def numbers(index=0, seed=0):
    return DrawnScenes(1000, seed).numbers(index)


def area(boxes):
    return np.prod(np.maximum(boxes[..., 2:] - boxes[..., :2], 0), -1)


def shared(one, other):
    """The area that boxes (..., 4) share."""
    low, high = np.maximum(one[..., :2], other[..., :2]), np.minimum(one[..., 2:], other[..., 2:])
    return area(np.concatenate([low, high], -1))


# The same everywhere


def test_the_numbers_of_an_item_stay_as_they_are():
    """Whoever changes them, or what is drawn with them, raises VERSION and puts the new sum here."""
    items = [numbers(index, seed) for seed in (0, 1, 2) for index in range(30)]
    sha256 = hashlib.sha256(json.dumps(items).encode()).hexdigest()
    assert (VERSION, sha256) == (2, "993a2d48bfdf7f7ba1b3ccc7114619adc47aadfd38bb302e3e4c6f90f06737a5")


def test_all_numbers_are_whole():
    def check(value):
        if isinstance(value, dict | list):
            for part in value.values() if isinstance(value, dict) else value:
                check(part)
        else:
            assert type(value) is int

    for index in range(20):
        check(numbers(index))


def test_seeds_share_no_scene():
    parts = [{json.dumps(numbers(index, seed)) for index in range(60)} for seed in (0, 1, 2)]
    assert len(set.union(*parts)) == 180


def test_an_item_is_the_same_in_any_order_and_process(cv2):
    code = "from dark.vision.datasets import DrawnScenes; import hashlib; d = DrawnScenes(9, 5); d.arrays(3);"
    code += "print(*(hashlib.sha256(a.tobytes()).hexdigest() for a in d.arrays(7)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    sums = [hashlib.sha256(array.tobytes()).hexdigest() for array in DrawnScenes(1000, 5).arrays(7)]
    assert done.stdout.split() == sums


# What an item is


@pytest.mark.parametrize("size", [128, 96, 65])
def test_an_item_is_a_picture_with_boxes_and_labels(cv2, size):
    drawn = DrawnScenes(5, size=size, classes=2)
    image, target = drawn[-2]
    boxes, labels = target["boxes"], target["labels"]
    assert (type(image), image.shape, str(image.dtype)) == (tv_tensors.Image, (3, size, size), "dark.uint8")
    assert (type(boxes), boxes.canvas_size) == (tv_tensors.BoundingBoxes, (size, size))
    assert boxes.format == tv_tensors.BoundingBoxFormat.XYXY
    pixels, places, kinds = drawn.arrays(3)
    assert [array.dtype for array in (pixels, places, kinds)] == [np.uint8, np.float32, np.int64]
    assert (places.shape, kinds.shape) == ((len(kinds), 4), (len(places),))
    np.testing.assert_array_equal(image.numpy(), pixels.transpose(2, 0, 1))
    np.testing.assert_array_equal(boxes.numpy(), places)
    np.testing.assert_array_equal(labels.numpy(), kinds)


def test_boxes_grow_with_the_picture(cv2):
    small, large = (DrawnScenes(5, size=size).arrays(1)[1] for size in (64, 128))
    np.testing.assert_allclose(2 * small, large, atol=0.01)


def test_one_class_or_two_are_the_same_pictures(items):
    one = DrawnScenes(COUNT)
    for index in range(5):
        pixels, boxes, labels = one.arrays(index)
        np.testing.assert_array_equal(pixels, items[index][0])
        np.testing.assert_array_equal(boxes, items[index][1])
        assert not labels.any()
        assert labels.dtype == np.int64
    assert one.classes == ("face",)
    assert DrawnScenes(1, classes=2).classes == ("bareheaded", "covered")
    with pytest.raises(ValueError, match="classes is 1 or 2, not 3"):
        DrawnScenes(1, classes=3)


@pytest.mark.parametrize("index", [3, -4])
def test_an_index_out_of_range_is_an_error(index):
    with pytest.raises(IndexError, match=f"DrawnScenes: index {index} is out of range for 3 scenes"):
        DrawnScenes(3)[index]


def test_transforms_get_picture_and_target_together(cv2):
    assert set(DrawnScenes(1, transforms=lambda image, target: target)[0]) == {"boxes", "labels"}
    assert DrawnScenes(1, target_transform=lambda target: 3)[0][1] == 3


def test_opencv_is_imported_when_something_is_drawn():
    code = "import sys, dark.vision.datasets as d; d.DrawnScenes(3).numbers(1); print('cv2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_without_opencv_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(ImportError, match="pip install opencv-python-headless"):
        DrawnScenes(1)[0]


# The boxes


def test_boxes_are_inside_and_of_all_sizes(items):
    boxes = np.concatenate([boxes for _, boxes, _ in items])
    assert ((boxes >= 0) & (boxes <= 128)).all()
    wide, high = (boxes[:, 2:] - boxes[:, :2]).T
    assert min(wide.min(), high.min()) > 8
    assert high.max() > 64
    assert np.median(high) > 20
    assert ((wide / high > 0.4) & (wide / high < 1.5)).all()
    middle = (boxes[:, 2:] + boxes[:, :2]) / 2
    assert (middle.std(0) > 20).all()


def test_there_are_one_to_four_faces_equally_often():
    counts = [sum(person["seen"] for person in numbers(index)["people"]) for index in range(600)]
    found = np.bincount(counts, minlength=5)
    assert found[0] == 0
    assert len(found) == 5
    assert (abs(found[1:] - 150) < 45).all()


def test_every_third_head_or_so_is_covered(items):
    covered = np.concatenate([labels for _, _, labels in items])
    assert set(covered) == {0, 1}
    assert 0.25 < covered.mean() < 0.5


def test_boxes_overlap_little(items):
    for _, boxes, _ in items:
        both = shared(boxes[:, None], boxes[None])
        iou = both / (area(boxes)[:, None] + area(boxes) - both)
        np.fill_diagonal(iou, 0)
        assert iou.max() < 0.25


def test_most_of_every_face_is_in_the_picture():
    cut = 0
    for index in range(200):
        for person in numbers(index)["people"]:
            if person["seen"]:
                head = Head(face_of(person))
                gathering.place_face(head, person, 256)
                whole = face_box(head) + 0.5
                part = shared(whole, np.array([0, 0, 256, 256])) / area(whole)
                assert part > 0.7
                cut += part < 1
    assert 10 < cut < 120


def test_no_face_is_hidden_by_more_than_about_a_third(cv2, monkeypatch):
    marks = []  # of a scene: what is still to be seen of each face's box
    draw_person = gathering.draw_person

    def record(canvas, old):
        left, top = canvas.origin
        height, width = old.shape[:2]
        for mark in marks:
            mark[top : top + height, left : left + width] &= (canvas.pixels == old).all(-1)

    def marked(canvas, head):
        old = canvas.pixels.copy()
        draw_person(canvas, head)
        record(canvas, old)
        left, top, right, bottom = np.clip(np.rint(face_box(head) + 0.5), 0, 256).astype(int)
        marks.append(np.zeros((256, 256), bool))
        marks[-1][top:bottom, left:right] = True
        sizes.append(marks[-1].sum())

    draw_back, draw_thing = gathering.draw_back_lit, gathering.draw_thing

    def covering(draw):
        def drawn(canvas, *others):
            old = canvas.pixels.copy()
            draw(canvas, *others)
            record(canvas, old)

        return drawn

    monkeypatch.setattr(gathering, "draw_person", marked)
    monkeypatch.setattr(gathering, "draw_back_lit", covering(draw_back))
    monkeypatch.setattr(gathering, "draw_thing", covering(draw_thing))
    parts = []
    for index in range(60):
        marks.clear()
        sizes = []
        scene(numbers(index), 128)
        parts += [1 - mark.sum() / size for mark, size in zip(marks, sizes, strict=True)]
    assert max(parts) < 0.4
    assert np.mean(np.array(parts) > 0.02) > 0.03


def test_a_box_holds_the_face():
    """The 68 points reach its sides and its lower edge, above them the forehead is; a nose may stick out."""
    for index in range(40):
        for person in numbers(index)["people"]:
            head = Head(face_of(person))
            gathering.place_face(head, person, 256)
            left, top, right, bottom = face_box(head)
            x, y = head.points.T
            high = bottom - top
            assert high == pytest.approx(person["height"] / 1000 * 256)
            assert (left + right) / 2 + 0.5 == pytest.approx(person["x"] / 1000 * 256)
            assert left - 0.05 * high < x.min() < left + 0.15 * high
            assert right - 0.15 * high < x.max() < right + 0.05 * high
            assert bottom - 0.05 * high < y[:17].max() <= bottom + 1e-6
            assert 0.05 * high < y.min() - top < 0.5 * high


def test_a_change_of_the_expression_changes_the_inside_of_the_box_alone(cv2):
    changed = 0
    for index in range(12):
        item = numbers(index) | {"before": []}
        person = item["people"][-1]
        if not person["seen"]:
            continue
        other = item | {"people": [*item["people"][:-1], person | {"gaze_x": -person["gaze_x"] - 30}]}
        (one, boxes, _), (two, _, _) = (scene(each, 128) for each in (item, other))
        y, x = np.nonzero((one != two).any(-1))
        left, top, right, bottom = boxes[-1]
        assert ((x >= left - 3) & (x <= right + 2) & (y >= top - 3) & (y <= bottom + 2)).all()
        changed += len(x) > 0
    assert changed > 5


def test_who_is_seen_from_behind_has_no_box(cv2):
    items = [item for item in map(numbers, range(60)) if not all(one["seen"] for one in item["people"])]
    assert 10 < len(items) < 45
    for item in items[:6]:
        assert len(scene(item, 64)[1]) == sum(one["seen"] for one in item["people"])


# The pictures


def test_a_person_drawn_on_a_part_of_the_picture_looks_the_same(cv2):
    """Far people are drawn on the part around them; the light on them falls as on the whole."""
    head = Head(face_of(DrawnFaces(9).numbers(2)), (90, 70), 11)
    whole, part = (np.full((256, 256, 3), 90, np.uint8) for _ in range(2))
    gathering.draw_person(Canvas(whole), head)
    gathering.draw_person(gathering.around(Canvas(part), head), head)
    assert (whole != 90).any()
    assert ((whole != 90).any(-1) == (part != 90).any(-1)).mean() > 0.999
    assert abs(whole.astype(int) - part).mean() < 0.5


def test_everything_of_the_household_is_drawn(cv2):
    thing = {"x": 500, "y": 400, "size": 250, "hue": 10, "tone": 30, "turn": 10, "grain": 5}
    hanging = [part * HANGS // len(HANGING) + 1 for part in range(len(HANGING))]
    rising = [STANDS + part * (100 - STANDS) // len(RISING) for part in range(len(RISING))]
    pictures = []
    for kind in [*hanging, HANGS, *rising]:
        pixels = np.full((128, 128, 3), 90, np.uint8)
        gathering.draw_thing(Canvas(pixels), thing | {"kind": kind}, 128, -40)
        assert 0.02 < (pixels != 90).any(-1).mean() < 0.8
        pictures.append(pixels.tobytes())
    assert len(set(pictures)) == len(pictures) - 1  # plates twice
    assert len(STANDING) == 8


def test_pictures_are_neither_dark_nor_bright_nor_alike(items):
    images = np.stack([pixels for pixels, _, _ in items])
    level = images.mean((1, 2, 3))
    assert 70 < level.mean() < 160
    assert ((level > 12) & (level < 240)).all()
    assert (images.std((1, 2, 3)) > 8).all()
    flat = images[:, ::4, ::4].reshape(COUNT, -1).astype(float)
    flat -= flat.mean(1, keepdims=True)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    assert (flat @ flat.T - np.eye(COUNT)).max() < 0.97


def test_the_color_of_a_pixel_does_not_say_whether_it_is_in_a_face(items):
    """A table of all colors, each channel in eight steps, asked for the pixels of boxes."""
    colors = np.stack([pixels // 32 @ np.array([64, 8, 1]) for pixels, _, _ in items]).reshape(COUNT, -1)
    faces = np.zeros((COUNT, 128, 128), bool)
    for face, (_, boxes, _) in zip(faces, items, strict=True):
        for left, top, right, bottom in np.rint(boxes).astype(int):
            face[top:bottom, left:right] = True
    faces = faces.reshape(COUNT, -1)
    (train, test), (known, asked) = (np.split(array, [COUNT * 3 // 4]) for array in (colors, faces))
    counts = np.bincount(train.ravel(), minlength=512)
    share = np.bincount(train.ravel(), weights=known.ravel(), minlength=512) / np.maximum(counts, 1)

    def dice(found):
        return 2 * (found & asked).sum() / (found.sum() + asked.sum())

    best = max(dice(share[test] > threshold) for threshold in np.linspace(0.05, 0.7, 25))
    assert best < 0.6


def test_blobs_of_the_color_of_skin_are_not_what_the_boxes_are_around(cv2, items):
    """A detector that takes the connected areas of the usual range of skin's colors."""
    hits = found = faces = 0
    for pixels, boxes, _ in items:
        skin = cv2.inRange(cv2.cvtColor(pixels, cv2.COLOR_RGB2YCrCb), (0, 136, 80), (255, 180, 127))
        skin = cv2.morphologyEx(skin, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        _, _, blobs, _ = cv2.connectedComponentsWithStats(skin)
        blobs = blobs[1:][blobs[1:, 4] > 80]
        guesses = np.concatenate([blobs[:, :2], blobs[:, :2] + blobs[:, 2:4]], 1).astype(float)
        both = shared(guesses[:, None], boxes[None].astype(float))
        iou = both / (area(guesses)[:, None] + area(boxes) - both)
        hits += (iou > 0.5).any(0).sum()
        found, faces = found + len(guesses), faces + len(boxes)
    assert 2 * hits / (found + faces) < 0.5  # F1
