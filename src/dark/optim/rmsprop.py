"""RMSprop."""  # beyond

from .. import kernels
from .optimizer import Optimizer, check_not_negative, first_step, is_used, zeros_like


class RMSprop(Optimizer):
    """The gradient over the root of its running mean square.

        g = gradient + weight_decay * param         (minus the gradient with `maximize`)
        s = alpha * s + (1 - alpha) * g²
        d = √s + eps                                (√(s - mean²) + eps, with g's running mean, if `centered`)
        param = param - lr * g / d
        or, with momentum,  b = momentum * b + g / d  and  param = param - lr * b

    Hinton, Neural networks for machine learning, lecture 6 (2012); centered: Graves, Generating sequences
    with recurrent neural networks (2013).
    """

    def __init__(
        self, params, lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8, weight_decay: float = 0,
        momentum: float = 0, centered: bool = False, *, maximize: bool = False,
    ):  # fmt: skip
        options = {"lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay, "momentum": momentum}
        check_not_negative(options)
        super().__init__(params, {**options, "centered": centered, "maximize": maximize})

    def _update(self, param, grad, state, group):
        if not state:
            state.update(step=first_step(), square_avg=zeros_like(param))
            if is_used(group["momentum"]):
                state["momentum_buffer"] = zeros_like(param)
            if group["centered"]:
                state["grad_avg"] = zeros_like(param)
        state["step"].array += 1
        kernels.of(param).rmsprop_step(
            param, grad, state["square_avg"].array,
            state["grad_avg"].array if group["centered"] else None,
            state["momentum_buffer"].array if is_used(group["momentum"]) else None,
            lr=group["lr"], alpha=group["alpha"], eps=group["eps"], momentum=group["momentum"],
            weight_decay=group["weight_decay"], maximize=group["maximize"],
        )  # fmt: skip
