"""cupy.ndarray over NumPy: its arithmetic is NumPy's, its manners are CuPy's.

An array of the stand-in wraps a NumPy array and is none itself, so nothing can slip from one to the other:
whatever CuPy would refuse (an operand in main memory, conversion without `.get()`) is refused here, and so is
what CuPy does silently but Dark never wants (an index or a value that is uploaded on the way).
"""  # beyond

import numpy as np

from . import api
from .api import words
from .indices import around, one_value_each, picked, with_rest
from .state import MemoryPointer, allocate, forbidden_in_capture, no_library_in_capture, state

IMPLICIT = (
    "Implicit conversion to a NumPy array is not allowed. "
    "Please use `.get()` to construct a NumPy array explicitly."
)
SCALARS = (bool, int, float, complex, np.generic)


class ndarray:
    """An array on a card."""

    __slots__ = ("_array", "_memory", "_device", "base", "__weakref__")
    __array_priority__ = 100
    __module__ = "cupy"

    def __init__(self, shape, dtype=float, memptr=None, strides=None, order="C"):
        if memptr is None:
            if strides is not None:
                raise ValueError("memptr is required if strides is given.")
            fresh(unfilled(np.empty(shape, dtype, order)), self)
            return
        dtype = np.dtype(dtype)
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        size = int(np.prod(shape)) * dtype.itemsize
        flat = memptr.bytes(max(size, memptr.mem.array.nbytes - memptr.offset if strides else size))
        self._array = np.ndarray(shape, dtype, flat, 0, strides, order)
        self._memory, self._device, self.base = memptr.mem, memptr.mem.device_id, None

    # ---- what it is

    shape = property(lambda self: self._array.shape)
    dtype = property(lambda self: self._array.dtype)
    ndim = property(lambda self: self._array.ndim)
    size = property(lambda self: self._array.size)
    itemsize = property(lambda self: self._array.itemsize)
    nbytes = property(lambda self: self._array.nbytes)
    strides = property(lambda self: self._array.strides)

    @shape.setter
    def shape(self, shape):
        self._array = np.reshape(self._array, shape, copy=False)

    @property
    def T(self):
        return self if self._array.ndim < 2 else view_of(self, self._array.T)

    @property
    def flags(self):
        return Flags(self._array.flags, self.base is None)

    @property
    def device(self):
        from .cuda import Device

        return Device(self._device)

    @property
    def data(self):
        start = self._memory.array.ctypes.data
        return MemoryPointer(self._memory, self._array.ctypes.data - start)

    @property
    def __cuda_array_interface__(self):
        contiguous = self._array.flags.c_contiguous
        return {
            "shape": self.shape,
            "typestr": self.dtype.str,
            "descr": self.dtype.descr,
            "stream": 1,
            "version": 3,
            "strides": None if contiguous else self.strides,
            "data": (self._array.ctypes.data if self.size else 0, False),
        }

    def __len__(self):
        if not self._array.ndim:
            raise TypeError("len() of unsized object")
        return len(self._array)

    def __iter__(self):
        if not self._array.ndim:
            raise TypeError("iteration over a 0-d array")
        return (self[i] for i in range(len(self._array)))

    __hash__ = None

    # ---- to main memory: each waits for the card

    def get(self, stream=None, order="C", out=None, blocking=True):
        forbidden_in_capture("get()")
        if out is None:
            return np.array(self._array, order=order)
        if not isinstance(out, np.ndarray):
            raise TypeError("Only numpy.ndarray can be obtained from cupy.ndarray")
        if self.dtype != out.dtype:
            raise TypeError(f"{out.dtype} array cannot be obtained from {self.dtype} array")
        if self.shape != out.shape:
            raise ValueError(f"Shape mismatch. Expected shape: {self.shape}, actual shape: {out.shape}")
        if not (out.flags.c_contiguous or out.flags.f_contiguous):
            raise RuntimeError("`out` cannot be specified when copying to non-contiguous ndarray")
        np.copyto(out, self._array)
        return out

    def item(self):
        if self.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return self.get().item()

    def tolist(self):
        return self.get().tolist()

    def tobytes(self, order="C"):
        return self.get().tobytes(order)

    def __bool__(self):
        if self.size != 1:
            raise ValueError(
                f"The truth value of an array with {self.size} elements is ambiguous. Use a.any() or a.all()"
            )
        return bool(self.get().item())

    def __int__(self):
        return int(self.item())

    def __float__(self):
        return float(self.item())

    def __complex__(self):
        return complex(self.item())

    def __repr__(self):
        return repr(self.get())

    def __str__(self):
        return str(self.get())

    def __format__(self, text):
        return format(self.get(), text)

    def __array__(self, dtype=None, copy=None):
        raise TypeError(IMPLICIT)

    def __reduce__(self):
        from .creation import array

        return array, (self.get(),)

    def __copy__(self):
        return self.copy()

    def __deepcopy__(self, memo):
        return self.copy()

    def set(self, arr, stream=None):
        if not isinstance(arr, np.ndarray):
            raise TypeError("Only numpy.ndarray can be set to cupy.ndarray")
        if self.dtype != arr.dtype:
            raise TypeError(f"{arr.dtype} array cannot be set to {self.dtype} array")
        if self.shape != arr.shape:
            raise ValueError(f"Shape mismatch. Old shape: {self.shape}, new shape: {arr.shape}")
        if not (self._array.flags.c_contiguous or self._array.flags.f_contiguous):
            raise RuntimeError("Cannot set to non-contiguous array")
        forbidden_in_capture("set()")
        changed(lambda: np.copyto(self._array, arr))

    # ---- indexing

    def __getitem__(self, index):
        arrays = as_index(index)
        if not arrays:
            return apply(np.ndarray.__getitem__, (self, with_rest(index)))
        return apply(picked, (self, index))

    def __setitem__(self, index, value):
        arrays = as_index(index)
        found = [self]
        where = raw(index, found)
        if isinstance(value, np.ndarray):
            raise TypeError(
                f"an array of shape {value.shape} in main memory is assigned to a part of a cupy.ndarray: "
                "CuPy refuses it, and uploads a single number silently; upload it by name, or give the number"
            )
        if type(value) is not ndarray and not isinstance(value, SCALARS):
            raise ValueError("non-scalar numpy.ndarray cannot be used for fill")
        value = raw(value, found)
        target = on_current(self)._array

        def assign():
            place = where
            with np.errstate(all="ignore"):
                if arrays:
                    place = around(where, target)
                    if np.size(value) > 1:
                        one_value_each(place, target, value)
                target[place] = value

        changed(assign)

    def fill(self, value):
        if isinstance(value, np.ndarray):
            raise TypeError("fill: the value is an array in main memory; give the number")
        value, target = raw(value, []), on_current(self)._array
        changed(lambda: np.copyto(target, value, casting="unsafe"))

    # ---- NumPy's functions on it

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        from .ufuncs import UFUNCS

        own = UFUNCS.get(ufunc.__name__)
        if own is None or method not in ("__call__", "outer", "reduce", "accumulate"):
            return NotImplemented  # np.add.at, too; cupy.add.at does it
        outputs = options.get("out", ())
        if outputs:
            if len(outputs) != 1:
                raise ValueError("The 'out' parameter must have exactly one array value")
            options["out"] = outputs[0]
        for x in (*inputs[:1], *inputs[1:], *outputs) if method == "__call__" else inputs[:1]:
            if type(x) is not ndarray and not isinstance(x, (*SCALARS, np.ndarray)):
                return NotImplemented
        if method == "__call__":
            return own(*inputs, **options)
        return getattr(own, method)(*inputs, **options)

    def __array_function__(self, function, types, args, kwargs):
        from . import functions

        own = functions.find(function)
        if own is None or own is function:
            return NotImplemented
        for kind in types:
            if not issubclass(kind, (ndarray, np.ndarray)):
                return NotImplemented
        return own(*args, **kwargs)

    # ---- changes of form

    def astype(self, dtype, order="K", casting=None, subok=None, copy=True):
        if casting is not None or subok is not None:
            raise TypeError("astype: CuPy supports neither casting nor subok")
        dtype = np.dtype(dtype)
        if not copy and dtype == self.dtype:
            return self
        return apply(np.ndarray.astype, (self, dtype), {"order": order}, keep_order=True)

    def copy(self, order="C"):
        return apply(np.array, (self,), {"order": order}, keep_order=True)

    def view(self, dtype=None, type=None):
        if type is not None or dtype is ndarray:
            raise TypeError("view: the stand-in has no kinds of arrays")
        return apply(np.ndarray.view, (self,) if dtype is None else (self, dtype))

    def reduced_view(self, dtype=None):
        return view_of(self, self._array.reshape(-1)) if self._array.flags.c_contiguous else self

    def take(self, indices, axis=None, out=None):
        if isinstance(indices, (list, tuple, np.ndarray)):
            raise TypeError("take: the indices are in main memory, and CuPy uploads them silently")
        if type(indices) is ndarray and indices.dtype.kind not in "iu":
            raise TypeError(f"take: the indices are of {indices.dtype}")
        return apply(lambda x, i, out=None: np.take(x, i, axis, out, "wrap"), (self, indices), {"out": out})

    def nonzero(self):
        forbidden_in_capture("nonzero()")
        if not self.ndim:
            raise ValueError("nonzero: CuPy's versions warn of an array without dimensions, or refuse it")
        return apply(np.ndarray.nonzero, (self,))

    def dot(self, b, out=None):
        if self.dtype.kind in "fc":
            no_library_in_capture("cuBLAS")
        return apply(np.dot, (self, b), {"out": out})

    def sort(self, axis=-1):
        target = on_current(self)._array
        changed(lambda: target.sort(axis=axis, kind="stable"))

    def put(self, indices, values, mode="wrap"):
        target, found = on_current(self)._array, []
        indices, values = raw(indices, found), raw(values, found)
        changed(lambda: np.put(target, indices, values, mode))

    def scatter_add(self, slices, value):
        given_up("scatter_add", "add")

    def scatter_max(self, slices, value):
        given_up("scatter_max", "maximum")

    def scatter_min(self, slices, value):
        given_up("scatter_min", "minimum")


class Flags:
    """cupy.ndarray.flags: what CuPy tells of a layout."""

    def __init__(self, flags, owndata):
        self.c_contiguous, self.f_contiguous, self.owndata = flags.c_contiguous, flags.f_contiguous, owndata

    forc = property(lambda self: self.c_contiguous or self.f_contiguous)
    fnc = property(lambda self: self.f_contiguous and not self.c_contiguous)

    def __getitem__(self, name):
        return getattr(self, name.lower())


def _method(name):
    """A method that computes as NumPy's does, with CuPy's parameters."""
    function = getattr(np.ndarray, name)
    check = api.checker("cupy.ndarray", name)

    def method(self, *args, **kwargs):
        check(*args, **kwargs)
        return apply(function, (self, *args), kwargs)

    method.__name__ = name
    return method


for _name in words("""
    all any argmax argmin argpartition argsort choose clip compress conj conjugate cumprod cumsum
    diagonal flatten max mean min prod ravel repeat reshape round searchsorted squeeze std sum swapaxes
    trace transpose var
"""):
    setattr(ndarray, _name, _method(_name))


def unfilled(array):
    """An array of what a card's memory may hold before it is written: nothing a result may depend on."""
    kind = array.dtype.kind
    if kind in "fc":
        array.fill(np.nan)
    elif kind in "iu":
        array.view(f"u{array.itemsize}").fill(0xA5A5A5A5A5A5A5A5 & (256**array.itemsize - 1))
    elif kind == "b":
        array.fill(True)
    return array


def fresh(array, made=None):
    """The device array of a NumPy array that nothing else holds."""
    made = object.__new__(ndarray) if made is None else made
    made._memory = allocate(array)
    made._array, made._device, made.base = array, state.device, None
    return made


def view_of(owner, array):
    """The device array of a view of another's memory."""
    made = object.__new__(ndarray)
    made._array, made._memory, made._device = array, owner._memory, owner._device
    made.base = owner if owner.base is None else owner.base
    return made


def on_current(x):
    """The array, if it is on the current card."""
    if x._device != state.device:
        raise ValueError(
            f"Array device must be same as the current device: array device = {x._device} "
            f"while current = {state.device}"
        )
    return x


def raw(value, found):
    """NumPy's form of an operand; device arrays are added to `found`. TypeError for arrays in main memory."""
    kind = type(value)
    if kind is ndarray:
        if value._device != state.device:
            on_current(value)
        found.append(value)
        return value._array
    if kind is tuple or kind is list:
        return kind([raw(item, found) for item in value])
    if isinstance(value, np.ndarray):
        raise TypeError(f"Unsupported type {kind}")
    return value


def as_index(index):
    """The arrays in an index that CuPy takes; those in main memory, uploaded without a word, are refused."""
    arrays = []
    for part in index if type(index) is tuple else (index,):
        if type(part) is ndarray:
            arrays.append(part)
        elif isinstance(part, np.ndarray):
            raise IndexError(
                "an index is an array in main memory: CuPy uploads it silently, at every use; do it by name"
            )
        elif isinstance(part, (list, bool, np.bool_)):
            forbidden_in_capture("an index that is uploaded")
            arrays.append(part)
    masks = sum(type(part) is ndarray and part.dtype == bool for part in arrays)
    if masks:
        forbidden_in_capture("a mask as an index")
    if masks > 1:
        raise IndexError("CuPy supports no index with more than one array of booleans")
    return arrays


def wrapped(result, found, keep_order=False):
    """The device array of a result: a view of an operand where NumPy's is one. Numbers become 0-d arrays.

    CuPy's results lie in C order, whatever that of the operands; `keep_order` is for the few that follow it.
    """
    if isinstance(result, np.ndarray):
        if result.base is not None:
            if not result.flags.writeable:
                result.flags.writeable = True  # as CuPy's views of diagonals and of fewer elements are
            for x in found:
                if result.base is x._array or np.may_share_memory(result, x._array):
                    return view_of(x, result)
        if not keep_order and not result.flags.c_contiguous:
            result = result.copy()
        return fresh(result)
    if isinstance(result, np.generic):
        return fresh(np.asarray(result))
    if isinstance(result, (tuple, list)):
        items = [wrapped(item, found) for item in result]
        return type(result)(*items) if hasattr(result, "_fields") else type(result)(items)
    return result


def apply(function, args, kwargs=None, keep_order=False):
    """A function of NumPy's on device arrays."""
    found = []
    plain = [raw(x, found) for x in args]
    options = {}
    if kwargs:
        out = kwargs.get("out")
        if out is not None:
            return into(out, function, args, kwargs)
        options = {name: raw(x, found) for name, x in kwargs.items() if name != "out"}
    with np.errstate(all="ignore"):
        result = wrapped(function(*plain, **options), found, keep_order)
    if state.capture is not None:
        state.capture.computed(result, lambda: function(*plain, **options))
    return result


def into(out, function, args, kwargs):
    """The same with `out=`, which is written and returned."""
    if isinstance(out, tuple):
        (out,) = out
    if type(out) is not ndarray:
        raise TypeError(f"return arrays must be of ArrayType, not {type(out)}")
    found = []
    plain = [raw(x, found) for x in args]
    options = {name: raw(x, found) for name, x in kwargs.items()}
    options["out"] = on_current(out)._array

    def write():
        with np.errstate(all="ignore"):
            function(*plain, **options)

    changed(write)
    return out


def changed(write):
    """Write into memory: now, or in a capture later, when the graph is launched."""
    if state.capture is None:
        write()
    else:
        state.capture.steps.append(write)


SCATTERED = {
    np.add: "int32 float16 float32 float64 complex64 complex128 uint32 uint64",
    np.subtract: "int32 uint32",
    np.maximum: "int32 float32 float64 uint32 uint64",
    np.minimum: "int32 float32 float64 uint32 uint64",
    np.bitwise_and: "int32 int64 uint32 uint64",
    np.bitwise_or: "int32 int64 uint32 uint64",
    np.bitwise_xor: "int32 int64 uint32 uint64",
}


def given_up(name, ufunc):
    """What CuPy warns of is refused."""
    raise DeprecationWarning(f"`ndarray.{name}` is deprecated. Please use `cupy.{ufunc}.at` instead.")


def scatter(ufunc, a, indices, b):
    """ufunc.at: the types are those for which CUDA has atomic operations."""
    name = ufunc.__name__
    if ufunc not in SCATTERED:
        raise NotImplementedError(f"`cupy_{name}.at` is not supported yet")
    if a.dtype.name not in SCATTERED[ufunc].split():
        raise TypeError(f"scatter_{name} only supports {SCATTERED[ufunc]} as data type, not {a.dtype}")
    as_index(indices)
    found = []
    target, where, value = raw(a, found), raw(indices, found), raw(b, found)
    changed(lambda: ufunc.at(target, around(where, target), value))
