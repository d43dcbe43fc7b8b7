"""Tensor: a number, and what autograd needs to know about it."""


class Tensor:
    """A number, and the operation that made it. `ops` gives it operators, `autograd` gives it `backward`."""

    grad_fn = None  # the node of the graph that made this tensor; None for a leaf, which the user made
    grad = None  # d(result)/d(self), a tensor, once backward has been at this leaf

    def __init__(self, number: float, requires_grad: bool = False):
        self._number = number
        self.requires_grad = requires_grad  # whether backward computes a gradient for this tensor

    def requires_grad_(self, requires_grad: bool = True) -> "Tensor":
        """Set `requires_grad` and return self."""
        self.requires_grad = requires_grad
        return self

    @property
    def is_leaf(self) -> bool:
        """Whether the user made this tensor, rather than an operation that gradients flow through."""
        return self.grad_fn is None

    def detach(self) -> "Tensor":
        """The same number outside the graph."""
        return Tensor(self._number)

    def item(self) -> float:
        """The number."""
        return self._number

    __float__ = item

    def __bool__(self):
        return self._number != 0

    def __eq__(self, other):
        raise TypeError("tensors are not compared in this lesson, but numbers are: x.item() == 3.0")

    __hash__ = object.__hash__  # by identity: tensors are keys of dicts

    def __repr__(self):
        x = self._number
        text = f"{x:.0f}." if x.is_integer() else f"{x:.4f}"
        if x != 0 and not 1e-4 <= abs(x) <= 1e8:  # also inf and nan
            text = f"{x:.4e}"
        if self.grad_fn is not None:
            return f"tensor({text}, grad_fn={self.grad_fn})"
        return f"tensor({text}, requires_grad=True)" if self.requires_grad else f"tensor({text})"


def tensor(data: float, *, requires_grad: bool = False) -> Tensor:
    """A tensor with this number in it: a leaf of the graph."""
    if not isinstance(data, float):
        raise TypeError(f"tensor: expected a float, such as 3.0, got {data!r}")
    return Tensor(float(data), requires_grad)
