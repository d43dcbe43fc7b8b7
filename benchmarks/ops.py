"""Time of single layers, forward and backward, over the shapes that networks for pictures have.

Each framework gets its pictures as its own networks keep them: PyTorch's with the channels first in memory,
Dark's with the channels last.
"""

import numpy as np
from turns import compare


def pictures(t, *shape):
    """Random pictures (N, C, H, W), in the order in memory that the framework's layers return."""
    n, c, h, w = shape
    x = t.from_numpy(np.random.default_rng(0).standard_normal((n, h, w, c), np.float32)).permute(0, 3, 1, 2)
    return x.contiguous() if t.__name__ == "torch" else x


def from_a_layer(t, x):
    """x as if a layer had made it: its gradient is computed, and nobody keeps it."""

    class Layer(t.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.detach()

        @staticmethod
        def backward(ctx, g):
            return None

    return Layer.apply(x.requires_grad_())


def timed(t, place, layer, shape, input_gradient=True):
    """A function that runs a layer forward and backward, and says how long each took."""
    t.manual_seed(0)
    layer, given = place.put(layer(t)), place.put(pictures(t, *shape))
    g = place.put(pictures(t, *layer(given).shape))

    def run():
        x = from_a_layer(t, given) if input_gradient else given
        for param in layer.parameters():
            param.grad = None
        start = place.now()
        y = layer(x)
        middle = place.now()
        y.backward(g)
        end = place.now()
        return {"forward": middle - start, "backward": end - middle, "both": end - start}

    return run


def convolution(n, c, size, k, kernel=3, stride=1, first=False, groups=1):
    """A convolution with the padding that keeps the size, or halves it with stride 2."""
    padding = (kernel - 1) // 2

    def layer(t):
        return t.nn.Conv2d(c, k, kernel, stride, padding, groups=groups)

    step = f", stride {stride}" if stride > 1 else ""
    kind = "depthwise " if groups > 1 else ""
    name = f"{kind}{kernel}x{kernel}{step}, {n} x {c} x {size}² to {k}"
    return {name: lambda t, place: timed(t, place, layer, (n, c, size, size), not first)}


def transposed(n, c, size, k, kernel=4, stride=2, padding=1, first=False):
    """A transposed convolution that doubles the size, or, with padding 0, grows a single pixel."""

    def layer(t):
        return t.nn.ConvTranspose2d(c, k, kernel, stride, padding, bias=kernel == 2)

    step = f", stride {stride}" if stride > 1 else ""
    name = f"transposed {kernel}x{kernel}{step}, {n} x {c} x {size}² to {k}"
    return {name: lambda t, place: timed(t, place, layer, (n, c, size, size), not first)}


def generator(n, width):
    """The transposed convolutions of a generator of pictures 64×64."""
    cases = transposed(n, 100, 1, 8 * width, stride=1, padding=0, first=True)
    for size, factor in ((4, 8), (8, 4), (16, 2)):
        cases |= transposed(n, factor * width, size, factor // 2 * width)
    return cases | transposed(n, width, 32, 3)


def discriminator(n, width):
    """The convolutions of a discriminator of pictures 64×64 that have more than 3 channels."""
    cases = {}
    for size, factor in ((32, 1), (16, 2), (8, 4)):
        cases |= convolution(n, factor * width, size, 2 * factor * width, 4, 2)
    return cases


def other(name, layer, *shape):
    """A layer without a kernel to choose."""
    n, c, size = shape
    return {f"{name}, {n} x {c} x {size}²": lambda t, place: timed(t, place, layer, (n, c, size, size))}


def batch_norm(n, c, size):
    return other("BatchNorm2d", lambda t: t.nn.BatchNorm2d(c), n, c, size)


def relu(n, c, size):
    return other("ReLU", lambda t: t.nn.ReLU(), n, c, size)


def leaky_relu(n, c, size):
    return other("LeakyReLU", lambda t: t.nn.LeakyReLU(0.2), n, c, size)


def upsample(mode, n, c, size):
    return other(f"Upsample 2, {mode}", lambda t: t.nn.Upsample(scale_factor=2, mode=mode), n, c, size)


def max_pool(kernel, n, c, size, stride=None, padding=0):
    name = f"MaxPool2d {kernel}" + (f", stride {stride}" if stride else "")
    return other(name, lambda t: t.nn.MaxPool2d(kernel, stride, padding), n, c, size)


CASES = {
    # ResNet9, batch 128
    **convolution(128, 3, 32, 64, first=True),
    **convolution(128, 64, 32, 128),
    **convolution(128, 128, 8, 128),
    **convolution(128, 128, 8, 256),
    **convolution(128, 256, 4, 512),
    **convolution(128, 512, 1, 512),
    # ResNet18 at 96×96, batch 32
    **convolution(32, 3, 96, 64, 7, 2, first=True),
    **convolution(32, 64, 24, 64),
    **convolution(32, 64, 24, 128, stride=2),
    **convolution(32, 64, 24, 128, 1, 2),
    **convolution(32, 128, 12, 128),
    **convolution(32, 128, 12, 256, stride=2),
    **convolution(32, 256, 6, 256),
    **convolution(32, 512, 3, 512),
    # UNet at 64×64, batch 16
    **convolution(16, 3, 64, 32, first=True),
    **convolution(16, 32, 64, 32),
    **convolution(16, 64, 32, 64),
    **convolution(16, 128, 16, 128),
    **convolution(16, 256, 8, 256),
    **convolution(16, 512, 4, 512),
    **convolution(16, 32, 64, 1, 1),
    # a detector of faces, batch 16
    **convolution(16, 24, 64, 24, 5),
    **convolution(16, 24, 64, 48, 5, 2),
    **convolution(16, 48, 32, 48, 5),
    **convolution(16, 96, 16, 96, 5),
    **convolution(16, 96, 8, 96, 5),
    **convolution(16, 96, 4, 96, 5),
    **convolution(16, 96, 8, 96, 1),
    **convolution(16, 48, 32, 48, 5, groups=48),
    **transposed(16, 512, 4, 256, 2, padding=0),
    **transposed(16, 256, 8, 128, 2, padding=0),
    **transposed(16, 128, 16, 64, 2, padding=0),
    **transposed(16, 64, 32, 32, 2, padding=0),
    # a discriminator, batch 64 and 32; the last one is half as wide
    **convolution(64, 3, 64, 64, 4, 2, first=True),
    **discriminator(64, 64),
    **discriminator(32, 64),
    **convolution(32, 3, 64, 32, 4, 2),  # its gradient leads on to the generator
    **discriminator(32, 32),
    # a generator likewise, and one of a quarter of the width
    **generator(64, 64),
    **generator(32, 64),
    **generator(32, 32),
    **generator(32, 16),
    # what stands between convolutions
    **batch_norm(128, 128, 32),
    **batch_norm(128, 64, 32),
    **batch_norm(32, 64, 24),
    **batch_norm(8, 64, 32),
    **relu(128, 64, 32),
    **relu(32, 64, 24),
    **relu(8, 64, 32),
    **leaky_relu(32, 32, 32),
    **leaky_relu(64, 64, 32),
    **upsample("nearest", 16, 64, 32),
    **upsample("nearest", 16, 256, 8),
    **upsample("bilinear", 16, 64, 32),
    **upsample("bilinear", 16, 256, 8),
    **max_pool(2, 128, 128, 32),
    **max_pool(4, 128, 128, 32),
    **max_pool(2, 32, 64, 24),
    **max_pool(3, 32, 64, 48, 2, 1),
    **max_pool(2, 8, 64, 32),
}

if __name__ == "__main__":
    compare(
        __file__, lambda options: CASES, devices=("cpu", "cuda"),
        without=lambda name, entrant: entrant == "dark captured",
    )  # fmt: skip
