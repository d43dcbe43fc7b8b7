"""Samplers: in which order the samples of a data set are read, and which of them make a batch."""

import itertools
from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import Generic, TypeVar

import numpy as np

from ...ops.creation import as_tensor  # beyond
from ...random.creation import (
    multinomial,  # beyond
    randint,
    randperm,
)
from ...random.generator import Generator
from ...tensor import (
    Tensor,  # beyond
    wrap,
)

Index = TypeVar("Index", covariant=True)


class Sampler(Generic[Index]):
    """An order: a subclass has `__iter__`, which gives indices or lists of them, and `__len__` if it can."""

    def __iter__(self) -> Iterator[Index]:
        raise NotImplementedError(f"{type(self).__name__} needs a method __iter__(self)")


class SequentialSampler(Sampler[int]):
    """All indices, from the first to the last."""

    data_source: Sized

    def __init__(self, data_source: Sized):
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data_source)))

    def __len__(self) -> int:
        return len(self.data_source)


class RandomSampler(Sampler[int]):
    """All indices in random order, or `num_samples` of them; with `replacement` each is drawn from all.

    Without a `generator` every round has one of its own, with a seed from the default generator: whatever
    else is drawn during the round leaves the order as it is.
    """

    data_source: Sized
    replacement: bool

    def __init__(
        self,
        data_source: Sized,
        replacement: bool = False,
        num_samples: int | None = None,
        generator: Generator | None = None,
    ):
        self.data_source = data_source
        self.replacement = replacement
        self._num_samples = num_samples
        self.generator = generator
        if not isinstance(replacement, bool):
            raise TypeError(f"RandomSampler: replacement is True or False, not {replacement!r}")
        if not isinstance(self.num_samples, int) or self.num_samples <= 0:
            raise ValueError(f"RandomSampler: num_samples is a positive integer, not {self.num_samples!r}")

    @property
    def num_samples(self) -> int:
        """How many indices one round gives."""
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def __iter__(self) -> Iterator[int]:
        n = len(self.data_source)
        generator = self.generator or Generator().manual_seed(random_seed())
        if self.replacement:
            for size in [32] * (self.num_samples // 32) + [self.num_samples % 32]:
                yield from randint(0, n, (size,), generator=generator, device=generator.device).tolist()
        else:
            for _ in range(self.num_samples // n):
                yield from order(n, generator)
            yield from order(n, generator)[: self.num_samples % n]

    def __len__(self) -> int:
        return self.num_samples


def random_seed(generator: Generator | None = None) -> int:
    """A seed drawn from the generator."""
    return wrap(np.empty((), np.int64)).random_(generator=generator).item()


def order(n: int, generator: Generator | None) -> list[int]:
    """0 ... n-1 in random order, drawn where the generator is, whatever device is the default one."""
    return randperm(n, generator=generator, device=generator.device if generator else "cpu").tolist()


class SubsetRandomSampler(Sampler[int]):
    """The given indices in random order."""

    indices: Sequence[int]

    def __init__(self, indices: Sequence[int], generator: Generator | None = None):
        self.indices = indices
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        for i in order(len(self.indices), self.generator):
            yield self.indices[i]

    def __len__(self) -> int:
        return len(self.indices)


class WeightedRandomSampler(Sampler[int]):  # beyond
    """`num_samples` indices, each drawn with a probability in proportion to its weight."""

    num_samples: int
    replacement: bool

    def __init__(
        self,
        weights: Sequence[float],
        num_samples: int,
        replacement: bool = True,
        generator: Generator | None = None,
    ):
        if type(num_samples) is not int or num_samples <= 0:
            raise ValueError(f"WeightedRandomSampler: num_samples is a positive integer, not {num_samples!r}")
        if not isinstance(replacement, bool):
            raise ValueError(f"WeightedRandomSampler: replacement is True or False, not {replacement!r}")
        place = None if isinstance(weights, Tensor) else "cpu"
        self.weights = as_tensor(weights, dtype=np.float64, device=place)
        if self.weights.ndim != 1:
            shape = tuple(self.weights.shape)
            raise ValueError(f"WeightedRandomSampler: weights are one-dimensional, not of shape {shape}")
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        drawn = multinomial(self.weights, self.num_samples, self.replacement, generator=self.generator)
        yield from drawn.tolist()

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler(Sampler[list[int]]):
    """Another sampler's indices in lists of `batch_size`; with `drop_last` a shorter last one is left out."""

    def __init__(self, sampler: Sampler[int] | Iterable[int], batch_size: int, drop_last: bool):
        if type(batch_size) is not int or batch_size <= 0:
            raise ValueError(f"BatchSampler: batch_size is a positive integer, not {batch_size!r}")
        if not isinstance(drop_last, bool):
            raise ValueError(f"BatchSampler: drop_last is True or False, not {drop_last!r}")
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[int]]:
        indices = iter(self.sampler)
        while batch := list(itertools.islice(indices, self.batch_size)):
            if len(batch) == self.batch_size or not self.drop_last:
                yield batch

    def __len__(self) -> int:
        whole, rest = divmod(len(self.sampler), self.batch_size)  # type: ignore[arg-type]
        return whole + (rest > 0 and not self.drop_last)
