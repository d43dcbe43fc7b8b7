"""Names from before PyTorch 0.4 (2018) that programs still use."""

from types import SimpleNamespace

from .. import dtypes
from ..ops.creation import empty, tensor
from ..tensor import Tensor

__all__ = [
    "BoolTensor", "ByteTensor", "CharTensor", "DoubleTensor", "FloatTensor", "HalfTensor", "IntTensor",
    "LongTensor", "ShortTensor",
]  # fmt: skip


def maker(dtype):
    """`FloatTensor(data)` makes a tensor of numbers, `FloatTensor(2, 3)` one of that shape without any."""

    def make(*data):
        if len(data) == 1 and not isinstance(data[0], int):
            return tensor(data[0], dtype=dtype)
        return empty(data or (0,), dtype=dtype)

    return make


BoolTensor, ByteTensor, CharTensor = maker(dtypes.bool_), maker(dtypes.uint8), maker(dtypes.int8)
ShortTensor, IntTensor, LongTensor = maker(dtypes.int16), maker(dtypes.int32), maker(dtypes.int64)
HalfTensor, FloatTensor, DoubleTensor = maker(dtypes.float16), maker(dtypes.float32), maker(dtypes.float64)


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
