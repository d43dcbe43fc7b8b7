"""Collating: a list of samples becomes one batch, with a tensor for each of their parts."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence
from typing import Any

import numpy as np

from ...ops.creation import tensor
from ...ops.joining import stack
from ...tensor import Tensor, wrap


def default_collate(batch: Sequence) -> Any:
    """One batch of a list of samples that are all built alike.

    Tensors, NumPy arrays and numbers are stacked along a new first dimension (Python's floats as float64,
    ints as int64), strings are listed, and dicts, lists, tuples and named tuples are collated part by part;
    a tuple becomes a list.
    """
    first = batch[0]
    if isinstance(first, Tensor):
        return stacked(batch)
    if isinstance(first, np.ndarray) and first.dtype.kind in "fiub":
        return stacked([wrap(array) for array in batch])
    if isinstance(first, (np.bool_, np.number)):
        return Tensor(np.array(batch))
    if isinstance(first, float):
        return Tensor(np.array(batch, dtype=np.float64))
    if isinstance(first, int):
        return tensor(list(batch), device="cpu")
    if isinstance(first, (str, bytes)):
        return batch
    if isinstance(first, Mapping):
        return rebuilt(first, {key: default_collate([sample[key] for sample in batch]) for key in first})
    if isinstance(first, Sequence):
        lengths = [len(sample) for sample in batch]
        if len(set(lengths)) > 1:
            raise RuntimeError(f"default_collate: sequences of equal length are needed, not of {lengths}")
        return rebuilt(first, [default_collate(part) for part in zip(*batch)])
    kind = first.dtype if isinstance(first, np.ndarray) else type(first)
    raise TypeError(
        "default_collate: a batch is made of tensors, NumPy arrays, numbers, strings, and dicts and lists of "
        f"them, not of {kind}; a collate_fn of your own can make one of anything"
    )


def stacked(tensors: Sequence[Tensor]) -> Tensor:
    """The tensors side by side in one new array: every element is copied once."""
    arrays = [x.array for x in tensors]
    shape, dtype = arrays[0].shape, arrays[0].dtype
    for i, array in enumerate(arrays):
        if array.shape != shape:
            raise RuntimeError(
                f"default_collate: samples of one shape are needed; sample 0 of the batch has {shape}, "
                f"sample {i} has {array.shape}; a collate_fn of your own can pad them"
            )
    elsewhere = type(arrays[0]) is not np.ndarray  # on a card
    if elsewhere or any(x.dtype is not dtype for x in arrays) or any(x.requires_grad for x in tensors):
        return stack(list(tensors))
    return wrap(np.array(arrays))


def default_convert(data: Any) -> Any:
    """One sample, not in a batch: its NumPy arrays and scalars become tensors, all else stays as it is."""
    if isinstance(data, Tensor):
        return data
    if isinstance(data, np.ndarray):
        return Tensor(data) if data.dtype.kind in "fiub" else data
    if isinstance(data, (np.bool_, np.number)):
        return Tensor(np.asarray(data))
    if isinstance(data, Mapping):
        return rebuilt(data, {key: default_convert(data[key]) for key in data})
    if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        return rebuilt(data, [default_convert(part) for part in data])
    return data


def rebuilt(like: Any, parts: Any) -> Any:
    """A container of the type of `like` with other contents; a list for a tuple, and where that can't be."""
    if isinstance(like, tuple):
        return type(like)(*parts) if hasattr(like, "_fields") else parts
    try:
        if isinstance(like, (MutableMapping, MutableSequence)):
            twin: Any = copy.copy(like)  # keeps what a subclass has beside its contents
            for key, part in parts.items() if isinstance(parts, dict) else enumerate(parts):
                twin[key] = part
            return twin
        build: Callable = type(like)
        return build(parts)
    except TypeError:
        return parts
