"""DataLoader: a data set in batches."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ...random.generator import Generator
from .collate import default_collate, default_convert
from .dataset import Dataset, IterableDataset
from .fetch import Fetcher
from .pinning import pinning  # dark-5
from .sampler import BatchSampler, RandomSampler, Sampler, SequentialSampler, random_seed

FIXED = ("dataset", "batch_size", "sampler", "batch_sampler", "drop_last", "persistent_workers")


class DataLoader:
    """Iterates over a data set in batches, as often as one likes.

    `batch_size=None` gives the samples one by one. `shuffle` gives them in random order, which is PyTorch's
    from the same seed. With `num_workers` processes that read ahead, `prefetch_factor` batches each, the
    batches and their order are the same as without. `timeout` is how many seconds to wait for a batch.
    In worker i all random numbers begin with the seed base + i, where base is drawn from `generator`.
    `pin_memory` is for batches that go to a card. An error from a sample says which sample it was.

    To go on in the middle of an epoch, with the very batches that were to come, give the loader a generator.
    Save its state at the beginning of the epoch, and how many batches are done; in another run then::

        generator.set_state(state)
        for batch in itertools.islice(loader, done, None): ...
    """

    dataset: Any
    batch_size: int | None
    sampler: Any
    batch_sampler: Any
    multiprocessing_context: Any

    def __init__(
        self,
        dataset: Dataset,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Sampler | Iterable | None = None,
        batch_sampler: Sampler[list] | Iterable[list] | None = None,
        num_workers: int = 0,
        collate_fn: Callable | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable | None = None,
        multiprocessing_context: Any = None,
        generator: Generator | None = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        in_order: bool = True,
    ):
        check_workers(num_workers, timeout, prefetch_factor, persistent_workers)
        iterable = isinstance(dataset, IterableDataset)
        if iterable and (shuffle or sampler is not None or batch_sampler is not None):
            raise ValueError("DataLoader: an IterableDataset has an order of its own: no shuffle, no sampler")
        if sampler is not None and shuffle:
            raise ValueError("DataLoader: either shuffle or a sampler says the order, not both")
        if batch_sampler is not None and (batch_size != 1 or shuffle or sampler is not None or drop_last):
            raise ValueError("DataLoader: batch_sampler replaces batch_size, shuffle, sampler and drop_last")
        if batch_size is None and drop_last:
            raise ValueError("DataLoader: without batches (batch_size=None) there is no last one to drop")

        if sampler is None:
            sampler = default_order(dataset, shuffle, generator)
        if batch_sampler is not None:
            batch_size = None
        elif batch_size is not None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)

        self.dataset = dataset
        self.batch_size = batch_size
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self.drop_last = drop_last
        self.collate_fn = collate_fn or (default_convert if batch_sampler is None else default_collate)
        self.generator = generator
        self.pin_memory = pin_memory

        self.num_workers = num_workers
        self.prefetch_factor = 2 if num_workers and prefetch_factor is None else prefetch_factor
        self.persistent_workers = persistent_workers
        self.multiprocessing_context = multiprocessing_context
        self.worker_init_fn = worker_init_fn
        self.timeout = timeout
        self.in_order = in_order
        self._iterator: Any = None  # the one that persistent workers serve

    def __setattr__(self, name, value):
        if name in FIXED and name in vars(self):
            raise ValueError(f"DataLoader: {name} can't be changed; make another DataLoader")
        if name == "multiprocessing_context" and value is not None:
            value = process_context(value, self.num_workers)
        super().__setattr__(name, value)

    def __iter__(self) -> Iterator[Any]:
        batches = self._batches()
        for on_the_way in ON_THE_WAY:
            batches = on_the_way(self, batches)
        return batches

    def _batches(self) -> Iterator[Any]:
        """One round of batches, as they are collated."""
        if not self.num_workers:
            return InThisProcess(self)
        from .workers import InWorkers

        if not self.persistent_workers:
            return InWorkers(self)
        if self._iterator is None or not self._iterator.close.alive:
            self._iterator = InWorkers(self)
        else:
            self._iterator.start_again()
        return self._iterator

    def __len__(self) -> int:
        if not isinstance(self.dataset, IterableDataset):
            return len(self._index_sampler)
        samples = len(self.dataset)  # type: ignore[arg-type]
        if self.batch_size is None:
            return samples
        return samples // self.batch_size if self.drop_last else math.ceil(samples / self.batch_size)

    @property
    def _index_sampler(self):
        """What gives the indices for one round of fetching: of a batch, or of one sample."""
        return self.sampler if self.batch_sampler is None else self.batch_sampler


# What else is done with batches: functions of a loader and the iterator over its batches.
ON_THE_WAY: list = [
    pinning,  # dark-5
]


def default_order(dataset: Any, shuffle: bool | None, generator: Generator | None) -> Any:
    """The sampler that a DataLoader takes if none is given."""
    if isinstance(dataset, IterableDataset):
        return Endless()
    return RandomSampler(dataset, generator=generator) if shuffle else SequentialSampler(dataset)


class Endless(Sampler[None]):
    """The indices of an IterableDataset: it needs none, and says itself when it ends."""

    def __iter__(self) -> Iterator[None]:
        while True:
            yield None


class InThisProcess:
    """One round through a DataLoader without workers."""

    def __init__(self, loader: DataLoader):
        self.index_sampler = loader._index_sampler
        self.indices = iter(self.index_sampler)
        random_seed(loader.generator)  # workers would need it: the same numbers follow with and without them
        self.fetch = Fetcher(loader).start()

    def __iter__(self):
        return self

    def __next__(self) -> Any:
        return self.fetch(next(self.indices))

    def __len__(self) -> int:
        return len(self.index_sampler)


def check_workers(num_workers, timeout, prefetch_factor, persistent_workers) -> None:
    """Raise where the options for workers make no sense."""
    if not isinstance(num_workers, int) or num_workers < 0:
        raise ValueError(f"DataLoader: num_workers is 0 or the number of processes, not {num_workers!r}")
    if timeout < 0:
        raise ValueError(f"DataLoader: timeout is a number of seconds, not {timeout!r}")
    if prefetch_factor is not None and (not isinstance(prefetch_factor, int) or prefetch_factor < 1):
        raise ValueError(f"DataLoader: prefetch_factor is a number of batches, not {prefetch_factor!r}")
    if num_workers == 0 and (timeout or prefetch_factor is not None or persistent_workers):
        raise ValueError("DataLoader: timeout, prefetch_factor and persistent_workers need num_workers > 0")


def process_context(like: Any, num_workers: int) -> Any:
    """What makes processes: the context for the name of a start method, such as "spawn"."""
    import multiprocessing
    from multiprocessing.context import BaseContext

    if num_workers == 0:
        raise ValueError("DataLoader: multiprocessing_context needs num_workers > 0")
    known = multiprocessing.get_all_start_methods()
    if isinstance(like, str) and like in known:
        return multiprocessing.get_context(like)
    if isinstance(like, str):
        raise ValueError(f"DataLoader: multiprocessing_context is one of {', '.join(known)}, not {like!r}")
    if not isinstance(like, BaseContext):
        raise TypeError(f"DataLoader: multiprocessing_context is a context or its name, not {like!r}")
    return like
