"""Kernels compiled by Numba for NumPy arrays; those that gain nothing by it are the reference's.

They run on one thread: NumPy's matrix products keep a pool of threads of their own, and two pools that wait
for each other on the same cores cost more than either wins.
"""  # dark-5

from ..reference import adagrad_step, rmsprop_step  # beyond
from .optimizers import adam_step, sgd_step

__all__ = [
    "adagrad_step",  # beyond
    "adam_step",
    "rmsprop_step",  # beyond
    "sgd_step",
]
