"""Every kernel in plain array code: the definition of what the fast ones compute."""

from .optimizers import adagrad_step, adam_step, rmsprop_step, sgd_step

__all__ = [
    "adagrad_step",
    "adam_step",
    "rmsprop_step",
    "sgd_step",
]
