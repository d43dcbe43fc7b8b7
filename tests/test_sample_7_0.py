"""Sample 7.0: average precision, pictures of any size, what it draws and marks."""  # beyond

import importlib
import math
import sys
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import dark
from dark_samples.catalogue import find_sample

SAMPLE = find_sample(str(Path(__file__).parent.parent / "dark-7" / "samples" / "7.0-YOLOv3-detection"))


@pytest.fixture
def modules(monkeypatch):
    """Import a module of the sample by name; other samples have modules of the same names."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    SAMPLE.script("dark", "train")
    return importlib.import_module


class Found(NamedTuple):
    boxes: np.ndarray
    scores: np.ndarray
    labels: np.ndarray


class Part(NamedTuple):
    images: np.ndarray
    boxes: list
    labels: list


def found_of(*rows, label=0):
    """What is found in a picture, from rows of a score, a box and, where it is not `label`, its class."""
    rows = sorted([(*row, label)[:3] for row in rows], key=lambda row: -row[0])
    scores, boxes, labels = zip(*rows, strict=True) if rows else ((), (), ())
    return Found(
        np.array(boxes, np.float32).reshape(-1, 4), np.array(scores, np.float32), np.array(labels, np.int64)
    )


def part_of(*pictures, labels=None):
    """Pictures with these true boxes, a list for each, of class 0 or of those in `labels`."""
    labels = labels or [[0] * len(boxes) for boxes in pictures]
    return Part(
        np.zeros((len(pictures), 128, 128, 3), np.uint8),
        [np.array(boxes, np.float32).reshape(-1, 4) for boxes in pictures],
        [np.array(its, np.int64) for its in labels],
    )


A, B, C, D = (0, 0, 10, 10), (20, 0, 30, 10), (0, 40, 10, 60), (60, 60, 70, 70)  # far from each other


def wide(part):
    """A, of which so much is kept on the left: its IoU with A is `part`."""
    return (0, 0, 10 * part, 10)


# Average precision


@pytest.fixture
def precision():
    """The module of the sample that computes it, which needs nothing else of it."""
    spec = importlib.util.spec_from_file_location("precision", SAMPLE.folder / "average_precision.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("some", "others", "expected"),
    [
        (A, A, 1),
        (A, B, 0),
        (A, (10, 0, 20, 10), 0),
        (A, (5, 0, 15, 10), Fraction(50, 150)),
        (A, (5, 5, 15, 15), Fraction(25, 175)),
        (A, (2, 2, 4, 4), Fraction(4, 100)),
        (A, (20, 20, 30, 30), 0),
        (A, (3, 3, 3, 3), 0),
        ((3, 3, 3, 3), (3, 3, 3, 3), 0),
    ],
)
def test_iou_of_two_boxes(precision, some, others, expected):
    assert precision.box_iou([some], [others]).tolist() == [[pytest.approx(float(expected))]]
    assert precision.box_iou([others], [some]).tolist() == [[pytest.approx(float(expected))]]


def test_iou_of_all_pairs_and_of_none(precision):
    overlaps = precision.box_iou(np.array([A, B, C]), np.array([A, wide(0.5)]))
    assert overlaps.tolist() == [[1, 0.5], [0, 0], [0, 0]]
    assert precision.box_iou(np.zeros((0, 4)), np.array([A])).shape == (0, 1)
    assert precision.box_iou(np.array([A]), np.zeros((0, 4))).shape == (1, 0)


# The precision is read at 101 recalls: 0, 0.01, … 1. A recall of k of n boxes covers those up to k / n, which
# are floor(100 k / n) + 1 of them.
@pytest.mark.parametrize(
    ("found", "true", "expected"),
    [
        pytest.param([[(0.9, A)]], [[A]], 1, id="all found"),
        pytest.param([[(0.9, A), (0.2, B)], [(0.5, C)]], [[B, A], [C]], 1, id="all found, in two pictures"),
        pytest.param([[]], [[A]], 0, id="none found"),
        pytest.param([[(0.9, B)]], [[A]], 0, id="elsewhere"),
        pytest.param([[], [(0.9, A)]], [[A], []], 0, id="in the wrong picture"),
        pytest.param([[(0.9, A)]], [[A, B]], Fraction(51, 101), id="half of them"),
        pytest.param([[(0.9, A)], [], []], [[A], [B], [C]], Fraction(34, 101), id="a third of them"),
        pytest.param([[(0.9, A), (0.8, D)]], [[A]], 1, id="a wrong one after all that there are"),
        pytest.param([[(0.8, A), (0.9, D)]], [[A]], Fraction(1, 2), id="a wrong one before"),
        pytest.param([[(0.8, A)], [(0.9, A)]], [[A], []], Fraction(1, 2), id="the better one where none is"),
        pytest.param([[(0.9, A), (0.8, A)]], [[A]], 1, id="twice the same, nothing else to find"),
        pytest.param(  # right, wrong, right: 1 up to recall 1/2, then 2/3
            [[(0.9, A), (0.8, A), (0.7, B)]], [[A, B]], (51 + 50 * Fraction(2, 3)) / 101, id="a duplicate"
        ),
        pytest.param(  # wrong, right, right: the highest precision with at least this recall, 2/3
            [[(0.9, D), (0.8, A), (0.7, B)]], [[A, B]], Fraction(2, 3), id="precision that rises again"
        ),
        pytest.param(  # right, wrong, right, wrong, wrong, right: 1, 2/3, 1/2, each for a quarter
            [[(0.9, A), (0.7, B)], [(0.8, D), (0.6, B)], [(0.5, A), (0.4, C)]],
            [[A, B], [A], [C]],
            (26 + 25 * Fraction(2, 3) + 25 * Fraction(1, 2)) / 101,
            id="three pictures by score",
        ),
        pytest.param([[], []], [[A], []], 0, id="nothing at all is found"),
    ],
)
def test_average_precision_at_half(precision, found, true, expected):
    result = precision.mean_average_precision([found_of(*rows) for rows in found], part_of(*true), 1)
    assert result.map50 == pytest.approx(float(expected))
    assert result.map == pytest.approx(float(expected))  # these boxes fit entirely or not at all
    assert (type(result.map50), type(result.map)) == (float, float)


@pytest.mark.parametrize(
    ("overlap", "thresholds"), [(0.45, 0), (0.5, 1), (0.52, 1), (0.74, 5), (0.75, 6), (0.99, 10), (1, 10)]
)
def test_a_box_counts_where_its_iou_reaches_the_threshold(precision, overlap, thresholds):
    result = precision.mean_average_precision([found_of((0.9, wide(overlap)))], part_of([A]), 1)
    assert result.map50 == (thresholds > 0)
    assert result.map == pytest.approx(thresholds / 10)


def test_average_precision_over_all_thresholds_by_hand(precision):
    """Of two true boxes the surer one found has IoU 0.71, the other 0.91, between them a wrong one.

    - IoU 0.5 to 0.7, five thresholds: right, wrong, right; 51 recalls at precision 1, 50 at 2/3;
    - IoU 0.75 to 0.9, four: wrong, wrong, right; 51 recalls at 1/3;
    - IoU 0.95: nothing is right.
    """
    found = [found_of((0.9, wide(0.71)), (0.8, D), (0.7, (20, 0, 30, 9.1)))]
    result = precision.mean_average_precision(found, part_of([A, B]), 1)
    low, high = (51 + 50 * Fraction(2, 3)) / 101, 51 * Fraction(1, 3) / 101
    assert result.map50 == pytest.approx(float(low))
    assert result.map == pytest.approx(float((5 * low + 4 * high) / 10))
    assert result.curves[0].mean(axis=1).tolist() == pytest.approx([*[float(low)] * 5, *[float(high)] * 4, 0])


def test_the_curve_is_the_highest_precision_with_at_least_each_recall(precision):
    found = [found_of((0.9, D), (0.8, A), (0.7, B), (0.6, C), (0.5, (60, 0, 70, 10)))]
    curve = precision.mean_average_precision(found, part_of([A, B, (90, 90, 99, 99)]), 1).curves[0, 0]
    assert curve.tolist() == pytest.approx([2 / 3] * 67 + [0] * 34)  # two of three are found


def test_the_true_box_that_fits_best_is_matched_and_left_to_no_other(precision):
    """Both found overlap both true boxes: the first takes the nearer one, and the other is left."""
    true = part_of([(0, 0, 10, 10), (2, 0, 12, 10)])
    both = [found_of((0.9, (2, 0, 12, 10)), (0.8, (1, 0, 11, 10)))]
    assert precision.mean_average_precision(both, true, 1).map50 == 1
    first = [found_of((0.9, (1.1, 0, 11.1, 10)), (0.8, (2, 0, 12, 10)))]  # takes what the other would fit
    result = precision.mean_average_precision(first, true, 1)
    assert result.curves[0].mean(axis=1).round(2).tolist() == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25]


def test_of_equal_scores_the_earlier_picture_comes_first(precision):
    right, wrong = found_of((0.5, A)), found_of((0.5, D))
    true = part_of([A], [A])
    first = precision.mean_average_precision([right, wrong], true, 1).map50
    last = precision.mean_average_precision([wrong, right], true, 1).map50
    assert (first, last) == pytest.approx((51 / 101, 51 / 101 / 2))


def test_classes_are_apart_and_count_the_same(precision):
    """Class 0: one of one; class 1: one of two; what is found as class 1 on the box of class 0 is wrong."""
    found = [found_of((0.9, A, 0), (0.8, A, 1), (0.7, B, 1))]
    true = part_of([A, B, C], labels=[[0, 1, 1]])
    result = precision.mean_average_precision(found, true, 2)
    assert result.curves[:, 0].mean(axis=1).tolist() == pytest.approx([1, 51 / 101 / 2])
    assert result.map50 == pytest.approx((1 + 51 / 101 / 2) / 2)


def test_the_right_place_with_the_wrong_class_is_wrong(precision):
    result = precision.mean_average_precision([found_of((0.9, A, 1))], part_of([A, B], labels=[[0, 1]]), 2)
    assert result.map50 == 0


def test_a_class_without_any_true_box_is_left_out(precision):
    found = [found_of((0.9, A, 0), (0.8, B, 1), (0.7, C, 2))]
    result = precision.mean_average_precision(found, part_of([A, C], labels=[[0, 2]]), 3)
    assert (result.map50, result.map) == (1, 1)
    assert np.isnan(result.curves).all(axis=(1, 2)).tolist() == [False, True, False]


@pytest.mark.parametrize("found", [found_of(), found_of((0.9, A))])
def test_where_there_is_nothing_to_find_there_is_no_precision(precision, found):
    result = precision.mean_average_precision([found, found], part_of([], []), 1)
    assert np.isnan([result.map50, result.map]).all()
    assert np.isnan(result.curves).all()


def test_pictures_without_any_box_count_only_by_what_is_found_in_them(precision):
    found, true = [found_of((0.5, A)), found_of(), found_of()], part_of([A], [], [])
    assert precision.mean_average_precision(found, true, 1).map50 == 1
    assert precision.mean_average_precision([*found[:2], found_of((0.6, A))], true, 1).map50 == 0.5


@pytest.mark.parametrize(("place", "expected"), [(99, Fraction(1, 100)), (100, 0)])
def test_only_the_best_hundred_boxes_of_a_class_in_a_picture_count(precision, place, expected):
    rows = [(0.9 - i / 1000, A if i == place else D) for i in range(101)]
    others = [(0.95, D, 1)] * 50  # of another class
    result = precision.mean_average_precision([found_of(*rows, *others)], part_of([A]), 1)
    assert result.map50 == pytest.approx(float(expected))


def test_boxes_need_not_be_sorted(precision):
    boxes, scores, labels = (part[::-1].copy() for part in found_of((0.9, A), (0.8, D), (0.7, B)))
    result = precision.mean_average_precision([Found(boxes, scores, labels)], part_of([A, B]), 1)
    assert result.map50 == pytest.approx(float((51 + 50 * Fraction(2, 3)) / 101))


def test_as_many_pictures_are_found_in_as_there_are(precision):
    with pytest.raises(ValueError, match="zip"):
        precision.mean_average_precision([found_of()], part_of([A], [A]), 1)


def plain_ap(found, true, threshold):
    """Average precision of one class, once more, in lists and loops.

    Recalls are compared as cocoeval does, in floating point: 7 of 10 is a little less than its 0.7, which
    is 0.7000000000000001.
    """

    def iou(a, b):
        width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        both = max(0, width) * max(0, height)
        area = lambda box: (box[2] - box[0]) * (box[3] - box[1])
        return both / (area(a) + area(b) - both)

    matches = []
    for picture, rows in enumerate(found):
        left = list(true[picture])
        for score, box in sorted(rows, key=lambda row: -row[0])[:100]:
            best = max((iou(box, one) for one in left), default=0)
            if right := best >= threshold:
                left.remove([one for one in left if iou(box, one) == best][-1])
            matches.append((score, right))
    matches.sort(key=lambda match: -match[0])

    total, points, hits = sum(map(len, true)), [], 0
    for count, (_, right) in enumerate(matches, 1):
        hits += right
        points.append((hits / total, hits / count))
    recalls = np.linspace(0, 1, 101).tolist()
    return sum(max((p for r, p in points if r >= recall), default=0) for recall in recalls) / 101


@pytest.mark.parametrize("seed", range(8))
def test_another_program_finds_the_same(precision, seed):
    rng = np.random.default_rng(seed)
    classes, grid, levels = (1, 2)[seed % 2], (4, 12, 40)[seed % 3], (4, 1000)[seed % 2]

    def boxes(count):
        corner, size = rng.integers(0, grid, (count, 2)), rng.integers(1, grid, (count, 2))
        return np.hstack([corner, corner + size]).tolist()

    true = [[boxes(rng.integers(4)) for _ in range(6)] for _ in range(classes)]  # by class, by picture
    rows = [
        [
            [(rng.integers(levels) / 1024, box) for box in [*its, *boxes(rng.integers(5)), *its[:1]]]
            for its in pictures
        ]
        for pictures in true
    ]
    found = [found_of(*[(*row, c) for c in range(classes) for row in rows[c][i]]) for i in range(6)]
    labels = [[c for c in range(classes) for _ in true[c][i]] for i in range(6)]
    part = part_of(*[[box for c in range(classes) for box in true[c][i]] for i in range(6)], labels=labels)
    result = precision.mean_average_precision(found, part, classes)
    for label in range(classes):
        expected = [plain_ap(rows[label], true[label], t) for t in np.linspace(0.5, 0.95, 10).tolist()]
        assert result.curves[label].mean(axis=1).tolist() == pytest.approx(expected, abs=1e-12)


# Detection


ANCHORS = np.array([(8, 8), (10, 14), (14, 10), (30, 30), (40, 56), (56, 40)], np.float32)
ONE = np.zeros((1, 64, 64, 3), np.uint8)  # a picture


def logit(p):
    return math.log(p / (1 - p))


class Answering:
    """Stands for the network: it finds what it is told, rows of a prior, the probabilities of an object there
    and of each class; the box is the prior itself."""

    def __init__(self, modules, *rows):
        self.priors_of, self.rows, self.seen, self.modes = modules("priors").priors_of, rows, [], []

    def eval(self):
        self.modes.append("eval")

    def priors(self, height, width):
        return self.priors_of(dark.tensor(ANCHORS), height, width)

    def __call__(self, images):
        self.seen.append(images)
        n, _, height, width = images.shape
        answers = dark.full((n, len(self.priors(height, width).sizes), 5 + 2), -20.0)
        answers[:, :, :4] = 0
        for prior, *probabilities in self.rows:
            answers[:, prior, 4:] = dark.tensor([logit(p) for p in probabilities])
        return answers


def test_a_score_is_the_probability_of_an_object_of_the_class(modules):
    model = Answering(modules, (0, 0.8, 0.9, 0.5), (9, 0.5, 0.1, 0.2), (100, 0.1, 0.02, 0.6))
    images = np.zeros((2, 64, 64, 3), np.uint8)
    found = modules("detection").detect(model, images, "cpu", least=0.03)
    assert (len(found), model.modes) == (2, ["eval"])
    for boxes, scores, labels in found:
        assert scores.tolist() == pytest.approx([0.72, 0.4, 0.1, 0.06, 0.05])
        assert labels.tolist() == [0, 1, 1, 1, 0]
        assert boxes[[0, 1, 2, 4]].tolist() == [[0, 0, 8, 8]] * 2 + [[24, 0, 32, 8]] * 2
        assert [part.dtype for part in (boxes, scores, labels)] == [np.float32, np.float32, np.int64]


def test_nothing_is_found_where_no_score_is_high_enough(modules):
    model = Answering(modules, (0, 0.5, 0.5, 0.5))
    ((boxes, scores, labels),) = modules("detection").detect(model, ONE, "cpu", 0.3)
    assert (boxes.shape, scores.shape, labels.shape) == ((0, 4), (0,), (0,))
    assert (boxes.dtype, labels.dtype) == (np.float32, np.int64)


def test_one_face_is_found_once_and_its_neighbours_stay(modules):
    """Boxes around one middle: 40 by 56 and 56 by 40 overlap by more than half, 30 by 30 with neither."""
    face, cap = (0.99, 0.01), (0.01, 0.99)
    for other, expected in ((face, [40, 30]), (cap, [40, 52, 30])):  # 52 of 56 are in the picture
        model = Answering(modules, (222, 0.7, *face), (223, 0.9, *face), (224, 0.8, *other))
        (found,) = modules("detection").detect(model, ONE, "cpu", 0.1)
        assert (found.boxes[:, 2] - found.boxes[:, 0]).tolist() == expected


def test_pictures_are_looked_at_a_batch_at_a_time_and_found_in_as_one_by_one(modules, monkeypatch):
    detection, model = modules("detection"), modules("model").YOLO(ANCHORS)
    monkeypatch.setattr(detection, "AT_ONCE", 2)
    images = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), np.uint8)
    found = detection.detect(model, images, "cpu", least=0)
    assert len(found) == 3
    (alone,) = detection.detect(model, images[2:], "cpu", least=0)
    np.testing.assert_allclose(found[2].boxes, alone.boxes, atol=1e-3)
    assert len(alone.boxes) <= 100


@pytest.mark.parametrize(
    ("shape", "size", "seen"),
    [
        ((128, 128), 128, (128, 128)),
        ((300, 200), 96, (96, 64)),
        ((100, 150), 64, (43, 64)),
        ((480, 640), 128, (96, 128)),
        ((10, 900), 64, (1, 64)),
        ((5, 7), 32, (23, 32)),
    ],
)
def test_a_photograph_is_seen_small_and_its_boxes_have_its_own_pixels(modules, shape, size, seen):
    model = Answering(modules, (0, 0.9, 0.9, 0.1), (-1, 0.8, 0.9, 0.1), (-2, 0.4, 0.9, 0.1))
    photo = np.zeros((*shape, 3), np.uint8)
    photo[-1] = 255
    found = modules("detection").detect_in(model, photo, size, "cpu", 0.5)
    (image,), (h, w) = model.seen, seen
    height, width = -(-h // 16) * 16, -(-w // 16) * 16
    assert tuple(image.shape) == (1, 3, height, width)
    assert dark.equal(image[:, :, h:], image[:, :, h - 1 : h].expand(1, 3, height - h, width))
    first, last = np.array([0, 0, 8, 8]), np.array([width - 36, height - 28, width + 20, height + 12])
    expected = np.array([first, last]).clip(0, [w, h, w, h]) * ([shape[1] / w, shape[0] / h] * 2)
    np.testing.assert_allclose(found.boxes, expected, rtol=1e-5, atol=1e-3)


def test_a_photograph_of_the_networks_size_is_seen_as_in_the_test(modules):
    detection, model = modules("detection"), modules("model").YOLO(ANCHORS)
    image = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    (expected,) = detection.detect(model, image[None], "cpu", 0)
    found = detection.detect_in(model, image, 64, "cpu", 0)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)
