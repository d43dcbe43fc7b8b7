"""Data sets: what gives a sample for an index, or one sample after the other."""

import bisect
import itertools
import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import (
    Any,  # beyond
    Generic,
    TypeVar,
)

from ...random.creation import randperm
from ...random.generator import Generator, default_generator
from ...tensor import Tensor, counter, wrap

Sample = TypeVar("Sample", covariant=True)


class Dataset(Generic[Sample]):
    """A data set that gives a sample for an index: a subclass has `__getitem__`, and nearly always `__len__`.

    Where it can read several samples faster than one by one, it also has `__getitems__`, which takes a list
    of indices and returns the list of their samples; a DataLoader then calls that.
    """

    def __getitem__(self, index) -> Sample:
        raise NotImplementedError(f"{type(self).__name__} needs a method __getitem__(self, index)")

    def __add__(self, other: "Dataset") -> "ConcatDataset":
        return ConcatDataset([self, other])


class IterableDataset(Dataset[Sample]):
    """A data set that gives one sample after the other, such as a stream: a subclass has `__iter__`.

    In a DataLoader with workers, each of them iterates over a copy of its own; `get_worker_info` tells a copy
    which part of the samples is its to give.
    """

    def __iter__(self) -> Iterator[Sample]:
        raise NotImplementedError(f"{type(self).__name__} needs a method __iter__(self)")

    def __add__(self, other: Dataset) -> "ChainDataset":  # type: ignore[override]
        return ChainDataset([self, other])


class TensorDataset(Dataset[tuple[Tensor, ...]]):
    """Sample i is element i of every tensor."""

    tensors: tuple[Tensor, ...]

    def __init__(self, *tensors: Tensor):
        lengths = [len(tensor) for tensor in tensors]
        if len(set(lengths)) > 1:
            raise AssertionError(f"TensorDataset: tensors of one length are needed, not {lengths}")
        self.tensors = tensors

    def __getitem__(self, index) -> tuple[Tensor, ...]:
        return tuple(tensor[index] for tensor in self.tensors)

    def __getitems__(self, indices) -> list:
        overridden = type(self).__getitem__ is not TensorDataset.__getitem__
        if overridden or any(t.requires_grad for t in self.tensors) or set(map(type, indices)) != {int}:
            return [self[index] for index in indices]
        return list(zip(*(rows(tensor, indices) for tensor in self.tensors)))

    def __len__(self) -> int:
        return len(self.tensors[0])


def rows(tensor: Tensor, indices: list[int]) -> list[Tensor]:
    """`tensor[i]` for every index: the same views, without the work of a recorded operation for each."""
    array, changes = tensor.array, counter(tensor)
    views = [wrap(array[index, ...]) for index in indices]
    for view in views:
        view._counter = changes
    return views


class StackDataset(Dataset):  # beyond
    """Sample i is the tuple of sample i of every data set; given data sets by name, the dict of them."""

    def __init__(self, *args: Dataset, **kwargs: Dataset):
        if bool(args) == bool(kwargs):
            raise ValueError("StackDataset: data sets are given either by position or by name")
        self.datasets: Any = args or kwargs
        lengths = [len(dataset) for dataset in args or kwargs.values()]  # type: ignore[arg-type]
        if len(set(lengths)) > 1:
            raise ValueError(f"StackDataset: data sets of one length are needed, not {lengths}")
        self._length = lengths[0]

    def __getitem__(self, index) -> Any:
        if isinstance(self.datasets, dict):
            return {name: dataset[index] for name, dataset in self.datasets.items()}
        return tuple(dataset[index] for dataset in self.datasets)

    def __getitems__(self, indices: list) -> list:
        if isinstance(self.datasets, dict):
            parts = zip(*(samples_of(dataset, indices) for dataset in self.datasets.values()))
            return [dict(zip(self.datasets, part)) for part in parts]
        return list(zip(*(samples_of(dataset, indices) for dataset in self.datasets)))

    def __len__(self) -> int:
        return self._length


class ConcatDataset(Dataset[Sample]):
    """The samples of several data sets, one set after the other."""

    datasets: list[Dataset[Sample]]
    cumulative_sizes: list[int]

    def __init__(self, datasets: Iterable[Dataset]):
        self.datasets = list(datasets)
        if not self.datasets:
            raise AssertionError("ConcatDataset: at least one data set is needed")
        if any(isinstance(dataset, IterableDataset) for dataset in self.datasets):
            raise AssertionError("ConcatDataset: an IterableDataset has no indices; use ChainDataset")
        self.cumulative_sizes = list(itertools.accumulate(map(len, self.datasets)))  # type: ignore[arg-type]

    def __getitem__(self, idx: int) -> Sample:
        if idx < -len(self):
            raise ValueError(f"ConcatDataset: index {idx} is out of range for {len(self)} samples")
        if idx >= len(self):
            raise IndexError(f"ConcatDataset: index {idx} is out of range for {len(self)} samples")
        if idx < 0:
            idx += len(self)
        which = bisect.bisect_right(self.cumulative_sizes, idx)
        return self.datasets[which][idx - (self.cumulative_sizes[which - 1] if which else 0)]

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]


class ChainDataset(IterableDataset[Sample]):
    """The samples of several iterable data sets, one set after the other."""

    def __init__(self, datasets: Iterable[Dataset]):
        self.datasets = datasets

    def _checked(self):
        for dataset in self.datasets:
            if not isinstance(dataset, IterableDataset):
                kind = type(dataset).__name__
                raise AssertionError(f"ChainDataset: {kind} is no IterableDataset; use ConcatDataset")
            yield dataset

    def __iter__(self) -> Iterator[Sample]:
        for dataset in self._checked():
            yield from dataset

    def __len__(self) -> int:
        return sum(len(dataset) for dataset in self._checked())


class Subset(Dataset[Sample]):
    """Some samples of a data set: sample i is the set's sample indices[i]."""

    dataset: Dataset[Sample]
    indices: Sequence[int]

    def __init__(self, dataset: Dataset[Sample], indices: Sequence[int]):
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, idx) -> Sample:
        if isinstance(idx, list):
            return self.dataset[[self.indices[i] for i in idx]]
        return self.dataset[self.indices[idx]]

    def __getitems__(self, indices: list[int]) -> list[Sample]:
        if type(self).__getitem__ is not Subset.__getitem__:
            return [self[i] for i in indices]
        return samples_of(self.dataset, [self.indices[i] for i in indices])

    def __len__(self) -> int:
        return len(self.indices)


def samples_of(dataset, indices: list) -> list:
    """The samples at these indices, read together where the data set can do that."""
    together = getattr(dataset, "__getitems__", None)
    samples = together(indices) if together else [dataset[index] for index in indices]
    if len(samples) != len(indices):
        kind = type(dataset).__name__
        raise ValueError(f"{kind}.__getitems__: gave {len(samples)} samples for {len(indices)} indices")
    return samples


def random_split(
    dataset: Dataset[Sample],
    lengths: Sequence[int | float],
    generator: Generator | None = default_generator,
) -> list[Subset[Sample]]:
    """Deal the samples out at random, to subsets of these lengths.

    Lengths that add up to 1 are fractions: each subset gets that part of the samples, rounded down, and what
    is left goes to the first ones, one sample to each.
    """
    total = len(dataset)  # type: ignore[arg-type]
    if math.isclose(sum(lengths), 1) and sum(lengths) <= 1:
        lengths = counts(lengths, total)
    if sum(lengths) != total:
        raise ValueError(f"random_split: lengths {list(lengths)} for a data set of {total} samples")
    order = randperm(total, generator=generator, device=generator.device if generator else "cpu").tolist()
    ends = itertools.accumulate(lengths)
    return [Subset(dataset, order[end - length : end]) for end, length in zip(ends, lengths)]


def counts(fractions: Sequence[float], total: int) -> list[int]:
    """How many of `total` samples each fraction is."""
    for fraction in fractions:
        if not 0 <= fraction <= 1:
            raise ValueError(f"random_split: {fraction} is no fraction between 0 and 1")
    lengths = [math.floor(total * fraction) for fraction in fractions]
    for i in range(total - sum(lengths)):
        lengths[i % len(lengths)] += 1
    if 0 in lengths:
        warnings.warn(f"random_split: of {total} samples, subset {lengths.index(0)} gets none", stacklevel=3)
    return lengths
