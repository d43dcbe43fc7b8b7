"""What the PyTorch version needs of torchvision.ops, in PyTorch: torchvision need not be installed."""

import torch


def box_area(boxes):
    """Width by height of boxes (..., 4), corners: (...)."""
    return (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])


def box_convert(boxes, in_fmt, out_fmt):
    """Corners, (n, 4), as middles and sizes."""
    assert (in_fmt, out_fmt) == ("xyxy", "cxcywh")
    first, last = boxes.split(2, dim=1)
    return torch.cat([(first + last) / 2, last - first], dim=1)


def box_iou(boxes1, boxes2):
    """Intersection over union of each of n boxes with each of m: (n, m)."""
    first = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    last = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    both = (last - first).clamp(min=0).prod(2)
    return both / (box_area(boxes1)[:, None] + box_area(boxes2) - both)


def generalized_box_iou_loss(boxes1, boxes2, reduction="none", eps=1e-7):
    """The sum of 1 - generalized IoU of pairs of boxes, (n, 4) each."""
    assert reduction == "sum"
    (low1, high1), (low2, high2) = boxes1.split(2, dim=1), boxes2.split(2, dim=1)
    sides = torch.minimum(high1, high2) - torch.maximum(low1, low2)  # negative where they are apart
    both = torch.where((sides > 0).all(1), sides.prod(1), 0)
    hull = (torch.maximum(high1, high2) - torch.minimum(low1, low2)).prod(1)
    either = box_area(boxes1) + box_area(boxes2) - both
    return (1 - both / (either + eps) + (hull - either) / (hull + eps)).sum()


def clip_boxes_to_image(boxes, size):
    """Boxes, (n, 4), cut off where a picture of this height and width ends."""
    height, width = size
    return torch.minimum(boxes.clamp(min=0), boxes.new_tensor([width, height, width, height]))


def batched_nms(boxes, scores, idxs, iou_threshold):
    """Which boxes stay, the best first: of those of one class that overlap more, the best one."""
    remaining, kept = scores.sort(descending=True, stable=True).indices, []
    while len(remaining):
        best, remaining = remaining[0], remaining[1:]
        kept.append(best)
        same = box_iou(boxes[best][None], boxes[remaining])[0] > iou_threshold
        remaining = remaining[~(same & (idxs[remaining] == idxs[best]))]
    return torch.stack(kept) if kept else remaining
