"""Every kernel in plain array code: the definition of what the fast ones compute."""

from .classification import are_classes, averaged, cross_entropy  # dark-3
from .convolution import conv2d, conv2d_input, conv2d_weight  # dark-5
from .indexing import add_rows, put, within
from .normalization import (  # dark-5
    batch_norm_backward,
    channel_moments,
    channel_sums,
    move_towards,
    normalize_channels,
)
from .optimizers import (  # dark-3
    adagrad_step,  # beyond
    adam_step,
    rmsprop_step,  # beyond
    sgd_step,
)
from .pooling import (  # dark-5
    avg_pool2d,
    avg_pool2d_input,
    max_pool2d,
    max_pool2d_input,
    max_pool2d_picked,
)
from .products import matmul
from .rectification import (
    leaky_relu,  # dark-3
    leaky_relu_input,  # dark-3
    relu,
    relu_input,
)
from .sums import add
from .upsampling import resize2d  # dark-6

__all__ = [
    "adagrad_step",  # beyond
    "adam_step",  # dark-3
    "add",
    "add_rows",
    "are_classes",  # dark-3
    "averaged",  # dark-3
    "avg_pool2d",  # dark-5
    "avg_pool2d_input",  # dark-5
    "batch_norm_backward",  # dark-5
    "channel_moments",  # dark-5
    "channel_sums",  # dark-5
    "conv2d",  # dark-5
    "conv2d_input",  # dark-5
    "conv2d_weight",  # dark-5
    "cross_entropy",  # dark-3
    "leaky_relu",  # dark-3
    "leaky_relu_input",  # dark-3
    "matmul",
    "max_pool2d",  # dark-5
    "max_pool2d_input",  # dark-5
    "max_pool2d_picked",  # dark-5
    "move_towards",  # dark-5
    "normalize_channels",  # dark-5
    "put",
    "relu",
    "relu_input",
    "resize2d",  # dark-6
    "rmsprop_step",  # beyond
    "sgd_step",  # dark-3
    "within",
]
