"""Every kernel in plain array code: the definition of what the fast ones compute."""

from .optimizers import (
    adagrad_step,  # beyond
    adam_step,
    rmsprop_step,  # beyond
    sgd_step,
)
from .products import matmul

__all__ = [
    "adagrad_step",  # beyond
    "adam_step",
    "matmul",
    "rmsprop_step",  # beyond
    "sgd_step",
]
