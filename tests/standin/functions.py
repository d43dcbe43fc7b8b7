"""The functions of the module cupy: NumPy's, with CuPy's names, parameters and refusals."""  # beyond

import types

import numpy as np

from . import api
from .api import words
from .arrays import SCALARS, apply, changed, ndarray, on_current, raw
from .creation import (
    array,
    asanyarray,
    asarray,
    ascontiguousarray,
    asnumpy,
    empty,
    empty_like,
    from_numbers,
    full,
    full_like,
    ones,
    ones_like,
    placed,
    zeros,
    zeros_like,
)  # fmt: skip
from .state import forbidden_in_capture, no_library_in_capture
from .ufuncs import UFUNCS, same_type_in_both_versions, ufunc, within_range

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
WAITING = words("""
    argwhere flatnonzero unique bincount histogram extract choose compress trim_zeros unravel_index delete
""")
MULTIPLYING = words("dot einsum tensordot")
KEEPING_ORDER = {"roll", "copy", "pad", "nan_to_num"}


def alike(place, name, function):
    """CuPy's function of that name, which computes as NumPy's does."""
    check = api.checker(place, name)

    def own(*args, **kwargs):
        if check is not None:
            check(*args, **kwargs)
        if name in WAITING:
            forbidden_in_capture(name)
        if name in MULTIPLYING:
            no_library_in_capture("cuBLAS")
        elif place == "cupy.linalg" and name != "norm":
            no_library_in_capture("cuSOLVER")
        if kwargs.get("kind") not in (None, "stable"):
            raise ValueError("kind can only be None or 'stable'")
        if name not in NO_ARRAY:
            first = args[0] if args else next(iter(kwargs.values()), None)
            for x in first if name in LISTS and isinstance(first, (list, tuple)) else (first,):
                if type(x) is not ndarray:
                    raise TypeError(f"{place}.{name}: only cupy arrays, not {type(x)}")
        result = apply(function, args, kwargs, keep_order=name in KEEPING_ORDER)
        return tuple(result) if hasattr(result, "_fields") else result  # CuPy's have no names

    own.__name__ = name
    return own


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
    if isinstance(x, float) or isinstance(y, float):
        within_range("where", (x, y))
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
    shape = np.broadcast_shapes(*(x.shape for x in args))
    return [apply(np.broadcast_to, (x, shape)) for x in args]


def argsort(a, axis=-1, kind=None):
    """Positions along an axis lie side by side in memory."""
    if kind not in (None, "stable"):
        raise ValueError("kind can only be None or 'stable'")

    def sorted_along(x):
        if axis is None:
            return np.argsort(x, None, kind="stable")
        rows = np.ascontiguousarray(np.moveaxis(x, axis, -1))
        return np.moveaxis(np.argsort(rows, kind="stable"), -1, axis)

    if type(a) is not ndarray:
        raise TypeError(f"argsort: Unsupported type {type(a)}")
    return apply(sorted_along, (a,), keep_order=True)


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
    forbidden_in_capture("the window's shape is looked at on the card")
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
    argsort, array_equal, allclose, broadcast_arrays, take, take_along_axis,
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
