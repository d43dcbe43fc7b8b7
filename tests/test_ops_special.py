"""Signs, special functions, bits of integers, and other names of the same operations."""  # beyond

import math

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, random_array, torch

INF, NAN = math.inf, math.nan
SHAPES = [(3, 4), (), (0, 3)]
UNARY = [
    ("lgamma", lambda t, x: t.lgamma(x), 0.3, 4),
    ("lgamma below", lambda t, x: x.lgamma(), -0.8, -0.2),
    ("digamma", lambda t, x: x.digamma(), 0.3, 4),
    ("polygamma 0", lambda t, x: t.polygamma(0, x), 0.5, 3),
    ("polygamma 2", lambda t, x: x.polygamma(2), 0.5, 3),
    ("i0", lambda t, x: t.i0(x), -2, 2),
    ("sinc", lambda t, x: t.sinc(x), 0.2, 2),
    ("float_power", lambda t, x: t.float_power(x, 3), 0.5, 2),
    ("float_power of", lambda t, x: t.float_power(2, x), 0.5, 2),
    ("xlogy number", lambda t, x: t.xlogy(2, x), 0.5, 2),
    ("xlogy of number", lambda t, x: x.xlogy(3.0), 0.5, 2),
    ("copysign number", lambda t, x: x.copysign(-1.0), 0.5, 2),
    ("ldexp", lambda t, x: t.ldexp(x, t.tensor(3)), -2, 2),
    ("sgn", lambda t, x: t.sgn(x) * x, 0.1, 2),
]
BINARY = {
    "copysign": lambda t, x, y: t.copysign(x, y),
    "xlogy": lambda t, x, y: t.xlogy(x, y.abs()),
    "logaddexp2": lambda t, x, y: t.logaddexp2(x, y),
    "ldexp": lambda t, x, y: x.ldexp(y),
    "float_power": lambda t, x, y: t.float_power(x.abs(), y),
    "fmax": lambda t, x, y: t.fmax(x, y),
    "fmin": lambda t, x, y: x.fmin(y),
    "dist": lambda t, x, y: t.dist(x, y),
    "dist 1": lambda t, x, y: x.dist(y, 1),
    "dist 3": lambda t, x, y: x.dist(y, 3.0),
}


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize(("function", "low", "high"), [row[1:] for row in UNARY], ids=[r[0] for r in UNARY])
def test_of_one_tensor(function, low, high, shape):
    check_op(function, random_array(shape, low=low, high=high), rtol=3e-5)


@pytest.mark.parametrize("shapes", [((3, 4), (3, 4)), ((3, 1), (4,)), ((), (2, 3)), ((0, 3), (1, 3))])
@pytest.mark.parametrize("function", BINARY.values(), ids=BINARY)
def test_of_two_tensors(function, shapes):
    a, b = (random_array(s, seed=i) for i, s in enumerate(shapes))
    check_op(function, a, b, rtol=3e-5, differences=0 not in shapes[0])


EDGES = np.array([0.0, -0.0, 1, -1, 2.5, -2.5, INF, -INF, NAN], "float32")
AT_EDGES = {
    "sgn": lambda t, x: t.sgn(x),
    "signbit": lambda t, x: t.signbit(x),
    "isposinf": lambda t, x: t.isposinf(x),
    "isneginf": lambda t, x: x.isneginf(),
    "heaviside": lambda t, x: t.heaviside(x, t.tensor(0.5)),
    "copysign": lambda t, x: x.copysign(x.flip(0)),
    "fmax": lambda t, x: t.fmax(x, x.flip(0)),
    "fmin": lambda t, x: t.fmin(x, x.flip(0)),
    "nextafter": lambda t, x: t.nextafter(x, t.zeros(9)),
    "xlogy": lambda t, x: t.xlogy(x, x.flip(0)),
    "xlogy of 0": lambda t, x: t.xlogy(0, x),
    "sinc": lambda t, x: t.sinc(x[:6]),
    "i0": lambda t, x: t.i0(x),
    "lgamma": lambda t, x: t.lgamma(x),
    "logaddexp2": lambda t, x: t.logaddexp2(x, x.flip(0)),
    "absolute": lambda t, x: x.absolute(),
}


@pytest.mark.parametrize("function", AT_EDGES.values(), ids=AT_EDGES)
def test_at_zero_infinity_and_nan(function):
    check_op(function, EDGES, gradients=False)


@needs_torch
@pytest.mark.parametrize("name", ["sinc", "i0", "sgn", "lgamma"])
def test_gradients_at_zero(name):
    results = []
    for t in (dark, torch):
        x = t.tensor([0.0, 1.0], requires_grad=True)
        getattr(t, name)(x).sum().backward()
        results.append(x.grad)
    assert_same(*results)


@pytest.mark.parametrize(
    "function",
    [
        lambda t, x, y: t.fmax(x, y),
        lambda t, x, y: t.fmin(x, y),
        lambda t, x, y: t.copysign(x, y),
    ],
)
def test_gradients_at_ties(function):
    x, y = np.array([1, 0, -1, NAN, 2], "float32"), np.array([1, 0, 2, 1, NAN], "float32")
    check_op(function, x, y, second=False, differences=False)


BITS = {
    "<<": lambda t, x, y: x << y,
    ">>": lambda t, x, y: x >> y,
    "<< number": lambda t, x, y: x << 2,
    "number >>": lambda t, x, y: 100 >> y,
    "number <<": lambda t, x, y: 3 << y,
    "left": lambda t, x, y: t.bitwise_left_shift(x, y),
    "right": lambda t, x, y: x.bitwise_right_shift(1),
    "gcd": lambda t, x, y: t.gcd(x, y),
    "lcm": lambda t, x, y: x.lcm(y),
}


@pytest.mark.parametrize("dtype", ["int64", "uint8", "int16"])
@pytest.mark.parametrize("function", BITS.values(), ids=BITS)
def test_integers(function, dtype):
    x, y = random_array((3, 4), dtype, 0, 60), random_array((4,), dtype, 0, 5, seed=1)
    check_op(function, x, y, gradients=False)


def test_shifts_change_in_place():
    def shifted(t, x):
        x <<= 3
        x >>= 1
        x //= 2
        x %= 5
        return x

    check_op(shifted, np.array([1, 2, -3]), gradients=False)


ALIASES = {
    "absolute": (), "negative": (), "fix": (), "sgn": (), "arcsin": (), "arccos": (), "arctan": (),
    "arcsinh": (), "arctanh": (), "divide": (2.5,), "multiply": (3,), "subtract": (1.5,), "greater": (0.1,),
    "greater_equal": (0.1,), "less": (0.1,), "less_equal": (0.1,), "not_equal": (0.1,),
}  # fmt: skip


@pytest.mark.parametrize("name", ALIASES)
def test_other_names(name):
    x = random_array((3, 4), low=-0.9, high=0.9)
    check_op(lambda t, x: getattr(t, name)(x, *ALIASES[name]), x, gradients=False)
    check_op(lambda t, x: getattr(x, name)(*ALIASES[name]), x, gradients=False)
    check_op(lambda t, x: getattr(x.clone(), name + "_")(*ALIASES[name]), x, gradients=False)


@pytest.mark.parametrize("name", ["arctan2", "hypot", "copysign", "floor_divide", "fmod", "xlogy"])
def test_forms_in_place(name):
    x, y = random_array((3, 4), "float64"), random_array((4,), "float64", low=1, seed=1)
    check_op(lambda t, x, y: getattr(x.clone(), name + "_")(y), x, y, gradients=False)


TYPES = ["bool", "uint8", "int64", "float32", "float64"]


@pytest.mark.parametrize("dtype", TYPES)
def test_types_of_results(dtype):
    x = random_array((2, 3), dtype, low=1, high=3)
    check_op(
        lambda t, x: (
            t.lgamma(x), t.digamma(x), t.i0(x), t.sinc(x), t.xlogy(x, 2), t.copysign(x, 1), t.signbit(x),
            t.sgn(x), t.isposinf(x), t.isneginf(x), t.float_power(x, 2), t.fmax(x, x), t.ldexp(x, x),
        ),
        x, gradients=False,
    )  # fmt: skip


ERRORS = {
    "shift of floats": lambda t: t.bitwise_left_shift(t.ones(2), t.ones(2)),
    "shift of booleans": lambda t: t.bitwise_right_shift(t.ones(2, dtype=t.bool), t.ones(2, dtype=t.bool)),
    "gcd of floats": lambda t: t.gcd(t.ones(2), t.ones(2)),
    "lcm of booleans": lambda t: t.lcm(t.ones(2, dtype=t.bool), t.ones(2, dtype=t.bool)),
    "heaviside of two types": lambda t: t.heaviside(t.ones(2), t.ones(2, dtype=t.float64)),
    "polygamma -1": lambda t: t.polygamma(-1, t.ones(2)),
    "shapes": lambda t: t.fmax(t.ones(2), t.ones(3)),
    "subtract a list": lambda t: t.ones(2) - [1.0],
    "add a list": lambda t: t.ones(2).add([1.0]),
    "multiply a list": lambda t: t.ones(2, dtype=t.int64) * [1.0],
    "in": lambda t: "a" in t.ones(2),
}


@pytest.mark.parametrize("call", ERRORS.values(), ids=ERRORS)
def test_bad_arguments_raise(call):
    with pytest.raises((RuntimeError, TypeError)) as ours:
        call(dark)
    if torch is not None:
        with pytest.raises(ours.type):
            call(torch)
