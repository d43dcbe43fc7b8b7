"""How good a detector is: average precision, as COCO computes it."""

from typing import NamedTuple

import numpy as np

IOUS = np.linspace(0.5, 0.95, 10)  # a box found counts if it has at least this IoU with a true one
RECALLS = np.linspace(0, 1, 101)  # where the precision is read
MOST = 100  # boxes of a class in a picture, the best ones


class Precision(NamedTuple):
    """mAP at IoU 0.5, mAP, and `curves`, (classes, 10, 101): the precision at each of IOUS and RECALLS.

    The mean of a curve is that class's average precision, AP, at that IoU; classes without any true box have
    no curve, but NaN. `map50` is the mean of `curves[:, 0]`, `map` of all `curves`, of classes with a curve.
    """

    map50: float
    map: float
    curves: np.ndarray


def mean_average_precision(found, part, classes):
    """The Precision of what was found, a list of N Found, where `part` says what there is, in N pictures.

    Lin et al., "Microsoft COCO" (2014), by the rules of its program cocoeval, for each class alone:

    - Of each picture the best 100 boxes found count; those of all pictures are sorted by falling score.
    - Each, the best first, is matched to the true box of its picture with which it has the most IoU, if that
      is at least the threshold; a true box is matched once. What has no match, such as a second box on one
      face, is wrong.
    - After each box of the sorted list, precision is the part of the boxes so far that is right, recall the
      part of the true boxes that is found.
    - The precision at a recall is the highest that is reached with at least that recall, 0 where none is.
    """
    curves = np.full((classes, len(IOUS), len(RECALLS)), np.nan)
    for label in range(classes):
        true = [boxes[labels == label] for boxes, labels in zip(part.boxes, part.labels, strict=True)]
        if any(map(len, true)):
            curves[label] = curves_of([best_of(one, label) for one in found], true)
    counted = curves[~np.isnan(curves[:, 0, 0])]
    if not len(counted):
        return Precision(np.nan, np.nan, curves)
    return Precision(counted[:, 0].mean().item(), counted.mean().item(), curves)


def best_of(found, label):
    """Boxes (k, 4) and scores (k,) of one class in one picture, the best first; of equal ones, the first."""
    boxes, scores = (part[found.labels == label] for part in (found.boxes, found.scores))
    best = np.argsort(-scores, kind="stable")[:MOST]
    return boxes[best], scores[best]


def curves_of(found, true):
    """The precision of one class at each of IOUS and RECALLS: (10, 101)."""
    hits = [hits_of(boxes, its) for (boxes, _), its in zip(found, true, strict=True)]
    order = np.argsort(-np.concatenate([scores for _, scores in found]), kind="stable")
    right = np.cumsum(np.concatenate(hits)[order], axis=0)  # among the first 1, 2, … K boxes found: (K, 10)
    recall = right / sum(map(len, true))
    precision = right / np.arange(1, len(right) + 1)[:, None]
    precision = np.maximum.accumulate(precision[::-1])[::-1]  # the highest with at least this recall
    precision = np.concatenate([precision, np.zeros((1, len(IOUS)))])  # what is never reached
    first = [np.searchsorted(column, RECALLS) for column in recall.T]  # box of the list: (10, 101)
    return np.stack([column[places] for column, places in zip(precision.T, first, strict=True)])


def hits_of(boxes, true):
    """Whether each box found in a picture, (k, 4) with the best first, is right at each of IOUS: (k, 10)."""
    hits = np.zeros((len(boxes), len(IOUS)), bool)
    free = np.ones((len(IOUS), len(true)), bool)  # true boxes that have no match so far
    if not len(true):
        return hits
    for overlaps, hit in zip(box_iou(boxes, true), hits, strict=True):
        # Of true boxes with equal IoU, cocoeval takes the last.
        suited = np.where(free & (overlaps >= IOUS[:, None]), overlaps, -1)[:, ::-1]  # (10, n)
        match = len(true) - 1 - suited.argmax(axis=1)  # (10,)
        hit[:] = suited.max(axis=1) >= 0
        free[hit, match[hit]] = False
    return hits


def box_iou(some, others):
    """Intersection over union of each of n boxes with each of m, left, top, right, bottom: (n, m)."""
    some, others = np.asarray(some, np.float64)[:, None], np.asarray(others, np.float64)
    first, last = np.maximum(some, others)[..., :2], np.minimum(some, others)[..., 2:]
    both = (last - first).clip(0).prod(axis=-1)
    either = area(some) + area(others) - both
    return both / np.where(either > 0, either, 1)  # boxes without any area share none


def area(boxes):
    """Width by height of boxes (…, 4): (…)."""
    return (boxes[..., 2:] - boxes[..., :2]).prod(axis=-1)
