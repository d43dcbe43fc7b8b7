"""NumPy's own functions on tensors: `np.exp(tensor)` is `dark.exp(tensor)`.

So the formulas in these files, written with NumPy's names, run on tensors as well as on arrays, and
their results can be differentiated again.
"""

import numpy as np

from ..tensor import Tensor

OURS = {
    np.add: "add", np.subtract: "sub", np.multiply: "mul", np.true_divide: "true_divide", np.negative: "neg",
    np.floor_divide: "floor_divide", np.remainder: "remainder", np.power: "pow", np.matmul: "matmul",
    np.maximum: "maximum", np.minimum: "minimum", np.where: "where", np.clip: "clamp",
    np.equal: "eq", np.not_equal: "ne", np.less: "lt", np.less_equal: "le",
    np.greater: "gt", np.greater_equal: "ge",
    np.logical_and: "logical_and", np.logical_or: "logical_or", np.logical_not: "logical_not",
    np.logical_xor: "logical_xor", np.invert: "bitwise_not",
    np.bitwise_and: "bitwise_and", np.bitwise_or: "bitwise_or", np.bitwise_xor: "bitwise_xor",
    np.abs: "abs", np.sign: "sign", np.exp: "exp", np.expm1: "expm1", np.log: "log", np.log1p: "log1p",
    np.sqrt: "sqrt", np.square: "square", np.reciprocal: "reciprocal", np.positive: "positive",
    np.log2: "log2", np.exp2: "exp2", np.log10: "log10", np.logaddexp: "logaddexp",  # beyond
    np.floor: "floor", np.ceil: "ceil", np.round: "round", np.trunc: "trunc",
    np.fmod: "fmod", np.hypot: "hypot", np.nan_to_num: "nan_to_num",  # beyond
    np.copysign: "copysign", np.fmax: "fmax", np.fmin: "fmin", np.logaddexp2: "logaddexp2",  # beyond
    np.sin: "sin", np.cos: "cos", np.tan: "tan", np.tanh: "tanh",
    np.arcsin: "asin", np.arccos: "acos", np.arctan: "atan", np.arctan2: "atan2",  # beyond
    np.sinh: "sinh", np.cosh: "cosh", np.arcsinh: "asinh", np.arccosh: "acosh", np.arctanh: "atanh",  # beyond
    np.deg2rad: "deg2rad", np.rad2deg: "rad2deg",  # beyond
    np.isnan: "isnan", np.isinf: "isinf", np.isfinite: "isfinite",
    np.sum: "sum", np.mean: "mean", np.max: "amax", np.min: "amin", np.any: "any", np.all: "all",
    np.argmax: "argmax", np.argmin: "argmin",
    np.prod: "prod", np.cumsum: "cumsum", np.cumprod: "cumprod",  # beyond
    np.broadcast_to: "broadcast_to", np.reshape: "reshape", np.transpose: "permute", np.swapaxes: "swapaxes",
    np.moveaxis: "movedim", np.squeeze: "squeeze", np.expand_dims: "unsqueeze",
    np.concatenate: "cat", np.stack: "stack",
    np.flip: "flip", np.tile: "tile",  # dark-4
    np.roll: "roll", np.einsum: "einsum", np.tril: "tril", np.triu: "triu", np.diagonal: "diagonal",  # beyond
    np.take_along_axis: "take_along_dim",  # beyond
    np.zeros_like: "zeros_like", np.ones_like: "ones_like", np.copy: "clone",
}  # fmt: skip


def array_ufunc(self, ufunc, method, *inputs, **options):
    """NumPy calls this for `np.exp(tensor)` and for `array + tensor`."""
    if method == "__call__" and ufunc in OURS:
        return operation(ufunc)(*inputs, **options)
    return on_arrays(getattr(ufunc, method), inputs, options)


def array_function(self, function, types, inputs, options):
    """NumPy calls this for `np.where(condition, tensor, 0)` and other functions of its own."""
    if function in OURS:
        return operation(function)(*inputs, **options)
    return on_arrays(function, inputs, options)


def operation(function):
    """Dark's operation of a NumPy function."""
    import dark

    return getattr(dark, OURS[function])


def on_arrays(function, inputs, options):
    """NumPy's function itself, on the tensors' arrays: right for what has no gradient."""

    def plain(x):
        if isinstance(x, (list, tuple)):
            return type(x)(plain(item) for item in x)
        return x.numpy() if isinstance(x, Tensor) else x

    return function(*plain(inputs), **{name: plain(x) for name, x in options.items()})


Tensor.__array_ufunc__ = array_ufunc
Tensor.__array_function__ = array_function
