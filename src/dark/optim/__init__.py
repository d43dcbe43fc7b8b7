"""Optimizers: rules by which parameters follow their gradients."""  # dark-3

from . import lr_scheduler  # dark-4
from .adagrad import Adagrad  # beyond
from .adam import Adam, AdamW
from .optimizer import Optimizer
from .rmsprop import RMSprop  # beyond
from .sgd import SGD

__all__ = [
    "SGD",
    "Adagrad",  # beyond
    "Adam",
    "AdamW",
    "Optimizer",
    "RMSprop",  # beyond
    "lr_scheduler",  # dark-4
]
