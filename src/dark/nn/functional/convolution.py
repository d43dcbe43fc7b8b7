"""Convolution: the same filters at every place of a picture, and the gradients that train them."""  # dark-5

import math
import operator

from ... import kernels
from ...autograd.operation import on_one_device, op
from ...dtypes import as_dtype
from ...kernels.reference.windows import positions
from ...tensor import Tensor, check_tensor
from .padding import pad


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The sum of weight * window for every filter and every window of the pictures, plus its filter's bias.

    Shapes: input (N, C, H, W) or (C, H, W), weight (K, C/groups, kh, kw), bias (K,), result (N, K, oh, ow)
    or (K, oh, ow). Sizes are one number or a pair (vertical, horizontal). `padding` counts the zeros on
    either side; "valid" is none, and "same" so many that a result of stride 1 has the input's size, the
    odd one at the end. Of the groups, each sees its share of the channels and makes its share of the result.
    """
    stride, padding, dilation = checked(
        "conv2d", ("H", "W"), input, weight, bias, stride, padding, dilation, groups
    )
    (top, bottom), (left, right) = around(weight.shape[2:], padding, dilation)
    if (top, left) != (bottom, right):
        input = pad(input, (0, right - left, 0, bottom - top))
    batch = input if input.ndim == 4 else input.unsqueeze(0)
    y = convolution(batch, weight, bias, stride, (top, left), dilation, groups)
    return y if input.ndim == 4 else y.squeeze(0)


def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """`conv2d` for pictures of one row: input (N, C, L) or (C, L), weight (K, C/groups, k)."""
    stride, padding, dilation = checked(
        "conv1d", ("L",), input, weight, bias, stride, padding, dilation, groups
    )
    padding = padding if isinstance(padding, str) else (0, *padding)
    y = conv2d(
        input.unsqueeze(-2), weight.unsqueeze(-2), bias, (1, *stride), padding, (1, *dilation), groups
    )
    return y.squeeze(-2)


# Each is the others' gradient: a convolution is linear in the input and in the weight, and so is a gradient.


@op
def convolution(input, weight, bias, stride, padding, dilation, groups):
    """Pictures (N, C, H, W) and filters (K, C/groups, kh, kw) give (N, K, oh, ow); bias may be None."""
    size, kernel = tuple(input.shape[2:]), tuple(weight.shape[2:])
    options = (stride, padding, dilation, groups)
    shape = (input.shape[0], weight.shape[0], *positions(size, kernel, stride, padding, dilation))
    return (
        compute("conv2d", shape, convolution, input, weight, bias, *options),
        lambda g: convolution_input(g, weight, size, *options),
        lambda g: convolution_weight(g, input, kernel, *options),
        summed,
    )


@op
def convolution_input(g, weight, size, stride, padding, dilation, groups):
    """The gradient of pictures of `size` (H, W), of the result's gradient g (N, K, oh, ow)."""
    kernel, options = tuple(weight.shape[2:]), (stride, padding, dilation, groups)
    shape = (g.shape[0], weight.shape[1] * groups, *size)
    return (
        compute("conv2d_input", shape, convolution_input, g, weight, size, *options),
        lambda h: convolution(h, weight, None, *options),
        lambda h: convolution_weight(g, h, kernel, *options),
    )


@op
def convolution_weight(g, input, kernel, stride, padding, dilation, groups):
    """The gradient of filters of size `kernel` (kh, kw), of the result's gradient g (N, K, oh, ow)."""
    size, options = tuple(input.shape[2:]), (stride, padding, dilation, groups)
    shape = (g.shape[1], input.shape[1] // groups, *kernel)
    return (
        compute("conv2d_weight", shape, convolution_weight, g, input, kernel, *options),
        lambda h: convolution(input, h, None, *options),
        lambda h: convolution_input(g, h, size, *options),
    )


def compute(kernel, shape, operation, a, b, *options):
    """The result, of `shape`, on arrays; where one is a tensor, the operation itself records it."""
    if any(isinstance(x, Tensor) for x in (a, b, *options)):
        return operation(a, b, *options)
    return getattr(kernels.of(a, b, result=math.prod(shape)), kernel)(a, b, *options)


def summed(g):
    """The gradient of the bias: every number of a channel has it as a summand."""
    return g.sum((0, 2, 3)) if isinstance(g, Tensor) else kernels.of(g).channel_sums(g)


def around(kernel, padding, dilation):
    """(lines before, lines behind) of every dimension that `padding` adds, which may be "same" or "valid"."""
    if padding == "valid":
        return [(0, 0) for _ in kernel]
    if padding == "same":  # a result is shorter by the span of the kernel, less one
        return [(d * (k - 1) // 2, (d * (k - 1) + 1) // 2) for k, d in zip(kernel, dilation)]
    return [(p, p) for p in padding]


def checked(name, dimensions, input, weight, bias, stride, padding, dilation, groups):
    """Stride, padding and dilation, numbers for each of the `dimensions`; raises where anything is wrong."""
    count = len(dimensions)
    check_shapes(name, dimensions, input, weight, bias, groups)
    stride = per_dimension(stride, count, name, "stride", least=1)
    dilation = per_dimension(dilation, count, name, "dilation", least=1)
    if not isinstance(padding, str):
        padding = per_dimension(padding, count, name, "padding", least=0)
    elif padding not in ("same", "valid"):
        raise RuntimeError(f"{name}: padding is 'same', 'valid' or numbers, not {padding!r}")
    elif padding == "same" and stride != (1,) * count:
        raise RuntimeError(f"{name}: padding 'same' goes with stride 1 only, not {stride}")

    kernel, size = tuple(weight.shape[2:]), tuple(input.shape[-count:])
    padded = [n + before + after for n, (before, after) in zip(size, around(kernel, padding, dilation))]
    if min(positions(padded, kernel, stride, (0,) * count, dilation)) < 1:
        raise RuntimeError(
            f"{name}: a kernel {kernel} with dilation {dilation} does not fit into {size} with padding "
            f"{padding} (input {tuple(input.shape)}, weight {tuple(weight.shape)})"
        )
    return stride, padding, dilation


def check_shapes(name, dimensions, input, weight, bias, groups):
    """Raise where tensors do not fit together, or are none."""
    shapes = check_dimensions(name, dimensions, input, weight, bias, groups, "K, C/groups")
    count = len(dimensions)
    outputs, share = weight.shape[:2]
    if outputs % groups:
        raise RuntimeError(f"{name}: {outputs} filters can't be divided among {groups} groups {shapes}")
    channels = input.shape[-count - 1]
    if channels != share * groups:
        split = f", {share} for each of {groups} groups" if groups > 1 else ""
        raise RuntimeError(
            f"{name}: input has {channels} channels, weight expects {share * groups}{split} {shapes}"
        )
    if bias is not None and tuple(bias.shape) != (outputs,):
        raise RuntimeError(f"{name}: expected bias ({outputs},), not {tuple(bias.shape)} {shapes}")
    check_types(name, input, weight, bias)


def check_dimensions(name, dimensions, input, weight, bias, groups, channels):
    """Raise where the dimensions are not as many as they should be, or empty; returns the shapes as a text.

    `channels` says what the weight's first two dimensions are.
    """
    check_tensor(name, input, weight, *([] if bias is None else [bias]))
    shapes = f"(input {tuple(input.shape)}, weight {tuple(weight.shape)})"
    count, last = len(dimensions), ", ".join(dimensions)
    if weight.ndim != count + 2 or input.ndim not in (count + 1, count + 2):
        kernel = "k" if count == 1 else "kh, kw"
        raise RuntimeError(
            f"{name}: expected input (N, C, {last}) or (C, {last}) and weight ({channels}, {kernel}) {shapes}"
        )
    if isinstance(groups, bool) or not hasattr(groups, "__index__"):
        raise TypeError(f"{name}: groups is an integer, not {groups!r}")
    if groups < 1:
        raise RuntimeError(f"{name}: groups is at least 1, not {groups}")
    if 0 in weight.shape or 0 in input.shape[-count - 1 :]:
        raise RuntimeError(f"{name}: nothing but the batch can be empty {shapes}")
    return shapes


def check_types(name, input, weight, bias):
    """Raise where the devices or the types differ, or these are bool, of which nobody convolves any."""
    on_one_device(name, [x.array for x in (input, weight, bias) if x is not None])
    given = {"input": input, "weight": weight} | ({} if bias is None else {"bias": bias})
    types = {name: as_dtype(x.dtype).name for name, x in given.items()}
    if len(set(types.values())) > 1:
        named = ", ".join(f"{name} {type}" for name, type in types.items())
        raise RuntimeError(f"{name}: all must have the same dtype ({named}); convert one with .to()")
    if "bool" in types.values():
        raise NotImplementedError(f"{name}: not defined for bool; convert input and weight to float")


def per_dimension(size, count, name, option, least):
    """`size` as a tuple of `count` numbers; it may be one number, for all dimensions, or one for each."""
    numbers = tuple(size) if isinstance(size, (tuple, list)) else (size,)
    if any(isinstance(n, bool) or not hasattr(n, "__index__") for n in numbers):
        raise TypeError(f"{name}: {option} is made of integers, not {size!r}")
    if len(numbers) not in (1, count):
        raise RuntimeError(f"{name}: {option} is one number or {count}, not {tuple(size)}")
    if min(numbers) < least:
        raise RuntimeError(f"{name}: {option} is at least {least}, not {size}")
    return tuple(operator.index(n) for n in numbers) * (count // len(numbers))
