"""Padding as modules: more lines around an input, of one value or repeated from within."""  # beyond

from __future__ import annotations

from ...tensor import Tensor
from .. import functional as F
from .module import Module


class Pad(Module):
    """What the padding modules share: the last `_dimensions` dimensions get lines at both ends.

    `padding` is one number for all ends, or a tuple of two for each dimension, the last one first: (left,
    right, top, bottom, front, back). A negative number takes lines away.
    """

    _dimensions: int
    _mode: str

    def __init__(self, padding: int | tuple[int, ...]):
        super().__init__()
        self.padding = (padding,) * (2 * self._dimensions) if isinstance(padding, int) else tuple(padding)

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, self._mode)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class ConstantPad(Pad):
    """Lines of one value."""

    _mode = "constant"

    def __init__(self, padding: int | tuple[int, ...], value: float):
        super().__init__(padding)
        self.value = value

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, self._mode, self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


class ConstantPad1d(ConstantPad):
    """Lines of `value` before and behind the last dimension."""

    _dimensions = 1


class ConstantPad2d(ConstantPad):
    """Lines of `value` around the last two dimensions."""

    _dimensions = 2


class ConstantPad3d(ConstantPad):
    """Planes of `value` around the last three dimensions."""

    _dimensions = 3


class ZeroPad1d(ConstantPad1d):
    """Zeros before and behind the last dimension."""

    def __init__(self, padding: int | tuple[int, int]):
        super().__init__(padding, 0.0)

    extra_repr = Pad.extra_repr


class ZeroPad2d(ConstantPad2d):
    """Zeros around the last two dimensions."""

    def __init__(self, padding: int | tuple[int, int, int, int]):
        super().__init__(padding, 0.0)

    extra_repr = Pad.extra_repr


class ZeroPad3d(ConstantPad3d):
    """Zeros around the last three dimensions."""

    def __init__(self, padding: int | tuple[int, int, int, int, int, int]):
        super().__init__(padding, 0.0)

    extra_repr = Pad.extra_repr


class ReflectionPad1d(Pad):
    """The lines next to the first and the last one, mirrored; input (N, C, L) or (C, L)."""

    _dimensions, _mode = 1, "reflect"


class ReflectionPad2d(Pad):
    """The lines next to the outermost ones, mirrored; input (N, C, H, W) or (C, H, W)."""

    _dimensions, _mode = 2, "reflect"


class ReflectionPad3d(Pad):
    """The planes next to the outermost ones, mirrored; input (N, C, D, H, W) or (C, D, H, W)."""

    _dimensions, _mode = 3, "reflect"


class ReplicationPad1d(Pad):
    """The first and the last element, repeated; input (N, C, L) or (C, L)."""

    _dimensions, _mode = 1, "replicate"


class ReplicationPad2d(Pad):
    """The outermost lines, repeated; input (N, C, H, W) or (C, H, W)."""

    _dimensions, _mode = 2, "replicate"


class ReplicationPad3d(Pad):
    """The outermost planes, repeated; input (N, C, D, H, W) or (C, D, H, W)."""

    _dimensions, _mode = 3, "replicate"


class CircularPad(Pad):
    """The lines of the opposite end, as if the input went on there."""

    _mode = "circular"

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim not in (self._dimensions + 1, self._dimensions + 2):
            dimensions = f"{self._dimensions + 1} or {self._dimensions + 2} dimensions"
            raise ValueError(f"{type(self).__name__}: expected {dimensions}, got shape {tuple(input.shape)}")
        return super().forward(input)


class CircularPad1d(CircularPad):
    """The elements of the opposite end; input (N, C, L) or (C, L)."""

    _dimensions = 1


class CircularPad2d(CircularPad):
    """The lines of the opposite side; input (N, C, H, W) or (C, H, W)."""

    _dimensions = 2


class CircularPad3d(CircularPad):
    """The planes of the opposite side; input (N, C, D, H, W) or (C, D, H, W)."""

    _dimensions = 3
