"""Time of one convolution, 3x3 from 64 to 128 channels of 128 pictures of 32², by each of Dark's algorithms.

The second one of ResNet9 (sample 5.0). PyTorch computes it in its own way each time.
"""

import time

import numpy as np
from ops import pictures
from turns import compare

N, C, SIZE, K = 128, 64, 32, 128
ONE = (1, 1)  # stride, padding and dilation


def arrays():
    """Pictures, weights and the result's gradient, in the order of memory that the compiled kernels want."""
    rng = np.random.default_rng(0)
    shapes = (N, SIZE, SIZE, C), (3, 3, C, K), (N, SIZE, SIZE, K)
    return (rng.standard_normal(shape, np.float32) for shape in shapes)


def im2col():
    """The reference: NumPy, on rows of channels as the lesson explains it."""
    from dark.kernels import reference

    x, weight, g = arrays()
    x, g = (np.ascontiguousarray(a.transpose(0, 3, 1, 2)) for a in (x, g))
    weight = np.ascontiguousarray(weight.transpose(3, 2, 0, 1))
    options = (ONE, ONE, ONE, 1)
    return (
        lambda: reference.conv2d(x, weight, None, *options),
        lambda: reference.conv2d_input(g, weight, (SIZE, SIZE), *options),
        lambda: reference.conv2d_weight(g, x, (3, 3), *options),
    )


def row_windows():
    """Row windows, compiled."""
    from dark.kernels.cpu import rows

    (x, weight, g), bias = arrays(), np.zeros(K, np.float32)
    return (
        lambda: rows.convolved(x, weight, bias, ONE, ONE, ONE, (SIZE, SIZE)),
        lambda: rows.input_gradient(g, weight, (SIZE, SIZE), ONE, ONE, ONE),
        lambda: rows.weight_gradient(g, x, np.empty_like(weight), ONE, ONE, ONE),
    )


def winograd():
    """Winograd's algorithm, compiled."""
    from dark.kernels.cpu import winograd

    (x, weight, g), bias = arrays(), np.zeros(K, np.float32)
    return (
        lambda: winograd.convolved(x, weight, bias),
        lambda: winograd.convolved(g, weight, np.zeros(C, np.float32), turned=True),
        lambda: winograd.weight_gradient(g, x, np.empty_like(weight)),
    )


def timed(way):
    """A function that runs forward and both gradients, and says how long each took."""

    def prepare(t):
        if t.__name__ == "torch":
            return in_pytorch(t)
        forward, to_input, to_weight = way()

        def run():
            start = time.perf_counter()
            forward()
            middle = time.perf_counter()
            to_input()
            to_weight()
            return {"forward": middle - start, "gradients": time.perf_counter() - middle}

        return run

    return prepare


def in_pytorch(torch):
    """The same in PyTorch."""
    x = pictures(torch, N, C, SIZE, SIZE).requires_grad_()
    weight = torch.randn(K, C, 3, 3, requires_grad=True)
    g = pictures(torch, N, K, SIZE, SIZE)

    def run():
        start = time.perf_counter()
        y = torch.conv2d(x, weight, padding=1)
        middle = time.perf_counter()
        torch.autograd.grad(y, (x, weight), g)
        return {"forward": middle - start, "gradients": time.perf_counter() - middle}

    return run


CASES = {"im2col": timed(im2col), "row windows": timed(row_windows), "Winograd": timed(winograd)}

if __name__ == "__main__":
    compare(__file__, CASES)
