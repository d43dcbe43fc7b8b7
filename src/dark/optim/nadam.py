"""NAdam."""  # beyond

import numpy as np

from ..kernels.reference.optimizers import towards_minimum
from ..tensor import Tensor, wrap
from .optimizer import Optimizer, check_betas, check_not_negative, first_step, zeros_like


class NAdam(Optimizer):
    """Adam with Nesterov's momentum: the step goes where the running mean will be with the next gradient.

        g = gradient + weight_decay * param         (minus the gradient with `maximize`)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g²
        μ(t) = beta1 * (1 - 0.96^(t * momentum_decay) / 2)
        step = (1 - μ(t)) / (1 - μ(1) ... μ(t)) * g + μ(t+1) / (1 - μ(1) ... μ(t+1)) * m
        param = param - lr * step / (√(v / (1 - beta2^t)) + eps)

    With `decoupled_weight_decay` the decay is that of AdamW.
    Dozat, Incorporating Nesterov momentum into Adam (2016).
    """

    def __init__(
        self, params, lr: float | Tensor = 2e-3, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: float = 0, momentum_decay: float = 4e-3, decoupled_weight_decay: bool = False, *,
        maximize: bool = False,
    ):  # fmt: skip
        options = {"lr": lr, "eps": eps, "weight_decay": weight_decay, "momentum_decay": momentum_decay}
        check_not_negative(options)
        check_betas(betas)
        means = {"betas": tuple(betas), "decoupled_weight_decay": decoupled_weight_decay}
        super().__init__(params, {**options, **means, "maximize": maximize})

    def _update(self, param, grad, state, group):
        if not state:
            state.update(step=first_step(), mu_product=wrap(first_step().array + 1))
            state.update(exp_avg=zeros_like(param), exp_avg_sq=zeros_like(param))
        state["step"].array += 1
        step, lr, (beta1, beta2) = state["step"].item(), float(group["lr"]), group["betas"]
        exp_avg, exp_avg_sq = state["exp_avg"].array, state["exp_avg_sq"].array

        def momentum(t):
            return beta1 * (1 - 0.5 * 0.96 ** (t * group["momentum_decay"]))

        decay = group["weight_decay"]
        if group["decoupled_weight_decay"]:
            param *= 1 - lr * decay
            decay = 0
        grad = towards_minimum(param, grad, decay, group["maximize"])
        exp_avg += (1 - beta1) * (grad - exp_avg)
        exp_avg_sq *= beta2
        exp_avg_sq += (1 - beta2) * grad * grad
        deviation = np.sqrt(exp_avg_sq / (1 - beta2**step)) + group["eps"]

        now, then = momentum(step), momentum(step + 1)
        state["mu_product"].array *= now
        product = state["mu_product"].item()
        param -= lr * (1 - now) / (1 - product) * (grad / deviation)
        param -= lr * then / (1 - product * then) * (exp_avg / deviation)
