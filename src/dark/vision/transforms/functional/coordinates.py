"""How boxes and key points move with the pixels of their image.

Coordinates go from the upper left corner of the image, x to the right and y down, so that the centers of the
first pixels are at 0.5, 1.5, … Boxes are given like this; key points count from the center of the first
pixel, so they are half a pixel less. (torchvision flips key points so too, but resizes and rotates them
like boxes, and they end up to a pixel beside what they mark.)
"""

from __future__ import annotations

import numpy as np

from ....tensor import Tensor
from ....tensor import wrap as plain
from ... import tv_tensors
from ...tv_tensors import BoundingBoxes, BoundingBoxFormat, KeyPoints, box_format
from .inputs import check_no_gradient, like, pixels

IDENTITY = ((1, 0, 0), (0, 1, 0))


def moved(name, inpt, change, matrix, size, clip=True):
    """`inpt` after a geometric change.

    `change` turns pixels (..., H, W) into those of the result, `matrix` (2, 3) a point of the image into
    where it is in the result, whose height and width are `size`. Boxes become those that enclose their
    moved corners; `clip` cuts off what is outside of the result.
    """
    if not isinstance(inpt, (BoundingBoxes, KeyPoints)):
        return like(change(pixels(name, inpt)), inpt)
    check_no_gradient(name, inpt)
    numbers = inpt.array.astype(np.float64)
    if isinstance(inpt, KeyPoints):
        x, y = transformed(numbers[..., 0] + 0.5, numbers[..., 1] + 0.5, matrix)
        numbers = np.stack([x, y], axis=-1) - 0.5
    else:
        boxes = corners(numbers, inpt.format)
        x, y = transformed(boxes[:, [0, 2, 2, 0]], boxes[:, [1, 1, 3, 3]], matrix)
        boxes = np.stack([x.min(1), y.min(1), x.max(1), y.max(1)], axis=1)
        numbers = from_corners(clipped(boxes, size) if clip else boxes, inpt.format)
    return tv_tensors.wrap(plain(rounded(numbers, inpt.array.dtype)), like=inpt, canvas_size=size)


def transformed(x, y, matrix):
    """The points (x, y) after a linear map and a shift."""
    (a, b, c), (d, e, f) = matrix
    return a * x + b * y + c, d * x + e * y + f


def rounded(values, dtype):
    """Coordinates in the type they came from; whole numbers are rounded."""
    return (np.rint(values) if dtype.kind in "iu" else values).astype(dtype)


def corners(boxes, format):
    """Boxes of a format as (x1, y1, x2, y2)."""
    if format is BoundingBoxFormat.XYXY:
        return boxes
    start, extent = boxes[:, :2], boxes[:, 2:]
    if format is BoundingBoxFormat.CXCYWH:
        start = start - extent / 2
    return np.concatenate([start, start + extent], axis=1)


def from_corners(boxes, format):
    """Boxes (x1, y1, x2, y2) in another format."""
    if format is BoundingBoxFormat.XYXY:
        return boxes
    start, extent = boxes[:, :2], boxes[:, 2:] - boxes[:, :2]
    if format is BoundingBoxFormat.CXCYWH:
        start = start + extent / 2
    return np.concatenate([start, extent], axis=1)


def clipped(boxes, size):
    """The part of boxes (x1, y1, x2, y2) that lies in an image of this size."""
    h, w = size
    return np.clip(boxes, 0, [w, h, w, h])


def convert_bounding_box_format(inpt, old_format=None, new_format=None) -> Tensor:
    """The same boxes in another format; a plain tensor (N, 4) needs `old_format`, BoundingBoxes have one."""
    if new_format is None or (old_format is None) != isinstance(inpt, BoundingBoxes):
        raise ValueError("convert_bounding_box_format: pass new_format, and old_format for a plain tensor")
    old = inpt.format if old_format is None else box_format(old_format)
    new = box_format(new_format)
    boxes = from_corners(corners(inpt.numpy().reshape(-1, 4).astype(np.float64), old), new)
    result = plain(rounded(boxes, inpt.array.dtype).reshape(inpt.shape))
    return tv_tensors.wrap(result, like=inpt, format=new) if isinstance(inpt, BoundingBoxes) else result


def clamp_bounding_boxes(inpt: BoundingBoxes) -> BoundingBoxes:
    """The part of every box that lies in the image."""
    if not isinstance(inpt, BoundingBoxes):
        raise TypeError(f"clamp_bounding_boxes: expected BoundingBoxes, got {type(inpt).__name__}")
    return moved("clamp_bounding_boxes", inpt, None, IDENTITY, inpt.canvas_size)
