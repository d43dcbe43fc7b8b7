"""The update rules of the optimizers: each changes a parameter, and what is remembered about it, in place.

All arrays of one call have the parameter's shape; `grad` is read only. Options are Python numbers, named
as in `dark.optim`. The order of the operations is PyTorch's.
"""  # dark-3

import math

import numpy as np


def sgd_step(
    param, grad, momentum_buffer, *,
    lr, momentum=0, dampening=0, weight_decay=0, nesterov=False, maximize=False,
):  # fmt: skip
    """Gradient descent; `momentum_buffer` is None without momentum."""
    grad = towards_minimum(param, grad, weight_decay, maximize)
    if momentum_buffer is not None:
        momentum_buffer *= momentum
        momentum_buffer += grad if dampening == 0 else (1 - dampening) * grad
        grad = grad + momentum * momentum_buffer if nesterov else momentum_buffer
    param -= lr * grad


def adam_step(
    param, grad, exp_avg, exp_avg_sq, max_exp_avg_sq=None, *,
    step, lr, beta1, beta2, eps, weight_decay=0, decoupled_weight_decay=False, maximize=False,
):  # fmt: skip
    """Adam, AdamW with `decoupled_weight_decay`, AMSGrad with `max_exp_avg_sq`; `step` is 1 at first."""
    if decoupled_weight_decay:
        param *= 1 - lr * weight_decay
        weight_decay = 0
    grad = towards_minimum(param, grad, weight_decay, maximize)

    exp_avg += (1 - beta1) * (grad - exp_avg)
    exp_avg_sq *= beta2
    exp_avg_sq += (1 - beta2) * grad * grad
    second_moment = exp_avg_sq
    if max_exp_avg_sq is not None:
        np.maximum(max_exp_avg_sq, exp_avg_sq, out=max_exp_avg_sq)
        second_moment = max_exp_avg_sq

    step_size = lr / (1 - beta1**step)
    scale = math.sqrt(1 - beta2**step)
    param -= step_size * exp_avg / (np.sqrt(second_moment) / scale + eps)


def rmsprop_step(  # beyond
    param, grad, square_avg, grad_avg=None, momentum_buffer=None, *,
    lr, alpha, eps, momentum=0, weight_decay=0, maximize=False,
):  # fmt: skip
    """RMSprop; centered with `grad_avg`, with momentum where there is a `momentum_buffer`."""
    grad = towards_minimum(param, grad, weight_decay, maximize)

    square_avg *= alpha
    square_avg += (1 - alpha) * grad * grad
    variance = square_avg
    if grad_avg is not None:
        grad_avg += (1 - alpha) * (grad - grad_avg)
        variance = square_avg - grad_avg * grad_avg
    deviation = np.sqrt(variance) + eps

    if momentum_buffer is not None:
        momentum_buffer *= momentum
        momentum_buffer += grad / deviation
        param -= lr * momentum_buffer
    else:
        param -= lr * grad / deviation


def adagrad_step(param, grad, sum, *, step, lr, lr_decay=0, eps, weight_decay=0, maximize=False):  # beyond
    """Adagrad; `step` is 1 at first."""
    grad = towards_minimum(param, grad, weight_decay, maximize)
    sum += grad * grad
    param -= lr / (1 + (step - 1) * lr_decay) * grad / (np.sqrt(sum) + eps)


def towards_minimum(param, grad, weight_decay, maximize):
    """The gradient, turned round where its function is to grow, plus that of the weight decay."""
    if maximize:
        grad = -grad
    return grad + weight_decay * param if weight_decay else grad
