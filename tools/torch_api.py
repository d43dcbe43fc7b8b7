"""What PyTorch and torchvision offer: their public names and parameters, as a table for the tests and docs.

    python tools/torch_api.py          write tests/data/torch_api.json
    python tools/torch_api.py --check  exit 1 where the PyTorch that is installed says something else

The table maps a module or class to its names, and a name to its signatures: the parameters as they stand
between the brackets of a `def`, a default that is no plain value as `...`. A function written in C++ has one
signature for each way to call it, from the type stubs that come with PyTorch. A class stands under its name
with the signature of its constructor, and once more under its path with its methods; what it inherits from
another class of the table is left to that one ("bases"). What is neither has no signature.

torchvision need not be importable: its source is read. Without it, its part of the table stays as it is.
"""

import ast
import copy
import enum
import importlib
import inspect
import json
import re
import sys
import types
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "tests" / "data" / "torch_api.json"
PLACES = [
    "torch", "torch.nn", "torch.nn.functional", "torch.nn.init", "torch.nn.utils", "torch.optim",
    "torch.optim.lr_scheduler", "torch.utils.data", "torch.autograd", "torch.autograd.functional",
    "torch.linalg", "torch.onnx", "torch.cuda", "torch.backends", "torch.backends.cuda",
    "torch.backends.cudnn",
]  # fmt: skip
VISION_PLACES = [
    "datasets", "models", "ops", "transforms.v2", "transforms.v2.functional", "tv_tensors", "utils",
]  # fmt: skip
# Where PyTorch's stubs are not what its functions take: (place, name) -> their signatures, tried by hand.
NEW = "out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False"
CORRECTIONS = {
    ("torch", "dtype"): [],
    ("torch", "linspace"): [f"start, end, steps, *, {NEW}"],
    ("torch", "logspace"): [f"start, end, steps, base=10.0, *, {NEW}"],
    ("torch", "numel"): ["input"],
    ("torch.Tensor", "requires_grad_"): ["requires_grad=True"],
    ("torch.nn.functional", "one_hot"): ["input, num_classes=-1"],
}


def as_text(parameters: inspect.Signature | ast.arguments, drop_self: bool = False) -> str:
    """A signature as it stands between the brackets of a `def`, without types."""
    if isinstance(parameters, inspect.Signature):
        plain = [p.replace(annotation=p.empty, default=shown(p)) for p in parameters.parameters.values()]
        text = str(inspect.Signature(plain))[1:-1]
        parameters = ast.parse(f"def f({text}): ...").body[0].args  # type: ignore[attr-defined]
    parameters = copy.deepcopy(parameters)
    arguments = parameters.posonlyargs + parameters.args + parameters.kwonlyargs
    for argument in [*arguments, parameters.vararg, parameters.kwarg]:
        if argument:
            argument.annotation = None
    defaults = [d if is_plain(d) else ast.Constant(...) for d in parameters.defaults]
    keyword = [d if d is None or is_plain(d) else ast.Constant(...) for d in parameters.kw_defaults]
    parameters.defaults, parameters.kw_defaults = defaults, keyword
    if drop_self and (parameters.posonlyargs or parameters.args):
        del (parameters.posonlyargs or parameters.args)[0]
        left = len(parameters.posonlyargs) + len(parameters.args)
        parameters.defaults = parameters.defaults[-left:] if left else []
    return ast.unparse(parameters)


class Text(str):
    """A default as it is written."""

    __repr__ = str.__str__


def shown(parameter):
    """The default: as it is where it is a plain value, else an ellipsis; nothing where there is none."""
    value = parameter.default
    if value is parameter.empty or isinstance(value, (bool, int, str, type(None))):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else Text(f"float('{value}')")
    numbers = isinstance(value, tuple) and all(isinstance(v, (int, float)) for v in value)
    return value if numbers else Text("...")


def is_plain(default: ast.expr) -> bool:
    """Whether a default is a number, a string, True, False, None, or a tuple of such."""
    try:
        ast.literal_eval(default)
    except ValueError:
        return ast.unparse(default) in ("float('inf')", "float('-inf')", "float('nan')")
    return True


def stubbed(file: str, owner: str | None = None) -> dict[str, list[str]]:
    """The signatures of the functions in a type stub of PyTorch, or of the methods of a class in it."""
    import torch

    stub = Path(torch.__file__).with_name("_C") / file
    tree: ast.Module | ast.ClassDef = ast.parse(stub.read_text(encoding="utf-8"))
    if owner:
        tree = next(x for x in tree.body if isinstance(x, ast.ClassDef) and x.name == owner)
    found: dict[str, list[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            text = as_text(node.args, drop_self=owner is not None)
            if text not in found.setdefault(node.name, []):
                found[node.name].append(text)
    return found


def signatures(thing, name: str, stubs: dict[str, list[str]], method: bool = False) -> list[str] | None:
    """How a function or class can be called; None for a value."""
    bound = method and not isinstance(thing, staticmethod)
    thing = thing.__func__ if isinstance(thing, staticmethod | classmethod) else thing
    if not callable(thing):
        return None
    if isinstance(thing, type) and issubclass(thing, enum.Enum | Exception | Warning):
        return []
    try:
        return [as_text(inspect.signature(thing), drop_self=bound)]
    except (ValueError, TypeError):
        return documented(thing) or stubs.get(name, [])


def documented(function) -> list[str]:
    """The signature with which the documentation of a function of `torch.linalg` begins."""
    text = getattr(function, "__doc__", None) or ""
    found = re.match(r"\s*(?:torch\.)?(?:linalg\.)?\w+\((A\b.*)\) ->", text)
    if not found:
        return []
    text = re.sub(r"\bbool (?=\w)", "", found[1])
    return [as_text(ast.parse(f"def f({text}): ...").body[0].args)]  # type: ignore[attr-defined]


def public(space) -> list[str]:
    """The public names of a module or class, other modules left out.

    A module of switches is a class of PyTorch's own, whose properties they are.
    """
    names = {*dir(space), *(vars(type(space)) if isinstance(space, types.ModuleType) else ())}
    return sorted(
        name for name in names
        if not name.startswith("_") and not isinstance(inspect.getattr_static(space, name), types.ModuleType)
    )  # fmt: skip


def belongs(thing, name: str) -> bool:
    """Whether a thing is part of what PyTorch offers: not Python's library, not the parts of its compiler."""
    owner = getattr(thing, "__module__", None) or "torch"
    if type(thing).__name__ in ("pybind11_type", "tensortype") or owner.startswith("torch.jit"):
        return name in ("Stream", "Event")
    return owner.split(".")[0] in ("torch", "math") and not name.endswith("Storage")


def of_torch() -> dict:
    """The table of PyTorch."""
    import torch

    functions = {**stubbed("_nn.pyi"), **stubbed("_VariableFunctions.pyi")}
    methods = stubbed("__init__.pyi", "TensorBase")
    table: dict = {}
    classes: dict[type, str] = {torch.Tensor: "torch.Tensor"}
    for place in PLACES:
        module = importlib.import_module(place)
        things = {name: getattr(module, name) for name in public(module)}
        things = {name: thing for name, thing in things.items() if belongs(thing, name)}
        table[place] = {name: signatures(thing, name, functions) for name, thing in things.items()}
        for name, thing in things.items():
            if isinstance(thing, type):
                classes.setdefault(thing, f"{place}.{name}")
    for kind, path in classes.items():
        bases = [base for base in kind.__mro__[1:] if base in classes]
        inherited = {x: inspect.getattr_static(base, x) for base in bases[::-1] for x in public(base)}
        stubs = methods if kind is torch.Tensor else {}
        own = {name: inspect.getattr_static(kind, name) for name in public(kind)}
        table[path] = {
            name: signatures(thing, name, stubs, method=True)
            for name, thing in own.items() if thing is not inherited.get(name, table)
        }  # fmt: skip
        if bases:
            table[path]["bases"] = [classes[base] for base in bases]
    return table


class Source:
    """A package whose source is read: what its modules define, and what they import from one another."""

    def __init__(self, root: Path):
        self.root = root
        self.read: dict[str, dict] = {}

    def names(self, module: str) -> dict:
        """The names of a module: definitions, (module, name) where they are imported, None for values."""
        if module not in self.read:
            self.read[module] = self.read_names(module)
        return self.read[module]

    def read_names(self, module: str) -> dict:
        """The same, read from its file."""
        file = self.root.joinpath(*module.split(".")[1:])
        package = module if file.is_dir() else module.rpartition(".")[0]
        file = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
        found: dict = {}
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found[node.name] = node
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found[node.targets[0].id] = None
                if node.targets[0].id == "__all__" and isinstance(node.value, ast.List | ast.Tuple):
                    found["__all__"] = ast.literal_eval(node.value)
            elif isinstance(node, ast.ImportFrom):
                above = package.split(".")[: package.count(".") + 2 - node.level] if node.level else []
                origin = ".".join([*above, *filter(None, [node.module])])
                if not origin.startswith("torchvision.") or origin == module:
                    continue  # another package, or a module of this one
                for x in node.names:
                    if x.name == "*":
                        theirs = self.names(origin)
                        found |= {name: (origin, name) for name in theirs.get("__all__") or theirs}
                    else:
                        found[x.asname or x.name] = (origin, x.name)
        return found

    def definition(self, module: str, name: str):
        """(definition, module) of a name, which a module may have imported from another."""
        while isinstance(thing := self.names(module).get(name), tuple):
            module, name = thing
        return thing, module

    def methods(self, node: ast.ClassDef, module: str) -> dict[str, ast.FunctionDef]:
        """The methods of a class, with those of its base classes in the same package."""
        found: dict = {}
        for base in reversed(node.bases):
            theirs, origin = self.definition(module, ast.unparse(base).split("[")[0])
            if isinstance(theirs, ast.ClassDef):
                found |= self.methods(theirs, origin)
        return found | {x.name: x for x in node.body if isinstance(x, ast.FunctionDef)}


def of_torchvision() -> dict:
    """The table of torchvision, from its source; nothing where it is not installed."""
    spec = find_spec("torchvision")
    if spec is None or not spec.submodule_search_locations:
        return {}
    source = Source(Path(spec.submodule_search_locations[0]))
    table: dict = {}
    for place in VISION_PLACES:
        module = f"torchvision.{place}"
        entries = table[module] = {}
        for name in sorted(x for x in source.names(module) if not x.startswith("_")):
            node, owner = source.definition(module, name)
            entries[name] = None
            if isinstance(node, ast.FunctionDef):
                entries[name] = [as_text(node.args)]
            elif isinstance(node, ast.ClassDef):
                methods = {name: written(x) for name, x in sorted(source.methods(node, owner).items())}
                entries[name] = methods.get("__init__") or []
                table[f"{module}.{name}"] = {x: text for x, text in methods.items() if not x.startswith("_")}
    return table


def written(method: ast.FunctionDef) -> list[str] | None:
    """The signature of a method in a source; None where it is read as a value."""
    decorators = [ast.unparse(x) for x in method.decorator_list]
    return None if "property" in decorators else [as_text(method.args, "staticmethod" not in decorators)]


def current() -> dict:
    """The table, of what is installed."""
    table = {"torch version": metadata.version("torch").split("+")[0], **of_torch()}
    for (place, name), signatures in CORRECTIONS.items():
        table[place][name] = signatures
    return table


def main() -> None:
    """Write the table, or check the one that is there."""
    stored = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}
    table = current()
    if vision := of_torchvision():
        vision["torchvision version"] = metadata.version("torchvision").split("+")[0]
    else:
        vision = {name: entries for name, entries in stored.items() if name.startswith("torchvision")}
    table |= vision
    if "--check" in sys.argv:
        sys.exit(0 if table == stored else f"{TABLE} is of another version: python tools/torch_api.py")
    lines = [f"{json.dumps(name)}: {json.dumps(table[name], sort_keys=True)}" for name in sorted(table)]
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
