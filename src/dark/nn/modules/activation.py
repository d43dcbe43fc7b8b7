"""Activations as modules: each keeps the options of the function it calls."""

from typing import Any  # beyond

from ...ops.creation import empty  # beyond
from ...tensor import Tensor
from .. import functional as F
from .. import init  # beyond
from ..parameter import Parameter  # beyond
from .module import Module


class InPlace(Module):
    """An activation that may write its result into its input."""

    def __init__(self, inplace: bool = False):
        super().__init__()
        self.inplace = inplace

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class ReLU(InPlace):
    """max(0, input), element by element; input of any shape."""

    def forward(self, input: Tensor) -> Tensor:
        return F.relu(input, self.inplace)


class LeakyReLU(Module):
    """input where it is positive, negative_slope * input elsewhere; input of any shape."""

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False):
        super().__init__()
        self.negative_slope = negative_slope
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return f"negative_slope={self.negative_slope}{', inplace=True' if self.inplace else ''}"


class PReLU(Module):  # beyond
    """input where it is positive, weight * input elsewhere: a leaky ReLU whose slope is trained.

    Shapes: input (N, C, *) and weight (C,), a slope for each channel; or input of any shape and weight (1,).
    He et al., Delving deep into rectifiers (2015).
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25, device: Any = None, dtype: Any = None):
        super().__init__()
        self.num_parameters = num_parameters
        self.init = init
        self.weight = Parameter(empty(num_parameters, device=device, dtype=dtype))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Begin with the slope that was given as `init`."""
        init.constant_(self.weight, self.init)

    def forward(self, input: Tensor) -> Tensor:
        return F.prelu(input, self.weight)

    def extra_repr(self) -> str:
        return f"num_parameters={self.num_parameters}"


class Sigmoid(Module):
    """1 / (1 + exp(-input)), from 0 to 1; input of any shape."""

    def forward(self, input: Tensor) -> Tensor:
        return F.sigmoid(input)


class Tanh(Module):
    """(exp(input) - exp(-input)) / (exp(input) + exp(-input)), from -1 to 1; input of any shape."""

    def forward(self, input: Tensor) -> Tensor:
        return F.tanh(input)


class Softmax(Module):
    """exp(input) over its sum along `dim`: positive numbers that add up to 1; input of any shape."""

    def __init__(self, dim: int | None = None):
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return F.softmax(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class LogSoftmax(Module):
    """log(Softmax(input)) along `dim`, exact where Softmax is nearly 0; input of any shape."""

    def __init__(self, dim: int | None = None):
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return F.log_softmax(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Softmax2d(Module):  # beyond
    """Softmax over the channels, at every pixel; input (N, C, H, W) or (C, H, W)."""

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim not in (3, 4):
            raise ValueError(f"Softmax2d: expected (N, C, H, W) or (C, H, W), got {tuple(input.shape)}")
        return F.softmax(input, -3)


class Softmin(Softmax):  # beyond
    """Softmax of -input along `dim`: the smallest element gets the most; input of any shape."""

    def forward(self, input: Tensor) -> Tensor:
        return F.softmin(input, self.dim)


class ELU(Module):
    """input where it is positive, alpha * (exp(input) - 1) elsewhere; input of any shape.

    Clevert et al., Fast and accurate deep network learning by exponential linear units (2016).
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False):
        super().__init__()
        self.alpha = alpha
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.elu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}{', inplace=True' if self.inplace else ''}"


class SELU(InPlace):  # beyond
    """scale * (input where it is positive, alpha * (exp(input) - 1) elsewhere); input of any shape.

    With scale 1.0507... and alpha 1.6733... the results keep mean 0 and variance 1.
    Klambauer et al., Self-normalizing neural networks (2017).
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.selu(input, self.inplace)


class CELU(Module):  # beyond
    """input where it is positive, alpha * (exp(input / alpha) - 1) elsewhere; input of any shape.

    Unlike ELU it is smooth at 0 for every alpha. Barron, Continuously differentiable exponential linear
    units (2017).
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False):
        super().__init__()
        self.alpha = alpha
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.celu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}{', inplace=True' if self.inplace else ''}"


class GELU(Module):  # beyond
    """input * P(Z < input), with Z a standard normal number; input of any shape.

    approximate="tanh" gives input * (1 + tanh(√(2/π) * (input + 0.044715 * input³))) / 2, almost the same.
    Hendrycks and Gimpel, Gaussian error linear units (2016).
    """

    def __init__(self, approximate: str = "none"):
        super().__init__()
        self.approximate = approximate

    def forward(self, input: Tensor) -> Tensor:
        return F.gelu(input, approximate=self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class SiLU(InPlace):
    """input * sigmoid(input), also known as swish; input of any shape."""

    def forward(self, input: Tensor) -> Tensor:
        return F.silu(input, self.inplace)


class Mish(InPlace):  # beyond
    """input * tanh(log(1 + exp(input))); input of any shape.

    Misra, Mish: a self regularized non-monotonic activation function (2019).
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.mish(input, self.inplace)


class Softplus(Module):
    """log(1 + exp(beta * input)) / beta, a smooth ReLU; input of any shape.

    Where beta * input is above `threshold`, the result is input.
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0):
        super().__init__()
        self.beta = beta
        self.threshold = threshold

    def forward(self, input: Tensor) -> Tensor:
        return F.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return f"beta={self.beta}, threshold={self.threshold}"


class LogSigmoid(Module):  # beyond
    """log(1 / (1 + exp(-input))), finite however small input is; input of any shape."""

    def forward(self, input: Tensor) -> Tensor:
        return F.logsigmoid(input)


class Softsign(Module):  # beyond
    """input / (1 + |input|), from -1 to 1; input of any shape."""

    def forward(self, input: Tensor) -> Tensor:
        return F.softsign(input)


class Tanhshrink(Module):  # beyond
    """input - tanh(input); input of any shape."""

    def forward(self, input: Tensor) -> Tensor:
        return F.tanhshrink(input)


class GLU(Module):  # beyond
    """a * sigmoid(b), where a and b are the two halves of the input along `dim`.

    Shapes: input (*, 2n, *) with the 2n at `dim`, result (*, n, *).
    Dauphin et al., Language modeling with gated convolutional networks (2017).
    """

    def __init__(self, dim: int = -1):
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return F.glu(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"
