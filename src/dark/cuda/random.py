"""Random numbers of the cards: a generator that draws on a card, and one such for every card.

From one seed they are the same on every card, but others than the CPU's, which are PyTorch's; PyTorch's own
on a card depend on how many processors it has.
"""  # dark-5

from __future__ import annotations

import os
from typing import Any

import numpy as np

from ..devices import cupy, current, numbered, to_device
from ..devices import device as device_type
from ..random.generator import FIRST_SEED, Generator, as_seed
from ..tensor import Tensor, wrap
from .cards import (
    device_count,  # beyond
    is_available,
)


class CudaGenerator(Generator):
    """A source of random bits on a card, where each number is computed from its place in the stream alone.

    Thousands of threads can't take turns at one memory of 624 words. So word i of the stream is a function
    of the seed and of i (Philox, see `dark.kernels.gpu.random`), and all that a generator remembers is the
    seed and how many words are drawn. That is kept on the card and counted up there by whoever draws, so
    that a recorded CUDA graph gets new numbers each time it runs.
    """

    def __init__(self, device: str | device_type = "cuda"):
        self._state: Any = None
        self.device = place_of(device)
        self.manual_seed(FIRST_SEED)

    @property
    def distributions(self):
        """The functions that make numbers of its bits."""
        from ..kernels.gpu import random

        return random

    @property
    def state(self):
        """On the card: the seed, how many words are drawn, and a count for the blocks of a running kernel.

        It is made for the first draw, and then stays the same array, which recorded graphs use.
        """
        if not self.has_drawn():
            self._state = to_device(self.start(), self.device)
            self._process = os.getpid()
        return self._state

    def start(self) -> np.ndarray:
        """What `state` is before the next draw."""
        return np.array([self._initial_seed, self._offset, 0], np.uint64)

    def has_drawn(self) -> bool:
        """Whether there is a state on the card; a forked process can't use that of its parent."""
        return self._state is not None and self._process == os.getpid()

    def go_to(self, offset: int) -> None:
        """Go on behind so many words of this seed's stream."""
        self._offset = offset
        if self.has_drawn():
            with current(self.device):
                self._state[...] = to_device(self.start(), self.device)

    def manual_seed(self, seed: int) -> CudaGenerator:
        """Start the stream that belongs to `seed`, -2^63 ... 2^64 - 1."""
        self._initial_seed = as_seed(seed)
        self.go_to(0)
        return self

    def get_state(self) -> Tensor:
        """All that determines the numbers to come: 16 bytes, on the CPU, for the seed and the words drawn."""
        drawn = int(self._state.get()[1]) if self.has_drawn() else self._offset
        return wrap(np.array([self._initial_seed, drawn], "<u8").view(np.uint8))

    def set_state(self, new_state: Tensor) -> CudaGenerator:
        """Go on from a state that `get_state` returned."""
        if not isinstance(new_state, Tensor) or new_state.array.dtype != np.uint8:
            raise TypeError("set_state: a state is a uint8 tensor, as get_state returns it")
        state = new_state.cpu().array.tobytes()
        if len(state) != 16:
            raise RuntimeError(f"set_state: a card's generator has a state of 16 elements, not {len(state)}")
        seed, drawn = np.frombuffer(state, "<u8").tolist()
        if drawn % 4:
            raise RuntimeError(f"set_state: words are drawn four at a time; {drawn} can't be the next")
        self._initial_seed = seed
        self.go_to(drawn)
        return self

    def words(self, n: int):
        """The next `n` words of 32 random bits, on the card."""
        return self.distributions.words(self, n)

    def long_words(self, n: int):
        """The next `n` words of 64 random bits, on the card."""
        return self.words(2 * n).view(np.uint64)

    def __getstate__(self):
        return self.device, self.get_state()

    def __setstate__(self, kept):
        device, state = kept
        self.__init__(device)  # type: ignore[misc]
        self.set_state(state)


default_generators: dict[device_type, CudaGenerator] = {}
remembered: list[int] = []  # the last seed for all cards, also for those that nothing was drawn on yet


def default_of(card="cuda") -> CudaGenerator:
    """The generator used on a card where no other is given; it is made when the first numbers are wanted."""
    place = place_of(card)
    if place not in default_generators:
        default_generators[place] = CudaGenerator(place)
        if remembered:
            default_generators[place].manual_seed(remembered[-1])
        else:
            default_generators[place].seed()
    return default_generators[place]


def place_of(card) -> device_type:
    """A card that is named by a number or a device, with its number; "cuda" is the current one."""
    if isinstance(card, int) and not isinstance(card, bool):
        return numbered("cuda", card)
    place = device_type(card)
    index = cupy().cuda.runtime.getDevice() if place.index is None else place.index
    return numbered(place.type, index)


def manual_seed(seed: int) -> None:
    """Start the stream of the current card's generator from `seed`; without a card, nothing happens."""
    seed = as_seed(int(seed))
    if is_available():
        default_of().manual_seed(seed)


def manual_seed_all(seed: int) -> None:
    """Start the streams of all cards' generators from `seed`, as `dark.manual_seed` does too."""
    remembered[:] = [as_seed(int(seed))]
    for generator in default_generators.values():
        generator.manual_seed(remembered[-1])


def seed() -> None:
    """Start the stream of the current card's generator from a seed nobody can foresee."""
    manual_seed(int.from_bytes(os.urandom(8), "little"))


def seed_all() -> None:
    """Start the streams of all cards' generators from one seed nobody can foresee."""
    manual_seed_all(int.from_bytes(os.urandom(8), "little"))


def initial_seed() -> int:
    """The seed of the current card's generator."""
    return default_of().initial_seed()


def get_rng_state(device="cuda") -> Tensor:
    """The state of a card's generator, a uint8 tensor of 16 elements on the CPU."""
    return default_of(device).get_state()


def set_rng_state(new_state: Tensor, device="cuda") -> None:
    """Let a card's generator go on from a state that `get_rng_state` returned."""
    default_of(device).set_state(new_state)


def get_rng_state_all() -> list[Tensor]:  # beyond
    """The states of all cards' generators."""
    return [get_rng_state(index) for index in range(device_count())]


def set_rng_state_all(new_states) -> None:  # beyond
    """Let all cards' generators go on from such states."""
    for index, state in enumerate(new_states):
        set_rng_state(state, index)
