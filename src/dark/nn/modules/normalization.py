"""Normalization of every example by itself, as modules."""  # dark-5

import warnings
from typing import Any

from ...ops.creation import empty
from ...tensor import Tensor
from .. import functional as F
from .. import init  # beyond
from ..parameter import Parameter
from .batch_norm import ChannelNorm, begin
from .module import Module


class GroupNorm(Module):
    """(input - mean) / √(variance + eps) * weight + bias, with a mean and a variance for every group.

    A group is `num_channels / num_groups` channels of one example, so the size of the batch does not matter.
    Input and result (N, C, *). Wu and He, Group normalization (2018).
    """

    def __init__(
        self, num_groups: int, num_channels: int, eps: float = 1e-5, affine: bool = True,
        device: Any = None, dtype: Any = None, *, bias: bool = True,
    ):  # fmt: skip
        super().__init__()
        if num_channels % num_groups:
            raise ValueError(
                f"GroupNorm: num_channels ({num_channels}) must be divisible by num_groups ({num_groups})"
            )
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        for name, wanted in (("weight", affine), ("bias", affine and bias)):
            values = Parameter(empty(num_channels, device=device, dtype=dtype)) if wanted else None
            self.register_parameter(name, values)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Begin with weight 1 and bias 0."""
        begin(self)

    def forward(self, input: Tensor) -> Tensor:
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        sizes = f"{self.num_groups}, {self.num_channels}"
        return f"{sizes}, eps={self.eps}, affine={self.affine}, bias={self.bias is not None}"


class InstanceNorm(ChannelNorm):
    """Normalizes every channel of every example by its own mean and variance.

    With `track_running_stats`, these are averaged too, and the averages normalize in evaluation. An input
    of one dimension less is an example without a batch.
    """

    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1, affine: bool = False,
        track_running_stats: bool = False, device: Any = None, dtype: Any = None, *, bias: bool = True,
    ):  # fmt: skip
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias
        )

    def forward(self, input: Tensor) -> Tensor:
        self._check_input_dim(input)
        batch = input if input.ndim == self._dimensions[-1] else input.unsqueeze(0)
        self._check_channels(batch.shape[1])
        result = F.instance_norm(
            batch, self.running_mean, self.running_var, self.weight, self.bias,
            self.training or not self.track_running_stats, self.momentum or 0.0, self.eps,
        )  # fmt: skip
        return result if batch is input else result.squeeze(0)

    def _check_channels(self, channels):
        """Raise where the channels are not `num_features`; warn where that makes no difference."""
        if channels != self.num_features:
            message = f"{type(self).__name__}: the input has {channels} channels, not {self.num_features}"
            if self.affine:
                raise ValueError(message)
            warnings.warn(message, stacklevel=2)


class InstanceNorm1d(InstanceNorm):
    """`InstanceNorm2d` of sequences (N, C, L) or (C, L)."""

    _dimensions = (2, 3)


class InstanceNorm2d(InstanceNorm):
    """(input - mean) / √(variance + eps) * weight + bias for every channel of every example by itself.

    Input (N, C, H, W) or (C, H, W). Without `affine` there is no weight and no bias. With
    `track_running_stats`, mean and variance are averaged over all batches, and these averages are used in
    evaluation. Ulyanov et al., Instance normalization (2016).
    """

    _dimensions = (3, 4)


class LayerNorm(Module):  # beyond
    """(input - mean) / √(variance + eps) * weight + bias, with mean and variance over the last dimensions.

    Shapes: input and result (*, *normalized_shape); weight and bias, which `elementwise_affine` adds,
    normalized_shape. Ba et al., Layer normalization (2016).
    """

    def __init__(
        self, normalized_shape: int | list[int] | tuple[int, ...], eps: float = 1e-5,
        elementwise_affine: bool = True, bias: bool = True, device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        super().__init__()
        shape = normalized_shape
        self.normalized_shape = (shape,) if isinstance(shape, int) else tuple(shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        for name, wanted in (("weight", elementwise_affine), ("bias", elementwise_affine and bias)):
            values = Parameter(empty(self.normalized_shape, device=device, dtype=dtype)) if wanted else None
            self.register_parameter(name, values)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Begin with weight 1 and bias 0."""
        begin(self)

    def forward(self, input: Tensor) -> Tensor:
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        affine = f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}"
        return f"{self.normalized_shape}, eps={self.eps}, {affine}"


class RMSNorm(Module):  # beyond
    """input / √(mean square + eps) * weight, with the mean over the last dimensions.

    Shapes: input and result (*, *normalized_shape); weight, which `elementwise_affine` adds,
    normalized_shape. Zhang and Sennrich, Root mean square layer normalization (2019).
    """

    def __init__(
        self, normalized_shape: int | list[int] | tuple[int, ...], eps: float | None = None,
        elementwise_affine: bool = True, device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        super().__init__()
        shape = normalized_shape
        self.normalized_shape = (shape,) if isinstance(shape, int) else tuple(shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        values = Parameter(empty(self.normalized_shape, device=device, dtype=dtype))
        self.register_parameter("weight", values if elementwise_affine else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Begin with weight 1."""
        if self.weight is not None:
            init.ones_(self.weight)

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
