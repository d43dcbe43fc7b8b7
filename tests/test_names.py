"""Dark's public names, parameters and defaults are a subset of PyTorch's."""  # beyond

import inspect
import types

import pytest

import dark
import dark.vision
from against_torch import needs_torch, torch
from dark.own_names import OWN_NAMES

pytestmark = needs_torch
SPACES = [
    "", "nn", "nn.functional", "nn.init", "nn.utils", "optim", "optim.lr_scheduler", "utils.data", "autograd",
    "cuda", "backends", "backends.cuda", "backends.cudnn",
]  # fmt: skip


# Of a class that PyTorch has the whole of only where it is built with CUDA.
WITH_CUDA = {"cuda.Stream.cuda_stream", "cuda.Stream.device"}


def lookup(root, path):
    for name in filter(None, path.split(".")):
        root = getattr(root, name)
    return root


def public(space):
    """The public names of a module or an object, other modules left out."""
    return sorted(
        name for name in getattr(space, "__all__", dir(space))
        if not name.startswith("_") and not isinstance(getattr(space, name), types.ModuleType)
    )  # fmt: skip


@pytest.mark.parametrize("space", SPACES, ids=lambda s: s or "dark")
def test_every_name_exists_in_pytorch(space):
    ours, theirs = lookup(dark, space), lookup(torch, space)
    unknown = [name for name in public(ours) if not hasattr(theirs, name)]
    assert [name for name in unknown if f"{space}.{name}".lstrip(".") not in OWN_NAMES] == []


def test_every_method_of_tensor_exists_in_pytorch():
    unknown = [f"Tensor.{name}" for name in public(dark.zeros(1, 1)) if not hasattr(torch.zeros(1, 1), name)]
    assert [name for name in unknown if name not in OWN_NAMES] == []


def test_names_listed_as_our_own_are_needed():
    for name in OWN_NAMES:
        ours, theirs = (t.zeros(1, 1) if name.startswith("Tensor.") else t for t in (dark, torch))
        lookup(ours, name.removeprefix("Tensor."))
        with pytest.raises(AttributeError):
            lookup(theirs, name.removeprefix("Tensor."))


def parameters(thing):
    """Every parameter but `self`, *args and **kwargs; or None where PyTorch has no Python signature."""
    try:
        signature = inspect.signature(thing)
    except (ValueError, TypeError):
        return None
    return [
        p for p in signature.parameters.values()
        if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) and p.name != "self"
    ]  # fmt: skip


def differences(name, ours, theirs):
    """What a call written for PyTorch would stumble over: names, places and defaults of the parameters."""
    ours, theirs = parameters(ours), parameters(theirs)
    if not ours or not theirs:
        return
    names, known = [p.name for p in theirs], [p.name for p in ours]
    if [n for n in names if n in known] != known:
        yield f"{name}{tuple(known)} where PyTorch has {tuple(names)}"
        return
    places = [p.name for p in ours if p.kind is not p.KEYWORD_ONLY]
    if places != names[: len(places)]:
        yield f"{name}{tuple(places)} by position where PyTorch has {tuple(names)}"
    defaults = {p.name: p.default for p in theirs}
    for p in ours:
        if isinstance(p.default, (int, float, str, bool)) and p.default != defaults[p.name]:
            yield f"{name}({p.name}={p.default}) where PyTorch has {defaults[p.name]}"


def pairs(space):
    """(name, ours, PyTorch's) of the public names that both have in a module or a class."""
    ours, theirs = lookup(dark, space), lookup(torch, space)
    return [(n, getattr(ours, n), getattr(theirs, n)) for n in public(ours) if hasattr(theirs, n)]


@pytest.mark.parametrize("space", [s for s in SPACES if s], ids=str)
def test_parameters_have_pytorchs_names_order_and_defaults(space):
    assert [wrong for pair in pairs(space) for wrong in differences(*pair)] == []


def classes(space):
    """The dotted names of the classes in a module; tensors apart, whose methods PyTorch wrote in C++."""
    return [
        f"{space}.{name}".lstrip(".") for name, ours, _ in pairs(space)
        if inspect.isclass(ours) and not issubclass(ours, dark.Tensor)
    ]  # fmt: skip


@pytest.mark.parametrize("space", SPACES, ids=lambda s: s or "dark")
def test_methods_exist_in_pytorch_with_the_same_parameters(space):
    wrong = []
    for path in classes(space):
        ours, theirs = lookup(dark, path), lookup(torch, path)
        own = {f"{path}.{name}" for name in public(ours) if not hasattr(theirs, name)}
        wrong += sorted(own - OWN_NAMES.keys() - WITH_CUDA)
        for name, method, original in pairs(path):
            wrong += differences(f"{path}.{name}", method, original)
    assert wrong == []
