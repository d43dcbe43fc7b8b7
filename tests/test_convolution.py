"""Convolution: values, gradients and second derivatives, odd shapes, layouts, layers, errors."""  # dark-5

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, random_array, torch
from dark import kernels
from dark.kernels import reference
from dark.nn import functional as F

# PyTorch's: "same" with an even kernel may copy the input
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same'")

# input (N, C, H, W), weight (K, C/groups, kh, kw), options
CASES = [
    ((2, 3, 5, 6), (4, 3, 3, 3), {}),
    ((2, 3, 5, 6), (4, 3, 3, 3), {"padding": 1}),
    ((2, 3, 5, 6), (4, 3, 1, 1), {}),
    ((2, 3, 5, 6), (4, 3, 1, 1), {"stride": 2, "padding": 1}),
    ((2, 2, 5, 6), (3, 2, 2, 3), {"padding": (0, 2), "stride": (3, 1)}),
    ((1, 2, 7, 6), (3, 2, 3, 2), {"dilation": 2, "padding": (2, 1), "stride": 2}),
    ((2, 2, 7, 8), (2, 2, 2, 3), {"dilation": (3, 2), "stride": (1, 2)}),
    ((2, 2, 7, 9), (2, 2, 2, 2), {"stride": 3}),  # pixels between the windows, and some left over
    ((1, 2, 8, 8), (2, 2, 3, 3), {"stride": 2, "padding": 1}),  # the last line meets no window
    ((2, 2, 2, 1), (3, 2, 3, 4), {"padding": (1, 2)}),  # a kernel larger than the picture
    ((1, 1, 1, 1), (2, 1, 3, 3), {"padding": 1}),
    ((2, 1, 3, 3), (1, 1, 3, 3), {}),
    ((1, 1, 2, 2), (1, 1, 1, 1), {"padding": 2, "stride": 3}),
    ((2, 4, 4, 5), (6, 2, 3, 2), {"groups": 2, "padding": 1}),
    ((2, 6, 5, 4), (3, 2, 2, 2), {"groups": 3, "dilation": 2, "stride": (2, 1), "padding": (1, 0)}),
    ((2, 3, 5, 4), (3, 1, 3, 3), {"groups": 3, "padding": 1}),  # depthwise
    ((2, 3, 5, 4), (6, 1, 3, 3), {"groups": 3, "stride": 2, "padding": 1}),  # ... with a multiplier
    ((2, 3, 4, 5), (2, 3, 3, 3), {"padding": "valid", "stride": 2}),
    ((2, 3, 4, 5), (2, 3, 3, 3), {"padding": "same"}),
    ((2, 3, 4, 5), (2, 3, 2, 4), {"padding": "same"}),
    ((2, 2, 4, 5), (2, 2, 4, 3), {"padding": "same", "dilation": (1, 3)}),
    ((1, 2, 3, 3), (2, 1, 2, 2), {"padding": "same", "dilation": 3, "groups": 2}),
    ((0, 3, 5, 6), (4, 3, 3, 3), {"padding": 1}),
    ((3, 5, 6), (4, 3, 3, 3), {"padding": (1, 0)}),
    ((2, 5, 6), (3, 2, 2, 2), {"padding": "same"}),
    ((2, 3, 5, 6), (2, 3, 2, 2), {"stride": (2,), "padding": [1], "dilation": [1, 2]}),
]
LINES = [  # input (N, C, L), weight (K, C/groups, k), options
    ((2, 3, 7), (4, 3, 3), {}),
    ((2, 2, 7), (3, 2, 3), {"stride": 2, "padding": 2, "dilation": 2}),
    ((2, 4, 6), (4, 2, 2), {"stride": (3,), "padding": [1], "groups": 2}),
    ((2, 2, 6), (4, 1, 4), {"padding": "same", "groups": 2}),
    ((2, 2, 6), (3, 2, 2), {"padding": "same", "dilation": 3}),
    ((2, 2, 6), (3, 2, 3), {"padding": "valid", "stride": 2}),
    ((2, 6), (3, 2, 1), {}),
    ((0, 2, 6), (3, 2, 3), {"padding": 1}),
]
ALL = [("conv2d", *case) for case in CASES] + [("conv1d", *case) for case in LINES]
each_case = pytest.mark.parametrize(
    ("name", "shape", "weight", "options"), ALL, ids=[f"{n} {s} {w} {o}" for n, s, w, o in ALL]
)


def arrays(shape, weight, dtype="float32"):
    """An input, a weight and a bias."""
    return random_array(shape, dtype), random_array(weight, dtype, seed=1), random_array(weight[:1], dtype)


def conv(name, options):
    """The function of an input, a weight and maybe a bias."""
    return lambda t, *tensors: getattr(t.nn.functional, name)(*tensors, **options)


@each_case
def test_values_gradients_and_second_derivatives(name, shape, weight, options):
    x, w, b = arrays(shape, weight)
    check_op(conv(name, options), x, w, b, rtol=1e-4, atol=1e-4)
    check_op(conv(name, options), *(a.astype("float64") for a in (x, w)))


def test_options_are_taken_by_position_in_pytorchs_order():
    x, w, b = arrays((2, 4, 7, 6), (2, 2, 2, 2), "float64")
    check_op(lambda t, x, w, b: t.nn.functional.conv2d(x, w, b, (2, 1), (1, 0), (2, 3), 2), x, w, b)
    check_op(lambda t, x, w, b: t.conv2d(x, w, b, 2, 1, 1, 2), x, w, b)
    check_op(lambda t, x, w, b: t.conv1d(x, w, b, 2, 1, 3, 2), x[0, :, :4], w[0], b)


def test_third_derivatives():
    x, w = (dark.tensor(a, requires_grad=True) for a in arrays((1, 2, 4, 4), (2, 1, 2, 2), "float64")[:2])

    def second(x, w):
        y = F.conv2d(x, w, stride=2, padding=1, groups=2) ** 3
        (g,) = dark.autograd.grad(y.sum(), x, create_graph=True)
        return dark.autograd.grad((g * g).sum(), w, create_graph=True)[0]

    assert dark.autograd.gradcheck(second, [x, w])


def test_any_memory_layout_will_do():
    f = conv("conv2d", {"padding": 1})
    x, w, b = arrays((2, 5, 6, 3), (2, 3, 3, 4), "float64")
    check_op(lambda t, x, w: f(t, x.permute(0, 3, 1, 2), w.permute(3, 2, 0, 1)), x, w)
    check_op(lambda t, x, w, b: f(t, x.permute(0, 3, 1, 2), w.permute(3, 2, 0, 1), b.expand(4)), x, w, b[:1])
    x, w, b = arrays((4, 3, 5, 7), (4, 3, 3, 3), "float64")
    check_op(lambda t, x, w, b: f(t, x[::2, :, 1:, ::2], w[:2, :, :, 1:], b[::2]), x, w, b)
    check_op(lambda t, x, w: f(t, x.mT, w.transpose(0, 2)[:, :3]), x, w[:3])
    check_op(lambda t, x, w: f(t, x.expand(2, 3, 5, 5), w), x[:1, :1, :1, :5], w)


def test_gradients_of_any_memory_layout_will_do():
    x, w, b = arrays((2, 3, 5, 6), (4, 3, 2, 2), "float64")
    f = conv("conv2d", {"stride": 2, "padding": 1})
    up = random_array((2, 3, 4, 4), "float64")  # channels last
    check_op(lambda t, x, w, b, g: (f(t, x, w, b).permute(0, 2, 3, 1) * g).sum(), x, w, b, up)
    check_op(lambda t, x, w, b: f(t, x, w, b)[:, ::2, 1:], x, w, b)
    check_op(lambda t, x, w, b: f(t, x, w, b).sum(), x, w, b)
    check_op(lambda t, x, w, b: f(t, x, w, b).sum((0, 2)), x, w, b)


@pytest.mark.parametrize("order", [(0, 2, 3, 1), (3, 1, 0, 2)])  # channels last, and one that nobody uses
def test_results_of_kernels_in_any_memory_layout_will_do(order, monkeypatch):
    def elsewhere(kernel):
        return lambda *a: kernel(*a).transpose(order).copy().transpose(tuple(np.argsort(order)))

    used = kernels.of(dark.zeros(1).array)
    for name in ("conv2d", "conv2d_input", "conv2d_weight"):
        monkeypatch.setattr(used, name, elsewhere(getattr(used, name)))
    for name, shape, weight, options in ALL[4:9] + ALL[13:20] + ALL[23:28]:
        check_op(conv(name, options), *arrays(shape, weight, "float64"), differences=False)


def test_an_input_used_twice_gets_both_gradients():
    x, w, b = arrays((2, 3, 5, 5), (3, 3, 3, 3), "float64")
    f = conv("conv2d", {"padding": 1})
    check_op(lambda t, x, w, b: f(t, f(t, x, w, b), w) + x, x, w, b, rtol=1e-4)
    check_op(lambda t, x: f(t, x, x), x[:, :, :3, :3].repeat(2, 0)[:3])


def spied(monkeypatch):
    """A list of the names of the kernels as they are called."""
    called, used = [], kernels.of(dark.zeros(1).array)
    for name in ("conv2d", "conv2d_input", "conv2d_weight"):
        kernel = getattr(used, name)
        monkeypatch.setattr(used, name, lambda *a, n=name, k=kernel: (called.append(n), k(*a))[1])
    return called


def test_gradients_that_nobody_wants_are_not_computed(monkeypatch):
    called = spied(monkeypatch)
    x, w, b = (dark.tensor(a) for a in arrays((2, 3, 5, 5), (3, 3, 3, 3)))
    for wanted, named in ((x, ["conv2d_input"]), (w, ["conv2d_weight"]), (b, [])):
        called.clear()
        wanted.requires_grad_()
        F.conv2d(x, w, b).sum().backward()
        assert called == ["conv2d", *named]
        assert wanted.grad is not None
        wanted.requires_grad_(False)
    called.clear()
    assert not F.conv2d(x, w, b).requires_grad


def test_the_gradient_of_a_bias_is_exact_however_many_numbers_it_sums():
    g = random_array((2, 60, 60, 4), low=0).transpose(0, 3, 1, 2)  # channels last: NumPy adds row by row
    b = dark.zeros(4, requires_grad=True)
    F.conv2d(dark.zeros(2, 1, 60, 60), dark.ones(4, 1, 1, 1), b).backward(dark.from_numpy(g).to(b.device))
    np.testing.assert_allclose(b.grad, g.sum((0, 2, 3), dtype="float64"), rtol=1e-7)


def test_the_graph_shows_pytorchs_names():
    x, w, b = (dark.tensor(a, requires_grad=True) for a in arrays((2, 3, 5, 5), (3, 3, 3, 3)))
    node = F.conv2d(x, w, b).grad_fn
    assert repr(node) == "<ConvolutionBackward0>"
    assert [edge.variable for edge, _ in node.next_functions] == [x, w, b]


@needs_torch
def test_half_precision_and_integers():
    for dtype, tolerance in (("float16", 4e-3), ("int32", 0), ("int64", 0), ("uint8", 0)):
        given = arrays((2, 4, 5, 5), (4, 2, 3, 3), dtype)
        ours = F.conv2d(*(dark.tensor(a) for a in given), padding=1, groups=2)
        theirs = torch.nn.functional.conv2d(*(torch.tensor(a) for a in given), padding=1, groups=2)
        assert_same(ours, theirs, rtol=tolerance, atol=tolerance, what=dtype)


# Kernels

GEOMETRIES = [  # size, kernel, stride, padding, dilation
    ((4, 5), (2, 3), (1, 1), (0, 0), (1, 1)),
    ((7, 6), (3, 2), (2, 3), (1, 2), (1, 2)),
    ((5, 5), (2, 2), (3, 3), (0, 1), (3, 1)),
    ((1, 1), (3, 3), (1, 1), (1, 1), (1, 1)),
    ((6, 3), (1, 1), (2, 2), (0, 0), (4, 4)),
]
COUNTS = [(2, 3, 2, 1), (1, 4, 6, 2), (2, 3, 3, 3), (0, 2, 2, 1)]


def by_loops(x, weight, bias, stride, padding, dilation, groups):
    """Convolution as its definition says, number by number."""
    (n, _, *size), (k, share, *kernel) = x.shape, weight.shape
    places = reference.windows.positions(size, kernel, stride, padding, dilation)
    y = np.zeros((n, k, *places))
    for image, f, down, across in np.ndindex(*y.shape):
        first = f // (k // groups) * share  # channel of the filter's group
        total = bias[f]
        for c, i, j in np.ndindex(share, *kernel):
            row = down * stride[0] + i * dilation[0] - padding[0]
            column = across * stride[1] + j * dilation[1] - padding[1]
            if 0 <= row < size[0] and 0 <= column < size[1]:
                total += weight[f, c, i, j] * x[image, first + c, row, column]
        y[image, f, down, across] = total
    return y


@pytest.mark.parametrize(("size", "kernel", "stride", "padding", "dilation"), GEOMETRIES)
@pytest.mark.parametrize(("n", "channels", "k", "groups"), COUNTS)
def test_the_reference_is_the_definition(size, kernel, stride, padding, dilation, n, channels, k, groups):
    options = (stride, padding, dilation, groups)
    x, weight, bias = arrays((n, channels, *size), (k, channels // groups, *kernel), "float64")
    y = reference.conv2d(x, weight, bias, *options)
    np.testing.assert_allclose(y, by_loops(x, weight, bias, *options), rtol=1e-12, atol=1e-12)
    assert y.flags.c_contiguous

    # a convolution is linear in x and in the weight; its gradients are the adjoint maps
    g = random_array(y.shape, "float64", seed=2)
    plain = reference.conv2d(x, weight, None, *options)
    dx = reference.conv2d_input(g, weight, size, *options)
    dw = reference.conv2d_weight(g, x, kernel, *options)
    assert dx.shape == x.shape
    assert dw.shape == weight.shape
    np.testing.assert_allclose((dx * x).sum(), (g * plain).sum(), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose((dw * weight).sum(), (g * plain).sum(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_the_reference_keeps_types_and_inputs(dtype):
    x, weight, bias = arrays((2, 4, 5, 4), (4, 2, 3, 3), dtype)
    g = random_array((2, 4, 5, 4), dtype, seed=2)
    for a in (x, weight, bias, g):
        a.flags.writeable = False
    options = ((1, 1), (1, 1), (1, 1), 2)
    results = (
        reference.conv2d(x, weight, bias, *options),
        reference.conv2d_input(g, weight, (5, 4), *options),
        reference.conv2d_weight(g, x, (3, 3), *options),
    )
    assert [a.dtype.name for a in results] == [dtype] * 3
    assert all(a.flags.writeable for a in results)


# Errors

X, W, B = dark.zeros(2, 4, 5, 6), dark.zeros(6, 4, 3, 3), dark.zeros(6)
WRONG = [
    (lambda t, x, w, b: t.conv2d(x[0, 0], w), RuntimeError,
     r"conv2d: expected input \(N, C, H, W\).*\(5, 6\)"),
    (lambda t, x, w, b: t.conv2d(x[None], w), RuntimeError, r"conv2d: expected .*\(1, 2, 4, 5, 6\)"),
    (lambda t, x, w, b: t.conv2d(x, w[0]), RuntimeError, r"and weight \(K, C/groups, kh, kw\).*\(4, 3, 3\)"),
    (lambda t, x, w, b: t.conv2d(x[:, :3], w), RuntimeError,
     r"conv2d: input has 3 channels, weight expects 4 \(input \(2, 3, 5, 6\), weight \(6, 4, 3, 3\)\)"),
    (lambda t, x, w, b: t.conv2d(x[0, :3], w), RuntimeError, r"input has 3 channels, weight expects 4"),
    (lambda t, x, w, b: t.conv2d(x, w, groups=2), RuntimeError, r"expects 8, 4 for each of 2 groups"),
    (lambda t, x, w, b: t.conv2d(x, w[:5, :2], groups=2), RuntimeError, r"5 filters .* among 2 groups"),
    (lambda t, x, w, b: t.conv2d(x, w, groups=0), RuntimeError, r"conv2d: groups is at least 1, not 0"),
    (lambda t, x, w, b: t.conv2d(x, w, groups=1.0), TypeError, r"conv2d: groups is an integer, not 1.0"),
    (lambda t, x, w, b: t.conv2d(x, w, groups=True), TypeError, r"conv2d: groups is an integer, not True"),
    (lambda t, x, w, b: t.conv2d(x[:, :, :2], w), RuntimeError,
     r"conv2d: a kernel \(3, 3\) with dilation \(1, 1\) does not fit into \(2, 6\) with padding \(0, 0\)"),
    (lambda t, x, w, b: t.conv2d(x, w, padding=1, dilation=(4, 1)), RuntimeError,
     r"does not fit into \(5, 6\)"),
    (lambda t, x, w, b: t.conv2d(x, w, padding="valid", dilation=4), RuntimeError, r"with padding valid"),
    (lambda t, x, w, b: t.conv2d(x[:, :, :0], w, padding=2), RuntimeError,
     r"nothing but the batch can be empty"),
    (lambda t, x, w, b: t.conv2d(x, w[:0]), RuntimeError, r"conv2d: nothing but the batch .*\(0, 4, 3, 3\)"),
    (lambda t, x, w, b: t.conv2d(x, w, b[:5]), RuntimeError, r"conv2d: expected bias \(6,\), not \(5,\)"),
    (lambda t, x, w, b: t.conv2d(x, w, b[:1]), RuntimeError, r"conv2d: expected bias \(6,\), not \(1,\)"),
    (lambda t, x, w, b: t.conv2d(x, w, b[:, None]), RuntimeError, r"expected bias \(6,\), not \(6, 1\)"),
    (lambda t, x, w, b: t.conv2d(x, w.double()), RuntimeError,
     r"same dtype \(input float32, weight float64\)"),
    (lambda t, x, w, b: t.conv2d(x, w, b.double()), RuntimeError, r"weight float32, bias float64"),
    (lambda t, x, w, b: t.conv2d(x.long(), w), RuntimeError, r"input int64, weight float32"),
    (lambda t, x, w, b: t.conv2d(x.bool(), w.bool()), NotImplementedError, r"conv2d: not defined for bool"),
    (lambda t, x, w, b: t.conv2d(x, w, stride=0), RuntimeError, r"conv2d: stride is at least 1, not 0"),
    (lambda t, x, w, b: t.conv2d(x, w, stride=(1, -1)), RuntimeError, r"stride is at least 1, not \(1, -1\)"),
    (lambda t, x, w, b: t.conv2d(x, w, dilation=0), RuntimeError, r"dilation is at least 1, not 0"),
    (lambda t, x, w, b: t.conv2d(x, w, padding=-1), RuntimeError, r"padding is at least 0, not -1"),
    (lambda t, x, w, b: t.conv2d(x, w, padding=(1, 1, 1)), RuntimeError, r"padding is one number or 2, not"),
    (lambda t, x, w, b: t.conv2d(x, w, padding=1.0), TypeError, r"padding is made of integers, not 1.0"),
    (lambda t, x, w, b: t.conv2d(x, w, stride="2"), TypeError, r"stride is made of integers, not '2'"),
    (lambda t, x, w, b: t.conv2d(x, w, padding="full"), RuntimeError,
     r"'same', 'valid' or numbers, not 'full'"),
    (lambda t, x, w, b: t.conv2d(x, w, padding="same", stride=(1, 2)), RuntimeError, r"with stride 1 only"),
    (lambda t, x, w, b: t.conv2d([1.0], w), TypeError, r"conv2d: expected a Tensor, got list"),
    (lambda t, x, w, b: t.conv2d(x, None), TypeError, r"conv2d: expected a Tensor, got NoneType"),
    (lambda t, x, w, b: t.conv2d(x, w, 1.0), TypeError, r"conv2d: expected a Tensor, got float"),
    (lambda t, x, w, b: t.conv1d(x, w[0]), RuntimeError, r"conv1d: expected input \(N, C, L\) or \(C, L\)"),
    (lambda t, x, w, b: t.conv1d(x[0], w[0]), RuntimeError,
     r"conv1d: input has 5 channels, weight expects 3 \(input \(4, 5, 6\), weight \(4, 3, 3\)\)"),
    (lambda t, x, w, b: t.conv1d(x[0, :, :3], w[0], stride=(1, 1)), RuntimeError,
     r"stride is one number or 1"),
    (lambda t, x, w, b: t.conv1d(x[0, :, :3], w[0], dilation=3), RuntimeError,
     r"conv1d: .*does not fit into \(6,\)"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[m for _, _, m in WRONG])
def test_wrong_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call(F, X, W, B)
    if torch is not None:
        with pytest.raises(error):
            call(torch.nn.functional, *(torch.tensor(a.numpy()) for a in (X, W, B)))
