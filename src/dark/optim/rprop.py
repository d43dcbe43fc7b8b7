"""Rprop."""  # beyond

import numpy as np

from ..tensor import Tensor, wrap
from .optimizer import Optimizer, check_not_negative, first_step, zeros_like


class Rprop(Optimizer):
    """Steps whose sizes depend on the signs of the gradient alone: for whole data sets, not for batches.

        size = size * etas[1] where the sign is the one before, * etas[0] where it changed (first size: lr)
        param = param - sign(gradient) * size       (not moved where the sign changed)

    Sizes stay within `step_sizes`. Riedmiller and Braun, A direct adaptive method for faster backpropagation
    learning: the Rprop algorithm (1993).
    """

    def __init__(
        self, params, lr: float | Tensor = 1e-2, etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50), *, maximize: bool = False,
    ):  # fmt: skip
        check_not_negative({"lr": lr})
        if not 0 < etas[0] < 1 < etas[1]:
            raise ValueError(f"etas must be below 1, but positive, and above 1, and are {etas}")
        super().__init__(params, {"lr": lr, "etas": etas, "step_sizes": step_sizes, "maximize": maximize})

    def _update(self, param, grad, state, group):
        if not state:
            size = np.full_like(param, float(group["lr"]))
            state.update(step=first_step(), prev=zeros_like(param), step_size=wrap(size))
        state["step"].array += 1
        prev, step_size = state["prev"].array, state["step_size"].array

        grad = -grad if group["maximize"] else grad
        agreement = grad * prev
        shrink, grow = group["etas"]
        step_size *= np.where(agreement > 0, grow, np.where(agreement < 0, shrink, 1)).astype(param.dtype)
        np.clip(step_size, *group["step_sizes"], out=step_size)
        grad = np.where(agreement < 0, 0, grad)
        param -= np.sign(grad) * step_size
        prev[...] = grad
