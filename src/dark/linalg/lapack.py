"""NumPy's LAPACK for tensors: what it takes, where it runs, and the error where it can't go on."""  # beyond

import numpy as np

from ..devices import device, device_of, to_device
from ..dtypes import as_dtype
from ..tensor import Tensor

CPU = device("cpu")


class LinAlgError(RuntimeError):
    """A matrix has not the property that a function needs: it is singular, or not positive definite."""


def lapack(name, function, *arrays):
    """NumPy's `function` of arrays, on the CPU, where those on a card travel; LinAlgError where it fails."""
    place = device_of(arrays[0])
    try:
        results = function(*(to_device(x, CPU) for x in arrays))
    except np.linalg.LinAlgError as error:
        raise LinAlgError(f"{name}: {error}") from None
    if isinstance(results, tuple):
        return tuple(to_device(np.asarray(x), place) for x in results)
    return to_device(np.asarray(results), place)


def check_matrices(name, *tensors, square=False):
    """Raise for what LAPACK takes not: tensors of fewer than two dimensions, or of types of its own."""
    for x in tensors:
        if x.ndim < 2 or (square and x.shape[-1] != x.shape[-2]):
            kind = "square matrices" if square else "matrices"
            raise RuntimeError(f"{name}: expects {kind}, or batches of them, got shape {tuple(x.shape)}")
        check_type(name, x)


def check_type(name, x):
    """Raise for numbers that LAPACK has no functions for."""
    if x.dtype.kind != "f" or x.dtype.itemsize < 4:
        raise RuntimeError(f"{name}: expects numbers of type float32 or float64, not {as_dtype(x.dtype)}")


def transposed(x):
    """The last two dimensions of an array or a tensor exchanged."""
    return np.swapaxes(x, -1, -2)


def on_diagonal(x):
    """Where the main diagonal of square matrices is."""
    i = np.arange(x.shape[-1], like=x.array if isinstance(x, Tensor) else x)
    return i == i.reshape((-1, 1))
