"""IoU that also counts how far apart boxes are, and how different in shape (Zheng et al. 2019)."""  # beyond

import math

from ...dtypes import int64
from ...ops.trigonometry import atan
from .boxes import from_corners, widened
from .overlap import (
    box_iou,
    check_pairs,
    each_with_each,
    partners,
    partners_intersection_and_union,
    reduced,
    sides_around,
)


def distance_box_iou(boxes1, boxes2, eps=1e-7):
    """IoU of each of N boxes with each of M, less the square of their distance: (..., N, M).

    The distance is that of the centres, as a part of the diagonal of the smallest box around both.
    """
    check_pairs("distance_box_iou", boxes1, boxes2)
    return box_iou(boxes1, boxes2) - distance(*pairs(boxes1, boxes2), eps)


def complete_box_iou(boxes1, boxes2, eps=1e-7):
    """`distance_box_iou`, less a term for boxes of different proportions, width to height: (..., N, M)."""
    check_pairs("complete_box_iou", boxes1, boxes2)
    one, other = pairs(boxes1, boxes2)
    iou = box_iou(boxes1, boxes2)
    return iou - distance(one, other, eps) - difference_of_shape(one, other, iou, eps)


def distance_box_iou_loss(boxes1, boxes2, reduction="none", eps=1e-7):
    """1 minus the distance IoU of a box with its partner: (N, 4), (N, 4) -> (N,), or their mean or sum."""
    one, other = partners("distance_box_iou_loss", boxes1, boxes2)
    loss = 1 - iou_of_partners(one, other, eps) + distance(one, other, eps)
    return reduced(loss, reduction, "distance_box_iou_loss")


def complete_box_iou_loss(boxes1, boxes2, reduction="none", eps=1e-7):
    """1 minus the complete IoU of a box with its partner: (N, 4), (N, 4) -> (N,), or their mean or sum.

    `eps` stands in the term of the shape; in the others, as in torchvision, it is always 1e-7.
    """
    one, other = partners("complete_box_iou_loss", boxes1, boxes2)
    iou = iou_of_partners(one, other, 1e-7)
    loss = 1 - iou + distance(one, other, 1e-7) + difference_of_shape(one, other, iou, eps)
    return reduced(loss, reduction, "complete_box_iou_loss")


def pairs(boxes1, boxes2):
    """Left, top, right, bottom of each box, to be compared with each of the others."""
    return each_with_each(widened(boxes1, int64), widened(boxes2, int64))


def iou_of_partners(one, other, eps):
    """Intersection over union of each box with its partner."""
    intersection, union = partners_intersection_and_union(one, other)
    return intersection / (union + eps)


def distance(one, other, eps):
    """The squared distance of the centres, as a part of the squared diagonal around both boxes."""
    width, height = sides_around(one, other)
    (x1, y1, *_), (x2, y2, *_) = (from_corners(corners, "cxcywh") for corners in (one, other))
    return ((x1 - x2) ** 2 + (y1 - y2) ** 2) / (width**2 + height**2 + eps)


def difference_of_shape(one, other, iou, eps):
    """How different the angles of the diagonals are; it counts more, the more the boxes overlap."""
    angle, other_angle = (atan((right - left) / (bottom - top)) for left, top, right, bottom in (one, other))
    difference = (angle - other_angle) ** 2 * (4 / math.pi**2)
    weight = difference / (1 - iou + difference + eps)
    return weight.detach() * difference
