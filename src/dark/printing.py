"""How tensors print: as PyTorch prints them, character by character, with `dark` where it says `torch`."""

import math
from collections.abc import Callable
from dataclasses import (
    dataclass,
    replace,
)

import numpy as np

from . import dtypes
from .devices import CPU, to_device
from .tensor import method


@dataclass
class Options:
    """What `set_printoptions` sets."""

    precision: int = 4  # digits after the point
    threshold: float = 1000  # of more elements than these only the first and last are shown
    edgeitems: int = 3  # how many of them, along every dimension
    linewidth: int = 80  # characters in a line
    sci_mode: bool | None = None  # 1.0000e+00 always, never, or (None) where sizes differ much


PROFILES = {
    "default": Options(),
    "short": Options(precision=2, edgeitems=2),
    "full": Options(threshold=math.inf),
}
options = Options()


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Change how tensors print; what is None stays, except `sci_mode`, where it means automatic.

    `profile` is "default", "short" or "full" (which shows every element), and the others override it.
    """
    if profile is not None and profile not in PROFILES:
        raise ValueError(f"set_printoptions: profile is one of {', '.join(PROFILES)}, not {profile!r}")
    new = replace(PROFILES[profile] if profile else options, sci_mode=sci_mode)
    given = {"precision": precision, "threshold": threshold, "edgeitems": edgeitems, "linewidth": linewidth}
    for name, value in given.items():
        if value is None:
            continue
        if not isinstance(value, float if name == "threshold" and value == math.inf else int) or value < 0:
            raise ValueError(f"set_printoptions: {name} is a whole number, at least 0, not {value!r}")
        setattr(new, name, value)
    vars(options).update(vars(new))


@method
def __repr__(self):
    name = type(self).__name__
    start = "tensor(" if name in ("Tensor", "Parameter") else f"{name}("
    array = to_device(self.array, CPU)
    return with_suffixes(start + numbers(array, len(start)), suffixes(self), len(start))


def numbers(array, indent: int) -> str:
    """The elements, in nested brackets; later rows begin below the first, which begins at column `indent`."""
    if array.size == 0:
        return "[]"
    shortened = array.size > options.threshold
    return nested(array, indent, shortened, element_format(edges(array) if shortened else array))


def edges(array):
    """The elements that are shown of an array too large to show all of it."""
    for axis, length in enumerate(array.shape):
        if length > 2 * options.edgeitems:
            shown = [*range(options.edgeitems), *range(length - options.edgeitems, length)]
            array = array.take(shown, axis)
    return array


@dataclass
class Format:
    """What turns one number into text, and how wide that is."""

    width: int
    text: Callable

    def __call__(self, number) -> str:
        return self.text(number).rjust(self.width)


def element_format(array) -> Format:
    """The format that suits all these elements.

    Floats that are all whole are written "2.", others with `precision` digits. Where the largest is above 1e8
    or 1000 times the smallest, or the smallest below 1e-4, powers of ten are written out. Zeros, infinities
    and NaN have no say in this, nor in the width.
    """
    if array.dtype.kind != "f":
        return Format(max((len(str(number)) for number in array.ravel().tolist()), default=1), str)

    deciding = array[np.isfinite(array) & (array != 0)]
    whole = bool((deciding == np.ceil(deciding)).all())
    scientific = len(deciding) > 0 and options.sci_mode
    if len(deciding) and scientific is None:
        sizes = np.abs(deciding)
        small, large = float(sizes.min()), float(sizes.max())
        scientific = large / small > 1000 or large > 1e8 or small < 1e-4

    text: Callable
    if scientific:
        text = f"{{:.{options.precision}e}}".format
    elif whole:
        text = lambda x: f"{x:.0f}." if math.isfinite(x) else str(x)
    else:
        text = f"{{:.{options.precision}f}}".format
    return Format(max((len(text(x)) for x in deciding.tolist()), default=1), text)


def nested(array, indent: int, shortened: bool, write: Format) -> str:
    """The elements of an array in brackets, a line for each row, an empty line more between larger parts."""
    if array.ndim == 0:
        return write(array.item())
    if array.ndim == 1:
        return row(array, indent, shortened, write)
    parts = around_gap(array, shortened, lambda rows: [nested(r, indent + 1, shortened, write) for r in rows])
    return "[" + ("," + "\n" * (array.ndim - 1) + " " * (indent + 1)).join(parts) + "]"


def row(array, indent: int, shortened: bool, write: Format) -> str:
    """The elements of a one-dimensional array, in as many lines as it takes."""
    gap = " ..." if options.edgeitems else "..."
    texts = around_gap(array, shortened, lambda some: [write(number) for number in some.tolist()], gap)
    in_a_line = max(1, (options.linewidth - indent) // (write.width + 2))  # 2 for the comma and the space
    lines = [", ".join(texts[i : i + in_a_line]) for i in range(0, len(texts), in_a_line)]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"


def around_gap(array, shortened: bool, texts: Callable, gap: str = "...") -> list[str]:
    """The texts of all parts of an array, or of the first and the last with a gap between."""
    shown = options.edgeitems
    if not shortened or len(array) <= 2 * shown:
        return texts(array)
    return [*texts(array[:shown]), gap, *texts(array[len(array) - shown :])]


def suffixes(tensor) -> list[str]:
    """What follows the elements: what they don't tell, such as a type that isn't the usual one."""
    found = []
    usual = {dtypes.get_default_dtype()}
    if tensor.device.type != "cpu":
        found.append(f"device='{tensor.device}'")
    if tensor.array.size:
        usual |= {dtypes.int64, dtypes.bool_}
    shape_is_seen = options.edgeitems > 0 if tensor.array.size else tensor.ndim == 1
    if not shape_is_seen:
        found.append(f"size={tuple(tensor.shape)}")
    if tensor.dtype not in usual:
        found.append(f"dtype={tensor.dtype}")
    if tensor.grad_fn is not None:
        found.append(f"grad_fn={tensor.grad_fn}")
    elif tensor.requires_grad:
        found.append("requires_grad=True")
    return found


def with_suffixes(text: str, suffixes: list[str], indent: int) -> str:
    """`text` and the suffixes, those that don't fit into the line in a new one, and the closing bracket."""
    column = len(text) - text.rfind("\n") + 1
    for suffix in suffixes:
        if column + len(suffix) + 2 > options.linewidth:
            text += ",\n" + " " * indent + suffix
            column = indent + len(suffix)
        else:
            text += ", " + suffix
            column += len(suffix) + 2
    return text + ")"
