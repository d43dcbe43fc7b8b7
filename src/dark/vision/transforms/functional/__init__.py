"""The transforms as functions without chance, for images, masks, boxes and key points."""

from .color import (
    adjust_brightness,  # dark-5
    adjust_contrast,  # dark-5
    adjust_hue,  # dark-5
    adjust_saturation,  # dark-5
    erase,  # beyond
    gaussian_blur,  # dark-5
    normalize,
    rgb_to_grayscale,  # dark-5
    to_grayscale,  # dark-5
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
    "adjust_brightness",  # dark-5
    "adjust_contrast",  # dark-5
    "adjust_hue",  # dark-5
    "adjust_saturation",  # dark-5
    "affine",
    "center_crop",
    "clamp_bounding_boxes",
    "convert_bounding_box_format",
    "crop",
    "erase",  # beyond
    "gaussian_blur",  # dark-5
    "hflip",
    "horizontal_flip",
    "normalize",
    "pad",
    "pil_to_tensor",
    "resize",
    "resized_crop",
    "rgb_to_grayscale",  # dark-5
    "rotate",
    "to_dtype",
    "to_grayscale",  # dark-5
    "to_image",
    "to_pil_image",
    "to_tensor",
    "vertical_flip",
    "vflip",
]
