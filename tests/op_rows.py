"""Rows of the table of operations: what a row says, and how it is called and given its inputs."""  # beyond

import operator
import random
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from op_families import Draws, Input

FLOATS, NUMBERS, ANY, WHOLE, COUNTS = "f", "fi", "fib", "ib", "i"
DTYPES = {"float32": "f", "float64": "f", "int64": "i", "bool": "b"}


class Row(NamedTuple):
    """An operation, or one way to call it."""

    name: str  # as a name of `dark`, then a remark: "div rounded", "nn.functional.pad", "Tensor.view"
    function: Callable
    family: Any
    low: float  # floating-point inputs lie between these
    high: float
    dtypes: str  # it takes floating-point numbers, integers, booleans
    gradient: bool
    second: bool  # has it second derivatives (besides zeros)?

    @property
    def operation(self):
        """The name alone."""
        return self.name.split(" ")[0]

    def case(self, d, shape, dtype, rng, ties=False):
        """(arrays, options): one call. With `ties`, numbers are multiples of 1/4, so that some are equal."""
        inputs, options = self.family(d, shape)
        return [self.array(x, dtype, rng, ties) for x in inputs], options

    def array(self, given: Input, dtype, rng, ties):
        """An array for an input."""
        shape, kind = given.shape, given.kind
        if kind == "index":
            return np.asarray(rng.integers(0, given.high, shape))
        if kind == "permutation":
            axis, length = int(given.low), int(given.high)
            return np.argsort(rng.random((*shape[:axis], length, *shape[axis + 1 :])), axis)[
                tuple(slice(n) for n in shape)
            ]
        if kind == "sign":
            return rng.choice([-1.0, 1.0], shape).astype(dtype if dtype.startswith("float") else "float32")
        if kind == "mask" or (kind == "own" and dtype == "bool"):
            return np.asarray(rng.random(shape) < 0.5)
        low, high = (self.low, self.high) if given.low is None else (given.low, given.high)
        if kind in ("own", "sorted") and not dtype.startswith("float"):
            numbers = rng.integers(0 if dtype == "uint8" else int(np.ceil(max(low, -3))), 4, shape)
        elif ties:
            numbers = rng.integers(int(np.ceil(low * 4)), int(high * 4) + 1, shape) / 4
        else:
            numbers = rng.uniform(low, high, shape)
        dtype = "float32" if kind == "float" and not dtype.startswith("float") else dtype
        return np.asarray(np.sort(numbers) if kind == "sorted" else numbers).astype(dtype)

    def cases(self, dtype="float64"):
        """A few calls that stay the same, on shapes that every run tries."""
        seed = zlib.crc32(self.name.encode())
        rng, numbers = np.random.default_rng(seed), random.Random(seed)
        return [self.case(Draws(numbers.randint), shape, dtype, rng) for shape in self.family.shapes]


def rows(
    names, family, low=-2.0, high=2.0, dtypes=ANY, *, gradient=True, second=True, call=None
):  # fmt: skip
    """A row for each of the names, of one family; `call` is the line, where the name alone does not do."""
    facts = family, low, high, dtypes, gradient, second and gradient
    split = [names] if call else names.split()
    return [Row(name, call or by_name(name), *facts) for name in split]


def by_name(name):
    """The line that calls `t.name`, or the method of a tensor."""
    if name.startswith("Tensor."):
        return lambda t, x, *inputs, **options: getattr(x, name[7:])(*inputs, **options)
    return lambda t, *inputs, **options: operator.attrgetter(name)(t)(*inputs, **options)


def listed(name):
    """The line that gives `t.name` its tensors in a list."""
    return lambda t, *inputs, **options: getattr(t, name)(inputs, **options)


def layers(names, family, **facts):
    """Rows of functions of `nn.functional`, of floating-point numbers unless said otherwise."""
    facts = {"dtypes": FLOATS} | facts
    return rows(" ".join(f"nn.functional.{name}" for name in names.split()), family, **facts)


def with_constants(name, first):
    """The line that calls a function whose inputs from `first` on can't have gradients in PyTorch."""

    def call(t, *inputs, **options):
        inputs = [*inputs[:first], *(x.detach() for x in inputs[first:])]
        return getattr(t.nn.functional, name)(*inputs, **options)

    call.constants = True
    return call


def operators(symbols, family, **facts):
    """Rows of the methods behind operators."""
    return [row for s in symbols.split() for row in rows(f"Tensor.__{s}__", family, **facts)]


def here(t, index):
    """An index with arrays as tensors of t."""
    if isinstance(index, tuple):
        return tuple(here(t, i) for i in index)
    return t.tensor(index) if isinstance(index, np.ndarray) else index


def unpooled(t, x, rank):
    """Pictures after pooling and its reverse."""
    f = t.nn.functional
    pool, unpool = (f.max_pool1d, f.max_unpool1d) if rank == 1 else (f.max_pool2d, f.max_unpool2d)
    return unpool(*pool(x, 2, return_indices=True), 2)


def assigned(t, x, y, index):
    """x after x[index] = y."""
    x = x.detach().clone()
    x[here(t, index)] = y.detach()
    return x


NO, FLAT = {"gradient": False}, {"second": False}  # its gradient does not depend on the numbers
