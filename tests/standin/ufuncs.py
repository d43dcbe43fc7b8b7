"""The elementwise functions of the module cupy."""  # beyond

import numpy as np

from . import api
from .arrays import SCALARS, apply, ndarray, scatter
from .state import no_library_in_capture

UFUNCS = {}
C_ORDER = {"order": "C"}
TYPE_DIFFERS = {"floor", "ceil", "trunc"}
CATEGORIES = {"b": 0, "i": 1, "u": 1, "f": 2, "c": 3}


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
            if type(x) is float:
                if not -65504 <= x <= 65504:
                    within_range(self.__name__, args)
            elif isinstance(x, np.generic):
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


def within_range(name, args):
    """CuPy 13 takes a larger type for a Python number that is too large for the arrays', CuPy 14 infinity."""
    arrays = [x.dtype for x in args if type(x) is ndarray]
    if arrays and np.result_type(*arrays).kind == "f":
        largest = float(np.finfo(np.result_type(*arrays)).max)
        for x in args:
            if type(x) is float and largest < abs(x) < np.inf:
                raise TypeError(f"{name}: {x} is beyond the range of {np.result_type(*arrays)}")


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
        if a.dtype.kind in "fc" and max(a.ndim, b.ndim) > 1:
            no_library_in_capture("cuBLAS")
        return apply(np.matmul, (a, b), {"out": out, **kwargs})


UFUNCS["matmul"] = Matmul("matmul", np.matmul)
