"""Names and habits from before PyTorch 0.4 (2018) that programs still have."""

from types import SimpleNamespace

from .. import dtypes
from ..ops.creation import empty, tensor
from ..optim.lr_scheduler import LRScheduler
from ..tensor import Tensor

__all__ = [
    "BoolTensor", "ByteTensor", "CharTensor", "DoubleTensor", "FloatTensor", "HalfTensor", "IntTensor",
    "LongTensor", "ShortTensor",
]  # fmt: skip


class TypeOfTensor(type):
    """What FloatTensor and its kin are: `FloatTensor([1, 2])`, `FloatTensor(2, 3)`, `x.type(FloatTensor)`."""

    dtype: dtypes.dtype

    def __call__(cls, *data) -> Tensor:
        """A tensor of these numbers, or of this shape, without any numbers yet."""
        if len(data) == 1 and not isinstance(data[0], int):
            return tensor(data[0], dtype=cls.dtype)
        return empty(data or (0,), dtype=cls.dtype)

    def __instancecheck__(cls, instance) -> bool:
        return isinstance(instance, Tensor) and instance.dtype is cls.dtype

    def __repr__(cls):
        return f"torch.{cls.__name__}"


def of(name: str, dtype: dtypes.dtype) -> TypeOfTensor:
    """The type with this name."""
    return TypeOfTensor(name, (), {"dtype": dtype, "__doc__": f"Tensors of type {dtype.name}."})


BoolTensor, ByteTensor = of("BoolTensor", dtypes.bool_), of("ByteTensor", dtypes.uint8)
CharTensor, ShortTensor = of("CharTensor", dtypes.int8), of("ShortTensor", dtypes.int16)
IntTensor, LongTensor = of("IntTensor", dtypes.int32), of("LongTensor", dtypes.int64)
HalfTensor, FloatTensor = of("HalfTensor", dtypes.float16), of("FloatTensor", dtypes.float32)
DoubleTensor = of("DoubleTensor", dtypes.float64)
TYPES = [globals()[name] for name in __all__]


def with_sizes(original):
    """`Tensor.__init__` that also takes the lengths of the dimensions: Tensor(2, 3), without numbers yet."""

    def __init__(self, *data, **options):
        if data and all(isinstance(size, int) for size in data):
            data = (empty(data).array,)
        original(self, *data, **options)

    return __init__


def with_names(original):
    """`Tensor.type` that knows the types above, and their names: x.type() is "torch.FloatTensor"."""

    def type(self, dtype=None, non_blocking=False):
        """Self with another dtype; without one, the name of the type."""
        if dtype is None:
            return next((repr(kind) for kind in TYPES if kind.dtype is self.dtype), str(self.dtype))
        named = [kind.dtype for kind in TYPES if dtype in (kind, repr(kind))]
        return original(self, named[0] if named else dtype)

    return type


def new(original):
    """`Tensor.new`, which Dark lacks: x.new(2, 3) is a tensor of x's type, without numbers yet."""

    def new(self, *data):
        """A tensor like self of these numbers, or of this shape."""
        if len(data) == 1 and not isinstance(data[0], int):
            return self.new_tensor(data[0])
        return self.new_empty(data or (0,))

    return new


class OfTensors(type):
    """Says of every tensor that it is a Variable."""

    def __instancecheck__(cls, instance):
        return isinstance(instance, Tensor)


class Variable(metaclass=OfTensors):
    """A tensor with the same numbers and no history; tensors once needed it to have gradients."""

    def __new__(cls, data, requires_grad=False):  # type: ignore[misc]
        """A tensor, not a Variable."""
        return data.detach().requires_grad_(requires_grad)


autograd = SimpleNamespace(Variable=Variable)
lr_scheduler = SimpleNamespace(__all__=["_LRScheduler"], _LRScheduler=LRScheduler)
