"""The positive part of numbers on a card, each in one pass over the memory, whose order the results keep.

CuPy writes the kernels around these formulas, each of which computes one number: T is the arrays' type.
"""  # dark-5

import cupy
from cupy import ElementwiseKernel

from .. import reference
from .launch import in_memory_order


def relu(x):
    """`reference.relu`, its result in x's order of memory."""
    return one_pass(positive, x)


def relu_input(g, y):
    """`reference.relu_input`, its result in y's order of memory; g may have another."""
    if g.dtype != y.dtype or g.shape != y.shape:
        return reference.relu_input(g, y)
    return one_pass(where_positive, y, g)


def leaky_relu(x, negative_slope):
    """`reference.leaky_relu`, its result in x's order of memory."""
    if x.dtype.kind != "f":
        return reference.leaky_relu(x, negative_slope)
    return one_pass(leaking, x, negative_slope)


def leaky_relu_input(g, seen, negative_slope):
    """`reference.leaky_relu_input`, its result in the order of memory of `seen`; g may have another."""
    if g.dtype.kind != "f" or g.dtype != seen.dtype:
        return reference.leaky_relu_input(g, seen, negative_slope)
    return one_pass(leaking_back, seen, g, negative_slope)


positive = ElementwiseKernel("T x", "T y", "y = x <= T(0) ? T(0) : x", "positive")  # NaN <= 0 is false
where_positive = ElementwiseKernel("T y, T g", "T x", "x = y == T(0) ? T(0) : g", "where_positive")
leaking = ElementwiseKernel("T x, T slope", "T y", "y = x > T(0) ? x : T(x * slope)", "leaking")
leaking_back = ElementwiseKernel(
    "T seen, T g, T slope", "T x", "x = seen > T(0) ? g : T(g * slope)", "leaking_back"
)


def one_pass(kernel, *inputs):
    """What a kernel computes of arrays, and of numbers after them, in the first array's order of memory."""
    result = cupy.empty_like(inputs[0])
    arrays = [x for x in inputs if isinstance(x, cupy.ndarray)]
    *arrays, target = in_memory_order(*arrays, result)
    kernel(*arrays, *inputs[len(arrays) :], target)
    return result
