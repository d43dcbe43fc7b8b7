"""Page-locked memory: what a card fetches by itself, while it computes."""  # dark-5

from __future__ import annotations

from collections import deque
from functools import cache
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from ..devices import cupy
from ..tensor import Tensor, method, wrap


@method
def pin_memory(self) -> Tensor:
    """A copy of a CPU tensor in page-locked memory; self, if it is there already.

    The operating system may move any other memory at any time, so the processor has to hand its contents to
    a card. Page-locked memory stays where it is: a card fetches it by itself, and of such a tensor
    `to("cuda", non_blocking=True)` returns at once. Until the copy has arrived (`dark.cuda.synchronize()`),
    the tensor must not be changed. What is locked is missing elsewhere: pin batches, not data sets.
    """
    if self.is_cuda:
        raise RuntimeError(f"pin_memory: only tensors on the CPU can be pinned, not one on {self.device}")
    return self if self.is_pinned() else wrap(locked_copy(self.array))


@method
def is_pinned(self) -> bool:
    """Whether self is in page-locked memory."""
    return not self.is_cuda and is_locked(self.array)


def locked_copy(array: np.ndarray) -> np.ndarray:
    """The same numbers in page-locked memory, in which they lie in the same order."""
    cupy()  # raises where there is no card
    from cupyx import empty_like_pinned

    copy = empty_like_pinned(array) if array.size else np.empty_like(array)
    copy[...] = array
    locked[id(copy)] = copy
    return copy


locked: WeakValueDictionary = WeakValueDictionary()  # the arrays in page-locked memory, by their identity


def is_locked(array: np.ndarray) -> bool:
    """Whether an array is one in page-locked memory, or a view of one."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return locked.get(id(array)) is array


def upload(array: np.ndarray) -> Any:
    """A copy of an array on the current card; one from page-locked memory may still be on its way.

    What a card has to do waits in a queue and is done in order; a second queue, for copies alone, brings the
    array while the first computes. The memory of an array is used anew as soon as Python drops the array,
    for what the same queue does next; so no array may be used by two queues. That is why the copies' queue
    writes to memory of its own. From there the computing queue, which waits for it, takes the numbers into
    an array like any other; inside a card that takes no time to speak of. What the copies' queue reads and
    writes is kept until then.
    """
    library = cupy()
    if not is_locked(array) or not array.flags.c_contiguous:
        return library.array(array)
    computing, copying = library.cuda.get_current_stream(), copies(library.cuda.runtime.getDevice())
    with copying:
        landed = library.empty(array.shape, array.dtype)
        landed.set(array, stream=copying)
        arrived = copying.record(mark())
    computing.wait_event(arrived)
    result = landed.copy()
    underway.append((computing.record(mark()), array, landed))
    while underway and underway[0][0].done:
        underway.popleft()
    return result


underway: deque = deque()  # for each upload: the event that ends it, and the memory it uses


@cache
def copies(card: int) -> Any:
    """The queue of copies to a card; non-blocking, that is, independent of CuPy's first queue."""
    return cupy().cuda.Stream(non_blocking=True)


def mark() -> Any:
    """An event, to put into a queue: it is done when all that was in the queue before it is."""
    return cupy().cuda.Event(disable_timing=True)
