"""Pooling: values, indices, gradients, odd windows, ties, NaN, memory layouts, errors."""  # dark-5

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, curved, needs_torch, random_array, torch
from dark import nn
from dark.nn import functional as F


def distinct(shape, dtype="float32"):
    """Numbers that differ by more than the steps of finite differences, in random order."""
    count = int(np.prod(shape))
    return (np.random.default_rng(count).permutation(count) - count // 2).reshape(shape).astype(dtype) / 8


# shape of the pictures, options of max_pool2d
MAXIMA = [
    ((2, 3, 4, 6), {"kernel_size": 2}),
    ((2, 3, 5, 7), {"kernel_size": 2}),
    ((1, 2, 5, 5), {"kernel_size": 3, "stride": 1}),
    ((2, 1, 7, 6), {"kernel_size": 3, "stride": 2, "padding": 1}),
    ((2, 2, 8, 9), {"kernel_size": 2, "stride": 3}),
    ((1, 2, 5, 6), {"kernel_size": (3, 2), "stride": (1, 2), "padding": (1, 0)}),
    ((1, 2, 7, 8), {"kernel_size": 3, "stride": 2, "dilation": 2, "padding": 1}),
    ((1, 1, 6, 7), {"kernel_size": (2, 3), "stride": 1, "dilation": (3, 1)}),
    ((2, 1, 5, 6), {"kernel_size": 2, "ceil_mode": True}),
    ((1, 2, 6, 7), {"kernel_size": 3, "stride": 2, "ceil_mode": True}),
    ((1, 2, 6, 5), {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    ((1, 1, 7, 4), {"kernel_size": 2, "stride": 4, "padding": 1, "ceil_mode": True}),
    ((1, 1, 1, 1), {"kernel_size": 2, "stride": 2, "ceil_mode": True}),
    ((1, 1, 4, 5), {"kernel_size": 3, "stride": 5, "ceil_mode": True}),
    ((1, 2, 9, 7), {"kernel_size": (2, 3), "stride": 3, "dilation": (3, 2), "padding": 1, "ceil_mode": True}),
    ((2, 2, 3, 4), {"kernel_size": 1}),
    ((2, 2, 3, 4), {"kernel_size": (3, 4)}),
    ((1, 3, 1, 6), {"kernel_size": [1, 2]}),
    ((0, 2, 4, 4), {"kernel_size": 2, "padding": 1}),
    ((3, 4, 5), {"kernel_size": (2, 3), "padding": (1, 0), "stride": 2}),
    ((1, 1, 1), {"kernel_size": 1}),
    ((1, 1, 17, 17), {"kernel_size": 17, "stride": 1, "padding": 8}),  # its taps need more than a byte
]
MEANS = [
    ((2, 3, 4, 6), {"kernel_size": 2}),
    ((2, 1, 5, 7), {"kernel_size": (2, 3), "stride": (1, 2)}),
    ((1, 2, 7, 6), {"kernel_size": 3, "stride": 2, "padding": 1}),
    ((1, 2, 7, 6), {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False}),
    ((2, 2, 8, 9), {"kernel_size": 2, "stride": 3}),
    ((1, 2, 6, 7), {"kernel_size": 3, "stride": 2, "ceil_mode": True}),
    ((1, 2, 6, 5), {"kernel_size": (3, 2), "stride": 2, "padding": 1, "ceil_mode": True}),
    ((1, 1, 6, 6), {"kernel_size": 4, "stride": 3, "padding": 2, "ceil_mode": True}),
    ((1, 1, 6, 6), {"kernel_size": 4, "stride": 3, "padding": 2, "ceil_mode": True,
                    "count_include_pad": False}),
    ((1, 1, 1, 1), {"kernel_size": 2, "stride": 2, "ceil_mode": True}),
    ((1, 2, 5, 6), {"kernel_size": 2, "divisor_override": 3}),
    ((1, 2, 5, 6), {"kernel_size": 2, "divisor_override": -1, "padding": 1, "count_include_pad": False}),
    ((2, 2, 3, 4), {"kernel_size": 1}),
    ((0, 2, 4, 4), {"kernel_size": 2, "padding": 1}),
    ((3, 4, 5), {"kernel_size": (2, 3), "padding": (1, 0), "stride": 2}),
    ((1, 3, 1, 6), {"kernel_size": [1, 2]}),
]
LINES = [  # options of max_pool1d
    ((2, 3, 7), {"kernel_size": 2}),
    ((2, 3, 7), {"kernel_size": (3,), "stride": (2,), "padding": (1,), "dilation": (1,)}),
    ((1, 2, 9), {"kernel_size": 3, "stride": 2, "dilation": 2, "padding": 1}),
    ((1, 2, 8), {"kernel_size": 3, "stride": 2, "ceil_mode": True}),
    ((2, 5), {"kernel_size": 2, "stride": 3}),
    ((0, 2, 5), {"kernel_size": 2}),
]
SIZES = [  # shape, output_size
    ((2, 3, 4, 6), 1),
    ((2, 3, 4, 6), (2, 3)),
    ((2, 1, 5, 7), 3),
    ((1, 2, 5, 7), (1, 4)),
    ((1, 2, 4, 3), (7, 5)),
    ((1, 2, 3, 4), (None, 2)),
    ((1, 2, 3, 4), [2, None]),
    ((1, 2, 3, 4), (None, None)),
    ((0, 2, 3, 4), 2),
    ((3, 4, 5), 2),
    ((3, 4, 5), 1),
    ((1, 1, 1), 3),
]


def named(cases):
    return pytest.mark.parametrize(("shape", "options"), cases, ids=[f"{s} {o}" for s, o in cases])


def pool(name, *sizes, **options):
    return lambda t, x: getattr(t.nn.functional, name)(x, *sizes, **options)


@named(MAXIMA)
def test_max_pool2d(shape, options):
    for dtype in ("float32", "float64"):
        check_op(pool("max_pool2d", **options), distinct(shape, dtype))
        check_op(pool("max_pool2d", **options, return_indices=True), distinct(shape, dtype))
    check_op(curved(pool("max_pool2d", **options)), random_array(shape, "float64"), differences=False)


@named(LINES)
def test_max_pool1d(shape, options):
    for more in ({}, {"return_indices": True}):
        check_op(pool("max_pool1d", **options, **more), distinct(shape))
    check_op(curved(pool("max_pool1d", **options)), random_array(shape, "float64"), differences=False)


@named(MEANS)
def test_avg_pool2d(shape, options):
    for dtype in ("float32", "float64"):
        check_op(pool("avg_pool2d", **options), random_array(shape, dtype))
    check_op(curved(pool("avg_pool2d", **options)), random_array(shape, "float64"))


@named([(shape, {k: v for k, v in options.items() if k != "dilation"}) for shape, options in LINES])
def test_avg_pool1d(shape, options):
    check_op(curved(pool("avg_pool1d", **options)), random_array(shape, "float64"))
    check_op(pool("avg_pool1d", **options, count_include_pad=False), random_array(shape))


@named(SIZES)
def test_adaptive_avg_pool2d(shape, options):
    for dtype in ("float32", "float64"):
        check_op(pool("adaptive_avg_pool2d", options), random_array(shape, dtype))
    check_op(curved(pool("adaptive_avg_pool2d", options)), random_array(shape, "float64"))


@named(SIZES)
def test_adaptive_max_pool2d(shape, options):  # beyond
    for more in ({}, {"return_indices": True}):
        check_op(pool("adaptive_max_pool2d", options, **more), distinct(shape))
    check_op(curved(pool("adaptive_max_pool2d", options)), distinct(shape, "float64"), differences=False)


@pytest.mark.parametrize("size", [1, 3, (4,), 7, 9])
def test_adaptive_pooling_of_lines(size):
    for shape in ((2, 3, 7), (3, 5), (0, 2, 4)):
        check_op(curved(pool("adaptive_avg_pool1d", size)), random_array(shape, "float64"))


@pytest.mark.parametrize("size", [1, 3, (4,), 7, 9])
def test_adaptive_max_pooling_of_lines(size):  # beyond
    for shape in ((2, 3, 7), (3, 5), (0, 2, 4)):
        check_op(pool("adaptive_max_pool1d", size, return_indices=True), distinct(shape))


def test_an_adaptive_pool_may_have_no_window():
    for size in (0, (0, 2), (2, 0), (None, 0)):
        check_op(pool("adaptive_avg_pool2d", size), random_array((2, 2, 3, 4)), gradients=False)
        x = dark.ones(1, 2, 3, 4, requires_grad=True)
        F.adaptive_avg_pool2d(x, size).sum().backward()
        assert (x.grad == 0).all()


def test_an_adaptive_maximum_may_have_no_window():  # beyond
    for size in (0, (0, 2), (2, 0), (None, 0)):
        empty = pool("adaptive_max_pool2d", size, return_indices=True)
        check_op(empty, random_array((3, 3, 4)), gradients=False)


def test_sizes_are_taken_by_position_in_pytorchs_order():
    x = distinct((2, 2, 8, 9))
    check_op(pool("max_pool2d", (3, 2), (1, 2), (1, 0), (2, 1), True, True), x)
    check_op(pool("max_pool1d", 3, 2, 1, 2, True, True), x[0])
    check_op(pool("avg_pool2d", (3, 2), (1, 2), (1, 0), True, False, 5), x)
    check_op(pool("avg_pool1d", 3, 2, 1, True, False), x[0])


def test_of_equal_pixels_the_first_gets_the_gradient():
    for sizes in ((2,), (3, 2, 1), (2, 1)):
        for value in (1, 0, -np.inf):
            x = np.full((1, 2, 5, 6), value, "float32")
            check_op(pool("max_pool2d", *sizes, return_indices=True), x, differences=False)
    few = random_array((2, 2, 9, 9), low=0, high=3).round()
    check_op(pool("max_pool2d", 3, 1, 1, return_indices=True), few, differences=False)


def test_of_equal_pixels_the_first_gets_the_gradient_of_adaptive_windows():  # beyond
    few = random_array((2, 2, 9, 9), low=0, high=3).round()
    check_op(pool("adaptive_max_pool2d", 4, return_indices=True), few, differences=False)


def with_nan():
    x = distinct((1, 2, 5, 6))
    x[0, 0, 1, 1] = x[0, 0, 1, 2] = x[0, 1, 2, 2] = x[0, 1, 0, 3] = np.nan
    x[0, 1, 4, 4], x[0, 0, 4, :] = np.inf, -np.inf
    return x


def test_nan_is_larger_than_any_number_and_the_last_one_is_taken():
    for name, options in (
        ("max_pool2d", {"kernel_size": 3, "stride": 1, "return_indices": True}),
        ("max_pool2d", {"kernel_size": 2, "padding": 1, "return_indices": True}),
        ("max_pool2d", {"kernel_size": 2, "padding": 1}),
    ):
        check_op(pool(name, **options), with_nan(), differences=False, second=False)
    for name, size in (("avg_pool2d", 2), ("adaptive_avg_pool2d", 2)):
        check_op(pool(name, size), with_nan(), differences=False, second=False)


def test_nan_is_larger_than_any_number_of_adaptive_windows_too():  # beyond
    nan = pool("adaptive_max_pool2d", (2, 3), return_indices=True)
    check_op(nan, with_nan(), differences=False, second=False)


def test_overlapping_windows_add_their_gradients():
    x = dark.tensor([[[[1.0, 5, 2], [0, 3, 1]]]], requires_grad=True)
    F.max_pool2d(x, 2, stride=1).sum().backward()
    assert x.grad[0, 0].tolist() == [[0, 2, 0], [0, 0, 0]]
    x.grad = None
    F.avg_pool2d(x, 2, stride=1).sum().backward()
    assert x.grad[0, 0].tolist() == [[0.25, 0.5, 0.25], [0.25, 0.5, 0.25]]


def test_padding_is_never_the_largest():
    x = dark.full((1, 1, 2, 2), -7.0)
    y, indices = F.max_pool2d(x, 3, 1, 1, return_indices=True)
    assert (y == -7).all()
    assert indices.min() == 0


@needs_torch
def test_integers_and_half_precision():
    for dtype in ("int8", "int16", "int32", "int64", "uint8", "float16"):
        x = random_array((2, 2, 5, 5), dtype, low=-9, high=9)
        for options in ({}, {"padding": 1, "stride": 2, "return_indices": True}):
            ours, theirs = (pool("max_pool2d", 3, **options)(t, t.tensor(x)) for t in (dark, torch))
            assert_same(ours, theirs, what=dtype)
    for dtype in ("int64", "float16"):
        x = random_array((2, 2, 5, 5), dtype, low=-9, high=9)
        for name, array in (("avg_pool2d", x), ("avg_pool1d", x[0])):
            ours, theirs = (pool(name, 3, 2, 1)(t, t.tensor(array)) for t in (dark, torch))
            assert_same(ours, theirs, rtol=2e-3, atol=2e-3, what=dtype)
    large = np.array([[[[2**62 + 1, 1], [-(2**61), 0]]]])
    for x in (large, -large):
        assert_same(F.avg_pool2d(dark.tensor(x), 2), torch.nn.functional.avg_pool2d(torch.tensor(x), 2))
    x = random_array((2, 2, 5, 7), "float16")
    for size in (1, 3):
        ours, theirs = (pool("adaptive_avg_pool2d", size)(t, t.tensor(x)) for t in (dark, torch))
        assert_same(ours, theirs, rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d", "adaptive_avg_pool2d"])
def test_any_memory_layout_will_do(name):
    function = pool(name, 2)
    check_op(lambda t, x: function(t, x.permute(0, 3, 1, 2)), distinct((2, 4, 5, 3)))
    check_op(lambda t, x: function(t, x[:, :, ::2, 1:]), distinct((2, 2, 7, 6)))
    check_op(lambda t, x: function(t, x.mT), distinct((2, 5, 4)))
    check_op(lambda t, x: function(t, x).permute(0, 2, 3, 1) * 2, distinct((2, 3, 4, 4)))
    check_op(lambda t, x: function(t, x).sum(), distinct((2, 3, 4, 4)))


def test_the_result_is_no_view_of_the_input():
    for function in (
        lambda x: F.max_pool2d(x, 1), lambda x: F.avg_pool2d(x, 1), lambda x: F.adaptive_avg_pool2d(x, 4),
        lambda x: F.adaptive_avg_pool2d(x[:, :, :1, :1], 1),
    ):  # fmt: skip
        x = dark.ones(2, 3, 4, 4)
        function(x).zero_()
        assert x.sum() == 96


def test_pooling_remembers_one_byte_for_each_window():
    y = F.max_pool2d(dark.rand(2, 3, 8, 8, requires_grad=True), 2)
    kept = [cell.cell_contents for cell in y.grad_fn.gradients[0].__closure__]
    arrays = [x for x in kept if hasattr(x, "dtype")]
    assert [(x.shape, x.dtype) for x in arrays] == [((2, 3, 4, 4), np.uint8)]


MODULES = [
    ("MaxPool2d", (2,), {}, (2, 3, 5, 6)),
    ("MaxPool2d", (3, 2, 1), {"ceil_mode": True, "return_indices": True}, (2, 3, 5, 6)),
    ("MaxPool2d", ((3, 2), (2, 1), (1, 0), (1, 2), True, True), {}, (3, 7, 6)),
    ("MaxPool1d", (2,), {}, (2, 3, 5)),
    ("MaxPool1d", (3, 2, 1, 1, True, True), {}, (2, 3, 5)),
    ("MaxPool1d", ((3,),), {"stride": (1,)}, (3, 5)),
    ("AvgPool2d", (2,), {}, (2, 3, 5, 6)),
    ("AvgPool2d", ((3, 2), (2, 1), (1, 0), True, False, 7), {}, (3, 7, 6)),
    ("AvgPool1d", (2,), {}, (2, 3, 5)),
    ("AvgPool1d", (3, 2, 1, True, False), {}, (3, 5)),
    ("AvgPool1d", ((3,), (2,), (1,)), {}, (3, 5)),
    ("AdaptiveAvgPool2d", (1,), {}, (2, 3, 5, 6)),
    ("AdaptiveAvgPool2d", ((None, 2),), {}, (3, 5, 6)),
    ("AdaptiveAvgPool1d", (2,), {}, (2, 3, 5)),
    ("AdaptiveMaxPool2d", ((2, None), True), {}, (2, 3, 5, 6)),  # beyond
    ("AdaptiveMaxPool2d", (), {"output_size": 3}, (3, 5, 6)),  # beyond
    ("AdaptiveMaxPool1d", (2, True), {}, (2, 3, 5)),  # beyond
]


@needs_torch
@pytest.mark.parametrize(("name", "sizes", "options", "shape"), MODULES)
def test_modules_are_pytorchs(name, sizes, options, shape):
    def make(t):
        return getattr(t.nn, name)(*sizes, **options)

    assert repr(make(dark)) == repr(make(torch))
    assert list(make(dark).state_dict()) == []
    check_op(lambda t, x: make(t)(x), distinct(shape))


# Errors

X = dark.zeros(2, 3, 4, 5)
WRONG = [
    (lambda f, x: f.max_pool2d(x[0, 0], 2), RuntimeError, r"max_pool2d: .*\(N, C, H, W\) or .* not \(4, 5\)"),
    (lambda f, x: f.max_pool2d(x[None], 2), RuntimeError, r"max_pool2d: .* not \(1, 2, 3, 4, 5\)"),
    (lambda f, x: f.max_pool2d(x[:, :0], 2), RuntimeError,
     r"max_pool2d: .*only N may be 0, not \(2, 0, 4, 5\)"),
    (lambda f, x: f.max_pool2d(x[0, :, :0], 1), RuntimeError, r"max_pool2d: .* not \(3, 0, 5\)"),
    (lambda f, x: f.max_pool2d(x, 5), RuntimeError, r"max_pool2d: no window .* \(5, 5\).*\(2, 3, 4, 5\)"),
    (lambda f, x: f.max_pool2d(x, 3, dilation=2), RuntimeError, r"max_pool2d: no window .*dilation \(2, 2\)"),
    (lambda f, x: f.max_pool2d(x, 0), RuntimeError, r"max_pool2d: kernel_size is at least 1, not 0"),
    (lambda f, x: f.max_pool2d(x, 2, (1, 0)), RuntimeError,
     r"max_pool2d: stride is at least 1, not \(1, 0\)"),
    (lambda f, x: f.max_pool2d(x, 2, dilation=0), RuntimeError, r"max_pool2d: dilation is at least 1"),
    (lambda f, x: f.max_pool2d(x, 2, padding=-1), RuntimeError, r"max_pool2d: padding is at least 0, not -1"),
    (lambda f, x: f.max_pool2d(x, 3, padding=2), RuntimeError,
     r"max_pool2d: padding is at most half of kernel_size 3, not 2"),
    (lambda f, x: f.max_pool2d(x, 3, 1, 2, 2), RuntimeError,
     r"max_pool2d: padding is at most half of kernel_size 3, not 2"),
    (lambda f, x: f.max_pool2d(x, 2, 1, (1, 2)), RuntimeError,
     r"max_pool2d: padding is at most half .*, not 2"),
    (lambda f, x: f.max_pool2d(x, (2, 2, 2)), RuntimeError, r"max_pool2d: kernel_size is one number or two"),
    (lambda f, x: f.max_pool2d(x, 2.0), TypeError, r"max_pool2d: kernel_size is made of integers, not 2.0"),
    (lambda f, x: f.max_pool2d(x, True), TypeError, r"max_pool2d: kernel_size is made of integers, not True"),
    (lambda f, x: f.max_pool2d(x, 2, "1"), TypeError, r"max_pool2d: stride is made of integers, not '1'"),
    (lambda f, x: f.max_pool2d(x > 0, 2), NotImplementedError, r"max_pool2d: .*bool"),
    (lambda f, x: f.max_pool2d([1.0], 2), TypeError, r"max_pool2d: expected a Tensor, got list"),
    (lambda f, x: f.max_pool1d(x, 2), RuntimeError,
     r"max_pool1d: .*\(N, C, L\) or \(C, L\).* not \(2, 3, 4, 5\)"),
    (lambda f, x: f.max_pool1d(x[0, 0, 0], 2), RuntimeError, r"max_pool1d: .* not \(5,\)"),
    (lambda f, x: f.max_pool1d(x[0, :, :0], 2), RuntimeError, r"max_pool1d: .* not \(3, 0, 5\)"),
    (lambda f, x: f.max_pool1d(x[0], 6), RuntimeError,
     r"max_pool1d: no window .* \(6,\) .*\(3, 4, 5\)"),
    (lambda f, x: f.max_pool1d(x[0], (2, 2)), RuntimeError,
     r"max_pool1d: kernel_size is one number, not \(2, 2\)"),
    (lambda f, x: f.max_pool1d(x[0], 3, padding=2), RuntimeError, r"max_pool1d: padding is at most half"),
    (lambda f, x: f.max_pool1d(x[0].int(), 2), NotImplementedError, r"max_pool1d: .*int32.*\(3, 4, 5\)"),
    (lambda f, x: f.avg_pool2d(x, 3, padding=2), RuntimeError, r"avg_pool2d: padding is at most half"),
    (lambda f, x: f.avg_pool2d(x, 2, divisor_override=0), RuntimeError, r"avg_pool2d: divisor_override .* 0"),
    (lambda f, x: f.avg_pool2d(x, 5), RuntimeError, r"avg_pool2d: no window"),
    (lambda f, x: f.avg_pool2d(x, 2, 0), RuntimeError, r"avg_pool2d: stride is at least 1"),
    (lambda f, x: f.avg_pool2d(x[:, :0], 2), RuntimeError, r"avg_pool2d: .* not \(2, 0, 4, 5\)"),
    (lambda f, x: f.avg_pool2d(x.int(), 2), NotImplementedError, r"avg_pool2d: .*int32"),
    (lambda f, x: f.avg_pool1d(x, 2), RuntimeError, r"avg_pool1d: .*\(C, L\)"),
    (lambda f, x: f.avg_pool1d(x[0], (2, 2)), RuntimeError, r"avg_pool1d: kernel_size is one number"),
    (lambda f, x: f.adaptive_avg_pool2d(x, -1), RuntimeError, r"adaptive_avg_pool2d: output_size .* not -1"),
    (lambda f, x: f.adaptive_avg_pool2d(x, (2,)), RuntimeError,
     r"adaptive_avg_pool2d: .* or two, .* not \(2,\)"),
    (lambda f, x: f.adaptive_avg_pool2d(x, (1, 2, 3)), RuntimeError, r"adaptive_avg_pool2d: .* \(1, 2, 3\)"),
    (lambda f, x: f.adaptive_avg_pool2d(x, 2.0), TypeError, r"adaptive_avg_pool2d: .*integers, not 2.0"),
    (lambda f, x: f.adaptive_avg_pool2d(x[0, 0], 2), RuntimeError, r"adaptive_avg_pool2d: .* not \(4, 5\)"),
    (lambda f, x: f.adaptive_avg_pool2d(x[:, :, :0], 2), RuntimeError,
     r"adaptive_avg_pool2d: .*\(2, 3, 0, 5\)"),
    (lambda f, x: f.adaptive_avg_pool2d(x.long(), 2), NotImplementedError, r"adaptive_avg_pool2d: .*int64"),
    (lambda f, x: f.adaptive_avg_pool1d(x[0], None), TypeError, r"adaptive_avg_pool1d: .*integers, not None"),
    (lambda f, x: f.adaptive_avg_pool1d(x[0], (1, 2)), RuntimeError, r"adaptive_avg_pool1d: .* one number"),
    (lambda f, x: f.adaptive_avg_pool1d(x, 2), RuntimeError, r"adaptive_avg_pool1d: .* not \(2, 3, 4, 5\)"),
    (lambda f, x: f.adaptive_max_pool2d(x, -1), RuntimeError, r"adaptive_max_pool2d: .* not -1"),  # beyond
    (lambda f, x: f.adaptive_max_pool2d(x[0, 0], 2), RuntimeError,  # beyond
     r"adaptive_max_pool2d: .*\(4, 5\)"),
    (lambda f, x: f.adaptive_max_pool2d(x.int(), 2), NotImplementedError,  # beyond
     r"adaptive_max_pool2d: .*int32"),
    (lambda f, x: f.adaptive_max_pool1d(x, 2), RuntimeError,  # beyond
     r"adaptive_max_pool1d: .* not \(2, 3, 4, 5\)"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[m for _, _, m in WRONG])
def test_wrong_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call(F, X)
    if torch is not None:
        with pytest.raises((error, IndexError)):
            call(torch.nn.functional, torch.zeros(2, 3, 4, 5))


def test_a_layer_checks_when_it_is_called():
    with pytest.raises(RuntimeError, match=r"max_pool2d: no window"):
        nn.MaxPool2d(9)(X)
