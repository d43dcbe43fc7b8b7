"""Adam, and AdamW."""

from typing import Any

from .. import kernels
from ..tensor import Tensor
from .optimizer import Optimizer, check_not_negative, first_step, number, zeros_like


class Adam(Optimizer):
    """Steps of about lr in every direction: the gradient's running mean, over the root of its running square.

        g = gradient + weight_decay * param         (minus the gradient with `maximize`)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g²            (the largest v so far, below, with `amsgrad`)
        param = param - lr * (m / (1 - beta1^t)) / (√(v / (1 - beta2^t)) + eps)

    m and v begin at 0, and the powers of t, the number of the step, make up for that.
    Kingma and Ba, Adam: a method for stochastic optimization (2015); Reddi et al., On the convergence of
    Adam and beyond (2018).

    With `capturable`, steps are counted on the parameters' device, as a step that is recorded needs it.
    """

    def __init__(
        self, params, lr: float | Tensor = 1e-3, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: float = 0, amsgrad: bool = False, *,
        maximize: bool = False, capturable: bool = False,
    ):  # fmt: skip
        options: dict[str, Any] = {"lr": lr, "eps": eps, "weight_decay": weight_decay}
        check_not_negative(options)
        for i, beta in enumerate(betas):
            if not 0 <= beta < 1:
                raise ValueError(f"betas[{i}] must be at least 0 and below 1, and is {beta}")
        options |= {"betas": tuple(betas), "amsgrad": amsgrad, "maximize": maximize, "capturable": capturable}
        super().__init__(params, options)

    _decoupled = False

    def _update(self, param, grad, state, group):
        if not state:
            state["step"] = first_step(param if group["capturable"] else None)
            state.update(exp_avg=zeros_like(param), exp_avg_sq=zeros_like(param))
            if group["amsgrad"]:
                state["max_exp_avg_sq"] = zeros_like(param)
        state["step"].array += 1
        largest = state["max_exp_avg_sq"].array if group["amsgrad"] else None
        beta1, beta2 = group["betas"]
        kernels.of(param).adam_step(
            param, grad, state["exp_avg"].array, state["exp_avg_sq"].array, largest,
            step=number(state["step"]), lr=group["lr"], beta1=beta1, beta2=beta2, eps=group["eps"],
            weight_decay=group["weight_decay"], decoupled_weight_decay=self._decoupled,
            maximize=group["maximize"],
        )  # fmt: skip


class AdamW(Adam):
    """Adam whose weight decay is not part of the gradient but shrinks the parameter by lr * weight_decay.

    Loshchilov and Hutter, Decoupled weight decay regularization (2019).
    """

    def __init__(
        self, params, lr: float | Tensor = 1e-3, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: float = 1e-2, amsgrad: bool = False, *,
        maximize: bool = False, capturable: bool = False,
    ):  # fmt: skip
        super().__init__(
            params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize, capturable=capturable
        )  # fmt: skip

    _decoupled = True
