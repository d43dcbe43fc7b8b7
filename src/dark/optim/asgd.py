"""ASGD."""  # beyond

from ..kernels.reference.optimizers import towards_minimum
from ..tensor import Tensor, wrap
from .optimizer import Optimizer, check_not_negative, first_step, zeros_like


class ASGD(Optimizer):
    """Gradient descent with smaller and smaller steps, which also averages all parameters it passed.

        g = gradient + weight_decay * param         (minus the gradient with `maximize`)
        param = (1 - lambd * η) * param - η * g,    η = lr / (1 + lambd * lr * t)^alpha, lr in the first step
        ax = ax + μ * (param - ax),                 μ = 1 / max(1, t - t0)

    The average, ax, is in `state[param]["ax"]`.
    Polyak and Juditsky, Acceleration of stochastic approximation by averaging (1992).
    """

    def __init__(
        self, params, lr: float | Tensor = 1e-2, lambd: float = 1e-4, alpha: float = 0.75, t0: float = 1e6,
        weight_decay: float = 0, *, maximize: bool = False,
    ):  # fmt: skip
        check_not_negative({"lr": lr, "weight_decay": weight_decay})
        options = {"lr": lr, "lambd": lambd, "alpha": alpha, "t0": t0, "weight_decay": weight_decay}
        super().__init__(params, {**options, "maximize": maximize})

    def _update(self, param, grad, state, group):
        lr, lambd = float(group["lr"]), group["lambd"]
        if not state:
            zero = first_step()
            state.update(step=zero, eta=wrap(zero.array + lr), mu=wrap(zero.array + 1), ax=zeros_like(param))
        state["step"].array += 1
        step, eta, mu = (state[name].item() for name in ("step", "eta", "mu"))
        ax = state["ax"].array

        grad = towards_minimum(param, grad, group["weight_decay"], group["maximize"])
        param *= 1 - lambd * eta
        param -= eta * grad
        ax[...] = param if mu == 1 else ax + (param - ax) * mu

        state["eta"].array[...] = lr / (1 + lambd * lr * step) ** group["alpha"]
        state["mu"].array[...] = 1 / max(1, step - group["t0"])
