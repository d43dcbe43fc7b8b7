"""RAdam."""  # beyond

import math

import numpy as np

from ..kernels.reference.optimizers import towards_minimum
from ..tensor import Tensor
from .optimizer import Optimizer, check_betas, check_not_negative, first_step, zeros_like


class RAdam(Optimizer):
    """Adam that does without the running square until that is known from enough steps, and then damps it.

        m, v, t as in Adam
        ρ∞ = 2 / (1 - beta2) - 1,   ρ = ρ∞ - 2t * beta2^t / (1 - beta2^t)      (how many steps v rests on)
        r = √((ρ - 4)(ρ - 2)ρ∞ / ((ρ∞ - 4)(ρ∞ - 2)ρ))
        param = param - lr * m / (1 - beta1^t) * r * √(1 - beta2^t) / (√v + eps)      where ρ > 5
        param = param - lr * m / (1 - beta1^t)                                        before

    With `decoupled_weight_decay` the decay is that of AdamW.
    Liu et al., On the variance of the adaptive learning rate and beyond (2020).
    """

    def __init__(
        self, params, lr: float | Tensor = 1e-3, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: float = 0, decoupled_weight_decay: bool = False, *, maximize: bool = False,
    ):  # fmt: skip
        options = {"lr": lr, "eps": eps, "weight_decay": weight_decay}
        check_not_negative(options)
        check_betas(betas)
        means = {"betas": tuple(betas), "decoupled_weight_decay": decoupled_weight_decay}
        super().__init__(params, {**options, **means, "maximize": maximize})

    def _update(self, param, grad, state, group):
        if not state:
            state.update(step=first_step(), exp_avg=zeros_like(param), exp_avg_sq=zeros_like(param))
        state["step"].array += 1
        step, lr, (beta1, beta2) = state["step"].item(), float(group["lr"]), group["betas"]
        exp_avg, exp_avg_sq = state["exp_avg"].array, state["exp_avg_sq"].array

        decay = group["weight_decay"]
        if group["decoupled_weight_decay"]:
            param *= 1 - lr * decay
            decay = 0
        grad = towards_minimum(param, grad, decay, group["maximize"])
        exp_avg += (1 - beta1) * (grad - exp_avg)
        exp_avg_sq *= beta2
        exp_avg_sq += (1 - beta2) * grad * grad

        change = exp_avg / (1 - beta1**step) * lr
        most = 2 / (1 - beta2) - 1
        length = most - 2 * step * beta2**step / (1 - beta2**step)
        if length > 5:
            rectified = (length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length)
            change *= math.sqrt(1 - beta2**step) / (np.sqrt(exp_avg_sq) + group["eps"]) * math.sqrt(rectified)
        param -= change
