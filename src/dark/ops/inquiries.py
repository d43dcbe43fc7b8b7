"""What a tensor is, asked of it; the conjugate transpose; and shapes changed in place."""  # beyond

import numpy as np

from ..autograd.modes import no_grad
from ..dtypes import as_dtype
from ..tensor import Tensor, method
from .in_place import check_allowed
from .reduction import sum
from .shape import attribute, squeeze, swapaxes, swapdims, t, transpose, unsqueeze


@attribute
def mH(self):
    """The same as `adjoint`."""
    return adjoint(self)


@attribute
def H(self):
    """The conjugate transpose of a matrix, which of real numbers is the transpose."""
    if self.ndim not in (0, 2):
        raise RuntimeError(f"H: expects a matrix, got shape {tuple(self.shape)}; mH is for batches of them")
    return transpose(self, 0, 1) if self.ndim else self


@method
def adjoint(input):
    """The conjugate transpose of matrices: of real numbers, the last two dimensions exchanged."""
    if input.ndim == 1:
        raise RuntimeError("adjoint: expects matrices, got a vector")
    return transpose(input, -2, -1)


@method
def is_signed(input):
    """Whether the type has negative numbers."""
    return input.dtype.is_signed


@method
def get_device(input):
    """The number of the card that the tensor is on; -1 on the CPU."""
    return -1 if input.device.index is None else input.device.index


@method
def is_nonzero(input):
    """Whether the only element is not 0."""
    return bool(input)


@method
def is_same_size(input, other):
    """Whether two tensors have the same shape."""
    return input.shape == other.shape


@method
def is_set_to(self, tensor):
    """Whether two tensors are the same memory, in the same shape and order."""
    a, b = self.array, tensor.array
    same = a.shape == b.shape and a.strides == b.strides and a.dtype == b.dtype
    return same and (a is b or bool(np.may_share_memory(a, b)))


def can_cast(from_, to):
    """Whether numbers of one type may go into a tensor of another: never of a lower category."""
    return as_dtype(from_).category <= as_dtype(to).category


@method
def sum_to_size(self, *size):
    """The sum over the dimensions in which self is longer than `size`, to which it would broadcast."""
    shape = tuple(size[0]) if size and isinstance(size[0], (tuple, list)) else size
    extra = self.ndim - len(shape)
    fits = extra >= 0 and all(m in (1, n) for n, m in zip(self.shape[extra:], shape))
    if not fits:
        raise RuntimeError(f"sum_to_size: {shape} does not expand to {tuple(self.shape)}")
    dims = [d for d, n in enumerate(self.shape) if d < extra or (shape[d - extra] == 1 and n != 1)]
    return sum(self, dims, keepdim=True).reshape(shape) if dims else self


@method
def apply_(self, callable):
    """Replace every element by what a function of numbers makes of it; slow, for tensors on the CPU."""
    check_allowed("apply_", self)
    for position, x in np.ndenumerate(self.numpy(force=True)):
        self.array[position] = callable(x.item())
    return self


@method
def map_(self, other, callable):
    """Replace every element by a function of it and of the one of `other` in its place, on the CPU."""
    check_allowed("map_", self, other)
    others = np.broadcast_to(other.numpy(force=True), self.shape)
    for position, x in np.ndenumerate(self.numpy(force=True)):
        self.array[position] = callable(x.item(), others[position].item())
    return self


@method
def __contains__(self, element):
    """Whether some element equals a number or a tensor."""
    if not isinstance(element, (Tensor, bool, int, float)):
        raise RuntimeError(f"in: a tensor contains numbers, not {type(element).__name__}")
    return bool((self == element).any())


@method
def __reversed__(self):
    """Self in reverse order along its first dimension."""
    return self.flip(0) if self.ndim else self


def reshaping(function):
    """Give Tensor the method `squeeze_` for `squeeze`: self takes the shape, and keeps its memory."""
    name = f"{function.__name__}_"

    def change(self, *args, **options):
        check_allowed(name, self)
        with no_grad():
            self.array = function(self, *args, **options).array
        return self

    change.__name__, change.__doc__ = name, f"Give self the shape that `{function.__name__}` makes of it."
    change.__wrapped__ = function
    setattr(Tensor, name, change)


for function in (squeeze, unsqueeze, t, transpose, swapaxes, swapdims):
    reshaping(function)
