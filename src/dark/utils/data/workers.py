"""A DataLoader's workers, as their parent sees them: it hands out indices and takes batches in.

Every worker has a pipe of its own. The parent writes the indices of a batch into it, and the name of the
shared memory where the batch shall lie; the worker answers when it is there. Batches are dealt out to the
workers in turn and taken from them in the same turn, so their order doesn't depend on how long each takes.
Closing the pipe ends the worker.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import pickle
import signal
import time
import warnings
import weakref
from collections import deque
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from multiprocessing.reduction import ForkingPickler
from typing import Any

from . import shared_memory
from .fetch import Fetcher
from .sampler import random_seed
from .worker_process import BATCH, END, ERROR, Job, parents_ends, work

PATIENCE = 5.0  # seconds a worker has to finish the batch it is at when nobody wants it any more


class Worker:
    """A worker process, as its parent knows it."""

    def __init__(self, context, number: int, job: Job | None):
        self.number = number
        self.ended = False  # its stream gives no more batches
        self.method = context.get_start_method()
        self.connection, theirs = context.Pipe()
        parents_ends.add(self.connection)
        self.process = context.Process(target=work, args=(theirs, number, job), daemon=True)
        with warnings.catch_warnings():  # it is about locks of other threads; a worker waits for none
            warnings.filterwarnings("ignore", ".*multi-threaded, use of fork", DeprecationWarning)
            self.process.start()
        theirs.close()

    def send(self, pickled) -> None:
        """Tell the worker something; whether it is alive is seen when it should answer."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send_bytes(pickled)

    def answer(self) -> tuple[int, Any]:
        """What the worker has answered; RuntimeError where it died instead."""
        with contextlib.suppress(EOFError, OSError):
            if self.connection.poll():
                return self.connection.recv()
        self.process.join(PATIENCE)
        code = self.process.exitcode
        how = f"exit code {code}"
        if code is not None and code < 0:
            names = {s.value: s.name for s in signal.Signals}
            how = f"killed by {names.get(-code, -code)}; is there enough memory?"
        elif self.method != "fork":
            how += "; a program whose workers are spawned begins with if __name__ == '__main__'"
        who = f"DataLoader: worker {self.number} (process {self.process.pid})"
        raise RuntimeError(f"{who} exited unexpectedly: {how}")


class InWorkers:
    """One round through a DataLoader's batches; with persistent workers, one round after the other."""

    def __init__(self, loader):
        self.index_sampler = loader._index_sampler
        self.indices = iter(self.index_sampler)
        base_seed = random_seed(loader.generator)
        self.prefetch, self.in_order, self.timeout = loader.prefetch_factor, loader.in_order, loader.timeout
        self.persistent = loader.persistent_workers
        self.memory = f"dark_{os.getpid():x}_{os.urandom(3).hex()}_"  # how names of shared memory begin
        self.count = 0  # of all batches ordered so far
        self.due: deque = deque()  # the batches on their way: (worker, name of the memory)
        self.workers: list[Worker] = []
        self.close = weakref.finalize(self, dismiss, self.workers, self.due, os.getpid())

        if os.name == "posix":
            resource_tracker.ensure_running()  # one for all of us: the parent removes what a worker has made
        context = loader.multiprocessing_context or multiprocessing.get_context()
        job = Job(Fetcher(loader), loader.worker_init_fn, base_seed, loader.num_workers, self.prefetch)
        copied = context.get_start_method() == "fork"
        message = None if copied else pickled(job, context)
        try:
            for number in range(loader.num_workers):
                self.workers.append(Worker(context, number, job if copied else None))
            if not copied:
                for worker in self.workers:
                    worker.send(message)
            self.order_ahead()
        except BaseException:
            self.close()
            raise

    def __iter__(self):
        return self

    def __len__(self) -> int:
        return len(self.index_sampler)

    def __next__(self) -> Any:
        kind, content = self.next_answer()
        if kind == ERROR:
            raise content
        if kind == BATCH:
            return content
        if not self.persistent:
            self.close()
        raise StopIteration

    def next_answer(self) -> tuple[int, Any]:
        """What kind of answer the next one is, and the batch, or the exception."""
        while self.due:
            try:
                worker, name = self.next_due()
                kind, content = worker.answer()
                if kind == BATCH:
                    content = shared_memory.read(name, content)
            except BaseException:  # a worker has died, or Ctrl-C
                self.close()
                raise
            self.due.remove((worker, name))
            worker.ended = kind == END
            self.order(worker)
            if kind != END:
                return kind, content
        return END, None

    def next_due(self) -> tuple[Worker, str]:
        """Wait for the batch whose turn it is, or with in_order=False for any."""
        awaited = [self.due[0][0]] if self.in_order else [worker for worker, _ in self.due]
        sources = {end: worker for worker in awaited for end in (worker.connection, worker.process.sentinel)}
        ready = wait(list(sources), self.timeout or None)
        if not ready:
            raise RuntimeError(f"DataLoader: timed out: no batch within {self.timeout} seconds")
        return next(entry for entry in self.due if entry[0] is sources[ready[0]])

    def order_ahead(self) -> None:
        """Order as many batches as are made ahead of time."""
        for _ in range(self.prefetch):
            for worker in self.workers:
                self.order(worker)

    def order(self, worker: Worker) -> None:
        """Order one more batch from this worker, if there is one."""
        for indices in itertools.islice(self.indices, 0 if worker.ended else 1):
            self.count += 1
            self.due.append((worker, f"{self.memory}{self.count}"))
            worker.send(ForkingPickler.dumps((self.due[-1][1], indices)))

    def start_again(self) -> None:
        """Begin the next round; what is left of this one is thrown away."""
        self.indices = iter(())
        while self.next_answer()[0] != END:
            pass
        for worker in self.workers:
            worker.ended = False
            worker.send(ForkingPickler.dumps((None, None)))
        self.indices = iter(self.index_sampler)
        self.order_ahead()


def pickled(job: Job, context):
    """The job for processes that don't begin as copies of this one.

    It goes by our own pipe: Python's, by which they are started, waits forever if one dies before it reads.
    """
    try:
        return ForkingPickler.dumps(job)
    except (pickle.PicklingError, AttributeError, TypeError, RuntimeError) as error:
        error.add_note(
            f"DataLoader: workers are started by {context.get_start_method()!r}, for which the data set, "
            "collate_fn and worker_init_fn have to be picklable: no lambdas, no functions inside functions"
        )
        raise


def dismiss(workers: list[Worker], due: deque, parent: int) -> None:
    """End the workers, if need be by force, and free the memory of batches that nobody fetched."""
    if os.getpid() != parent:  # a forked process, with a copy of the iterator
        return
    for worker in workers:
        worker.connection.close()
    deadline = time.monotonic() + PATIENCE
    for worker in workers:
        worker.process.join(max(0, deadline - time.monotonic()))
        for force in (worker.process.terminate, worker.process.kill):
            if worker.process.is_alive():
                force()
                worker.process.join(PATIENCE)
    for _, name in due:
        shared_memory.remove(name)
    due.clear()
