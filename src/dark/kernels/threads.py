"""How many threads Dark computes on."""  # dark-5

import os


class Threads:
    """The number that `set_num_threads` sets."""

    def __init__(self):
        wanted = os.environ.get("OMP_NUM_THREADS", "")
        self.count = int(wanted) if wanted.isdigit() and int(wanted) > 0 else available()


def available():
    """The processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


threads = Threads()


def get_num_threads() -> int:
    """How many threads compiled kernels may run on."""
    return threads.count


def set_num_threads(count: int, /) -> None:
    """Let compiled kernels run on so many threads, as far as Numba has them (NUMBA_NUM_THREADS).

    At first they are as many as OMP_NUM_THREADS says, or as there are cores. NumPy's own threads, which
    compute `@`, are not touched. The kernels set SciPy's BLAS library, whose products they call, to one
    thread each when the first of them is loaded.
    """
    if isinstance(count, bool) or not isinstance(count, int):
        raise TypeError(f"set_num_threads: expected an int, got {type(count).__name__}")
    if count < 1:
        raise RuntimeError(f"set_num_threads: expected a positive number, got {count}")
    threads.count = count
