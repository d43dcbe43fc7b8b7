"""Convolution: which of the compiled algorithms computes which layer."""

import numpy as np

from .. import reference
from ..reference.windows import positions
from . import depthwise, rows, winograd
from .layout import channels_first, channels_last, compilable, new_filters, taps_first, writeable
from .products import matmul, matmul_into


def conv2d(x, weight, bias, stride, padding, dilation, groups):
    """`reference.conv2d`, its result channels-last in memory."""
    if not compilable(x, weight, bias) or 0 in (*x.shape, *weight.shape):
        return reference.conv2d(x, weight, bias, stride, padding, dilation, groups)
    if bias is None:
        bias = np.zeros(len(weight), x.dtype)
    if must_split(weight.shape, groups):
        parts = zip(np.split(x, groups, axis=1), np.split(weight, groups), np.split(bias, groups))
        return np.concatenate([conv2d(*part, stride, padding, dilation, 1) for part in parts], axis=1)

    layer = Layer(x.shape[2:], weight.shape, stride, padding, dilation)
    x, weight, bias = channels_last(x), layer.used(weight), writeable(np.ascontiguousarray(bias))
    if groups > 1:
        y = depthwise.convolved(x, weight[:, :, 0], bias, *layer.geometry, layer.places)
    elif layer.is_matrix_product:
        y = as_matrix(matmul, x, weight[0, 0])
        if bias.any():  # a pass over all numbers
            y += bias
    elif layer.suits_winograd(len(x), WEIGHTS):
        y = winograd.convolved(x, weight, bias)
    else:
        y = rows.convolved(x, weight, bias, *layer.geometry, layer.places)
    return channels_first(y)


def conv2d_input(g, weight, size, stride, padding, dilation, groups):
    """`reference.conv2d_input`, its result channels-last in memory."""
    if not compilable(g, weight) or 0 in (*g.shape, *weight.shape, *size):
        return reference.conv2d_input(g, weight, size, stride, padding, dilation, groups)
    if must_split(weight.shape, groups):
        parts = zip(np.split(g, groups, axis=1), np.split(weight, groups))
        inputs = [conv2d_input(*part, size, stride, padding, dilation, 1) for part in parts]
        return np.concatenate(inputs, axis=1)

    layer = Layer(size, weight.shape, stride, padding, dilation)
    g, weight = channels_last(g), layer.used(weight)
    if groups > 1:
        x = depthwise.input_gradient(g, weight[:, :, 0], size, *layer.geometry)
    elif layer.is_matrix_product:
        x = as_matrix(matmul, g, weight[0, 0].T)
    elif layer.suits_winograd(len(g), WEIGHTS):
        x = winograd.convolved(g, weight, np.zeros(weight.shape[2], g.dtype), turned=True)
    else:
        x = rows.input_gradient(g, weight, size, *layer.geometry)
    return channels_first(x)


def conv2d_weight(g, x, kernel, stride, padding, dilation, groups):
    """`reference.conv2d_weight`; in memory the kernel's taps come first, then C, then K."""
    if not compilable(g, x) or 0 in (*g.shape, *x.shape):
        return reference.conv2d_weight(g, x, kernel, stride, padding, dilation, groups)
    shape = (g.shape[1], x.shape[1] // groups, *kernel)
    if must_split(shape, groups):
        parts = zip(np.split(g, groups, axis=1), np.split(x, groups, axis=1))
        return np.concatenate([conv2d_weight(*part, kernel, stride, padding, dilation, 1) for part in parts])

    layer = Layer(x.shape[2:], shape, stride, padding, dilation)
    weight = new_filters(*shape[:2], kernel, x.dtype)
    if layer.kernel != kernel:
        weight[:] = 0
    used = taps_first(weight)[layer.taps]
    g, x = channels_last(g), channels_last(x)
    if groups > 1:
        used[:, :, 0] = depthwise.weight_gradient(g, x, layer.kernel, *layer.geometry)
    elif layer.is_matrix_product:
        matmul_into(used[0, 0], x.reshape(-1, x.shape[3]).T, g.reshape(-1, g.shape[3]))
    elif layer.suits_winograd(len(x), WEIGHTS_GRADIENT):
        winograd.weight_gradient(g, x, used)
    else:
        rows.weight_gradient(g, x, used, *layer.geometry)
    return weight


WEIGHTS, WEIGHTS_GRADIENT = 80, 35  # in tiles: measured


class Layer:
    """The sizes of a convolution, without those rows and columns of its kernel that only ever see padding.

    A 3×3 kernel on pictures of a single pixel, the end of many a network, becomes 1×1 like this.
    """

    def __init__(self, size, weight_shape, stride, padding, dilation):
        self.size, self.channels, self.kernels = size, weight_shape[1], weight_shape[0]
        whole = weight_shape[2:]
        self.places = positions(size, whole, stride, padding, dilation)
        taps = [seeing(*axis) for axis in zip(size, whole, stride, padding, dilation, self.places)]
        self.taps = tuple(slice(*ends) for ends in taps)
        self.kernel = tuple(last - first for first, last in taps)
        padding = tuple(p - first * d for p, (first, _), d in zip(padding, taps, dilation))
        self.geometry = (stride, padding, dilation)

    @property
    def is_matrix_product(self):
        """Whether each pixel of the result depends on one of the picture, and that in the same place."""
        return self.kernel == (1, 1) and self.geometry[:2] == ((1, 1), (0, 0))

    def suits_winograd(self, pictures, weights):
        """Whether 36 multiplications for each tile, and for the `weights`, are fewer than 9 for each pixel.

        To bring the weights to the 36 points, or back from there, takes as long as so many tiles do.
        """
        (height, width), (stride, padding, dilation) = self.size, self.geometry
        tiles = pictures * -(-height // 4) * -(-width // 4)
        fits = self.kernel == (3, 3) and stride == padding == dilation == (1, 1)
        many = min(self.channels, self.kernels) >= 16
        return fits and many and 36 * (tiles + weights) < 9 * pictures * height * width

    def used(self, weight):
        """The taps of the kernel that see something, as a contiguous array (kh, kw, C, K)."""
        return writeable(np.ascontiguousarray(taps_first(weight)[self.taps]))


def seeing(size, kernel, stride, padding, dilation, places):
    """The first tap of a row of the kernel that is ever over the picture, and one past the last such tap."""
    first = -(-(padding - (places - 1) * stride) // dilation)
    first = max(0, min(first, padding // dilation, kernel - 1))
    last = min(kernel, (size - 1 + padding) // dilation + 1)
    return first, max(last, first + 1)


def must_split(weight_shape, groups):
    """Whether the groups are computed one by one: there are several, and each has several channels."""
    kernels, channels = weight_shape[:2]
    return groups > 1 and not (channels == 1 and kernels == groups)


def as_matrix(product, x, matrix):
    """x (N, H, W, C) @ matrix (C, K), as a single product."""
    return product(x.reshape(-1, x.shape[3]), matrix).reshape(*x.shape[:3], matrix.shape[1])
