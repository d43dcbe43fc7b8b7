"""How much of a card's memory is in use.

CuPy does not give memory back to the card when an array ends: it goes to a pool, and the next array of that
size gets it, since the card takes long to find new memory and finishes all its work before it takes any back.
So there are two numbers: what arrays use, and what the pool has reserved for them and for later ones.

Where nothing has been computed on a card yet, or none is there, no memory is in use.
"""  # dark-5

from contextlib import contextmanager
from functools import cache
from weakref import WeakSet

from ..devices import cupy, usable
from .cards import card


def memory_allocated(device=None) -> int:
    """Bytes in use by arrays on a card, each rounded up to a multiple of 512."""
    with at(device):
        return sum(pool.used_bytes() for pool in pools())


def memory_reserved(device=None) -> int:
    """Bytes that the card has lent to this program for arrays, in use or not."""
    with at(device):
        return sum(pool.total_bytes() for pool in pools())


def max_memory_allocated(device=None) -> int:
    """The most bytes in use at a time since the last `reset_peak_memory_stats`.

    CuPy keeps no such count, and keeping one takes a little time for each array. So it begins with the first
    reset; before, this is what is reserved, which is no less as long as none of it is given back.
    """
    with at(device) as number:
        counted = peaks().highest if usable else {}
        return counted[number] if number in counted else memory_reserved()


def reset_peak_memory_stats(device=None) -> None:
    """Let `max_memory_allocated` begin anew; from the first time on, this thread's arrays are counted."""
    cupy()
    with at(device) as number:
        peaks().begin(number, memory_allocated())


def empty_cache() -> None:
    """Give the card back what is reserved and not in use, for other programs."""
    for pool in pools():
        pool.free_all_blocks()


@contextmanager
def at(device):
    """A block in which CuPy speaks of a card, whose number it gives."""
    if not usable:
        yield None
        return
    number = card(device)
    with cupy().cuda.Device(number):
        yield number


def pools():
    """CuPy's pool for all arrays, and the private ones."""
    return [library.get_default_memory_pool() for library in usable] + [own.pool for own in private_pools]


class PrivatePool:  # beyond
    """Memory that only those get who ask for it here, such as a CUDA graph, which uses it again and again."""

    def __init__(self):
        self.pool = cupy().cuda.MemoryPool()
        private_pools.add(self)

    def allocate(self, size):
        """Memory for an array, which keeps this pool alive: the end of a pool is the end of its memory."""
        library = cupy().cuda
        memory = self.pool.malloc(size)
        owned = library.UnownedMemory(memory.ptr, size, (memory, self), memory.device_id)
        return library.MemoryPointer(owned, 0)


private_pools: WeakSet = WeakSet()


@cache
def peaks():
    """What counts the memory in use, by card."""

    class Peaks(cupy().cuda.MemoryHook):
        """CuPy calls it for every array that begins or ends."""

        name = "dark.cuda.memory"

        def __init__(self):
            self.used, self.highest = {}, {}

        def begin(self, card, used):
            """Count on a card, from so many bytes in use."""
            hooks = cupy().cuda.memory_hook.get_memory_hooks()
            hooks[self.name] = self  # of this thread
            self.used[card] = self.highest[card] = used

        def malloc_postprocess(self, *, device_id, mem_size, mem_ptr, **_):
            if mem_ptr and device_id in self.used:
                self.used[device_id] = used = self.used[device_id] + mem_size
                self.highest[device_id] = max(used, self.highest[device_id])

        def free_postprocess(self, *, device_id, mem_size, **_):
            if device_id in self.used:
                self.used[device_id] -= mem_size

    return Peaks()
