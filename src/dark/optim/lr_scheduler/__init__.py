"""Schedulers: they change an optimizer's learning rates epoch by epoch, or step by step."""  # dark-4

from .composed import ChainedScheduler, SequentialLR  # beyond
from .cosine import CosineAnnealingLR, CosineAnnealingWarmRestarts  # beyond
from .cycle import (
    CyclicLR,  # beyond
    OneCycleLR,
)
from .factor import (  # beyond
    ConstantLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)
from .plateau import ReduceLROnPlateau  # beyond
from .scheduler import LRScheduler

__all__ = [
    "ChainedScheduler",  # beyond
    "ConstantLR",  # beyond
    "CosineAnnealingLR",  # beyond
    "CosineAnnealingWarmRestarts",  # beyond
    "CyclicLR",  # beyond
    "ExponentialLR",  # beyond
    "LRScheduler",
    "LambdaLR",  # beyond
    "LinearLR",  # beyond
    "MultiStepLR",  # beyond
    "MultiplicativeLR",  # beyond
    "OneCycleLR",
    "PolynomialLR",  # beyond
    "ReduceLROnPlateau",  # beyond
    "SequentialLR",  # beyond
    "StepLR",  # beyond
]
