"""Anchors: the sizes of boxes that a network starts from, found among the true boxes by k-means."""

import numpy as np

ROUNDS = 100  # at most; after a few dozen nothing moves any more


def anchors_of(boxes, count=6):
    """So many widths and heights, float32 (count, 2), the smallest area first, for true boxes, arrays (n, 4).

    Redmon & Farhadi, "YOLO9000" (2016): k-means whose distance is 1 - IoU of boxes in one place, since with
    squared pixels a large box would count for more than a small one. It begins with boxes evenly spaced in
    the order of areas, so it gives the same anchors again.
    """
    boxes = np.concatenate(boxes).astype(np.float64)
    if not len(boxes):
        raise ValueError("anchors_of: there is no true box to take a size from")
    sizes = boxes[:, 2:] - boxes[:, :2]  # (M, 2)
    sizes = sizes[np.argsort(sizes.prod(1), kind="stable")]
    anchors = sizes[(2 * np.arange(count) + 1) * len(sizes) // (2 * count)]
    for _ in range(ROUNDS):
        nearest = iou_in_one_place(sizes, anchors).argmax(1)  # (M,)
        moved = [sizes[nearest == k].mean(0) if (nearest == k).any() else anchors[k] for k in range(count)]
        if np.array_equal(moved, anchors):
            break
        anchors = np.stack(moved)
    return anchors[np.argsort(anchors.prod(1))].astype(np.float32)


def iou_in_one_place(sizes, anchors):
    """IoU of boxes of these sizes, (M, 2) and (K, 2), around one middle: (M, K)."""
    both = np.minimum(sizes[:, None], anchors).prod(2)
    return both / (sizes.prod(1)[:, None] + anchors.prod(1) - both)
