"""Data sets of images: well-known ones under their names, and pictures in folders."""

from .carvana import Carvana  # dark-6
from .cifar import CIFAR10  # dark-5
from .drawn.cars import DrawnCars  # dark-6
from .drawn.cifar10 import DrawnCIFAR10  # dark-5
from .drawn.faces import DrawnFaces  # dark-5
from .drawn.scenes import DrawnScenes  # dark-7
from .folder import DatasetFolder, ImageFolder  # beyond
from .landmarks import LandmarkFolder  # dark-5
from .mnist import MNIST, FashionMNIST
from .mtfl import MTFL  # dark-7
from .oxford_iiit_pet import OxfordIIITPet  # dark-6
from .vision import VisionDataset
from .widerface import WIDERFace  # dark-7

__all__ = [
    "CIFAR10",  # dark-5
    "MNIST",
    "MTFL",  # dark-7
    "Carvana",  # dark-6
    "DatasetFolder",  # beyond
    "DrawnCIFAR10",  # dark-5
    "DrawnCars",  # dark-6
    "DrawnFaces",  # dark-5
    "DrawnScenes",  # dark-7
    "FashionMNIST",
    "ImageFolder",  # beyond
    "LandmarkFolder",  # dark-5
    "OxfordIIITPet",  # dark-6
    "VisionDataset",
    "WIDERFace",  # dark-7
]
