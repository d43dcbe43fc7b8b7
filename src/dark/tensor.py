"""Tensor: an array, and what autograd needs to know about it."""

from __future__ import annotations

import copy
from functools import reduce, wraps
from typing import TYPE_CHECKING, Any

import numpy as np

from . import dtypes
from .devices import current, device, device_of, get_default_device, is_cupy, to_device
from .dtypes import as_dtype, dtype

if TYPE_CHECKING:
    from .attached import Attached  # what the modules of dark.ops add to Tensor
else:
    Attached = object


class Size(tuple):
    """The shape of a tensor: a tuple of integers."""

    def numel(self) -> int:
        """How many elements a tensor of this shape has."""
        return int(np.prod(self, dtype=np.int64))

    def __getitem__(self, index):
        part = super().__getitem__(index)
        return Size(part) if isinstance(index, slice) else part

    def __add__(self, other):
        return Size(super().__add__(other))

    def __repr__(self):
        return f"dark.Size({list(self)})"


class Tensor(Attached):
    """A multi-dimensional array of numbers of one type, and the operation that made it.

    Most methods are attached where the operation of the same name is defined, in `dark.ops`.
    """

    array: Any  # where the numbers are: a NumPy array, or another library's on another device
    node: Any = None  # the operation that made this tensor, if gradients can flow back through it
    _grad: Tensor | None = None  # d(result)/d(self), once backward has been at this leaf
    hooks: dict | None = None  # a leaf's: functions that see, and may replace, its gradient
    retains_grad = False  # of a computed tensor: does backward store its gradient in .grad?

    _requires_grad = False  # a leaf's wish; a computed tensor has a node instead
    _counter: list[int] | None = None  # [changes in place so far], shared with graphs and views

    def __init__(self, data=(), *, dtype=None, requires_grad: bool = False):
        if isinstance(data, (bool, int, float)):
            raise TypeError(f"Tensor: expected an array or a list; a number takes dark.tensor({data})")
        if dtype is None and isinstance(data, (list, tuple)):
            dtype = dtypes.get_default_dtype()  # of integers too: what keeps their type is tensor()
        self.array = to_array(data, dtype)
        if isinstance(data, (list, tuple)):
            self.array = to_device(self.array, get_default_device())
        self.requires_grad = requires_grad

    @property
    def shape(self) -> Size:
        """The length of every dimension."""
        return Size(self.array.shape)

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return self.array.ndim

    @property
    def dtype(self) -> dtype:
        """The type of the elements."""
        return dtypes.FROM_NUMPY[self.array.dtype]

    @property
    def device(self) -> device:
        """Where the numbers are."""
        return device_of(self.array)

    @property
    def is_cuda(self) -> bool:  # dark-5
        """Whether the numbers are in the memory of a card."""
        return is_cupy(self.array)

    @property
    def is_cpu(self) -> bool:  # beyond
        """Whether the numbers are in the computer's main memory."""
        return not is_cupy(self.array)

    @property
    def itemsize(self) -> int:  # beyond
        """Bytes that one element takes."""
        return self.array.itemsize

    @property
    def nbytes(self) -> int:  # beyond
        """Bytes that all elements take."""
        return self.array.nbytes

    @property
    def grad(self) -> Tensor | None:
        """d(result)/d(self), once `backward` has been at this leaf."""
        return self._grad

    @grad.setter
    def grad(self, gradient: Tensor | None):
        if gradient is not None:
            if not isinstance(gradient, Tensor):
                raise TypeError(f"grad: expected a Tensor or None, got {type(gradient).__name__}")
            if gradient is self:
                raise RuntimeError("grad: a tensor can't be its own gradient; assign tensor.clone()")
            for what in ("shape", "dtype", "device"):
                own, given = getattr(self, what), getattr(gradient, what)
                if own != given:
                    raise RuntimeError(f"grad: a gradient of {what} {given} for a tensor of {what} {own}")
        self._grad = gradient

    @property
    def requires_grad(self) -> bool:
        """Whether `backward` computes a gradient for this tensor."""
        return self.node is not None or self._requires_grad

    @requires_grad.setter
    def requires_grad(self, wanted: bool):
        if self.node is not None:
            if not wanted:
                raise RuntimeError(
                    "requires_grad can be changed for leaf tensors only; "
                    "tensor.detach() is a computed tensor without its history"
                )
        elif wanted and not self.dtype.is_floating_point:
            raise RuntimeError(f"only tensors of floating-point type can require gradients, not {self.dtype}")
        else:
            self._requires_grad = bool(wanted)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Set `requires_grad` and return self."""
        self.requires_grad = requires_grad
        return self

    @property
    def grad_fn(self):
        """The node of the graph that made this tensor; None for a leaf."""
        return self.node

    @property
    def is_leaf(self) -> bool:
        """Whether the user made this tensor, rather than an operation that gradients flow through."""
        return self.node is None

    def detach(self) -> Tensor:
        """The same numbers, in the same memory, outside the graph."""
        result = wrap(self.array)
        result._counter = counter(self)
        return result

    @property
    def data(self) -> Tensor:
        """The same numbers outside the graph; changes to them are not seen by autograd's checks."""
        return wrap(self.array)

    @data.setter
    def data(self, new: Tensor):
        self.array = new.array

    def numpy(self, *, force: bool = False) -> np.ndarray:
        """The numbers as a NumPy array that shares this tensor's memory; with `force`, of any tensor."""
        if self.requires_grad and not force:
            raise RuntimeError("numpy: the tensor requires grad; use tensor.detach().numpy()")
        if is_cupy(self.array):
            if not force:
                raise TypeError(f"numpy: the tensor is on {self.device}; use tensor.cpu().numpy()")
            return self.array.get()
        return self.array

    def __array__(self, dtype=None, copy=None):
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def __dlpack__(self, **options):
        if self.requires_grad:
            raise BufferError("can't export a tensor that requires grad by DLPack; use tensor.detach()")
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()

    def item(self):
        """The only element, as a Python number."""
        if self.array.size != 1:
            raise RuntimeError(f"item: a tensor of shape {tuple(self.shape)} has no single element")
        return self.array.item()

    def tolist(self):
        """The elements as nested lists of Python numbers."""
        return self.array.tolist()

    def __len__(self):
        if self.ndim == 0:
            raise TypeError("len() of a 0-d tensor")
        return len(self.array)

    def __iter__(self):
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind(0))

    def __bool__(self):
        if self.array.size != 1:
            raise RuntimeError(
                f"a tensor of shape {tuple(self.shape)} is neither true nor false; use any() or all()"
            )
        return bool(self.array.item())

    def __int__(self):
        return int(self.item())

    def __float__(self):
        return float(self.item())

    def __index__(self):
        if self.dtype.is_floating_point or self.array.size != 1:
            kind = f"{self.dtype} {tuple(self.shape)}"
            raise TypeError(f"only an integer tensor of one element can be an index, not {kind}")
        return int(self.item())

    def __format__(self, spec: str):
        if self.ndim == 0:
            return format(self.item(), spec)
        if spec:
            raise TypeError(f"a tensor of shape {tuple(self.shape)} has no format {spec!r}")
        return str(self)

    __hash__ = object.__hash__  # by identity: tensors are keys of dicts although == compares elements

    def __deepcopy__(self, memo):
        if not self.is_leaf:
            raise RuntimeError("only leaf tensors can be deep-copied; use detach() first")
        twin = copy.copy(self)  # keeps the class and the attributes a user has set
        memo[id(self)] = twin
        with current(self.device):
            twin.array, twin._counter, twin.hooks = self.array.copy(order="K"), None, None
        twin.grad = copy.deepcopy(self.grad, memo)
        return twin


def wrap(array) -> Tensor:
    """A tensor around an array, without a copy."""
    result = Tensor.__new__(Tensor)
    result.array = array if type(array) is np.ndarray or is_cupy(array) else np.asarray(array)
    return result


def to_array(data, dtype=None):
    """The array for a tensor's data: Python floats become the default type, arrays keep theirs."""
    if isinstance(data, (list, tuple)):
        array, own = from_lists(data)
    else:
        array = data.array if isinstance(data, Tensor) else data if is_cupy(data) else np.asarray(data)
        typed = hasattr(data, "dtype") or array.dtype.kind != "f"
        own = array.dtype if typed else dtypes.get_default_dtype()
    if array.dtype.kind not in "biuf":
        raise TypeError(f"no tensor has elements like {data!r:.60}: give it numbers, or lists of them")
    wanted = as_dtype(own if dtype is None else dtype)
    if wanted.kind in "iu" and wanted.numpy != array.dtype and not hasattr(data, "dtype"):
        check_range(array, wanted)
    if array.dtype == wanted.numpy:
        return array
    with current(device_of(array)):
        return array.astype(wanted.numpy)


def check_range(numbers, wanted):
    """Raise where a number is too large for an integer type, or NaN; as in C, uint8 takes -1 as 255."""
    limits = np.iinfo(wanted.numpy)
    wraps = wanted.kind == "u" and numbers.dtype.kind != "f"
    low, high = -limits.max if wraps else limits.min, limits.max
    fits = (numbers >= low) & (numbers <= high)
    if not np.all(fits):
        wrong = np.ravel(numbers)[~np.ravel(fits)][0]
        raise RuntimeError(f"{wrong} can't be converted to {wanted}, whose largest number is {high}")


def from_lists(data):
    """(array, dtype) of nested lists of numbers, arrays and tensors of one element."""
    found: set[dtype] = set()
    numbers = plain(data, found)
    try:
        array = np.asarray(numbers)
    except ValueError:
        raise ValueError("nested lists must have equal lengths at every depth to make a tensor") from None
    own = reduce(dtypes.promote_types, found or {dtypes.get_default_dtype()})
    if array.dtype.kind not in "bif" and array.dtype.itemsize == 8:  # NumPy's uint64 or object
        raise ValueError("an integer is too large for int64")
    return array, own


def plain(data, found):
    """Nested lists without tensors; the types of what stands in them are added to `found`."""
    kinds = set(map(type, data))
    if kinds <= dtypes.FROM_PYTHON.keys():  # numbers only, as nearly always
        found |= {dtypes.get_default_dtype() if kind is float else as_dtype(kind) for kind in kinds}
        return data
    return [plain_item(x, found) for x in data]


def plain_item(x, found):
    """A number, an array or a list of them, of what stands in a list."""
    if isinstance(x, (list, tuple)):
        return plain(x, found)
    if isinstance(x, Tensor) and x.array.size != 1:
        raise ValueError(f"a list of tensors of shape {tuple(x.shape)} is no tensor; use stack() or cat()")
    if hasattr(x, "dtype"):
        found.add(as_dtype(x.dtype))
        return x.item() if isinstance(x, Tensor) else x
    for kind in dtypes.FROM_PYTHON:
        if isinstance(x, kind):
            return plain([kind(x)], found)[0]
    raise TypeError(f"a tensor takes numbers, arrays, or lists of them, not {type(x).__name__} ({x!r:.40})")


def counter(tensor: Tensor) -> list[int]:
    """The tensor's count of changes in place, for a graph or a view to keep."""
    if tensor._counter is None:
        tensor._counter = [0]
    return tensor._counter


def method(function):
    """Make `function` also a method of Tensor, of the same name."""
    if not hasattr(function, "is_operation"):  # an operation looks at its inputs itself
        function = of_tensors(function)
    setattr(Tensor, function.__name__, function)
    return function


def of_tensors(function):
    """Let a function of tensors name what it is given in the place of one, such as a list.

    Nothing is checked beforehand: what is no tensor shows when it lacks one of a tensor's attributes.
    """

    @wraps(function)
    def call(*inputs, **options):
        try:
            return function(*inputs, **options)
        except AttributeError as error:
            given = [*inputs, *options.values()]
            given += [item for x in given if isinstance(x, (list, tuple)) for item in x]
            if isinstance(error.obj, Tensor) or not any(x is error.obj for x in given):
                raise
            kind = type(error.obj).__name__
            raise TypeError(f"{function.__name__}: expected a Tensor, got {kind}") from None

    return call


def check_tensor(name, *values):
    """Raise where one of the values is no tensor, be it an array, which has the attributes of one too."""
    for x in values:
        if not isinstance(x, Tensor):
            raise TypeError(f"{name}: expected a Tensor, got {type(x).__name__}")
