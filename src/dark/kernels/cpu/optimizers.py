"""The update rules of the optimizers in one pass over the memory.

NumPy's version reads and writes every array several times, once for each operation, and makes temporary
ones. Here each number is loaded once, the whole rule is applied to it in registers, and it is stored once;
every thread has a share of the numbers. The operations are the reference's in the same order, so the results
are equal bit for bit.
"""

import math

from numba import prange

from .compiler import shared
from .layout import elementwise
from .threads import workers


@elementwise
def sgd_step(
    param, grad, momentum_buffer, *,
    lr, momentum=0, dampening=0, weight_decay=0, nesterov=False, maximize=False,
):  # fmt: skip
    """`reference.sgd_step` in one pass."""
    workers()
    sgd(
        param, grad, momentum_buffer, float(lr), float(momentum), float(1 - dampening), float(weight_decay),
        bool(nesterov), bool(maximize),
    )  # fmt: skip


@shared
def sgd(param, grad, buffer, lr, momentum, share, weight_decay, nesterov, maximize):
    """The loop of `sgd_step`."""
    number = param.dtype.type  # in float32, a float64 factor would widen the arithmetic
    lr, momentum, share, weight_decay = number(lr), number(momentum), number(share), number(weight_decay)
    for i in prange(param.size):
        g = -grad[i] if maximize else grad[i]
        if weight_decay != 0:
            g += weight_decay * param[i]
        if buffer is not None:
            buffer[i] = momentum * buffer[i] + share * g
            g = g + momentum * buffer[i] if nesterov else buffer[i]
        param[i] -= lr * g


@elementwise
def adam_step(
    param, grad, exp_avg, exp_avg_sq, max_exp_avg_sq=None, *,
    step, lr, beta1, beta2, eps, weight_decay=0, decoupled_weight_decay=False, maximize=False,
):  # fmt: skip
    """`reference.adam_step` in one pass."""
    shrink = 1 - lr * weight_decay if decoupled_weight_decay else 1
    step_size = lr / (1 - beta1**step)
    scale = math.sqrt(1 - beta2**step)
    weight_decay = 0 if decoupled_weight_decay else weight_decay
    workers()
    adam(
        param, grad, exp_avg, exp_avg_sq, max_exp_avg_sq, float(step_size), float(scale), float(1 - beta1),
        float(beta2), float(1 - beta2), float(eps), float(weight_decay), float(shrink), bool(maximize),
    )  # fmt: skip


@shared
def adam(
    param, grad, exp_avg, exp_avg_sq, max_exp_avg_sq, step_size, scale, share1, beta2, share2, eps,
    weight_decay, shrink, maximize,
):  # fmt: skip
    """The loop of `adam_step`."""
    number = param.dtype.type
    step_size, scale, eps, shrink = number(step_size), number(scale), number(eps), number(shrink)
    share1, beta2, share2, weight_decay = number(share1), number(beta2), number(share2), number(weight_decay)
    for i in prange(param.size):
        x = shrink * param[i]
        g = -grad[i] if maximize else grad[i]
        if weight_decay != 0:
            g += weight_decay * x
        exp_avg[i] += share1 * (g - exp_avg[i])
        exp_avg_sq[i] = beta2 * exp_avg_sq[i] + share2 * g * g
        second_moment = exp_avg_sq[i]
        if max_exp_avg_sq is not None:
            if not second_moment <= max_exp_avg_sq[i]:  # so that NaN counts as larger, as in np.maximum
                max_exp_avg_sq[i] = second_moment
            second_moment = max_exp_avg_sq[i]
        param[i] = x - step_size * exp_avg[i] / (math.sqrt(second_moment) / scale + eps)
