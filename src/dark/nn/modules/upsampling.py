"""Layers that make pictures larger, or smaller, by interpolation."""  # dark-6

from ...tensor import Tensor
from .. import functional as F
from .module import Module


class Upsample(Module):
    """Makes pictures (N, C, H, W), or sequences (N, C, L), larger or smaller.

    Either `size` says how large, or `scale_factor` how many times as large; each is one number, or one for
    each dimension. The modes are "nearest", "nearest-exact", "linear" for sequences, "bilinear" for
    pictures, and "area".
    """

    def __init__(
        self,
        size: int | tuple[int, ...] | None = None,
        scale_factor: float | tuple[float, ...] | None = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ):
        super().__init__()
        self.size = size
        self.scale_factor: float | tuple[float, ...] | None = None
        if isinstance(scale_factor, tuple):
            self.scale_factor = tuple(float(factor) for factor in scale_factor)
        elif scale_factor:
            self.scale_factor = float(scale_factor)
        self.mode = mode
        self.align_corners = align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, input: Tensor) -> Tensor:
        return F.interpolate(
            input, self.size, self.scale_factor, self.mode, self.align_corners, self.recompute_scale_factor
        )

    def extra_repr(self) -> str:
        given = "size" if self.scale_factor is None else "scale_factor"
        return f"{given}={getattr(self, given)}, mode={self.mode!r}"


class UpsamplingNearest2d(Upsample):  # beyond
    """`Upsample` of pictures by repeating pixels; the name is PyTorch's old one."""

    def __init__(
        self,
        size: int | tuple[int, int] | None = None,
        scale_factor: float | tuple[float, float] | None = None,
    ):
        super().__init__(size, scale_factor, mode="nearest")


class UpsamplingBilinear2d(Upsample):  # beyond
    """`Upsample` of pictures by mixing pixels, with corners aligned; the name is PyTorch's old one."""

    def __init__(
        self,
        size: int | tuple[int, int] | None = None,
        scale_factor: float | tuple[float, float] | None = None,
    ):
        super().__init__(size, scale_factor, mode="bilinear", align_corners=True)
