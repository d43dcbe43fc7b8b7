"""Puts Dark in PyTorch's place for the imports of this process, and takes it out again."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from ..dtypes import dtype
from ..return_types import ValuesAndIndices
from ..tensor import Size, Tensor
from .in_place import METHODS, recorded, recorded_item
from .legacy import new, with_names, with_sizes
from .missing import MissingImport, missing
from .modules import VERSIONS, StandIn

FOR_WORKERS = str(Path(__file__).parent / "on_path")  # what the processes of a DataLoader find by `sys.path`


def named_torch(represent):
    """A `__repr__` that says torch where Dark's says dark."""
    return lambda self: represent(self).replace("dark.", "torch.", 1)


CHANGED = [  # (class, method, how it becomes what programs see)
    (dtype, "__repr__", named_torch),
    (Size, "__repr__", named_torch),
    (ValuesAndIndices, "__repr__", named_torch),
    (Tensor, "__init__", with_sizes),
    (Tensor, "type", with_names),
    (Tensor, "new", new),
    (Tensor, "__setitem__", recorded_item),
    *[(Tensor, name, recorded) for name in METHODS],
]


class Finder:
    """Answers `import torch…` and `import torchvision…`, before those who look for files."""

    @staticmethod
    def find_spec(fullname: str, path=None, target=None) -> ModuleSpec | None:
        """How to import a module; MissingImport where Dark has nothing by this name."""
        above, _, name = fullname.rpartition(".")
        if fullname.split(".")[0] not in VERSIONS:
            return None
        try:
            stand_in = StandIn(fullname)
        except KeyError:
            known = [known for known in dir(sys.modules[above]) if known != name]
            raise MissingImport(missing(above, name, known)) from None
        return ModuleSpec(fullname, Finder, loader_state=stand_in, is_package=True)  # type: ignore[arg-type]

    @staticmethod
    def create_module(spec: ModuleSpec) -> ModuleType:
        """The module that `find_spec` has made."""
        return spec.loader_state

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        """Nothing: it is complete."""


set_aside: dict[str, ModuleType] = {}  # PyTorch, where it had been imported
originals: list = []  # the methods that were changed


def install() -> None:
    """From now on, `import torch` and `import torchvision` give Dark; a second call changes nothing."""
    if Finder in sys.meta_path:
        return
    set_aside.update(taken_out())
    sys.meta_path.insert(0, Finder)
    if FOR_WORKERS not in sys.path:
        sys.path.insert(1, FOR_WORKERS)  # the first is the folder of the program
    for kind, name, change in CHANGED:
        originals.append(getattr(kind, name, None))
        setattr(kind, name, change(originals[-1]))


def uninstall() -> None:
    """Undo `install`; what a program has imported by then stays Dark's."""
    if Finder not in sys.meta_path:
        return
    sys.meta_path.remove(Finder)
    if FOR_WORKERS in sys.path:
        sys.path.remove(FOR_WORKERS)
    taken_out()
    sys.modules.update(set_aside)
    set_aside.clear()
    for kind, name, _ in reversed(CHANGED):
        if (original := originals.pop()) is None:
            delattr(kind, name)
        else:
            setattr(kind, name, original)


@contextmanager
def installed() -> Iterator[None]:
    """A `with` block in which `import torch` gives Dark."""
    install()
    try:
        yield
    finally:
        uninstall()


def taken_out() -> dict[str, ModuleType]:
    """All modules of PyTorch, or those that stand in their place, taken out of those that are imported."""
    names = [name for name in sys.modules if name.split(".")[0] in VERSIONS]
    return {name: sys.modules.pop(name) for name in names}
