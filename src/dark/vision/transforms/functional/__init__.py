"""The transforms as functions without chance, for images, masks, boxes and key points."""

from .color import (
    adjust_brightness,  # beyond
    adjust_contrast,  # beyond
    adjust_hue,  # beyond
    adjust_saturation,  # beyond
    erase,  # beyond
    gaussian_blur,  # beyond
    normalize,
    rgb_to_grayscale,  # beyond
    to_grayscale,  # beyond
)
from .conversion import pil_to_tensor, to_dtype, to_image, to_pil_image, to_tensor
from .coordinates import clamp_bounding_boxes, convert_bounding_box_format
from .geometry import (
    center_crop,
    crop,
    hflip,
    horizontal_flip,
    pad,
    resize,
    resized_crop,
    vertical_flip,
    vflip,
)
from .resampling import InterpolationMode
from .rotation import affine, rotate

__all__ = [
    "InterpolationMode",
    "adjust_brightness",  # beyond
    "adjust_contrast",  # beyond
    "adjust_hue",  # beyond
    "adjust_saturation",  # beyond
    "affine",
    "center_crop",
    "clamp_bounding_boxes",
    "convert_bounding_box_format",
    "crop",
    "erase",  # beyond
    "gaussian_blur",  # beyond
    "hflip",
    "horizontal_flip",
    "normalize",
    "pad",
    "pil_to_tensor",
    "resize",
    "resized_crop",
    "rgb_to_grayscale",  # beyond
    "rotate",
    "to_dtype",
    "to_grayscale",  # beyond
    "to_image",
    "to_pil_image",
    "to_tensor",
    "vertical_flip",
    "vflip",
]
