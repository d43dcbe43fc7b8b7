"""IoU with distance and proportions, boxes around masks, small boxes: against code for one."""  # beyond

import math

import numpy as np
import pytest

import dark
from against_torch import assert_same
from against_torchvision import needs_torchvision
from dark.autograd import gradcheck, gradgradcheck
from dark.vision import ops
from test_vision_ops import PAIRS, both, iou_of, random_boxes, special_boxes, table

LOSSES = [ops.distance_box_iou_loss, ops.complete_box_iou_loss]


def diou_of(a, b, eps=1e-7):
    """IoU, less the squared distance of the centres by the squared diagonal around both."""
    (x1, y1), (x2, y2) = (((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in (a, b))
    width, height = max(a[2], b[2]) - min(a[0], b[0]), max(a[3], b[3]) - min(a[1], b[1])
    return iou_of(a, b) - ((x1 - x2) ** 2 + (y1 - y2) ** 2) / (width**2 + height**2 + eps)


def ciou_of(a, b, eps=1e-7):
    """DIoU, less a part for different proportions."""
    angles = [math.atan((box[2] - box[0]) / (box[3] - box[1])) for box in (a, b)]
    v = 4 / math.pi**2 * (angles[0] - angles[1]) ** 2
    return diou_of(a, b) - v * v / (1 - iou_of(a, b) + v + eps)


CASES = [(ops.distance_box_iou, ops.distance_box_iou_loss, diou_of),
         (ops.complete_box_iou, ops.complete_box_iou_loss, ciou_of)]  # fmt: skip


@pytest.mark.parametrize(("ours", "loss", "plain"), CASES, ids=["distance", "complete"])
@pytest.mark.parametrize("name", PAIRS)
def test_overlap_of_each_with_each_and_the_loss_of_partners(ours, loss, plain, name):
    boxes1, boxes2 = (boxes[:8] for boxes in PAIRS[name])  # the special ones that have an area
    result = ours(dark.tensor(boxes1), dark.tensor(boxes2))
    np.testing.assert_allclose(result, table(plain, boxes1, boxes2), rtol=1e-9, atol=1e-12)
    single = ours(dark.tensor(boxes1).float(), dark.tensor(boxes2).float())
    assert single.dtype is dark.float32
    np.testing.assert_allclose(single, result, rtol=1e-3, atol=1e-3)
    count = min(len(boxes1), len(boxes2))
    expected = [1 - plain(a, b) for a, b in zip(boxes1.tolist(), boxes2.tolist())]
    losses = loss(dark.tensor(boxes1[:count]), dark.tensor(boxes2[:count]))
    np.testing.assert_allclose(losses, expected, rtol=1e-6, atol=1e-6)


def test_distances_worked_by_hand():
    one, other = dark.tensor([[0.0, 0, 2, 2]]), dark.tensor([[0.0, 0, 2, 2], [3, 4, 5, 6], [0, 0, 2, 1]])
    # centres (1, 1) and (4, 5): 25; a diagonal around both of 5² + 6² = 61
    expected = [[1, -25 / 61, 0.5 - 0.25 / 8]]
    np.testing.assert_allclose(ops.distance_box_iou(one, other), expected, rtol=1e-6)
    v = 4 / math.pi**2 * (math.pi / 4 - math.atan(2)) ** 2
    expected[0][2] -= v * v / (0.5 + v)
    np.testing.assert_allclose(ops.complete_box_iou(one, other), expected, rtol=1e-6)


def some_boxes():
    return [dark.tensor(random_boxes(5, seed=seed), requires_grad=True) for seed in (0, 1)]


@pytest.mark.parametrize("function", CASES[0][:2], ids=["pairs", "loss"])
def test_gradients_of_the_distance_by_finite_differences(function):
    assert gradcheck(function, some_boxes())
    assert gradgradcheck(function, some_boxes())


def test_the_weight_of_the_proportions_counts_as_a_constant_for_gradients():
    a, b = some_boxes()
    angle = lambda box: dark.atan((box[:, 2] - box[:, 0]) / (box[:, 3] - box[:, 1]))
    difference = lambda a, b: (angle(a) - angle(b)) ** 2 * (4 / math.pi**2)
    v = difference(a, b).detach()
    iou = ops.box_iou(a, b)[range(5), range(5)].detach()
    constant = v / (1 - iou + v)
    expected = lambda a, b: ops.distance_box_iou_loss(a, b) + constant * difference(a, b)
    assert gradcheck(expected, (a, b))
    for function in (ops.complete_box_iou_loss, lambda a, b: -ops.complete_box_iou(a, b)[range(5), range(5)]):
        ours, theirs = (dark.autograd.grad(f(a, b).sum(), (a, b)) for f in (function, expected))
        for x, y in zip(ours, theirs):
            np.testing.assert_allclose(x, y, rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("loss", LOSSES)
def test_losses_reduced_and_of_no_boxes(loss):
    one, other = (dark.tensor(random_boxes(6, seed=seed)) for seed in (0, 1))
    assert loss(one, other, "sum").item() == pytest.approx(loss(one, other).sum().item())
    assert loss(one, other, "mean").item() == pytest.approx(loss(one, other).mean().item())
    empty = dark.zeros(0, 4, requires_grad=True)
    loss(empty, dark.zeros(0, 4), "mean").backward()
    assert (loss(empty, empty, "mean").item(), empty.grad.shape) == (0, (0, 4))
    with pytest.raises(ValueError, match=f"{loss.__name__}: every box needs|{loss.__name__}: boxes"):
        loss(one, other[:4])
    with pytest.raises(ValueError, match=f"{loss.__name__}: reduction"):
        loss(one, other, "product")


def test_integer_boxes_have_fractions():
    boxes = special_boxes("uint8")[:8]
    for function, _, plain in CASES:
        result = function(dark.tensor(boxes), dark.tensor(boxes))
        assert result.dtype is dark.float32
        np.testing.assert_allclose(result, table(plain, boxes, boxes), rtol=1e-5, atol=1e-6)


def test_small_boxes_are_those_with_a_side_below_the_smallest():
    boxes = [[0, 0, 5, 5], [0, 0, 4.9, 9], [0, 0, 9, 4.9], [9, 9, 0, 0], [3, 3, 8, 99]]
    kept = ops.remove_small_boxes(dark.tensor(boxes), 5)
    assert (kept.tolist(), kept.dtype) == ([0, 4], dark.int64)
    assert ops.remove_small_boxes(dark.zeros(0, 4), 5).shape == (0,)
    with pytest.raises(ValueError, match="remove_small_boxes: boxes"):
        ops.remove_small_boxes(dark.zeros(3), 5)


def plain_box(mask):
    """First and last column and row that a mask fills."""
    rows, columns = np.nonzero(mask)
    return [columns.min(), rows.min(), columns.max(), rows.max()] if len(rows) else [0, 0, 0, 0]


@pytest.mark.parametrize("shape", [(6, 5, 7), (4, 1, 1), (3, 1, 9), (0, 4, 4)], ids=str)
@pytest.mark.parametrize("dtype", ["bool", "uint8", "float32", "int64"])
def test_boxes_around_masks(shape, dtype):
    for share in (0, 0.05, 0.3, 1):
        masks = (np.random.default_rng(0).random(shape) < share).astype(dtype)
        boxes = ops.masks_to_boxes(dark.tensor(masks))
        assert (boxes.dtype, boxes.shape) == (dark.float32, (len(masks), 4))
        assert boxes.tolist() == [plain_box(mask) for mask in masks]


def test_masks_without_pixels_have_no_boxes_and_other_shapes_raise():
    assert ops.masks_to_boxes(dark.zeros(2, 0, 3)).shape == (0, 4)
    with pytest.raises(ValueError, match=r"masks_to_boxes: masks have the shape \(N, H, W\), not \(3, 3\)"):
        ops.masks_to_boxes(dark.ones(3, 3))
    with pytest.raises(TypeError, match="masks_to_boxes: expected a Tensor, got"):
        ops.masks_to_boxes([[1]])


@needs_torchvision
@pytest.mark.parametrize("dtype", ["float32", "float64", "int16", "int64"])
def test_values_and_types_are_torchvisions(dtype):
    a, b = random_boxes(7, dtype=dtype), random_boxes(7, dtype=dtype, seed=1)
    for name in ("distance_box_iou", "complete_box_iou"):
        assert_same(*both(name, a, b))
        assert_same(*both(name, a, b, eps=1e-2))
        for reduction in ("none", "mean", "sum"):
            assert_same(*both(f"{name}_loss", a, b, reduction))
            assert_same(*both(f"{name}_loss", a, b, reduction, eps=1e-2))
    assert_same(*both("remove_small_boxes", a, 20))
    for share in (0.05, 0.5):
        assert_same(*both("masks_to_boxes", np.random.default_rng(0).random((5, 4, 6)) < share))
