"""The types that meet in an operation: those of the results, and the values, are PyTorch's."""  # beyond

import operator

import numpy as np
import pytest

import dark
from against_torch import needs_torch, torch
from drawn_calls import outcome, same, same_error, tensors_of

TYPES = ["bool", "uint8", "int32", "int64", "float16", "float32", "float64"]
NUMBERS = [True, 2, -1, 2.5]

BINARY = {
    "add": lambda t, x, y: t.add(x, y),
    "sub": lambda t, x, y: t.sub(x, y),
    "mul": lambda t, x, y: t.mul(x, y),
    "div": lambda t, x, y: t.div(x, y),
    "div rounded down": lambda t, x, y: t.div(x, y, rounding_mode="floor"),
    "div cut": lambda t, x, y: t.div(x, y, rounding_mode="trunc"),
    "floor_divide": lambda t, x, y: t.floor_divide(x, y),
    "remainder": lambda t, x, y: t.remainder(x, y),
    "fmod": lambda t, x, y: t.fmod(x, y),
    "pow": lambda t, x, y: t.pow(x, y),
    "eq": lambda t, x, y: t.eq(x, y),
    "ne": lambda t, x, y: t.ne(x, y),
    "lt": lambda t, x, y: t.lt(x, y),
    "ge": lambda t, x, y: t.ge(x, y),
    "where": lambda t, x, y: t.where(t.tensor([True, False, True]), x, y),
    "where 0-d": lambda t, x, y: t.where(t.tensor(True), x, y),
    "bitwise_and": lambda t, x, y: t.bitwise_and(x, y),
    "bitwise_xor": lambda t, x, y: t.bitwise_xor(x, y),
    "clamp_min": lambda t, x, y: t.clamp(x, min=y),
    "masked_fill": lambda t, x, y: t.masked_fill(x, t.tensor(True), y),
    "result_type": lambda t, x, y: t.zeros(1, dtype=t.result_type(x, y)),
}
OF_TENSORS = {
    "maximum": lambda t, x, y: t.maximum(x, y),
    "minimum": lambda t, x, y: t.minimum(x, y),
    "atan2": lambda t, x, y: t.atan2(x, y),
    "logical_and": lambda t, x, y: t.logical_and(x, y),
    "logical_xor": lambda t, x, y: t.logical_xor(x, y),
    "cat": lambda t, x, y: t.cat([x.reshape(-1), y.reshape(-1)]),
    "stack": lambda t, x, y: t.stack([x.reshape(-1)[:1], y.reshape(-1)[:1]]),
    "matmul": lambda t, x, y: t.matmul(x.reshape(1, -1)[:, :1], y.reshape(-1, 1)[:1]),
    "outer": lambda t, x, y: t.outer(x.reshape(-1), y.reshape(-1)),
    "promote_types": lambda t, x, y: t.zeros(1, dtype=t.promote_types(x.dtype, y.dtype)),
    "can_cast": lambda t, x, y: t.can_cast(x.dtype, y.dtype),
    "addcmul": lambda t, x, y: t.addcmul(x, y, y),
    "type_as": lambda t, x, y: x.type_as(y),
}
OPERATORS = {name: getattr(operator, name) for name in (
    "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and_", "or_", "xor", "eq", "lt", "ge",
)}  # fmt: skip
IN_PLACE = {name: getattr(operator, name) for name in (
    "iadd", "isub", "imul", "itruediv", "ipow", "iand", "ior", "ixor",
)}  # fmt: skip
METHODS_IN_PLACE = [
    "add_", "sub_", "mul_", "div_", "pow_", "remainder_", "fmod_", "eq_", "lt_", "copy_", "fill_",
]  # fmt: skip


def operand(dtype, ndim):
    """A tensor's array, with numbers that every type has and every operation takes."""
    return np.asarray([1, 2, 3] if ndim else 2).astype(dtype)


def compare(function, x, y):
    """Both sides, unless PyTorch has no kernel for the types."""
    ours, theirs = (list(tensors_of(t, (x, y), gradients=False)) for t in (dark, torch))
    mine, expected = outcome(function, dark, ours, {}), outcome(function, torch, theirs, {})
    if type(expected) is NotImplementedError or expected is NotImplemented:
        return
    if isinstance(expected, Exception):
        assert same_error(mine, expected), f"{mine!r:.200}, PyTorch: {expected!r:.200}"
        return
    if isinstance(mine, Exception):
        raise mine
    if isinstance(expected, torch.Tensor) and expected.dtype is torch.float16:
        assert str(mine.dtype) == "dark.float16"
        mine, expected = mine.double(), expected.double()
        assert np.allclose(mine.numpy(), expected.numpy(), rtol=2e-3)
    else:
        same(mine, expected)


def each_pair(functions):
    """Every name with every type on the left."""
    return [(name, left) for name in functions for left in TYPES]


@needs_torch
@pytest.mark.parametrize(("name", "left"), each_pair({**BINARY, **OF_TENSORS}))
def test_tensors_meet_as_in_pytorch(name, left):
    function = {**BINARY, **OF_TENSORS}[name]
    for right in TYPES:
        for dims in ((1, 1), (1, 0), (0, 1), (0, 0)):
            x, y = operand(left, dims[0]), operand(right, dims[1])
            try:
                compare(function, x, y)
            except Exception as error:
                raise AssertionError(f"{name} of {left} {x.shape} and {right} {y.shape}: {error}") from error


@needs_torch
@pytest.mark.parametrize(("name", "left"), each_pair(BINARY))
def test_a_number_meets_a_tensor_as_in_pytorch(name, left):
    for number in NUMBERS:
        for ndim in (1, 0):
            x = operand(left, ndim)
            both_orders = name.startswith("where") or name == "result_type"
            for pair in ((x, number), (number, x)) if both_orders else ((x, number),):
                try:
                    compare(BINARY[name], *pair)
                except Exception as error:
                    raise AssertionError(f"{name} of {left} {x.shape} and {number!r}: {error}") from error


@needs_torch
@pytest.mark.parametrize(("name", "left"), each_pair(OPERATORS))
def test_operators_take_tensors_and_numbers_in_both_orders(name, left):
    for right in [*TYPES, *NUMBERS]:
        for ndim in (1, 0):
            x = operand(left, ndim)
            y = operand(right, 1) if isinstance(right, str) else right
            for pair in ((x, y), (y, x)):
                try:
                    compare(lambda t, a, b: OPERATORS[name](a, b), *pair)
                except Exception as error:
                    raise AssertionError(f"{name} of {left} {x.shape} and {right!r}: {error}") from error


@needs_torch
@pytest.mark.parametrize(("name", "left"), each_pair([*IN_PLACE, *METHODS_IN_PLACE]))
def test_in_place_the_type_stays_or_an_error_is_raised(name, left):
    def change(t, x, y):
        result = IN_PLACE[name](x, y) if name in IN_PLACE else getattr(x, name)(y)
        assert result is x
        return x

    for right in [*TYPES, *NUMBERS]:
        for ndim in (1, 0):
            y = operand(right, ndim) if isinstance(right, str) else right
            try:
                compare(change, operand(left, 1), y)
            except Exception as error:
                raise AssertionError(f"{name} of {left} and {right!r}: {error}") from error


REDUCED = {
    "sum": lambda t, x: (x.sum(), x.sum(0), x.sum(dtype=t.float64)),
    "prod": lambda t, x: (x.prod(), x.prod(0)),
    "cumsum": lambda t, x: x.cumsum(0),
    "cumprod": lambda t, x: x.cumprod(0),
    "mean": lambda t, x: x.mean(),
    "mean as float64": lambda t, x: x.mean(dtype=t.float64),
    "var": lambda t, x: x.var(),
    "std": lambda t, x: x.std(0),
    "norm": lambda t, x: x.norm(),
    "logsumexp": lambda t, x: x.logsumexp(0),
    "max": lambda t, x: (x.max(), *x.max(0)),
    "amax": lambda t, x: x.amax(0),
    "argmax": lambda t, x: x.argmax(),
    "any": lambda t, x: (x.any(), x.all(0)),
    "count_nonzero": lambda t, x: x.count_nonzero(),
    "sort": lambda t, x: tuple(x.sort()),
    "median": lambda t, x: x.median(),
    "exp": lambda t, x: t.exp(x),
    "sqrt": lambda t, x: t.sqrt(x),
    "sigmoid": lambda t, x: t.sigmoid(x),
    "abs": lambda t, x: t.abs(x),
    "neg": lambda t, x: -x,
    "square": lambda t, x: t.square(x),
    "reciprocal": lambda t, x: t.reciprocal(x),
    "floor": lambda t, x: t.floor(x),
    "isnan": lambda t, x: t.isnan(x),
    "logical_not": lambda t, x: t.logical_not(x),
    "bitwise_not": lambda t, x: ~x,
    "softmax": lambda t, x: x.softmax(0),
    "clamp": lambda t, x: (x.clamp(0, 2), x.clamp(min=0.5)),
    "zeros_like": lambda t, x: t.zeros_like(x),
    "full_like": lambda t, x: t.full_like(x, 1),
    "new_tensor": lambda t, x: (x.new_tensor([1, 2]), x.new_zeros(2), x.new_full((2,), 1)),
}


@needs_torch
@pytest.mark.parametrize(("name", "dtype"), each_pair(REDUCED))
def test_results_of_one_tensor_have_pytorchs_types(name, dtype):
    compare(lambda t, x, _: REDUCED[name](t, x), operand(dtype, 1), None)
