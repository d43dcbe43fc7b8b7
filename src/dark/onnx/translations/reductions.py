"""Sums, means, extremes over dimensions, and what is made of them."""  # beyond

import math

import numpy as np

from ..runs import Size
from .elementwise import as_result, number
from .registry import translates

SIMPLE = {"amax": "ReduceMax", "amin": "ReduceMin", "logsumexp": "ReduceLogSumExp"}


def register_all():
    """What has the same form for many operations."""
    for name, kind in SIMPLE.items():
        translates(name)(lambda graph, input, dim, keepdim, kind=kind: reduced(
            graph, kind, as_result(graph, input), axes(dim), keepdim))  # fmt: skip
    for name, kind in {"sum": "ReduceSum", "mean": "ReduceMean", "prod": "ReduceProd"}.items():
        translates(name)(lambda graph, input, dim, keepdim, dtype, kind=kind: reduced(
            graph, kind, as_result(graph, input), axes(dim), keepdim))  # fmt: skip
    for name, kind in {"max_of_all": "ReduceMax", "min_of_all": "ReduceMin"}.items():
        translates(name)(lambda graph, input, kind=kind: reduced(graph, kind, input, None, False))
    for name, kind in {"argmax": "ArgMax", "argmin": "ArgMin"}.items():
        translates(name)(lambda graph, input, dim, keepdim, kind=kind: position(
            graph, kind, input, dim, keepdim))  # fmt: skip
    for name, kind in {"any": "ReduceMax", "all": "ReduceMin"}.items():
        translates(name)(lambda graph, input, dim, keepdim, kind=kind: truth(
            graph, kind, input, dim, keepdim))  # fmt: skip


def axes(dim):
    """Dimensions as a list; None for all."""
    if dim is None or dim == ():
        return None
    return list(dim) if isinstance(dim, tuple) else [dim]


def reduced(graph, kind, x, dims, keepdim):
    """The node of a reduction over dimensions, or over all."""
    return graph.node(kind, x, None if dims is None else graph.ints(dims), keepdims=int(keepdim))


def position(graph, kind, input, dim, keepdim):
    """Where the largest or the smallest element is."""
    if dim is not None:
        return graph.node(kind, input, axis=dim, keepdims=int(keepdim))
    flat = graph.node(kind, graph.Reshape(input, graph.ints([-1])), axis=0, keepdims=0)
    return graph.reshape(flat, (1,) * input.ndim) if keepdim else flat


def truth(graph, kind, input, dim, keepdim):
    """Whether some element, or every one, is not 0."""
    ones = graph.cast(input, bool)
    if dim == () or not input.ndim:  # every element for itself
        return graph.Cast(ones, to=graph.code(graph.result.dtype))
    ones = graph.Cast(ones, to=graph.code(np.int32))
    dims = axes(dim)
    return graph.Cast(reduced(graph, kind, ones, dims, keepdim), to=graph.code(graph.result.dtype))


register_all()


@translates("count_nonzero")
def _count_nonzero(graph, input, dim):
    ones = graph.Cast(graph.cast(input, bool), to=graph.code(np.int64))
    return reduced(graph, "ReduceSum", ones, axes(dim), False)


@translates("var", "std")
def _var(graph, input, dim, unbiased, keepdim, correction):
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    correction = (1 if unbiased else 0) if correction is None else correction
    dims = axes(dim)
    lengths = [input.shape[d] for d in (range(input.ndim) if dims is None else dims)]
    if any(isinstance(n, Size) for n in lengths):
        raise ValueError("its dimensions include a dynamic axis")
    n = math.prod(lengths)
    centred = graph.Sub(input, reduced(graph, "ReduceMean", input, dims, True))
    total = reduced(graph, "ReduceSum", graph.Mul(centred, centred), dims, keepdim)
    y = graph.Div(total, number(graph, n - correction))
    return graph.Sqrt(y) if graph.call == "std" else y


@translates("norm")
def _norm(graph, input, p, dim, keepdim, dtype):
    x, dims = as_result(graph, input), axes(dim)
    p = 2 if p in ("fro", None) else p
    if p in (1, 2):
        return reduced(graph, f"ReduceL{int(p)}", x, dims, keepdim)
    size = graph.Abs(x)
    if math.isinf(p):
        return reduced(graph, "ReduceMax" if p > 0 else "ReduceMin", size, dims, keepdim)
    if p == 0:
        return reduced(graph, "ReduceSum", graph.Sign(size), dims, keepdim)
    total = reduced(graph, "ReduceSum", graph.Pow(size, number(graph, p)), dims, keepdim)
    return graph.Pow(total, number(graph, 1 / p))


@translates("cumsum")
def _cumsum(graph, input, dim, dtype):
    return graph.CumSum(as_result(graph, input), np.asarray(dim, np.int64))


@translates("softmax", "log_softmax")
def _softmax(graph, input, dim, dtype):
    kind = {"softmax": "Softmax", "log_softmax": "LogSoftmax"}[graph.call]
    if not input.ndim:
        return graph.Squeeze(graph.node(kind, graph.reshape(as_result(graph, input), (1,)), axis=0))
    return graph.node(kind, as_result(graph, input), axis=dim)
