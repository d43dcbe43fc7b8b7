"""First values for the parameters of a network.

A layer adds up `fan_in` products. If its inputs have variance 1 and its weights variance 1 / fan_in, its
outputs have variance 1 again, through any number of layers; with larger weights they would explode, with
smaller ones vanish, and the gradients on their way back likewise, with `fan_out` in place of `fan_in`.
Every function changes the tensor in place and returns it.
"""

import math
import warnings

import numpy as np  # beyond

from ..autograd.modes import no_grad
from ..ops.in_place import write  # beyond
from ..random.creation import randperm  # beyond
from ..tensor import (
    Tensor,
    wrap,  # beyond
)

__all__ = [
    "calculate_gain",
    "constant_",
    "dirac_",  # beyond
    "eye_",  # beyond
    "kaiming_normal_",
    "kaiming_uniform_",
    "normal_",
    "ones_",
    "orthogonal_",  # beyond
    "sparse_",  # beyond
    "trunc_normal_",  # beyond
    "uniform_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]


@no_grad()
def uniform_(tensor, a=0.0, b=1.0, generator=None) -> Tensor:
    """Numbers uniformly distributed in [a, b)."""
    return tensor.uniform_(a, b, generator=generator)


@no_grad()
def normal_(tensor, mean=0.0, std=1.0, generator=None) -> Tensor:
    """Normally distributed numbers."""
    return tensor.normal_(mean, std, generator=generator)


@no_grad()
def trunc_normal_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None) -> Tensor:  # beyond
    """Normally distributed numbers, all of them in [a, b].

    Where most would be in there anyway, those outside are drawn again until none is left. Else numbers are
    drawn uniformly from [a, b] and each kept with a probability proportional to the normal density there.
    """
    if mean < a - 2 * std or mean > b + 2 * std:
        warnings.warn(f"trunc_normal_: mean {mean} is more than 2 std away from [{a}, {b}]", stacklevel=3)
    below = [(1 + math.erf((x - mean) / std / math.sqrt(2))) / 2 for x in (a, b)]
    like = tensor.array

    def new():
        return wrap(np.empty_like(like))

    if below[1] - below[0] > 0.3:
        result = tensor.normal_(mean, std, generator=generator).array
        low, high = result.dtype.type(a), result.dtype.type(b)
        while (outside := (result < low) | (result > high)).any():
            result = np.where(outside, new().normal_(mean, std, generator=generator).array, result)
        return write("trunc_normal_", tensor, result)

    nearest = max(a, min(mean, b))  # where in [a, b] the density is largest
    log_peak = -0.5 * ((nearest - mean) / std) ** 2
    result, pending = np.zeros_like(like), np.ones_like(like, bool)
    while pending.any():
        candidates = new().uniform_(a, b, generator=generator).array
        result = np.where(pending, candidates, result)
        log_density = ((candidates - mean) / std) ** 2 * -0.5 - log_peak
        with np.errstate(divide="ignore"):
            pending &= np.log(new().uniform_(generator=generator).array) > log_density
    return write("trunc_normal_", tensor, result)


@no_grad()
def constant_(tensor, val) -> Tensor:
    """Every element `val`."""
    return tensor.fill_(val)


@no_grad()
def ones_(tensor) -> Tensor:
    """Every element 1."""
    return tensor.fill_(1.0)


@no_grad()
def zeros_(tensor) -> Tensor:
    """Every element 0."""
    return tensor.zero_()


def eye_(tensor) -> Tensor:  # beyond
    """The identity matrix: a linear layer returns as many of its inputs as it has outputs."""
    if tensor.ndim != 2:
        raise ValueError(f"eye_: expected a tensor of 2 dimensions, got shape {tuple(tensor.shape)}")
    return write("eye_", tensor, np.eye(*tensor.shape, dtype=tensor.array.dtype))


def dirac_(tensor, groups=1) -> Tensor:  # beyond
    """A convolution's identity: 1 in the middle of the kernel that leads from a channel to itself, else 0."""
    if tensor.ndim not in (3, 4, 5):
        raise ValueError(f"dirac_: expected 3, 4 or 5 dimensions, got shape {tuple(tensor.shape)}")
    outputs, inputs, *kernel = tensor.shape
    if outputs % groups != 0:
        raise ValueError(f"dirac_: {outputs} output channels can't be divided among {groups} groups")
    weight = np.zeros(tensor.shape, tensor.array.dtype)
    channel = np.arange(min(outputs // groups, inputs))
    for group in range(groups):
        weight[(group * (outputs // groups) + channel, channel, *(n // 2 for n in kernel))] = 1
    return write("dirac_", tensor, weight)


def calculate_gain(nonlinearity, param=None) -> float:
    """The factor for the weights by which the signal has the same size after a nonlinearity as before.

    ReLU makes half of the numbers 0 and so half of the mean square: the gain is √2. A leaky one, of slope
    `param`, loses less. tanh's and SELU's are values that proved good.
    """
    if nonlinearity == "leaky_relu":
        if param is not None and (isinstance(param, bool) or not isinstance(param, (int, float))):
            raise ValueError(f"calculate_gain: the negative slope {param} is not a valid number")
        return math.sqrt(2.0 / (1 + (0.01 if param is None else param) ** 2))
    if nonlinearity not in GAINS:
        raise ValueError(f"calculate_gain: no gain is known for the nonlinearity {nonlinearity!r}")
    return GAINS[nonlinearity]


GAINS = {
    **dict.fromkeys(["linear", "conv1d", "conv2d", "conv3d"], 1),
    **dict.fromkeys(["conv_transpose1d", "conv_transpose2d", "conv_transpose3d"], 1),
    "sigmoid": 1,
    "tanh": 5 / 3,
    "relu": math.sqrt(2),
    "selu": 3 / 4,
}


def _calculate_fan_in_and_fan_out(tensor) -> tuple[int, int]:
    """How many inputs an output is computed from, and how many outputs an input goes into."""
    if tensor.ndim < 2:
        raise ValueError(f"fan in and fan out: expected 2 or more dimensions, got {tuple(tensor.shape)}")
    outputs, inputs, *kernel = tensor.shape
    return inputs * math.prod(kernel), outputs * math.prod(kernel)


def xavier_uniform_(tensor, gain=1.0, generator=None) -> Tensor:
    """Uniform numbers of variance gain² · 2 / (fan_in + fan_out): a compromise between forward and backward.

    (Glorot & Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010.)
    """
    std = gain * math.sqrt(2.0 / sum(_calculate_fan_in_and_fan_out(tensor)))
    bound = math.sqrt(3.0) * std  # the variance of numbers uniform in ±bound is bound² / 3
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor, gain=1.0, generator=None) -> Tensor:
    """Normal numbers of variance gain² · 2 / (fan_in + fan_out)."""
    return normal_(tensor, 0.0, gain * math.sqrt(2.0 / sum(_calculate_fan_in_and_fan_out(tensor))), generator)


def kaiming_uniform_(tensor, a=0, mode="fan_in", nonlinearity="leaky_relu", generator=None) -> Tensor:
    """Uniform numbers of variance gain² / fan, for a layer behind a (leaky) ReLU of negative slope `a`.

    (He et al., Delving deep into rectifiers, 2015.)
    """
    if is_empty(tensor):
        return tensor
    bound = math.sqrt(3.0) * kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(tensor, a=0, mode="fan_in", nonlinearity="leaky_relu", generator=None) -> Tensor:
    """Normal numbers of variance gain² / fan, for a layer behind a (leaky) ReLU of negative slope `a`."""
    if is_empty(tensor):
        return tensor
    return normal_(tensor, 0, kaiming_std(tensor, a, mode, nonlinearity), generator)


def kaiming_std(tensor, a, mode, nonlinearity):
    """The standard deviation that keeps the signal's size ("fan_in") or the gradient's ("fan_out")."""
    modes = ["fan_in", "fan_out"]
    if mode.lower() not in modes:
        raise ValueError(f"kaiming: mode {mode!r} is none of {modes}")
    fan = _calculate_fan_in_and_fan_out(tensor)[modes.index(mode.lower())]
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


def is_empty(tensor):
    """Whether there is nothing to fill, which is worth a warning."""
    if 0 in tensor.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=3)
    return 0 in tensor.shape


def orthogonal_(tensor, gain=1, generator=None) -> Tensor:  # beyond
    """A matrix whose rows (or columns where they are fewer) have length `gain` and are orthogonal.

    It is the Q of the QR decomposition of normally distributed numbers. Q is unique once the diagonal of
    R is positive, and then all rotations are equally likely. Dimensions after the first count as one.
    (Saxe et al., Exact solutions to the nonlinear dynamics of learning in deep linear neural networks, 2014;
    Mezzadri, How to generate random matrices from the classical compact groups, 2007.)
    """
    if tensor.ndim < 2:
        raise ValueError(f"orthogonal_: expected 2 or more dimensions, got shape {tuple(tensor.shape)}")
    if 0 in tensor.shape:
        return tensor
    rows = tensor.shape[0]
    shape = (rows, tensor.array.size // rows)
    x = wrap(np.empty(shape, tensor.array.dtype, like=tensor.array)).normal_(generator=generator).array
    wide = x.shape[0] < x.shape[1]
    q, r = np.linalg.qr(x.T if wide else x)
    q *= np.sign(np.diag(r)) * gain
    return write("orthogonal_", tensor, (q.T if wide else q).reshape(tensor.shape))


@no_grad()
def sparse_(tensor, sparsity, std=0.01, generator=None) -> Tensor:  # beyond
    """Normally distributed numbers, but in every column the part `sparsity` is 0, in rows drawn at random.

    (Martens, Deep learning via Hessian-free optimization, 2010.)
    """
    if tensor.ndim != 2:
        raise ValueError(f"sparse_: expected a tensor of 2 dimensions, got shape {tuple(tensor.shape)}")
    tensor.normal_(0, std, generator=generator)
    zeros = math.ceil(sparsity * tensor.shape[0])
    for column in range(tensor.shape[1]):
        order = randperm(tensor.shape[0], device=tensor.device)  # by the default generator, as in PyTorch
        rows = order.array[:zeros]
        write("sparse_", tensor, 0, (rows, column))
    return tensor
