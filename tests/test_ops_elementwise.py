"""Functions of one element at a time: values, gradients, kinks, infinities, and the types they return."""

import math

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, random_array, torch

INF, NAN = math.inf, math.nan
SHAPES = [(3, 4), (), (0, 3), (2, 1, 3)]

# name, function, the range in which its inputs lie
UNARY = [
    ("abs", lambda t, x: t.abs(x), 0.1, 2),
    ("abs operator", lambda t, x: abs(x), -2, -0.1),
    ("neg", lambda t, x: t.neg(x), -2, 2),
    ("positive", lambda t, x: t.positive(x) * x, -2, 2),
    ("reciprocal", lambda t, x: t.reciprocal(x), 0.5, 2),
    ("square", lambda t, x: x.square(), -2, 2),
    ("sqrt", lambda t, x: x.sqrt(), 0.5, 2),
    ("rsqrt", lambda t, x: t.rsqrt(x), 0.5, 2),
    ("exp", lambda t, x: t.exp(x), -2, 2),
    ("exp2", lambda t, x: x.exp2(), -2, 2),
    ("expm1", lambda t, x: t.expm1(x), -2, 2),
    ("log", lambda t, x: t.log(x), 0.5, 2),
    ("log1p", lambda t, x: x.log1p(), -0.5, 2),
    ("log2", lambda t, x: t.log2(x), 0.5, 2),
    ("log10", lambda t, x: t.log10(x), 0.5, 2),
    ("sigmoid", lambda t, x: t.sigmoid(x), -3, 3),
    ("logit", lambda t, x: t.logit(x), 0.1, 0.9),
    ("logit eps", lambda t, x: x.logit(0.3), 0.31, 0.69),
    ("erf", lambda t, x: t.erf(x), -2, 2),
    ("erfc", lambda t, x: x.erfc(), -2, 2),
    ("erfinv", lambda t, x: x.erfinv(), -0.8, 0.8),
    ("sin", lambda t, x: t.sin(x), -2, 2),
    ("cos", lambda t, x: x.cos(), -2, 2),
    ("tan", lambda t, x: t.tan(x), -1, 1),
    ("asin", lambda t, x: t.asin(x), -0.9, 0.9),
    ("acos", lambda t, x: t.acos(x), -0.9, 0.9),
    ("atan", lambda t, x: x.atan(), -2, 2),
    ("sinh", lambda t, x: t.sinh(x), -2, 2),
    ("cosh", lambda t, x: x.cosh(), -2, 2),
    ("tanh", lambda t, x: t.tanh(x), -2, 2),
    ("asinh", lambda t, x: x.asinh(), -2, 2),
    ("acosh", lambda t, x: x.acosh(), 1.5, 3),
    ("atanh", lambda t, x: x.atanh(), -0.8, 0.8),
    ("deg2rad", lambda t, x: t.deg2rad(x), -180, 180),
    ("rad2deg", lambda t, x: t.rad2deg(x), -2, 2),
    ("sign", lambda t, x: t.sign(x) * x, 0.1, 2),
    ("floor", lambda t, x: t.floor(x) * x, 0.1, 0.9),
    ("ceil", lambda t, x: t.ceil(x) * x, 0.1, 0.9),
    ("trunc", lambda t, x: t.trunc(x) * x, 1.1, 1.9),
    ("frac", lambda t, x: t.frac(x), -1.9, -1.1),
    ("round", lambda t, x: t.round(x) * x, 0.6, 1.4),
    ("round decimals", lambda t, x: x.round(decimals=2) + x, 0.301, 0.304),
    ("nan_to_num", lambda t, x: t.nan_to_num(x), -2, 2),
    ("relu", lambda t, x: t.relu(x), 0.1, 2),
    ("relu below", lambda t, x: x.relu(), -2, -0.1),
    ("clamp inside", lambda t, x: x.clamp(-3, 3), -2, 2),
    ("clamp outside", lambda t, x: t.clamp(x, max=0) + x, 0.1, 2),
    ("clip", lambda t, x: t.clip(x, 0, 1), 0.1, 0.9),
    ("clamp_min", lambda t, x: t.clamp_min(x, 0) * x, 0.1, 2),
    ("clamp_max", lambda t, x: x.clamp_max(0) * x, 0.1, 2),
    ("pow 2", lambda t, x: x**2, -2, 2),
    ("pow 3", lambda t, x: t.pow(x, 3), -2, 2),
    ("pow -1", lambda t, x: x.pow(-1), 0.5, 2),
    ("pow 0.5", lambda t, x: x**0.5, 0.5, 2),
    ("pow 0", lambda t, x: x**0 + x, -2, 2),
    ("number ** x", lambda t, x: 2**x, -2, 2),
    ("float ** x", lambda t, x: t.pow(0.5, x), -2, 2),
]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize(("name", "function", "low", "high"), UNARY, ids=[row[0] for row in UNARY])
def test_one_input(name, function, low, high, shape):
    check_op(function, random_array(shape, low=low, high=high), rtol=2e-5)


BINARY = [
    ("**", lambda t, x, y: x**y),
    ("pow", lambda t, x, y: t.pow(x, y)),
    ("atan2", lambda t, x, y: t.atan2(x, y)),
    ("hypot", lambda t, x, y: x.hypot(y)),
    ("logaddexp", lambda t, x, y: t.logaddexp(x, y)),
    ("fmod", lambda t, x, y: t.fmod(x, y)),
    ("fmod number", lambda t, x, y: x.fmod(0.77) + y),
    ("lerp", lambda t, x, y: t.lerp(x, y, 0.3)),
    ("lerp far", lambda t, x, y: x.lerp(y, 0.8)),
    ("lerp tensor", lambda t, x, y: t.lerp(x, y, x - y)),
    ("addcmul", lambda t, x, y: t.addcmul(x, x, y, value=0.5)),
    ("addcdiv", lambda t, x, y: y.addcdiv(x, y, value=2)),
    ("where", lambda t, x, y: t.where(x > y, x, y)),
    ("where method", lambda t, x, y: x.where(x < y, y)),
    ("where number", lambda t, x, y: t.where(x > y, x, 0.0)),
    ("clamp", lambda t, x, y: t.clamp(x, y, y + 0.5)),
    ("clamp min", lambda t, x, y: x.clamp(min=y)),
    ("clamp max", lambda t, x, y: t.clamp_max(x, y)),
    ("clamp crossed", lambda t, x, y: x.clamp(y + 0.5, y)),
]
SHAPE_PAIRS = [((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (2, 1, 4)), ((), (3,)), ((), ()), ((0, 3), (3,))]


@pytest.mark.parametrize("shapes", SHAPE_PAIRS, ids=str)
@pytest.mark.parametrize(("name", "function"), BINARY, ids=[n for n, _ in BINARY])
def test_two_inputs(name, function, shapes):
    check_op(function, *(random_array(s, low=0.5, high=2, seed=i) for i, s in enumerate(shapes)), rtol=2e-5)


SPECIAL = np.array([-INF, -1000, -2.5, -1, -0.5, -0.0, 0, 0.5, 1, 1.5, 2.5, 1000, INF, NAN], dtype="float32")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("name", "function"), [row[:2] for row in UNARY], ids=[row[0] for row in UNARY])
def test_at_kinks_and_infinities(name, function):
    # of a root of a negative number, and of 1 / -0, the sign is left open
    x = SPECIAL[np.signbit(SPECIAL) == 0] if name in ("pow 0.5", "logit") else SPECIAL
    check_op(function, x, second=False, differences=False, rtol=2e-5)


KINKS = [
    ("pow", lambda t, x, y: x**y, [0, 0, 0, 0, -2, -2, 2, 0.5], [0, 1, 2, -1, 2, 3, 0, 0]),
    ("number ** x", lambda t, x, y: 0**x + y, [0, 1, 2, -1], [0, 0, 0, 0]),
    ("negative ** x", lambda t, x, y: (-2) ** x + y, [0, 1, 2, -1], [0, 0, 0, 0]),
    ("atan2", lambda t, x, y: t.atan2(x, y), [0, 0, 1, -1, 0], [0, -1, 0, 0, 1]),
    ("hypot", lambda t, x, y: t.hypot(x, y), [0, 0, 1e30], [0, 1, 1e30]),
    ("logaddexp", lambda t, x, y: t.logaddexp(x, y), [1000, -1000, 1000, 0], [1000, -1000, -1000, -INF]),
    ("lerp ends", lambda t, x, y: t.lerp(x, y, 1.0) + t.lerp(x, y, 0), [1e8, 1, 3], [1, 1e8, 3]),
    ("clamp", lambda t, x, y: x.clamp(y, t.ones(())), [NAN, 1, 2, 0, 0, 0.5], [0, NAN, 0, 1, 0, 2]),
    ("clamp min", lambda t, x, y: x.clamp(min=y), [NAN, 1, 2, 0, 1], [0, NAN, 2, 1, 0]),
    ("maximum", lambda t, x, y: t.maximum(x, y), [NAN, 1, NAN, 1, 2], [NAN, NAN, 2, 1, 0]),
    ("minimum", lambda t, x, y: t.minimum(x, y), [NAN, 1, NAN, 1, 2], [NAN, NAN, 2, 1, 0]),
]


@pytest.mark.parametrize(("name", "function", "x", "y"), KINKS, ids=[row[0] for row in KINKS])
def test_two_inputs_at_kinks(name, function, x, y):
    x, y = np.array(x, "float32"), np.array(y, "float32")
    check_op(function, x, y, second=False, differences=False)


@needs_torch
@pytest.mark.parametrize(
    "name", ["exp", "log1p", "expm1", "sigmoid", "erf", "erfc", "tanh", "logit", "log2", "erfinv"]
)
@pytest.mark.parametrize(("dtype", "rtol"), [("float32", 1e-6), ("float64", 1e-12)])
def test_precision(name, dtype, rtol):
    x = random_array((300,), dtype, low=0.001, high=0.999)
    wide = name in ("sigmoid", "erf", "erfc", "tanh", "exp", "expm1")
    x = np.concatenate([x, x * 1e-4, -9 * x, 9 * x]) if wide else x
    assert_same(getattr(dark, name)(dark.tensor(x)), getattr(torch, name)(torch.tensor(x)), rtol=rtol, atol=0)


@needs_torch
def test_rounding_goes_to_the_even_neighbour():
    x = [0.5, 1.5, 2.5, -0.5, -1.5, 1.2345, 0.125]
    for decimals in (0, 2, -1):
        ours, theirs = dark.tensor(x), torch.tensor(x)
        assert_same(ours.round(decimals=decimals), theirs.round(decimals=decimals))


TYPED = [
    ("abs", lambda t, x: t.abs(x), "float16 int64 int8 uint8"),
    ("sign", lambda t, x: t.sign(x), "float16 float64 int64 uint8 bool"),
    ("square", lambda t, x: t.square(x), "float16 int32 uint8 bool"),
    ("exp", lambda t, x: t.exp(x), "float16 float64 int64 uint8 bool"),
    ("sigmoid", lambda t, x: t.sigmoid(x), "float16 int64 bool"),
    ("reciprocal", lambda t, x: t.reciprocal(x), "float64 int64 uint8"),
    ("erf", lambda t, x: t.erf(x), "float16 float64 int64 bool"),
    ("floor", lambda t, x: t.floor(x), "float16 int64 uint8"),
    ("ceil", lambda t, x: x.ceil(), "float64 int32"),
    ("trunc", lambda t, x: x.trunc(), "int64"),
    ("round", lambda t, x: x.round(), "int64 uint8"),
    ("relu", lambda t, x: t.relu(x), "float16 int64 uint8"),
    ("clamp", lambda t, x: t.clamp(x, 0, 1), "float16 int64 bool"),
    ("clamp float", lambda t, x: t.clamp(x, min=0.5), "float64 int64 uint8"),
    ("pow int", lambda t, x: x**2, "float16 int64 uint8 bool"),
    ("pow float", lambda t, x: x**0.5, "float64 int64 bool"),
    ("int ** x", lambda t, x: 2**x, "float64 uint8"),
    ("float ** x", lambda t, x: 2.5**x, "float64 int64 bool"),
    ("x ** int tensor", lambda t, x: x ** t.tensor([1, 2, 3]), "float32 int64 uint8 bool"),
    ("fmod", lambda t, x: t.fmod(x, 3), "float32 int64 uint8"),
    ("where number", lambda t, x: t.where(x > 1, x, 0), "float32 int64 uint8"),
    ("where float", lambda t, x: t.where(x > 1, x, 0.5), "float64 int64 bool"),
    ("where 0-d", lambda t, x: t.where(x > 1, x, t.tensor(0.5)), "float64 float16 int64"),
    ("where numbers", lambda t, x: (t.where(x > 1, 1, 0), t.where(x > 1, 1.0, 0)), "float64"),
    ("atan2", lambda t, x: t.atan2(x, t.tensor(2)), "float64 int64"),
    ("deg2rad", lambda t, x: t.deg2rad(x), "float64 int64"),
]


@needs_torch
@pytest.mark.parametrize(
    ("function", "dtype"), [pytest.param(f, d, id=f"{n} {d}") for n, f, types in TYPED for d in types.split()]
)
def test_types_of_results(function, dtype):
    x = random_array((3,), dtype, low=0, high=3)
    assert_same(function(dark, dark.tensor(x)), function(torch, torch.tensor(x)), rtol=1e-3)


IN_PLACE = (
    "abs_ sign_ reciprocal_ square_ sqrt_ rsqrt_ exp_ exp2_ expm1_ log_ log1p_ log2_ log10_ sigmoid_ "
    "logit_ erf_ erfc_ erfinv_ floor_ ceil_ trunc_ round_ frac_ sin_ cos_ tan_ asin_ acos_ atan_ sinh_ "
    "cosh_ tanh_ asinh_ atanh_ deg2rad_ rad2deg_ relu_ nan_to_num_ neg_ clamp_(0.3,0.6) clip_(0.3,0.6) "
    "clamp_min_(0.5) clamp_max_(0.5) pow_(2) fmod_(0.3) lerp_(x+1,0.5) addcmul_(x,x) "
    "addcdiv_(x,x,value=2) eq_(x) gt_(0.5) logical_not_()"
)


@needs_torch
@pytest.mark.parametrize("call", IN_PLACE.split())
def test_in_place(call):
    call = call if call.endswith(")") else f"{call}()"
    values = random_array((3, 4), low=0.1, high=0.9)
    results = []
    for t in (dark, torch):
        x = t.tensor(values)
        y = eval(f"y.{call}", {"x": t.tensor(values), "y": x})
        assert y is x
        results.append(x)
    assert_same(*results)


def test_in_place_refuses_a_float_result_for_integers():
    with pytest.raises(RuntimeError, match="exp_"):
        dark.tensor([1, 2]).exp_()


def test_non_contiguous_input():
    x = random_array((3, 4))
    check_op(lambda t, x: t.tanh(x.transpose(0, 1)) * t.where(x.transpose(0, 1) > 0, 1.0, 2.0), x)


def test_where_with_a_condition_alone_gives_indices():
    check_op(lambda t, x: t.where(x > 0), random_array((3, 4)), gradients=False)


def test_clamp_says_what_is_missing():
    with pytest.raises(RuntimeError, match="clamp: at least one of min and max"):
        dark.tensor([1.0]).clamp()


def test_where_refuses_a_condition_of_numbers():
    with pytest.raises(RuntimeError, match="where: the condition is a boolean"):
        dark.where(dark.tensor([1, 0]), 1, 0)
    with pytest.raises(TypeError, match="where: input and other are given both, or neither"):
        dark.where(dark.tensor([True]), dark.ones(1))


def test_numbers_by_name_do_not_make_float64():
    x = dark.tensor([1, 4])
    assert x.pow(exponent=0.5).dtype is dark.float32
    assert dark.add(x, other=0.5).dtype is dark.float32
    assert x.lerp(end=dark.tensor([2, 2]), weight=0.5).dtype is dark.float32


def test_numbers_that_do_not_fit_the_type_wrap_around():
    x = np.array([1, 2], "uint8")
    check_op(lambda t, x: (x + 300, x - 3, x * -2, x > -1, x.clamp(-1, 5), x & -1), x, gradients=False)


def test_integers_refuse_negative_powers():
    with pytest.raises(RuntimeError, match="pow: Integers to negative"):
        dark.tensor([2]) ** -1


def test_numpy_functions_on_tensors_are_differentiable():  # beyond
    x = dark.tensor([0.5, 0.25], requires_grad=True)
    for function in (np.exp, np.arcsin, np.log10, np.round, np.arctan):
        assert function(x).requires_grad, function
        np.testing.assert_allclose(function(x).detach().numpy(), function(x.detach().numpy()), rtol=1e-6)


def test_integers_to_negative_integers_round_towards_zero():
    check_op(lambda t, x, y: [x**y, 2**y, x.pow(y)], [-2, -1, -1, 0, 1, 2, 3], [-1, -1, -2, -3, -2, -1, 2])
