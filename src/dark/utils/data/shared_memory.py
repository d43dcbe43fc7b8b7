"""Objects from one process to another: their arrays are written into shared memory once, and read there."""

from __future__ import annotations

import contextlib
import os
import pickle
from array import array
from multiprocessing.shared_memory import SharedMemory
from typing import Any

import numpy as np

ALIGNMENT = 64  # bytes: arrays begin where a cache line does
SYSTEM = "/dev/shm"  # where Linux keeps shared memory, and how much of it there may be


def write(obj: Any, name: str):
    """Put an object into new shared memory of that name; returns the memory, and of how many parts it is.

    Pickle writes what the object is made of, and hands out the bytes of its arrays, which become parts of
    their own. Before the parts stand their lengths.
    """
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(obj, protocol=5, buffer_callback=buffers.append)
    parts = [memoryview(body), *(buffer.raw() for buffer in buffers)]
    lengths = array("q", [part.nbytes for part in parts])
    found = places(lengths)
    size = found[-1][1]
    if size > room():  # writing would end in a bus error
        raise OSError(f"no shared memory left for a batch of {size:,} bytes: {SYSTEM} is full")
    block = SharedMemory(name, create=True, size=size)
    for (start, end), part in zip(found, [memoryview(lengths).cast("B"), *parts]):
        block.buf[start:end] = part  # type: ignore[index]
    return block, len(parts)


def read(name: str, count: int) -> Any:
    """The object that `write` put into the shared memory of that name, in `count` parts.

    The name is free again at once, the memory when the last of the object's arrays is gone.
    """
    block = SharedMemory(name)
    block.unlink()
    data = np.asarray(Mapped(block))
    lengths = data[: 8 * count].view(np.int64).tolist()
    _, body, *arrays = [data[start:end].data for start, end in places(lengths)]
    return pickle.loads(body, buffers=arrays)


def places(lengths) -> list[tuple[int, int]]:
    """Start and end of the list of lengths itself and of every part."""
    found = [(0, 8 * len(lengths))]
    for length in lengths:
        start = -(-found[-1][1] // ALIGNMENT) * ALIGNMENT
        found.append((start, start + length))
    return found


def room() -> float:
    """How many bytes of shared memory are left."""
    if not os.path.isdir(SYSTEM):
        return float("inf")
    system = os.statvfs(SYSTEM)
    return system.f_bavail * system.f_frsize


def remove(name: str) -> None:
    """Free the shared memory of that name, if there is any."""
    with contextlib.suppress(FileNotFoundError):
        block = SharedMemory(name)
        block.unlink()
        block.close()


class Mapped:
    """What NumPy takes for an array's memory: mapped into this process as long as an array needs it."""

    def __init__(self, block):
        self.block = block
        self.__array_interface__ = np.frombuffer(block.buf, np.uint8).__array_interface__
