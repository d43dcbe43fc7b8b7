"""Stochastic gradient descent."""

from .. import kernels
from ..tensor import Tensor
from .optimizer import Optimizer, check_not_negative, is_used, zeros_like


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum.

        g = gradient + weight_decay * param         (minus the gradient with `maximize`)
        v = momentum * v + (1 - dampening) * g      (v = g in the first step)
        param = param - lr * v                      (g + momentum * v instead of v with `nesterov`)

    Sutskever et al., On the importance of initialization and momentum in deep learning (2013); here, as in
    PyTorch, lr stands outside of v.
    """

    def __init__(
        self, params, lr: float | Tensor = 1e-3, momentum: float = 0, dampening: float = 0,
        weight_decay: float = 0, nesterov: bool = False, *, maximize: bool = False,
    ):  # fmt: skip
        options = {"lr": lr, "momentum": momentum, "weight_decay": weight_decay}
        check_not_negative(options)
        if nesterov and (momentum == 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        options |= {"dampening": dampening, "nesterov": nesterov, "maximize": maximize}
        super().__init__(params, options)

    def _update(self, param, grad, state, group):
        velocity, dampening = None, group["dampening"]
        if is_used(group["momentum"]):
            if state.get("momentum_buffer") is None:
                state["momentum_buffer"], dampening = zeros_like(param), 0
            velocity = state["momentum_buffer"].array
        kernels.of(param).sgd_step(
            param, grad, velocity, lr=group["lr"], momentum=group["momentum"], dampening=dampening,
            weight_decay=group["weight_decay"], nesterov=group["nesterov"], maximize=group["maximize"],
        )  # fmt: skip
