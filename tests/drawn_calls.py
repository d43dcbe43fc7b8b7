"""One call of an operation on both sides, Dark's and PyTorch's: equal results, or equal errors."""  # beyond

import warnings
from contextlib import nullcontext

import numpy as np

import dark
from against_torch import flat, torch
from op_families import Draws

LAYOUTS = ("contiguous", "transposed", "every second", "expanded")
TYPES = (
    ("float64", "f"), ("float32", "f"), ("float64", "f"), ("int64", "i"),
    ("bool", "b"), ("uint8", "i"), ("int32", "i"),
)  # fmt: skip
FORMS = ("function", "method", "in place")
# Which of equal elements is found first is not said in PyTorch's documentation: no ties for these.
ANY_OF_EQUALS = {"topk", "kthvalue", "median", "nanmedian", "mode", "quantile", "nanquantile"}
# PyTorch's kernels refuse other layouts of these, with errors that mean nothing elsewhere.
IN_ORDER = {"kron", "isin", "batch_norm", "nll_loss", "cross_entropy"}
# Where all numbers are equal, their variance is 0: rounding decides what its root's gradient is.
SPREAD = {"layer_norm", "group_norm", "batch_norm", "instance_norm", "std", "std_mean"}
# PyTorch has single precision here in float64 too: its 1 / 6 is a float32, its trigamma has ten digits.
SINGLE = {"hardsigmoid", "hardswish", "digamma", "polygamma"}

OTHER_ORDER = {"where", "polygamma"}  # x.where(condition, y), x.polygamma(n)


class Call:
    """An operation with its inputs and options, as a draw decided them."""

    def __init__(self, row, integer):
        d = Draws(integer)
        self.row = row
        name = row.operation.split(".")[-1]
        distinct = name in ANY_OF_EQUALS | SPREAD
        self.form = d.choice(forms(row))
        self.dtype = d.choice([t for t, kind in TYPES if kind in ("f" if distinct else row.dtypes)])
        if self.form == "in place" and name in ("cumsum", "cumprod", "float_power"):
            self.dtype = "float64"  # PyTorch writes sums of booleans into booleans where there are none
        if name in SPREAD | SINGLE:
            self.dtype = "float32" if name in SINGLE else "float64"
        d.wild = self.form != "in place"
        shape = d.shape(row.family.low, row.family.high)
        separate = distinct or self.form == "in place"
        layouts = LAYOUTS[: 1 if name in IN_ORDER else 3 if separate else 4]
        if name == "view":  # Dark's takes what its kernels leave transposed
            layouts = LAYOUTS[::2]
        self.layouts = [d.choice(layouts) for _ in range(3)]
        rng = np.random.default_rng(d.integer(0, 999))
        ties = d.flag() and not distinct
        arrays, self.options = row.case(d, shape, self.dtype, rng, ties)
        self.arrays = [laid_out(a, self.layouts[i % 3]) for i, a in enumerate(arrays)]
        if len(arrays) == 2 and row.family.__name__ == "binary" and d.integer(0, 5) == 5:
            unsigned_power = name == "pow" and self.dtype == "uint8"
            self.arrays[1] = d.choice((2, 1.5, True, 0, -1)[: 4 if unsigned_power else 5])  # a Python number

    def __repr__(self):
        inputs = [
            f"{a.dtype}{list(a.shape)} {layout}" if isinstance(a, np.ndarray) else repr(a)
            for a, layout in zip(self.arrays, self.layouts * 2)
        ]
        options = [f"{name}={value!r}" for name, value in self.options.items()]
        return f"{self.row.name}({', '.join([*inputs, *options])}), {self.form}"

    def check(self):
        """Compare both sides; returns whether there was a result rather than an error."""
        return check_call(self.row.function, self.arrays, self.options, self.form, self.row.gradient)


def forms(row):
    """The ways in which an operation can be called."""
    name = row.operation
    if "." in name or name in OTHER_ORDER or not hasattr(dark.Tensor, name):
        return FORMS[:1]
    return FORMS if hasattr(dark.Tensor, f"{name}_") else FORMS[:2]


class Methods:
    """Stands in the place of `dark` or `torch`: `t.add(x, y)` is `x.add(y)`, or `x.add_(y)`."""

    def __init__(self, t, suffix):
        self.t, self.suffix = t, suffix

    def __getattr__(self, name):
        def call(x, *inputs, **options):
            if isinstance(x, self.t.Tensor):
                return getattr(x, name + self.suffix)(*inputs, **options)
            return getattr(self.t, name)(x, *inputs, **options)

        return call if hasattr(self.t.Tensor, name) else getattr(self.t, name)


def laid_out(array, layout):
    """The same numbers, in memory that is not in the order of the dimensions."""
    if layout == "transposed" and array.ndim:
        return np.asfortranarray(array)
    if layout == "every second" and array.ndim:
        wide = np.empty((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
        wide[..., ::2] = array
        return wide[..., ::2]
    if layout == "expanded" and array.ndim and array.shape[0] > 1:
        return np.broadcast_to(array[:1], array.shape)
    return array


def tensors_of(t, arrays, gradients):
    """Tensors of memory of their own, with the arrays' strides; numbers stay numbers."""
    for a in arrays:
        if not isinstance(a, np.ndarray):
            yield a
            continue
        if 0 in a.strides and a.size:
            x = t.from_numpy(a[:1].copy()).expand(a.shape)
            x = x.detach()
        else:
            x = t.from_numpy(a.copy(order="K") if a.flags.forc or not a.size else strided_copy(a))
        yield x.requires_grad_() if gradients and a.dtype.kind == "f" else x


def strided_copy(array):
    """A copy whose last dimension takes every second place."""
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]


def check_call(function, arrays, options, form="function", gradients=True):
    """Equal results, types and gradients, or an error of the same type on both sides."""
    gradients = gradients and form != "in place"
    ours, theirs = (list(tensors_of(t, arrays, gradients)) for t in (dark, torch))
    mine = outcome(function, dark, ours, options, form)
    expected = outcome(function, torch, theirs, options, form)
    if type(expected) is NotImplementedError:  # it has no kernel for the type, Dark's code may do
        return False
    if isinstance(expected, Exception) or isinstance(mine, Exception):
        assert same_error(mine, expected), f"{mine!r:.300}, PyTorch: {expected!r:.300}"
        return False
    same(mine, expected)
    if gradients:
        same_gradients(mine, expected, ours, theirs)
    return True


def outcome(function, t, tensors, options, form="function"):
    """The result, or the exception that was raised."""
    owner = Methods(t, "_" if form == "in place" else "") if form != "function" else t
    try:
        with warnings.catch_warnings(action="ignore") if t is torch else nullcontext():
            return function(owner, *tensors, **options)
    except Exception as error:
        return error


def same_error(mine, expected):
    """Is it an exception of PyTorch's type?"""
    return isinstance(expected, Exception) and isinstance(mine, type(expected))


def same(mine, expected, what="result"):
    """Equal structure, shapes, types, and numbers up to rounding."""
    if isinstance(expected, (list, tuple)):
        assert len(mine) == len(expected), f"{what}: {len(mine)} parts, PyTorch has {len(expected)}"
        for i, (a, b) in enumerate(zip(mine, expected)):
            same(a, b, f"{what}[{i}]")
        return
    if not isinstance(expected, torch.Tensor):
        assert (type(mine), mine) == (type(expected), expected), f"{what}: {mine}, PyTorch has {expected}"
        return
    a, b = mine.detach().numpy(), expected.detach().numpy(force=True)
    assert a.shape == b.shape, f"{what}: shape {a.shape}, PyTorch has {b.shape}"
    assert a.dtype == b.dtype, f"{what}: {a.dtype}, PyTorch has {b.dtype}"
    assert equal(a, b), f"{what}:\n{a}\nPyTorch has\n{b}"


def equal(a, b):
    """Equal up to the rounding of the largest of the numbers; NaN and infinity at the same places."""
    if a.dtype.kind != "f":
        return np.array_equal(a, b)
    if np.array_equal(a, b, equal_nan=True):
        return True
    finite = np.isfinite(b)
    if not np.array_equal(np.where(finite, 0, a), np.where(finite, 0, b), equal_nan=True):
        return False
    error = np.abs(a[finite] - b[finite])
    scale = np.abs(b[finite]).max(initial=0)
    return bool(np.all(error <= (1e-11 if a.dtype == np.float64 else 2e-5) * max(scale, 1)))


def same_gradients(mine, expected, ours, theirs):
    """The gradients of both sides for the same upstream gradients."""
    a = [y for y in flat(mine) if isinstance(y, dark.Tensor)]
    b = [y for y in flat(expected) if isinstance(y, torch.Tensor)]
    assert [y.requires_grad for y in a] == [y.requires_grad for y in b], "not the same results require grad"
    a, b = ([y for y in results if y.requires_grad] for results in (a, b))
    if not b:
        return
    rng = np.random.default_rng(0)
    ups = [rng.integers(-4, 5, tuple(y.shape)) / 4 for y in b]
    ups = [np.asarray(u, str(y.dtype).split(".")[1]) for u, y in zip(ups, b)]
    leaves = [x for x in theirs if isinstance(x, torch.Tensor) and x.requires_grad]
    h = torch.autograd.grad(b, leaves, [torch.from_numpy(u) for u in ups], allow_unused=True)
    leaves = [x for x in ours if isinstance(x, dark.Tensor) and x.requires_grad]
    g = dark.autograd.grad(a, leaves, [dark.from_numpy(u) for u in ups], allow_unused=True)
    for i, (p, q) in enumerate(zip(g, h)):
        if p is None or q is None:
            assert not any(z is not None and z.any() for z in (p, q)), f"gradient {i} is missing"
        else:
            same(p, q, f"gradient {i}")
