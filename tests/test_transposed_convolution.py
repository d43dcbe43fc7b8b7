"""Transposed convolution: values, gradients, second derivatives, odd shapes, layers, errors."""  # dark-6

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, random_array, torch
from dark import nn
from dark.nn import functional as F
from test_convolution import spied
from test_convolution_layers import ATTRIBUTES, in_order, make

# input (N, C, H, W), weight (C, K/groups, kh, kw), options
CASES = [
    ((2, 3, 4, 5), (3, 4, 3, 3), {}),
    ((2, 3, 4, 5), (3, 4, 2, 3), {}),
    ((2, 3, 4, 3), (3, 2, 2, 2), {"stride": 2}),  # UNet's: windows that do not overlap
    ((2, 3, 4, 3), (3, 2, 4, 4), {"stride": 2, "padding": 1}),  # DCGAN's
    ((2, 3, 1, 1), (3, 4, 4, 4), {}),  # ... and its first one
    ((2, 3, 4, 5), (3, 4, 1, 1), {}),
    ((2, 3, 4, 5), (3, 4, 1, 1), {"stride": 3, "output_padding": (2, 1)}),  # pixels that no window reaches
    ((2, 2, 3, 4), (2, 3, 2, 3), {"stride": (3, 1), "padding": (0, 2)}),
    ((2, 2, 3, 4), (2, 3, 3, 3), {"stride": 2, "padding": 1, "output_padding": 1}),
    ((2, 2, 3, 4), (2, 3, 3, 2), {"stride": (2, 3), "padding": (1, 0), "output_padding": (0, 2)}),
    ((1, 2, 4, 3), (2, 3, 3, 2), {"dilation": 2, "padding": (2, 1), "stride": 2}),
    ((2, 2, 3, 3), (2, 2, 2, 3), {"dilation": (3, 2), "stride": (1, 2)}),
    ((2, 2, 3, 3), (2, 2, 2, 3), {"dilation": 3, "output_padding": (2, 1)}),  # more than the stride
    ((2, 2, 3, 3), (2, 3, 2, 2), {"dilation": 4, "stride": (2, 1), "output_padding": 3, "padding": (3, 1)}),
    ((2, 3, 2, 2), (3, 2, 3, 3), {"padding": 1}),
    ((1, 1, 3, 3), (1, 1, 3, 3), {"padding": 2}),  # a single pixel is left
    ((2, 4, 3, 4), (4, 3, 3, 2), {"groups": 2, "padding": 1}),
    ((2, 6, 3, 2), (6, 1, 2, 2), {"groups": 3, "dilation": 2, "stride": (2, 1), "padding": (1, 0)}),
    ((2, 3, 4, 3), (3, 1, 3, 3), {"groups": 3, "padding": 1, "stride": 2, "output_padding": 1}),  # depthwise
    ((2, 3, 4, 3), (3, 2, 3, 3), {"groups": 3, "stride": 2}),  # ... with a multiplier
    ((0, 3, 4, 5), (3, 4, 3, 3), {"padding": 1}),
    ((3, 4, 5), (3, 4, 3, 3), {"padding": (1, 0)}),
    ((2, 3, 2, 3), (3, 2, 2, 2), {"stride": (2,), "padding": [1], "dilation": [1, 2]}),
]
LINES = [  # input (N, C, L), weight (C, K/groups, k), options
    ((2, 3, 4), (3, 4, 3), {}),
    ((2, 2, 4), (2, 3, 3), {"stride": 2, "padding": 2, "dilation": 2}),
    ((2, 4, 3), (4, 2, 2), {"stride": (3,), "padding": [1], "groups": 2, "output_padding": 2}),
    ((2, 2, 3), (2, 1, 4), {"groups": 2, "dilation": 3, "output_padding": 2}),
    ((2, 4), (2, 3, 1), {}),
    ((0, 2, 4), (2, 3, 3), {"padding": 1}),
]
ALL = [("conv_transpose2d", *case) for case in CASES] + [("conv_transpose1d", *case) for case in LINES]
each_case = pytest.mark.parametrize(
    ("name", "shape", "weight", "options"), ALL, ids=[f"{n} {s} {w} {o}" for n, s, w, o in ALL]
)


def arrays(shape, weight, dtype="float32", groups=1):
    """An input, a weight and a bias."""
    bias = random_array((weight[1] * groups,), dtype)
    return random_array(shape, dtype), random_array(weight, dtype, seed=1), bias


def conv(name, options):
    """The function of an input, a weight and maybe a bias."""
    return lambda t, *tensors: getattr(t.nn.functional, name)(*tensors, **options)


@each_case
def test_values_gradients_and_second_derivatives(name, shape, weight, options):
    x, w, b = arrays(shape, weight, groups=options.get("groups", 1))
    check_op(conv(name, options), x, w, b, rtol=1e-4, atol=1e-4)
    check_op(conv(name, options), *(a.astype("float64") for a in (x, w)))


def test_options_are_taken_by_position_in_pytorchs_order():
    x, w, b = arrays((2, 4, 3, 4), (4, 2, 2, 2), "float64", groups=2)
    f = lambda t, x, w, b: t.nn.functional.conv_transpose2d(x, w, b, (2, 1), (1, 0), (1, 0), 2, (2, 3))
    check_op(f, x, w, b)
    check_op(lambda t, x, w, b: t.conv_transpose2d(x, w, b, 2, 1, 1, 2, 3), x, w, b)
    check_op(lambda t, x, w, b: t.conv_transpose1d(x, w, b, 2, 1, 1, 2, 3), x[:, :, 0], w[:, :, 0], b)


def test_it_is_the_gradient_of_the_convolution_that_shrinks_as_much():
    for size, options in (((7, 6), {"stride": 2}), ((5, 8), {"padding": 1, "dilation": 2, "groups": 2})):
        shrunk = dark.zeros(2, 4, *size, requires_grad=True)
        w = dark.rand(6, 4 // options.get("groups", 1), 3, 2)
        y = F.conv2d(shrunk, w, **options)
        g = dark.rand(*y.shape)
        y.backward(g)
        lines = [n - m for n, m in zip(size, F.conv_transpose2d(g, w, **options).shape[2:])]
        grown = F.conv_transpose2d(g, w, output_padding=lines, **options)
        assert grown.shape == shrunk.shape
        np.testing.assert_array_equal(grown, shrunk.grad)


def test_third_derivatives():
    x, w, b = (dark.tensor(a, requires_grad=True) for a in arrays((1, 2, 2, 2), (2, 1, 2, 2), "float64"))

    def second(x, w, b):
        y = F.conv_transpose2d(x, w, b, stride=2, padding=1) ** 3
        (g,) = dark.autograd.grad(y.sum(), x, create_graph=True)
        return dark.autograd.grad((g * g).sum(), w, create_graph=True)[0]

    assert dark.autograd.gradcheck(second, [x, w, b])


def test_any_memory_layout_will_do():
    f = conv("conv_transpose2d", {"padding": 1, "stride": 2})
    x, w, b = arrays((2, 4, 3, 3), (2, 3, 4, 3), "float64", groups=2)
    check_op(lambda t, x, w: f(t, x.permute(0, 3, 1, 2), w.permute(3, 2, 0, 1)), x, w)
    x, w, b = arrays((4, 3, 5, 7), (3, 4, 3, 3), "float64")
    check_op(lambda t, x, w, b: f(t, x[::2, :, 1:, ::2], w[:, :2, :, 1:], b[::2]), x, w, b)
    check_op(lambda t, x, w, b: f(t, x.mT, w.transpose(0, 2), b[:1].expand(4)), x, w, b)
    check_op(lambda t, x, w: f(t, x.expand(2, 3, 5, 5), w), x[:1, :1, :1, :5], w)


def test_gradients_of_any_memory_layout_will_do():
    x, w, b = arrays((2, 3, 3, 2), (3, 4, 2, 2), "float64")
    f = conv("conv_transpose2d", {"stride": 2, "padding": 1})
    up = random_array((2, 4, 2, 4), "float64")  # channels last
    check_op(lambda t, x, w, b, g: (f(t, x, w, b).permute(0, 2, 3, 1) * g).sum(), x, w, b, up)
    check_op(lambda t, x, w, b: f(t, x, w, b)[:, ::2, 1:], x, w, b)
    check_op(lambda t, x, w, b: f(t, x, w, b).sum(), x, w, b)


def test_gradients_that_nobody_wants_are_not_computed(monkeypatch):
    called = spied(monkeypatch)
    x, w, b = (dark.tensor(a) for a in arrays((2, 3, 4, 4), (3, 3, 3, 3)))
    for wanted, kernels in ((x, ["conv2d"]), (w, ["conv2d_weight"]), (b, [])):
        called.clear()
        wanted.requires_grad_()
        F.conv_transpose2d(x, w, b).sum().backward()
        assert called == ["conv2d_input", *kernels]
        assert wanted.grad is not None
        wanted.requires_grad_(False)
    assert not F.conv_transpose2d(x, w, b).requires_grad


def test_the_graph_shows_pytorchs_names():
    x, w, b = (dark.tensor(a, requires_grad=True) for a in arrays((2, 3, 3, 3), (3, 3, 3, 3)))
    node = F.conv_transpose2d(x, w, b).grad_fn
    assert repr(node) == "<ConvolutionBackward0>"
    assert [edge.variable for edge, _ in node.next_functions] == [x, w, b]


@needs_torch
@pytest.mark.parametrize(("dtype", "tolerance"), [("float16", 4e-3), ("int64", 0)])
def test_half_precision_and_integers(dtype, tolerance):
    x, w, b = arrays((2, 4, 3, 3), (4, 2, 3, 3), dtype, groups=2)
    f = conv("conv_transpose2d", {"padding": 1, "groups": 2})
    check_op(f, x, w, b, gradients=False, rtol=tolerance, atol=tolerance)


def test_what_padding_leaves_can_be_nothing():
    x, w, b = arrays((2, 4, 5, 6), (4, 3, 3, 3))
    check_op(conv("conv_transpose2d", {"padding": (3, 4)}), x, w, b, gradients=False)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(
    ("channels", "out", "kernel", "options"),
    [
        (64, 32, 2, {"stride": 2}),
        (32, 64, 4, {"stride": 2, "padding": 1}),
        (32, 3, (2, 3), {"output_padding": 1, "stride": 2}),
        (32, 48, 1, {}),  # a product of matrices
        (32, 32, 3, {"padding": 1}),  # Winograd's algorithm
        (64, 32, 3, {"groups": 2, "dilation": 2}),
        (64, 64, 3, {"groups": 64, "stride": 2}),  # depthwise
    ],
)
@needs_torch
def test_large_pictures_give_what_pytorch_gives(channels, out, kernel, options, bias):
    x = random_array((6, channels, 12, 16))
    assert x.size > 1 << 15  # for compiled kernels
    results = []
    for t in (dark, torch):
        layer = make(t, "ConvTranspose2d", (channels, out, kernel), {"bias": bias, **options})
        given = t.tensor(x, requires_grad=True)
        y = layer(given)
        y.backward(t.tensor(random_array(tuple(y.shape), seed=5)))
        results.append([y, given.grad, *(p.grad for p in layer.parameters())])
    for ours, theirs in zip(*results, strict=True):
        assert_same(ours, theirs, rtol=0, atol=1e-4 * float(theirs.detach().abs().max()))


# Layers

LAYERS = [  # layer, its options, shape of the input
    ("ConvTranspose2d", (3, 4, 3), {}, (2, 3, 4, 5)),
    ("ConvTranspose2d", (3, 4, (3, 2), 2, 1), {"bias": False}, (2, 3, 4, 5)),
    ("ConvTranspose2d", (4, 6, [2, 3], [2, 3], 1, [1, 2], 2, True, (2, 1)), {}, (2, 4, 3, 4)),
    ("ConvTranspose2d", (3, 6, 3), {"groups": 3, "padding": (0, 1), "stride": 2}, (1, 3, 4, 4)),
    ("ConvTranspose2d", (2, 3, 2), {"dtype": "float64", "device": "cpu"}, (2, 3, 3)),
    ("ConvTranspose2d", (2, 3, 1), {"padding_mode": "zeros"}, (0, 2, 3, 3)),
    ("ConvTranspose1d", (3, 4, 3), {}, (2, 3, 5)),
    ("ConvTranspose1d", (4, 6, (4,), (2,), [1], 1, 2, False, 3), {}, (2, 4, 3)),
    ("ConvTranspose1d", (2, 3, 4), {"dtype": "float64", "stride": 2}, (2, 4)),
]
each_layer = pytest.mark.parametrize(("name", "sizes", "options", "shape"), LAYERS)


@needs_torch
@each_layer
def test_a_layer_begins_and_computes_as_pytorchs(name, sizes, options, shape):
    ours, theirs = (make(t, name, sizes, options) for t in (dark, torch))
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert {a: getattr(ours, a) for a in ATTRIBUTES} == {a: getattr(theirs, a) for a in ATTRIBUTES}
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert_same(p, q, rtol=0, atol=0)
    assert dark.rand(1, device="cpu").item() == torch.rand(1).item()  # as many random numbers were drawn

    x = random_array(shape, options.get("dtype", "float32"))
    mine, other = dark.tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    y, z = ours(mine), theirs(other)
    assert_same(y, z)
    up = random_array(tuple(z.shape), options.get("dtype", "float32"), seed=9)
    y.backward(dark.tensor(up))
    z.backward(torch.tensor(up))
    for p, q in zip([mine, *ours.parameters()], [other, *theirs.parameters()]):
        assert_same(p.grad, q.grad, rtol=1e-4)


@needs_torch
@each_layer
def test_weights_are_exchanged_with_pytorch(name, sizes, options, shape):
    ours, theirs = (make(t, name, sizes, options, seed) for t, seed in ((dark, 1), (torch, 2)))
    x = random_array(shape, options.get("dtype", "float32"))
    ours.load_state_dict({key: dark.from_numpy(v.numpy()) for key, v in theirs.state_dict().items()})
    assert_same(ours(dark.tensor(x)), theirs(torch.tensor(x)))


def test_a_weight_keeps_its_order_in_memory():
    layer = nn.ConvTranspose2d(3, 4, 2)
    layer(dark.rand(2, 3, 5, 5)).sum().backward()
    assert in_order(layer.weight)
    dark.optim.Adam(layer.parameters()).step()
    assert in_order(layer.weight)


SIZES = [  # output_size, of which stride 2 or 3 allows several
    ("ConvTranspose2d", (3, 4, 3, (2, 3)), (2, 3, 4, 5), [(9, 15), (10, 17), (2, 4, 10, 16)]),
    ("ConvTranspose2d", (3, 4, (2, 3), 2, 1), (3, 4, 5), [(6, 9), [7, 10], (4, 6, 10)]),
    ("ConvTranspose1d", (3, 4, 3, 3), (2, 3, 4), [(12,), (14,), (2, 4, 13)]),
]


@needs_torch
@pytest.mark.parametrize(("name", "sizes", "shape", "wanted"), SIZES)
def test_a_call_can_ask_for_a_size(name, sizes, shape, wanted):
    ours, theirs = (make(t, name, sizes, {}) for t in (dark, torch))
    x = random_array(shape)
    for size in wanted:
        y = ours(dark.tensor(x), size)
        assert_same(y, theirs(torch.tensor(x), list(size)))
        assert_same(ours(dark.tensor(x), output_size=y.shape), theirs(torch.tensor(x), output_size=y.shape))


# Errors

X, W, B = dark.zeros(2, 4, 5, 6), dark.zeros(4, 6, 3, 3), dark.zeros(6)
WRONG = [
    (lambda t, x, w, b: t.conv_transpose2d(x[0, 0], w), RuntimeError,
     r"conv_transpose2d: expected input \(N, C, H, W\) or \(C, H, W\).*\(5, 6\)"),
    (lambda t, x, w, b: t.conv_transpose2d(x, w[0]), RuntimeError,
     r"and weight \(C, K/groups, kh, kw\).*\(6, 3, 3\)"),
    (lambda t, x, w, b: t.conv_transpose2d(x[:, :3], w), RuntimeError,
     r"input has 3 channels, weight expects 4 \(input \(2, 3, 5, 6\), weight \(4, 6, 3, 3\)\)"),
    (lambda t, x, w, b: t.conv_transpose2d(x, w, groups=3), RuntimeError, r"4 channels .* among 3 groups"),
    (lambda t, x, w, b: t.conv_transpose2d(x, w, groups=0), RuntimeError, r"groups is at least 1, not 0"),
    (lambda t, x, w, b: t.conv_transpose2d(x, w, b[:5]), RuntimeError, r"expected bias \(6,\), not \(5,\)"),
    (lambda t, x, w, b: t.conv_transpose2d(x, w, b, groups=2), RuntimeError, r"expected bias \(12,\), not"),
    (lambda t, x, w, b: t.conv_transpose2d(x, w, output_padding=1), RuntimeError,
     r"transpose2d: output_padding \(1, 1\) must be smaller than stride \(1, 1\) or dilation \(1, 1\)"),
    (lambda t, x, w, b: t.conv_transpose2d(x, w, stride=(3, 2), output_padding=2), RuntimeError,
     r"must be smaller than stride \(3, 2\)"),
    (lambda t, x, w, b: t.conv_transpose2d(x, w, stride=2, output_padding=-1), RuntimeError,
     r"output_padding is at least 0, not -1"),
    (lambda t, x, w, b: t.conv_transpose2d(x, w, padding=5), RuntimeError,
     r"padding \(5, 5\) cuts off more than there is; without it, the result's size is \(7, 8\) \(input"),
    (lambda t, x, w, b: t.conv_transpose2d(x, w, padding="same"), TypeError,
     r"padding is made of integers, not 'same'"),
    (lambda t, x, w, b: t.conv_transpose2d(x, w, stride=0), RuntimeError, r"stride is at least 1, not 0"),
    (lambda t, x, w, b: t.conv_transpose2d(x, w, dilation=0), RuntimeError, r"dilation is at least 1, not 0"),
    (lambda t, x, w, b: t.conv_transpose2d(x[:, :, :0], w), RuntimeError, r"nothing but the batch can be"),
    (lambda t, x, w, b: t.conv_transpose2d(x, w.double()), RuntimeError, r"weight float64"),
    (lambda t, x, w, b: t.conv_transpose2d(x.bool(), w.bool()), NotImplementedError, r"not defined for bool"),
    (lambda t, x, w, b: t.conv_transpose2d(3, w), TypeError, r"expected a Tensor, got int"),
    (lambda t, x, w, b: t.conv_transpose1d(x, w), RuntimeError,
     r"conv_transpose1d: expected input \(N, C, L\) or \(C, L\) and weight \(C, K/groups, k\)"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[m for *_, m in WRONG])
def test_errors_name_the_operation_the_shapes_and_what_was_expected(call, error, message):
    with pytest.raises(error, match=message):
        call(dark, X, W, B)
    if torch is not None:
        with pytest.raises(error):
            call(torch, torch.zeros(2, 4, 5, 6), torch.zeros(4, 6, 3, 3), torch.zeros(6))


WRONG_LAYERS = [
    ({"padding_mode": "reflect"}, r"ConvTranspose2d: padding_mode is 'zeros' here, not 'reflect'"),
    ({"groups": 3}, r"ConvTranspose2d: 4 in_channels and 6 out_channels must be divisible by 3 groups"),
]


@pytest.mark.parametrize(("options", "message"), WRONG_LAYERS)
def test_wrong_options_are_explained(options, message):
    with pytest.raises(ValueError, match=message):
        nn.ConvTranspose2d(4, 6, 3, **options)
    if torch is not None:
        with pytest.raises(ValueError, match=r"groups|padding"):
            torch.nn.ConvTranspose2d(4, 6, 3, **options)


def test_padding_is_no_word():
    with pytest.raises(ValueError, match="ConvTranspose2d: padding is made of integers, not 'same'"):
        nn.ConvTranspose2d(4, 6, 3, padding="same")


def test_sizes_that_cannot_be_are_explained():
    layer, x = nn.ConvTranspose2d(4, 6, 3, stride=2), dark.zeros(2, 4, 5, 6)
    with pytest.raises(ValueError, match=r"output_size is between \(11, 13\) and \(12, 14\) for an input"):
        layer(x, (20, 20))
    with pytest.raises(ValueError, match=r"not \(13, 13\)"):  # a line too many
        layer(x, (13, 13))
    with pytest.raises(ValueError, match=r"output_size has 2 numbers, or, with .*, 4, not \(6, 11, 13\)"):
        layer(x, output_size=(6, 11, 13))
    with pytest.raises(RuntimeError, match=r"conv_transpose2d: expected input"):
        layer(x[0, 0], (11, 13))
