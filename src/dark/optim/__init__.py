"""Optimizers: rules by which parameters follow their gradients."""  # dark-3

from . import lr_scheduler  # dark-4
from .adadelta import Adadelta  # beyond
from .adagrad import Adagrad  # beyond
from .adam import Adam, AdamW
from .adamax import Adamax  # beyond
from .asgd import ASGD  # beyond
from .lbfgs import LBFGS  # beyond
from .nadam import NAdam  # beyond
from .optimizer import Optimizer
from .radam import RAdam  # beyond
from .rmsprop import RMSprop  # beyond
from .rprop import Rprop  # beyond
from .sgd import SGD

__all__ = [
    "ASGD",  # beyond
    "LBFGS",  # beyond
    "SGD",
    "Adadelta",  # beyond
    "Adagrad",  # beyond
    "Adam",
    "AdamW",
    "Adamax",  # beyond
    "NAdam",  # beyond
    "Optimizer",
    "RAdam",  # beyond
    "RMSprop",  # beyond
    "Rprop",  # beyond
    "lr_scheduler",  # dark-4
]
