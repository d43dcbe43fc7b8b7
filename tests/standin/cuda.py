"""cupy.cuda: cards, streams, events, graphs and memory, as far as they can be shown without a card.
"""  # beyond

import time
from contextlib import contextmanager

import numpy as np

from .functions import Module, ndarray
from .state import (
    CUDARuntimeError,
    MemoryPointer,
    OutOfMemoryError,
    Pool,
    State,
    UnownedMemory,
    default_pool,
    no_waiting_in_capture,
    shared,
    state,
)


class Device:
    """cupy.cuda.Device: a card; in a `with` block, the current one."""

    __module__ = "cupy.cuda"

    def __init__(self, device=None):
        self.id = state.device if device is None else int(device)
        self._outer = []

    def __int__(self):
        return self.id

    def __eq__(self, other):
        return isinstance(other, Device) and self.id == other.id

    def __hash__(self):
        return self.id

    def __repr__(self):
        return f"<CUDA Device {self.id}>"

    def __enter__(self):
        self._outer.append(state.device)
        self.use()
        return self

    def __exit__(self, *exception):
        state.device = self._outer.pop()

    def use(self):
        setDevice(self.id)

    def synchronize(self):
        no_waiting_in_capture("Device.synchronize()")

    compute_capability = "80"
    mem_info = property(lambda self: (8 * 2**30 - default_pool.total_bytes(), 8 * 2**30))
    pci_bus_id = property(lambda self: f"0000:0{self.id}:00.0")
    attributes = {"MultiProcessorCount": 4, "WarpSize": 32, "MaxThreadsPerBlock": 1024}


class Capture:
    """What a stream records: each operation as a call that computes it anew, into the memory it had then."""

    def __init__(self):
        self.steps = []
        self.broken = False

    def computed(self, result, compute):
        """An operation that made arrays. What it computed meanwhile is forgotten: a card computes nothing."""
        from .arrays import unfilled

        results = result if isinstance(result, (tuple, list)) else (result,)
        made = [x for x in results if type(x) is ndarray]
        if not made or all(x.base is not None for x in made):
            return  # views
        targets = [x._array if type(x) is ndarray and x.base is None else None for x in results]

        def again():
            with np.errstate(all="ignore"):
                values = compute()
            for target, value in zip(targets, values if isinstance(values, (tuple, list)) else (values,)):
                if target is not None:
                    np.copyto(target, value)

        for target in targets:
            if target is not None:
                unfilled(target)
        self.steps.append(again)

    def made(self, result):
        """An array that was made of numbers; it is filled with them at every launch."""
        value, target = result._array.copy(), result._array
        self.steps.append(lambda: np.copyto(target, value))


class Stream:
    """cupy.cuda.Stream: a queue of work. Here all work is done at once, so nothing shows that it overlaps."""

    __module__ = "cupy.cuda"

    def __init__(self, null=False, non_blocking=False, ptds=False):
        self.non_blocking, self.ptds = non_blocking, ptds
        self.ptr = 0 if null else id(self)
        self.device_id = -1 if null else state.device
        self._outer = []
        self._capture = None

    def __eq__(self, other):
        return isinstance(other, Stream) and self.ptr == other.ptr

    def __hash__(self):
        return hash(self.ptr)

    def __enter__(self):
        self._outer.append(get_current_stream())
        return self.use()

    def __exit__(self, *exception):
        state.streams[state.device] = self._outer.pop()
        state.capture = state.streams[state.device]._capture

    def use(self):
        state.streams[state.device] = self
        state.capture = self._capture
        return self

    done = True

    def synchronize(self):
        no_waiting_in_capture("Stream.synchronize()")

    def record(self, event=None):
        event = Event() if event is None else event
        event.record(self)
        return event

    def wait_event(self, event):
        if not isinstance(event, Event):
            raise TypeError(f"wait_event: an Event, not {type(event)}")

    def begin_capture(self, mode=None):
        if self.ptr == 0:
            raise RuntimeError("cannot capture on the default (legacy) stream")
        if self._capture is not None:
            raise CUDARuntimeError(900, "the stream is capturing already")
        self._capture = Capture()
        if get_current_stream() is self:
            state.capture = self._capture

    def is_capturing(self):
        return self._capture is not None

    def end_capture(self):
        capture = self._capture
        if capture is None:
            raise CUDARuntimeError(901, "the stream is not capturing")
        self._capture = None
        if get_current_stream() is self:
            state.capture = None
        if capture.broken:
            raise CUDARuntimeError(901)
        return Graph(capture.steps)

    def launch_host_func(self, callback, arg):
        from .arrays import changed

        changed(lambda: callback(arg))

    def add_callback(self, callback, arg):
        callback(self, 0, arg)


Stream.null = Stream(null=True)


class ExternalStream(Stream):
    """A stream that another library made."""

    def __init__(self, ptr, device_id=-1):
        super().__init__()
        self.ptr, self.device_id = ptr, device_id


class Event:
    """cupy.cuda.Event: a moment in a stream."""

    __module__ = "cupy.cuda"

    def __init__(self, block=False, disable_timing=False, interprocess=False):
        self.disable_timing = disable_timing
        self.time = None
        self.ptr = id(self)

    done = True

    def record(self, stream=None):
        self.time = time.perf_counter()

    def synchronize(self):
        no_waiting_in_capture("Event.synchronize()")


def get_elapsed_time(start_event, end_event):
    """Milliseconds between two recorded events."""
    for event in (start_event, end_event):
        if event.disable_timing or event.time is None:
            raise CUDARuntimeError(400, "an event without a time")
    return (end_event.time - start_event.time) * 1000


class Graph:
    """cupy.cuda.Graph: recorded work, done again at each launch."""

    __module__ = "cupy.cuda"

    def __init__(self, steps):
        self._steps = steps

    def launch(self, stream=None):
        no_waiting_in_capture("Graph.launch()")
        for step in self._steps:
            step()

    def upload(self, stream=None):
        pass


def get_current_stream(device_id=-1):
    return state.streams.get(state.device if device_id == -1 else device_id, Stream.null)


# ---- memory


class PinnedMemoryPointer(bytearray):
    """cupy.cuda.PinnedMemoryPointer: page-locked main memory, with Python's buffer protocol."""

    __module__ = "cupy.cuda"
    ptr = property(lambda self: np.frombuffer(self, np.uint8).ctypes.data)
    mem = property(lambda self: self)

    def size(self):
        return len(self)


class PinnedMemoryPool:
    """Counts nothing: page-locked memory is main memory here."""

    def __init__(self, allocator=None):
        pass

    def malloc(self, size):
        return alloc_pinned_memory(size)

    def free_all_blocks(self):
        pass

    def n_free_blocks(self):
        return 0


def alloc_pinned_memory(size):
    return PinnedMemoryPointer(-(-size // 512) * 512)  # so much, whatever was asked for


def empty_pinned(shape, dtype=float, order="C"):
    return np.empty(shape, dtype, order)


def zeros_pinned(shape, dtype=float, order="C"):
    return np.zeros(shape, dtype, order)


def empty_like_pinned(a, dtype=None, order="K", subok=None, shape=None):
    array = a._array if type(a) is ndarray else a
    return np.empty_like(array, dtype, order, shape=shape)


def zeros_like_pinned(a, dtype=None, order="K", subok=None, shape=None):
    array = a._array if type(a) is ndarray else a
    return np.zeros_like(array, dtype, order, shape=shape)


def set_allocator(allocator=None):
    if state.allocators:
        raise ValueError("Can't change the global allocator inside `using_allocator` context manager")
    shared["allocator"] = allocator


def get_allocator():
    return state.allocators[-1] if state.allocators else shared["allocator"]


def alloc(size):
    return get_allocator()(size)


@contextmanager
def using_allocator(allocator=None):
    state.allocators.append(allocator)
    try:
        yield
    finally:
        state.allocators.pop()


class MemoryHook:
    """cupy.cuda.MemoryHook: what pools call when arrays begin and end, in the thread that has entered it."""

    name = "MemoryHook"

    def __enter__(self):
        if self.name in state.hooks:
            raise KeyError(f"memory hook {self.name} already exists")
        state.hooks[self.name] = self
        return self

    def __exit__(self, *exception):
        del state.hooks[self.name]

    def malloc_postprocess(self, **about):
        pass

    def free_postprocess(self, **about):
        pass


# ---- the runtime


def getDevice():
    return state.device


def setDevice(device):
    if not 0 <= device < State.devices:
        raise CUDARuntimeError(101)
    state.device = device
    state.capture = get_current_stream()._capture


def getDeviceCount():
    return State.devices


def getDeviceProperties(device):
    if not 0 <= device < State.devices:
        raise CUDARuntimeError(101)
    return {
        "name": b"Stand-in", "totalGlobalMem": 8 * 2**30, "sharedMemPerBlock": 49152, "warpSize": 32,
        "sharedMemPerBlockOptin": 101376, "maxThreadsPerBlock": 1024, "multiProcessorCount": 4,
        "maxGridSize": (2147483647, 65535, 65535), "maxThreadsDim": (1024, 1024, 64), "major": 8, "minor": 0,
        "maxThreadsPerMultiProcessor": 2048, "l2CacheSize": 2**22, "regsPerBlock": 65536, "pciBusID": device,
    }  # fmt: skip


def memGetInfo():
    return (8 * 2**30 - default_pool.total_bytes(), 8 * 2**30)


def deviceSynchronize():
    no_waiting_in_capture("deviceSynchronize()")


def streamSynchronize(stream):
    no_waiting_in_capture("streamSynchronize()")


def runtimeGetVersion():
    return 12090


def driverGetVersion():
    return 13000


def module():
    """cupy.cuda and its runtime."""
    runtime = Module("cupy.cuda.runtime")
    for part in (
        getDevice, setDevice, getDeviceCount, getDeviceProperties, memGetInfo, deviceSynchronize,
        streamSynchronize, runtimeGetVersion, driverGetVersion,
    ):  # fmt: skip
        setattr(runtime, part.__name__, part)
    runtime.CUDARuntimeError = CUDARuntimeError
    runtime.is_hip = False
    for name, value in {"Global": 0, "ThreadLocal": 1, "Relaxed": 2}.items():
        setattr(runtime, f"streamCaptureMode{name}", value)

    cuda = Module("cupy.cuda")
    cuda.runtime = runtime
    for part in (
        Device, Stream, ExternalStream, Event, Graph, get_elapsed_time, get_current_stream,
        PinnedMemoryPointer, PinnedMemoryPool, alloc_pinned_memory, set_allocator, get_allocator, alloc,
        using_allocator, MemoryPointer, UnownedMemory, MemoryHook,
    ):  # fmt: skip
        setattr(cuda, part.__name__, part)
    cuda.MemoryPool = Pool
    cuda.memory_hook = Module("cupy.cuda.memory_hook")
    cuda.memory_hook.MemoryHook, cuda.memory_hook.get_memory_hooks = MemoryHook, lambda: state.hooks
    cuda.is_available = lambda: State.devices > 0
    cuda.get_device_id = getDevice
    cuda.memory = Module("cupy.cuda.memory")
    cuda.memory.OutOfMemoryError = OutOfMemoryError
    cuda.stream = Module("cupy.cuda.stream")
    cuda.stream.Stream, cuda.stream.Event = Stream, Event
    cuda.stream.get_current_stream = get_current_stream
    return cuda
