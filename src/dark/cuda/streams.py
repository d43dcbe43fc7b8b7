"""Streams: queues of work for a card, which does what is in each in order, and several at once."""  # beyond

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from ..devices import cupy, current, numbered
from ..devices import device as device_type


class Stream:
    """A queue of work of its own, independent of the others, on a card (by default the current one).

    An array's memory is used anew for what the queue it was made in does next. So an array that another
    queue uses has to be kept until that is done.
    """

    def __init__(self, device: Any = None):
        with current(place_of(device)):
            self.queue = cupy().cuda.Stream(non_blocking=True)

    @property
    def device(self) -> device_type:
        """The card that does the work."""
        index = self.queue.device_id
        return numbered("cuda", cupy().cuda.runtime.getDevice() if index < 0 else index)

    @property
    def cuda_stream(self) -> int:
        """CUDA's handle for it."""
        return self.queue.ptr

    def query(self) -> bool:
        """Whether all its work is done."""
        return self.queue.done

    def synchronize(self) -> None:
        """Wait until all its work is done."""
        self.queue.synchronize()

    def record_event(self, event: Event | None = None) -> Event:
        """Put an event, or a new one, behind the work that is in the queue."""
        event = Event() if event is None else event
        event.record(self)
        return event

    def wait_event(self, event: Event) -> None:
        """Let the work to come begin only when the event has happened; the program goes on."""
        self.queue.wait_event(event.mark)

    def wait_stream(self, stream: Stream) -> None:
        """Let the work to come begin only when what is now in another queue is done; the program goes on."""
        self.wait_event(stream.record_event())

    def __eq__(self, other):
        return isinstance(other, Stream) and self.queue == other.queue and self.device == other.device

    def __hash__(self):
        return hash(self.queue.ptr)

    def __repr__(self):
        return f"<dark.cuda.Stream device={self.device} cuda_stream={self.cuda_stream:#x}>"


class Event:
    """A mark in a queue of work: it happens when all that was in the queue before it is done.

    With `enable_timing` it also remembers when; with `blocking` a program that waits for it sleeps.
    """

    def __init__(self, enable_timing: bool = False, blocking: bool = False):
        self.mark = cupy().cuda.Event(block=blocking, disable_timing=not enable_timing)

    def record(self, stream: Stream | None = None) -> None:
        """Put the event behind the work that is in a queue, by default the current one."""
        self.mark.record((stream or current_stream()).queue)

    def wait(self, stream: Stream | None = None) -> None:
        """Let the work to come in a queue begin only when the event has happened."""
        (stream or current_stream()).wait_event(self)

    def query(self) -> bool:
        """Whether it has happened, or is not in a queue."""
        return self.mark.done

    def synchronize(self) -> None:
        """Wait until it has happened."""
        self.mark.synchronize()

    def elapsed_time(self, end_event: Event) -> float:
        """Milliseconds from this event to a later one, both with `enable_timing`."""
        return cupy().cuda.get_elapsed_time(self.mark, end_event.mark)


def around(queue: Any) -> Stream:
    """The stream for a queue of CuPy's."""
    stream = Stream.__new__(Stream)
    stream.queue = queue
    return stream


def current_stream(device: Any = None) -> Stream:
    """The queue that what is computed on a card goes to."""
    with current(place_of(device)):
        return around(cupy().cuda.get_current_stream())


def default_stream(device: Any = None) -> Stream:
    """The queue that work goes to unless another is chosen."""
    return around(cupy().cuda.Stream.null)


@contextmanager
def stream(stream: Stream | None):
    """A `with` block whose work, on the stream's card, goes to this queue; None changes nothing."""
    if stream is None:
        yield
        return
    with current(stream.device), stream.queue:
        yield


def place_of(device: Any) -> device_type:
    """A card that is named by a number, by a device, or by None, the current one."""
    if isinstance(device, int):
        return numbered("cuda", device)
    return device_type("cuda" if device is None else device)
