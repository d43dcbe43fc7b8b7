"""Non-maximum suppression against plain loops: order, ties, classes, thousands of boxes."""  # dark-7

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dark
from against_torch import torch
from against_torchvision import needs_torchvision, torchvision
from dark.vision import ops


def iou_of(a, b):
    """Intersection over union of two boxes, in plain numbers."""
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = width * height if width > 0 and height > 0 else 0
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared
    return shared / union if union else 0


def plain_nms(boxes, scores, threshold, classes=None):
    """The same with loops: a box is kept unless one of its class that is kept already overlaps with it."""
    boxes, kept = boxes.tolist(), []
    classes = [0] * len(boxes) if classes is None else classes.tolist()
    for i in sorted(range(len(boxes)), key=lambda i: -scores[i]):
        if all(classes[i] != classes[k] or iou_of(boxes[i], boxes[k]) <= threshold for k in kept):
            kept.append(i)
    return kept


def crowd(count, places=10, dtype="float32", seed=0, low=0.0):
    """`count` boxes around a number of places, and their scores."""
    rng = np.random.default_rng([seed, count])
    corner = rng.uniform(low, low + 500, (places, 2))[rng.integers(0, places, count)]
    corner += rng.normal(0, 4, (count, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(20, 60, (count, 2))], axis=1)
    return boxes.astype(dtype), rng.permutation(count).astype(dtype) / max(count, 1)


def nms(boxes, scores, threshold):
    """The indices that `ops.nms` keeps of arrays, as a list."""
    kept = ops.nms(dark.tensor(boxes), dark.tensor(scores), threshold)
    assert (kept.dtype, kept.ndim) == (dark.int64, 1)
    return kept.tolist()


def batched_nms(boxes, scores, classes, threshold):
    """The indices that `ops.batched_nms` keeps of arrays, as a list."""
    kept = ops.batched_nms(dark.tensor(boxes), dark.tensor(scores), dark.tensor(classes), threshold)
    assert (kept.dtype, kept.ndim) == (dark.int64, 1)
    return kept.tolist()


# One class


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 200])
@pytest.mark.parametrize("threshold", [0, 0.3, 0.5, 0.9, 1])
def test_the_boxes_kept_and_their_order_are_those_of_plain_loops(count, threshold):
    for seed in range(3):
        boxes, scores = crowd(count, seed=seed, dtype="float64")
        assert nms(boxes, scores, threshold) == plain_nms(boxes, scores, threshold)


def test_a_box_dropped_does_not_drop_others():
    boxes = np.array([[0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10.0]])  # the second overlaps with both
    assert nms(boxes, np.array([0.9, 0.8, 0.7]), 0.3) == [0, 2]
    assert nms(boxes, np.array([0.8, 0.9, 0.7]), 0.3) == [1]


def test_an_overlap_as_large_as_the_threshold_is_no_reason_to_drop():
    boxes, scores = np.array([[0, 0, 10, 10], [0, 0, 10, 5.0]]), np.array([0.5, 0.4])
    assert nms(boxes, scores, 0.5) == [0, 1]
    assert nms(boxes, scores, 0.4999) == [0]
    touching = np.array([[0, 0, 10, 10], [10, 0, 20, 10], [10, 10, 20, 20.0]])
    assert nms(touching, np.array([0.1, 0.3, 0.2]), 0) == [1, 2, 0]
    same = np.array([[0, 0, 10, 10.0]] * 3)
    assert nms(same, np.array([0.1, 0.3, 0.2]), 1) == [1, 2, 0]
    assert nms(same, np.array([0.1, 0.3, 0.2]), 0.999) == [1]


def test_of_equal_scores_the_first_is_kept():
    boxes, _ = crowd(60, dtype="float64")
    scores = np.random.default_rng(0).integers(0, 3, 60) / 2.0
    assert nms(boxes, scores, 0.3) == plain_nms(boxes, scores, 0.3)
    assert nms(boxes, np.zeros(60), 0.3) == plain_nms(boxes, np.zeros(60), 0.3)


def test_boxes_without_an_area_drop_nothing_and_are_kept():
    boxes = np.array([[5, 5, 5, 5], [5, 5, 5, 5], [0, 0, 10, 10], [2, 2, 2, 8], [0, 0, 9, 10.0]])
    assert nms(boxes, np.array([0.9, 0.8, 0.7, 0.6, 0.5]), 0.5) == [0, 1, 2, 3]


def test_scores_and_boxes_that_are_not_finite():
    nan, inf = np.nan, np.inf
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 9], [50, 50, 60, 60.0]])
    assert nms(boxes, np.array([0.9, nan, 0.8]), 0.5) == [1, 2]  # NaN is the highest score
    assert nms(boxes, np.array([0.9, inf, -inf]), 0.5) == [1, 2]
    for broken in ([nan] * 4, [0, 0, nan, 10], [-inf, -inf, inf, inf], [inf] * 4):
        kept = nms(np.array([broken, *boxes.tolist()]), np.array([1, 0.9, 0.8, 0.7]), 0.5)
        assert kept == [0, 1, 3]  # it is kept and drops nothing


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_the_same_boxes_in_float64_give_the_same_result(dtype):
    for seed in range(5):
        boxes, scores = crowd(300, seed=seed, dtype=dtype)
        assert nms(boxes, scores, 0.4) == nms(boxes.astype("float64"), scores.astype("float64"), 0.4)
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 6]], dtype)  # in float32 6/10 would be above 0.6
    assert nms(boxes, np.array([0.9, 0.8], dtype), 0.6) == [0, 1]


def test_float64_is_computed_in_float64():
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 5 + 1e-9]])
    assert nms(boxes, np.array([0.9, 0.8]), 0.5) == [0]


def test_memory_layout_does_not_matter_and_nothing_is_changed():
    boxes, scores = crowd(100)
    expected = nms(boxes, scores, 0.4)
    assert nms(np.asfortranarray(boxes), scores, 0.4) == expected
    given = dark.tensor(np.repeat(boxes, 2, axis=0))[::2], dark.tensor(np.repeat(scores, 2))[::2]
    assert ops.nms(*given, 0.4).tolist() == expected
    assert given[0].tolist() == boxes.tolist()
    assert given[1].tolist() == scores.tolist()


def test_gradients_are_not_followed():
    boxes, scores = (dark.tensor(x, requires_grad=True) for x in crowd(20))
    kept = ops.nms(boxes, scores, 0.5)
    assert not kept.requires_grad
    scores[kept].sum().backward()
    assert sorted(scores.grad.nonzero().flatten().tolist()) == sorted(kept.tolist())


def test_five_thousand_boxes_in_a_crowd():
    boxes, scores = crowd(5000, places=40)
    assert nms(boxes, scores, 0.5) == plain_nms(boxes, scores, 0.5)


def test_five_thousand_boxes_far_apart_need_memory_for_a_few_rows():
    rng = np.random.default_rng(0)
    corner = np.stack(np.divmod(np.arange(5000) // 2, 50), axis=1) * 100.0  # two boxes at each place
    corner += rng.uniform(0, 9, (5000, 2))
    boxes, scores = np.concatenate([corner, corner + 30], axis=1), rng.permutation(5000) / 5000
    twos = [(i, plain_nms(boxes[i : i + 2], scores[i : i + 2], 0.5)) for i in range(0, 5000, 2)]
    expected = [i + k for i, kept in twos for k in kept]
    tracemalloc.start()
    kept = nms(boxes, scores, 0.5)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert kept == sorted(expected, key=lambda i: -scores[i])
    assert len(kept) > 2500
    assert peak < 2_000_000  # all overlaps at once: 200 MB


# Many classes


@pytest.mark.parametrize("count", [0, 1, 30, 300])
@pytest.mark.parametrize("classes", [1, 3, 400])
def test_classes_do_not_drop_each_others_boxes(count, classes):
    boxes, scores = crowd(count, places=4, dtype="float64")
    numbers = np.random.default_rng(1).integers(0, classes, count)
    expected = plain_nms(boxes, scores, 0.4, numbers)
    assert batched_nms(boxes, scores, numbers, 0.4) == expected
    for other in (numbers - 7, numbers * 10**15, numbers.astype("int32"), numbers.astype("float32")):
        assert batched_nms(boxes, scores, other, 0.4) == expected


def test_equal_scores_of_different_classes_keep_their_order():
    boxes, _ = crowd(40, places=3, dtype="float64")
    numbers, scores = np.arange(40) % 3, np.repeat([0.5, 0.25], 20)
    assert batched_nms(boxes, scores, numbers, 0.4) == plain_nms(boxes, scores, 0.4, numbers)
    assert batched_nms(boxes, scores, numbers % 2 == 0, 0.4) == plain_nms(boxes, scores, 0.4, numbers % 2)


def test_negative_coordinates_do_not_reach_into_the_next_class():
    boxes = np.array([[0, 0, 9, 9], [-10, -10, -1, -1.0]])  # moved by 10, the second would be the first
    assert batched_nms(boxes, np.array([0.9, 0.8]), np.array([0, 1]), 0.5) == [0, 1]
    boxes, scores = crowd(100, places=3, dtype="float64", low=-400)
    numbers = np.arange(100) % 4
    assert batched_nms(boxes, scores, numbers, 0.4) == plain_nms(boxes, scores, 0.4, numbers)


def test_the_number_of_a_class_does_not_round_coordinates():
    boxes, scores = crowd(100, places=3)
    expected = nms(boxes, scores, 0.4)
    assert batched_nms(boxes, scores, np.full(100, 30_000), 0.4) == expected


def test_one_class_is_nms_and_a_class_for_each_box_keeps_all():
    boxes, scores = crowd(200)
    assert batched_nms(boxes, scores, np.zeros(200, "int64"), 0.4) == nms(boxes, scores, 0.4)
    assert batched_nms(boxes, scores, np.arange(200), 0.4) == np.argsort(-scores, kind="stable").tolist()


def test_a_box_that_is_no_number_spoils_nothing_else():
    boxes, scores = crowd(50, dtype="float64")
    numbers = np.arange(50) % 3
    expected = batched_nms(boxes, scores, numbers, 0.4)
    broken = np.concatenate([boxes, [[np.nan] * 4]])
    kept = batched_nms(broken, np.append(scores, -1), np.append(numbers, 0), 0.4)
    assert kept == [*expected, 50]


# Properties


places, sides = st.floats(-100, 100, width=32), st.floats(0, 50, width=32)
boxes_of = st.lists(
    st.tuples(places, places, sides, sides, st.integers(0, 4), st.integers(0, 2)), max_size=25
)


@settings(max_examples=80, deadline=None)
@given(boxes_of, st.sampled_from([0.0, 0.2, 0.5, 0.75]))
def test_any_boxes_are_dropped_for_a_reason(rows, threshold):
    table = np.array(rows, dtype="float64").reshape(-1, 6)
    boxes, scores, classes = table[:, :4].copy(), table[:, 4] / 4, table[:, 5].astype("int64")
    boxes[:, 2:] += boxes[:, :2]
    kept = batched_nms(boxes, scores, classes, threshold)
    assert kept == sorted(kept, key=lambda i: (-scores[i], i))
    iou = ops.box_iou(dark.tensor(boxes), dark.tensor(boxes)).numpy()
    with np.errstate(invalid="ignore"):
        reasons = (iou > threshold) & (classes[:, None] == classes)
    for i in range(len(boxes)):
        better = [k for k in kept if (-scores[k], k) < (-scores[i], i)]
        assert (i in kept) != reasons[i, better].any()


# Bad input


@pytest.mark.parametrize(
    ("boxes", "scores", "message"),
    [
        (dark.zeros(3, 5), dark.zeros(3), r"expected boxes \(N, 4\) and scores \(N,\), got \(3, 5\)"),
        (dark.zeros(3, 4), dark.zeros(2), r"got \(3, 4\) and \(2,\)"),
        (dark.zeros(3, 4), dark.zeros(3, 1), r"got \(3, 4\) and \(3, 1\)"),
        (dark.zeros(4), dark.zeros(1), r"got \(4,\) and \(1,\)"),
        (dark.zeros(2, 3, 4), dark.zeros(2, 3), r"got \(2, 3, 4\)"),
        (dark.zeros(3, 4), dark.zeros(3).double(), "one floating-point type, not float32 and float64"),
        (dark.zeros(3, 4).long(), dark.zeros(3).long(), "one floating-point type, not int64 and int64"),
    ],
)  # fmt: skip
def test_errors_name_the_shapes_or_types_and_the_fix(boxes, scores, message):
    with pytest.raises(RuntimeError, match=f"^nms: .*{message}"):
        ops.nms(boxes, scores, 0.5)
    with pytest.raises(RuntimeError, match=f"^batched_nms: .*{message}"):
        ops.batched_nms(boxes, scores, dark.zeros(3), 0.5)


def test_errors_of_what_is_no_tensor_and_of_numbers_of_classes():
    boxes, scores = dark.zeros(3, 4), dark.zeros(3)
    with pytest.raises(TypeError, match="nms: expected a Tensor, got list"):
        ops.nms([[0, 0, 1, 1]] * 3, scores, 0.5)
    with pytest.raises(TypeError, match="nms: expected a Tensor, got list"):
        ops.nms(boxes, [1, 2, 3], 0.5)
    with pytest.raises(TypeError, match="batched_nms: expected a Tensor, got list"):
        ops.batched_nms(boxes, scores, [0, 1, 2], 0.5)
    with pytest.raises(RuntimeError, match=r"batched_nms: idxs has one number .*\(3,\).*not \(2,\)"):
        ops.batched_nms(boxes, scores, dark.zeros(2), 0.5)


# torchvision


@needs_torchvision
@pytest.mark.parametrize("count", [0, 1, 50, 3000])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_boxes_kept_are_torchvisions(count, dtype):
    boxes, scores = crowd(count, places=100, dtype=dtype)
    numbers = np.arange(count) % 3
    theirs = [torch.tensor(x) for x in (boxes, scores, numbers)]
    for threshold in (0.31, 0.52, 0.93):
        expected = torchvision.ops.nms(*theirs[:2], threshold)
        assert expected.dtype is torch.int64
        assert nms(boxes, scores, threshold) == expected.tolist()
        expected = torchvision.ops.batched_nms(*theirs, threshold)  # one way to 1,000 boxes, one beyond
        assert batched_nms(boxes, scores, numbers, threshold) == expected.tolist()
