"""Pixels out of channels and back: values, gradients, shapes, errors."""  # dark-6

import pytest

import dark
from against_torch import check_op, curved, needs_torch, random_array, torch
from dark import nn
from dark.nn import functional as F

SHUFFLED = [((1, 4, 2, 3), 2), ((2, 18, 3, 2), 3), ((4, 5, 6), 2), ((2, 3, 8, 1, 2), 2), ((3, 2, 2), 1)]
UNSHUFFLED = [((1, 2, 4, 6), 2), ((2, 1, 3, 9), 3), ((3, 4, 8), 4), ((2, 3, 1, 2, 4), 2), ((3, 2, 2), 1)]


@pytest.mark.parametrize(("shape", "factor"), SHUFFLED)
def test_pixel_shuffle(shape, factor):
    for dtype in ("float32", "float64"):
        check_op(lambda t, x: t.nn.functional.pixel_shuffle(x, factor), random_array(shape, dtype))
    check_op(curved(lambda t, x: t.pixel_shuffle(x, factor)), random_array(shape))


@pytest.mark.parametrize(("shape", "factor"), UNSHUFFLED)
def test_pixel_unshuffle(shape, factor):
    for dtype in ("float32", "float64"):
        check_op(lambda t, x: t.nn.functional.pixel_unshuffle(x, factor), random_array(shape, dtype))
    check_op(curved(lambda t, x: t.pixel_unshuffle(x, factor)), random_array(shape))


@pytest.mark.parametrize("dtype", ["uint8", "int64", "bool", "float16"])
def test_any_type_can_be_shuffled(dtype):
    x = random_array((2, 4, 2, 3), dtype)
    check_op(lambda t, x: t.pixel_shuffle(x, 2), x, gradients=False)
    check_op(lambda t, x: t.pixel_unshuffle(t.pixel_shuffle(x, 2), 2), x, gradients=False)


@pytest.mark.parametrize("shape", [(0, 4, 2, 2), (2, 0, 2, 2), (2, 4, 0, 2)])
def test_without_pixels_the_shapes_are_right(shape):
    """In PyTorch those of some results and gradients are not."""
    n, c, h, w = shape
    for shuffle, expected in ((F.pixel_shuffle, (n, c // 4, h * 2, w * 2)),
                              (F.pixel_unshuffle, (n, c * 4, h // 2, w // 2))):  # fmt: skip
        x = dark.zeros(shape, requires_grad=True)
        y = shuffle(x, 2)
        y.sum().backward()
        assert (y.shape, x.grad.shape) == (expected, shape)


def test_each_is_the_others_opposite():
    x = dark.rand(2, 12, 3, 5)
    assert dark.equal(F.pixel_unshuffle(F.pixel_shuffle(x, 2), 2), x)


def test_the_channels_of_a_place_become_its_pixels():
    x = dark.arange(4.0).reshape(1, 4, 1, 1)
    assert F.pixel_shuffle(x, 2).tolist() == [[[[0, 1], [2, 3]]]]


@needs_torch
def test_layers():
    for layer in (lambda t: t.nn.PixelShuffle(2), lambda t: t.nn.PixelUnshuffle(2)):
        check_op(lambda t, x, layer=layer: layer(t)(x), random_array((1, 4, 2, 4)))
        assert repr(layer(dark)) == repr(layer(torch))


@pytest.mark.parametrize(
    ("name", "shape", "factor", "error", "message"),
    [
        ("pixel_shuffle", (1, 3, 4, 4), 2, RuntimeError, "3 channels are no multiple of 2"),
        ("pixel_shuffle", (4, 4), 2, RuntimeError, r"at least 3 dimensions, not \(4, 4\)"),
        ("pixel_shuffle", (4, 4, 4), 0, RuntimeError, "upscale_factor is at least 1, not 0"),
        ("pixel_shuffle", (4, 4, 4), 2.0, TypeError, "upscale_factor is an integer"),
        ("pixel_unshuffle", (1, 1, 5, 4), 2, RuntimeError, "5 x 4 pixels can't be divided"),
        ("pixel_unshuffle", (1, 1, 4, 5), 2, RuntimeError, "4 x 5 pixels can't be divided"),
        ("pixel_unshuffle", (4, 4), 2, RuntimeError, "at least 3 dimensions"),
        ("pixel_unshuffle", (4, 4, 4), -1, RuntimeError, "downscale_factor is at least 1, not -1"),
    ],
)
def test_errors(name, shape, factor, error, message):
    with pytest.raises(error, match=f"^{name}: .*{message}"):
        getattr(F, name)(dark.zeros(shape), factor)
    if torch is not None:
        with pytest.raises(error):
            getattr(torch.nn.functional, name)(torch.zeros(shape), factor)


def test_a_list_is_no_tensor():
    with pytest.raises(TypeError, match="pixel_shuffle: expected a Tensor"):
        nn.PixelShuffle(2)([1.0])
