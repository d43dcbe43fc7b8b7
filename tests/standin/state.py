"""What the stand-in for CuPy keeps in mind: current card and stream, memory in use, a capture under way.
"""  # beyond

import threading
from collections import OrderedDict

import numpy as np


class CUDARuntimeError(RuntimeError):
    """What a call of the CUDA runtime went wrong with; `status` is its number."""

    NAMES = {
        2: "cudaErrorMemoryAllocation: out of memory",
        101: "cudaErrorInvalidDevice: invalid device ordinal",
        716: "cudaErrorMisalignedAddress: misaligned address",
        900: "cudaErrorStreamCaptureUnsupported: operation not permitted when stream is capturing",
        901: "cudaErrorStreamCaptureInvalidated: operation failed due to a previous error during capture",
    }

    def __init__(self, status, explanation=""):
        self.status = status
        super().__init__(self.NAMES.get(status, str(status)) + (f" ({explanation})" if explanation else ""))


class CUDADriverError(RuntimeError):
    """What a call of the CUDA driver went wrong with."""


class State(threading.local):
    """Of each thread: its current card, its streams and its allocator; and what is true for all of them."""

    devices = 1  # how many cards there are
    capture = None  # the steps of the graph that a stream is recording

    def __init__(self):
        self.device = 0
        self.streams = {}  # of each card, the stream that counts
        self.allocators = []  # of the blocks `using_allocator`, innermost last
        self.hooks = OrderedDict()  # that pools call


state = State()


class Pool:
    """cupy.cuda.MemoryPool: counts the bytes that arrays hold; freed ones stay with it until it lets go."""

    def __init__(self, allocator=None):
        self.used = {}
        self.free = {}
        self.limit = {}

    def malloc(self, size):
        """A pointer to `size` new bytes of the current card."""
        memory = Memory(np.empty(size, np.uint8), state.device, self)
        return MemoryPointer(memory, 0)

    def taken(self, device, size):
        limit = self.limit.get(device, 0)
        used = self.used.get(device, 0) + size
        if limit and used > limit:
            raise OutOfMemoryError(size, self.used.get(device, 0), limit)
        self.used[device] = used
        self.free[device] = max(0, self.free.get(device, 0) - size)
        for hook in state.hooks.values():
            hook.malloc_postprocess(device_id=device, size=size, mem_size=size, mem_ptr=1, pmem_id=1)

    def returned(self, device, size, state=state):  # a default is still there when the interpreter ends
        self.used[device] -= size
        self.free[device] = self.free.get(device, 0) + size
        for hook in state.hooks.values():
            hook.free_postprocess(device_id=device, mem_size=size, mem_ptr=1, pmem_id=1)

    def used_bytes(self):
        return self.used.get(state.device, 0)

    def free_bytes(self):
        return self.free.get(state.device, 0)

    def total_bytes(self):
        return self.used_bytes() + self.free_bytes()

    def n_free_blocks(self):
        return int(self.free_bytes() > 0)

    def free_all_blocks(self, stream=None):
        self.free[state.device] = 0

    def set_limit(self, size=None, fraction=None):
        if fraction is not None:
            size = int(fraction * 8 * 2**30)
        self.limit[state.device] = size or 0

    def get_limit(self):
        return self.limit.get(state.device, 0)


Pool.__name__ = Pool.__qualname__ = "MemoryPool"


class OutOfMemoryError(MemoryError):
    """What a pool raises that has reached its limit."""

    def __init__(self, size, total, limit):
        super().__init__(
            f"Out of memory allocating {size:,} bytes "
            f"(allocated so far: {total:,} bytes, limit set to: {limit:,} bytes)."
        )


default_pool = Pool()
shared = {"allocator": default_pool.malloc}


class Memory:
    """The bytes of an array and of all its views; a pool hears when the last of them is gone."""

    __slots__ = ("array", "device_id", "pool", "size", "held", "__weakref__")

    def __init__(self, array, device, pool):
        self.array, self.device_id, self.pool = array, device, pool
        self.size = -(-array.nbytes // 512) * 512  # a pool deals out multiples of 512 bytes
        if pool is not None:
            pool.taken(device, self.size)

    def __del__(self):
        if getattr(self, "pool", None) is not None:
            self.pool.returned(self.device_id, self.size)

    @property
    def ptr(self):
        return self.array.ctypes.data

    @property
    def device(self):
        from .cuda import Device

        return Device(self.device_id)


class UnownedMemory:
    """cupy.cuda.UnownedMemory: memory that somebody else owns, who stays alive as long as this."""

    def __init__(self, ptr, size, owner, device_id=-1):
        self.ptr, self.size, self._owner = ptr, size, owner
        self.device_id = state.device if device_id < 0 else device_id


class MemoryPointer:
    """cupy.cuda.MemoryPointer: a place in a piece of memory."""

    __slots__ = ("mem", "offset", "ptr")

    def __init__(self, mem, offset):
        self.mem, self.offset, self.ptr = mem, offset, mem.ptr + offset

    device_id = property(lambda self: self.mem.device_id)
    device = property(lambda self: self.mem.device)

    def __int__(self):
        return self.ptr

    def __add__(self, offset):
        return MemoryPointer(self.mem, self.offset + offset)

    __radd__ = __add__

    def __sub__(self, offset):
        return MemoryPointer(self.mem, self.offset - offset)

    def bytes(self, size):
        """The bytes from here on, as NumPy's array on them."""
        return self.mem.array.reshape(-1).view(np.uint8)[self.offset : self.offset + size]

    def memset(self, value, size):
        from .arrays import changed

        changed(lambda: self.bytes(size).fill(value))

    def memset_async(self, value, size, stream=None):
        self.memset(value, size)

    def copy_from_device(self, src, size):
        from .arrays import changed

        changed(lambda: np.copyto(self.bytes(size), src.bytes(size)))

    def copy_from_device_async(self, src, size, stream=None):
        self.copy_from_device(src, size)


def allocate(array):
    """The memory of a new array, by the allocator that counts."""
    allocator = state.allocators[-1] if state.allocators else shared["allocator"]
    pool = getattr(allocator, "__self__", None)
    if isinstance(pool, Pool):
        return Memory(array, state.device, pool)
    memory = Memory(array, state.device, None)
    if allocator is not None:
        memory.held = allocator(array.nbytes)  # counted there; it is let go with the array
    return memory


def forbidden_in_capture(what):
    """CuPy refuses to move numbers to or from the card while a stream records a graph."""
    if state.capture is not None:
        raise RuntimeError(f"the current stream is capturing, so transfers are disallowed ({what})")


def no_library_in_capture(name):
    """CuPy lets none of NVIDIA's libraries take part in a recording."""
    if state.capture is not None:
        raise NotImplementedError(f"calling {name} API during stream capture is currently unsupported")


def no_loading_in_capture(kernel):
    """To load a kernel may wait for the card, which CUDA refuses while a stream records a graph."""
    if state.capture is not None:
        raise RuntimeError(f"{kernel} is compiled and loaded while a stream is capturing; run it before")


def no_waiting_in_capture(what):
    """CUDA refuses to wait for the card while a stream records a graph; the recording is lost."""
    if state.capture is not None:
        state.capture.broken = True
        raise CUDARuntimeError(900, f"{what} waits for the card")
