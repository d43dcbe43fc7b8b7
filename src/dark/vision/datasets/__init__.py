"""Data sets of images: MNIST, FashionMNIST, and pictures in folders."""

from .folder import DatasetFolder, ImageFolder
from .mnist import MNIST, FashionMNIST
from .vision import VisionDataset

__all__ = ["MNIST", "DatasetFolder", "FashionMNIST", "ImageFolder", "VisionDataset"]
