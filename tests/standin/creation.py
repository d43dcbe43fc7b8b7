"""The functions of the module cupy that make arrays."""  # beyond

import numpy as np

from . import api
from .arrays import apply, fresh, ndarray, unfilled
from .state import forbidden_in_capture, state


def placed(array):
    """A new array on the current card."""
    array = np.asarray(array)
    result = fresh(array if array.base is None else array.copy(order="K"))
    if state.capture is not None:
        state.capture.made(result)
    return result


def array(obj, dtype=None, copy=True, order="K", subok=False, ndmin=0, *, blocking=False):
    """A copy of an array, or of numbers, on the current card."""
    if subok:
        raise TypeError("array: CuPy supports no subok")
    if type(obj) is ndarray:
        if not copy and (dtype is None or obj.dtype == dtype) and obj._device == state.device:
            return obj
        source = obj._array  # from another card too
        made = fresh(np.array(source, dtype, order=order, ndmin=ndmin))
        if state.capture is not None:
            state.capture.computed(made, lambda: np.array(source, dtype, order=order, ndmin=ndmin))
        return made
    forbidden_in_capture("an upload")
    if isinstance(obj, (list, tuple)) and any(type(x) is ndarray for x in obj):
        return stacked(obj, dtype)
    if order in "KA":  # no other order in memory survives the way to a card
        order = "F" if isinstance(obj, np.ndarray) and obj.flags.fnc else "C"
    given = np.array(obj, dtype, order=order, ndmin=ndmin)
    if given.dtype.kind not in "biufc":
        raise ValueError(f"Unsupported dtype {given.dtype}")
    return placed(given)


def stacked(arrays, dtype):
    """What cupy.array makes of a list of arrays: all of them on the card."""
    if not all(type(x) is ndarray for x in arrays):
        raise TypeError("array: a list of arrays and numbers; CuPy refuses to mix them")
    made = apply(lambda *parts: np.stack(parts), tuple(arrays))
    return made if dtype is None else made.astype(dtype, copy=False)


def asarray(a, dtype=None, order=None, *, blocking=False):
    """The array on the current card: itself where it is there."""
    return array(a, dtype, copy=False, order=order or "K", blocking=blocking)


def asanyarray(a, dtype=None, order=None, *, blocking=False):
    return asarray(a, dtype, order, blocking=blocking)


def ascontiguousarray(a, dtype=None):
    if type(a) is not ndarray:
        raise TypeError(
            "Argument 'a' has incorrect type (expected cupy._core.core._ndarray_base, "
            f"got {type(a).__module__}.{type(a).__name__})"
        )
    return array(a if a.ndim else a.reshape(1), dtype, copy=not a.flags.c_contiguous, order="C")


def asnumpy(a, stream=None, order="C", out=None, *, blocking=True):
    if type(a) is ndarray:
        return a.get(stream, order, out)
    return np.asarray(a, order=order)


def empty(shape, dtype=float, order="C"):
    return placed(unfilled(np.empty(shape, dtype, order)))


def zeros(shape, dtype=float, order="C"):
    return placed(np.zeros(shape, dtype, order))


def ones(shape, dtype=float, order="C"):
    return placed(np.ones(shape, dtype, order))


def full(shape, fill_value, dtype=None, order="C"):
    if type(fill_value) is ndarray:
        made = empty(shape, dtype or fill_value.dtype, order)
        made[...] = fill_value
        return made
    if isinstance(fill_value, np.ndarray) and fill_value.ndim:
        raise ValueError("non-scalar numpy.ndarray cannot be used for fill")
    return placed(np.full(shape, fill_value, dtype, order))


def _like(name, a, dtype, order, subok, shape):
    if type(a) is not ndarray:
        raise TypeError(f"{name}: Unsupported type {type(a)}")
    if subok is not None:
        raise TypeError("subok is not supported yet")
    if shape is not None and not shape and a.ndim:
        raise ValueError(f"{name}: CuPy takes shape={shape!r} for none given, and makes {a.shape}")
    return np.empty_like(a._array, dtype, order, shape=shape)


def empty_like(prototype, dtype=None, order="K", subok=None, shape=None):
    return placed(unfilled(_like("empty_like", prototype, dtype, order, subok, shape)))


def zeros_like(a, dtype=None, order="K", subok=None, shape=None):
    made = _like("zeros_like", a, dtype, order, subok, shape)
    made.fill(0)
    return placed(made)


def ones_like(a, dtype=None, order="K", subok=None, shape=None):
    made = _like("ones_like", a, dtype, order, subok, shape)
    made.fill(1)
    return placed(made)


def full_like(a, fill_value, dtype=None, order="K", subok=None, shape=None):
    made = placed(_like("full_like", a, dtype, order, subok, shape))
    made.fill(fill_value)
    return made


def from_numbers(name):
    """A function that makes an array of Python numbers."""
    function, check = getattr(np, name), api.checker("cupy", name)

    def own(*args, **kwargs):
        check(*args, **kwargs)
        for x in (*args, *kwargs.values()):
            if isinstance(x, (ndarray, np.ndarray)):
                raise TypeError(f"cupy.{name}: Unsupported type {type(x)}")
        result = function(*args, **kwargs)
        return tuple(map(placed, result)) if isinstance(result, tuple) else placed(result)

    own.__name__ = name
    return own
