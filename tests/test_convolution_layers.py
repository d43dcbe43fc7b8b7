"""Convolution layers: first values, results and files as PyTorch's, in whatever order of memory."""  # dark-5

import copy

import numpy as np
import pytest
from safetensors.numpy import load_file

import dark
from against_torch import assert_same, needs_torch, on_the_cpu, random_array, torch
from dark import nn

# PyTorch's: "same" with an even kernel may copy the input
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same'")

LAYERS = [  # layer, its options, shape of the input
    ("Conv2d", (3, 4, 3), {}, (2, 3, 5, 6)),
    ("Conv2d", (3, 4, (3, 2), 2, 1), {"bias": False}, (2, 3, 5, 6)),
    ("Conv2d", (4, 6, [2, 3]), {"stride": (2, 1), "padding": [1, 0], "dilation": (1, 2)}, (2, 4, 5, 6)),
    ("Conv2d", (4, 6, 2), {"groups": 2}, (2, 4, 5, 6)),
    ("Conv2d", (3, 6, 3, 1, 1, 1, 3), {}, (1, 3, 4, 4)),
    ("Conv2d", (2, 3, 1), {"dtype": "float64"}, (0, 2, 3, 3)),
    ("Conv2d", (2, 3, 2), {"padding": "same", "device": "cpu"}, (2, 4, 5)),
    ("Conv2d", (2, 3, 3), {"padding": "valid", "dilation": 2}, (1, 2, 5, 6)),
    ("Conv2d", (2, 3, 3), {"padding": 1, "padding_mode": "reflect"}, (2, 2, 4, 5)),
    ("Conv2d", (2, 3, 3), {"padding": (2, 1), "padding_mode": "replicate", "stride": 2}, (2, 2, 4, 5)),
    ("Conv2d", (2, 3, 3), {"padding": (0, 2), "padding_mode": "circular"}, (2, 4, 5)),
    ("Conv2d", (2, 3, (2, 4)), {"padding": "same", "padding_mode": "reflect"}, (2, 2, 4, 5)),
    ("Conv2d", (2, 3, 2), {"padding": "valid", "padding_mode": "circular"}, (2, 2, 4, 5)),
    ("Conv1d", (3, 4, 3), {}, (2, 3, 7)),
    ("Conv1d", (4, 6, (2,), (2,), [1], 3, 2, False), {}, (2, 4, 7)),
    ("Conv1d", (2, 3, 4), {"padding": "same", "dtype": "float64"}, (2, 7)),
    ("Conv1d", (2, 3, 3), {"padding": 2, "padding_mode": "circular"}, (2, 2, 5)),
]
ATTRIBUTES = [
    "in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "padding_mode",
    "transposed", "output_padding",
]  # fmt: skip
each_layer = pytest.mark.parametrize(("name", "sizes", "options", "shape"), LAYERS)


def make(t, name, sizes, options, seed=3):
    """A layer of the framework t, from a seed; its numbers are drawn on the CPU, where both draw the same."""
    t.manual_seed(seed)
    options = {key: getattr(t, v) if key == "dtype" else v for key, v in options.items()}
    with on_the_cpu():
        layer = getattr(t.nn, name)(*sizes, **options)
    return layer.to(dark.get_default_device()) if t is dark else layer


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
    ours = make(dark, name, sizes, options, seed=4)
    theirs.load_state_dict({key: torch.from_numpy(v.numpy()) for key, v in ours.state_dict().items()})
    assert_same(ours(dark.tensor(x)), theirs(torch.tensor(x)))


@needs_torch
def test_a_layer_without_channels_warns_as_pytorchs():
    for t in (dark, torch):
        with pytest.warns(UserWarning, match="Initializing zero-element tensors is a no-op"):
            assert t.nn.Conv2d(0, 2, 3).bias.tolist() == [0, 0]


WRONG = [
    ({"groups": 0}, r"Conv2d: groups must be positive, not 0"),
    ({"groups": 3}, r"Conv2d: 4 in_channels and 6 out_channels must be divisible by 3 groups"),
    ({"groups": 4}, r"divisible by 4 groups"),
    ({"padding": "full"}, r"Conv2d: padding is 'same', 'valid' or numbers, not 'full'"),
    ({"padding": "same", "stride": (1, 2)}, r"Conv2d: padding 'same' goes with stride 1 only, not \(1, 2\)"),
    ({"padding_mode": "mirror"}, r"Conv2d: padding_mode is one of \('zeros', .*, not 'mirror'"),
]


@pytest.mark.parametrize(("options", "message"), WRONG, ids=[m for _, m in WRONG])
def test_wrong_options_are_explained(options, message):
    with pytest.raises(ValueError, match=message):
        nn.Conv2d(4, 6, 3, **options)
    if torch is not None:
        with pytest.raises(ValueError, match=r"groups|padding"):
            torch.nn.Conv2d(4, 6, 3, **options)


def test_sizes_are_checked_when_a_layer_is_called():
    with pytest.raises(RuntimeError, match=r"conv2d: stride is at least 1"):
        nn.Conv2d(4, 6, 3, stride=0)(dark.zeros(1, 4, 5, 5))
    with pytest.raises(RuntimeError, match=r"conv2d: input has 3 channels, weight expects 4"):
        nn.Conv2d(4, 6, 3)(dark.zeros(1, 3, 5, 5))


# The order in memory: [*kernel, C, K] from the beginning to the end of a training


def in_order(tensor):
    """Whether the taps of a filter lie in memory one after the other, each a matrix (C, K)."""
    return tensor.array.transpose(*range(2, tensor.ndim), 1, 0).flags.c_contiguous


@pytest.mark.parametrize("name", ["Conv1d", "Conv2d"])
def test_a_weight_keeps_its_order_in_memory(name):
    layer = getattr(nn, name)(3, 4, 2)
    assert in_order(layer.weight)
    assert not layer.weight.array.flags.c_contiguous
    layer.load_state_dict({"weight": dark.rand(*layer.weight.shape), "bias": dark.zeros(4)})
    nn.init.xavier_normal_(layer.weight)
    assert in_order(layer.weight)
    assert in_order(copy.deepcopy(layer).weight)
    assert in_order(copy.deepcopy(layer).double().float().weight)
    assert in_order(dark.zeros_like(layer.weight))
    assert in_order(layer.weight.detach().clone())
    if not layer.weight.is_cuda:  # CuPy's arithmetic has results row by row
        assert in_order(layer.weight - 0.1 * layer.weight)


@pytest.mark.parametrize("optimizer", [lambda p: dark.optim.SGD(p, 0.1, momentum=0.9), dark.optim.Adam])
def test_a_training_keeps_the_order_in_memory(optimizer):
    layer = nn.Conv2d(3, 4, 3)
    optimizer = optimizer(layer.parameters())
    for _ in range(2):
        optimizer.zero_grad()
        layer(dark.rand(2, 3, 5, 5)).square().mean().backward()
        optimizer.step()
    weights = [v for v in optimizer.state[layer.weight].values() if v.ndim]
    assert weights
    for tensor in (layer.weight, layer.weight.grad, *weights):
        assert in_order(tensor)
        assert tensor.stride() == layer.weight.stride()
    optimizer.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    assert all(in_order(v) for v in optimizer.state[layer.weight].values() if v.ndim)


@needs_torch
def test_any_way_to_draw_a_weight_gives_pytorchs_numbers():
    draws = [
        lambda t, w: t.nn.init.kaiming_normal_(w, mode="fan_out", nonlinearity="relu"),
        lambda t, w: t.nn.init.xavier_uniform_(w),
        lambda t, w: w.data.normal_(0, 0.02),
        lambda t, w: w.data.uniform_(-1, 1),
        lambda t, w: w.data.bernoulli_(0.5),
    ]
    for draw in draws:
        for name in ("Conv1d", "Conv2d"):
            weights = [getattr(t.nn, name)(3, 5, 3, device="cpu").weight for t in (dark, torch)]
            for t, weight in zip((dark, torch), weights):
                t.manual_seed(3)
                draw(t, weight)
            assert_same(*weights, rtol=1e-6, atol=1e-7)


def test_a_layer_takes_a_weight_in_any_order():
    layer = nn.Conv2d(3, 4, 3, padding=1)
    x = dark.rand(2, 3, 5, 5)
    expected = layer(x)
    layer.weight = nn.Parameter(layer.weight.detach().contiguous())
    np.testing.assert_array_equal(layer(x).detach(), expected.detach())
    layer(x).sum().backward()
    assert layer.weight.grad.is_contiguous()


def test_a_file_says_nothing_of_the_order_in_memory(tmp_path):
    layer = nn.Conv2d(3, 4, 3)
    dark.save(layer.state_dict(), tmp_path / "layer")
    rows = {key: tensor.contiguous() for key, tensor in layer.state_dict().items()}
    dark.save(rows, tmp_path / "rows")
    assert (tmp_path / "layer").read_bytes() == (tmp_path / "rows").read_bytes()
    found = load_file(tmp_path / "layer")["weight"]
    assert found.shape == (4, 3, 3, 3)
    np.testing.assert_array_equal(found, layer.weight.detach())
    layer.load_state_dict(dark.load(tmp_path / "layer"))
    assert in_order(layer.weight)


@needs_torch
def test_a_small_network_trains_as_pytorchs():
    def losses(t):
        t.manual_seed(0)
        with on_the_cpu():
            net = t.nn.Sequential(
                t.nn.Conv2d(1, 4, 3, padding=1), t.nn.SiLU(),
                t.nn.Conv2d(4, 4, 3, stride=2, groups=2), t.nn.SiLU(),
                t.nn.Flatten(), t.nn.Linear(36, 3),
            )  # fmt: skip
        net.to(t.get_default_device())
        optimizer = t.optim.SGD(net.parameters(), lr=0.5, momentum=0.9, weight_decay=0.01)
        x, y = t.tensor(random_array((8, 1, 8, 8))), t.tensor(np.arange(8) % 3)
        for _ in range(10):
            optimizer.zero_grad()
            loss = t.nn.functional.cross_entropy(net(x), y)
            loss.backward()
            optimizer.step()
            yield loss.item()

    np.testing.assert_allclose(list(losses(dark)), list(losses(torch)), rtol=1e-4)
