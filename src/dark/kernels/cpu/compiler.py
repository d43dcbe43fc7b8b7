"""How the kernels are compiled."""

from numba import njit


def compiled(function):
    """Compile `function` when it is first called, and keep the machine code on disk for the next process.

    Float arithmetic stays exactly NumPy's (no `fastmath`), except that a division by zero gives inf or NaN
    without raising, as in NumPy.
    """
    try:
        return njit(cache=True, error_model="numpy")(function)
    except RuntimeError:  # no directory can be written to: neither the package's nor the user's
        return njit(error_model="numpy")(function)
