"""Module: what every layer and every network is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ... import devices, dtypes
from ...autograd.graph import RemovableHandle
from ...tensor import Tensor
from . import hooks, state
from .registry import Registry


class Module(Registry):
    """Base of all layers and networks: a subclass makes its parts in `__init__` and uses them in `forward`.

    A `Parameter` or a `Module` assigned to an attribute is registered under the attribute's name.
    """

    training: bool  # whether layers such as dropout behave as they do in training; `train` and `eval` set it

    def __init__(self):
        super().__init__()
        object.__setattr__(self, "training", True)
        for name in ("_forward_pre_hooks", "_forward_hooks", "_backward_hooks", "_backward_pre_hooks"):
            object.__setattr__(self, name, {})

    def forward(self, *input: Any) -> Any:
        """What the module computes; every subclass defines it."""
        raise NotImplementedError(f'Module [{self._get_name()}] is missing the required "forward" function')

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if (
            self._forward_pre_hooks or self._forward_hooks
            or self._backward_hooks or self._backward_pre_hooks
        ):  # fmt: skip
            return hooks.call(self, args, kwargs)
        return self.forward(*args, **kwargs)

    # Modes and conversion, of this module and all inside it; each returns self.

    def train(self, mode: bool = True) -> Module:
        """Set the modules to training, or to evaluation with `mode=False`."""
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
        """Let the parameters want gradients or, to freeze them, not."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the parameters' gradients, or fill them with zeros."""
        for parameter in self.parameters():
            if set_to_none:
                parameter.grad = None
            elif parameter.grad is not None:
                parameter.grad.detach_().zero_()

    def apply(self, fn: Callable[[Module], Any]) -> Module:
        """Call `fn` with every module, the innermost first."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def to(self, *args: Any, dtype: Any = None, device: Any = None, non_blocking: bool = False) -> Module:
        """Change, in place, the floating-point parameters and buffers to another dtype, and all to a device.

        Like `Tensor.to`, it takes a dtype, a device, both, or a tensor to be like.
        """
        for arg in args:
            if isinstance(arg, Tensor):
                dtype, device = arg.dtype, arg.device
            elif isinstance(arg, (str, int, devices.device)) and not isinstance(arg, bool):
                device = arg
            elif arg is not None:
                dtype = arg
        if dtype is not None and not dtypes.as_dtype(dtype).is_floating_point:
            raise TypeError(f"to: a module can be of a floating-point type, not {dtypes.as_dtype(dtype)}")

        def moved(t):
            wanted = dtype if t.is_floating_point() else None
            return t.to(dtype=wanted, device=device, non_blocking=non_blocking)

        return self._apply(moved)

    def _apply(self, fn: Callable[[Tensor], Tensor]) -> Module:
        """Replace the data of all parameters, their gradients and the buffers by `fn` of them."""
        for parameter in self.parameters():
            parameter.data = fn(parameter.data)
            if parameter.grad is not None:
                parameter.grad = fn(parameter.grad.detach())
        for module in self.modules():
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
        """The same as `to("cpu")`."""
        return self.to("cpu")

    def cuda(self, device: Any = None) -> Module:  # dark-5
        """The same as `to("cuda")`, or to another card."""
        return self.to("cuda" if device is None else device)

    # Saving and loading.

    def state_dict(self, *, prefix: str = "", keep_vars: bool = False) -> dict[str, Tensor]:
        """{dotted name: tensor} of all parameters and persistent buffers.

        The tensors share the module's memory; they are detached, unless `keep_vars`.
        """
        return state.collect(self, prefix, keep_vars)

    def load_state_dict(
        self, state_dict: Mapping[str, Tensor], strict: bool = True, assign: bool = False
    ) -> state.IncompatibleKeys:
        """Copy the tensors of `state_dict`, converted, into the parameters and buffers of the same names.

        Names on one side only are an error, unless `strict` is off; other shapes always are. An error
        lists all that does not fit, and nothing has been loaded then. `assign` makes the given tensors
        the module's own instead of copying. Returns (missing_keys, unexpected_keys).
        """
        return state.load(self, state_dict, strict, assign)

    # Hooks: functions called with every pass through the module. Registering returns a handle to undo it.

    def register_forward_pre_hook(
        self, hook: Callable, *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, args)` before `forward`; what it returns, if anything, is `args` from then on.

        `with_kwargs` makes it `hook(module, args, kwargs)`, which may return both, as a pair.
        """
        return hooks.register(self._forward_pre_hooks, hook if with_kwargs else hooks.before(hook), prepend)

    def register_forward_hook(
        self, hook: Callable, *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, args, output)` after `forward`; what it returns, if anything, is the output.

        `with_kwargs` makes it `hook(module, args, kwargs, output)`.
        """
        return hooks.register(self._forward_hooks, hook if with_kwargs else hooks.after(hook), prepend)

    def register_full_backward_hook(self, hook: Callable, prepend: bool = False) -> RemovableHandle:
        """Call `hook(module, grad_input, grad_output)` when the gradients of the module's inputs are known.

        Both are tuples, with None for what is no tensor or wants no gradient. What the hook returns, if
        anything, takes the place of `grad_input`.
        """
        return hooks.register(self._backward_hooks, hook, prepend)

    def register_full_backward_pre_hook(self, hook: Callable, prepend: bool = False) -> RemovableHandle:
        """Call `hook(module, grad_output)` before the gradients of the module's inputs are computed.

        What the hook returns, if anything, takes the place of `grad_output`.
        """
        return hooks.register(self._backward_pre_hooks, hook, prepend)

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


def tree(name, lines):
    """A name with indented lines in brackets below it."""
    return "\n  ".join([f"{name}(", *lines]) + "\n)"


def indented(text):
    """`text` with all lines but the first moved two places to the right."""
    first, *others = text.split("\n")
    return "\n".join([first, *("  " + line if line.strip() else "" for line in others)])
