"""Pooling, enlarging, and padding of pictures."""  # beyond

import math

import numpy as np

from ..runs import Changing, Size, Stretched
from .elementwise import number, sample
from .registry import translates


@translates("_max_pool2d", follows=("places",))
def _max_pool2d(graph, input, kernel, stride, padding, dilation, places):
    pads = around(graph, input, kernel, stride, padding, dilation)
    return graph.MaxPool(input, kernel_shape=kernel, strides=stride, pads=pads, dilations=dilation)


@translates("_avg_pool2d", follows=("divisors",))
def _avg_pool2d(graph, input, divisors, kernel, stride, padding):
    """The mean of all of a window, padding included, times how many pixels that is, over Dark's divisors."""
    pads = around(graph, input, kernel, stride, padding, (1, 1))
    y = graph.AveragePool(input, kernel_shape=kernel, strides=stride, pads=pads, count_include_pad=1)
    if isinstance(divisors, Changing):
        raise ValueError("windows of different sizes in a picture of dynamic size")
    counts = divisors.core if isinstance(divisors, Stretched) else divisors
    factors = np.asarray(math.prod(kernel) / counts, graph.result.dtype)
    if (factors == factors.flat[0]).all():
        factors = factors.flat[0]
    return y if np.all(factors == 1) else graph.Mul(y, factors)


def around(graph, input, kernel, stride, padding, dilation):
    """The lines to pad: [before, of every dimension, behind, of every dimension].

    Where the last window is partly beyond the padding (ceil_mode), there are more of them behind.
    """
    behind = []
    sizes = zip(graph.result.shape[2:], input.shape[2:], kernel, stride, padding, dilation)
    for count, n, k, s, p, d in sizes:
        beyond = (count - 1) * s + d * (k - 1) + 1 - n - p
        if beyond > p and isinstance(n, Size):
            raise ValueError("ceil_mode with a picture of dynamic size")
        behind.append(max(beyond, p))
    return [*padding, *behind]


@translates("_run_sums")
def _run_sums(graph, input, dim, runs):
    """Sums of runs along one of the last two dimensions: a product with a matrix of zeros and ones."""
    length = input.shape[dim]
    if runs == tuple((i, i + 1) for i in range(length)):
        return graph.Identity(input)
    held = np.array([[start <= i < end for start, end in runs] for i in range(length)], graph.result.dtype)
    if dim == input.ndim - 1:
        return graph.MatMul(input, held)
    return graph.MatMul(np.ascontiguousarray(held.T), input)


@translates("resize2d", follows=("rows", "columns", "size"))
def _resize2d(graph, input, rows, columns, size):
    """Each pixel repeated, by Resize; else lines that are picked, or mixed by a matrix."""
    lengths = input.shape[2:]
    times = [repeats(*sizes) for sizes in zip((rows, columns), lengths, size)]
    if None not in times:
        scales = np.array([1, 1, *times], np.float32)
        mode = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        return graph.Resize(input, None, scales, **mode)
    x = input
    for links, axis, length, count in zip((rows, columns), (2, 3), lengths, size):
        if type(length) is not int or any(not isinstance(part, np.ndarray) for part in links):
            raise ValueError("pictures of dynamic size can only grow by whole numbers, mode 'nearest'")
        place, source, weight = links
        if len(place) == count and (weight == 1).all() and (place == np.arange(count)).all():
            if (source != np.arange(count)).any() or length != count:
                x = graph.Gather(x, source.astype(np.int64), axis=axis)
            continue
        mixed = np.zeros((length, count), graph.result.dtype)
        np.add.at(mixed, (source, place), weight.astype(graph.result.dtype))
        x = graph.MatMul(x, mixed) if axis == 3 else graph.MatMul(np.ascontiguousarray(mixed.T), x)
    return graph.Identity(x) if x is input else x


def repeats(links, length, count):
    """How many times every line stands in the result, if that is all that happens to it, in every run."""
    _, source, weight = links
    if isinstance(weight, Changing) or (sample(weight) != 1).any() or count < length:
        return None
    times = count // length
    sources, lengths, counts = (getattr(x, "values", [x]) for x in (source, length, count))
    even = all(np.array_equal(lines, np.arange(len(lines)) // times) for lines in sources)
    return times if even and counts == [times * n for n in lengths] else None


@translates("_constant_pad_nd")
def _constant_pad(graph, input, around, value):
    return graph.Pad(input, pads_of(graph, around), number(graph, value), mode="constant")


@translates("_repeating_pad")
def _repeating_pad(graph, input, around, mode):
    if mode in ("reflect", "replicate"):
        return graph.Pad(input, pads_of(graph, around), mode="edge" if mode == "replicate" else mode)
    x = input
    for dim, (before, after) in enumerate(around):
        if (before, after) != (0, 0):
            if type(input.shape[dim]) is not int:
                raise ValueError("mode 'circular' of a dynamic axis")
            lines = np.arange(-before, input.shape[dim] + after) % input.shape[dim]
            x = graph.Gather(x, lines, axis=dim)
    return graph.Identity(x) if x is input else x


def pads_of(graph, around):
    """(before, after) of every dimension as Pad takes them: all before, then all after."""
    return graph.ints([before for before, _ in around] + [after for _, after in around])
