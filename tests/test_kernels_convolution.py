"""Compiled convolutions: each algorithm gives the reference's numbers, whatever the shapes."""  # dark-5

import numpy as np
import pytest

import dark
from against_torch import needs_torch, random_array, torch
from dark.kernels import reference

cpu = pytest.importorskip("dark.kernels.cpu", reason="Numba is not installed: there is nothing to compare")

from dark.kernels.cpu import convolution as choice  # noqa: E402
from dark.kernels.cpu import depthwise, rows, winograd  # noqa: E402

# name: shape of the pictures, shape of the weight, stride, padding, dilation, groups
WINOGRAD = {
    "one tile": ((90, 16, 4, 4), (16, 16, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    "incomplete tiles": ((9, 17, 9, 14), (19, 17, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    "a single picture": ((1, 16, 37, 35), (32, 16, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    "three rows": ((70, 16, 3, 8), (20, 16, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    "several chunks": ((9, 80, 40, 40), (24, 80, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    "many channels": ((90, 128, 4, 4), (160, 128, 3, 3), (1, 1), (1, 1), (1, 1), 1),
}
ROWS = {
    "few channels": ((2, 3, 7, 9), (5, 3, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    "stride 2": ((3, 6, 8, 7), (4, 6, 3, 3), (2, 2), (1, 1), (1, 1), 1),
    "stride larger than the kernel": ((2, 4, 11, 10), (3, 4, 2, 2), (3, 4), (0, 0), (1, 1), 1),
    "all sizes uneven": ((3, 5, 11, 9), (7, 5, 2, 4), (2, 3), (1, 2), (1, 1), 1),
    "dilation": ((2, 4, 9, 12), (6, 4, 3, 2), (1, 2), (2, 1), (2, 3), 1),
    "dilation and stride": ((3, 2, 13, 14), (3, 2, 3, 3), (2, 2), (3, 2), (3, 2), 1),
    "kernel as large as the picture": ((5, 3, 4, 6), (2, 3, 4, 6), (1, 1), (0, 0), (1, 1), 1),
    "kernel larger than the picture": ((2, 3, 2, 3), (4, 3, 5, 4), (1, 1), (2, 2), (1, 1), 1),
    "more padding than kernel": ((2, 3, 4, 4), (4, 3, 2, 2), (1, 1), (5, 4), (1, 1), 1),
    "a batch of one": ((1, 3, 6, 5), (4, 3, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    "fewer pictures than threads": ((1, 4, 8, 8), (4, 4, 4, 4), (2, 2), (1, 1), (1, 1), 1),
    "few tiles for many weights": ((6, 64, 3, 3), (64, 64, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    "a row of the kernel on the padding": ((40, 20, 2, 6), (24, 20, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    "a long narrow product": ((2, 3, 90, 90), (30, 3, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    "several blocks": ((70, 3, 10, 10), (8, 3, 5, 5), (1, 1), (2, 2), (1, 1), 1),
    "one row": ((3, 4, 1, 20), (5, 4, 1, 3), (1, 2), (0, 1), (1, 1), 1),
    "a row of the kernel that sees nothing": ((2, 64, 1, 5), (64, 64, 3, 3), (2, 1), (2, 1), (1, 1), 1),
    "1x1 with stride": ((3, 4, 7, 8), (5, 4, 1, 1), (2, 2), (0, 0), (1, 1), 1),
}
OTHERS = {
    "1x1": ((3, 40, 7, 8), (50, 40, 1, 1), (1, 1), (0, 0), (1, 1), 1),
    "1x1 from one channel": ((2, 1, 70, 80), (30, 1, 1, 1), (1, 1), (0, 0), (1, 1), 1),
    "1x1 to one channel": ((2, 30, 70, 80), (1, 30, 1, 1), (1, 1), (0, 0), (1, 1), 1),
    "1x1 on a single pixel": ((1, 500, 1, 1), (600, 500, 1, 1), (1, 1), (0, 0), (1, 1), 1),
    "3x3 on single pixels": ((30, 40, 1, 1), (50, 40, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    "3x3 on two pixels": ((3, 4, 1, 2), (5, 4, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    "depthwise": ((3, 7, 9, 8), (7, 1, 3, 3), (1, 1), (1, 1), (1, 1), 7),
    "depthwise, stride 2": ((3, 6, 9, 8), (6, 1, 5, 5), (2, 2), (2, 2), (1, 1), 6),
    "depthwise, all sizes uneven": ((2, 4, 10, 12), (4, 1, 2, 3), (3, 2), (1, 2), (2, 3), 4),
    "depthwise, few rows seen": ((2, 4, 2, 2), (4, 1, 5, 5), (1, 1), (2, 2), (1, 1), 4),
    "depthwise, two kernels a channel": ((2, 3, 6, 7), (6, 1, 3, 3), (1, 1), (1, 1), (1, 1), 3),
    "groups": ((2, 6, 7, 6), (9, 2, 3, 2), (2, 1), (1, 0), (1, 2), 3),
    "groups with Winograd": ((30, 32, 8, 8), (32, 16, 3, 3), (1, 1), (1, 1), (1, 1), 2),
}
LAYERS = WINOGRAD | ROWS | OTHERS
LAYOUTS = {
    "in order": lambda x: x,
    "channels last": lambda x: np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2),
    "with gaps": lambda x: np.repeat(x, 2, axis=3)[..., ::2],
    "read-only": lambda x: np.frombuffer(x.tobytes(), x.dtype).reshape(x.shape),
}
each_layer = pytest.mark.parametrize("name", LAYERS)


def arrays(name, dtype, layout="in order"):
    """Pictures, weights, biases and the result's gradient for one layer."""
    shape, weight_shape, stride, padding, dilation, groups = LAYERS[name]
    x, weight, bias = (random_array(s, dtype) for s in (shape, weight_shape, weight_shape[:1]))
    y = reference.conv2d(x, weight, bias, stride, padding, dilation, groups)
    return [LAYOUTS[layout](a) for a in (x, weight)] + [bias, LAYOUTS[layout](random_array(y.shape, dtype))]


def everything(kernels, name, x, weight, bias, g):
    """The result, the gradient of the input and that of the weight."""
    options = LAYERS[name][2:]
    return (
        kernels.conv2d(x, weight, bias, *options),
        kernels.conv2d_input(g, weight, x.shape[2:], *options),
        kernels.conv2d_weight(g, x, weight.shape[2:], *options),
    )


def error(found, exact):
    """The largest error relative to the largest number."""
    assert found.shape == exact.shape
    return np.abs(found - exact).max() / np.abs(exact).max()


@each_layer
def test_compiled_layers_equal_the_reference_in_float64(name):
    given = arrays(name, "float64")
    for found, exact in zip(everything(cpu, name, *given), everything(reference, name, *given)):
        assert found.dtype == np.float64
        assert error(found, exact) < 1e-13


@each_layer
def test_float32_is_as_good_as_it_can_be(name):
    given = arrays(name, "float32")
    exact = everything(reference, name, *(a.astype("float64") for a in given))
    for found, right in zip(everything(cpu, name, *given), exact):
        assert found.dtype == np.float32
        assert error(found, right) < (2e-5 if name in WINOGRAD or "Winograd" in name else 2e-6)


@needs_torch
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@each_layer
def test_compiled_layers_equal_pytorch(name, dtype):
    stride, padding, dilation, groups = LAYERS[name][2:]
    given = arrays(name, dtype)
    x, weight, bias = (torch.tensor(a, requires_grad=True) for a in given[:3])
    y = torch.conv2d(x, weight, bias, stride, padding, dilation, groups)
    gradients = torch.autograd.grad(y, (x, weight), torch.tensor(given[3]))
    for found, right in zip(everything(cpu, name, *given), (y.detach(), *gradients)):
        assert error(found, right.numpy()) < (3e-5 if dtype == "float32" else 1e-13)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["incomplete tiles", "all sizes uneven", "1x1", "depthwise", "groups"])
def test_the_order_in_memory_changes_nothing(name, layout):
    expected = everything(cpu, name, *arrays(name, "float32"))
    for found, right in zip(everything(cpu, name, *arrays(name, "float32", layout)), expected):
        np.testing.assert_array_equal(found, right)


def test_each_layer_is_computed_by_the_algorithm_made_for_it(monkeypatch):
    called = []
    for algorithm in (winograd, rows, depthwise):

        def noted(*given, algorithm=algorithm, convolved=algorithm.convolved):
            called.append(algorithm)
            return convolved(*given)

        monkeypatch.setattr(algorithm, "convolved", noted)

    def used(name):
        called.clear()
        x, weight, bias, _ = arrays(name, "float32")
        choice.conv2d(x, weight, bias, *LAYERS[name][2:])
        return [*called]

    assert all(used(name) == [winograd] for name in WINOGRAD)
    assert all(used(name) == [rows] for name in ROWS)
    assert used("1x1") == used("3x3 on single pixels") == []
    assert used("depthwise") == [depthwise]
    assert used("groups") == [rows] * 3


@pytest.mark.parametrize("name", ["incomplete tiles", "few channels", "depthwise", "1x1"])
def test_pictures_stay_channels_last_and_weights_keep_their_order(name):
    x, weight, bias, g = arrays(name, "float32")
    y, x_gradient, weight_gradient = everything(cpu, name, x, weight, bias, g)
    for pictures in (y, x_gradient):
        assert pictures.transpose(0, 2, 3, 1).flags.c_contiguous
    assert weight_gradient.transpose(2, 3, 1, 0).flags.c_contiguous


def test_without_a_bias_and_without_a_picture():
    x, weight, bias, _ = arrays("incomplete tiles", "float32")
    options = LAYERS["incomplete tiles"][2:]
    np.testing.assert_array_equal(
        cpu.conv2d(x, weight, None, *options), cpu.conv2d(x, weight, 0 * bias, *options)
    )
    assert cpu.conv2d(x[:0], weight, bias, *options).shape == (0, 19, 9, 14)
    assert cpu.conv2d_input(np.zeros((0, 19, 9, 14), "f"), weight, (9, 14), *options).shape == (0, 17, 9, 14)
    gradient = cpu.conv2d_weight(np.zeros((0, 19, 9, 14), "f"), x[:0], (3, 3), *options)
    assert gradient.shape == weight.shape
    assert not gradient.any()


@pytest.mark.parametrize("name", ["incomplete tiles", "several blocks", "depthwise", "3x3 on single pixels"])
def test_nan_and_infinity_reach_what_depends_on_them(name):
    x, weight, bias, _ = arrays(name, "float32")
    options = LAYERS[name][2:]
    clean = cpu.conv2d(x, weight, bias, *options)
    x[0, 0, 0, 0] = np.nan
    y = cpu.conv2d(x, weight, bias, *options)
    assert np.isnan(y[0]).any()
    np.testing.assert_array_equal(y[1:], clean[1:])


def test_twice_the_same_to_the_last_bit():
    for name in ("several chunks", "several blocks", "depthwise"):
        given = arrays(name, "float32")
        for first, second in zip(everything(cpu, name, *given), everything(cpu, name, *given)):
            np.testing.assert_array_equal(first, second)


def test_programs_need_not_know_the_order_in_memory():
    y = dark.conv2d(dark.randn(8, 3, 38, 38), dark.randn(4, 3, 3, 3))
    assert not y.array.flags.c_contiguous
    assert y.is_contiguous()
    assert dark.equal(y.view(8, -1), y.contiguous().view(8, -1))
    assert y.contiguous().array.flags.c_contiguous


def test_a_gradient_has_the_memory_of_its_weight_and_needs_no_copy():
    layer = dark.nn.Conv2d(16, 16, 3, padding=1)
    layer(dark.randn(8, 16, 16, 16)).sum().backward()
    assert layer.weight.grad.array.strides == layer.weight.array.strides
    assert layer.weight.grad.array.base is None
