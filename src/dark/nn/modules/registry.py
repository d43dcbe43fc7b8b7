"""Registry: the part of a module that knows by name what it is made of, as far down as it goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...tensor import Tensor
from ..parameter import Parameter


class Registry:
    """An object whose attributes that are parameters, buffers or registries again are found by walking it.

    What is registered in two places comes once in a walk, under its first name.
    """

    _parameters: dict[str, Any]
    _buffers: dict[str, Any]
    _modules: dict[str, Any]
    _non_persistent_buffers_set: set[str]

    def __init__(self):
        for name in ("_parameters", "_buffers", "_modules"):
            object.__setattr__(self, name, {})
        object.__setattr__(self, "_non_persistent_buffers_set", set())

    def __setattr__(self, name: str, value: Any):
        if isinstance(value, (Parameter, Registry)):
            kind = "parameters" if isinstance(value, Parameter) else "modules"
            home = f"_{kind}"
            if home not in self.__dict__:
                raise AttributeError(
                    f"cannot assign {kind} before Module.__init__() call: "
                    f"begin {type(self).__name__}.__init__ with super().__init__()"
                )
            if kind == "parameters" or name not in self._parameters:
                if name not in self.__dict__[home]:
                    self._forget(name)
                self.__dict__[home][name] = value
                return
        for group, kind in self._groups():
            if name in group:
                if value is not None and not isinstance(value, kind):
                    wanted = "Module" if kind is Registry else kind.__name__
                    raise TypeError(
                        f"cannot assign a {type(value).__name__} to '{name}', a registered {wanted} of "
                        f"{type(self).__name__}; assign a {wanted} or None, or delete the attribute first"
                    )
                group[name] = value
                return
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        for group, _ in self._groups():
            if name in group:
                return group[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __delattr__(self, name: str):
        if any(name in group for group, _ in self._groups()):
            self._forget(name)
        else:
            object.__delattr__(self, name)

    def __dir__(self):
        return sorted({*super().__dir__(), *self._parameters, *self._buffers, *self._modules})

    def _groups(self):
        """The dicts of registered members with the type of their values; none before `__init__`."""
        if "_modules" not in self.__dict__:
            return ()
        return (self._parameters, Parameter), (self._buffers, Tensor), (self._modules, Registry)

    def _forget(self, name):
        """Drop whatever attribute or member has this name."""
        for group in (self.__dict__, self._parameters, self._buffers, self._modules):
            group.pop(name, None)
        self._non_persistent_buffers_set.discard(name)

    def _check(self, name, member, group, kind, type_name):
        """Raise where `member` can't be registered under `name`."""
        if group not in self.__dict__:
            raise AttributeError(f"cannot register a {kind} before Module.__init__() call")
        if not isinstance(name, str):
            raise TypeError(f"the name of a {kind} is a string, not a {type(name).__name__}")
        if not name or "." in name:
            raise KeyError(f'the name of a {kind} can\'t be empty or contain ".", as "{name}" does')
        if hasattr(self, name) and name not in self.__dict__[group]:
            raise KeyError(f"attribute '{name}' already exists")
        if member is not None and not isinstance(member, type_name):
            raise TypeError(f"cannot register a {type(member).__name__} as {kind} '{name}'")

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Add a parameter under `name`; None keeps the name for a parameter that this module does without."""
        self._check(name, param, "_parameters", "parameter", Parameter)
        self._parameters[name] = param

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Add a tensor that belongs to the module's state but is not trained, such as a running mean.

        It is in `state_dict` if `persistent`.
        """
        self._check(name, tensor, "_buffers", "buffer", Tensor)
        self._buffers[name] = tensor
        if persistent:
            self._non_persistent_buffers_set.discard(name)
        else:
            self._non_persistent_buffers_set.add(name)

    def add_module(self, name: str, module: Any) -> None:
        """Add a module, or None, under `name`."""
        self._check(name, module, "_modules", "module", Registry)
        self._modules[name] = module

    def register_module(self, name: str, module: Any) -> None:
        """The same as `add_module`."""
        self.add_module(name, module)

    def named_modules(
        self, memo: set | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Any]]:
        """(name, module) of this module and all inside it, at any depth; names are dotted paths."""
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, module in self._modules.items():
            if module is not None:
                yield from module.named_modules(memo, joined(prefix, name), remove_duplicate)

    def modules(self) -> Iterator[Any]:
        """This module and all inside it, at any depth."""
        return (module for _, module in self.named_modules())

    def named_children(self) -> Iterator[tuple[str, Any]]:
        """(name, module) of the modules directly inside this one."""
        seen = set()
        for name, module in self._modules.items():
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module

    def children(self) -> Iterator[Any]:
        """The modules directly inside this one."""
        return (module for _, module in self.named_children())

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """(name, parameter) of this module and, with `recurse`, of all inside it."""
        return self._named_members("_parameters", prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """The parameters of this module and, with `recurse`, of all inside it: what an optimizer takes."""
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """(name, buffer) of this module and, with `recurse`, of all inside it."""
        return self._named_members("_buffers", prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """The buffers of this module and, with `recurse`, of all inside it."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    def _named_members(self, group, prefix, recurse, remove_duplicate):
        modules = [(prefix, self)]
        if recurse:
            modules = self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate)
        seen = set()
        for path, module in modules:
            for name, member in getattr(module, group).items():
                if member is not None and member not in seen:
                    if remove_duplicate:
                        seen.add(member)
                    yield joined(path, name), member

    def get_submodule(self, target: str) -> Any:
        """The module at a dotted path, such as "encoder.0"; this one for an empty path."""
        module = self
        for name in target.split(".") if target else ():
            inner = getattr(module, name, None)
            if not isinstance(inner, Registry):
                raise AttributeError(f"{type(module).__name__} has no module `{name}`, a part of `{target}`")
            module = inner
        return module

    def get_parameter(self, target: str) -> Parameter:
        """The parameter at a dotted path, such as "encoder.0.weight"."""
        return self._get_member(target, "_parameters", "parameter")

    def get_buffer(self, target: str) -> Tensor:
        """The buffer at a dotted path."""
        return self._get_member(target, "_buffers", "buffer")

    def _get_member(self, target, group, kind):
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        if getattr(module, group).get(name) is None:
            raise AttributeError(f"{type(module).__name__} has no {kind} `{name}`, a part of `{target}`")
        return getattr(module, group)[name]


def joined(prefix, name):
    """A dotted path."""
    return f"{prefix}.{name}" if prefix else name
