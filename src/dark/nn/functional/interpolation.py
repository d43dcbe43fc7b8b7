"""Interpolation: pictures of another size, and how their gradient finds its way back."""  # dark-6

import math
import operator

import numpy as np

from ... import kernels
from ...autograd.operation import op
from ...dtypes import uint8
from ...tensor import Tensor, check_tensor
from .adaptive_pooling import adaptive_avg_pool1d, adaptive_avg_pool2d

# The modes, and for which numbers of dimensions each is.
MODES = {"nearest": (3, 4), "nearest-exact": (3, 4), "area": (3, 4), "linear": (3,), "bilinear": (4,)}
SHAPES = {3: "(N, C, L)", 4: "(N, C, H, W)"}


def interpolate(
    input, size=None, scale_factor=None, mode="nearest", align_corners=None, recompute_scale_factor=None,
    antialias=False,
):  # fmt: skip
    """Make pictures (N, C, H, W), or sequences (N, C, L), larger or smaller.

    Either `size` says how large, or `scale_factor` how many times as large; each is one number, or one for
    each dimension. "nearest" repeats pixels, or leaves some out; it takes the one at or before the place,
    "nearest-exact" that around its centre. "bilinear" ("linear" for sequences) mixes the two nearest ones in
    each direction. "area" takes the mean of all that the place covers.

    The first and the last pixel reach to the edges of the picture; with `align_corners` their centres are
    those edges. Distances are as `scale_factor` says, even where the size had to be rounded, unless
    `recompute_scale_factor`: then they are as the sizes say.
    """
    check_input(input, mode, align_corners, antialias)
    places, factors = lengths(input, size, scale_factor, recompute_scale_factor)
    if mode == "area":
        return (adaptive_avg_pool1d if input.ndim == 3 else adaptive_avg_pool2d)(input, places)
    check_lengths(input, places)

    if mode == "nearest" and input.ndim == 4:  # PyTorch copies or doubles a line evenly, whatever the factor
        factors = [None if n in (m, 2 * m) else f for m, n, f in zip(input.shape[2:], places, factors)]
    dtype = input.array.dtype
    links = [
        linear_links(length, count, factor, align_corners, dtype)
        if mode.endswith("linear")
        else nearest_links(length, count, factor, mode == "nearest-exact", dtype)
        for length, count, factor in zip(input.shape[2:], places, factors)
    ]
    if input.ndim == 4:
        return resize2d(input, *links, places)
    one_row = nearest_links(1, 1, None, False, dtype)
    return resize2d(input.unsqueeze(2), one_row, *links, (1, *places)).squeeze(2)


@op
def resize2d(input, rows, columns, size):
    """Pictures of `size` (H, W), made as the links (place, source, weight) of their rows and columns say."""
    before = tuple(input.shape[2:])

    def gradient(g):
        return resize2d(g, reversed_links(rows), reversed_links(columns), before)

    if isinstance(input, Tensor):
        return resize2d(input, rows, columns, size), gradient
    count = math.prod((*input.shape[:2], *size))
    return kernels.of(input, result=count).resize2d(input, rows, columns, size), gradient


def reversed_links(links):
    """The way back: every place of the result gives its source's share of the gradient to the source."""
    place, source, weight = links
    return source, place, weight


def nearest_links(length, count, factor, centred, dtype):
    """Links of `count` places to one source each, among `length` of them."""
    if centred:
        source = positions(length, count, factor, False, dtype) + 0.5
    else:
        source = np.arange(count) * distance(length, count, factor, dtype)
    source = np.minimum(rounded_down(source), length - 1)
    return np.arange(count), source, np.ones(count, dtype)


def linear_links(length, count, factor, align_corners, dtype):
    """Links of `count` places to the two sources around each; the nearer one has the more weight."""
    position = np.clip(positions(length, count, factor, align_corners, dtype), 0, length - 1)
    if length == count:
        position = np.arange(count, dtype=position.dtype)
    before = rounded_down(position)
    nearness = np.clip(position - before, 0, 1, dtype=position.dtype)  # to the second one

    place = np.repeat(np.arange(count), 2)
    source = np.stack([before, before + 1], axis=1).ravel()
    weight = np.stack([1 - nearness, nearness], axis=1).ravel()
    used = weight > 0
    return place[used], source[used], weight[used]


def positions(length, count, factor, align_corners, dtype):
    """Where the centres of `count` places lie among those of the sources, which are 0, 1, 2, …"""
    if align_corners:
        real = precision(dtype)
        return np.arange(count, dtype=real) * (real(length - 1) / real(max(count - 1, 1)))
    step = distance(length, count, factor, dtype)
    return ((np.arange(count) + 0.5) * float(step) - 0.5).astype(step.dtype)


def distance(length, count, factor, dtype):
    """How far apart the places are, in sources."""
    real = precision(dtype)
    return real(1 / factor) if factor else real(length) / real(count)


def precision(dtype):
    """The type of positions: PyTorch's, or else a place half-way between two sources might take the other."""
    return np.float64 if dtype == np.float64 else np.float32


def rounded_down(positions):
    """Indices; PyTorch, too, rounds in float32, whatever the positions are."""
    return np.floor(positions.astype(np.float32)).astype(np.int64)


def lengths(input, size, scale_factor, recompute_scale_factor):
    """(size of the result, scale factors that distances follow) of every dimension but the first two."""
    shape = tuple(input.shape)
    if (size is None) == (scale_factor is None):
        given = "neither" if size is None else f"size {size} and scale_factor {scale_factor}"
        raise ValueError(f"interpolate: give size or scale_factor, one of them, not {given} (input {shape})")
    if size is not None:
        if recompute_scale_factor:
            raise ValueError("interpolate: recompute_scale_factor goes with scale_factor, not with size")
        numbers = per_dimension(shape, "size", size)
        if any(isinstance(n, bool) or not hasattr(n, "__index__") for n in numbers):
            raise TypeError(f"interpolate: size is made of integers, not {size!r} (input {shape})")
        return tuple(operator.index(n) for n in numbers), [None] * len(numbers)
    factors = per_dimension(shape, "scale_factor", scale_factor)
    if any(isinstance(f, bool) or not isinstance(f, (int, float, np.number)) for f in factors):
        raise TypeError(f"interpolate: scale_factor is made of numbers, not {scale_factor!r} (input {shape})")
    factors = [float(f) for f in factors]  # in float32, 10 * 1.3 would be 13, and is less
    if not all(map(math.isfinite, factors)):
        raise RuntimeError(f"interpolate: scale_factor must be finite, not {scale_factor!r} (input {shape})")
    places = tuple(int(n * f) for n, f in zip(shape[2:], factors))
    return places, [None] * len(factors) if recompute_scale_factor else factors


def per_dimension(shape, option, value):
    """`value` for every dimension but the first two; it may be one number for all of them."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,) * (len(shape) - 2)
    if len(values) != len(shape) - 2:
        raise ValueError(
            f"interpolate: {option} is one number or {len(shape) - 2} for an input {shape}, not {value}"
        )
    return values


def check_input(input, mode, align_corners, antialias):
    """Raise where the input and the options do not go together."""
    check_tensor("interpolate", input)
    shape = tuple(input.shape)
    if mode not in MODES:
        known = ", ".join(map(repr, MODES))
        raise NotImplementedError(f"interpolate: there is no mode {mode!r}; the modes are {known}")
    if align_corners is not None and not mode.endswith("linear"):
        raise ValueError(
            f"interpolate: align_corners goes with the modes 'linear' and 'bilinear', not with {mode!r}; "
            "leave it out"
        )
    if antialias:
        raise NotImplementedError(
            "interpolate: there is no antialias; to make pictures smaller, mode 'area' takes means"
        )
    if len(shape) not in MODES[mode]:
        expected = " or ".join(SHAPES[dims] for dims in MODES[mode])
        raise NotImplementedError(f"interpolate: mode {mode!r} takes an input {expected}, not {shape}")
    if not (input.is_floating_point() or (input.dtype is uint8 and mode.startswith("nearest"))):
        raise NotImplementedError(
            f"interpolate: mode {mode!r} is not defined for {input.dtype} (input {shape}); "
            "convert it to float"
        )


def check_lengths(input, places):
    """Raise where there are no pixels to take, or none to make."""
    shape = tuple(input.shape)
    if 0 in shape[1:] or min(places) < 1:
        raise RuntimeError(
            f"interpolate: from an input {shape} to {places}: nothing but the batch can be empty, and sizes "
            "are at least 1"
        )
