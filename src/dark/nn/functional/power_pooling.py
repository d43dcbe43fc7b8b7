"""Power pooling: of every window the norm of its pixels, between their sum and the largest one."""  # beyond

import math

from .pooling import avg_pool1d, avg_pool2d, max_pool1d, max_pool2d


def lp_pool1d(input, norm_type, kernel_size, stride=None, ceil_mode=False):
    """`lp_pool2d` along one dimension: input (N, C, L) or (C, L)."""
    (pixels,) = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size,)
    return norms(input, norm_type, kernel_size, stride, ceil_mode, max_pool1d, avg_pool1d, pixels)


def lp_pool2d(input, norm_type, kernel_size, stride=None, ceil_mode=False):
    """(Σ pixel^norm_type)^(1 / norm_type) of each window of input (N, C, H, W) or (C, H, W)."""
    pixels = math.prod(kernel_size) if isinstance(kernel_size, (tuple, list)) else kernel_size**2
    return norms(input, norm_type, kernel_size, stride, ceil_mode, max_pool2d, avg_pool2d, pixels)


def norms(input, p, kernel_size, stride, ceil_mode, max_pool, avg_pool, pixels):
    """`lp_pool1d` and `lp_pool2d`."""
    if p == math.inf:
        return max_pool(input.abs(), kernel_size, stride, 0, 1, ceil_mode)
    if p == -math.inf:
        return -max_pool(-input.abs(), kernel_size, stride, 0, 1, ceil_mode)
    means = avg_pool(input.pow(p), kernel_size, stride, 0, ceil_mode)
    return (means.sign() * means.abs().relu() * pixels).pow(1 / p)
