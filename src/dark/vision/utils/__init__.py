"""Pictures of what a network finds, and grids and files of pictures."""  # dark-7

from .boxes import draw_bounding_boxes
from .grid import make_grid, save_image  # beyond
from .keypoints import draw_keypoints
from .masks import draw_segmentation_masks

__all__ = [
    "draw_bounding_boxes",
    "draw_keypoints",
    "draw_segmentation_masks",
    "make_grid",  # beyond
    "save_image",  # beyond
]
