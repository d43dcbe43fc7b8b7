"""The program that a DataLoader's worker process runs: it answers indices with batches."""

from __future__ import annotations

import contextlib
import os
import pickle
import random
import signal
import traceback
import weakref
from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from ...random.generator import manual_seed
from . import shared_memory
from .fetch import Fetcher
from .worker_info import WorkerInfo, set_worker_info

BATCH, ERROR, END = range(3)  # what a worker answers: a batch, an exception, or that its stream is at its end
parents_ends: weakref.WeakSet = weakref.WeakSet()  # of the pipes to workers that this process has started


@dataclass
class Job:
    """What every worker of an iterator is told when it starts."""

    fetch: Fetcher
    init: Any
    base_seed: int
    num_workers: int
    prefetch: int


def work(connection, number: int, job: Job | None) -> None:
    """The program of worker `number`, told here what to do or by the pipe: answers until that is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes the pipe
    for end in list(parents_ends):  # a forked process has copies, and a pipe closes with its last one
        end.close()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        job = job or connection.recv()
        failure = error_of(prepare, number, job)
        recent: deque = deque(maxlen=job.prefetch)
        while True:
            name, indices = connection.recv()
            if name is None:
                failure = failure or error_of(job.fetch.start)
                continue
            try:
                if failure:
                    raise failure
                memory, parts = shared_memory.write(job.fetch(indices), name)
            except StopIteration:
                connection.send((END, None))
            except Exception as error:
                connection.send((ERROR, portable(error, number)))
            else:
                connection.send((BATCH, parts))
                if os.name == "posix":
                    memory.close()
                recent.append(memory)  # on Windows it exists while somebody holds it: soon the parent does


def prepare(number: int, job: Job) -> None:
    """Give this process random numbers of its own and begin, after the user's `worker_init_fn`."""
    threadpool_limits(1)  # the processes share the cores; threads in each would only get in each other's way
    seed = job.base_seed + number
    random.seed(seed)
    manual_seed(seed)
    words = [number, job.base_seed % 2**32, job.base_seed >> 32, 0]
    np.random.seed(np.random.SeedSequence(words).generate_state(4))  # noqa: NPY002 - data sets may use it
    set_worker_info(WorkerInfo(number, job.num_workers, seed, job.fetch.dataset))
    if job.init is not None:
        job.init(number)
    job.fetch.start()


def error_of(function, *arguments) -> Exception | None:
    """The error that the function raises, or None."""
    try:
        function(*arguments)
    except Exception as error:
        return error
    return None


def portable(error: Exception, number: int) -> Exception:
    """The error as the parent can raise it, with a note of what happened where."""
    trace = "".join(traceback.format_exception(error))
    try:
        error = pickle.loads(pickle.dumps(error))
    except Exception:  # an exception of a class that can't be made anew from its arguments
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(f"DataLoader: in worker {number} (process {os.getpid()}):\n\n{trace}")
    return error
