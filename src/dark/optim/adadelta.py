"""Adadelta."""  # beyond

import numpy as np

from ..kernels.reference.optimizers import towards_minimum
from ..tensor import Tensor
from .optimizer import Optimizer, check_between, check_not_negative, first_step, zeros_like


class Adadelta(Optimizer):
    """The gradient over the root of its running square, times that of the changes so far: no unit is left.

        g = gradient + weight_decay * param         (minus the gradient with `maximize`)
        s = rho * s + (1 - rho) * g²
        d = √(u + eps) / √(s + eps) * g
        u = rho * u + (1 - rho) * d²
        param = param - lr * d

    Zeiler, Adadelta: an adaptive learning rate method (2012).
    """

    def __init__(
        self, params, lr: float | Tensor = 1.0, rho: float = 0.9, eps: float = 1e-6, weight_decay: float = 0,
        *, maximize: bool = False,
    ):  # fmt: skip
        check_not_negative({"lr": lr, "eps": eps, "weight_decay": weight_decay})
        check_between("rho", rho, 0, 1)
        options = {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        super().__init__(params, options)

    def _update(self, param, grad, state, group):
        if not state:
            state.update(step=first_step(), square_avg=zeros_like(param), acc_delta=zeros_like(param))
        state["step"].array += 1
        square_avg, acc_delta = state["square_avg"].array, state["acc_delta"].array
        rho, eps = group["rho"], group["eps"]

        grad = towards_minimum(param, grad, group["weight_decay"], group["maximize"])
        square_avg *= rho
        square_avg += (1 - rho) * grad * grad
        delta = np.sqrt(acc_delta + eps) / np.sqrt(square_avg + eps) * grad
        acc_delta *= rho
        acc_delta += (1 - rho) * delta * delta
        param -= float(group["lr"]) * delta
