"""Dark, the PyTorch you can read: its engine, for single numbers, in plain Python."""

from .autograd import no_grad
from .ops import abs, add, cos, div, exp, log, maximum, minimum, mul, neg, pow, relu, sin, sqrt, sub, tanh
from .tensor import Tensor, tensor

__version__ = "0.1.0"
