"""Changes in place that belong to the graph: `out += identity`, `out[t] = step`, as programs write them.

Dark refuses them, since operations may remember the elements that would change. A tensor that no operation
has used yet and that shares its memory with none is different: only its own variables know it. So it takes
over the result of `out + identity`, elements, memory and history, and is then what PyTorch makes of it.
"""

from functools import wraps

from ..autograd.modes import modes
from ..ops.broadcasting import expand
from ..ops.creation import arange
from ..ops.gathering import index_put
from ..tensor import Tensor

METHODS = [
    "__iadd__", "__isub__", "__imul__", "__itruediv__", "__ipow__",
    "abs_", "add_", "clamp_", "clip_", "div_", "exp_", "log_", "masked_fill_", "mul_", "neg_", "pow_",
    "relu_", "round_", "sigmoid_", "sin_", "sqrt_", "sub_", "tanh_",
]  # fmt: skip


def recorded(original):
    """A method such as `add_`, recorded in the graph where nobody can tell that the memory is another."""
    function = original.__wrapped__

    @wraps(original)
    def change(self, *inputs, **options):
        if not modes.grad or not is_new(self):
            return original(self, *inputs, **options)
        result = function(self, *inputs, **options)
        fits = result.shape == self.shape and result.dtype.is_floating_point == self.dtype.is_floating_point
        if not fits or not result.requires_grad:
            return original(self, *inputs, **options)  # which says what is wrong, if anything is
        return take_over(self, result.to(self.dtype))

    return change


def recorded_item(original):
    """`x[index] = value`, recorded in the same way."""

    @wraps(original)
    def __setitem__(self, index, value):
        wanted = self.requires_grad or (isinstance(value, Tensor) and value.requires_grad)
        if not (modes.grad and wanted and is_new(self)):
            original(self, index, value)
            return
        places = arange(self.numel(), device=self.device).reshape(self.shape)[index]
        value = self.new_tensor(value) if not isinstance(value, Tensor) else value.to(self.dtype)
        if value.ndim > places.ndim:  # of ones in front
            value = value.reshape(value.shape[value.ndim - places.ndim :])
        values = expand(value, places.shape).flatten()
        take_over(self, index_put(self.flatten(), (places.flatten(),), values).reshape(self.shape))

    return __setitem__


def take_over(tensor: Tensor, result: Tensor) -> Tensor:
    """Make a tensor what `result` is; it has not been used, nor does it share its memory."""
    tensor.array, tensor.node, tensor._counter = result.array, result.node, None
    return tensor


def is_new(tensor: Tensor) -> bool:
    """Whether a tensor, no leaf that requires grad, has been used by no operation and has no views."""
    hooks = tensor.node is not None and tensor.node.hooks
    return tensor._counter is None and not tensor._requires_grad and not hooks
