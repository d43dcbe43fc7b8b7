"""Unpooling: what max pooling took goes back to where it was, among zeros."""  # beyond

import math

from ...ops.creation import zeros
from ...tensor import of_tensors


@of_tensors
def max_unpool1d(input, indices, kernel_size, stride=None, padding=0, output_size=None):
    """`max_unpool2d` along one dimension: input (N, C, L) or (C, L)."""
    return unpool("max_unpool1d", 1, input, indices, kernel_size, stride, padding, output_size)


@of_tensors
def max_unpool2d(input, indices, kernel_size, stride=None, padding=0, output_size=None):
    """A picture with the numbers of `input` (N, C, H, W) or (C, H, W) at `indices`, and zeros elsewhere.

    `indices` are those that `max_pool2d` gives with `return_indices`, of the same sizes; where several sizes
    of the picture give the same result, `output_size` says which one it was.
    """
    return unpool("max_unpool2d", 2, input, indices, kernel_size, stride, padding, output_size)


def unpool(name, dims, input, indices, kernel_size, stride, padding, output_size):
    """`max_unpool1d` and `max_unpool2d`."""
    shape = tuple(input.shape)
    if input.ndim not in (dims + 1, dims + 2):
        raise RuntimeError(f"{name}: expected an input of {dims + 1} or {dims + 2} dimensions, got {shape}")
    if indices.is_floating_point() or tuple(indices.shape) != shape:
        given = f"{indices.dtype} {tuple(indices.shape)}"
        raise RuntimeError(f"{name}: expected int64 indices of the input's shape {shape}, got {given}")
    size = whole(name, dims, shape, kernel_size, stride, padding, output_size)
    pixels = math.prod(size)
    flat = indices.flatten(-dims)
    if flat.numel() and not ((flat >= 0) & (flat < pixels)).all():
        raise RuntimeError(f"{name}: an index is not within the picture of size {size} (input {shape})")
    empty = zeros((*shape[:-dims], pixels), dtype=input.dtype, device=input.device)
    return empty.scatter(-1, flat, input.flatten(-dims)).reshape((*shape[:-dims], *size))


def whole(name, dims, shape, kernel_size, stride, padding, output_size):
    """The size of the picture before it was pooled."""
    kernel, stride, padding = (
        tuple(n) if isinstance(n, (tuple, list)) else (n,) * dims
        for n in (kernel_size, kernel_size if stride is None else stride, padding)
    )
    usual = [(n - 1) * s + k - 2 * p for n, s, k, p in zip(shape[-dims:], stride, kernel, padding)]
    if output_size is None:
        return tuple(usual)
    size = tuple(output_size)[-dims:]
    if len(output_size) not in (dims, dims + 2):
        raise ValueError(f"{name}: output_size has {dims} or {dims + 2} numbers, not {tuple(output_size)}")
    if any(not n - s < m < n + s for m, n, s in zip(size, usual, stride)):
        raise ValueError(f"{name}: output_size {size} differs from {tuple(usual)} by {stride} or more")
    return size
