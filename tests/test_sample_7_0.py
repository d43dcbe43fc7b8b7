"""Sample 7.0: average precision, pictures of any size, what it draws and marks."""  # beyond

import importlib
import math
import re
import sys
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import dark
from against_torch import needs_torch, torch
from dark_samples import Run
from dark_samples.catalogue import SampleError, find_sample
from dark_samples.script import app_of, obey
from dark_samples.script import test as command

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


# Pictures


class Scenes(NamedTuple):
    classes: tuple
    source: str = "noise"
    test: Part | None = None


def lines(axes):
    """The boxes drawn into a panel, left, top, right and bottom, and how strong."""
    drawn = [line for line in axes.lines if len(line.get_xydata())]
    boxes = [np.concatenate([line.get_xydata().min(0), line.get_xydata().max(0)]) for line in drawn]
    return [tuple(box.tolist()) for box in boxes], [line.get_alpha() for line in drawn]


def test_the_animation_shows_boxes_as_strong_as_they_are_sure(modules):
    part = part_of([A], [B])
    found = [found_of((0.9, A), (0.25, B), (0.01, C)), found_of()]
    card = modules("pictures").draw_frame(part, found)
    assert len(card.axes) == 8
    boxes, alphas = lines(card.axes[0])
    assert (boxes, alphas) == ([A, B], pytest.approx([0.9, 0.25]))
    assert lines(card.axes[1]) == ([], [])
    assert not any(axes.axison for axes in card.axes)
    assert card.axes[0].images[0].get_extent() == [0, 128, 128, 0]  # in coordinates of the pixels' edges
    assert (card.axes[0].get_xlim(), card.axes[0].get_ylim()) == ((0, 128), (128, 0))


def test_the_grid_shows_true_boxes_and_sure_ones_with_their_scores(modules):
    pictures = modules("pictures")
    part = part_of([A, C], [], labels=[[0, 1], []])
    found = [found_of((0.9, A, 1), (0.3, B)), found_of((0.96, (50, 50, 80, 80), 1))]
    card = pictures.draw_detections(Scenes(("face", "hat")), part, found)
    assert lines(card.axes[0])[0] == [A, C, A]
    colors = [line.get_color() for line in card.axes[0].lines if len(line.get_xydata())]
    assert colors == [pictures.TRUE[0], pictures.TRUE[1], pictures.FOUND[1]]
    assert [text.get_text() for axes in card.axes for text in axes.texts] == ["0.90", "0.96"]
    explained = [text.get_text() for text in card.legends[0].get_texts()]
    assert explained == ["face, true", "face, found", "hat, true", "hat, found"]
    assert not any(axes.axison for axes in card.axes)


def test_only_the_first_pictures_are_drawn(modules):
    pictures, count = modules("pictures"), 30
    part, found = part_of(*[[A]] * count), [found_of((0.9, A))] * count
    for card, drawn in (
        (pictures.draw_frame(part, found), pictures.ANIMATED),
        (pictures.draw_detections(Scenes(("face",)), part, found), pictures.ROWS * pictures.COLUMNS),
    ):
        assert sum(len(axes.images) for axes in card.axes) == len(card.axes) == drawn


def test_the_curves_show_precision_by_recall_and_average_precision(modules):
    precision = modules("average_precision").mean_average_precision(
        [found_of((0.9, A), (0.8, D), (0.7, wide(0.6), 2))], part_of([A, B, C], labels=[[0, 0, 2]]), 3
    )
    card = modules("pictures").draw_curves(precision, ("face", "cat", "hat"))
    assert [axes.get_title() for axes in card.axes] == ["face", "cat", "hat"]
    texts = [text.get_text() for axes in card.axes for text in axes.get_legend().get_texts()]
    curves = "AP 50.5%", "no true boxes", "AP 0.0%"
    expected = [f"IoU {iou}: {curve}" for curve in curves for iou in (0.5, 0.75)]
    assert texts == expected
    np.testing.assert_array_equal(card.axes[0].lines[0].get_ydata(), precision.curves[0, 0])
    np.testing.assert_allclose(card.axes[0].lines[0].get_xdata()[[0, 50, 100]], (0, 0.5, 1))


# Photographs


@pytest.fixture
def image():
    """Pillow."""
    return pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read files with")


@pytest.mark.parametrize(("shape", "line"), [((20, 50), 1), ((480, 640), 3), ((3000, 2000), 13)])
def test_lines_suit_the_photograph_and_what_is_in_the_box_stays(modules, image, shape, line):
    height, width = shape
    photo = np.random.default_rng(0).integers(0, 100, (*shape, 3), np.uint8)
    before = photo.copy()
    box = np.array([width * 0.2, height * 0.5, width * 0.8, height * 0.9], np.float32)
    found = found_of((0.9, box))
    marked = modules("photos").marked(photo, found, ("face",))
    np.testing.assert_array_equal(photo, before)
    left, top, right, bottom = np.rint(box).astype(int)
    red = (marked == (255, 45, 45)).all(axis=-1)
    assert red[top:bottom, [left, left + line - 1, right - line, right - 1]].all()
    assert red[[bottom - line, bottom - 1], left:right].all()
    inside = np.s_[top + line : bottom - line, left + line : right - line]
    np.testing.assert_array_equal(marked[inside], photo[inside])
    changed = (marked != photo).any(axis=-1)
    assert not changed[:, :left].any()
    assert not changed[bottom:].any()
    assert not changed[:, right:].any()
    assert changed[:top].any()  # the score


@pytest.mark.parametrize(
    "box", [(0, 0, 5, 5), (95, 0, 100, 60), (95, 55, 100, 60), (0, 0, 100, 60), (7, 7, 7, 7)]
)
def test_scores_are_written_into_the_picture(modules, image, box):
    photo = np.zeros((60, 100, 3), np.uint8)
    marked = modules("photos").marked(photo, found_of((0.9, box, 1)), ("face", "hat"))
    assert marked.shape == photo.shape
    assert (marked > 200).all(axis=-1).sum() > 15  # letters


def test_the_best_box_is_drawn_on_top(modules, image):
    found = found_of((0.9, (0, 20, 40, 60), 0), (0.6, (0, 20, 40, 60), 1))
    marked = modules("photos").marked(np.zeros((60, 100, 3), np.uint8), found, ("face", "hat"))
    assert marked[59, 20].tolist() == [255, 45, 45]


@pytest.mark.parametrize(
    ("labels", "classes", "text"),
    [
        ([], 1, "no faces"),
        ([0], 1, "1 face"),
        ([0, 0], 1, "2 faces"),
        ([], 2, "no faces"),
        ([1, 0, 1], 2, "3 faces (1 bare, 2 covered)"),
        ([1], 2, "1 face (0 bare, 1 covered)"),
    ],
)
def test_what_is_found_is_counted(modules, labels, classes, text):
    assert modules("photos").counted(np.array(labels, np.int64), ("bare", "covered")[:classes]) == text


class Screen:
    """Stands for the screen."""

    fault = None

    def __init__(self):
        self.shown = []

    def show(self, name, png):
        self.shown.append(name)

    def is_open(self):
        return False


def test_files_and_folders_are_marked_at_their_own_size(modules, tmp_path, image, capsys):
    folder = tmp_path / "folder"
    folder.mkdir()
    image.new("RGB", (40, 30), (9, 9, 9)).save(tmp_path / "a.png")
    image.new("RGB", (500, 200), (9, 9, 9)).save(folder / "a.jpg")
    image.new("L", (50, 60)).save(folder / "b.png")
    run, sizes = Run("7.0", "dark", tmp_path / "run"), []
    run.screen = Screen()

    def find(photo):
        sizes.append(photo.shape[1::-1])
        return found_of((0.9, (5, 15, 25, 30))) if photo.shape[1] == 500 else found_of()

    modules("photos").mark_files(run, [tmp_path / "a.png", folder], ("face",), find)
    assert sizes == [(40, 30), (500, 200), (50, 60)]
    names = ["a-marked.png", "a-2-marked.png", "b-marked.png"]
    assert {path.name for path in run.output.iterdir()} == {*names}
    pictures = []
    for name, size in zip(names, sizes, strict=True):
        with image.open(run.output / name) as picture:
            assert picture.size == size
            pictures.append(np.array(picture))
    assert (pictures[0] == 9).all()
    assert (pictures[1] == (255, 45, 45)).all(axis=-1).any()
    output = capsys.readouterr().out.splitlines()
    said = [line for line in output if "face" in line]
    expected = (tmp_path / "a.png", "no faces"), (folder / "a.jpg", "1 face"), (folder / "b.png", "no faces")
    assert said == [f"{file}: {text}" for file, text in expected]
    assert len(run.screen.shown) == 3


def test_many_files_open_no_windows(modules, tmp_path, image):
    for i in range(7):
        image.new("RGB", (4, 4)).save(tmp_path / f"{i}.png")
    run, screen = Run("7.0", "dark", tmp_path / "run"), Screen()
    run.screen = screen
    modules("photos").mark_files(run, [tmp_path], ("face",), lambda photo: found_of())
    assert len([*run.output.iterdir()]) == 7
    assert screen.shown == []


# What is measured and marked with a network from a file


def noise(image, file):
    """A photograph of nothing, 70 by 50 pixels."""
    image.fromarray(np.random.default_rng(0).integers(0, 256, (50, 70, 3), np.uint8)).save(file)


def untrained(folder, framework="dark", classes=1):
    """Leave a checkpoint of a network without any training, whose answers are far apart."""
    library = dark if framework == "dark" else torch
    library.manual_seed(0)
    folder.mkdir(exist_ok=True)
    model = SAMPLE.script(framework, "train").__globals__["YOLO"](ANCHORS, classes)
    weights = model.state_dict()
    heads = "fine_head.weight", "coarse_head.weight"
    model.load_state_dict(weights | {name: 400 * weights[name] for name in heads})
    run = Run("7.0", framework, folder)
    run.keep(model=model)
    run.save()


def marked_or_measured(folder, **options):
    """Run `test` with the sample's own options."""
    SAMPLE.script("dark", "test")(Run("7.0", "dark", folder), **options)


@pytest.mark.parametrize("classes", [1, 2])
def test_a_trained_network_is_measured_and_drawn(tmp_path, monkeypatch, classes):
    untrained(tmp_path, classes=classes)
    test, shown = SAMPLE.script("dark", "test"), {}
    names, rng = test.__globals__, np.random.default_rng(0)
    part = part_of([A], [B, C], [], labels=[[0], [0, classes - 1], []])
    part = part._replace(images=rng.integers(0, 256, (3, 64, 64, 3), np.uint8))

    def load(folder, **options):
        assert options == {"quick": False, "download": False, "classes": classes}
        return Scenes(("face", "hat")[:classes], test=part)

    monkeypatch.setitem(names, "load", load)
    monkeypatch.setattr(Run, "print_metrics", lambda self, metrics: shown.update(metrics))
    test(Run("7.0", "dark", tmp_path))
    assert set(shown) == {"test_map_50", "test_map"}
    assert 0 <= shown["test_map"] <= shown["test_map_50"] < 0.5
    assert {path.name for path in tmp_path.glob("*.png")} == {"detections.png", "precision_recall.png"}


def test_a_photograph_is_marked_by_the_network_in_the_file(tmp_path, image, capsys):
    untrained(tmp_path, classes=2)
    noise(image, tmp_path / "a.png")
    numbers = []
    for score in (0.01, 0.9):
        marked_or_measured(tmp_path, files=[tmp_path / "a.png"], size=64, score=score)
        said = capsys.readouterr().out.splitlines()[0]
        numbers.append([int(number) for number in re.findall(r"(\d+) (?:face|bareheaded|covered)", said)])
    assert numbers[0][0] == sum(numbers[0][1:])
    assert numbers[0] > numbers[1]
    with image.open(tmp_path / "a-marked.png") as picture:
        assert picture.size == (70, 50)


def test_the_network_sees_a_photograph_in_the_size_that_is_asked_for(tmp_path, image, monkeypatch):
    untrained(tmp_path)
    image.new("RGB", (70, 50)).save(tmp_path / "a.png")
    test, seen = SAMPLE.script("dark", "test"), []
    Network = test.__globals__["YOLO"]

    class Watched(Network):
        def forward(self, images):
            seen.append(tuple(images.shape[2:]))
            return super().forward(images)

    monkeypatch.setitem(test.__globals__, "YOLO", Watched)
    test(Run("7.0", "dark", tmp_path), files=[tmp_path / "a.png"])
    test(Run("7.0", "dark", tmp_path), files=[tmp_path / "a.png"], size=64)
    assert seen == [(96, 128), (48, 64)]


@needs_torch
def test_both_versions_mark_a_photograph_alike(tmp_path, image, capsys):
    noise(image, tmp_path / "a.png")
    pictures, said = [], []
    for framework in ("dark", "torch"):
        untrained(tmp_path / framework, framework)
        run = Run("7.0", framework, tmp_path / framework)
        SAMPLE.script(framework, "test")(run, files=[tmp_path / "a.png"], size=64)
        said.append(capsys.readouterr().out.splitlines()[0])
        with image.open(tmp_path / framework / "a-marked.png") as picture:
            pictures.append(np.array(picture))
    assert said[0] == said[1]
    assert re.search(r"a\.png: \d+ faces", said[0])
    assert np.mean(pictures[0] != pictures[1]) < 0.01  # a box may be rounded to another pixel


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda path: path.mkdir(), SampleError, r"it\.png has no pictures in it"),
        (lambda path: path.write_text("none"), SampleError, r"it\.png is no picture, or a damaged one"),
        (lambda path: None, FileNotFoundError, r"it\.png"),
    ],
)
def test_what_is_no_picture_is_named(tmp_path, image, make, error, text):
    untrained(tmp_path)
    make(tmp_path / "it.png")
    with pytest.raises(error, match=text):
        marked_or_measured(tmp_path, files=[tmp_path / "it.png"])


def test_without_a_trained_network_the_error_says_so(tmp_path):
    with pytest.raises(SampleError, match=r"there is no checkpoint .*: train first"):
        marked_or_measured(tmp_path)


def test_the_camera_needs_a_screen(tmp_path):
    untrained(tmp_path)
    with pytest.raises(SampleError, match="--camera: there is no screen"):
        marked_or_measured(tmp_path, camera=True)


def test_the_camera_is_marked(modules, tmp_path, monkeypatch, image):
    photos, run, seen = modules("photos"), Run("7.0", "dark", tmp_path), []
    frame = np.zeros((48, 64, 3), np.uint8)
    monkeypatch.setattr(photos, "show_camera", lambda run, mark: seen.append(mark(frame)))
    photos.mark_camera(run, ("face",), lambda photo: found_of((0.9, (10, 20, 40, 40))))
    assert seen[0][39, 20].tolist() == [255, 45, 45]


@pytest.mark.parametrize("options", [["--score", "1.5"], ["--size", "8"], ["--size", "4000"]])
def test_options_have_bounds(tmp_path, capsys, options):
    with pytest.raises(SystemExit):
        obey(lambda: app_of(SAMPLE, command, "test"), options)
    assert f"Invalid value for '{options[0]}'" in capsys.readouterr().err
