"""The functions of the module cupy: NumPy's, with CuPy's names, parameters and refusals."""

import types

import numpy as np

from . import api
from .api import words
from .arrays import (
    SCALARS,
    apply,
    changed,
    fresh,
    ndarray,
    on_current,
    raw,
    scatter,
    unfilled,
    wrapped,
)
from .state import forbidden_in_capture, state

UFUNCS = {}

# Names whose function is NumPy's, called with arrays first.
ALIKE = words("""
    all amax amin any append argmax argmin argpartition argsort argwhere around array_split atleast_1d
    atleast_2d atleast_3d average bincount broadcast_arrays broadcast_to choose column_stack compress
    copy corrcoef count_nonzero cov cross cumprod cumsum delete diag diagflat diagonal diff digitize dot
    dsplit dstack ediff1d einsum expand_dims extract flatnonzero flip fliplr flipud fix gradient
    histogram hsplit hstack inner interp isclose isin kron max mean median meshgrid min moveaxis
    nanargmax nanargmin nancumsum nanmax nanmean nanmin nanprod nanstd nansum nanvar nonzero outer pad
    partition percentile prod ptp quantile ravel ravel_multi_index repeat reshape resize roll rollaxis
    rot90 round searchsorted select sort split squeeze stack std sum swapaxes take take_along_axis
    tensordot tile trace transpose trapz tril triu trim_zeros unique unravel_index unwrap var vdot
    vsplit vstack concatenate lexsort real imag iscomplex isreal nan_to_num logspace array_equal
    allclose polyval clip
""")
LINALG = words("""
    cholesky det eigh eigvalsh inv lstsq matrix_power matrix_rank norm pinv qr slogdet solve svd
""")
SAME = words("""
    float16 float32 float64 complex64 complex128 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool_
    intp dtype finfo iinfo inf nan pi e newaxis generic floating integer number inexact signedinteger
    unsignedinteger promote_types broadcast_shapes errstate int_ uint float_ single double half intc
    longlong ulonglong byte ubyte short ushort uintp bool8 isscalar index_exp s_ binary_repr ndindex
    format_float_positional
""")
LISTS = words("ravel_multi_index concatenate stack hstack vstack dstack column_stack lexsort select")
NO_ARRAY = {"logspace", "einsum"}
WAITING = words("argwhere flatnonzero unique bincount histogram extract choose compress trim_zeros")
KEEPING_ORDER = {"roll", "copy"}


class ufunc:
    """cupy.ufunc: an elementwise function."""

    METHODS = {
        "reduce": {"add": "sum", "multiply": "prod"},
        "accumulate": {"add": "cumsum", "multiply": "cumprod"},
    }

    def __init__(self, name, function):
        self.name, self.__name__, self.function = f"cupy_{name}", name, function
        self.nin, self.nout, self.nargs = function.nin, function.nout, function.nargs

    def __repr__(self):
        return f"<ufunc {self.name!r}>"

    def __call__(self, *args, **kwargs):
        number = False
        for x in args:
            if type(x) is ndarray:
                continue
            if isinstance(x, np.generic):
                number = True
            elif not isinstance(x, SCALARS):
                raise TypeError(f"Unsupported type {type(x)}")
        if self.__name__ in TYPE_DIFFERS:
            same_type_for_integers(self.__name__, args)
        if number and self.function.types[-1][-1] != "?":
            same_type_in_both_versions(self.__name__, args)
        if not kwargs:
            if len(args) == self.nargs and self.nout == 1:
                return apply(self.function, args[:-1], {"out": args[-1]})
            if self.nin == self.function.nin:
                return apply(self.function, args, C_ORDER)
        unknown = kwargs.keys() - {"out", "dtype", "casting"}
        if unknown:
            raise TypeError(f"Wrong arguments {unknown}: {self.name} takes out, dtype and casting")
        return apply(self.function, args, {"order": "C", **kwargs})

    def at(self, a, indices, b=None):
        scatter(self.function, a, indices, b)

    def reduce(self, array, axis=0, dtype=None, out=None, keepdims=False):
        return self._as_method("reduce", array, axis=axis, dtype=dtype, out=out, keepdims=keepdims)

    def accumulate(self, array, axis=0, dtype=None, out=None):
        return self._as_method("accumulate", array, axis=axis, dtype=dtype, out=out)

    def _as_method(self, method, array, **options):
        names = self.METHODS[method]
        if self.__name__ not in names:
            raise NotImplementedError(f"`{self.name}.{method}` is not supported yet")
        return getattr(array, names[self.__name__])(**options)

    def reduceat(self, array, indices, axis=0, dtype=None, out=None):
        if self.__name__ != "add":
            raise NotImplementedError(f"`{self.name}.reduceat` is not supported yet")
        return apply(self.function.reduceat, (array, indices, axis, dtype), {"out": out})

    def outer(self, A, B, **kwargs):
        return apply(self.function.outer, (A, B), kwargs)


C_ORDER = {"order": "C"}
TYPE_DIFFERS = {"floor", "ceil", "trunc"}
CATEGORIES = {"b": 0, "i": 1, "u": 1, "f": 2, "c": 3}


def same_type_for_integers(name, args):
    """CuPy 13 makes floats of integers here, CuPy 14 leaves them alone."""
    for x in args:
        if type(x) is ndarray and x.dtype.kind in "biu":
            raise TypeError(f"{name}: of {x.dtype} it makes floats in CuPy 13, {x.dtype} in CuPy 14")


def same_type_in_both_versions(name, args):
    """In CuPy 13 a NumPy scalar follows the arrays, in CuPy 14 it has its own type: only equals pass."""
    arrays = [x.dtype for x in args if type(x) is ndarray]
    if not arrays:
        return
    array = np.result_type(*arrays)
    for x in args:
        if isinstance(x, np.generic) and CATEGORIES[x.dtype.kind] <= CATEGORIES[array.kind]:
            new = np.result_type(array, x.dtype)
            if array != new:
                raise TypeError(
                    f"{name}: {array} with NumPy's scalar {x!r} is {array} in CuPy 13 and {new} in CuPy 14; "
                    "say a Python number"
                )


for _name in api.names("cupy"):
    _function = getattr(np, _name, None)
    if isinstance(_function, np.ufunc) and _function.__name__ not in ("spacing", "matmul"):
        UFUNCS[_name] = ufunc(_name, _function)
for _name, _other in {"abs": "absolute", "bitwise_not": "invert", "conj": "conjugate"}.items():
    UFUNCS.setdefault(_other, ufunc(_other, getattr(np, _other)))
    UFUNCS[_name] = UFUNCS[_other]
UFUNCS["divide"] = UFUNCS["true_divide"]


class Matmul(ufunc):
    """cupy.matmul: two arrays, and nothing else."""

    def __call__(self, a, b, out=None, **kwargs):
        for x in (a, b):
            if type(x) is not ndarray:
                raise TypeError(
                    "Argument 'b' has incorrect type (expected cupy._core.core._ndarray_base, "
                    f"got {type(x).__module__}.{type(x).__name__})"
                )
        return apply(np.matmul, (a, b), {"out": out, **kwargs})


UFUNCS["matmul"] = Matmul("matmul", np.matmul)


def alike(place, name, function):
    """CuPy's function of that name, which computes as NumPy's does."""
    check = api.checker(place, name)

    def own(*args, **kwargs):
        if check is not None:
            check(*args, **kwargs)
        if name in WAITING:
            forbidden_in_capture(name)
        if kwargs.get("kind") not in (None, "stable"):
            raise ValueError("kind can only be None or 'stable'")
        if name not in NO_ARRAY:
            first = args[0] if args else next(iter(kwargs.values()), None)
            for x in first if name in LISTS and isinstance(first, (list, tuple)) else (first,):
                if type(x) is not ndarray:
                    raise TypeError(f"{place}.{name}: only cupy arrays, not {type(x)}")
        return apply(function, args, kwargs, keep_order=name in KEEPING_ORDER)

    own.__name__ = name
    return own


# ---- what makes arrays


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
    return array(a, dtype, copy=not (type(a) is ndarray and a.flags.c_contiguous), order="C", ndmin=1)


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


# ---- with restrictions of their own


def where(condition, x=None, y=None):
    if (x is None) != (y is None):
        raise ValueError("Must provide both 'x' and 'y' or neither.")
    if x is None:
        return nonzero(condition)
    if type(condition) is not ndarray:
        raise AttributeError(f"{type(condition).__name__!r} object has no attribute 'astype'")
    for value in (x, y):
        if type(value) is not ndarray and not isinstance(value, SCALARS):
            raise TypeError(f"Unsupported type {type(value)}")
    same_type_in_both_versions("where", (x, y))
    return apply(np.where, (condition, x, y))


def nonzero(a):
    forbidden_in_capture("nonzero")
    if type(a) is not ndarray:
        raise TypeError(f"nonzero: Unsupported type {type(a)}")
    return apply(np.nonzero, (a,))


def copyto(dst, src, casting="same_kind", where=None):
    if type(dst) is not ndarray:
        raise TypeError("copyto: the destination has to be a cupy.ndarray")
    if type(src) is not ndarray and not isinstance(src, SCALARS):
        raise ValueError("non-scalar numpy.ndarray cannot be used for copyto")
    found = []
    target, source = raw(dst, found), raw(src, found)
    kind = source.dtype if isinstance(source, (np.ndarray, np.generic)) else type(source)
    if not np.can_cast(kind, target.dtype, casting):
        raise TypeError(f"Cannot cast {type(src)} to {dst.dtype} in {casting} casting mode")
    chosen = True if where is None else raw(where, found)
    changed(lambda: np.copyto(target, source, casting="unsafe", where=chosen))


def get_array_module(*args):
    import sys

    return sys.modules["cupy"] if any(type(x) is ndarray for x in args) else np


def ndim(a):
    return a.ndim if type(a) is ndarray else np.ndim(a)


def shape(a):
    return a.shape if type(a) is ndarray else np.shape(a)


def size(a, axis=None):
    return np.size(a._array if type(a) is ndarray else a, axis)


def result_type(*arrays_and_dtypes):
    return np.result_type(*(x.dtype if type(x) is ndarray else x for x in arrays_and_dtypes))


def can_cast(from_, to, casting="safe"):
    return np.can_cast(from_.dtype if type(from_) is ndarray else from_, to, casting)


def iscomplexobj(x):
    return x.dtype.kind == "c"


def isrealobj(x):
    return x.dtype.kind != "c"


def may_share_memory(a, b, max_work=None):
    return type(a) is ndarray and type(b) is ndarray and np.may_share_memory(a._array, b._array)


def shares_memory(a, b, max_work=None):
    return type(a) is ndarray and type(b) is ndarray and np.shares_memory(a._array, b._array)


def array_equal(a1, a2, equal_nan=False):
    if a1.shape != a2.shape:
        return placed(False)
    return apply(lambda *given: np.asarray(np.array_equal(*given)), (a1, a2, equal_nan))


def allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=False):
    return apply(np.isclose, (a, b, rtol, atol, equal_nan)).all()


def broadcast_arrays(*args):
    if not all(type(x) is ndarray for x in args):
        raise TypeError("broadcast_arrays: only cupy arrays")
    return list(apply(np.broadcast_arrays, args))


def take(a, indices, axis=None, out=None):
    return a.take(indices, axis, out)


def take_along_axis(a, indices, axis):
    if type(indices) is not ndarray:
        raise AttributeError(f"{type(indices).__name__!r} object: the indices are a cupy.ndarray")
    if indices.dtype.kind not in "iu":
        raise IndexError("`indices` must be an integer array")
    length = a.size if axis is None else a.shape[axis]
    return apply(lambda x, i: np.take_along_axis(x, i % max(length, 1), axis), (a, indices))


def fill_diagonal(a, val, wrap=False):
    target, value = on_current(a)._array, raw(val, [])
    changed(lambda: np.fill_diagonal(target, value, wrap))


def put(a, ind, v, mode="wrap"):
    a.put(ind, v, mode)


def repeat(a, repeats, axis=None):
    if isinstance(repeats, (ndarray, np.ndarray)):
        raise ValueError("cupy.ndaray cannot be specified as `repeats` argument.")
    return apply(np.repeat, (a, repeats), {"axis": axis})


def searchsorted(a, v, side="left", sorter=None):
    if type(v) is not ndarray and not isinstance(v, int):
        raise NotImplementedError("Only int or ndarray are supported for v")
    return apply(np.searchsorted, (a, v, side, sorter))


def sliding_window_view(x, window_shape, axis=None, *, subok=False, writeable=False):
    if type(x) is not ndarray:
        raise TypeError(f"sliding_window_view: Unsupported type {type(x)}")
    return apply(np.lib.stride_tricks.sliding_window_view, (x, window_shape, axis), {"writeable": True})


def as_strided(x, shape=None, strides=None):
    return apply(np.lib.stride_tricks.as_strided, (x, shape, strides))


def scatter_add(a, slices, value):
    a.scatter_add(slices, value)


def scatter_max(a, slices, value):
    a.scatter_max(slices, value)


def scatter_min(a, slices, value):
    a.scatter_min(slices, value)


def rsqrt(x):
    return apply(lambda a: (1 / np.sqrt(a)).astype(np.result_type(a, np.float16)), (x,))


def show_config(*, _full=False):
    print("the tests' stand-in for CuPy")


OWN = [
    array, asarray, asanyarray, ascontiguousarray, asnumpy, empty, zeros, ones, full, empty_like, zeros_like,
    ones_like, full_like, where, nonzero, copyto, get_array_module, ndim, shape, size, result_type, can_cast,
    iscomplexobj, isrealobj, may_share_memory, shares_memory, fill_diagonal, put, repeat, searchsorted,
    array_equal, allclose, broadcast_arrays, take, take_along_axis,
]  # fmt: skip
NUMBERS = words("""
    arange eye identity indices linspace tri tril_indices triu_indices hanning hamming diag_indices
""")


class Module(types.ModuleType):
    """A module of CuPy's: what is not in it is explained."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if self.__name__ in api.TABLE:
            raise api.missing(self.__name__, name)
        raise AttributeError(f"{self.__name__}.{name}: not in the stand-in for CuPy")


def module():
    """The module cupy, without cuda and the kernels."""
    cupy = Module("cupy", "The tests' stand-in for CuPy.")
    offered = api.names("cupy")
    parts = {name: getattr(np, name) for name in SAME if hasattr(np, name)}
    parts |= UFUNCS
    parts |= {name: alike("cupy", name, getattr(np, name)) for name in ALIKE if hasattr(np, name)}
    parts |= {name: from_numbers(name) for name in NUMBERS}
    parts |= {function.__name__: function for function in OWN}
    parts |= {"ndarray": ndarray, "ufunc": ufunc}
    for name, value in parts.items():
        if name in offered:
            setattr(cupy, name, value)
    cupy.__version__ = "14.2.0"
    cupy.linalg = Module("cupy.linalg")
    for name in LINALG:
        if name in api.names("cupy.linalg"):
            setattr(cupy.linalg, name, alike("cupy.linalg", name, getattr(np.linalg, name)))
    cupy.linalg.LinAlgError = np.linalg.LinAlgError
    cupy.lib = Module("cupy.lib")
    cupy.lib.stride_tricks = Module("cupy.lib.stride_tricks")
    cupy.lib.stride_tricks.sliding_window_view = sliding_window_view
    cupy.lib.stride_tricks.as_strided = as_strided
    return cupy


found_functions = {}


def find(function):
    """CuPy's function for one of NumPy's, which CuPy finds by module and name; None where there is none."""
    if function not in found_functions:
        import sys

        place = sys.modules["cupy"]
        try:
            for part in [*function.__module__.split(".")[1:], function.__name__]:
                place = getattr(place, part)
        except AttributeError as error:
            if "stand-in" in str(error):
                raise
            place = None
        found_functions[function] = place
    return found_functions[function]


__all__ = ["find", "module", "wrapped"]
