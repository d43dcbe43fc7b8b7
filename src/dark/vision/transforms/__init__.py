"""Transforms of images, alone or together with masks, boxes and key points, as in torchvision.transforms.v2.

They work on tensors: images (..., C, H, W), uint8 or floating-point. `ToTensor` or `ToImage` first makes
tensors of Pillow's images and NumPy's arrays. Gradients don't flow through transforms.
"""

from . import functional
from .color import (
    ColorJitter,  # beyond
    GaussianBlur,  # beyond
    Grayscale,  # beyond
    Normalize,
    RandomErasing,  # beyond
    RandomGrayscale,  # beyond
)
from .container import (
    Compose,
    RandomApply,  # beyond
    RandomChoice,  # beyond
)
from .conversion import (
    Lambda,  # beyond
    ToDtype,
    ToImage,
    ToPILImage,
    ToTensor,
)
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
from .rotation import (
    RandomAffine,  # beyond
    RandomRotation,
)
from .transform import Transform

__all__ = [
    "CenterCrop",
    "ColorJitter",  # beyond
    "Compose",
    "GaussianBlur",  # beyond
    "Grayscale",  # beyond
    "InterpolationMode",
    "Lambda",  # beyond
    "Normalize",
    "Pad",
    "RandomAffine",  # beyond
    "RandomApply",  # beyond
    "RandomChoice",  # beyond
    "RandomCrop",
    "RandomErasing",  # beyond
    "RandomGrayscale",  # beyond
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
