"""Data types under PyTorch's names, and the rules by which types meet in one operation."""

from functools import reduce

import numpy as np


class dtype:
    """The type of a tensor's elements; `dark.float32` and its siblings are the only instances."""

    def __init__(self, name: str):
        self.name = name
        self.numpy = np.dtype(name)
        self.itemsize = self.numpy.itemsize
        self.is_complex = False
        self.kind = self.numpy.kind  # "f", "i", "u" or "b"
        self.is_floating_point = self.kind == "f"
        self.is_signed = self.kind in "fi"
        self.category = {"b": 0, "u": 1, "i": 1, "f": 2}[self.kind]

    def __repr__(self):
        return f"dark.{self.name}"

    def __reduce__(self):
        return as_dtype, (self.name,)  # a copy or an unpickled one is the same object


float16 = half = dtype("float16")
float32 = dtype("float32")
float64 = double = dtype("float64")
uint8 = dtype("uint8")
int8 = dtype("int8")
int16 = short = dtype("int16")
int32 = dtype("int32")
int64 = long = dtype("int64")
bool_ = dtype("bool")

FROM_NUMPY = {t.numpy: t for t in (float16, float32, float64, uint8, int8, int16, int32, int64, bool_)}
FROM_PYTHON = {bool: bool_, int: int64, float: float64}
_default = float32


def as_dtype(like) -> dtype:
    """The `dtype` that something names: a NumPy dtype or its name, or Python's `float`, `int`, `bool`."""
    if isinstance(like, dtype):
        return like
    if isinstance(like, type) and like in FROM_PYTHON:
        return FROM_PYTHON[like]
    try:
        return FROM_NUMPY[np.dtype(like).newbyteorder("=")]
    except (KeyError, TypeError):
        known = ", ".join(t.name for t in FROM_NUMPY.values())
        raise TypeError(f"no tensor has elements of type {like}; there are {known}") from None


def get_default_dtype() -> dtype:
    """The type of tensors made from Python floats: `dark.float32`, unless another one was set."""
    return _default


def set_default_dtype(d: dtype) -> None:
    """Let tensors made from Python floats have the floating-point type `d`."""
    global _default
    if not as_dtype(d).is_floating_point:
        raise TypeError(f"set_default_dtype: only a floating-point type can be the default, not {d}")
    _default = as_dtype(d)


def promote_types(type1: dtype, type2: dtype) -> dtype:
    """The smallest type that holds both; of an integer and a floating-point type, the latter."""
    a, b = as_dtype(type1), as_dtype(type2)
    if a.category != b.category:
        return max(a, b, key=lambda t: t.category)
    return FROM_NUMPY[np.promote_types(a.numpy, b.numpy)]


def result_type(*inputs) -> dtype:
    """The type of an elementwise operation on arrays, tensors and numbers.

    Those with dimensions decide; 0-d ones, and after them plain numbers, count only where they are of
    a higher category (bool < integer < float).
    """
    arrays = [x for x in inputs if hasattr(x, "dtype")]
    groups = (
        [as_dtype(x.dtype) for x in arrays if x.ndim],
        [as_dtype(x.dtype) for x in arrays if not x.ndim],
        [number_type(x) for x in inputs if isinstance(x, (bool, int, float))],
    )
    winners = [reduce(promote_types, group) for group in groups if group]
    return max(winners, key=lambda t: t.category)  # max takes the first of equals


def number_type(x) -> dtype:
    """The type of a tensor made from a Python number."""
    return _default if isinstance(x, float) else bool_ if isinstance(x, bool) else int64


def promoted(inputs, to_float=False, booleans=True):
    """Bring arrays (or tensors) to one type by `result_type`; with `to_float`, integers become floats.

    Where `booleans` are not wanted, one among the inputs raises.
    """
    a, b = inputs[0], inputs[-1]
    if len(inputs) <= 2 and hasattr(a, "dtype") and a.dtype.kind == "f":
        known = type(b) is float or type(b) is int or (hasattr(b, "dtype") and a.dtype == b.dtype)
        if known:  # nearly every call comes here: nothing to do
            return inputs

    kinds = {getattr(x, "dtype", type(x)) for x in inputs}
    if not booleans and kinds & {bool, bool_, np.dtype(bool)}:
        raise TypeError("not supported for the input types")  # the operation adds which ones
    common = result_type(*inputs)
    if to_float and not common.is_floating_point:
        common = _default
    return [cast(x, common) if hasattr(x, "dtype") else wrapped(x, common) for x in inputs]


def wrapped(x, to: dtype):
    """A number; an integer that a small type has no room for wraps around, as in C: uint8 takes -1 as 255."""
    if isinstance(x, (list, tuple)):
        raise TypeError(f"expected a number or a Tensor, got {type(x).__name__}")
    small = type(x) is int and to.kind in "iu" and to.itemsize < 8
    return int(np.int64(x).astype(to.numpy)) if small else x


def is_float(x) -> bool:
    """Whether an array or a tensor holds floating-point numbers."""
    return x.dtype.kind == "f"


def check_no_booleans(name, x):
    """Raise where the elements of an array (or a tensor) are booleans."""
    if x.dtype.kind == "b":
        raise RuntimeError(f"{name}: not defined for booleans; convert the tensor first, as by x.long()")


def cast(x, to: dtype):
    """An array, a NumPy scalar or a tensor with elements of type `to`; itself where it has them."""
    if not isinstance(x.dtype, np.dtype):
        return x.to(to)
    return to.numpy.type(x) if isinstance(x, np.generic) else x.astype(to.numpy, copy=False)


class finfo:  # beyond
    """Limits of a floating-point type: `eps`, `max`, `min`, `tiny`."""

    def __init__(self, type: dtype | None = None):
        type = as_dtype(type or _default)
        if not type.is_floating_point:
            raise TypeError(f"finfo: {type} is not a floating-point type; for integers there is iinfo")
        limits = np.finfo(type.numpy)
        self.bits = limits.bits
        self.eps, self.tiny = float(limits.eps), float(limits.tiny)
        self.max, self.min = float(limits.max), float(limits.min)
        self.smallest_normal = self.tiny


class iinfo:  # beyond
    """Limits of an integer type: `max`, `min`."""

    def __init__(self, type: dtype):
        type = as_dtype(type)
        if type.category != 1:
            raise TypeError(f"iinfo: {type} is not an integer type; for floating-point ones there is finfo")
        limits = np.iinfo(type.numpy)
        self.bits, self.max, self.min = limits.bits, int(limits.max), int(limits.min)
