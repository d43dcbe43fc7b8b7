"""Other names of the same functions and methods, and forms in place that no lesson needs."""  # beyond

from ..dtypes import int8
from ..tensor import Tensor
from .arithmetic import div, floor_divide, mul, neg, sub
from .comparison import ge, gt, le, lt, ne
from .conversion import converter
from .elementwise import abs, hypot, sign, trunc
from .in_place import in_place
from .joining import vstack
from .running import trapezoid
from .trigonometry import acos, acosh, asin, asinh, atan, atan2, atanh


def alias(name, function):
    """`function` under another name, which is also that of a method, and of its form in place."""
    for ending in ("", "_"):
        if hasattr(Tensor, function.__name__ + ending):
            setattr(Tensor, name + ending, getattr(Tensor, function.__name__ + ending))
    return function


def rsub(input, other, *, alpha=1):
    """other - alpha * input."""
    return sub(other, input, alpha=alpha)


def detach(input):
    """The same numbers, in the same memory, outside the graph."""
    return input.detach()


in_place(floor_divide)
in_place(hypot)

divide = alias("divide", div)
multiply = alias("multiply", mul)
subtract = alias("subtract", sub)
negative = alias("negative", neg)
absolute = alias("absolute", abs)
fix = alias("fix", trunc)
sgn = alias("sgn", sign)

greater = alias("greater", gt)
greater_equal = alias("greater_equal", ge)
less = alias("less", lt)
less_equal = alias("less_equal", le)
not_equal = alias("not_equal", ne)

arcsin = alias("arcsin", asin)
arccos = alias("arccos", acos)
arctan = alias("arctan", atan)
arctan2 = alias("arctan2", atan2)
arcsinh = alias("arcsinh", asinh)
arccosh = alias("arccosh", acosh)
arctanh = alias("arctanh", atanh)

row_stack = vstack
trapz = trapezoid
newaxis = None

Tensor.ndimension = Tensor.dim
Tensor.nelement = Tensor.numel
Tensor.char = converter("char", int8)
Tensor.__ifloordiv__, Tensor.__imod__ = Tensor.floor_divide_, Tensor.remainder_
