"""Data sets of images: MNIST, FashionMNIST, and pictures in folders."""

from .folder import DatasetFolder, ImageFolder  # beyond
from .mnist import MNIST, FashionMNIST
from .vision import VisionDataset

__all__ = [
    "MNIST",
    "DatasetFolder",  # beyond
    "FashionMNIST",
    "ImageFolder",  # beyond
    "VisionDataset",
]
