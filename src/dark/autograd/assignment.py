"""What may be assigned to a tensor's `.grad`: a gradient that an optimizer can use, or None."""  # beyond

from ..tensor import Tensor


def get(tensor):
    """The gradient, or None."""
    return tensor.__dict__.get("grad")


def put(tensor, gradient):
    """Make `gradient` the tensor's; raises where it can't be one."""
    if gradient is not None:
        check(tensor, gradient)
    tensor.__dict__["grad"] = gradient


def check(tensor, gradient):
    """Raise where the gradient is no tensor, or of another shape, type or device than its tensor."""
    if not isinstance(gradient, Tensor):
        raise TypeError(f"grad: expected a Tensor or None, got {type(gradient).__name__}")
    if gradient is tensor:
        raise RuntimeError("grad: a tensor can't be its own gradient; assign tensor.clone()")
    for what in ("shape", "dtype", "device"):
        own, given = getattr(tensor, what), getattr(gradient, what)
        if own != given:
            raise RuntimeError(f"grad: a gradient of {what} {given} for a tensor of {what} {own}")


setattr(Tensor, "grad", property(get, put))  # noqa: B010  (a class attribute of Tensor until here)
