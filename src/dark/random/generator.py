"""Generator: a stream of random bits that a seed determines, and its state."""

from __future__ import annotations

import operator
import os
from functools import cached_property
from typing import Any

import numpy as np

from ..devices import CPU, is_at
from ..devices import device as as_device
from ..tensor import Tensor, wrap
from . import distributions as of_these_bits

# PyTorch's bytes for the state of a generator, so that a saved state moves between the two libraries. A word
# of the twister has 32 bits; the state keeps it in 64, as the first Torch did.
STATE = np.dtype(
    [
        ("initial_seed", "<u8"),
        ("left", "<i4"),  # words until the next twist, which comes when this one is counted down to 0
        ("seeded", "<i4"),
        ("next", "<u8"),  # index of the next word
        ("words", "<u8", 624),
        ("normal_x", "<f8"),  # unused
        ("spare_normal", "<f8"),
        ("normal_rho", "<f8"),  # unused
        ("has_spare_normal", "<i4"),
        ("padding", "<i4"),
        ("float_normal", "<f4"),  # unused
        ("has_float_normal", "?"),
        ("end", "V3"),
    ]
)


class Generator:
    """A source of random bits: the Mersenne Twister MT19937, as NumPy runs it.

    Its memory is 624 words of 32 bits. A twist makes the next 624 from them: word i becomes the exclusive
    or of word i+397 and a shifted mix of words i and i+1, and each is scrambled once more on its way out.
    That is linear algebra over bits, so its period is known: 2^19937 - 1 words. It is fast and its numbers
    pass for random everywhere but in cryptography. (Matsumoto & Nishimura, Mersenne Twister, 1998.)

    That is the CPU's. Generator(device="cuda") draws other numbers, on a card: see `dark.cuda.random`.
    """

    distributions: Any = of_these_bits  # the functions that make numbers of its bits

    def __new__(cls, device: str | as_device = "cpu"):
        return super().__new__(KINDS[as_device(device).type]() if cls is Generator else cls)

    def __init__(self, device: str | as_device = "cpu"):
        self.device = as_device(device)
        self.manual_seed(FIRST_SEED)

    def manual_seed(self, seed: int) -> Generator:
        """Start the stream that belongs to `seed`, -2^63 ... 2^64 - 1; its lower 32 bits are what counts."""
        self._initial_seed = as_seed(seed)
        self._fresh = True  # nothing drawn yet
        self.spare_normal: float | None = None  # Box-Muller makes normal numbers in pairs: one may wait here
        self.__dict__.pop("twister", None)
        return self

    @cached_property
    def twister(self):
        """NumPy's MT19937, made when the first number is wanted: numpy.random takes a while to import."""
        from numpy.random import RandomState

        return RandomState(self._initial_seed & 0xFFFFFFFF)

    def seed(self) -> int:
        """Start a stream nobody can foresee, from the operating system's randomness; returns its seed."""
        self.manual_seed(int.from_bytes(os.urandom(8), "little"))
        return self.initial_seed()

    def initial_seed(self) -> int:
        """The seed of this stream."""
        return self._initial_seed

    def get_state(self) -> Tensor:
        """All that determines the numbers to come: a uint8 tensor of 5056 elements, laid out as PyTorch's."""
        _, words, position, *_ = self.twister.get_state()
        state = np.zeros((), STATE)
        state["initial_seed"], state["seeded"], state["words"] = self._initial_seed, 1, words
        state["next"] = 0 if self._fresh else position
        state["left"] = 625 - position
        if self.spare_normal is not None:
            state["has_spare_normal"], state["spare_normal"] = 1, self.spare_normal
        return wrap(np.frombuffer(state.tobytes(), np.uint8).copy())

    def set_state(self, new_state: Tensor) -> Generator:
        """Go on from a state that `get_state` returned, here or in PyTorch."""
        if not isinstance(new_state, Tensor) or new_state.array.dtype != np.uint8:
            raise TypeError("set_state: a state is a uint8 tensor, as get_state returns it")
        if new_state.array.size != STATE.itemsize:
            size = new_state.array.size
            raise RuntimeError(f"set_state: a state has {STATE.itemsize} elements, not {size}")
        state = np.frombuffer(new_state.array.tobytes(), STATE)[0]
        if state["seeded"] != 1 or not 1 <= state["left"] <= 624 or state["next"] > 624:
            raise RuntimeError("set_state: these bytes are no state of an MT19937 generator")
        self.manual_seed(int(state["initial_seed"]))
        self.twister.set_state(("MT19937", state["words"].astype(np.uint32), 625 - int(state["left"])))
        self._fresh = state["next"] == 0
        if state["has_spare_normal"]:
            self.spare_normal = float(state["spare_normal"])
        return self

    def words(self, n: int) -> np.ndarray:
        """The next `n` words of 32 random bits."""
        self._fresh = self._fresh and n == 0
        return self.twister.randint(0, 2**32, n, dtype=np.uint32)

    def long_words(self, n: int) -> np.ndarray:
        """The next `n` words of 64 random bits, the upper 32 drawn first."""
        words = self.words(2 * n).astype(np.uint64)
        return words[::2] << 32 | words[1::2]


FIRST_SEED = 67280421310721  # of a generator that got no other


def as_seed(seed: int) -> int:
    """A seed of 64 bits without sign."""
    try:
        number = operator.index(seed)
    except TypeError:
        raise RuntimeError(f"manual_seed: expected an integer, got {type(seed).__name__}") from None
    if not -(2**63) <= number < 2**64:
        raise ValueError(f"manual_seed: {number} does not fit into 64 bits")
    return number % 2**64


def cards_generator():  # dark-5
    """The kind of generator that draws on a card."""
    from ..cuda.random import CudaGenerator

    return CudaGenerator


def default_of_card(place):  # dark-5
    """The generator used on a card where no other is given."""
    from ..cuda.random import default_of

    return default_of(place)


# For every kind of device the kind of generator, and the generator used where no other is given.
KINDS: dict = {
    "cpu": lambda: Generator,
    "cuda": cards_generator,  # dark-5
}
DEFAULTS: dict = {
    "cpu": lambda place: default_generator,
    "cuda": default_of_card,  # dark-5
}


def chosen(generator: Generator | None, place: as_device = CPU) -> Generator:
    """The generator given, which has to be of the device's kind, or else the default one of the device."""
    if generator is None:
        return DEFAULTS[place.type](place)
    if not isinstance(generator, Generator):
        raise TypeError(f"generator: expected a dark.Generator, got {type(generator).__name__}")
    if generator.device.type != place.type:
        kinds = f"Expected a '{place.type}' device type for generator but found '{generator.device.type}'"
        raise RuntimeError(f"{kinds}; make one by dark.Generator(device={place.type!r})")
    if not is_at(generator.device, place):
        raise RuntimeError(f"generator: it draws on {generator.device}, and the numbers are for {place}")
    return generator


default_generator: Generator = Generator()  # the one used where no other is given
default_generator.seed()


def manual_seed(seed: int) -> Generator:
    """Start the default generators' streams from `seed`: the same numbers follow, on every machine."""
    for other in SEEDED_TOO:
        other(int(seed))
    return default_generator.manual_seed(int(seed))


def seed() -> int:
    """Start the default generators' streams from a seed nobody can foresee, and return that seed."""
    return manual_seed(default_generator.seed()).initial_seed()


def seed_cards(seed):  # dark-5
    """The default generators of the cards."""
    from ..cuda.random import manual_seed_all

    manual_seed_all(seed)


# What starts the other default generators.
SEEDED_TOO: list = [
    seed_cards,  # dark-5
]


def initial_seed() -> int:
    """The seed of the default generator's stream."""
    return default_generator.initial_seed()


def get_rng_state() -> Tensor:
    """The default generator's state, a uint8 tensor."""
    return default_generator.get_state()


def set_rng_state(new_state: Tensor) -> None:
    """Let the default generator go on from a state that `get_rng_state` returned."""
    default_generator.set_state(new_state)
