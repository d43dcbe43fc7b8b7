"""Batch normalization as modules, which keep the running statistics."""  # dark-5

from typing import Any

from ... import dtypes
from ...ops.creation import empty, ones, zeros
from ...tensor import Tensor
from .. import functional as F
from .. import init
from ..parameter import Parameter
from .module import Module


class ChannelNorm(Module):
    """What layers that normalize channels have: weight and bias, running statistics, how these move."""

    _dimensions: tuple[int, ...]  # how many an input may have

    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1, affine: bool = True,
        track_running_stats: bool = True, device: Any = None, dtype: Any = None, *, bias: bool = True,
    ):  # fmt: skip
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        options = {"device": device, "dtype": dtype}
        for name, wanted in (("weight", affine), ("bias", affine and bias)):
            self.register_parameter(name, Parameter(empty(num_features, **options)) if wanted else None)
        if track_running_stats:
            self.register_buffer("running_mean", zeros(num_features, **options))
            self.register_buffer("running_var", ones(num_features, **options))
            self.register_buffer("num_batches_tracked", zeros((), dtype=dtypes.int64, device=device))
        else:
            for name in ("running_mean", "running_var", "num_batches_tracked"):
                self.register_buffer(name, None)
        self.reset_parameters()

    def reset_running_stats(self) -> None:
        """Forget all batches: mean 0 and variance 1."""
        if self.track_running_stats:
            self.running_mean.zero_()
            self.running_var.fill_(1)
            self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """Begin with weight 1, bias 0, and no batch seen."""
        self.reset_running_stats()
        begin(self)

    def _check_input_dim(self, input: Tensor) -> None:
        """Raise where the input has not one of the expected numbers of dimensions."""
        if input.ndim not in self._dimensions:
            expected = " or ".join(f"{n}D" for n in self._dimensions)
            name, shape = type(self).__name__, tuple(input.shape)
            raise ValueError(f"{name}: expected {expected} input (got {input.ndim}D input of shape {shape})")

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )


def begin(layer):
    """Set a layer's weight to 1 and its bias to 0, if it has them."""
    if layer.weight is not None:
        init.ones_(layer.weight)
    if layer.bias is not None:
        init.zeros_(layer.bias)


class BatchNorm(ChannelNorm):
    """Normalizes by the batch in training, by running statistics in evaluation: the mode is `training`.

    Whether parameters require a gradient does not matter to it.
    """

    def forward(self, input: Tensor) -> Tensor:
        self._check_input_dim(input)
        tracking = self.training and self.track_running_stats
        momentum = 0.0 if self.momentum is None else self.momentum
        if tracking and self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:
                momentum = 1 / int(self.num_batches_tracked)
        running = tracking or not self.training
        return F.batch_norm(
            input, self.running_mean if running else None, self.running_var if running else None,
            self.weight, self.bias, self.training or self.running_mean is None, momentum, self.eps,
        )  # fmt: skip


class BatchNorm1d(BatchNorm):
    """`BatchNorm2d` of vectors (N, C), or of sequences (N, C, L)."""

    _dimensions = (2, 3)


class BatchNorm2d(BatchNorm):
    """(input - mean) / √(variance + eps) * weight + bias, with a mean and a variance for every channel.

    Input (N, C, H, W). In training they are those of the batch, and `running_mean` and `running_var` move
    towards them, by `momentum` of the way; with None, they are the plain mean over all batches so far. In
    evaluation the running ones are used, or the batch's where none are tracked.
    Ioffe and Szegedy, Batch normalization (2015).
    """

    _dimensions = (4,)
