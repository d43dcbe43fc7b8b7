"""Dark's public names, parameters and defaults are a subset of PyTorch's."""

import inspect
import types

import pytest

import dark
from against_torch import needs_torch, torch
from dark.own_names import OWN_NAMES

pytestmark = needs_torch
SPACES = [
    "", "nn", "nn.functional", "nn.init", "nn.utils", "optim", "optim.lr_scheduler", "utils.data", "autograd",
]  # fmt: skip


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
    """(name, default) of every parameter, or None where PyTorch has no Python signature."""
    try:
        signature = inspect.signature(thing)
    except (ValueError, TypeError):
        return None
    return [
        (p.name, p.default) for p in signature.parameters.values()
        if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) and p.name != "self"
    ]  # fmt: skip


@pytest.mark.parametrize("space", [s for s in SPACES if s], ids=str)
def test_parameters_have_pytorchs_names_order_and_defaults(space):
    wrong = []
    for name in public(lookup(dark, space)):
        ours, theirs = (parameters(getattr(lookup(root, space), name, None)) for root in (dark, torch))
        if not theirs or not ours:
            continue
        names = [n for n, _ in theirs]
        known = [n for n, _ in ours if n in names]
        if known != [n for n in names if n in known] or len(known) != len(ours):
            wrong.append(f"{name}{tuple(n for n, _ in ours)} where PyTorch has {tuple(names)}")
            continue
        defaults = dict(theirs)
        for n, default in ours:
            if isinstance(default, (int, float, str, bool)) and default != defaults[n]:
                wrong.append(f"{name}({n}={default}) where PyTorch has {defaults[n]}")
    assert wrong == []
