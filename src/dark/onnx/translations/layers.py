"""Linear maps, products of matrices, and normalizations."""  # beyond

import math

import numpy as np

from ..graph import Value
from .elementwise import as_result, number
from .reductions import reduced
from .registry import translates


@translates("matmul")
def _matmul(graph, input, other):
    return graph.MatMul(as_result(graph, input), as_result(graph, other))


@translates("linear")
def _linear(graph, input, weight, bias):
    if input.ndim == 2 and (bias is None or len(bias.shape) == 1):
        return graph.Gemm(input, weight, bias, transB=1)
    y = graph.MatMul(input, graph.Transpose(weight, perm=[1, 0]))
    return y if bias is None else graph.Add(y, bias)


@translates("_batch_norm", follows=("mean", "var"))
def _batch_norm(graph, input, mean, var, weight, bias, eps, training):
    channels = input.shape[1]
    if training:  # with the statistics of this batch, which are computed here again
        dims = [0, *range(2, input.ndim)]
        return scaled(graph, normalized(graph, input, dims, eps), weight, bias, input.ndim)
    if not isinstance(mean, (Value, np.ndarray)) or not isinstance(var, (Value, np.ndarray)):
        raise ValueError("its mean and variance are not the same for other inputs")
    ones, zeros = np.ones(channels, input.dtype), np.zeros(channels, input.dtype)
    weight, bias = ones if weight is None else weight, zeros if bias is None else bias
    return graph.BatchNormalization(input, weight, bias, mean, var, epsilon=float(eps))


@translates("layer_norm")
def _layer_norm(graph, input, normalized_shape, weight, bias, eps):
    count = 1 if isinstance(normalized_shape, int) else len(normalized_shape)
    if weight is None:
        weight = np.ones(input.shape[-count:], input.dtype)
    return graph.LayerNormalization(input, weight, bias, axis=-count, epsilon=float(eps))


@translates("rms_norm")
def _rms_norm(graph, input, normalized_shape, weight, eps):
    count = len(normalized_shape)
    eps = float(np.finfo(input.dtype).eps) if eps is None else eps
    mean = reduced(graph, "ReduceMean", graph.Mul(input, input), range(-count, 0), True)
    y = graph.Div(input, graph.Sqrt(graph.Add(mean, number(graph, eps))))
    return y if weight is None else graph.Mul(y, weight)


@translates("_group_norm")
def _group_norm(graph, input, weight, bias, num_groups, eps):
    groups = graph.Reshape(input, graph.ints([0, num_groups, -1]))
    normal = graph.Reshape(normalized(graph, groups, [2], eps), graph.Shape(input))
    return scaled(graph, normal, weight, bias, input.ndim)


def normalized(graph, x, dims, eps):
    """x with mean 0 and variance 1 over dimensions."""
    centred = graph.Sub(x, reduced(graph, "ReduceMean", x, dims, True))
    variance = reduced(graph, "ReduceMean", graph.Mul(centred, centred), dims, True)
    return graph.Div(centred, graph.Sqrt(graph.Add(variance, number(graph, eps))))


def scaled(graph, x, weight, bias, ndim):
    """x times a weight, plus a bias, of every channel."""
    channels = (-1, *[1] * (ndim - 2))
    x = x if weight is None else graph.Mul(x, graph.reshape(weight, channels))
    return x if bias is None else graph.Add(x, graph.reshape(bias, channels))


@translates("squared_error")
def _squared_error(graph, input, target):
    difference = graph.Sub(as_result(graph, input), as_result(graph, target))
    return graph.Mul(difference, difference)


@translates("hypot")
def _hypot(graph, input, other):
    x, y = as_result(graph, input), as_result(graph, other)
    return graph.Sqrt(graph.Add(graph.Mul(x, x), graph.Mul(y, y)))


@translates("logaddexp")
def _logaddexp(graph, input, other):
    x, y = as_result(graph, input), as_result(graph, other)
    return graph.Add(x, graph.Softplus(graph.Sub(y, x)))


@translates("logit")
def _logit(graph, input, eps):
    x = as_result(graph, input)
    x = x if eps is None else graph.Clip(x, number(graph, eps), number(graph, 1 - eps))
    return graph.Log(graph.Div(x, graph.Sub(number(graph, 1), x)))


@translates("atan2")
def _atan2(graph, input, other):
    """From atan, which knows of no signs: half of the circle is added where x < 0."""
    y, x = as_result(graph, input), as_result(graph, other)
    zero, half, right = number(graph, 0), number(graph, math.pi), number(graph, math.pi / 2)
    turned = graph.Where(graph.Less(y, zero), graph.Neg(half), half)
    there = graph.Add(graph.Atan(graph.Div(y, x)), graph.Where(graph.Less(x, zero), turned, zero))
    return graph.Where(graph.Equal(x, zero), graph.Mul(graph.Sign(y), right), there)
