"""Data sets of images: well-known ones under their names, and pictures in folders."""

from .cifar import CIFAR10  # dark-5
from .drawn.cars import DrawnCars  # dark-6
from .drawn.cifar10 import DrawnCIFAR10  # dark-5
from .drawn.faces import DrawnFaces  # dark-5
from .folder import DatasetFolder, ImageFolder  # beyond
from .landmarks import LandmarkFolder  # dark-5
from .mnist import MNIST, FashionMNIST
from .vision import VisionDataset

__all__ = [
    "CIFAR10",  # dark-5
    "MNIST",
    "DatasetFolder",  # beyond
    "DrawnCIFAR10",  # dark-5
    "DrawnCars",  # dark-6
    "DrawnFaces",  # dark-5
    "FashionMNIST",
    "ImageFolder",  # beyond
    "LandmarkFolder",  # dark-5
    "VisionDataset",
]
