"""Adamax."""  # beyond

import numpy as np

from ..kernels.reference.optimizers import towards_minimum
from ..tensor import Tensor
from .optimizer import Optimizer, check_betas, check_not_negative, first_step, zeros_like


class Adamax(Optimizer):
    """Adam with the largest gradient, which fades, in the place of the root of the running square.

        g = gradient + weight_decay * param         (minus the gradient with `maximize`)
        m = beta1 * m + (1 - beta1) * g
        u = max(beta2 * u, |g| + eps)
        param = param - lr / (1 - beta1^t) * m / u

    Kingma and Ba, Adam: a method for stochastic optimization (2015), section 7.1.
    """

    def __init__(
        self, params, lr: float | Tensor = 2e-3, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: float = 0, *, maximize: bool = False,
    ):  # fmt: skip
        options = {"lr": lr, "eps": eps, "weight_decay": weight_decay}
        check_not_negative(options)
        check_betas(betas)
        super().__init__(params, {**options, "betas": tuple(betas), "maximize": maximize})

    def _update(self, param, grad, state, group):
        if not state:
            state.update(step=first_step(), exp_avg=zeros_like(param), exp_inf=zeros_like(param))
        state["step"].array += 1
        exp_avg, exp_inf = state["exp_avg"].array, state["exp_inf"].array
        beta1, beta2 = group["betas"]

        grad = towards_minimum(param, grad, group["weight_decay"], group["maximize"])
        exp_avg += (1 - beta1) * (grad - exp_avg)
        exp_inf *= beta2
        np.maximum(exp_inf, np.abs(grad) + group["eps"], out=exp_inf)
        step_size = float(group["lr"]) / (1 - beta1 ** state["step"].item())
        param -= step_size * (exp_avg / exp_inf)
