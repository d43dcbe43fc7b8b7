"""What CuPy does with an index and NumPy does not, said of NumPy's arrays."""  # beyond

import numpy as np


def picked(array, index):
    """array[index], with indices out of range counted around, as CuPy does it without a word."""
    try:
        return array[index]
    except IndexError:
        return array[around(index, array)]


def around(index, array):
    """The index with the integers of its arrays brought into range."""
    parts = index if type(index) is tuple else (index,)
    if not any(isinstance(part, (np.ndarray, list)) for part in parts):
        return index
    parts = [np.asarray(part) if isinstance(part, list) else part for part in parts]
    taken = [axes_of(part) for part in parts]
    axis, in_range = 0, []
    for part, axes in zip(parts, taken):
        if isinstance(part, np.ndarray) and part.dtype.kind in "iu" and array.shape[axis]:
            part = part % array.shape[axis]
        in_range.append(part)
        axis += array.ndim - sum(taken) if part is Ellipsis else axes
    return tuple(in_range)


def axes_of(part):
    """How many axes a part of an index stands for."""
    if isinstance(part, np.ndarray) and part.dtype.kind == "b":
        return part.ndim
    return int(part is not None and part is not Ellipsis)


def one_value_each(index, array, value):
    """ValueError where an assignment has different values for one place: which of them stays is undefined."""
    if not any(isinstance(part, np.ndarray) and part.dtype.kind in "iu" for part in index):
        return
    places = np.arange(array.size).reshape(array.shape)[index]
    if places.size < 2:
        return
    values = np.broadcast_to(value, places.shape).ravel()
    order = np.argsort(places, axis=None, kind="stable")
    places, values = places.ravel()[order], values[order]
    same = values[1:] == values[:-1]
    if (same | (values[1:] != values[1:])).all():
        return
    if ((places[1:] == places[:-1]) & ~same).any():
        raise ValueError(
            "an assignment to repeated indices, with different values: which of them CuPy stores is undefined"
        )


def with_rest(index):
    """An index with `...` at its end: so NumPy too returns a view of a single number, as CuPy always does."""
    index = index if isinstance(index, tuple) else (index,)
    return index if any(part is Ellipsis for part in index) else (*index, Ellipsis)
