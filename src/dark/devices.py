"""Where a tensor's array lives: `cpu` for NumPy's arrays, `cuda` for CuPy's."""

import sys
import threading
from contextlib import nullcontext
from functools import cache

import numpy as np


class device:
    """A place for tensors, such as `device("cpu")`; with `index`, one of several of a kind.

    In a `with` block it is where new tensors are made.
    """

    def __init__(self, device: "str | device", index: int | None = None):
        name, colon, number = str(device).partition(":")
        if name not in LIBRARIES or (colon and not number.isdigit()):
            kinds = " and ".join(repr(kind) for kind in LIBRARIES)
            raise RuntimeError(f"device: there is no device {str(device)!r}; this build of Dark has {kinds}")
        if number and index is not None:
            raise RuntimeError(f"device: {str(device)!r} has an index already; leave out index={index}")
        self.type = name
        self.index = int(number) if number else index

    def __enter__(self):  # dark-5
        default.stack.append(self)
        return self

    def __exit__(self, *exception):  # dark-5
        default.stack.pop()

    def __eq__(self, other):
        return isinstance(other, device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self):
        return hash((self.type, self.index))

    def __str__(self):
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __repr__(self):
        return f"device(type={self.type!r}{'' if self.index is None else f', index={self.index}'})"


def numpy():
    """NumPy, whose arrays are in the computer's main memory."""
    return np


def cupy():  # dark-5
    """CuPy, whose arrays are in the memory of an NVIDIA card; it is imported here, when it is first wanted.

    Raises RuntimeError, with what to do, where it is not installed, can't be loaded, or finds no card.
    """
    try:
        import cupy
    except Exception as error:  # a broken installation may raise anything
        if isinstance(error, ModuleNotFoundError) and error.name == "cupy":
            raise RuntimeError(f"cuda: CuPy, the NumPy of CUDA cards, is not installed. {ADVICE}") from None
        raise RuntimeError(f"cuda: CuPy can't be loaded ({error}); install it anew. {ADVICE}") from error
    if cupy not in usable:
        try:
            count = cupy.cuda.runtime.getDeviceCount()
        except cupy.cuda.runtime.CUDARuntimeError as error:
            raise RuntimeError(f"cuda: CuPy finds no card it can use: {error}. {ADVICE}") from error
        if not count:
            raise RuntimeError(f"cuda: there is no NVIDIA card in this computer. {ADVICE}")
        usable.append(cupy)
    return cupy


ADVICE = (  # dark-5
    "It takes an NVIDIA card, its driver, and `pip install 'cupy-cuda12x[ctk]'` "
    "(cupy-cuda13x for a driver of CUDA 13); device='cpu' computes without them"
)
usable: list = []  # CuPy, once it has found a card  # dark-5

# What makes and moves the arrays of each kind of device.
LIBRARIES = {
    "cpu": numpy,
    "cuda": cupy,  # dark-5
}
CPU = device("cpu")


def is_cupy(x) -> bool:
    """Whether x is an array of CuPy's, which has been imported then."""
    module = sys.modules.get("cupy")
    return module is not None and isinstance(x, module.ndarray)


def device_of(array) -> device:
    """Where an array is."""
    return CPU if type(array) is np.ndarray or not is_cupy(array) else numbered("cuda", array.device.id)


@cache
def numbered(kind: str, index: int) -> device:
    """One of several devices of a kind, made once: every operation asks for it."""
    return device(kind, index)


def array_library(where: "device | str | None"):
    """The module, NumPy or one with the same functions, whose arrays live on a device (None: the default)."""
    return LIBRARIES[chosen(where).type]()


def chosen(where: "device | str | int | None") -> device:
    """The device that an option `device=` names; of None the one where new tensors are made."""
    if where is None:
        return get_default_device()
    if type(where) is int:  # one of the cards
        return device("cuda", where)
    return where if isinstance(where, device) else device(str(where))


def is_at(place: device, wanted: device) -> bool:
    """Whether a place is the wanted device, or one of that kind where no index is wanted."""
    return place.type == wanted.type and (place.index is None or wanted.index in (None, place.index))


def exact(place: device) -> device:
    """The device with its index; of cards without one it is the current one."""
    if place.type == "cpu" or place.index is not None:
        return place
    return numbered(place.type, LIBRARIES[place.type]().cuda.runtime.getDevice())


def current(place: device):
    """A `with` block in which a card is the one that computes; of the CPU there is only one."""
    if place.type == "cpu" or place.index is None:
        return nullcontext()
    return LIBRARIES[place.type]().cuda.Device(place.index)


def to_device(array, where: device, non_blocking: bool = False):
    """The array in the memory of a device: itself, if it is there, else a copy."""
    if type(array) is np.ndarray and where.type == "cpu":
        return array  # as nearly always
    return MOVES[where.type](array, where.index, non_blocking)


def to_host(array, index, non_blocking):
    """A copy of a CuPy array in main memory, complete when this returns."""
    if not is_cupy(array):
        return np.asarray(array)
    with array.device:
        return copied(array, lambda rows: rows.get())


def to_card(array, index, non_blocking):  # dark-5
    """The array in the memory of a card, by default the current one.

    From page-locked memory, which the card reads by itself, a `non_blocking` copy runs beside what the card
    computes; from other memory it is complete when this returns.
    """
    library = cupy()
    index = library.cuda.runtime.getDevice() if index is None else index
    if is_cupy(array) and array.device.id == index:
        return array
    if index >= library.cuda.runtime.getDeviceCount():
        count = library.cuda.runtime.getDeviceCount()
        cards = "one card, cuda:0" if count == 1 else f"{count} cards, from cuda:0 on"
        raise RuntimeError(f"cuda:{index}: this computer has {cards}")
    if array.ndim and not is_cupy(array) and library.cuda.get_current_stream().is_capturing():
        raise RuntimeError(
            "cuda: a CUDA graph that is recorded can't hold numbers from main memory, which is used for "
            "others when it is replayed; copy them to the card before"
        )
    from .cuda.pinned import upload

    with library.cuda.Device(index):
        if is_cupy(array):
            return library.array(array, order="K")
        return copied(array, upload if non_blocking else library.array)


def copied(array, copy):
    """What `copy` makes of an array, row by row, with its axes in the order of memory; these are kept so."""
    if array.ndim < 2 or array.flags.c_contiguous:
        return copy(array)
    axes = sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))
    return copy(array.transpose(axes)).transpose([axes.index(axis) for axis in range(array.ndim)])


MOVES = {
    "cpu": to_host,
    "cuda": to_card,  # dark-5
}


class Default(threading.local):
    """Where new tensors are made, in each thread; the last one counts."""

    def __init__(self):
        self.stack = [CPU]


default = Default()


def get_default_device() -> device:
    """Where tensors are made that no `device=` is said for."""
    return default.stack[-1]


def set_default_device(device) -> None:  # dark-5
    """Make new tensors on another device from now on; None means the CPU again."""
    default.stack[0] = chosen("cpu" if device is None else device)
