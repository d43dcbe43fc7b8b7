"""How the kernels are compiled: each at its first call, with the machine code kept on disk for later ones."""

import sys
from contextlib import contextmanager

from numba import njit
from numba.core import event

from .memory import keep_freed_memory
from .threads import one_thread_for_blas


def compiled(function):
    """Compile `function`, to run on one thread.

    Float arithmetic stays exactly NumPy's, except that a division by zero gives inf or NaN without raising,
    as in NumPy.
    """
    return kept(function, error_model="numpy")


def shared(function):
    """Compile `function`, whose `prange` loops run on several threads, with the arithmetic of `compiled`."""
    return kept(function, parallel=True, error_model="numpy")


def parallel(function):
    """Compile `function` as `shared` does, for arithmetic that matrix products and long sums are part of.

    A sum may be added up in another order, which lets the processor add many numbers at once; NaN and
    infinity still mean what they mean. A loop becomes such vector code only if it counts from 0.
    """
    one_thread_for_blas()
    keep_freed_memory()
    return kept(function, parallel=True, error_model="numpy", fastmath=REORDERED)


def inlined(function):
    """Compile `function` as a part of the parallel ones that call it, with their arithmetic."""
    return kept(function, error_model="numpy", fastmath=REORDERED)


REORDERED = {"contract", "reassoc", "nsz", "arcp"}


def kept(function, **options):
    """Numba's compiled function, with its cache where a directory can be written to.

    Numba compiles again what has changed in a function's own file. Who changes something that functions of
    other files inline, such as `product`, has to delete the cache: `__pycache__` in this folder.
    """
    try:
        return njit(cache=True, **options)(function)
    except RuntimeError:  # neither the package's directory nor the user's
        return njit(**options)(function)


class Notice(event.Listener):
    """Says, once in a process, that it compiles: a first call then takes seconds instead of microseconds."""

    said = False
    report = None  # a function that is given the name of everything compiled; it takes the notice's place

    def on_start(self, event):
        """Numba begins to compile a function."""
        function = event.data["dispatcher"].py_func
        if not str(function.__module__).startswith(__package__):  # one of Numba's own, or of the user's
            return
        if self.report:
            self.report(function.__name__)
        elif not self.said:
            self.said = True
            message = "dark: compiling the kernels in use for this machine; the next run finds them ready"
            print(message, file=sys.stderr, flush=True)

    def on_end(self, event):
        """Numba is done with it."""


notice = Notice()
event.register("numba:compile", notice)


@contextmanager
def compiling(report):
    """Within this, `report` is called with each name; yields the list of names."""
    names = []

    def note(name):
        names.append(name)
        report(name)

    notice.report = note
    try:
        yield names
    finally:
        notice.report = None
