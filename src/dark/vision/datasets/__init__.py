"""Data sets of images: well-known ones under their names, and pictures in folders."""

from .carvana import Carvana  # dark-6
from .cifar import CIFAR10  # dark-5
from .drawn.cars import DrawnCars  # dark-6
from .drawn.cifar10 import DrawnCIFAR10  # dark-5
from .drawn.faces import DrawnFaces  # dark-5
from .folder import DatasetFolder, ImageFolder  # beyond
from .landmarks import LandmarkFolder  # dark-5
from .mnist import MNIST, FashionMNIST
from .oxford_iiit_pet import OxfordIIITPet  # dark-6
from .vision import VisionDataset

__all__ = [
    "CIFAR10",  # dark-5
    "MNIST",
    "Carvana",  # dark-6
    "DatasetFolder",  # beyond
    "DrawnCIFAR10",  # dark-5
    "DrawnCars",  # dark-6
    "DrawnFaces",  # dark-5
    "FashionMNIST",
    "ImageFolder",  # beyond
    "LandmarkFolder",  # dark-5
    "OxfordIIITPet",  # dark-6
    "VisionDataset",
]
