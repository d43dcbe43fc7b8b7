"""Data sets for tests with worker processes: importable there, and quickly, so without PyTorch."""  # dark-4

import os
import random
import signal
import sys
import time

import numpy as np

import dark
from dark.utils.data import Dataset, IterableDataset, get_worker_info


class Numbers(Dataset):
    """Sample i is the number i."""

    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, index):
        return index


class Rich(Numbers):
    """Samples of all kinds of parts."""

    def __getitem__(self, index):
        image = np.full((2, 3), index, dtype="float32")
        return {
            "image": dark.tensor(image),
            "array": image.T,
            "label": index,
            "weight": index / 2,
            "empty": dark.zeros(0, 4),
            "mask": dark.tensor([True, False]),
            "name": f"sample {index}",
            "pair": (index, [dark.tensor(index)]),
        }


class Slow(Numbers):
    """Even samples take longer than odd ones."""

    def __getitem__(self, index):
        time.sleep(0.02 * (index % 2 == 0))
        return index


class Faulty(Numbers):
    """Sample `at` does what it should not."""

    def __init__(self, n, at, how):
        super().__init__(n)
        self.at, self.how = at, how

    def __getitem__(self, index):
        if index == self.at:
            self.how()
        return index


class Together(Faulty):
    """Samples that are read together."""

    def __getitems__(self, indices):
        return [self[index] for index in indices]


class Strange(Exception):
    """An exception that can't be made again from what it was made of."""

    def __init__(self, left, right):
        super().__init__(f"{left} and {right}")


def raise_value_error():
    raise ValueError("no such picture")


def raise_key_error():
    raise KeyError("no such key")


def raise_strange():
    raise Strange("this", "that")


def raise_stop_iteration():
    raise StopIteration


def kill_itself():
    os.kill(os.getpid(), signal.SIGKILL)


def leave():
    sys.exit(3)


def sleep_long():
    time.sleep(60)


class Random(Numbers):
    """Samples of random numbers from every source, by PyTorch's rules or by `dark`."""

    def __init__(self, n, library):
        super().__init__(n)
        self.library = library

    def __getitem__(self, index):
        legacy = np.random.random()  # noqa: NPY002 - what data sets use
        return [index, self.library.rand(2).tolist(), legacy, random.random()]


class Processes(Numbers):
    """Which process made a sample."""

    def __getitem__(self, index):
        return os.getpid()


class Counting(IterableDataset):
    """0 ... n-1, each worker with every k-th; worker 0 with `extra` more."""

    def __init__(self, n, info=get_worker_info, extra=0):
        self.n, self.info, self.extra = n, info, extra

    def __iter__(self):
        worker = self.info()
        if worker is None:
            return iter(range(self.n))
        mine = list(range(worker.id, self.n, worker.num_workers))
        return iter(mine + [1000 + i for i in range(self.extra if worker.id == 0 else 0)])

    def __len__(self):
        return self.n


class FaultyStream(IterableDataset):
    """A stream whose third sample fails."""

    def __iter__(self):
        yield 0
        yield 1
        raise ValueError("no such picture")


def as_list(batch):
    """A collate_fn that does nothing."""
    return list(batch)


def refuse(batch):
    """A collate_fn that fails."""
    raise ValueError("can't be collated")


def unpicklable(batch):
    """A collate_fn with a result that can't go to another process."""
    return lambda: batch


def announce(worker_id):
    """A worker_init_fn that changes the worker's copy of the data set."""
    info = get_worker_info()
    info.dataset.n = 100 + 10 * worker_id + info.num_workers


def fail_to_begin(worker_id):
    """A worker_init_fn that fails."""
    raise ValueError("can't begin")
