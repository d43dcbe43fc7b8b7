"""Padding as modules: values, gradients, texts and errors, as PyTorch's."""  # beyond

import copy

import pytest

import dark
from against_torch import check_op, needs_torch, random_array, torch
from dark import nn

KINDS = ["ConstantPad", "ZeroPad", "ReflectionPad", "ReplicationPad", "CircularPad"]
SHAPES = {1: (2, 3, 4), 2: (2, 1, 4, 3), 3: (1, 2, 3, 4, 3)}
LAYERS = [
    (kind, dimensions, padding)
    for kind in KINDS
    for dimensions in (1, 2, 3)
    for padding in (1, (2, 0) + (1, 2) * (dimensions - 1), [1, -1] * dimensions)
]


def layer(t, kind, dimensions, padding):
    value = (2.5,) if kind == "ConstantPad" else ()
    return getattr(t.nn, f"{kind}{dimensions}d")(padding, *value)


@pytest.mark.parametrize(("kind", "dimensions", "padding"), LAYERS)
def test_a_padding_layer_is_pytorchs(kind, dimensions, padding):
    if torch is not None:
        assert repr(layer(dark, kind, dimensions, padding)) == repr(layer(torch, kind, dimensions, padding))
    for x in (random_array(SHAPES[dimensions]), random_array((3,) * (dimensions + 1), "float64").T):
        check_op(lambda t, x: layer(t, kind, dimensions, padding)(x), x)


@needs_torch
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", ["int64", "uint8"])
def test_padding_of_integers(kind, dtype):
    check_op(lambda t, x: layer(t, kind, 2, (1, 2, 0, 1))(x), random_array((1, 3, 4), dtype), gradients=False)


def test_padding_layers_have_no_parameters_and_can_be_copied():
    pad = nn.ReflectionPad2d((1, 0, 2, 0))
    assert pad.padding == (1, 0, 2, 0)
    assert list(pad.state_dict()) == []
    assert copy.deepcopy(pad).padding == pad.padding
    assert nn.ConstantPad1d(2, 7).value == 7


WRONG = [  # layer, shape, error, message
    ("ReflectionPad1d", 2, (1, 2, 2), RuntimeError, r"pad: \(2, 2\) for dim 2 .* at most 1"),
    ("ReflectionPad2d", 1, (3, 3), NotImplementedError, r"pad: mode 'reflect' can't pad"),
    ("ReplicationPad3d", 1, (1, 2, 3), NotImplementedError, r"pad: mode 'replicate' can't pad"),
    ("CircularPad1d", 1, (3,), ValueError, r"CircularPad1d: .*2 or 3 dimensions, got shape \(3,\)"),
    ("CircularPad2d", 1, (3, 3), ValueError, r"CircularPad2d: .*3 or 4 dimensions"),
    ("CircularPad3d", 4, (1, 3, 3, 3), RuntimeError, r"pad: .* at most 3"),
    ("ZeroPad1d", (1, 1, 1), (2, 2), RuntimeError, r"pad: 3 numbers"),
    ("ZeroPad2d", -2, (2, 2), RuntimeError, r"takes away more"),
]


@pytest.mark.parametrize(("name", "padding", "shape", "error", "message"), WRONG)
def test_wrong_input_is_explained(name, padding, shape, error, message):
    with pytest.raises(error, match=message):
        getattr(nn, name)(padding)(dark.ones(shape))
    if torch is not None:
        with pytest.raises(error):
            getattr(torch.nn, name)(padding)(torch.ones(shape))
