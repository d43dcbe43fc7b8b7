"""Kernels for CuPy arrays, many of them written in CUDA; the others are the reference's."""  # dark-5

from ..reference import (
    adagrad_step,  # beyond
    adam_step,
    resize2d,  # dark-6
    rmsprop_step,  # beyond
    sgd_step,
)
from .convolution import conv2d, conv2d_input, conv2d_weight
from .normalization import batch_norm_backward, channel_moments, channel_sums, normalize_channels
from .pooling import avg_pool2d, avg_pool2d_input, max_pool2d, max_pool2d_input, max_pool2d_picked
from .products import matmul
from .rectification import leaky_relu, leaky_relu_input, relu, relu_input

__all__ = [
    "adagrad_step",  # beyond
    "adam_step",
    "avg_pool2d",
    "avg_pool2d_input",
    "batch_norm_backward",
    "channel_moments",
    "channel_sums",
    "conv2d",
    "conv2d_input",
    "conv2d_weight",
    "leaky_relu",
    "leaky_relu_input",
    "matmul",
    "max_pool2d",
    "max_pool2d_input",
    "max_pool2d_picked",
    "normalize_channels",
    "relu",
    "relu_input",
    "resize2d",  # dark-6
    "rmsprop_step",  # beyond
    "sgd_step",
]
