"""The update rules of the optimizers on a card, each in one pass over the memory.

CuPy's own operations would read and write every array several times. Here the whole rule is applied to a
number of each array while it is in the card's registers. The operations are the reference's, in its order;
float16 is computed with in float32.

Where steps are recorded as a graph, which runs again without Python, the count of steps and the learning rate
are on the card: arrays of one number, like all options that a scheduler changes. A kernel takes them as it
takes numbers, and what follows from them is computed on the card too. They are float64 whatever the
parameters are: so nothing has to be converted, which would take a launch for each parameter.
"""  # dark-5

import math
from itertools import product  # beyond

import cupy
import numpy as np

from .launch import elementwise, in_memory_order, sum_type

# How rules begin: the gradient, turned round where its function is to grow, plus that of the weight decay.
GRADIENT = """
    Sum x = param, g = maximize ? -Sum(grad) : Sum(grad);
    if (weight_decay != 0) g += weight_decay * x;
"""


def sgd_step(
    param, grad, momentum_buffer, *,
    lr, momentum=0, dampening=0, weight_decay=0, nesterov=False, maximize=False,
):  # fmt: skip
    """`reference.sgd_step` in one pass."""
    if momentum_buffer is None:
        change(sgd, grad, (in_double(lr), weight_decay, maximize), param)
        return
    options = (in_double(lr), in_double(momentum), 1 - dampening, weight_decay, nesterov, maximize)
    change(sgd_with_momentum, grad, options, param, momentum_buffer)


sgd = elementwise(
    "T grad, float64 lr, Sum weight_decay, bool maximize", "T param",
    GRADIENT + "param = x - Sum(lr) * g;", "sgd",
)  # fmt: skip
sgd_with_momentum = elementwise(
    "T grad, float64 lr, float64 momentum, Sum share, Sum weight_decay, bool nesterov, bool maximize",
    "T param, T momentum_buffer",
    GRADIENT + """
    Sum velocity = Sum(momentum) * Sum(momentum_buffer) + share * g;
    momentum_buffer = velocity;
    param = x - Sum(lr) * (nesterov ? g + Sum(momentum) * velocity : velocity);
    """,
    "sgd_with_momentum",
)  # fmt: skip


def adam_step(
    param, grad, exp_avg, exp_avg_sq, max_exp_avg_sq=None, *,
    step, lr, beta1, beta2, eps, weight_decay=0, decoupled_weight_decay=False, maximize=False,
):  # fmt: skip
    """`reference.adam_step` in one pass."""
    decay, weight_decay = (weight_decay, 0) if decoupled_weight_decay else (0, weight_decay)
    if any(isinstance(x, cupy.ndarray) for x in (step, lr, beta1, beta2)):
        factors = tuple(cupy.empty((), sum_type(param.dtype)) for _ in range(6))
        given = map(in_double, (step, lr, beta1, beta2))
        adam_factors(*given, decay, *factors)
    else:
        factors = (
            1 - lr * decay, 1 - beta1, beta2, 1 - beta2, lr / (1 - beta1**step), math.sqrt(1 - beta2**step)
        )  # fmt: skip
    options = (*factors, eps, weight_decay, maximize)
    if max_exp_avg_sq is None:
        change(adam, grad, options, param, exp_avg, exp_avg_sq)
    else:
        change(amsgrad, grad, options, param, exp_avg, exp_avg_sq, max_exp_avg_sq)


adam_factors = elementwise(
    "float64 step, float64 lr, float64 beta1, float64 beta2, float64 decay",
    "T shrink, T share1, T keep2, T share2, T step_size, T scale",
    """
    shrink = 1 - lr * decay;
    share1 = 1 - beta1;
    keep2 = beta2;
    share2 = 1 - beta2;
    step_size = lr / (1 - pow(beta1, step));
    scale = sqrt(1 - pow(beta2, step));
    """,
    "adam_factors",
)
ADAM_OPTIONS = (
    "T grad, Sum shrink, Sum share1, Sum keep2, Sum share2, Sum step_size, Sum scale, Sum eps, "
    "Sum weight_decay, bool maximize"
)
MOMENTS = """
    Sum x = shrink * Sum(param), g = maximize ? -Sum(grad) : Sum(grad);
    if (weight_decay != 0) g += weight_decay * x;
    Sum first = exp_avg, second = exp_avg_sq;
    first += share1 * (g - first);
    second = keep2 * second + share2 * g * g;
    exp_avg = first;
    exp_avg_sq = second;
"""
LARGEST = """
    if (second <= Sum(max_exp_avg_sq)) second = max_exp_avg_sq;  // but not if one of them is NaN
    max_exp_avg_sq = second;
"""
ADAM = "param = x - step_size * first / (sqrt(second) / scale + eps);"
adam = elementwise(ADAM_OPTIONS, "T param, T exp_avg, T exp_avg_sq", MOMENTS + ADAM, "adam")
amsgrad = elementwise(
    ADAM_OPTIONS, "T param, T exp_avg, T exp_avg_sq, T max_exp_avg_sq", MOMENTS + LARGEST + ADAM, "amsgrad"
)


def rmsprop_step(  # beyond
    param, grad, square_avg, grad_avg=None, momentum_buffer=None, *,
    lr, alpha, eps, momentum=0, weight_decay=0, maximize=False,
):  # fmt: skip
    """`reference.rmsprop_step` in one pass."""
    state = [x for x in (square_avg, grad_avg, momentum_buffer) if x is not None]
    rule = RMSPROP[grad_avg is not None, momentum_buffer is not None]
    options = (in_double(lr), alpha, 1 - alpha, eps, in_double(momentum), weight_decay, maximize)
    change(rule, grad, options, param, *state)


def rmsprop_rule(centered, with_momentum):  # beyond
    """The kernel of one of the four kinds of RMSprop."""
    state = ", T grad_avg" * centered + ", T momentum_buffer" * with_momentum
    operation = GRADIENT + """
    Sum variance = alpha * Sum(square_avg) + share * g * g;
    square_avg = variance;
    """
    if centered:
        operation += """
    Sum mean = grad_avg;
    mean += share * (g - mean);
    grad_avg = mean;
    variance -= mean * mean;
    """
    operation += "Sum deviation = sqrt(variance) + eps;"
    if with_momentum:
        operation += """
    Sum velocity = Sum(momentum) * Sum(momentum_buffer) + g / deviation;
    momentum_buffer = velocity;
    param = x - Sum(lr) * velocity;
    """
    else:
        operation += "param = x - Sum(lr) * g / deviation;"
    return elementwise(
        "T grad, float64 lr, Sum alpha, Sum share, Sum eps, float64 momentum, Sum weight_decay, "
        "bool maximize",
        "T param, T square_avg" + state, operation, "rmsprop",
    )  # fmt: skip


RMSPROP = {kind: rmsprop_rule(*kind) for kind in product((False, True), repeat=2)}  # beyond


def adagrad_step(param, grad, sum, *, step, lr, lr_decay=0, eps, weight_decay=0, maximize=False):  # beyond
    """`reference.adagrad_step` in one pass."""
    lr = in_double(lr) / (1 + (in_double(step) - 1) * lr_decay)
    change(adagrad, grad, (lr, eps, weight_decay, maximize), param, sum)


adagrad = elementwise(  # beyond
    "T grad, float64 lr, Sum eps, Sum weight_decay, bool maximize",
    "T param, T sum",
    GRADIENT + """
    Sum total = Sum(sum) + g * g;
    sum = total;
    param = x - Sum(lr) * g / (sqrt(total) + eps);
    """,
    "adagrad",
)  # fmt: skip


def change(rule, grad, options, param, *state):
    """Apply a rule to a parameter and its state, in the order of the parameter's memory."""
    param, grad, *state = in_memory_order(param, grad, *state)
    rule(grad, *options, param, *state)


def in_double(option):
    """An option that is on the card, in float64; a number as it is."""
    return option.astype(np.float64, copy=False) if isinstance(option, cupy.ndarray) else option
