"""Layers that change the shape and nothing else: Identity, Flatten, Unflatten."""

from __future__ import annotations

from typing import Any

from ...tensor import Tensor
from .module import Module


class Identity(Module):
    """Gives back its input; whatever it is made with is ignored."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__()

    def forward(self, input: Tensor) -> Tensor:
        return input


class Flatten(Module):
    """Makes one dimension of those from `start_dim` to `end_dim`: (N, C, H, W) becomes (N, C·H·W)."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1):
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, input: Tensor) -> Tensor:
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):  # beyond
    """Makes several dimensions, of lengths `unflattened_size`, of dimension `dim`; one length may be -1.

    With dim 1 and lengths (C, H, W), (N, C·H·W) becomes (N, C, H, W).
    """

    def __init__(self, dim: int, unflattened_size: tuple[int, ...] | list[int]):
        super().__init__()
        if not isinstance(dim, int):
            raise TypeError(f"Unflatten: dim is a number, not {type(dim).__name__}")
        sizes = unflattened_size
        if not isinstance(sizes, (tuple, list)) or not all(isinstance(n, int) for n in sizes):
            raise TypeError(f"Unflatten: unflattened_size is a tuple of numbers, not {unflattened_size!r}")
        self.dim = dim
        self.unflattened_size = unflattened_size

    def forward(self, input: Tensor) -> Tensor:
        return input.unflatten(self.dim, self.unflattened_size)

    def extra_repr(self) -> str:
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
