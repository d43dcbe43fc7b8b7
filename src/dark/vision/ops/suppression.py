"""Non-maximum suppression: of many boxes found around one object, keep the one with the highest score.

Which boxes are compared depends on which were kept before. So boxes from a card are copied to the computer's
main memory, once, and compared there; the indices go back to the card.
"""

import numpy as np

from ...autograd.operation import op
from ...devices import CPU, device_of, to_device


@op(differentiable=False)
def nms(boxes, scores, iou_threshold):
    """The indices (K,) of the boxes (N, 4) to keep, by falling score (N,).

    The box with the highest score is kept, and all whose IoU with it is above `iou_threshold` are dropped;
    then the same again with those that are left. Of equal scores the first comes first; NaN is the highest.

    IoU is computed in float64: boxes in float32 and the same in float64 give the same result.
    """
    check("nms", boxes, scores)
    home = device_of(boxes)
    boxes, scores = (to_device(x, CPU) for x in (boxes, scores))
    order = by_falling(scores)
    return to_device(order[survivors(boxes[order], iou_threshold)], home)


@op(differentiable=False)
def batched_nms(boxes, scores, idxs, iou_threshold):
    """`nms` among boxes that have the same number in `idxs` (N,), such as their class or their picture.

    Often each class's boxes are moved to a place of their own, and one `nms` does for all; but that rounds
    coordinates, and negative ones may reach into the next class. Here each class is taken by itself.
    """
    check("batched_nms", boxes, scores)
    if idxs.shape != scores.shape:
        raise RuntimeError(
            f"batched_nms: idxs has one number for each box: {scores.shape} for boxes {boxes.shape}, "
            f"not {idxs.shape}"
        )
    home = device_of(boxes)
    boxes, scores, idxs = (to_device(x, CPU) for x in (boxes, scores, idxs))
    order = by_falling(scores)
    by_class = order[np.argsort(idxs[order], kind="stable")]
    sorted_idxs = idxs[by_class]
    starts = np.flatnonzero(sorted_idxs[1:] != sorted_idxs[:-1]) + 1

    kept = np.zeros(len(order), dtype=bool)
    for group in np.split(by_class, starts):
        kept[group] = survivors(boxes[group], iou_threshold)
    return to_device(order[kept[order]], home)


def by_falling(scores):
    """The indices that sort scores (N,), the highest first; equal ones keep their order, NaN comes first."""
    from_the_end = np.argsort(scores[::-1], kind="stable")[::-1]
    return len(scores) - 1 - from_the_end


def survivors(boxes, iou_threshold):
    """Which boxes (N, 4), sorted by falling score, are kept: an array of N booleans.

    Each kept box is compared with all after it at once, in memory for a few rows of N numbers.
    """
    left, top, right, bottom = np.ascontiguousarray(boxes.T, dtype=np.float64)
    area = (right - left) * (bottom - top)
    kept = np.ones(len(boxes), dtype=bool)
    for i in range(len(boxes)):
        if kept[i]:
            rest = slice(i + 1, None)
            width = np.minimum(right[i], right[rest]) - np.maximum(left[i], left[rest])
            height = np.minimum(bottom[i], bottom[rest]) - np.maximum(top[i], top[rest])
            intersection = np.maximum(width, 0) * np.maximum(height, 0)
            iou = intersection / (area[i] + area[rest] - intersection)
            kept[rest] &= ~(iou > iou_threshold)  # where an IoU is NaN nothing is dropped
    return kept


def check(name, boxes, scores):
    """Raise where there are not N boxes and N scores in one floating-point type."""
    if boxes.ndim != 2 or boxes.shape[1] != 4 or scores.shape != boxes.shape[:1]:
        raise RuntimeError(
            f"{name}: expected boxes (N, 4) and scores (N,), got {boxes.shape} and {scores.shape}"
        )
    if boxes.dtype != scores.dtype or boxes.dtype.kind != "f":
        raise RuntimeError(
            f"{name}: boxes and scores must be of one floating-point type, not {boxes.dtype} and "
            f"{scores.dtype}; convert one with to()"
        )
