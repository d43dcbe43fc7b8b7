"""Every kernel in plain array code: the definition of what the fast ones compute."""

from .convolution import conv2d, conv2d_input, conv2d_weight  # dark-5
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
    "conv2d",  # dark-5
    "conv2d_input",  # dark-5
    "conv2d_weight",  # dark-5
    "matmul",
    "rmsprop_step",  # beyond
    "sgd_step",
]
