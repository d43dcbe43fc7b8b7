"""Pooling: pictures made smaller, each window of pixels to its largest or its mean."""  # dark-5

import operator

import numpy as np

from ... import kernels
from ...autograd.operation import op
from ...devices import current
from ...dtypes import int8, int16, int32, int64, uint8
from ...kernels.reference.windows import positions
from ...tensor import Tensor, check_tensor, wrap

# What can be pooled besides floating-point numbers.
INTEGERS = {
    "max_pool2d": (int8, int16, int32, int64, uint8),
    "avg_pool1d": (int64,),
    "avg_pool2d": (int64,),
}


def max_pool1d(
    input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False
):  # fmt: skip
    """`max_pool2d` along one dimension: input (N, C, L) or (C, L)."""
    return max_pool("max_pool1d", 1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(
    input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False
):  # fmt: skip
    """The largest pixel in each window of input (N, C, H, W) or (C, H, W).

    Sizes are one number or a pair (vertical, horizontal); `stride` is `kernel_size` unless given. The padding
    is never the largest. With `ceil_mode` a last window that is partly outside counts too, if it starts in
    the picture or in the padding before it. `return_indices` gives (values, indices): where each value comes
    from, as row * W + column. Of equal pixels the first gets the gradient, of several NaN the last.
    """
    return max_pool("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def avg_pool1d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """`avg_pool2d` along one dimension: input (N, C, L) or (C, L)."""
    return avg_pool("avg_pool1d", 1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


def avg_pool2d(
    input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None
):  # fmt: skip
    """The mean of each window of input (N, C, H, W) or (C, H, W).

    Sizes and `ceil_mode` as in `max_pool2d`. The zeros of the padding count as pixels, if not told otherwise;
    what lies beyond the padding never does. `divisor_override` is what every sum is divided by instead.
    """
    return avg_pool(
        "avg_pool2d", 2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


def max_pool(name, dims, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices):
    """`max_pool1d` and `max_pool2d`."""
    pictures = as_pictures(name, dims, input)
    frame = sliding(name, dims, kernel_size, stride, padding, dilation)
    places = all_places(name, dims, input, frame, ceil_mode)
    shape = (*input.shape[:-dims], *places[-dims:])
    if not return_indices:
        return shaped(_max_pool2d(pictures, *frame, places), shape)

    with current(input.device):
        _, taps = kernels.of(pictures.array).max_pool2d(pictures.array, *frame, places)
        indices = indices_of(taps, pictures.shape[3], *frame).reshape(shape)
    y = _max_pool2d_picked(pictures, taps, *frame)
    return shaped(y, shape), wrap(indices)


@op
def _max_pool2d(input, kernel, stride, padding, dilation, places):
    x = input.array if isinstance(input, Tensor) else input
    size = x.shape[2:]
    y, taps = kernels.of(x).max_pool2d(x, kernel, stride, padding, dilation, places)

    def gradient(g):
        return _max_pool2d_input(g, taps, size, kernel, stride, padding, dilation)

    return wrap(y) if isinstance(input, Tensor) else y, gradient


@op
def _max_pool2d_input(g, taps, size, kernel, stride, padding, dilation):
    def gradient(h):
        return _max_pool2d_picked(h, taps, kernel, stride, padding, dilation)

    if isinstance(g, Tensor):
        return _max_pool2d_input(g, taps, size, kernel, stride, padding, dilation), gradient
    return kernels.of(g, taps).max_pool2d_input(g, taps, size, kernel, stride, padding, dilation), gradient


@op
def _max_pool2d_picked(input, taps, kernel, stride, padding, dilation):
    size = tuple(input.shape[2:])

    def gradient(g):
        return _max_pool2d_input(g, taps, size, kernel, stride, padding, dilation)

    if isinstance(input, Tensor):
        return _max_pool2d_picked(input, taps, kernel, stride, padding, dilation), gradient
    return kernels.of(input).max_pool2d_picked(input, taps, kernel, stride, padding, dilation), gradient


def indices_of(taps, width, kernel, stride, padding, dilation):
    """Where in its picture each tap lies: row * width + column, for taps (N, C, oh, ow)."""
    row, column = np.divmod(taps.astype(np.int64), kernel[1])
    down, across = (np.arange(n, like=taps) for n in taps.shape[2:])
    row = row * dilation[0] + (down * stride[0] - padding[0])[:, None]
    column = column * dilation[1] + across * stride[1] - padding[1]
    return row * width + column


def avg_pool(
    name, dims, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
):  # fmt: skip
    """`avg_pool1d` and `avg_pool2d`."""
    pictures = as_pictures(name, dims, input)
    frame = sliding(name, dims, kernel_size, stride, padding, 1)
    places = all_places(name, dims, input, frame, ceil_mode)
    kernel, stride, padding, _ = frame
    if divisor_override is None:
        counted = padding if count_include_pad else (0, 0)
        sizes = zip(pictures.shape[2:], places, kernel, stride, padding, counted)
        with current(input.device):
            rows, columns = (pixels_seen(*along, like=pictures.array) for along in sizes)
            divisors = (rows[:, None] * columns).astype(pictures.array.dtype, copy=False)
    else:
        if divisor_override == 0:
            raise RuntimeError(f"{name}: divisor_override is what sums are divided by, so it can't be 0")
        with current(input.device):
            divisors = np.full_like(pictures.array, divisor_override, shape=places)
    y = _avg_pool2d(pictures, divisors, kernel, stride, padding)
    return shaped(y, (*input.shape[:-dims], *places[-dims:]))


@op
def _avg_pool2d(input, divisors, kernel, stride, padding):
    size = tuple(input.shape[2:])

    def gradient(g):
        return _avg_pool2d_input(g, divisors, size, kernel, stride, padding)

    if isinstance(input, Tensor):
        return _avg_pool2d(input, divisors, kernel, stride, padding), gradient
    return kernels.of(input).avg_pool2d(input, divisors, kernel, stride, padding), gradient


@op
def _avg_pool2d_input(g, divisors, size, kernel, stride, padding):
    def gradient(h):
        return _avg_pool2d(h, divisors, kernel, stride, padding)

    if isinstance(g, Tensor):
        return _avg_pool2d_input(g, divisors, size, kernel, stride, padding), gradient
    return kernels.of(g).avg_pool2d_input(g, divisors, size, kernel, stride, padding), gradient


def pixels_seen(length, places, kernel, stride, padding, counted, *, like):
    """How many pixels each window along an axis has, of the picture and `counted` ones on either side."""
    starts = np.arange(places, like=like) * stride - padding
    return np.minimum(starts + kernel, length + counted) - np.maximum(starts, -counted)


def as_pictures(name, dims, input):
    """The input as (N, C, H, W): it may lack N, and where windows slide along one dimension, H is 1."""
    check_tensor(name, input)
    shape = tuple(input.shape)
    if len(shape) not in (dims + 1, dims + 2) or 0 in shape[-dims - 1 :]:
        one = "C, H, W" if dims == 2 else "C, L"
        raise RuntimeError(
            f"{name}: expected an input (N, {one}) or ({one}), of which only N may be 0, not {shape}"
        )
    if not input.is_floating_point() and input.dtype not in INTEGERS.get(name, ()):
        raise NotImplementedError(
            f"{name}: not defined for {input.dtype} (input {shape}); convert it to float"
        )
    batch, one_row = shape[: -dims - 1], (1,) * (2 - dims)
    return shaped(input, (*(batch or (1,)), shape[-dims - 1], *one_row, *shape[-dims:]))


def shaped(tensor, shape):
    """The tensor, in this shape."""
    return tensor if tuple(tensor.shape) == shape else tensor.reshape(shape)


def sliding(name, dims, kernel_size, stride, padding, dilation):
    """(kernel, stride, padding, dilation), each a pair."""
    kernel = lengths(name, dims, "kernel_size", kernel_size)
    stride = kernel if stride is None else lengths(name, dims, "stride", stride)
    padding = lengths(name, dims, "padding", padding, least=0)
    dilation = lengths(name, dims, "dilation", dilation)
    for k, p in zip(kernel, padding):
        if p > k // 2:
            raise RuntimeError(
                f"{name}: padding is at most half of kernel_size {k}, not {p}; pad() adds as much as you like"
            )
    return kernel, stride, padding, dilation


def lengths(name, dims, option, size, least=1):
    """A size of windows as a pair; those that slide along one dimension have one row and no padding above."""
    numbers = tuple(size) if isinstance(size, (tuple, list)) else (size,) * dims
    if any(isinstance(n, bool) or not hasattr(n, "__index__") for n in numbers):
        raise TypeError(f"{name}: {option} is made of integers, not {size!r}")
    if len(numbers) != dims:
        raise RuntimeError(f"{name}: {option} is one number{' or two' if dims == 2 else ''}, not {size}")
    if min(numbers) < least:
        raise RuntimeError(f"{name}: {option} is at least {least}, not {size}")
    return (least,) * (2 - dims) + tuple(operator.index(n) for n in numbers)


def all_places(name, dims, input, frame, ceil_mode):
    """In how many places (oh, ow) the frame stands."""
    kernel, stride, padding, dilation = frame
    size = (*(1,) * (2 - dims), *input.shape[-dims:])
    places = positions(size, *frame)
    if ceil_mode:  # the last place may be beyond the padding in part, but it starts before the picture ends
        longer = positions([n + s - 1 for n, s in zip(size, stride)], *frame)
        sizes = zip(longer, size, stride, padding)
        places = tuple(count - ((count - 1) * s >= n + p) for count, n, s, p in sizes)
    if min(places) < 1:
        raise RuntimeError(
            f"{name}: no window of kernel_size {kernel[-dims:]} with dilation {dilation[-dims:]} and padding "
            f"{padding[-dims:]} fits into an input {tuple(input.shape)}; use more padding or a smaller kernel"
        )
    return places
