"""Boxes around objects, under torchvision's names: formats, areas, overlaps, and which to keep.

A box is four numbers, the last dimension of a tensor (..., 4): "xyxy" (left, top, right, bottom) unless said
otherwise, counted from the upper left corner of the picture.
"""  # dark-7

from .boxes import (
    box_area,
    box_convert,
    clip_boxes_to_image,
    remove_small_boxes,  # beyond
)
from .distance import (  # beyond
    complete_box_iou,
    complete_box_iou_loss,
    distance_box_iou,
    distance_box_iou_loss,
)
from .masks import masks_to_boxes  # beyond
from .overlap import box_iou, generalized_box_iou, generalized_box_iou_loss
from .suppression import batched_nms, nms

__all__ = [
    "batched_nms",
    "box_area",
    "box_convert",
    "box_iou",
    "clip_boxes_to_image",
    "complete_box_iou",  # beyond
    "complete_box_iou_loss",  # beyond
    "distance_box_iou",  # beyond
    "distance_box_iou_loss",  # beyond
    "generalized_box_iou",
    "generalized_box_iou_loss",
    "masks_to_boxes",  # beyond
    "nms",
    "remove_small_boxes",  # beyond
]
