"""What all optimizers share: groups of parameters, a state for each parameter, and both as a dict to save."""

from __future__ import annotations

import copy
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ..autograd.modes import enable_grad
from ..devices import current, device_of, is_cupy, to_device
from ..dtypes import get_default_dtype
from ..tensor import Tensor, counter, wrap

# Functions to be called with an optimizer before each of its steps.
before_step: list[Callable] = []


class Optimizer:
    """Changes parameters by their gradients; a subclass says how, in `_update` or in a `step` of its own.

    `params` holds tensors, or pairs of a name and a tensor, or dicts: groups with a list "params" and with
    options of their own, which take the place of `defaults`.
    """

    def __init__(self, params: Iterable, defaults: dict[str, Any]):
        if isinstance(params, Tensor):
            raise TypeError("params is a list of tensors or of dicts, not a tensor; say [tensor]")
        self.defaults = defaults
        self.state: defaultdict[Any, dict[str, Any]] = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []

        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        for group in groups if isinstance(groups[0], dict) else [{"params": groups}]:
            self.add_param_group(group)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Optimize more parameters: `{"params": [...], "lr": ...}`; an option not given has its default."""
        if not isinstance(param_group, dict):
            raise TypeError(f"a param group is a dict, not {type(param_group).__name__}")
        group = {**self.defaults, **param_group, **params_and_names(param_group["params"])}
        params = set(group["params"])
        if len(params) < len(group["params"]):
            warnings.warn("a param group has a parameter twice: every step changes it twice", stacklevel=3)

        for other in self.param_groups:
            if not params.isdisjoint(other["params"]):
                raise ValueError("some parameters appear in more than one parameter group")
            if ("param_names" in group) != ("param_names" in other):
                raise ValueError("all param groups come with names of their parameters, or none does")
        self.param_groups.append(group)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients or, if not `set_to_none`, make them zero."""
        for param in params_of(self.param_groups):
            if set_to_none:
                param.grad = None
            elif param.grad is not None:
                param.grad.detach_().zero_()

    def step(self, closure: Callable | None = None):
        """Change every parameter that has a gradient.

        A `closure` is called first: it clears the gradients, computes the loss and calls backward. Its loss
        is returned.
        """
        for look in before_step:
            look(self)
        self._stepped = True  # a scheduler asks
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        for group in self.param_groups:
            options = {name: number(option) for name, option in group.items()}
            for param in group["params"]:
                if param.grad is not None:
                    with current(param.device):
                        self._update(param.array, param.grad.array, self.state[param], options)
                    counter(param)[0] += 1
        return loss

    _stepped = False

    def _update(self, param, grad, state: dict[str, Any], group: dict[str, Any]) -> None:
        """Change the array `param` in place; `state` keeps tensors for the next step, `group` has options."""
        raise NotImplementedError(f"{type(self).__name__} has no update rule")

    def state_dict(self) -> dict[str, Any]:
        """State and options as in PyTorch's files, with parameters replaced by their positions.

        The tensors in it are the optimizer's own and change with its next step.
        """
        position: dict[Tensor, int] = {}
        for param in params_of(self.param_groups):
            position.setdefault(param, len(position))
        state = {position.get(key, key): values for key, values in self.state.items() if values}
        groups = [{**group, "params": [position[p] for p in group["params"]]} for group in self.param_groups]
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over the state and the options, as a copy, of an optimizer with groups of the same sizes."""
        groups, saved = self.param_groups, state_dict["param_groups"]
        have, given = ([len(group["params"]) for group in side] for side in (groups, saved))
        if have != given:
            raise ValueError(
                f"load_state_dict: the param groups have {have} parameters, those of the state_dict {given}"
            )
        param_of = dict(zip(params_of(saved), params_of(groups)))
        capturable = {key for group in saved if group.get("capturable") for key in group["params"]}
        self.state = defaultdict(dict)
        for key, values in state_dict["state"].items():
            if key in param_of:
                param, here = param_of[key], key in capturable
                self.state[param] = {name: restored(name, v, param.array, here) for name, v in values.items()}
            else:
                self.state[key] = copy.deepcopy(values)
        for group, new in zip(groups, saved):
            group.update(copy.deepcopy({name: value for name, value in new.items() if name != "params"}))

    def __repr__(self):
        lines = [f"{type(self).__name__} ("]
        for i, group in enumerate(self.param_groups):
            lines.append(f"Parameter Group {i}")
            lines += [f"    {name}: {group[name]}" for name in sorted(group) if name != "params"]
        return "\n".join([*lines, ")"])


def params_of(groups):
    """The parameters of all groups."""
    return [param for group in groups for param in group["params"]]


def params_and_names(params):
    """The entries "params" and, where the parameters came with names, "param_names" of a group."""
    if isinstance(params, set):
        raise TypeError("a set of parameters has another order in every run; use a list")
    params = [params] if isinstance(params, Tensor) else list(params)
    names = [p[0] for p in params if isinstance(p, tuple)]
    tensors = [p[1] if isinstance(p, tuple) else p for p in params]
    if names and len(names) < len(params):
        raise ValueError("all parameters come with names, or none does")
    for tensor in tensors:
        if not isinstance(tensor, Tensor):
            raise TypeError(f"an optimizer changes tensors; one of the params is a {type(tensor).__name__}")
        if not (tensor.is_leaf or tensor.retains_grad):
            raise ValueError("can't optimize a non-leaf Tensor: it is computed, and would be computed again")
    return {"params": tensors, "param_names": names} if names else {"params": tensors}


def restored(name, value, param, capturable):
    """A copy of a saved part of the state of `param`, with its type, its device, and its order in memory."""
    if name == "step":  # a count of its own type; a number in old files
        count = value if isinstance(value, Tensor) else wrap(np.array(float(value)))
        return wrap(np.array(count.item(), count.array.dtype, like=param if capturable else None))
    if not isinstance(value, Tensor):
        return copy.deepcopy(value)
    with current(device_of(param)):
        same = value.shape == param.shape
        array = np.empty_like(param) if same else np.empty(tuple(value.shape), param.dtype, like=param)
        array[...] = to_device(value.array, device_of(param))
    return wrap(array)


def zeros_like(param) -> Tensor:
    """What a state begins with: a tensor of zeros for an array."""
    return wrap(np.zeros_like(param))


def first_step(param=None) -> Tensor:
    """A count of steps, at 0: a 0-d tensor of a floating-point type, as in PyTorch's files.

    It is on the CPU, where counting costs next to nothing, or where the array `param` is.
    """
    kind = "float64" if get_default_dtype().name == "float64" else "float32"
    return wrap(np.zeros((), kind, like=param))


def number(option):
    """An option, or a count of steps, as kernels take it: of a tensor on the CPU the number, else its array.

    So nothing waits for another device: kernels read the number there.
    """
    if isinstance(option, Tensor):
        return option.array.item() if isinstance(option.array, np.ndarray) else option.array
    return tuple(map(number, option)) if isinstance(option, tuple) else option


def is_used(option) -> bool:
    """Whether an option is not 0; an array is not asked, since that would mean to wait for its device."""
    return is_cupy(option) or option != 0


def check_not_negative(options: dict[str, Any]) -> None:
    """Raise ValueError where an option is negative (or NaN)."""
    for name, value in options.items():
        if not value >= 0:
            raise ValueError(f"{name} can't be negative, and is {value}")


def check_between(name, value, low, high):  # beyond
    """Raise ValueError where an option is not in [low, high]."""
    if not low <= value <= high:
        raise ValueError(f"{name} must be from {low} to {high}, and is {value}")


def check_betas(betas):  # beyond
    """Raise ValueError where a running mean would not fade, or never begin."""
    for i, beta in enumerate(betas):
        if not 0 <= beta < 1:
            raise ValueError(f"betas[{i}] must be at least 0 and below 1, and is {beta}")
