"""New tensors."""

import numpy as np

from ..dtypes import as_dtype
from ..tensor import Tensor, to_array


def tensor(data, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """A tensor of `data` (numbers, nested lists, an array), always in memory of its own."""
    return Tensor(np.array(to_array(data, dtype)), requires_grad=requires_grad)


def as_tensor(data, dtype=None, device=None) -> Tensor:
    """A tensor of `data`, without a copy where an array or a tensor already has the right type."""
    if isinstance(data, Tensor) and (dtype is None or as_dtype(dtype) is data.dtype):
        return data
    return Tensor(data, dtype=dtype)


def from_numpy(ndarray) -> Tensor:
    """A tensor that shares the memory of a NumPy array."""
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"from_numpy: expected a NumPy array, got {type(ndarray).__name__}")
    return Tensor(ndarray)
