"""Lists and dicts of parameters."""  # beyond

from collections import OrderedDict

import pytest

import dark
from against_torch import needs_torch, torch
from dark import nn


def sizes(module):
    return [(name, tuple(p.shape), type(p).__name__) for name, p in module.named_parameters()]


@needs_torch
def test_a_list_is_pytorchs():
    sides = []
    for t in (dark, torch):
        items = t.nn.ParameterList([t.nn.Parameter(t.ones(2, 3)), t.zeros(4)])
        items.append(t.ones(1))
        items += [t.nn.Parameter(t.ones(2)), "text"]
        items[1] = t.nn.Parameter(t.ones(5))
        items[-2] = t.ones(6)
        part = items[1:4:2]
        sides.append([
            sizes(items), list(items.state_dict()), len(items), sizes(part), items[4],
            [tuple(p.shape) for p in items if p != "text"], repr(items).replace("torch", "dark"),
        ])  # fmt: skip
    assert sides[0][:-1] == sides[1][:-1]
    if dark.get_default_device().type == "cpu":
        assert sides[0][-1] == sides[1][-1]


@needs_torch
def test_a_dict_is_pytorchs():
    sides = []
    for t in (dark, torch):
        items = t.nn.ParameterDict({"right": t.ones(3), "left": t.nn.Parameter(t.ones(2))})
        items["more"] = t.ones(1)
        items.update(OrderedDict([("z", t.ones(4)), ("a", t.ones(5))]))
        items.update([("left", t.ones(6)), ("word", "text")])
        seen = [sizes(items), list(items), list(items.keys()), len(items), "z" in items, items.get("none", 3)]
        seen += [tuple(items.pop("z").shape), items.popitem()[0], list(items.state_dict())]
        seen += [list(reversed(items))]
        joined = items | t.nn.ParameterDict({"new": t.ones(1)})
        seen += [list(joined), list(items), list(items.copy()), list(items.fromkeys(["b", "a"], None))]
        seen += [tuple(items.setdefault("s", t.ones(2)).shape), [k for k, _ in items.items()]]
        seen += [len(list(items.values()))]
        items.clear()
        seen += [len(items), sizes(items)]
        sides.append(seen)
    assert sides[0] == sides[1]


def test_parameters_are_trained_and_saved():
    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.steps = nn.ParameterList([dark.ones(2), dark.ones(2)])
            self.named = nn.ParameterDict({"scale": dark.ones(1)})

        def forward(self, x):
            for step in self.steps:
                x = x * step
            return x * self.named["scale"]

    network = Network()
    network(dark.ones(2)).sum().backward()
    assert [p.grad.tolist() for p in network.parameters()] == [[1, 1], [1, 1], [2]]
    assert list(network.state_dict()) == ["steps.0", "steps.1", "named.scale"]
    other = Network()
    other.load_state_dict({name: p + 1 for name, p in network.state_dict().items()})
    assert other.steps[1].tolist() == [2, 2]
    assert "Parameter containing: [dark.float32 of size 2" in repr(network)


WRONG = [
    (lambda: nn.ParameterList([])[0], IndexError, "index 0"),
    (lambda: nn.ParameterList(dark.ones(2)), TypeError, "list of parameters, got Tensor"),
    (lambda: nn.ParameterDict(3), TypeError, "got int"),
    (lambda: nn.ParameterDict({})["a"], AttributeError, "'a'"),
    (lambda: nn.ParameterDict({}).update([(1, dark.ones(1))]), TypeError, "a string, not 1"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[m for *_, m in WRONG])
def test_wrong_use_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()
