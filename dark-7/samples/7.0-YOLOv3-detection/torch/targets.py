"""Targets: what each prior of a picture shall answer."""

from torch import cat, full, zeros, zeros_like
from torch_boxes import box_convert, box_iou

NOTHING, IGNORED = -1, -2  # in the place of a class
NEAR = 0.5  # a prior with more IoU than this with a true box is not told that there is nothing


def targets_of(boxes, labels, priors):
    """For each prior the true box that it shall find, (P, 4), and its class, NOTHING or IGNORED, (P,).

    A true box, of `boxes` (n, 4) and `labels` (n,), has its middle in the picture. It belongs to one prior:
    the one most like it in size of those whose cells the middle is in. Other priors that cover it well are
    ignored. Where two boxes want the same prior, the later one gets it, and nobody looks for the other.
    """
    target_boxes = zeros(len(priors.sizes), 4).to(boxes)
    target_labels = full((len(priors.sizes),), NOTHING)
    if len(boxes) == 0:
        return target_boxes, target_labels

    near = box_iou(priors.boxes(), boxes).amax(1) > NEAR  # (P, n) -> (P,)
    target_labels[near] = IGNORED

    middles, sizes = box_convert(boxes, "xyxy", "cxcywh").split(2, dim=1)  # (n, 2), (n, 2)
    distances = (priors.middles[:, None] - middles).abs().amax(2)  # (P, n)
    likeness = box_iou(at_origin(priors.sizes), at_origin(sizes))  # (P, n)
    likeness[distances > priors.strides / 2] = -1  # the middle is in another cell
    for prior, box, label in zip(likeness.argmax(0).tolist(), boxes, labels, strict=True):
        target_boxes[prior] = box
        target_labels[prior] = label
    return target_boxes, target_labels


def at_origin(sizes):
    """Boxes of these sizes, (n, 2), in one place: (n, 4)."""
    return cat([zeros_like(sizes), sizes], dim=1)
