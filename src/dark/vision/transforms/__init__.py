"""Transforms of images, alone or together with masks, boxes and key points, as in torchvision.transforms.v2.

They work on tensors: images (..., C, H, W), uint8 or floating-point. `ToTensor` or `ToImage` first makes
tensors of Pillow's images and NumPy's arrays. Gradients don't flow through transforms.
"""

from . import functional
from .color import ColorJitter, GaussianBlur, Grayscale, Normalize, RandomErasing, RandomGrayscale
from .container import Compose, RandomApply, RandomChoice
from .conversion import Lambda, ToDtype, ToImage, ToPILImage, ToTensor
from .functional import InterpolationMode
from .geometry import (
    CenterCrop,
    Pad,
    RandomCrop,
    RandomHorizontalFlip,
    RandomResizedCrop,
    RandomVerticalFlip,
    Resize,
)
from .rotation import RandomAffine, RandomRotation
from .transform import Transform

__all__ = [
    "CenterCrop",
    "ColorJitter",
    "Compose",
    "GaussianBlur",
    "Grayscale",
    "InterpolationMode",
    "Lambda",
    "Normalize",
    "Pad",
    "RandomAffine",
    "RandomApply",
    "RandomChoice",
    "RandomCrop",
    "RandomErasing",
    "RandomGrayscale",
    "RandomHorizontalFlip",
    "RandomResizedCrop",
    "RandomRotation",
    "RandomVerticalFlip",
    "Resize",
    "ToDtype",
    "ToImage",
    "ToPILImage",
    "ToTensor",
    "Transform",
    "functional",
]
