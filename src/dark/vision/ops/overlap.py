"""How far two boxes are the same: the area they share, as a part of the area they cover together."""

import numpy as np

from ...dtypes import float32, float64, int64
from ...nn.functional.loss import reduce
from ...ops.arithmetic import maximum, minimum
from ...ops.piecewise import where
from .boxes import box_area, box_convert, check_boxes, check_format, widened


def box_iou(boxes1, boxes2, fmt="xyxy"):
    """Intersection over union of each of N boxes with each of M: (..., N, 4), (..., M, 4) -> (..., N, M).

    1 for boxes that are the same, 0 for those that share nothing, NaN for two of no area at all.
    """
    check_pairs("box_iou", boxes1, boxes2)
    check_format("box_iou", fmt)
    intersection, union = intersection_and_union(boxes1, boxes2, fmt)
    return intersection / union


def generalized_box_iou(boxes1, boxes2):
    """IoU of each of N boxes with each of M, less the part of the smallest box around both that is neither's.

    (..., N, 4), (..., M, 4) -> (..., N, M). From 1 for boxes that are the same down to -1 for those far apart
    (Rezatofighi et al. 2019).
    """
    check_pairs("generalized_box_iou", boxes1, boxes2)
    intersection, union = intersection_and_union(boxes1, boxes2)
    width, height = sides_around(*each_with_each(widened(boxes1, int64), widened(boxes2, int64)))
    around = width.clamp(min=0) * height.clamp(min=0)
    return intersection / union - (around - union) / around


def generalized_box_iou_loss(boxes1, boxes2, reduction="none", eps=1e-7):
    """1 minus the generalized IoU of a box with its partner: (N, 4), (N, 4) -> (N,), or their mean or sum.

    `eps` keeps boxes without an area from dividing by zero. Of no boxes at all the mean is 0.
    """
    one, other = partners("generalized_box_iou_loss", boxes1, boxes2)
    intersection, union = partners_intersection_and_union(one, other)
    width, height = sides_around(one, other)
    around = width * height
    loss = 1 - (intersection / (union + eps) - (around - union) / (around + eps))
    return reduced(loss, reduction, "generalized_box_iou_loss")


def intersection_and_union(boxes1, boxes2, fmt="xyxy"):
    """Two areas (..., N, M) for each of N boxes with each of M."""
    boxes1, boxes2 = widened(boxes1, int64), widened(boxes2, int64)
    areas = box_area(boxes1, fmt)[..., :, None] + box_area(boxes2, fmt)[..., None, :]
    corners = (box_convert(boxes, fmt, "xyxy") for boxes in (boxes1, boxes2))
    width, height = sides_shared(*each_with_each(*corners))
    intersection = width.clamp(min=0) * height.clamp(min=0)
    return intersection, areas - intersection


def partners_intersection_and_union(one, other):
    """Two areas (N,) for each box and its partner; no gradient pulls boxes that touch into each other."""
    width, height = sides_shared(one, other)
    intersection = where((width > 0) & (height > 0), width * height, 0)
    areas = [(right - left) * (bottom - top) for left, top, right, bottom in (one, other)]
    return intersection, areas[0] + areas[1] - intersection


def sides_shared(one, other):
    """Width and height of what two boxes share; negative ones say how far they are apart."""
    left1, top1, right1, bottom1 = one
    left2, top2, right2, bottom2 = other
    return minimum(right1, right2) - maximum(left1, left2), minimum(bottom1, bottom2) - maximum(top1, top2)


def sides_around(one, other):
    """Width and height of the smallest box around two."""
    left1, top1, right1, bottom1 = one
    left2, top2, right2, bottom2 = other
    return maximum(right1, right2) - minimum(left1, left2), maximum(bottom1, bottom2) - minimum(top1, top2)


def each_with_each(boxes1, boxes2):
    """Left, top, right, bottom of the first, (..., N, 1), and of the second, (..., 1, M)."""
    return boxes1.unsqueeze(-2).unbind(-1), boxes2.unsqueeze(-3).unbind(-1)


def partners(name, boxes1, boxes2):
    """Left, top, right, bottom (N,) of the first and of the second, in floating-point numbers."""
    check_boxes(name, boxes1, boxes2, shape="(N, 4)")
    shapes = tuple(boxes1.shape), tuple(boxes2.shape)
    try:
        together = np.broadcast_shapes(*shapes)
    except ValueError:
        together = None
    if together != shapes[0]:
        raise ValueError(
            f"{name}: boxes {shapes[0]} and {shapes[1]}: every box needs one partner, so the shapes must be "
            "the same"
        )
    return [
        (boxes if boxes.dtype is float64 else boxes.to(float32)).unbind(-1) for boxes in (boxes1, boxes2)
    ]


def check_pairs(name, boxes1, boxes2):
    """Raise where the tensors do not hold N and M boxes, with leading dimensions that fit."""
    check_boxes(name, boxes1, boxes2, shape="(..., N, 4)", dims=2)
    try:
        np.broadcast_shapes(boxes1.shape[:-2], boxes2.shape[:-2])
    except ValueError:
        raise ValueError(
            f"{name}: boxes {tuple(boxes1.shape)} and {tuple(boxes2.shape)}: the dimensions before (N, 4) "
            "and (M, 4) must be the same, or broadcast"
        ) from None


def reduced(loss, reduction, name):
    """`reduction` of the losses; the mean of none is 0, for a picture may well be without boxes."""
    if reduction == "mean" and not loss.numel():
        return loss.sum()
    return reduce(loss, reduction, name)
