"""`torch.mul(a, b, out=c)`: results that are written into a tensor, as old programs and tutorials have it."""

from functools import cache, wraps
from types import FunctionType
from typing import Any

from ..ops.in_place import write
from ..tensor import Tensor


def with_out(found: Any) -> Any:
    """An operation that also takes `out=`; anything else as it is."""
    if isinstance(found, FunctionType) and found.__module__.startswith(("dark.ops.", "dark.linalg.")):
        return writing(found)
    return found


@cache
def writing(function: FunctionType) -> FunctionType:
    """The function, with `out=`: a tensor of the result's shape, which it returns."""

    @wraps(function)
    def call(*inputs, **options):
        out = options.pop("out", None)
        result = function(*inputs, **options)
        if out is None:
            return result
        name = function.__name__
        if not isinstance(result, Tensor) or not isinstance(out, Tensor):
            raise TypeError(f"{name}: out= takes one result into one tensor")
        if result.requires_grad or out.requires_grad:
            raise RuntimeError(f"{name}: what is written into out= is not differentiated; use the result")
        if result.shape != out.shape:
            raise RuntimeError(f"{name}: out has shape {tuple(out.shape)}, the result {tuple(result.shape)}")
        return write(name, out, result)

    return call  # type: ignore[return-value]
