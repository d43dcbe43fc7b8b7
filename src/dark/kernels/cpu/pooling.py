"""Pooling of pictures whose channels lie side by side in memory."""

from ..reference import avg_pool2d, avg_pool2d_input, max_pool2d, max_pool2d_input, max_pool2d_picked

__all__ = ["avg_pool2d", "avg_pool2d_input", "max_pool2d", "max_pool2d_input", "max_pool2d_picked"]
