"""Several runs of one model compared: what is constant, and what follows the input's size."""  # beyond

from typing import Any, NamedTuple

import numpy as np

from .tracing import Call, OnnxExporterError, Reference, located


class Size(int):
    """A length as it was in the first run, and how it follows the dynamic axes.

    In general `constant + Σ factor * axis`; `factors` is None where no such formula holds.
    """

    values: list[int]  # of all runs
    factors: dict[str, int] | None
    constant: int


class Changing(NamedTuple):
    """Something that was not the same in all runs; `values` has it for each of them."""

    values: list[Any]


class Stretched(NamedTuple):
    """A constant that is repeated along dynamic axes: `core` is 1 long there, and broadcasts to `shape`."""

    shape: tuple
    core: np.ndarray

    @property
    def array(self):
        """The array of the first run."""
        return np.broadcast_to(self.core, tuple(map(int, self.shape)))

    @property
    def dtype(self):
        """The type of the elements."""
        return self.core.dtype

    @property
    def ndim(self):
        """The number of dimensions."""
        return self.core.ndim


class Runs:
    """Runs that differ in the values of the inputs and in the sizes of their dynamic axes.

    `axes` has a dict {name of an axis: its size} for every run. After the first run come two for each axis,
    in which it is twice and three times as long, and one in which all are, if there are several.
    """

    def __init__(self, axes: list[dict[str, int]], calls: list[list[Call]]):
        self.axes, self.calls = axes, calls
        names = [[call.name for call in run] for run in calls]
        for k, found in enumerate(zip(*names)):
            if len(set(found)) > 1:
                self.fail(k)
        if len(set(map(len, names))) > 1:
            self.fail(min(map(len, names)) - 1)

    def fail(self, k):
        """Raise, because after call k the runs did not go the same way."""
        call = self.calls[0][k]
        raise OnnxExporterError(
            f"onnx.export: {located(call.layer, call.line)}: the model does not compute the same operations "
            "for inputs of other values or sizes, and a file can hold only one way; "
            f"they differ from {call.name} on"
        )

    def merged(self, values):
        """One description of what stood at one place in every run."""
        first = values[0]
        kinds = {type(x) for x in values}
        if len(kinds) > 1:
            return Changing(values)
        if isinstance(first, np.ndarray):
            return self.merged_array(values)
        if isinstance(first, slice):
            parts = [(x.start, x.stop, x.step) for x in values]
            return slice(*self.merged(parts))
        if isinstance(first, (tuple, range)) and not isinstance(first, Reference):
            if len({len(x) for x in values}) > 1:
                return Changing(values)
            return tuple(self.merged(list(parts)) for parts in zip(*values))
        if all(x == first or x != x for x in values):  # NaN is the one thing that differs from itself
            return first
        return self.size(values) if type(first) is int else Changing(values)

    def merged_array(self, values):
        """A constant, one that is repeated along dynamic axes, or neither."""
        first = values[0]
        if len({x.dtype for x in values}) > 1:
            return Changing(values)
        if all(x.shape == first.shape and np.array_equal(x, first, equal_nan=floating(x)) for x in values):
            return first
        shape = self.merged([x.shape for x in values])
        if isinstance(shape, tuple):
            core = first[tuple(slice(1 if isinstance(n, Size) else None) for n in shape)]
            if all(np.array_equal(x, np.broadcast_to(core, x.shape), equal_nan=floating(x)) for x in values):
                return Stretched(shape, core)
        return Changing(values)

    def size(self, values):
        """A length that was not the same in all runs."""
        size = Size(values[0])
        size.values, size.factors, size.constant = values, {}, values[0]
        for k, axis in enumerate(self.axes[0]):
            n, (once, twice, thrice) = self.axes[0][axis], (values[i] for i in (0, 2 * k + 1, 2 * k + 2))
            if twice - once != thrice - twice or (twice - once) % max(n, 1):
                size.factors = None
                return size
            if twice != once:
                size.factors[axis] = (twice - once) // n
                size.constant -= size.factors[axis] * n
        for axes, value in zip(self.axes, values):
            if size.constant + sum(f * axes[axis] for axis, f in size.factors.items()) != value:
                size.factors = None
                break
        return size


def floating(array):
    """Whether an array may have NaN."""
    return array.dtype.kind == "f"


def changes(x):
    """Whether there is a Size or something Changing in nested tuples and slices."""
    if isinstance(x, slice):
        return changes((x.start, x.stop, x.step))
    if isinstance(x, (Size, Changing)):
        return True
    return isinstance(x, tuple) and not isinstance(x, Stretched) and any(map(changes, x))
