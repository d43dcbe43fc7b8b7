"""Parameter: a tensor that a module registers and an optimizer trains."""

from ..tensor import Tensor, counter


class Parameter(Tensor):
    """A tensor that wants a gradient; assigned to an attribute of a module, it is one of its parameters.

    It shares the memory of `data`.
    """

    def __init__(self, data: Tensor | None = None, requires_grad: bool = True):
        if data is not None and not isinstance(data, Tensor):
            raise TypeError(f"Parameter: expected a Tensor, got {type(data).__name__}")
        data = Tensor() if data is None else data
        self.array, self._counter = data.array, counter(data)
        self.requires_grad = requires_grad

    def __repr__(self):
        return f"Parameter containing:\n{super().__repr__()}"
