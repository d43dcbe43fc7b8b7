"""Module: what every layer and network is; it knows its parameters, its buffers and the modules inside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ... import devices, dtypes
from ...autograd.graph import RemovableHandle
from ...tensor import Tensor
from ..parameter import Parameter
from . import hooks, state


class Module:
    """Base of all layers and networks: a subclass makes its parts in `__init__` and uses them in `forward`.

    A `Parameter` or a `Module` assigned to an attribute is registered under the attribute's name.
    """

    training: bool  # whether layers such as dropout behave as they do in training; `train` and `eval` set it
    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, Tensor | None]
    _modules: dict[str, Module | None]

    def __init__(self):
        for name in ("_parameters", "_buffers", "_modules", "_forward_pre_hooks", "_forward_hooks", "_backward_hooks"):
            object.__setattr__(self, name, {})
        object.__setattr__(self, "_non_persistent_buffers_set", set())
        object.__setattr__(self, "training", True)

    def forward(self, *input: Any) -> Any:
        """What the module computes; every subclass defines it."""
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._forward_pre_hooks or self._forward_hooks or self._backward_hooks:
            return hooks.call(self, args, kwargs)
        return self.forward(*args, **kwargs)

    # Registration: what an attribute holds decides where it is kept.

    def __setattr__(self, name: str, value: Any):
        if isinstance(value, (Parameter, Module)):
            if "_modules" not in self.__dict__:
                kind = "parameters" if isinstance(value, Parameter) else "modules"
                raise AttributeError(
                    f"cannot assign {kind} before Module.__init__() call: "
                    f"begin {type(self).__name__}.__init__ with super().__init__()"
                )
            group = self._parameters if isinstance(value, Parameter) else self._modules
            if group is self._parameters or name not in self._parameters:
                if name not in group:
                    self._forget(name)
                group[name] = value
                return
        for group, kind in self._groups():
            if name in group:
                if value is not None and not isinstance(value, kind):
                    raise TypeError(
                        f"cannot assign {type(value).__name__} to '{name}', where {type(self).__name__} has a "
                        f"{kind.__name__}; assign a {kind.__name__} or None, or delete the attribute first"
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
        return (self._parameters, Parameter), (self._buffers, Tensor), (self._modules, Module)

    def _forget(self, name):
        """Drop whatever attribute or member has this name."""
        for group in (self.__dict__, self._parameters, self._buffers, self._modules):
            group.pop(name, None)
        self._non_persistent_buffers_set.discard(name)

    def _check_new(self, name, group, kind):
        """Raise where nothing can be registered under `name`."""
        if "_modules" not in self.__dict__:
            raise AttributeError(f"cannot assign {kind} before Module.__init__() call")
        if not isinstance(name, str):
            raise TypeError(f"the name of a {kind} is a string, not {type(name).__name__}")
        if not name or "." in name:
            raise KeyError(f'the name of a {kind} can\'t be empty or contain ".", as "{name}" does')
        if hasattr(self, name) and name not in group:
            raise KeyError(f"attribute '{name}' already exists")

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Add a parameter under `name`; None keeps the name for a parameter that this module does without."""
        self._check_new(name, self._parameters, "parameter")
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(f"cannot register {type(param).__name__} as parameter '{name}': a Parameter or None is needed")
        self._parameters[name] = param

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Add a tensor that belongs to the module's state but is not trained, such as a running mean.

        It is in `state_dict` if `persistent`.
        """
        self._check_new(name, self._buffers, "buffer")
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(f"cannot register {type(tensor).__name__} as buffer '{name}': a Tensor or None is needed")
        self._buffers[name] = tensor
        (self._non_persistent_buffers_set.discard if persistent else self._non_persistent_buffers_set.add)(name)

    def add_module(self, name: str, module: Module | None) -> None:
        """Add a module under `name`."""
        self._check_new(name, self._modules, "module")
        if module is not None and not isinstance(module, Module):
            raise TypeError(f"cannot add {type(module).__name__} as module '{name}': a Module or None is needed")
        self._modules[name] = module

    def register_module(self, name: str, module: Module | None) -> None:
        """The same as `add_module`."""
        self.add_module(name, module)

    # Walking the tree. What is registered in two places comes once, under its first name.

    def named_modules(
        self, memo: set[Module] | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Module]]:
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

    def modules(self) -> Iterator[Module]:
        """This module and all inside it, at any depth."""
        return (module for _, module in self.named_modules())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """(name, module) of the modules directly inside this one."""
        seen = set()
        for name, module in self._modules.items():
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module

    def children(self) -> Iterator[Module]:
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
        modules = self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate) if recurse else [(prefix, self)]
        seen = set()
        for path, module in modules:
            for name, member in getattr(module, group).items():
                if member is not None and member not in seen:
                    if remove_duplicate:
                        seen.add(member)
                    yield joined(path, name), member

    def get_submodule(self, target: str) -> Module:
        """The module at a dotted path, such as "encoder.0"; this one for an empty path."""
        module = self
        for name in target.split(".") if target else ():
            inner = getattr(module, name, None)
            if not isinstance(inner, Module):
                raise AttributeError(f"{type(module).__name__} has no module `{name}` (looking for `{target}`)")
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
            raise AttributeError(f"{type(module).__name__} has no {kind} `{name}` (looking for `{target}`)")
        return getattr(module, group)[name]

    # Modes and conversion of the whole tree.

    def train(self, mode: bool = True) -> Module:
        """Set this module and all inside it to training, or to evaluation with `mode=False`; returns self."""
        if not isinstance(mode, bool):
            raise ValueError(f"train: mode is True or False, not {mode!r}")
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self) -> Module:
        """The same as `train(False)`."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Module:
        """Let the parameters want gradients or, to freeze them, not; returns self."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the parameters' gradients, or fill them with zeros."""
        for parameter in self.parameters():
            if set_to_none:
                parameter.grad = None
            elif parameter.grad is not None:
                parameter.grad = parameter.grad.detach()
                parameter.grad.zero_()

    def apply(self, fn: Callable[[Module], Any]) -> Module:
        """Call `fn` with every module, the innermost first; returns self."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def to(self, *args: Any, dtype: Any = None, device: Any = None, non_blocking: bool = False) -> Module:
        """Change, in place, the floating-point parameters and buffers to another dtype, and all to a device.

        Like `Tensor.to`, it takes a dtype, a device, both, or a tensor to be like; returns self.
        """
        for arg in args:
            if isinstance(arg, Tensor):
                dtype, device = arg.dtype, arg.device
            elif isinstance(arg, (str, devices.device)):
                device = arg
            elif arg is not None:
                dtype = arg
        if dtype is not None and not dtypes.as_dtype(dtype).is_floating_point:
            raise TypeError(f"a module can be converted to floating-point types only, not to {dtypes.as_dtype(dtype)}")
        return self._apply(lambda t: t.to(device=device, dtype=dtype if t.is_floating_point() else None))

    def _apply(self, fn: Callable[[Tensor], Tensor]) -> Module:
        """Replace the data of all parameters, their gradients and the buffers by `fn` of them."""
        for module in self.modules():
            for parameter in module._parameters.values():
                if parameter is not None:
                    parameter.data = fn(parameter.data)
                    if parameter.grad is not None:
                        parameter.grad = fn(parameter.grad.detach())
            for name, buffer in module._buffers.items():
                if buffer is not None:
                    module._buffers[name] = fn(buffer)
        return self

    def float(self) -> Module:
        """The same as `to(dark.float32)`."""
        return self.to(dtypes.float32)

    def double(self) -> Module:
        """The same as `to(dark.float64)`."""
        return self.to(dtypes.float64)

    def half(self) -> Module:
        """The same as `to(dark.float16)`."""
        return self.to(dtypes.float16)

    def cpu(self) -> Module:
        """The same as `to(device="cpu")`."""
        return self.to(device="cpu")

    # Saving and loading.

    def state_dict(self, *, prefix: str = "", keep_vars: bool = False) -> dict[str, Tensor]:
        """{dotted name: tensor} of all parameters and persistent buffers; the tensors share the module's memory.

        They are detached, unless `keep_vars`.
        """
        return state.collect(self, prefix, keep_vars)

    def load_state_dict(self, state_dict: Mapping[str, Tensor], strict: bool = True, assign: bool = False):
        """Copy the tensors of `state_dict`, converted, into the parameters and buffers of the same names.

        Names on one side only are an error, unless `strict` is off; other shapes always are. An error
        lists all that does not fit, and nothing has been loaded then. `assign` makes the given tensors
        the module's own instead of copying. Returns (missing_keys, unexpected_keys).
        """
        return state.load(self, state_dict, strict, assign)

    # Hooks: functions called with every pass through the module. Each registration returns a handle to undo it.

    def register_forward_pre_hook(
        self, hook: Callable, *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, args)` before `forward`; what it returns, if anything, takes the place of `args`.

        `with_kwargs` makes it `hook(module, args, kwargs)`, which may return both, as a pair.
        """
        return hooks.register(self._forward_pre_hooks, hook if with_kwargs else hooks.before(hook), prepend)

    def register_forward_hook(
        self, hook: Callable, *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, args, output)` after `forward`; what it returns, if anything, is the output then.

        `with_kwargs` makes it `hook(module, args, kwargs, output)`.
        """
        return hooks.register(self._forward_hooks, hook if with_kwargs else hooks.after(hook), prepend)

    def register_full_backward_hook(self, hook: Callable, prepend: bool = False) -> RemovableHandle:
        """Call `hook(module, grad_input, grad_output)` when the gradients of the module's inputs are known.

        Both are tuples, with None for what is no tensor or wants no gradient. What the hook returns, if
        anything, takes the place of `grad_input`.
        """
        return hooks.register(self._backward_hooks, hook, prepend)

    # Printing.

    def extra_repr(self) -> str:
        """What stands between the brackets when a layer is printed: its sizes and options."""
        return ""

    def _get_name(self) -> str:
        return type(self).__name__

    def __repr__(self):
        extra = self.extra_repr()
        children = [f"({name}): {indented(repr(module))}" for name, module in self._modules.items()]
        if not children and "\n" not in extra:
            return f"{self._get_name()}({extra})"
        return tree(self._get_name(), [*extra.splitlines(), *children])


def joined(prefix, name):
    """A dotted path."""
    return f"{prefix}.{name}" if prefix else name


def tree(name, lines):
    """A name with indented lines in brackets below it."""
    return "\n  ".join([f"{name}(", *lines]) + "\n)"


def indented(text):
    """`text` with all lines but the first moved two places to the right."""
    return "\n".join("  " + line if i and line.strip() else line for i, line in enumerate(text.split("\n")))
