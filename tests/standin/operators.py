"""The operators of cupy.ndarray."""  # beyond

import numpy as np

from .arrays import SCALARS, apply, ndarray
from .ufuncs import UFUNCS

OPERATORS = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.true_divide,
    "floordiv": np.floor_divide, "mod": np.remainder, "pow": np.power, "and": np.bitwise_and,
    "or": np.bitwise_or, "xor": np.bitwise_xor, "lshift": np.left_shift, "rshift": np.right_shift,
    "lt": np.less, "le": np.less_equal, "eq": np.equal, "ne": np.not_equal, "gt": np.greater,
    "ge": np.greater_equal, "matmul": np.matmul, "divmod": np.divmod,
}  # fmt: skip


def defers(x, y):
    """Whether CuPy lets the other operand answer."""
    try:
        return y.__array_ufunc__ is None
    except AttributeError:
        return getattr(x, "__array_priority__", 0) < getattr(y, "__array_priority__", 0)


def _operator(name, ufunc, reflected=False):
    def method(self, other):
        if type(other) is not ndarray and not isinstance(other, SCALARS):
            if not isinstance(other, np.ndarray):
                if defers(self, other):
                    return NotImplemented
                return ufunc(other, self) if reflected else ufunc(self, other)
            raise TypeError(f"Unsupported type {type(other)}")
        own = UFUNCS[ufunc.__name__]
        return own(other, self) if reflected else own(self, other)

    return method


def _in_place(ufunc):
    def method(self, other):
        return UFUNCS[ufunc.__name__](self, other, out=self)

    return method


for _name, _ufunc in OPERATORS.items():
    setattr(ndarray, f"__{_name}__", _operator(_name, _ufunc))
    if _name not in ("lt", "le", "eq", "ne", "gt", "ge"):
        setattr(ndarray, f"__r{_name}__", _operator(_name, _ufunc, reflected=True))
        if _name not in ("matmul", "divmod"):
            setattr(ndarray, f"__i{_name}__", _in_place(_ufunc))

for _name, _ufunc in {"neg": np.negative, "abs": np.absolute, "invert": np.invert}.items():

    def _unary(self, ufunc=_ufunc):
        return apply(ufunc, (self,), {"order": "C"})

    setattr(ndarray, f"__{_name}__", _unary)
ndarray.__pos__ = lambda self: self
