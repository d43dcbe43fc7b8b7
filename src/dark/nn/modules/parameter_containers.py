"""Modules that hold parameters: in a list, in a dict."""  # beyond

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...tensor import Tensor
from ..parameter import Parameter
from .module import Module


class ParameterList(Module):
    """A list of parameters, which count as the module's own; tensors become parameters on the way in."""

    def __init__(self, values: Iterable[Any] | None = None):
        super().__init__()
        self._size = 0
        self.extend(() if values is None else values)

    def __len__(self):
        return self._size

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, idx: int | slice) -> Any:
        if isinstance(idx, slice):
            return type(self)(self[i] for i in range(*idx.indices(len(self))))
        return getattr(self, self._name(idx))

    def __setitem__(self, idx: int, param: Any):
        setattr(self, self._name(idx), as_parameter(param))

    def _name(self, idx):
        """The name under which the parameter at `idx` is registered."""
        number = idx.__index__()
        if not -len(self) <= number < len(self):
            raise IndexError(f"index {idx} is out of range for a ParameterList of {len(self)}")
        return str(number % len(self))

    def append(self, value: Any) -> ParameterList:
        """Add a parameter at the end; returns self."""
        self._size += 1
        self[self._size - 1] = value
        return self

    def extend(self, values: Iterable[Any]) -> ParameterList:
        """Add several parameters at the end; returns self."""
        if isinstance(values, Tensor) or not isinstance(values, Iterable):
            raise TypeError(f"ParameterList: expected a list of parameters, got {type(values).__name__}")
        for value in list(values):
            self.append(value)
        return self

    def __iadd__(self, values: Iterable[Any]):
        return self.extend(values)

    def extra_repr(self) -> str:
        return listed(enumerate(self))


class ParameterDict(Module):
    """A dict of parameters, which count as the module's own; tensors become parameters on the way in."""

    def __init__(self, parameters: Any = None):
        super().__init__()
        self._keys: dict[str, None] = {}
        self.update(() if parameters is None else parameters)

    def update(self, parameters: Any) -> None:
        """Add those of a dict (in the order of their names, unless it is ordered), or (name, value) pairs."""
        if isinstance(parameters, (OrderedDict, ParameterDict)):
            pairs = parameters.items()
        elif isinstance(parameters, Mapping):
            pairs = sorted(parameters.items())
        elif isinstance(parameters, Iterable):
            pairs = parameters
        else:
            raise TypeError(f"ParameterDict: expected a dict or pairs, got {type(parameters).__name__}")
        for key, value in list(pairs):
            self[key] = value

    def __getitem__(self, key: str) -> Any:
        if key not in self._keys:
            raise AttributeError(f"ParameterDict has no parameter {key!r}")
        return getattr(self, key)

    def __setitem__(self, key: str, value: Any):
        if not isinstance(key, str):
            raise TypeError(f"the name of a parameter is a string, not {key!r}")
        setattr(self, key, as_parameter(value))
        self._keys[key] = None

    def __delitem__(self, key: str):
        del self._keys[key]
        delattr(self, key)

    def __len__(self):
        return len(self._keys)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __reversed__(self) -> Iterator[str]:
        return reversed(self._keys)

    def __contains__(self, key: str):
        return key in self._keys

    def keys(self) -> Iterable[str]:
        """The names."""
        return self._keys.keys()

    def values(self) -> Iterable[Any]:
        """The parameters."""
        return (self[key] for key in self._keys)

    def items(self) -> Iterable[tuple[str, Any]]:
        """(name, parameter) pairs."""
        return ((key, self[key]) for key in self._keys)

    def get(self, key: str, default: Any = None) -> Any:
        """The parameter of this name, or `default` where there is none."""
        return getattr(self, key) if key in self._keys else default

    def setdefault(self, key: str, default: Any = None) -> Any:
        """The parameter of this name, which is `default` where there was none."""
        if key not in self:
            self[key] = default
        return self[key]

    def pop(self, key: str) -> Any:
        """Take a parameter out and return it."""
        value = self[key]
        del self[key]
        return value

    def popitem(self) -> tuple[str, Any]:
        """Take the last parameter out, and return its name and itself."""
        key = next(reversed(self._keys))
        return key, self.pop(key)

    def clear(self) -> None:
        """Take all parameters out."""
        for key in list(self._keys):
            del self[key]

    def copy(self) -> ParameterDict:
        """Another dict of the same parameters."""
        return ParameterDict(self)

    def fromkeys(self, keys: Iterable[str], default: Any = None) -> ParameterDict:
        """A dict of these names, all for `default`."""
        return ParameterDict((key, default) for key in keys)

    def __or__(self, other: ParameterDict) -> ParameterDict:
        result = self.copy()
        result.update(other)
        return result

    def __ior__(self, other: ParameterDict):
        self.update(other)
        return self

    def extra_repr(self) -> str:
        return listed(self.items())


def as_parameter(value):
    """A tensor as a parameter that shares its memory; anything else as it is."""
    is_plain = isinstance(value, Tensor) and not isinstance(value, Parameter)
    return Parameter(value) if is_plain else value


def listed(items):
    """A line for each (name, value): its type, and of a tensor dtype and size."""
    lines = []
    for name, value in items:
        if isinstance(value, Tensor):
            where = f" ({value.device})" if value.is_cuda else ""
            size = "x".join(map(str, value.shape))
            text = f"{type(value).__name__} containing: [{value.dtype} of size {size}{where}]"
        else:
            text = f"Object of type: {type(value).__name__}"
        lines.append(f"  ({name}): {text}")
    return "\n".join(lines)
