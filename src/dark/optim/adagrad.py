"""Adagrad."""  # beyond

from __future__ import annotations

import numpy as np

from .. import kernels
from ..devices import current
from ..tensor import wrap
from .optimizer import Optimizer, check_not_negative, first_step, number, params_of


class Adagrad(Optimizer):
    """The gradient over the root of the sum of all its squares: what has changed much changes more slowly.

        g = gradient + weight_decay * param         (minus the gradient with `maximize`)
        s = s + g²                                  (s begins at initial_accumulator_value)
        param = param - lr / (1 + (t - 1) * lr_decay) * g / (√s + eps)

    Duchi et al., Adaptive subgradient methods for online learning and stochastic optimization (2011).
    """

    def __init__(
        self, params, lr: float = 1e-2, lr_decay: float = 0, weight_decay: float = 0,
        initial_accumulator_value: float = 0, eps: float = 1e-10, *, maximize: bool = False,
    ):  # fmt: skip
        options = {
            "lr": lr, "lr_decay": lr_decay, "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value, "eps": eps,
        }  # fmt: skip
        check_not_negative(options)
        super().__init__(params, {**options, "maximize": maximize})
        for param in params_of(self.param_groups):
            with current(param.device):
                self.state[param] = self._first_state(param.array)

    def _first_state(self, param):
        start = self.defaults["initial_accumulator_value"]
        return {"step": first_step(), "sum": wrap(np.full_like(param, start))}

    def _update(self, param, grad, state, group):
        if not state:
            state.update(self._first_state(param))
        state["step"].array += 1
        kernels.of(param).adagrad_step(
            param, grad, state["sum"].array, step=number(state["step"]),
            lr=group["lr"], lr_decay=group["lr_decay"], eps=group["eps"],
            weight_decay=group["weight_decay"], maximize=group["maximize"],
        )  # fmt: skip
