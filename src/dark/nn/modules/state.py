"""The state of a module as a flat dict of named tensors, and the way back into the module."""

from collections.abc import Mapping
from typing import NamedTuple

from ...autograd.modes import no_grad
from ...tensor import Tensor
from ..parameter import Parameter


class IncompatibleKeys(NamedTuple):
    """What `load_state_dict` returns: names the module has and the dict has not, and the other way round."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self):
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return f"IncompatibleKeys(missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys})"


def collect(module, prefix, keep_vars):
    """{name: tensor}; what is registered in two places comes under both names."""
    found = {}
    for name, tensor in {**module._parameters, **persistent_buffers(module)}.items():
        if tensor is not None:
            found[prefix + name] = tensor if keep_vars else tensor.detach()
    for name, child in module._modules.items():
        if child is not None:
            found.update(child.state_dict(prefix=f"{prefix}{name}.", keep_vars=keep_vars))
    return found


def persistent_buffers(module):
    """The buffers that belong to the state."""
    return {name: b for name, b in module._buffers.items() if name not in module._non_persistent_buffers_set}


def load(module, state_dict, strict, assign):
    """Check everything, then change the module."""
    if not isinstance(state_dict, Mapping):
        raise TypeError(f"load_state_dict: expected a dict of tensors, got {type(state_dict).__name__}")
    own = module.state_dict(keep_vars=True)
    keys = IncompatibleKeys([k for k in own if k not in state_dict], [k for k in state_dict if k not in own])

    problems = []
    if strict and keys.unexpected_keys:
        problems.append(f"Unexpected key(s) in state_dict: {quoted(keys.unexpected_keys)}.")
    if strict and keys.missing_keys:
        problems.append(f"Missing key(s) in state_dict: {quoted(keys.missing_keys)}.")
    for key, tensor in own.items():
        if key not in state_dict:
            continue
        theirs = state_dict[key]
        if not isinstance(theirs, Tensor):
            problems.append(f"{key} is a {type(theirs).__name__}, not a Tensor.")
        elif theirs.shape != tensor.shape:
            shapes = f"{tuple(theirs.shape)} in the state_dict, {tuple(tensor.shape)} in the module"
            problems.append(f"size mismatch for {key}: {shapes}.")
    if problems:
        lines = "".join(f"\n\t{problem}" for problem in problems)
        raise RuntimeError(f"Error(s) in loading state_dict for {type(module).__name__}:{lines}")

    with no_grad():
        for key, tensor in own.items():
            if key in state_dict:
                put(module, key, tensor, state_dict[key], assign)
    return keys


def put(module, key, tensor, new, assign):
    """Copy `new` into the module's `tensor`, or make it take the place of that."""
    if not assign:
        tensor.copy_(new)
        return
    path, _, name = key.rpartition(".")
    if isinstance(tensor, Parameter):
        wanted = tensor.requires_grad
        new = new.requires_grad_(wanted) if isinstance(new, Parameter) else Parameter(new, wanted)
    setattr(module.get_submodule(path), name, new)


def quoted(names):
    """The names, in quotes."""
    return ", ".join(f'"{name}"' for name in names)
