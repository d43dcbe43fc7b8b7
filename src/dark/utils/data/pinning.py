"""Batches in page-locked memory, from which they travel to a card while it computes."""  # dark-5

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .collate import rebuilt


def pinning(loader: Any, batches: Iterator) -> Iterator:
    """A DataLoader's batches, in page-locked memory if it has pin_memory=True and there is a card."""
    from ...cuda import is_available

    if not loader.pin_memory:
        return batches
    if is_available():
        return Pinned(batches)
    warnings.warn("DataLoader: there is no card, so pin_memory=True changes nothing", stacklevel=3)
    return batches


class Pinned:
    """The batches of an iterator, copied to page-locked memory one by one as they are asked for."""

    def __init__(self, batches: Any):
        self.batches = batches

    def __iter__(self):
        return self

    def __next__(self) -> Any:
        return pinned(next(self.batches))

    def __len__(self) -> int:
        return len(self.batches)


def pinned(data: Any) -> Any:
    """The same, with what has a method `pin_memory`, such as a tensor, replaced by what that returns."""
    if hasattr(data, "pin_memory"):
        return data.pin_memory()
    if isinstance(data, Mapping):
        return rebuilt(data, {key: pinned(part) for key, part in data.items()})
    if isinstance(data, tuple) and not hasattr(data, "_fields"):
        return type(data)(pinned(part) for part in data)
    if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        return rebuilt(data, [pinned(part) for part in data])
    return data
