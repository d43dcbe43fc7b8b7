"""Convolution on a card: which way each layer is computed.

Every layer can go by way of a matrix of windows (`im2col`). Where NVIDIA's package cuda-tile is installed,
most can do without that matrix (`tile`). Both multiply float32 numbers in TF32 where
`backends.cudnn.allow_tf32` says so, as it does by default. Nothing is added up in an order that depends on
chance: the same numbers give the same result.
"""  # dark-5

import os
import warnings
from functools import cache

import cupy

from .. import reference
from ..reference.windows import positions
from . import depthwise, im2col
from .im2col import multiplied, rows
from .launch import channels_first, channels_last

# How layers are computed: by "im2col", by "tile", or by whichever is thought to be faster, "auto". Tests set
# it here, benchmarks by a variable of the environment: DARK_CONVOLUTION=im2col.
engine = os.environ.get("DARK_CONVOLUTION", "auto")


def conv2d(x, weight, bias, stride, padding, dilation, groups):
    """`reference.conv2d`, its result channels-last in memory."""
    if not computable(x, weight, bias):
        return reference.conv2d(x, weight, bias, stride, padding, dilation, groups)
    if must_split(weight.shape, groups):
        parts = zip(cupy.split(x, groups, axis=1), cupy.split(weight, groups))
        y = joined([conv2d(*part, None, stride, padding, dilation, 1) for part in parts])
        if bias is not None:
            y += bias[:, None, None]
        return y

    places = positions(x.shape[2:], weight.shape[2:], stride, padding, dilation)
    x, weight, geometry = channels_last(x), taps_first(weight), (stride, padding, dilation)
    if groups > 1:
        y = depthwise.convolved(x, weight[:, :, 0], places, geometry)
    elif is_product(weight.shape, geometry):
        y = as_matrix(x, weight[0, 0])
    else:
        y = way(x, weight.shape, geometry).convolved(x, weight, places, geometry)
    if bias is not None:
        y += bias
    return channels_first(y)


def conv2d_input(g, weight, size, stride, padding, dilation, groups):
    """`reference.conv2d_input`, its result channels-last in memory."""
    if not computable(g, weight) or 0 in size:
        return reference.conv2d_input(g, weight, size, stride, padding, dilation, groups)
    if must_split(weight.shape, groups):
        parts = zip(cupy.split(g, groups, axis=1), cupy.split(weight, groups))
        return joined([conv2d_input(*part, size, stride, padding, dilation, 1) for part in parts])

    g, weight, geometry = channels_last(g), taps_first(weight), (stride, padding, dilation)
    if groups > 1:
        x = depthwise.input_gradient(g, weight[:, :, 0], size, geometry)
    elif is_product(weight.shape, geometry):
        x = as_matrix(g, weight[0, 0].T)
    else:
        x = way(g, weight.shape, geometry).input_gradient(g, weight, size, geometry)
    return channels_first(x)


def conv2d_weight(g, x, kernel, stride, padding, dilation, groups):
    """`reference.conv2d_weight`; in memory the kernel's taps come first, then C, then K."""
    if not computable(g, x):
        return reference.conv2d_weight(g, x, kernel, stride, padding, dilation, groups)
    if must_split((g.shape[1], x.shape[1] // groups), groups):
        parts = zip(cupy.split(g, groups, axis=1), cupy.split(x, groups, axis=1))
        weights = [conv2d_weight(*part, kernel, stride, padding, dilation, 1) for part in parts]
        return cupy.concatenate(weights)

    g, x, geometry = channels_last(g), channels_last(x), (stride, padding, dilation)
    shape = (*kernel, x.shape[3] // groups, g.shape[3])
    if groups > 1:
        weight = depthwise.weight_gradient(g, x, kernel, geometry)
    elif is_product(shape, geometry):
        weight = multiplied(rows(x).T, rows(g))
    else:
        weight = way(x, shape, geometry).weight_gradient(g, x, kernel, geometry)
    return weight.reshape(shape).transpose(3, 2, 0, 1)


def way(x, weight_shape, geometry):
    """The module that computes a layer, on pictures x or their gradient."""
    if engine not in ("auto", "im2col", "tile"):
        raise ValueError(f"convolution: engine is 'auto', 'im2col' or 'tile', not {engine!r}")
    if engine == "tile":
        from . import tile

        if not tile.can_compute(x, weight_shape, geometry):
            raise ValueError("convolution: 'tile' is for float16 or TF32, and for a stride or a dilation")
        return tile
    tile = tiles() if engine == "auto" else None
    return tile if tile and tile.pays(x, weight_shape, geometry) else im2col


@cache
def tiles():
    """The module `tile`; None where the package cuda-tile is not installed."""
    try:
        from . import tile
    except ImportError as error:
        if not isinstance(error, ModuleNotFoundError):
            warnings.warn(f"cuda-tile can't be loaded ({error}); convolutions do without it", stacklevel=4)
        return None
    return tile


def computable(*arrays):
    """Whether all arrays (None for one that is left out) are of one type of float, and none is empty."""
    given = [array for array in arrays if array is not None]
    types = {array.dtype.char for array in given}
    return types in ({"e"}, {"f"}, {"d"}) and all(array.size for array in given)


def must_split(weight_shape, groups):
    """Whether the groups are computed one by one: there are several, and each has several channels."""
    kernels, channels = weight_shape[:2]
    return groups > 1 and not (channels == 1 and kernels == groups)


def is_product(weight_shape, geometry):
    """Whether each window is the pixel at its place, so that the pictures themselves are the matrix."""
    stride, padding, _ = geometry
    return weight_shape[:2] == stride == (1, 1) and padding == (0, 0)


def as_matrix(x, matrix):
    """x (N, H, W, C) @ matrix (C, K), as a single product."""
    return multiplied(rows(x), matrix).reshape(*x.shape[:3], matrix.shape[1])


def taps_first(weight):
    """Weights (K, C, kh, kw) in the order in which they are used: the view (kh, kw, C, K)."""
    return weight.transpose(2, 3, 1, 0)


def joined(parts):
    """Pictures with the channels of all `parts`, channels-last in memory."""
    return channels_first(cupy.concatenate([part.transpose(0, 2, 3, 1) for part in parts], axis=3))
