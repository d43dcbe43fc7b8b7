"""Kernels compiled by Numba for NumPy arrays; those that gain nothing by it are the reference's."""  # dark-5

from ..reference import (
    adagrad_step,  # beyond
    add,
    add_rows,
    are_classes,
    averaged,
    cross_entropy,
    max_pool2d_picked,
    move_towards,
    put,
    rmsprop_step,  # beyond
    within,
)
from .convolution import conv2d, conv2d_input, conv2d_weight
from .normalization import batch_norm_backward, channel_moments, channel_sums, normalize_channels
from .optimizers import adam_step, sgd_step
from .pooling import avg_pool2d, avg_pool2d_input, max_pool2d, max_pool2d_input
from .products import matmul
from .rectification import leaky_relu, leaky_relu_input, relu, relu_input
from .upsampling import resize2d  # dark-6

__all__ = [
    "adagrad_step",  # beyond
    "adam_step",
    "add",
    "add_rows",
    "are_classes",
    "averaged",
    "avg_pool2d",
    "avg_pool2d_input",
    "batch_norm_backward",
    "channel_moments",
    "channel_sums",
    "conv2d",
    "conv2d_input",
    "conv2d_weight",
    "cross_entropy",
    "leaky_relu",
    "leaky_relu_input",
    "matmul",
    "max_pool2d",
    "max_pool2d_input",
    "max_pool2d_picked",
    "move_towards",
    "normalize_channels",
    "put",
    "relu",
    "relu_input",
    "resize2d",  # dark-6
    "rmsprop_step",  # beyond
    "sgd_step",
    "within",
]
