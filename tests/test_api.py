"""Dark's public names, parameters and defaults are a subset of PyTorch's, and of torchvision's.

PyTorch's are read from a table, data/torch_api.json, which tools/torch_api.py writes: PyTorch is not needed.
"""  # beyond

import ast
import contextlib
import enum
import importlib
import inspect
import json
import math
import operator
import subprocess
import sys
import types
from pathlib import Path
from typing import NamedTuple

import pytest

import dark
import dark.vision
from against_torch import needs_torch, torch
from dark.own_names import OWN_NAMES

ROOT = Path(__file__).parent.parent
TABLE = json.loads(Path(__file__).with_name("data").joinpath("torch_api.json").read_text(encoding="utf-8"))
PLACES = {
    "dark": "torch",
    "dark.nn": "torch.nn",
    "dark.nn.functional": "torch.nn.functional",
    "dark.nn.init": "torch.nn.init",
    "dark.nn.utils": "torch.nn.utils",
    "dark.optim": "torch.optim",
    "dark.optim.lr_scheduler": "torch.optim.lr_scheduler",
    "dark.utils.data": "torch.utils.data",
    "dark.autograd": "torch.autograd",
    "dark.autograd.functional": "torch.autograd.functional",
    "dark.linalg": "torch.linalg",
    "dark.onnx": "torch.onnx",
    "dark.cuda": "torch.cuda",
    "dark.backends": "torch.backends",
    "dark.backends.cuda": "torch.backends.cuda",
    "dark.backends.cudnn": "torch.backends.cudnn",
    "dark.vision.datasets": "torchvision.datasets",
    "dark.vision.models": "torchvision.models",
    "dark.vision.ops": "torchvision.ops",
    "dark.vision.transforms": "torchvision.transforms.v2",
    "dark.vision.transforms.functional": "torchvision.transforms.v2.functional",
    "dark.vision.tv_tensors": "torchvision.tv_tensors",
    "dark.vision.utils": "torchvision.utils",
}
# What is written in another way and means the same.
SAME = {
    "asarray(requires_grad=False) where PyTorch has None",
    "avg_pool1d(stride=None) where PyTorch has ()",  # as wide as the window
    "cross(dim=-1) where PyTorch has None",  # linalg.cross, whose documentation says -1
    "load(weights_only=True) where PyTorch has None",  # which means True
    "meshgrid(indexing='ij') where PyTorch has None",  # and a warning that it means 'ij'
    "nan_to_num(nan=0.0) where PyTorch has None",
    "nan_to_num_(nan=0.0) where PyTorch has None",
    "roll(dims=None) where PyTorch has ()",  # of the flattened tensor
    # its documentation's name; the function itself has three, by the argument's type
    "tensor_split: PyTorch has no parameter indices_or_sections",
    # PyTorch has them where it is built with CUDA
    "cuda_stream does not exist in PyTorch",
    "device does not exist in PyTorch",
}


class Parameter(NamedTuple):
    """A parameter of a function."""

    name: str
    kind: str  # "positional", "keyword", "*" or "**"
    default: str | None  # as it is written; None where it must be given, "..." where it is no plain value


def of_text(text):
    """The parameters in a signature of the table."""
    a = ast.parse(f"def f({text}): ...").body[0].args
    positional = [*a.posonlyargs, *a.args]
    defaults = [None] * (len(positional) - len(a.defaults)) + a.defaults
    return [
        *(Parameter(x.arg, "positional", d and ast.unparse(d)) for x, d in zip(positional, defaults)),
        *([Parameter(a.vararg.arg, "*", None)] if a.vararg else []),
        *(Parameter(x.arg, "keyword", d and ast.unparse(d)) for x, d in zip(a.kwonlyargs, a.kw_defaults)),
        *([Parameter(a.kwarg.arg, "**", None)] if a.kwarg else []),
    ]  # fmt: skip


KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "*",  # has no name for a call
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.VAR_KEYWORD: "**",
}


def of_function(function, method=False):
    """The parameters of a function of Dark."""
    found = [
        Parameter(p.name, KINDS[p.kind], None if p.default is p.empty else written(p.default))
        for p in inspect.signature(function).parameters.values()
    ]  # fmt: skip
    return found[1:] if method and found and found[0].kind == "positional" else found


def written(default):
    """A default as the table has it."""
    if isinstance(default, float) and not math.isfinite(default):
        return f"float('{default}')"
    plain = isinstance(default, (bool, int, float, str, tuple, type(None)))
    return repr(default) if plain and not isinstance(default, enum.Enum) else "..."


def differences(name, ours, signatures):
    """What a call written for PyTorch would stumble over: names, places and defaults of the parameters.

    A function that PyTorch offers in several ways is held to the one it shares most parameters with.
    """
    ways = [of_text(text) for text in signatures]
    own = [p for p in ours if p.kind in ("positional", "keyword")]
    if not ways:
        return
    known = {p.name for way in ways for p in way}
    anything = any(p.kind == "**" for way in ways for p in way)
    if unknown := [p.name for p in own if p.name not in known and not anything]:
        yield f"{name}: PyTorch has no parameter {', '.join(unknown)}"
        return
    yield from min((list(complaints(name, ours, own, way)) for way in ways), key=len)


def complaints(name, ours, own, way):
    """The same for one way to call it."""
    names, theirs = [p.name for p in own], {p.name: p for p in way}
    places = [p.name for p in own if p.kind == "positional" and p.name in theirs]
    positional = [p.name for p in way if p.kind == "positional"]
    if not any(p.kind == "*" for p in way) and places != positional[: len(places)]:
        yield f"{name}{tuple(places)} by position where PyTorch has {tuple(positional)}"
    for p in own:
        default = theirs[p.name].default if p.name in theirs else None
        if default is not None and p.default is None:
            yield f"{name}: {p.name} must be given; PyTorch has {default}"
        elif not {None, "..."} & {default, p.default} and not same_value(default, p.default):
            yield f"{name}({p.name}={p.default}) where PyTorch has {default}"
    if not any(p.kind in ("*", "**") for p in ours):
        for p in way:
            if missing(p, names):
                yield f"{name}: {p.name}, which PyTorch asks for, is missing"


def same_value(a, b):
    """Whether two defaults, as they are written, are equal; 0 and 0.0 are."""
    return a == b or ("float(" not in a + b and ast.literal_eval(a) == ast.literal_eval(b))


def missing(parameter, names):
    """Whether a call has to give a parameter that is not among `names`."""
    needed = parameter.kind in ("positional", "keyword") and parameter.default is None
    return needed and parameter.name not in names


def lookup(path):
    """The module, or the switches that look like one."""
    with contextlib.suppress(ModuleNotFoundError):
        return importlib.import_module(path)
    return operator.attrgetter(path.removeprefix("dark."))(dark)


def public(space):
    """The public names of a module or a class, other modules left out."""
    names = [name for name in getattr(space, "__all__", dir(space)) if not name.startswith("_")]
    modules = types.ModuleType
    return sorted(x for x in names if not isinstance(inspect.getattr_static(space, x, None), modules))


def entry(path, name):
    """(whether PyTorch has this name there, its signatures), looked up in base classes too."""
    entries = TABLE.get(path, {})
    if name in entries:
        return True, entries[name]
    found = (entry(base, name) for base in entries.get("bases", ()))
    return next((x for x in found if x[0]), (False, None))


def is_own(path, name):
    """Whether a name is listed as one that PyTorch lacks."""
    return f"{path}.{name}".removeprefix("dark.") in OWN_NAMES


@pytest.mark.parametrize("place", PLACES)
def test_every_name_exists_in_pytorch(place):
    names = public(lookup(place))
    unknown = [name for name in names if not entry(PLACES[place], name)[0] and not is_own(place, name)]
    assert [name for name in unknown if f"{place}.{name}" not in PLACES] == []


@pytest.mark.parametrize("place", PLACES)
def test_parameters_have_pytorchs_names_order_and_defaults(place):
    module, wrong = lookup(place), []
    for name in public(module):
        signatures = entry(PLACES[place], name)[1]
        if callable(getattr(module, name)) and signatures:
            wrong += differences(name, of_function(getattr(module, name)), signatures)
    assert [line for line in wrong if line not in SAME] == []


def classes(place):
    """(name, class) of the public classes of a place."""
    module = lookup(place)
    found = [(name, getattr(module, name)) for name in public(module)]
    return [(name, kind) for name, kind in found if isinstance(kind, type) and entry(PLACES[place], name)[0]]


@pytest.mark.parametrize("place", PLACES)
def test_methods_exist_in_pytorch_with_the_same_parameters(place):
    wrong = []
    for name, kind in classes(place):
        path = f"{PLACES[place]}.{name}"
        wrong += of_methods(name, kind, path) if path in TABLE else []
    assert [line for line in wrong if line.partition(".")[2] not in SAME] == []


def of_methods(kind_name, kind, path):
    """What is wrong with the methods of a class."""
    for name in public(kind):
        thing = inspect.getattr_static(kind, name)
        exists, signatures = entry(path, name)
        if not exists and path.startswith("torch."):
            if not any(is_own(owner, name) for owner in (kind_name, "Tensor")):
                yield f"{kind_name}.{name} does not exist in PyTorch"
        elif signatures and callable(function := getattr(kind, name)):
            bound = isinstance(thing, staticmethod | classmethod)
            yield from differences(f"{kind_name}.{name}", of_function(function, not bound), signatures)


def test_every_method_of_tensor_exists_in_pytorch_with_the_same_parameters():
    wrong = of_methods("Tensor", dark.Tensor, "torch.Tensor")
    assert [line for line in wrong if line.partition(".")[2] not in SAME] == []


def test_names_listed_as_our_own_exist_here_and_not_in_pytorch():
    objects = {"": dark, "Tensor": dark.zeros(1), "Generator": dark.Generator()}
    for path in OWN_NAMES:
        place, _, name = path.rpartition(".")
        home = objects[place] if place in objects else lookup(f"dark.{place}")
        assert hasattr(home, name), f"Dark has no {path}"
        theirs = PLACES.get(f"dark.{place}", f"torch.{place}")
        assert not entry(theirs, name)[0], f"PyTorch has {path}"


@pytest.mark.parametrize(
    ("ours", "theirs", "complaint"),
    [
        (lambda input, dim=0: 0, "input, dim=0, keepdim=False", ""),
        (lambda input, axis=0: 0, "input, dim=0", "no parameter axis"),
        (lambda dim, input: 0, "input, dim", "by position"),
        (lambda input, keepdim=False: 0, "input, dim=0, keepdim=False", "by position"),
        (lambda input, *, keepdim=False: 0, "input, dim=0, keepdim=False", ""),
        (lambda input, p=2: 0, "input, p=1", "(p=2)"),
        (lambda input, p: 0, "input, p=1", "must be given"),
        (lambda input: 0, "input, p", "is missing"),
        (lambda input, p=None: 0, "input, p", ""),
        (lambda input, n: 0, "input, *, n", "by position"),
    ],
)
def test_a_signature_that_differs_is_found(ours, theirs, complaint):
    found = "; ".join(differences("f", of_function(ours), [theirs]))
    assert bool(found) == bool(complaint)
    assert complaint in found


def test_the_page_of_what_is_there_is_up_to_date():
    command = [sys.executable, ROOT / "tools" / "parity.py", "--check"]
    assert subprocess.run(command, capture_output=True, text=True).stderr == ""


@needs_torch
def test_the_table_is_what_this_pytorch_offers():
    if torch.__version__.split("+")[0] != TABLE["torch version"]:
        pytest.skip(f"the table is of PyTorch {TABLE['torch version']}, this is {torch.__version__}")
    command = [sys.executable, "-W", "ignore", ROOT / "tools" / "torch_api.py", "--check"]
    assert subprocess.run(command, capture_output=True, text=True).stderr == ""
