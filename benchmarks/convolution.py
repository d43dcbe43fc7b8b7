"""Time of one convolution, 3x3 from 64 to 128 channels of 128 pictures of 32², by each of Dark's algorithms.

The second one of ResNet9 (sample 5.0). PyTorch computes it in its own way each time.
"""

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


def on_card(engine):
    """A way in which a card does it."""

    def way():
        import cupy

        from dark.kernels.gpu import convolution

        convolution.engine = engine
        x, weight, g = map(cupy.asarray, arrays())
        x, g = (a.transpose(0, 3, 1, 2) for a in (x, g))
        weight = cupy.ascontiguousarray(weight.transpose(3, 2, 0, 1))
        options = (ONE, ONE, ONE, 1)
        return (
            lambda: convolution.conv2d(x, weight, None, *options),
            lambda: convolution.conv2d_input(g, weight, (SIZE, SIZE), *options),
            lambda: convolution.conv2d_weight(g, x, (3, 3), *options),
        )

    return way


def timed(way):
    """A function that runs forward and both gradients, and says how long each took."""

    def prepare(t, place):
        if t.__name__ == "torch":
            return in_pytorch(t, place)
        forward, to_input, to_weight = way()

        def run():
            start = place.now()
            forward()
            middle = place.now()
            to_input()
            to_weight()
            return {"forward": middle - start, "gradients": place.now() - middle}

        return run

    return prepare


def in_pytorch(torch, place):
    """The same in PyTorch."""
    x = place.put(pictures(torch, N, C, SIZE, SIZE)).requires_grad_()
    weight = place.put(torch.randn(K, C, 3, 3)).requires_grad_()
    g = place.put(pictures(torch, N, K, SIZE, SIZE))

    def run():
        start = place.now()
        y = torch.conv2d(x, weight, padding=1)
        middle = place.now()
        torch.autograd.grad(y, (x, weight), g)
        return {"forward": middle - start, "gradients": place.now() - middle}

    return run


CASES = {
    "cpu": {"im2col": timed(im2col), "row windows": timed(row_windows), "Winograd": timed(winograd)},
    "cuda": {"im2col": timed(on_card("im2col")), "tile": timed(on_card("tile"))},
}

if __name__ == "__main__":
    compare(
        __file__, lambda options: CASES[options.device], devices=("cpu", "cuda"),
        without=lambda name, entrant: entrant == "dark captured",
    )  # fmt: skip
