"""Kernels compiled by Numba for NumPy arrays; those that gain nothing by it are the reference's."""  # dark-5

from ..reference import adagrad_step, rmsprop_step  # beyond
from .optimizers import adam_step, sgd_step
from .products import matmul

__all__ = [
    "adagrad_step",  # beyond
    "adam_step",
    "matmul",
    "rmsprop_step",  # beyond
    "sgd_step",
]
