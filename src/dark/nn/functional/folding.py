"""Pictures as columns of their windows, and the columns' sum: each is the other's gradient."""  # dark-5

import math
import operator

from ...autograd.operation import op
from ...dtypes import as_dtype
from ...kernels.reference.windows import added_windows, positions, windows
from ...tensor import Tensor


@op
def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    """Every window of the pictures as a column: input (N, C, H, W) gives (N, C·kh·kw, L), L windows each.

    An input (C, H, W) gives (C·kh·kw, L). Windows go row by row; a column lists its channels one after the
    other. Sizes are one number or a pair (vertical, horizontal). What does not divide is left out.
    """
    check_type(input, "unfold")
    kernel, stride, padding, dilation = geometry("unfold", kernel_size, stride, padding, dilation)
    shape = tuple(input.shape)
    if len(shape) not in (3, 4) or 0 in shape[-3:]:
        raise RuntimeError(
            f"unfold: expected an input (N, C, H, W) or (C, H, W), of which only N may be 0, not {shape}"
        )
    places = positions(shape[-2:], kernel, stride, padding, dilation)
    if min(places) < 1:
        raise RuntimeError(
            f"unfold: no window of kernel_size {kernel} with dilation {dilation} fits into {shape[-2:]} "
            f"with padding {padding} (input {shape}); use more padding or a smaller kernel"
        )

    def gradient(g):
        return fold(g, shape[-2:], kernel, dilation, padding, stride)

    if isinstance(input, Tensor):
        return unfold(input, kernel, dilation, padding, stride), gradient
    batch = input.reshape((math.prod(shape[:-3]), *shape[-3:]))
    seen = windows(batch, kernel, stride, padding, dilation)  # (N, C, kh, kw, oh, ow)
    rows, columns = shape[-3] * math.prod(kernel), math.prod(places)
    return seen.copy().reshape((*shape[:-3], rows, columns)), gradient


@op
def fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """Pictures of `output_size` (H, W) from columns of windows, which add up where they overlap.

    An input (N, C·kh·kw, L) gives (N, C, H, W), and (C·kh·kw, L) gives (C, H, W), where L is the number of
    windows that `unfold` finds in such a picture with the same options. A pixel in no window is 0.
    """
    check_type(input, "fold")
    size = pair(output_size, "fold", "output_size")
    kernel, stride, padding, dilation = geometry("fold", kernel_size, stride, padding, dilation)
    shape = tuple(input.shape)
    if len(shape) not in (2, 3) or 0 in shape[-2:]:
        raise RuntimeError(
            f"fold: expected an input (N, C * kh * kw, L) or (C * kh * kw, L), of which only N may be 0, "
            f"not {shape}"
        )
    channels, rest = divmod(shape[-2], math.prod(kernel))
    if rest:
        raise RuntimeError(
            f"fold: dim {len(shape) - 2} of input {shape} is {shape[-2]}, no multiple of the "
            f"{math.prod(kernel)} taps of kernel_size {kernel}"
        )
    places = positions(size, kernel, stride, padding, dilation)
    if min(places) < 1 or math.prod(places) != shape[-1]:
        down, across = (max(n, 0) for n in places)
        raise RuntimeError(
            f"fold: input {shape} has {shape[-1]} windows, output_size {size} has {down} x {across} of them "
            f"(kernel_size {kernel}, dilation {dilation}, padding {padding}, stride {stride})"
        )

    def gradient(g):
        return unfold(g, kernel, dilation, padding, stride)

    if isinstance(input, Tensor):
        return fold(input, size, kernel, dilation, padding, stride), gradient
    w = input.reshape((math.prod(shape[:-2]), channels, *kernel, *places))
    y = added_windows(w, size, stride, padding, dilation)
    return y.reshape((*shape[:-2], channels, *size)), gradient


def geometry(name, kernel_size, stride, padding, dilation):
    """The four sizes of sliding windows as pairs."""
    sizes = {"kernel_size": kernel_size, "stride": stride, "padding": padding, "dilation": dilation}
    pairs = {option: pair(size, name, option) for option, size in sizes.items()}
    for option, size in pairs.items():
        least = 0 if option == "padding" else 1
        if min(size) < least:
            raise RuntimeError(f"{name}: {option} is at least {least}, not {size}")
    return pairs.values()


def pair(size, name, option):
    """(vertical, horizontal) of a size given as one integer or as two."""
    sizes = tuple(size) if isinstance(size, (tuple, list)) else (size, size)
    if len(sizes) != 2:
        raise RuntimeError(f"{name}: {option} is one number or two, not {size}")
    if any(isinstance(n, bool) or not hasattr(n, "__index__") for n in sizes):
        raise TypeError(f"{name}: {option} is one integer or two, not {size!r}")
    return tuple(operator.index(n) for n in sizes)


def check_type(input, name):
    """Raise for integers, as PyTorch does."""
    if input.dtype.kind in "iu":
        raise NotImplementedError(
            f"{name}: not defined for {as_dtype(input.dtype)} (input {tuple(input.shape)}); "
            "convert it to float"
        )
