"""Module and the containers: registration, walking, state, modes, hooks, printing."""  # dark-3

import copy
import inspect
from collections import OrderedDict

import numpy as np
import pytest

import dark
from against_torch import assert_same, needs_torch, on_the_cpu, random_array, torch
from dark import nn


def network(t):
    """The same nested network in either framework, with a shared layer, a buffer and a missing bias."""

    class Block(t.nn.Module):
        def __init__(self, features):
            super().__init__()
            self.linear = t.nn.Linear(features, features)
            self.scale = t.nn.Parameter(t.full((features,), 2.0))
            self.register_buffer("mean", t.zeros(features))
            self.register_buffer("cache", t.zeros(2), persistent=False)
            self.register_parameter("nothing", None)

        def forward(self, x):
            return self.linear(x) * self.scale + self.mean

    class Net(t.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = t.nn.Linear(4, 3, bias=False)
            self.blocks = t.nn.ModuleList([Block(3), Block(3)])
            hidden = t.nn.Sequential(t.nn.Linear(3, 3), t.nn.ReLU())
            self.heads = t.nn.ModuleDict({"a": t.nn.Linear(3, 2), "b": hidden})
            self.again = self.blocks[0]
            self.norm = t.nn.LayerNorm(3)

        def forward(self, x):
            x = self.first(x)
            for block in self.blocks:
                x = block(x)
            return self.heads["a"](self.norm(self.heads["b"](self.again(x))))

    return Net()


def weights_of(module):
    """A state_dict as arrays."""
    return {name: x.detach().numpy().copy() for name, x in module.state_dict().items()}


WALKS = {
    "named_parameters": lambda m: [n for n, _ in m.named_parameters()],
    "named_parameters, duplicates": lambda m: [n for n, _ in m.named_parameters(remove_duplicate=False)],
    "named_parameters, own": lambda m: [n for n, _ in m.blocks[0].named_parameters(recurse=False)],
    "named_parameters, prefix": lambda m: [n for n, _ in m.named_parameters(prefix="net")],
    "parameters": lambda m: [tuple(p.shape) for p in m.parameters()],
    "named_buffers": lambda m: [n for n, _ in m.named_buffers()],
    "buffers": lambda m: len(list(m.buffers())),
    "named_modules": lambda m: [(n, type(x).__name__) for n, x in m.named_modules()],
    "named_modules, duplicates": lambda m: [n for n, _ in m.named_modules(remove_duplicate=False)],
    "modules": lambda m: [type(x).__name__ for x in m.modules()],
    "named_children": lambda m: [n for n, _ in m.named_children()],
    "children": lambda m: len(list(m.children())),
    "state_dict": lambda m: list(m.state_dict()),
    "repr": repr,
    "get_submodule": lambda m: repr(m.get_submodule("heads.b.0")),
    "get_parameter": lambda m: tuple(m.get_parameter("blocks.1.linear.weight").shape),
    "get_buffer": lambda m: tuple(m.get_buffer("blocks.1.cache").shape),
}


@needs_torch
@pytest.mark.parametrize("name", WALKS)
def test_a_walk_gives_what_pytorch_gives(name):
    assert WALKS[name](network(dark)) == WALKS[name](network(torch))


@needs_torch
def test_initial_weights_and_results_are_pytorchs():
    dark.manual_seed(5)
    torch.manual_seed(5)
    with on_the_cpu():
        ours, theirs = network(dark), network(torch)
    assert weights_of(ours).keys() == weights_of(theirs).keys()
    for name, array in weights_of(theirs).items():
        np.testing.assert_array_equal(weights_of(ours)[name], array, err_msg=name)
    ours.to(dark.get_default_device())
    x = random_array((5, 4))
    ours(dark.tensor(x)).square().mean().backward()
    theirs(torch.tensor(x)).square().mean().backward()
    for (name, p), q in zip(ours.named_parameters(), theirs.parameters()):
        assert_same(p.grad, q.grad, what=name)


@needs_torch
def test_weights_load_both_ways():
    x = random_array((5, 4))
    ours, theirs = network(dark), network(torch)
    ours.load_state_dict({name: dark.tensor(a) for name, a in weights_of(theirs).items()})
    assert_same(ours(dark.tensor(x)), theirs(torch.tensor(x)))
    ours = network(dark)
    theirs.load_state_dict({name: torch.tensor(a) for name, a in weights_of(ours).items()})
    assert_same(ours(dark.tensor(x)), theirs(torch.tensor(x)))


def test_a_state_dict_shares_memory_and_wants_no_gradient():
    layer = nn.Linear(2, 2)
    state = layer.state_dict()
    assert not state["weight"].requires_grad
    with dark.no_grad():
        layer.weight.fill_(3.0)
    assert (state["weight"].numpy() == 3).all()
    assert layer.state_dict(keep_vars=True)["weight"] is layer.weight


def test_loading_reports_everything_that_does_not_fit_and_changes_nothing():
    net = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    before = weights_of(net)
    state = net.state_dict()
    broken = {**state, "0.weight": dark.zeros(9, 2), "1.bias": dark.zeros(4), "extra": dark.zeros(1)}
    del broken["0.bias"], broken["1.weight"]
    with pytest.raises(RuntimeError) as error:
        net.load_state_dict(broken)
    weight = "0.weight: (9, 2) in the state_dict, (3, 2) in the module"
    parts = ("Sequential", '"extra"', '"0.bias", "1.weight"', weight, "1.bias: ")
    places = [str(error.value).index(part) for part in parts]
    assert places == sorted(places)
    for name, array in weights_of(net).items():
        np.testing.assert_array_equal(array, before[name])
    with pytest.raises(RuntimeError, match="size mismatch"):  # not even strict=False lets shapes differ
        net.load_state_dict(broken, strict=False)


def test_loading_tells_the_keys_on_one_side_only():
    layer = nn.Linear(2, 1)
    assert repr(layer.load_state_dict(layer.state_dict())) == "<All keys matched successfully>"
    keys = layer.load_state_dict({"bias": dark.ones(1), "other": dark.ones(1)}, strict=False)
    assert keys.missing_keys == ["weight"]
    assert keys.unexpected_keys == ["other"]
    assert layer.bias.item() == 1
    with pytest.raises(TypeError, match="expected a dict"):
        layer.load_state_dict([1, 2])
    with pytest.raises(RuntimeError, match="not a Tensor"):
        layer.load_state_dict({"weight": [[1.0, 2.0]], "bias": dark.ones(1)})


def test_loading_converts_or_with_assign_takes_over():
    layer = nn.Linear(2, 1)
    weight = layer.weight
    state = {"weight": dark.ones(1, 2, dtype=dark.float64), "bias": dark.ones(1)}
    layer.load_state_dict(state)
    assert layer.weight is weight
    assert layer.weight.dtype is dark.float32
    layer.load_state_dict(state, assign=True)
    assert isinstance(layer.weight, nn.Parameter)
    assert layer.weight.dtype is dark.float64
    assert layer.weight.requires_grad
    layer.requires_grad_(False).load_state_dict(dict(nn.Linear(2, 1).named_parameters()), assign=True)
    assert not layer.weight.requires_grad  # whether it is trained is the module's to say, not the file's


def test_assigning_before_init_says_what_is_missing():
    class Late(nn.Module):
        def __init__(self, part):
            self.part = part
            super().__init__()

    with pytest.raises(AttributeError, match=r"cannot assign modules before Module.__init__\(\)"):
        Late(nn.Linear(1, 1))
    with pytest.raises(AttributeError, match=r"cannot assign parameters before Module.__init__\(\)"):
        Late(nn.Parameter(dark.zeros(1)))


def test_what_is_registered_can_be_replaced_by_its_kind_or_none_only():
    layer = nn.Linear(2, 2)
    layer.register_buffer("count", dark.zeros(1))
    layer.child = nn.Linear(1, 1)
    with pytest.raises(TypeError, match="'weight'"):
        layer.weight = dark.zeros(2, 2)
    with pytest.raises(TypeError, match="'weight'"):
        layer.weight = nn.Linear(1, 1)
    with pytest.raises(TypeError, match="'count'"):
        layer.count = 3
    with pytest.raises(TypeError, match="'child'"):
        layer.child = 3
    layer.weight = layer.child = layer.count = None
    assert layer.weight is None
    assert [n for n, _ in layer.named_parameters()] == ["bias"]
    assert list(layer.state_dict()) == ["bias"]
    layer.weight = nn.Parameter(dark.zeros(2, 2))
    assert [n for n, _ in layer.named_parameters()] == ["weight", "bias"]


def test_an_attribute_that_becomes_a_parameter_is_registered_and_deleted():
    module = nn.Module()
    module.x = 1
    module.x = nn.Parameter(dark.zeros(1))
    assert "x" not in vars(module)
    assert list(module._parameters) == ["x"]
    module.x = None
    del module.x
    with pytest.raises(AttributeError, match="'Module' object has no attribute 'x'"):
        module.x  # noqa: B018
    with pytest.raises(AttributeError):
        del module.x
    module.b = nn.Linear(1, 1)
    module.b = nn.Parameter(dark.zeros(1))  # a parameter takes a module's place
    assert not module._modules
    assert "b" in dir(module)


def test_names_are_checked_when_registered():
    module = nn.Linear(1, 1)
    for register in (module.register_parameter, module.register_buffer, module.add_module):
        for name, error in (("a.b", KeyError), ("", KeyError), ("forward", KeyError), (3, TypeError)):
            with pytest.raises(error):
                register(name, None)
        with pytest.raises(TypeError):
            register("new", "text")
    with pytest.raises(KeyError, match="already exists"):
        module.register_buffer("weight", None)
    with pytest.raises(AttributeError, match="nowhere"):
        module.get_submodule("nowhere")
    with pytest.raises(AttributeError, match="no parameter `w`"):
        module.get_parameter("w")


def test_the_mode_reaches_every_module():
    net = network(dark)
    assert all(m.training for m in net.modules())
    assert net.eval() is net
    assert not any(m.training for m in net.modules())
    net.heads.train()
    training = [n for n, m in net.named_modules() if m.training]
    assert training == ["heads", "heads.a", "heads.b", "heads.b.0", "heads.b.1"]
    with pytest.raises(ValueError, match="mode"):
        net.train("yes")


def test_freezing_leaves_the_mode_alone_and_zero_grad_forgets():
    layer = nn.Linear(2, 2)
    assert layer.requires_grad_(False) is layer
    assert layer.training
    assert not any(p.requires_grad for p in layer.parameters())
    layer.requires_grad_()
    layer(dark.ones(1, 2)).sum().backward()
    layer.zero_grad(set_to_none=False)
    assert (layer.weight.grad.numpy() == 0).all()
    layer.zero_grad()
    assert layer.weight.grad is None


def test_apply_visits_the_innermost_first():
    seen = []
    net = nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.ReLU()))
    assert net.apply(lambda m: seen.append(type(m).__name__)) is net
    assert seen == ["Linear", "ReLU", "Sequential", "Sequential"]


def test_conversion_changes_floating_point_members_only_and_in_place():
    layer = nn.Linear(2, 2)
    layer.register_buffer("steps", dark.tensor(3))
    layer.register_buffer("mean", dark.zeros(2))
    weight = layer.weight
    layer(dark.ones(1, 2)).sum().backward()
    assert layer.double() is layer
    assert layer.weight is weight
    assert layer.weight.is_leaf
    assert [x.dtype for x in (layer.weight, layer.weight.grad, layer.mean)] == [dark.float64] * 3
    assert layer.steps.dtype is dark.int64
    assert layer.half().bias.dtype is dark.float16
    assert layer.to(dark.zeros(1)).bias.dtype is dark.float32
    assert layer.to("cpu", dark.float64).bias.dtype is dark.float64
    assert layer.float().cpu().bias.dtype is dark.float32
    with pytest.raises(TypeError, match="int64"):
        layer.to(dark.int64)


def test_a_deep_copy_is_independent_and_shares_what_was_shared():
    net = network(dark)
    twin = copy.deepcopy(net)
    assert twin.again is twin.blocks[0]
    assert twin.again is not net.again
    assert len(list(twin.parameters())) == len(list(net.parameters()))
    with dark.no_grad():
        net.first.weight.zero_()
    assert (twin.first.weight.detach().numpy() != 0).any()
    tied = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    tied[1].weight = tied[0].weight
    twin = copy.deepcopy(tied)
    assert twin[1].weight is twin[0].weight
    assert type(twin[0].weight) is nn.Parameter


def test_shared_parameters_get_the_sum_of_their_gradients():
    layer = nn.Linear(2, 2, bias=False)
    net = nn.Sequential(layer, layer)
    assert len(list(net.parameters())) == 1
    assert list(net.state_dict()) == ["0.weight", "1.weight"]
    x = dark.ones(1, 2)
    net(x).sum().backward()
    both = layer.weight.grad.numpy().copy()
    layer.zero_grad()
    layer(layer(x).detach()).sum().backward()
    layer(x).backward(layer.weight.detach().sum(0, keepdim=True))
    np.testing.assert_allclose(both, layer.weight.grad.numpy(), rtol=1e-6)


def test_a_module_without_forward_says_so():
    with pytest.raises(NotImplementedError, match="Module"):
        nn.Module()(1)


def test_parameters():
    data = dark.zeros(2)
    parameter = nn.Parameter(data)
    assert parameter.requires_grad
    assert parameter.is_leaf
    assert parameter.array is data.array
    assert repr(parameter).startswith("Parameter containing:\ntensor([0., 0.]")
    assert not nn.Parameter(dark.tensor([1, 2]), requires_grad=False).requires_grad
    with dark.no_grad():
        assert nn.Parameter(data).requires_grad
    with pytest.raises(TypeError, match="list"):
        nn.Parameter([1.0])
    with pytest.raises(RuntimeError, match="floating-point"):
        nn.Parameter(dark.tensor([1, 2]))


# Containers


def layers(t, n=4):
    return [t.nn.Linear(i + 1, i + 2) for i in range(n)]


CONTAINERS = {
    "empty": lambda t: t.nn.Sequential(),
    "of modules": lambda t: t.nn.Sequential(*layers(t)),
    "of names": lambda t: t.nn.Sequential(OrderedDict(a=t.nn.Linear(1, 2), b=t.nn.ReLU())),
    "index": lambda t: t.nn.Sequential(*layers(t))[-1],
    "slice": lambda t: t.nn.Sequential(*layers(t))[1:3],
    "slice of names": lambda t: t.nn.Sequential(OrderedDict(a=t.nn.Linear(1, 2), b=t.nn.ReLU()))[1:],
    "append": lambda t: t.nn.Sequential(*layers(t)).append(t.nn.ReLU()).append(t.nn.Tanh()),
    "extend": lambda t: t.nn.Sequential(t.nn.Tanh()).extend(layers(t)),
    "insert": lambda t: t.nn.Sequential(*layers(t)).insert(1, t.nn.ReLU()).insert(-1, t.nn.Tanh()),
    "add": lambda t: t.nn.Sequential(*layers(t)) + t.nn.Sequential(t.nn.ReLU()),
    "list": lambda t: t.nn.ModuleList(layers(t)),
    "list of equals": lambda t: t.nn.ModuleList(t.nn.Sequential(t.nn.Linear(2, 2)) for _ in range(3)),
    "list of runs": lambda t: t.nn.ModuleList([t.nn.ReLU(), t.nn.ReLU(), t.nn.Linear(1, 1), t.nn.ReLU()]),
    "empty list": lambda t: t.nn.ModuleList(),
    "list slice": lambda t: t.nn.ModuleList(layers(t))[::2],
    "list append": lambda t: t.nn.ModuleList(layers(t)).append(t.nn.ReLU()).extend([t.nn.Tanh()]),
    "list add": lambda t: t.nn.ModuleList(layers(t)) + t.nn.ModuleList([t.nn.ReLU()]),
    "dict": lambda t: t.nn.ModuleDict({"x": t.nn.ReLU(), "y": t.nn.Linear(1, 1)}),
    "dict of pairs": lambda t: t.nn.ModuleDict([["x", t.nn.ReLU()], ["y", t.nn.ModuleDict()]]),
}  # fmt: skip


@needs_torch
@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_prints_and_numbers_as_in_pytorch(name):
    ours, theirs = CONTAINERS[name](dark), CONTAINERS[name](torch)
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())


def changed(t, change):
    """A container of each kind after a change in place."""
    both = t.nn.Sequential(*layers(t)), t.nn.ModuleList(layers(t))
    for container in both:
        change(t, container)
    return "\n".join(map(repr, both))


def set_item(t, c):
    c[1] = t.nn.ReLU()


def delete_item(t, c):
    del c[1]


def delete_slice(t, c):
    del c[1:3]


def extend_in_place(t, c):
    c += [t.nn.ReLU()] if isinstance(c, t.nn.ModuleList) else t.nn.Sequential(t.nn.ReLU())


CHANGES = [
    set_item, delete_item, delete_slice, extend_in_place, lambda t, c: c.pop(1), lambda t, c: c.pop(-1),
    lambda t, c: c.insert(0, t.nn.Tanh()), lambda t, c: c.insert(len(c), t.nn.Tanh()),
]  # fmt: skip


@needs_torch
@pytest.mark.parametrize("change", CHANGES)
def test_a_container_is_renumbered_as_in_pytorch(change):
    assert changed(dark, change) == changed(torch, change)


def test_containers_are_python_containers():
    parts = layers(dark)
    net = nn.Sequential(*parts)
    assert len(net) == 4
    assert list(net) == parts
    assert net[2] is net[-2] is parts[2]
    assert net.pop(0) is parts[0]
    with pytest.raises(IndexError, match="out of range"):
        net[3]
    with pytest.raises(TypeError):
        net.append(3)
    items = nn.ModuleDict({"x": parts[0]})
    items["y"] = parts[1]
    assert list(items) == list(items.keys()) == ["x", "y"]
    assert list(items.values()) == parts[:2]
    assert items.pop("x") is parts[0]
    assert "x" not in items
    items.update({"z": parts[2]})
    assert [name for name, _ in items.items()] == ["y", "z"]
    del items["y"]
    items.clear()
    assert len(items) == 0


# Hooks


def test_forward_hooks_see_and_replace():
    layer, seen = nn.Linear(2, 2), []
    x = dark.ones(1, 2)
    plain = layer(x).detach().numpy()
    before = layer.register_forward_pre_hook(lambda m, args: seen.append(("before", m, args)))
    after = layer.register_forward_hook(lambda m, args, out: seen.append(("after", m, args)))
    layer(x)
    assert [(when, m) for when, m, _ in seen] == [("before", layer), ("after", layer)]
    assert seen[0][2][0] is x
    before.remove()
    after.remove()
    before = layer.register_forward_pre_hook(lambda m, args: args[0] * 0)
    with before, layer.register_forward_hook(lambda m, args, y: y + 1):
        np.testing.assert_allclose(layer(x).detach().numpy()[0], layer.bias.detach().numpy() + 1)
    np.testing.assert_array_equal(layer(x).detach().numpy(), plain)
    assert len(seen) == 2


def test_hooks_take_keyword_arguments_and_turns():
    class Scale(nn.Module):
        def forward(self, x, by=1.0):
            return x * by

    module, seen = Scale(), []
    module.register_forward_pre_hook(lambda m, args, kwargs: (args, {"by": 3.0}), with_kwargs=True)
    module.register_forward_hook(lambda m, args, kwargs, y: seen.append(kwargs), with_kwargs=True)
    module.register_forward_hook(lambda m, args, y: seen.append("first"), prepend=True)
    assert module(dark.ones(1), by=2.0).item() == 3
    assert seen == ["first", {"by": 3.0}]
    module.register_forward_pre_hook(lambda m, args, kwargs: 1, with_kwargs=True)
    with pytest.raises(RuntimeError, match="pre-hook"):
        module(dark.ones(1), by=2.0)


def hooked(t, inputs, wanted=(True, True), hook=None):
    """Gradients seen by a backward hook, and those of the inputs, in either framework."""
    unused = t.tensor(inputs[0], requires_grad=True)

    class Two(t.nn.Module):
        def forward(self, x, y, factor, number, unused):
            return x * y * factor * number, x + y, x + 1

    module, seen = Two(), []

    def see(m, grad_input, grad_output):
        seen.extend([grad_input, grad_output])
        return hook(grad_input) if hook else None

    module.register_full_backward_hook(see)
    x, y = (t.tensor(a, requires_grad=w) for a, w in zip(inputs, wanted))
    product, total, _ = module(x, y, 2.0, t.tensor(3), unused)
    ((product * product).sum() + total.sum()).backward()
    return seen, x.grad, y.grad


@needs_torch
@pytest.mark.parametrize("wanted", [(True, True), (False, True), (True, False)], ids=str)
@pytest.mark.parametrize("hook", [None, lambda grads: tuple(None if g is None else g * 10 for g in grads)])
def test_backward_hooks_see_and_replace_as_in_pytorch(wanted, hook):
    inputs = random_array((3,)), random_array((3,), seed=1)
    ours, theirs = hooked(dark, inputs, wanted, hook), hooked(torch, inputs, wanted, hook)
    assert_same(ours, theirs)


def test_a_backward_hook_runs_in_every_backward_pass_and_for_second_derivatives():
    layer, norms = nn.Linear(2, 1), []
    layer.register_full_backward_hook(lambda m, gi, go: norms.append(gi[0].detach().numpy().copy()))
    x = dark.ones(1, 2, requires_grad=True)
    y = layer(x).square().sum()
    y.backward(retain_graph=True)
    y.backward()
    np.testing.assert_allclose(norms[0], norms[1])
    (g,) = dark.autograd.grad(layer(x).square().sum(), x, create_graph=True)
    (gg,) = dark.autograd.grad(g.sum(), x)
    w = layer.weight.detach().numpy()
    np.testing.assert_allclose(gg.numpy(), 2 * w.sum() * w, rtol=1e-5)


def test_a_backward_hook_without_inputs_that_want_gradients_warns():
    layer, seen = nn.Linear(2, 1), []
    layer.register_full_backward_hook(lambda m, gi, go: seen.append(gi))
    with pytest.warns(UserWarning, match="none of its inputs"):
        layer(dark.ones(1, 2)).sum().backward()
    assert seen == [(None,)]
    with dark.no_grad():
        layer(dark.ones(1, 2))  # nothing to watch
    assert layer.weight.grad is not None


def pre_hooked(t, x, factor):
    """What backward pre-hooks, one before another, and a hook see, and the gradients."""
    layers, seen = t.nn.Sequential(t.nn.Linear(3, 2), t.nn.Tanh()), []
    layers.load_state_dict({"0.weight": t.tensor(x[:2]), "0.bias": t.tensor(x[0, :2])})
    layers.register_full_backward_pre_hook(lambda m, go: (go[0] * factor,) if factor else None)
    layers.register_full_backward_pre_hook(lambda m, go: seen.append(go), prepend=True)
    layers[1].register_full_backward_hook(lambda m, gi, go: seen.append((gi, go)))
    layers[1].register_full_backward_pre_hook(lambda m, go: (go[0] + 1,))
    x = t.tensor(x, requires_grad=True)
    layers(x).square().sum().backward()
    return seen, x.grad, [p.grad for p in layers.parameters()]


@needs_torch
@pytest.mark.parametrize("factor", [None, 3.0])
def test_backward_pre_hooks_see_and_replace_as_in_pytorch(factor):
    x = random_array((4, 3))
    assert_same(pre_hooked(dark, x, factor), pre_hooked(torch, x, factor))


def test_a_wrong_number_of_gradients_from_a_hook_is_an_error():
    layer = nn.Linear(2, 1)
    layer.register_full_backward_hook(lambda m, gi, go: (gi[0], gi[0]))
    with pytest.raises(RuntimeError, match="2 gradients for 1 inputs"):
        layer(dark.ones(1, 2, requires_grad=True)).sum().backward()
    layer = nn.Linear(2, 1)
    layer.register_full_backward_pre_hook(lambda m, go: (go[0], go[0]))
    with pytest.raises(RuntimeError, match="2 gradients for 1 outputs"):
        layer(dark.ones(1, 2, requires_grad=True)).sum().backward()


# Names


def public(namespace):
    """The classes and functions that a package offers."""
    return {n: v for n, v in vars(namespace).items() if not n.startswith("_") and callable(v)}


@needs_torch
@pytest.mark.parametrize("package", ["nn", "nn.functional", "nn.utils"])
def test_names_parameters_and_defaults_are_a_part_of_pytorchs(package):
    ours, theirs = dark, torch
    for part in package.split("."):
        ours, theirs = getattr(ours, part), getattr(theirs, part)
    for name, value in public(ours).items():
        assert hasattr(theirs, name), f"{package}.{name}"
        twin = getattr(theirs, f"{name}_with_indices", getattr(theirs, name))  # the former has parameters
        if name in ("Parameter", "Identity", "RNN", "LSTM", "GRU"):
            continue  # made by __new__ there, or made of anything
        try:
            known = inspect.signature(twin).parameters
        except ValueError:
            continue  # written in C++
        positional = [p.name for p in known.values() if p.kind is not p.KEYWORD_ONLY]
        for i, (key, parameter) in enumerate(inspect.signature(value).parameters.items()):
            if parameter.kind is parameter.VAR_POSITIONAL:
                continue
            assert key in known, f"{package}.{name}: no parameter {key} there"
            default, other = (getattr(p.default, "__name__", p.default) for p in (parameter, known[key]))
            assert default == other, f"{package}.{name}: default of {key}"
            if parameter.kind is not parameter.KEYWORD_ONLY:
                assert positional[i] == key, f"{package}.{name}: parameter {i} is {positional[i]} there"
