"""Power pooling, as modules."""  # beyond

from ...tensor import Tensor
from .. import functional as F
from .module import Module


class LPPool(Module):
    """What LPPool1d and LPPool2d have in common."""

    def __init__(
        self, norm_type: float, kernel_size: int | tuple[int, ...],
        stride: int | tuple[int, ...] | None = None, ceil_mode: bool = False,
    ):  # fmt: skip
        super().__init__()
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode

    def extra_repr(self) -> str:
        return (
            f"norm_type={self.norm_type}, kernel_size={self.kernel_size}, stride={self.stride}, "
            f"ceil_mode={self.ceil_mode}"
        )


class LPPool1d(LPPool):
    """(Σ x^norm_type)^(1 / norm_type) of each window: input (N, C, L) or (C, L)."""

    def forward(self, input: Tensor) -> Tensor:
        return F.lp_pool1d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)


class LPPool2d(LPPool):
    """(Σ x^norm_type)^(1 / norm_type) of each window: input (N, C, H, W) or (C, H, W)."""

    def forward(self, input: Tensor) -> Tensor:
        return F.lp_pool2d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)
