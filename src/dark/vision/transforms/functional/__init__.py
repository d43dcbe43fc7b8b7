"""The transforms as functions without chance, for images, masks, boxes and key points."""

from .color import (
    adjust_brightness,
    adjust_contrast,
    adjust_hue,
    adjust_saturation,
    erase,
    gaussian_blur,
    normalize,
    rgb_to_grayscale,
    to_grayscale,
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
    "adjust_brightness",
    "adjust_contrast",
    "adjust_hue",
    "adjust_saturation",
    "affine",
    "center_crop",
    "clamp_bounding_boxes",
    "convert_bounding_box_format",
    "crop",
    "erase",
    "gaussian_blur",
    "hflip",
    "horizontal_flip",
    "normalize",
    "pad",
    "pil_to_tensor",
    "resize",
    "resized_crop",
    "rgb_to_grayscale",
    "rotate",
    "to_dtype",
    "to_grayscale",
    "to_image",
    "to_pil_image",
    "to_tensor",
    "vertical_flip",
    "vflip",
]
