"""Modules that hold other modules: in a row, in a list, in a dict."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .module import Module, indented, tree


class Numbered(Module):
    """What `Sequential` and `ModuleList` share: modules named "0", "1", ..., which are found by number."""

    def __len__(self):
        return len(self._modules)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules.values())

    def __getitem__(self, idx: int | slice) -> Any:
        if isinstance(idx, slice):
            return self._part(list(self._modules.items())[idx])
        return self._modules[self._name(idx)]

    def __setitem__(self, idx: int, module: Module):
        setattr(self, self._name(idx), module)

    def __delitem__(self, idx: int | slice):
        keys = list(self._modules)
        for key in keys[idx] if isinstance(idx, slice) else [self._name(idx)]:
            delattr(self, key)
        self._renumber(list(self))

    def _name(self, idx):
        """The name under which the module at `idx` is registered."""
        number = idx.__index__()
        if not -len(self) <= number < len(self):
            raise IndexError(f"index {idx} is out of range for a {self._get_name()} of {len(self)} modules")
        return list(self._modules)[number]

    def _renumber(self, modules):
        """Hold exactly `modules`, numbered from 0."""
        self._modules.clear()
        for i, module in enumerate(modules):
            self.add_module(str(i), module)

    def append(self, module: Module) -> Numbered:
        """Add a module at the end; returns self."""
        self.add_module(str(len(self)), module)
        return self

    def extend(self, modules: Iterable[Module]) -> Numbered:
        """Add several modules at the end; returns self."""
        for module in list(modules):
            self.append(module)
        return self

    def pop(self, key: int | slice) -> Any:
        """Take a module out and return it."""
        module = self[key]
        del self[key]
        return module

    def __iadd__(self, modules: Iterable[Module]):
        return self.extend(modules)


class Sequential(Numbered):
    """Modules called one after the other, each with the result of the one before.

    Made of modules, or of an OrderedDict that names them.
    """

    def __init__(self, *args: Any):
        super().__init__()
        if len(args) == 1 and isinstance(args[0], OrderedDict):
            for name, module in args[0].items():
                self.add_module(name, module)
        else:
            self.extend(args)

    def forward(self, input: Any) -> Any:
        for module in self:
            input = module(input)
        return input

    def extend(self, sequential: Iterable[Module]) -> Sequential:
        """Add several modules at the end; returns self."""
        super().extend(sequential)
        return self

    def _part(self, items):
        return type(self)(OrderedDict(items))

    def insert(self, index: int, module: Module) -> Sequential:
        """Put a module before the one at `index`; returns self."""
        if not -len(self) <= index <= len(self):
            raise IndexError(f"insert: index {index} is out of range for {len(self)} modules")
        modules = list(self)
        modules.insert(index, module)
        self._renumber(modules)
        return self

    def __add__(self, other: Sequential) -> Sequential:
        if not isinstance(other, Sequential):
            raise ValueError(f"a Sequential and a {type(other).__name__} can't be joined")
        return Sequential(*self, *other)


class ModuleList(Numbered):
    """A list of modules, whose parameters count as the list's own; it computes nothing."""

    def __init__(self, modules: Iterable[Module] | None = None):
        super().__init__()
        self.extend(modules or ())

    def _part(self, items):
        return type(self)(module for _, module in items)

    def insert(self, index: int, module: Module) -> None:
        """Put a module before the one at `index`."""
        modules = list(self)
        modules.insert(index, module)
        self._renumber(modules)

    def __add__(self, other: Iterable[Module]) -> ModuleList:
        return ModuleList([*self, *other])

    def __repr__(self):
        runs: list[list] = []  # [text, first number, last number] of equal neighbours
        for i, module in enumerate(self):
            text = repr(module)
            if runs and runs[-1][0] == text:
                runs[-1][2] = i
            else:
                runs.append([text, i, i])
        lines = [indented(f"({a}): {r}" if a == b else f"({a}-{b}): {b - a + 1} x {r}") for r, a, b in runs]
        return tree(self._get_name(), lines) if lines else f"{self._get_name()}()"


class ModuleDict(Module):
    """A dict of modules, whose parameters count as the dict's own."""

    def __init__(self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]] | None = None):
        super().__init__()
        self.update(modules or {})

    def update(self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]]) -> None:
        """Add the modules of a dict, or of (name, module) pairs; those of the same name are replaced."""
        for name, module in dict(modules).items():
            self[name] = module

    def __getitem__(self, key: str) -> Any:
        return self._modules[key]

    def __setitem__(self, key: str, module: Module):
        self.add_module(key, module)

    def __delitem__(self, key: str):
        del self._modules[key]

    def __len__(self):
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, key: str):
        return key in self._modules

    def keys(self):
        """The names."""
        return self._modules.keys()

    def values(self):
        """The modules."""
        return self._modules.values()

    def items(self):
        """(name, module) pairs."""
        return self._modules.items()

    def pop(self, key: str) -> Module:
        """Take a module out and return it."""
        module = self[key]
        del self[key]
        return module

    def clear(self) -> None:
        """Take all modules out."""
        self._modules.clear()
