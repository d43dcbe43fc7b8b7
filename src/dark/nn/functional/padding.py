"""Padding: more lines around a tensor, of one value or repeated from within, or fewer."""  # dark-5

import math
import numbers
import operator

import numpy as np

from ...autograd.operation import op
from ...ops.pieces import along
from ...tensor import Tensor, of_tensors

# Which position of a dimension of length n stands at position i, before the first (i < 0) or behind the last.
REPEATED = {
    "reflect": lambda i, n: n - 1 - abs(n - 1 - abs(i)),  # 2 1 | 0 1 2 3 | 2 1
    "replicate": lambda i, n: min(max(i, 0), n - 1),  # 0 0 | 0 1 2 3 | 3 3
    "circular": lambda i, n: i % n,  # 2 3 | 0 1 2 3 | 0 1
}


@of_tensors
def pad(input, pad, mode="constant", value=None):
    """Lengthen the last dimensions at both ends, with a value or with what stands in them.

    `pad` counts the lines before and behind, of the last dimension first: (left, right, top, bottom). A
    negative count takes lines away. "constant" puts `value` (0) there and is for any number of dimensions;
    "reflect" mirrors at the first and the last line, "replicate" repeats them, and "circular" goes on at the
    other end. These three pad the last 1 to 3 dimensions, before which stand channels and, maybe, a batch.
    """
    around = pairs(input, pad)
    if mode == "constant":
        check_lengths(input, around, mode)
        return _constant_pad_nd(input, around, number(value))
    check_mode(input, len(pad) // 2, mode, value)
    check_lengths(input, around, mode)

    more = [(max(before, 0), max(after, 0)) for before, after in around]
    fewer = [(min(before, 0), min(after, 0)) for before, after in around]
    if mode == "circular":  # goes around what is left; the others repeat lines that are taken away, too
        return _repeating_pad(without(input, fewer), more, mode)
    return without(_repeating_pad(input, more, mode), fewer)


@op
def _constant_pad_nd(input, around, value):
    opposite = [(-before, -after) for before, after in around]
    return surrounded(input, around, value), lambda g: _constant_pad_nd(g, opposite, 0)


def surrounded(x, around, value):
    """x within lines of `value`; without its own lines where a count is negative."""
    if isinstance(x, Tensor):
        return _constant_pad_nd(x, around, value)
    value = int(value) if x.dtype.kind in "iu" else value  # or NumPy lets one that is too large wrap around
    y = np.full_like(x, value, shape=lengthened(x.shape, around))
    y[inside(y.shape, around)] = x[inside(x.shape, [(-before, -after) for before, after in around])]
    return y


def without(x, fewer):
    """x, less the lines that negative counts take away."""
    return _constant_pad_nd(x, fewer, 0) if any(map(any, fewer)) else x


@op
def _repeating_pad(input, around, mode):
    return repeated(input, around, mode), lambda g: _collect(g, around, mode)


@op
def _collect(input, around, mode):
    return collected(input, around, mode), lambda g: _repeating_pad(g, around, mode)


def repeated(x, around, mode):
    """x within copies of its lines; the corners are right once the last dimension is done."""
    if isinstance(x, Tensor):
        return _repeating_pad(x, around, mode)
    y = np.empty_like(x, shape=lengthened(x.shape, around))
    y[inside(y.shape, around)] = x
    for copy, line in copies(y.shape, around, mode):
        y[copy] = y[line]
    return y


def collected(g, around, mode):
    """The opposite of `repeated`: every copy is added to the line that it came from."""
    if isinstance(g, Tensor):
        return _collect(g, around, mode)
    total = np.copy(g)
    for copy, line in copies(g.shape, around, mode):
        total[line] += total[copy]
    return total[inside(g.shape, around)]


def copies(shape, around, mode):
    """[(index of a line that padding added, index of the line that it repeats)]."""
    found = []
    for dim, (before, after) in enumerate(around):
        n = shape[dim] - before - after
        for i in (*range(-before, 0), *range(n, n + after)):
            found.append((along(dim, before + i), along(dim, before + REPEATED[mode](i, n))))
    return found


def pairs(input, pad):
    """(lines before, lines behind) of every dimension, from the flat `pad` that starts with the last one."""
    shape = tuple(input.shape)
    try:
        counts = [operator.index(n) for n in pad]
    except TypeError:
        raise TypeError(f"pad: pad is a tuple of ints, such as (left, right), not {pad!r:.60}") from None
    if len(counts) % 2 or len(counts) > 2 * len(shape):
        raise RuntimeError(
            f"pad: {len(counts)} numbers in pad {tuple(counts)} for an input of shape {shape}; "
            f"a dimension takes two, so expected an even number, at most {2 * len(shape)}"
        )
    return [(0, 0)] * (len(shape) - len(counts) // 2) + list(zip(counts[-2::-2], counts[::-2]))


def number(value):
    """The value to pad with as a number: a tensor's only element, 0 for None."""
    value = value.item() if isinstance(value, Tensor) else 0 if value is None else value
    if not isinstance(value, numbers.Real):
        raise TypeError(f"pad: value is a number, not {type(value).__name__} ({value!r:.40})")
    return value


def check_mode(input, count, mode, value):
    """Raise where a mode other than "constant" can't pad the last `count` dimensions of the input."""
    shape = tuple(input.shape)
    if mode not in REPEATED:
        known = ", ".join(map(repr, ["constant", *REPEATED]))
        raise NotImplementedError(f"pad: unknown mode {mode!r}; expected one of {known}")
    if value:
        raise RuntimeError(f"pad: mode {mode!r} takes no value, got {value}; only 'constant' does")
    if count not in (1, 2, 3) or len(shape) not in (count + 1, count + 2):
        raise NotImplementedError(
            f"pad: mode {mode!r} can't pad the last {count} dimensions of an input of shape {shape}; it pads "
            "1 of (C, L) or (N, C, L), 2 of (C, H, W) or (N, C, H, W), 3 of (C, D, H, W) or (N, C, D, H, W)"
        )
    if mode != "circular" and 0 in shape[-count - 1 :]:
        raise RuntimeError(f"pad: mode {mode!r} takes no empty input but an empty batch, got shape {shape}")


def check_lengths(input, around, mode):
    """Raise where a dimension is too short for the lines to add to it or to take away."""
    for dim, (n, (before, after)) in enumerate(zip(input.shape, around)):
        if (before, after) == (0, 0):
            continue
        left = n + min(before, 0) + min(after, 0)
        short = (left if mode in ("constant", "circular") else n + before + after) < 0
        most = {"reflect": n - 1, "circular": left}.get(mode, math.inf)
        where = f"({before}, {after}) for dim {dim} of an input of shape {tuple(input.shape)}"
        if short:
            raise RuntimeError(f"pad: {where} takes away more lines than there are")
        if max(before, after) > most:
            raise RuntimeError(f"pad: {where}: mode {mode!r} can add at most {most} lines to an end of it")


def lengthened(shape, around):
    """The shape with the lines that are added, or taken away, counted in."""
    return tuple(n + before + after for n, (before, after) in zip(shape, around))


def inside(shape, around):
    """The index of what is left of `shape` without the lines around it; negative counts are none."""
    return tuple(slice(max(before, 0), n - max(after, 0)) for n, (before, after) in zip(shape, around))
