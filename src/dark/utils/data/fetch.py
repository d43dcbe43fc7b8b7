"""Fetching: from indices to a batch, with errors that name the sample."""

from __future__ import annotations

import itertools
from typing import Any

from .dataset import IterableDataset


class Fetcher:
    """Reads samples of a DataLoader's data set and collates them, here or, as a copy, in another process."""

    def __init__(self, loader):
        self.dataset = loader.dataset
        self.collate_fn = loader.collate_fn
        self.batch_size = loader.batch_size
        self.drop_last = loader.drop_last
        self.batched = loader.batch_sampler is not None

    def start(self) -> Fetcher:
        """Begin: an IterableDataset with its first sample."""
        self.stream: Any = iter(self.dataset) if isinstance(self.dataset, IterableDataset) else None
        self.count = 0  # samples read from the stream
        return self

    def __call__(self, indices) -> Any:
        """The batch of the samples at these indices, or the one sample at this index.

        Of a stream the samples that come next; StopIteration at its end.
        """
        if self.stream is not None:
            indices, samples = self.following()
        elif self.batched:
            samples = self.several(indices)
        else:
            samples = self.one(indices)
        try:
            return self.collate_fn(samples)
        except Exception as error:
            name_sample(error, f"while collating {named(list(indices) if self.batched else [indices])}")
            raise

    def one(self, index):
        """The sample at this index."""
        try:
            return self.dataset[index]
        except Exception as error:
            name_sample(error, named([index]))
            raise

    def several(self, indices) -> Any:
        """The samples at these indices."""
        together = getattr(self.dataset, "__getitems__", None)
        if not together:
            return [self.one(index) for index in indices]
        try:
            return together(indices)
        except Exception as error:
            name_sample(error, f"among {named(list(indices))}")
            raise

    def following(self) -> tuple[Any, Any]:
        """The next samples of the stream, and their numbers, counted from 0."""
        first = self.count
        samples = []
        try:
            for sample in itertools.islice(self.stream, self.batch_size if self.batched else 1):
                samples.append(sample)
                self.count += 1
        except Exception as error:
            name_sample(error, named([self.count]))
            raise
        if not samples or (self.drop_last and len(samples) < self.batch_size):
            self.stream = iter(())  # a stream that has ended stays so
            raise StopIteration
        return (range(first, self.count), samples) if self.batched else (first, samples[0])


def name_sample(error: Exception, which: str) -> None:
    """Note in the error which sample raised it."""
    where = f"DataLoader: {which}"
    if isinstance(error, StopIteration):  # would end the loop over the batches without a word
        raise RuntimeError(f"{where} raised StopIteration") from error
    error.add_note(where)


def named(indices: list) -> str:
    """The samples at these indices, in words."""
    shown = ", ".join(repr(index) for index in indices[:10])
    more = f", ... ({len(indices)} in all)" if len(indices) > 10 else ""
    return f"sample{'s' if len(indices) > 1 else ''} {shown}{more}"
