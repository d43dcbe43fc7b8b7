"""Functions of single elements: arithmetic, comparisons, choices, activations."""  # beyond

import math

import numpy as np

from ...dtypes import as_dtype, promoted, result_type
from ..graph import Value
from ..runs import Stretched
from .registry import translates

UNARY = {
    "abs": "Abs", "acos": "Acos", "acosh": "Acosh", "asin": "Asin", "asinh": "Asinh", "atan": "Atan",
    "atanh": "Atanh", "ceil": "Ceil", "cos": "Cos", "cosh": "Cosh", "erf": "Erf", "exp": "Exp",
    "floor": "Floor", "log": "Log", "neg": "Neg", "reciprocal": "Reciprocal", "relu": "Relu",
    "sigmoid": "Sigmoid", "sign": "Sign", "sin": "Sin", "sinh": "Sinh", "sqrt": "Sqrt", "tan": "Tan",
    "tanh": "Tanh", "clone": "Identity", "ascontiguous": "Identity",
}  # fmt: skip
BINARY = {"mul": "Mul", "_div": "Div", "maximum": "Max", "minimum": "Min"}
COMPARISONS = {"eq": "Equal", "lt": "Less", "le": "LessOrEqual", "gt": "Greater", "ge": "GreaterOrEqual"}
LOGIC = {"logical_and": "And", "logical_or": "Or", "logical_xor": "Xor"}
BITWISE = {"bitwise_and": "And", "bitwise_or": "Or", "bitwise_xor": "Xor"}
BOTH = ("input", "other")  # numbers among them may follow a dynamic axis: x / len(x)


def register_all():
    """What has the same form for many operations."""
    for name, kind in UNARY.items():
        translates(name)(lambda graph, input, kind=kind: graph.node(kind, as_result(graph, input)))
    for name, kind in BINARY.items():
        translates(name, follows=BOTH)(lambda graph, input, other, kind=kind: graph.node(
            kind, as_result(graph, input), as_result(graph, other)))  # fmt: skip
    for name, kind in COMPARISONS.items():
        translates(name, follows=BOTH)(lambda graph, input, other, kind=kind: graph.node(
            kind, *of_one_type(graph, input, other)))  # fmt: skip
    for name, kind in LOGIC.items():
        translates(name)(lambda graph, input, other, kind=kind: graph.node(
            kind, graph.cast(input, bool), graph.cast(other, bool)))  # fmt: skip
    for name, kind in BITWISE.items():
        translates(name)(lambda graph, input, other, kind=kind: graph.node(
            kind if graph.result.dtype == bool else f"Bitwise{kind}",
            as_result(graph, input), as_result(graph, other)))  # fmt: skip


def as_result(graph, x):
    """x in the type of the result."""
    return graph.cast(x, graph.result.dtype)


def of_one_type(graph, *inputs):
    """The inputs in the type that Dark computes with."""
    samples = [sample(x) for x in inputs]
    dtype = promoted(samples)[0].dtype if isinstance(samples[0], np.ndarray) else result_type(*samples).numpy
    return [graph.cast(x, dtype) for x in inputs]


def sample(x):
    """The array of the first run, for the rules of types."""
    return x.array if isinstance(x, (Value, Stretched)) else x


def number(graph, x):
    """A number in the type of the result."""
    return np.asarray(x, graph.result.dtype)


register_all()


@translates("add", "sub", follows=BOTH)
def _add(graph, input, other, alpha):
    kind = graph.call.capitalize()
    other = as_result(graph, other)
    other = other if alpha == 1 else graph.Mul(other, number(graph, alpha))
    return graph.node(kind, as_result(graph, input), other)


@translates("ne", follows=BOTH)
def _ne(graph, input, other):
    return graph.Not(graph.Equal(*of_one_type(graph, input, other)))


@translates("logical_not", "bitwise_not")
def _logical_not(graph, input):
    if graph.result.dtype != bool:
        return graph.BitwiseNot(input)
    return graph.Not(graph.cast(input, bool))


@translates("isnan")
def _isnan(graph, input):
    return graph.IsNaN(input)


@translates("isinf")
def _isinf(graph, input):
    return graph.IsInf(input)


@translates("isfinite")
def _isfinite(graph, input):
    return graph.Not(graph.Or(graph.IsNaN(input), graph.IsInf(input)))


@translates("to_copy")
def _to_copy(graph, input, dtype, device, non_blocking):
    return graph.Cast(input, to=graph.code(as_dtype(dtype).numpy))


@translates("pow")
def _pow(graph, input, exponent):
    return graph.Pow(as_result(graph, input), as_result(graph, exponent))


@translates("rsqrt")
def _rsqrt(graph, input):
    return graph.Reciprocal(graph.Sqrt(as_result(graph, input)))


@translates("exp2")
def _exp2(graph, input):
    return graph.Pow(number(graph, 2), as_result(graph, input))


@translates("expm1")
def _expm1(graph, input):
    return graph.Sub(graph.Exp(as_result(graph, input)), number(graph, 1))


@translates("log1p")
def _log1p(graph, input):
    return graph.Log(graph.Add(as_result(graph, input), number(graph, 1)))


@translates("log2")
def _log2(graph, input):
    return graph.Mul(graph.Log(as_result(graph, input)), number(graph, 1 / math.log(2)))


@translates("log10")
def _log10(graph, input):
    return graph.Mul(graph.Log(as_result(graph, input)), number(graph, 1 / math.log(10)))


@translates("erfc")
def _erfc(graph, input):
    return graph.Sub(number(graph, 1), graph.Erf(as_result(graph, input)))


@translates("deg2rad")
def _deg2rad(graph, input):
    return graph.Mul(as_result(graph, input), number(graph, math.pi / 180))


@translates("rad2deg")
def _rad2deg(graph, input):
    return graph.Mul(as_result(graph, input), number(graph, 180 / math.pi))


@translates("trunc")
def _trunc(graph, input):
    return truncated(graph, input)


def truncated(graph, x):
    """x without its fraction."""
    return graph.Mul(graph.Sign(x), graph.Floor(graph.Abs(x)))


@translates("frac")
def _frac(graph, input):
    return graph.Sub(input, truncated(graph, input))


@translates("round")
def _round(graph, input, decimals):
    if not decimals:
        return graph.Round(input)
    scale = number(graph, 10.0**decimals)
    return graph.Div(graph.Round(graph.Mul(input, scale)), scale)


@translates("remainder", follows=BOTH)
def _remainder(graph, input, other):
    x, y = as_result(graph, input), as_result(graph, other)
    if graph.result.dtype.kind != "f":
        return graph.Mod(x, y)
    return graph.Sub(x, graph.Mul(graph.Floor(graph.Div(x, y)), y))


@translates("fmod")
def _fmod(graph, input, other):
    return graph.Mod(as_result(graph, input), as_result(graph, other), fmod=1)


@translates("floor_divide", follows=BOTH)
def _floor_divide(graph, input, other):
    x, y = as_result(graph, input), as_result(graph, other)
    if graph.result.dtype.kind == "f":
        return graph.Floor(graph.Div(x, y))
    return graph.Div(graph.Sub(x, graph.Mod(x, y)), y)


@translates("trunc_divide", follows=BOTH)
def _trunc_divide(graph, input, other):
    quotient = graph.Div(as_result(graph, input), as_result(graph, other))
    return truncated(graph, quotient) if graph.result.dtype.kind == "f" else quotient


@translates("addcmul")
def _addcmul(graph, input, tensor1, tensor2, value):
    scaled = graph.Mul(graph.Mul(as_result(graph, tensor1), as_result(graph, tensor2)), number(graph, value))
    return graph.Add(as_result(graph, input), scaled)


@translates("addcdiv")
def _addcdiv(graph, input, tensor1, tensor2, value):
    scaled = graph.Div(graph.Mul(as_result(graph, tensor1), number(graph, value)), as_result(graph, tensor2))
    return graph.Add(as_result(graph, input), scaled)


@translates("lerp")
def _lerp(graph, input, end, weight):
    return graph.Add(input, graph.Mul(as_result(graph, weight), graph.Sub(end, input)))


@translates("_where")
def _where(graph, condition, input, other):
    return graph.Where(condition, as_result(graph, input), as_result(graph, other))


@translates("_masked_fill")
def _masked_fill(graph, input, value, mask):
    return graph.Where(mask, as_result(graph, value), input)


@translates("clamp")
def _clamp(graph, input, min, max):
    y = as_result(graph, input)
    y = y if min is None else graph.Max(y, as_result(graph, min))
    return y if max is None else graph.Min(y, as_result(graph, max))


@translates("nan_to_num")
def _nan_to_num(graph, input, nan, posinf, neginf):
    limits = np.finfo(input.dtype)
    high = number(graph, limits.max if posinf is None else posinf)
    low = number(graph, limits.min if neginf is None else neginf)
    y = graph.Where(graph.IsNaN(input), number(graph, 0 if nan is None else nan), input)
    y = graph.Where(graph.IsInf(input, detect_negative=0), high, y)
    return graph.Where(graph.IsInf(input, detect_positive=0), low, y)


# Activations.


@translates("leaky_relu")
def _leaky_relu(graph, input, negative_slope, inplace):
    return graph.LeakyRelu(input, alpha=float(negative_slope))


@translates("prelu")
def _prelu(graph, input, weight):
    channels = 1 if len(weight.shape) == 0 else weight.shape[0]
    return graph.PRelu(input, graph.reshape(weight, (channels, *[1] * max(input.ndim - 2, 0))))


@translates("elu")
def _elu(graph, input, alpha, inplace):
    return graph.Elu(input, alpha=float(alpha))


@translates("selu")
def _selu(graph, input, inplace):
    return graph.Selu(input)


@translates("celu")
def _celu(graph, input, alpha, inplace):
    return graph.Celu(input, alpha=float(alpha))


@translates("gelu")
def _gelu(graph, input, approximate):
    if approximate == "tanh":  # 2 * sigmoid(2z) - 1 is tanh(z)
        cubic = graph.Mul(graph.Mul(graph.Mul(input, input), input), number(graph, 0.044715))
        inner = graph.Mul(graph.Add(input, cubic), number(graph, math.sqrt(2 / math.pi)))
        bell = graph.Tanh(inner)
    else:
        bell = graph.Erf(graph.Mul(input, number(graph, math.sqrt(0.5))))
    return graph.Mul(graph.Mul(input, graph.Add(bell, number(graph, 1))), number(graph, 0.5))


@translates("silu")
def _silu(graph, input, inplace):
    return graph.Mul(input, graph.Sigmoid(input))


@translates("mish")
def _mish(graph, input, inplace):
    return graph.Mul(input, graph.Tanh(graph.Softplus(input)))


@translates("softplus")
def _softplus(graph, input, beta, threshold):
    scaled = graph.Mul(input, number(graph, beta))
    smooth = graph.Div(graph.Softplus(scaled), number(graph, beta))
    return graph.Where(graph.Greater(scaled, number(graph, threshold)), input, smooth)


@translates("logsigmoid")
def _logsigmoid(graph, input):
    return graph.Neg(graph.Softplus(graph.Neg(input)))


@translates("relu6")
def _relu6(graph, input, inplace):
    return clipped(graph, input, 0, 6)


@translates("hardtanh")
def _hardtanh(graph, input, min_val, max_val, inplace):
    return clipped(graph, input, min_val, max_val)


@translates("hardsigmoid")
def _hardsigmoid(graph, input, inplace):
    return graph.Mul(clipped(graph, graph.Add(input, number(graph, 3)), 0, 6), number(graph, 1 / 6))


@translates("hardswish")
def _hardswish(graph, input, inplace):
    return graph.Mul(input, _hardsigmoid(graph, input, inplace))


def clipped(graph, x, low, high):
    """x, but no less than `low` and no more than `high`."""
    return graph.Clip(x, number(graph, low), number(graph, high))


@translates("hardshrink")
def _hardshrink(graph, input, lambd):
    small = graph.LessOrEqual(graph.Abs(input), number(graph, lambd))
    return graph.Where(small, number(graph, 0), input)


@translates("softshrink")
def _softshrink(graph, input, lambd):
    smaller = graph.Relu(graph.Sub(graph.Abs(input), number(graph, lambd)))
    return graph.Mul(graph.Sign(input), smaller)


@translates("threshold")
def _threshold(graph, input, threshold, value, inplace):
    low = graph.LessOrEqual(input, number(graph, threshold))
    return graph.Where(low, number(graph, value), input)
