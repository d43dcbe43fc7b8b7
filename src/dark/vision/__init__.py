"""Images, under torchvision's names: data sets, transforms, and pictures of results.

    from dark.vision import datasets, ops, transforms, tv_tensors, utils

An image is a tensor (..., C, H, W), uint8 from 0 to 255 or floating-point from 0 to 1.
"""  # dark-4

from . import (
    datasets,
    models,  # beyond
    ops,  # dark-7
    transforms,
    tv_tensors,
    utils,  # dark-7
)

__all__ = [
    "datasets",
    "models",  # beyond
    "ops",  # dark-7
    "transforms",
    "tv_tensors",
    "utils",  # dark-7
]
