"""Recurrent networks and their cells: the numbers of PyTorch's, step by step."""  # beyond

import numpy as np
import pytest

import dark
from against_torch import assert_same, needs_torch, on_the_cpu, random_array, torch
from dark import nn

NETWORKS = [
    ("RNN", {}),
    ("RNN", {"nonlinearity": "relu", "num_layers": 2, "bidirectional": True}),
    ("RNN", {"bias": False, "batch_first": True}),
    ("LSTM", {}),
    ("LSTM", {"num_layers": 2, "batch_first": True}),
    ("LSTM", {"num_layers": 2, "bidirectional": True, "bias": False}),
    ("LSTM", {"proj_size": 2, "num_layers": 2, "bidirectional": True}),
    ("LSTM", {"dtype": "float64"}),
    ("GRU", {}),
    ("GRU", {"num_layers": 3, "bidirectional": True, "batch_first": True}),
    ("GRU", {"bias": False}),
]
CELLS = [
    ("RNNCell", {}),
    ("RNNCell", {"nonlinearity": "relu", "bias": False}),
    ("LSTMCell", {}),
    ("LSTMCell", {"bias": False}),
    ("GRUCell", {}),
    ("GRUCell", {"bias": False}),
]


def make(t, name, options):
    options = {**options, "dtype": getattr(t, options["dtype"])} if "dtype" in options else options
    return getattr(t.nn, name)(3, 4, **options)


def twins(name, options):
    """The same module of Dark and of PyTorch, from the same seed."""
    modules = []
    for t in (dark, torch):
        t.manual_seed(3)
        with on_the_cpu():
            modules.append(make(t, name, options))
    ours, theirs = modules
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert_same(p, q, rtol=0, atol=0)
    return ours.to(dark.get_default_device()), theirs


def flat(result):
    return [y for part in result for y in flat(part)] if isinstance(result, tuple) else [result]


def same_steps(ours, theirs, arrays, call):
    """Equal results of `call(module, *tensors)`, and equal gradients of parameters and inputs."""
    dtype = str(next(ours.parameters()).dtype).split(".")[1]
    sides = []
    for t, module in ((dark, ours), (torch, theirs)):
        t.manual_seed(5)
        module.zero_grad()
        tensors = [t.tensor(a.astype(dtype), requires_grad=True) for a in arrays]
        result = call(module, *tensors)
        sum((y * y + y).sum() for y in flat(result)).backward()
        sides.append([result, [x.grad for x in tensors], [p.grad for p in module.parameters()]])
    assert_same(*sides, rtol=1e-4, atol=1e-5)


@needs_torch
@pytest.mark.filterwarnings("ignore:LSTM with projections")
@pytest.mark.parametrize(("name", "options"), NETWORKS, ids=[f"{n} {o}" for n, o in NETWORKS])
def test_a_network_is_pytorchs(name, options):
    ours, theirs = twins(name, options)
    states = options.get("num_layers", 1) * (2 if options.get("bidirectional") else 1)
    x = random_array((5, 2, 3))
    h, c = random_array((states, 5 if options.get("batch_first") else 2, options.get("proj_size", 4))), None
    same_steps(ours, theirs, [x], lambda m, x: m(x))
    if name == "LSTM":
        c = random_array((*h.shape[:2], 4), seed=1)
        same_steps(ours, theirs, [x, h, c], lambda m, x, h, c: m(x, (h, c)))
        same_steps(ours, theirs, [x[:, 0], h[:, 0], c[:, 0]], lambda m, x, h, c: m(x, (h, c)))
    else:
        same_steps(ours, theirs, [x, h], lambda m, x, h: m(x, hx=h))
        same_steps(ours, theirs, [x[:, 0], h[:, 0]], lambda m, x, h: m(x, h))
    same_steps(ours, theirs, [x[:1, :1]], lambda m, x: m(x))
    same_steps(ours, theirs, [x[0]], lambda m, x: m(x))


@needs_torch
@pytest.mark.parametrize(("name", "options"), CELLS, ids=[f"{n} {o}" for n, o in CELLS])
def test_a_cell_is_pytorchs(name, options):
    ours, theirs = twins(name, options)
    for batch in ((2,), (), (0,)):
        x, h, c = (random_array((*batch, n), seed=i) for i, n in enumerate((3, 4, 4)))
        same_steps(ours, theirs, [x], lambda m, x: m(x))
        if name == "LSTMCell":
            same_steps(ours, theirs, [x, h, c], lambda m, x, h, c: m(x, (h, c)))
        else:
            same_steps(ours, theirs, [x, h], lambda m, x, h: m(x, h))


@needs_torch
@pytest.mark.skipif(dark.get_default_device().type != "cpu", reason="a card draws its own random numbers")
@pytest.mark.parametrize("batch_first", [False, True])
def test_dropout_is_between_the_layers(batch_first):
    for name in ("RNN", "LSTM", "GRU"):
        ours, theirs = twins(name, {"num_layers": 3, "dropout": 0.4, "batch_first": batch_first})
        same_steps(ours, theirs, [random_array((5, 2, 3))], lambda m, x: m(x))
        ours.eval()
        theirs.eval()
        same_steps(ours, theirs, [random_array((5, 2, 3))], lambda m, x: m(x))


@needs_torch
@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
def test_second_derivatives(name):
    sides = []
    for t, network in zip((dark, torch), twins(name, {"dtype": "float64", "bidirectional": True})):
        x = t.tensor(random_array((3, 2, 3), "float64"), requires_grad=True)
        (g,) = t.autograd.grad(network(x)[0].square().sum(), x, create_graph=True)
        sides.append(t.autograd.grad(g.square().sum(), [x, *network.parameters()], materialize_grads=True))
    assert_same(*sides)


def test_a_sequence_read_in_two_pieces():
    network = nn.GRU(3, 4, num_layers=2)
    x = dark.tensor(random_array((6, 2, 3)))
    whole, last = network(x)
    first, state = network(x[:2])
    second, end = network(x[2:], state)
    np.testing.assert_allclose(dark.cat([first, second]).detach().numpy(), whole.detach().numpy(), rtol=1e-5)
    np.testing.assert_allclose(end.detach().numpy(), last.detach().numpy(), rtol=1e-5)
    network.flatten_parameters()


X, H = dark.ones(5, 2, 3), dark.ones(1, 2, 4)
WRONG = [
    (lambda: nn.RNN(3, 4)(X[0, 0]), ValueError, r"RNN: expected an input of 3 dimensions, .*\(3,\)"),
    (lambda: nn.LSTM(2, 4)(X), RuntimeError, r"LSTM: input_size is 2, .*\(5, 2, 3\)"),
    (lambda: nn.GRU(3, 4)(X.double()), ValueError, "GRU: the input is dark.float64"),
    (lambda: nn.GRU(3, 4)(X, H[:, :1]), RuntimeError, r"GRU: hx has shape \(1, 1, 4\), expected \(1, 2, 4\)"),
    (lambda: nn.LSTM(3, 4)(X, (H, H[..., :2])), RuntimeError, "LSTM: hx has shape"),
    (lambda: nn.RNN(3, 4)(X[:, 0], H), RuntimeError, "RNN: hx has shape"),
    (lambda: nn.RNN(3, 4)(X[:0]), RuntimeError, "at least one element"),
    (lambda: nn.RNN(0, 4), ValueError, "input_size must be positive"),
    (lambda: nn.RNN(3.5, 4), TypeError, "input_size is an int"),
    (lambda: nn.RNN(3, 4, 0), ValueError, "num_layers must be positive"),
    (lambda: nn.RNN(3, 4, nonlinearity="gelu"), ValueError, "nonlinearity is 'tanh' or 'relu'"),
    (lambda: nn.LSTM(3, 4, dropout=2), ValueError, "dropout"),
    (lambda: nn.LSTM(3, 4, proj_size=4), ValueError, "proj_size 4"),
    (lambda: nn.RNNCell(3, 4)(X), ValueError, "RNNCell: expected an input of 2 dimensions"),
    (lambda: nn.GRUCell(3, 4)(X[0], H), ValueError, "GRUCell: expected a state"),
    (lambda: nn.GRUCell(3, 4)(X[0], H[0, :1]), RuntimeError, r"expected a state of shape \(2, 4\)"),
    (lambda: nn.LSTMCell(2, 4)(X[0]), RuntimeError, "linear: input has 3 features"),
    (lambda: nn.RNNCell(3, 4, nonlinearity="gelu")(X[0]), RuntimeError, "not 'gelu'"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[m for *_, m in WRONG])
def test_wrong_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_dropout_of_a_single_layer_is_warned_of():
    with pytest.warns(UserWarning, match="only one"):
        nn.GRU(3, 4, dropout=0.5)
