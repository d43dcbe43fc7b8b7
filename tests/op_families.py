"""What operations of a kind are given: shapes that fit each other, and options, drawn by small integers.

A family is a function of `d`, which draws, and of the shape of the first input; it returns the inputs and the
options. `op_table.py` says which operations belong to it.
"""  # beyond

from itertools import accumulate, pairwise
from math import prod
from typing import Any, NamedTuple

import numpy as np


class Input(NamedTuple):
    """An input's shape, and its numbers: of the type that is tried ("own"), or floats, indices, a mask."""

    shape: tuple[int, ...]
    kind: str = "own"
    low: float | None = None  # else the operation's own domain
    high: float | None = None


class Numbers(NamedTuple):
    """An option of the given value, or a tensor of it."""

    values: list


def index(shape, length):
    """An input of indices into a dimension of this length."""
    return Input(tuple(shape), "index", 0, length)


def mask(shape):
    """An input of booleans."""
    return Input(tuple(shape), "mask")


def floats(shape, low=None, high=None):
    """An input of floating-point numbers, whatever type is tried."""
    return Input(tuple(shape), "float", low, high)


def own(shape, low=None, high=None):
    """An input of the type that is tried."""
    return Input(tuple(shape), "own", low, high)


class Draws:
    """Decisions made of `integer(low, high)`, both included; the first choice is always the simplest one."""

    def __init__(self, integer, wild=False):
        self.integer = integer
        self.wild = wild  # are wrong dimensions among them, now and then?

    def choice(self, options):
        return options[self.integer(0, len(options) - 1)]

    def flag(self):
        return self.integer(0, 1) == 1

    def rarely(self):
        """True where something is to be wrong."""
        return self.wild and self.integer(0, 19) == 19

    def shape(self, low, high):
        """A shape of `low` to `high` dimensions, some of which have length 1 or 0."""
        return tuple(self.choice((2, 3, 1, 2, 3, 4, 1, 0)) for _ in range(self.integer(low, high)))

    def length(self):
        """The length of a dimension; it may be 0 only where calls may fail, too."""
        return self.choice((2, 3, 1, 0) if self.wild else (2, 3, 1))

    def dim(self, shape):
        """A dimension, counted from either end; a 0-d tensor has one too."""
        ndim = max(len(shape), 1)
        if self.rarely():
            return self.choice((ndim, -ndim - 1))
        return self.integer(0, 2 * ndim - 1) - ndim if self.flag() else self.integer(0, ndim - 1)

    def dims(self, shape):
        """Several different dimensions, in any order."""
        order = self.order(len(shape))[: self.integer(0, len(shape))]
        return [d - len(shape) * self.integer(0, 1) for d in order]

    def order(self, n):
        """The numbers 0 to n - 1 in some order."""
        left = list(range(n))
        return [left.pop(self.integer(0, len(left) - 1)) for _ in range(n)]

    def broadcastable(self, shape):
        """A shape that fits the other one by the rules of broadcasting; rarely one that does not."""
        kept = shape[self.integer(0, len(shape)) :] if self.flag() else shape
        if shape and self.rarely():
            return (*kept, 5)
        return tuple(1 if self.integer(0, 3) == 3 else n for n in kept)

    def optional(self, value):
        """The value, or None."""
        return value if self.flag() else None


FAMILIES: dict[str, Any] = {}


def family(low=0, high=4, shapes=((2, 3), (), (0, 3), (3, 1, 2))):
    """A family whose first input has `low` to `high` dimensions; `shapes` are tried in every run."""

    def named(function):
        function.low, function.high, function.shapes = low, high, shapes
        FAMILIES[function.__name__] = function
        return function

    return named


BY_ITSELF = {"low": 0, "high": 0, "shapes": ((),) * 4}  # of families that draw all their shapes themselves


# ----------------------------------------------------------------------------------------- element by element


@family()
def elementwise(d, shape):
    return [own(shape)], {}


@family()
def binary(d, shape):
    other = d.broadcastable(shape)
    return [own(s) for s in ((other, shape) if d.flag() else (shape, other))], {}


@family()
def two_tensors(d, shape):
    return binary(d, shape)


@family()
def of_one_shape(d, shape):
    return [own(shape), own(shape)], {}


@family()
def ternary(d, shape):
    return [own(shape), own(d.broadcastable(shape)), own(d.broadcastable(shape))], {}


@family()
def within_limits(d, shape):
    d.wild = False  # the gradient fails in PyTorch where a limit has more dimensions than the input
    return ternary(d, shape)


@family()
def chosen(d, shape):
    return [mask(d.broadcastable(shape)), own(shape), own(d.broadcastable(shape))], {}


@family()
def masked(d, shape):
    return [own(shape), mask(shape if d.flag() else d.broadcastable(shape))], {}


@family()
def with_mask_and_source(d, shape):
    return [own(shape), mask(shape), own((prod(shape) - d.rarely(),) if prod(shape) else (0,))], {}


# ------------------------------------------------------------------------------------------------- reductions


@family()
def reduction(d, shape):
    kind = d.integer(0, 3)
    if kind == 0:
        return [own(shape)], {}
    dims = d.dim(shape) if kind == 1 else tuple(d.dims(shape))
    return [own(shape)], {"dim": dims, "keepdim": d.flag()}


@family(shapes=((2, 3), (4,), (3, 2, 2)))
def spread(d, shape):
    inputs, options = reduction(d, shape)
    if options.get("dim") == ():
        options["dim"] = None  # PyTorch's gradient divides by 1 where no dimension is named
    return inputs, {**options, "correction": d.choice((1, 0))} if options else {}


@family()
def counted(d, shape):
    inputs, options = reduction(d, shape)
    options.pop("keepdim", None)
    return inputs, options


@family()
def one_dim_or_all(d, shape):
    return [own(shape)], {"dim": d.dim(shape), "keepdim": d.flag()} if d.flag() else {}


@family()
def one_dim_kept(d, shape):
    return [own(shape)], {"dim": d.dim(shape), "keepdim": d.flag()}


@family()
def one_dim(d, shape):
    return [own(shape)], {"dim": d.dim(shape)}


@family(low=1, shapes=((3,), (2, 3), (0, 3), (3, 1, 2)))
def along_one_dim(d, shape):
    return [own(shape)], {"dim": d.dim(shape)}


@family()
def p_norm(d, shape):
    inputs, options = reduction(d, shape)
    return inputs, {"p": d.choice((2, 1, float("inf"), 3, -float("inf"), 0.5)), **options}


@family()
def ordered(d, shape):
    return [own(shape)], {"dim": d.dim(shape), "descending": d.flag(), "stable": True}


@family(low=1, shapes=((4,), (2, 3), (3, 1, 2)))
def of_most(d, shape):
    dim = d.dim(shape)
    length = shape[dim] if -len(shape) <= dim < len(shape) else 2
    return [own(shape)], {"k": d.integer(0, length + d.rarely()), "dim": dim, "largest": d.flag()}


@family(low=1, shapes=((4,), (2, 3), (3, 1, 2)))
def kth(d, shape):
    dim = d.dim(shape)
    length = shape[dim] if -len(shape) <= dim < len(shape) else 2
    k = d.integer(1 - d.rarely(), max(length, 1) + d.rarely())
    return [own(shape)], {"k": k, "dim": dim, "keepdim": d.flag()}


# ----------------------------------------------------------------------------------------------------- shapes


@family()
def reshaped(d, shape):
    return [own(shape)], {"shape": new_shape(d, shape)}


def new_shape(d, shape):
    """Another shape for as many elements, perhaps with -1 in it."""
    parts = list(shape)
    if len(parts) > 1 and d.flag():
        i = d.integer(0, len(parts) - 2)
        parts[i : i + 2] = [parts[i] * parts[i + 1]]
    if d.flag():
        parts.insert(d.integer(0, len(parts)), 1)
    if parts and d.flag():
        parts[d.integer(0, len(parts) - 1)] = -1
    if d.rarely():
        parts.append(7)
    return tuple(parts)


@family()
def flattened(d, shape):
    first, last = d.dim(shape), d.dim(shape)
    return [own(shape)], {"start_dim": first, "end_dim": last}


@family(low=1, shapes=((6,), (2, 6), (0, 4)))
def unflattened(d, shape):
    dim = d.dim(shape)
    length = shape[dim] if -len(shape) <= dim < len(shape) else 2
    sizes = d.choice([(length,), (1, length), (-1, 1), (length, 1, -1)])
    return [own(shape)], {"dim": dim, "sizes": (*sizes, 3) if d.rarely() else sizes}


@family()
def squeezed(d, shape):
    dim = d.choice([None, d.dim(shape), tuple(d.dims(shape))])
    return [own(shape)], {} if dim is None else {"dim": dim}


@family()
def unsqueezed(d, shape):
    return [own(shape)], {"dim": d.dim((*shape, 1))}


@family()
def permuted(d, shape):
    dims = [i - len(shape) * d.integer(0, 1) for i in d.order(len(shape))]
    return [own(shape)], {"dims": (*dims, 0) if d.rarely() else tuple(dims)}


@family(low=1, shapes=((3,), (2, 3), (0, 3), (3, 1, 2)))
def moved(d, shape):
    sources, targets = d.dims(shape), d.dims(shape)
    n = min(len(sources), len(targets)) or 1
    if d.flag():
        return [own(shape)], {"source": d.dim(shape), "destination": d.dim(shape)}
    return [own(shape)], {"source": tuple(sources[:n]) or (0,), "destination": tuple(targets[:n]) or (0,)}


@family(low=1, shapes=((3,), (2, 3), (0, 3), (3, 1, 2)))
def two_dims(d, shape):
    return [own(shape)], {"dim0": d.dim(shape), "dim1": d.dim(shape)}


@family(low=1, shapes=((3,), (2, 3), (0, 3), (3, 1, 2)))
def two_axes(d, shape):
    return [own(shape)], {"axis0": d.dim(shape), "axis1": d.dim(shape)}


@family(high=3)
def expanded(d, shape):
    given = tuple(1 if d.flag() else n for n in shape)
    wanted = tuple(-1 if d.integer(0, 3) == 3 else n for n in shape)
    return [own(given)], {"size": (*d.shape(0, 1), *((9, *wanted[1:]) if d.rarely() else wanted))}


@family(high=3)
def repeated(d, shape):
    repeats = tuple(d.integer(0, 2) for _ in shape)
    return [own(shape)], {"repeats": repeats[1:] if d.rarely() else (*d.shape(0, 1), *repeats)}


@family(high=3)
def tiled(d, shape):
    return [own(shape)], {"dims": tuple(d.integer(0, 2) for _ in range(d.integer(0, len(shape) + 1)))}


@family()
def flipped(d, shape):
    return [own(shape)], {"dims": d.dims(shape)}


@family(low=1, shapes=((3,), (2, 3), (0, 3), (3, 1, 2)))
def rolled(d, shape):
    dims = d.dims(shape)
    if not dims:
        return [own(shape)], {"shifts": d.integer(-4, 4)}
    return [own(shape)], {"shifts": tuple(d.integer(-4, 4) for _ in dims), "dims": tuple(dims)}


@family(low=2, shapes=((2, 3), (0, 3), (3, 1, 2)))
def turned(d, shape):
    i, j = d.order(len(shape))[:2]
    return [own(shape)], {"k": d.integer(-2, 5), "dims": (i, j - len(shape) * d.integer(0, 1))}


@family(low=2, shapes=((2, 3), (3, 3), (0, 3), (3, 1, 2)))
def matrices(d, shape):
    return [own(shape)], {"diagonal": d.integer(-2, 3)}


@family(low=1, high=2, shapes=((3,), (2, 3), (0,)))
def diagonal_of(d, shape):
    return [own(shape)], {"diagonal": d.integer(-2, 3)}


@family(low=2, high=2, shapes=((2, 3), (3, 3), (1, 2)))
def one_matrix(d, shape):
    return [own(shape)], {}


@family(high=2, shapes=((2, 3), (), (0, 3), (3,)))
def up_to_matrix(d, shape):
    return [own(shape)], {}


@family(low=2, shapes=((2, 3), (0, 3), (3, 1, 2)))
def of_rank_two_or_more(d, shape):
    return [own(shape)], {}


@family(low=1, shapes=((3,), (0, 3), (3, 1, 2)))
def of_rank_one_or_more(d, shape):
    return [own(shape)], {}


@family(low=2, shapes=((2, 3), (3, 3), (3, 1, 2)))
def diagonals(d, shape):
    i, j = d.order(len(shape))[:2]
    return [own(shape)], {"offset": d.integer(-2, 3), "dim1": i, "dim2": j - len(shape) * d.integer(0, 1)}


@family(low=1, high=3, shapes=((3,), (2, 3), (0, 2)))
def embedded(d, shape):
    ndim = len(shape) + 1
    i, j = d.order(ndim)[:2]
    return [own(shape)], {"offset": d.integer(-2, 3), "dim1": i, "dim2": j - ndim * d.integer(0, 1)}


@family(high=2)
def flat_offset(d, shape):
    return [own(shape)], {"offset": d.integer(-2, 3)}


# ----------------------------------------------------------------------------------------- pieces and joining


@family(low=1, shapes=((3,), (2, 3), (0, 3), (3, 1, 2)))
def joined(d, shape):
    dim = d.dim(shape) if shape != (0,) else 0  # PyTorch looks at no dim where nothing is joined
    inputs = [own(shape)]
    for _ in range(d.integer(0, 2)):
        other = list(shape)
        if -len(shape) <= dim < len(shape):
            other[dim] = d.integer(0, 3)
        if d.rarely():
            other[0] += 1
        inputs.append(own(other))
    return inputs, {"dim": dim}


@family(high=3)
def stacked(d, shape):
    inputs = [own(shape)] * d.integer(1, 3)
    if d.rarely():
        return [*inputs, own((*shape, 2))], {"dim": 0}
    return inputs, {"dim": d.dim((*shape, 1))}


@family(high=3)
def side_by_side(d, shape):
    return [own(shape)] * d.integer(1, 3), {}


@family(high=2)
def several(d, shape):
    return [own(d.broadcastable(shape)) for _ in range(d.integer(0, 1))] + [own(shape)], {}


@family(low=1, high=1, shapes=((2,), (0,), (3,)))
def axes(d, shape):
    inputs = [own(shape)] + [own(d.choice(((3,), (2,), (), (1,)))) for _ in range(d.integer(0, 2))]
    return inputs, {"indexing": d.choice(("ij", "xy"))}


@family(low=1, shapes=((5,), (2, 3), (0, 3), (3, 4, 2)))
def pieces(d, shape):
    dim = d.dim(shape)
    length = shape[dim] if -len(shape) <= dim < len(shape) else 2
    sizes = sections(d, length) if d.flag() else d.integer(1 - d.rarely(), 4)
    return [own(shape)], {"split_size_or_sections": sizes, "dim": dim}


def sections(d, length):
    """Lengths that add up to the whole, or rarely not."""
    first = d.integer(0, length)
    return [first, length - first + d.rarely()]


@family(low=1, shapes=((5,), (2, 3), (0, 3), (3, 4, 2)))
def section_lengths(d, shape):
    dim = d.dim(shape)
    length = shape[dim] if -len(shape) <= dim < len(shape) else 2
    return [own(shape)], {"split_sizes": sections(d, length), "dim": dim}


@family(low=1, shapes=((5,), (2, 3), (0, 3), (3, 4, 2)))
def chunks(d, shape):
    return [own(shape)], {"chunks": d.integer(1 - d.rarely(), 4), "dim": d.dim(shape)}


@family(low=1, shapes=((5,), (2, 3), (0, 3), (3, 4, 2)))
def sections_or_bounds(d, shape):
    bounds = tuple(accumulate(d.integer(0, 2) for _ in range(d.integer(0, 3))))
    return [own(shape)], {"indices_or_sections": d.choice([d.integer(1, 4), bounds]), "dim": d.dim(shape)}


@family(low=1, shapes=((3,), (2, 3), (3, 1, 2)))
def one_place(d, shape):
    dim = d.dim(shape)
    length = shape[dim] if -len(shape) <= dim < len(shape) else 2
    place = d.integer(-length, max(length - 1, 0)) + (length if d.rarely() else 0)
    return [own(shape)], {"dim": dim, "index": place}


@family(low=1, shapes=((3,), (2, 3), (3, 1, 2)))
def narrowed(d, shape):
    dim = d.dim(shape)
    length = shape[dim] if -len(shape) <= dim < len(shape) else 2
    start = d.integer(0, length)
    return [own(shape)], {"dim": dim, "start": start, "length": d.integer(0, length - start) + d.rarely()}


@family(low=1, shapes=((5,), (2, 3), (3, 4, 2)))
def windows(d, shape):
    dim = d.dim(shape)
    length = shape[dim] if -len(shape) <= dim < len(shape) else 2
    size = d.integer(min(1, length), length + d.rarely())
    return [own(shape)], {"dimension": dim, "size": size, "step": d.integer(1 - d.rarely(), 3)}


# ---------------------------------------------------------------------------------------------------- indices


@family(low=1, shapes=((3,), (2, 3), (0, 3), (3, 1, 2)))
def index_expression(d, shape):
    return [own(shape)], {"index": index_of(d, shape)}


@family(low=1, high=3, shapes=((3,), (2, 3), (3, 1, 2)))
def indexed_assignment(d, shape):
    where = index_of(d, shape)
    try:
        part = np.empty(shape)[where].shape
    except IndexError:
        part = ()
    return [own(shape), own(d.broadcastable(part))], {"index": where}


def index_of(d, shape):
    """What may stand in x[...]: integers, slices, lists, masks, None and an ellipsis."""
    items, left, depth = [], list(shape), d.integer(0, len(shape))
    together = d.choice(((2,), (1,), (2, 1)))  # the shape of all index arrays
    while depth and left:
        n = left.pop(0)
        kind = d.integer(0, 5)
        depth -= 1
        if kind == 0:
            items.append(slice(None))
        elif kind == 1:
            bounds = (None, 0, 1, -1, n)
            items.append(slice(d.choice(bounds), d.choice(bounds), d.choice((None, 1, 2))))
        elif kind == 2:
            items.append(d.integer(-n, n - 1) if n else slice(1))
        elif kind == 3 and n:
            items.append(np.array([d.integer(-n, n - 1) for _ in range(prod(together))]).reshape(together))
        elif kind == 4:
            items.append(None)
            left.insert(0, n)
        elif n:
            items.append([d.integer(0, n - 1)] * 2 if together == (2,) else d.integer(0, n - 1))
    if d.rarely():
        items.insert(0, 9)
    if d.flag():
        items.append(...)
    return items[0] if len(items) == 1 else tuple(items)


@family(low=1, high=3, shapes=((3,), (2, 3), (3, 1, 2)))
def gathered(d, shape):
    dim = d.dim(shape)
    wanted, length = smaller(d, shape, dim)
    return [own(shape), index(wanted, length)], {"dim": dim}


@family(low=1, high=3, shapes=((3,), (2, 3), (3, 1, 2)))
def taken_along(d, shape):
    dim = d.dim(shape)
    wanted, _ = smaller(d, shape, dim)
    axis = dim % len(shape)
    length = max(shape[axis], 1)
    wanted = [wanted[i] if i == axis else d.choice((n, 1)) for i, n in enumerate(shape)]
    return [own(shape), index(wanted, length)], {"dim": dim}


def smaller(d, shape, dim):
    """A shape that nowhere exceeds the other but in `dim`, and that dimension's length."""
    axis = dim % len(shape) if -len(shape) <= dim < len(shape) else None
    wanted = [d.integer(0, 3) if i == axis else d.integer(min(n, 1), n) for i, n in enumerate(shape)]
    length = shape[axis] if axis is not None else 1
    if not length:
        wanted[axis] = 0
    return wanted, max(length, 1) + d.rarely()


@family(low=1, high=3, shapes=((3,), (2, 3), (3, 1, 2)))
def scattered(d, shape):
    dim = d.dim(shape)
    axis = dim % len(shape)
    wanted, length = smaller(d, shape, dim)
    wanted[axis] = min(wanted[axis], shape[axis])  # no place twice: which of two values stays is not defined
    places = Input(tuple(wanted), "permutation", axis, length)
    return [own(shape), places, own(wanted)], {"dim": dim}


@family(low=1, high=3, shapes=((3,), (2, 3), (3, 1, 2)))
def scattered_sums(d, shape):
    dim = d.dim(shape)
    wanted, length = smaller(d, shape, dim)
    return [own(shape), index(wanted, length), own(wanted)], {"dim": dim}


@family(low=1, high=3, shapes=((3,), (2, 3), (3, 1, 2)))
def selected(d, shape):
    dim = d.dim(shape)
    length = shape[dim] if -len(shape) <= dim < len(shape) else 1
    return [own(shape), index((d.integer(0, 3) if length else 0,), max(length, 1))], {"dim": dim}


@family(low=1, high=3, shapes=((3,), (2, 3), (3, 1, 2)))
def selected_with_source(d, shape):
    [x, places], options = selected(d, shape)
    source = list(shape)
    if -len(shape) <= options["dim"] < len(shape):
        source[options["dim"]] = places.shape[0] + d.rarely()
    return [x, places, own(source)], options


@family(low=1, high=3, shapes=((3,), (2, 3), (3, 1, 2)))
def taken(d, shape):
    size = max(prod(shape), 1)
    return [own(shape), index(d.shape(0, 2) if prod(shape) else (0,), size)], {}


@family(low=1, high=2, shapes=((3,), (5,), (2, 3)))
def sorted_and_values(d, shape):
    return [Input(shape, "sorted"), own((*shape[:-1], d.integer(0, 3)))], {"right": d.flag()}


@family(high=2)
def values_and_bounds(d, shape):
    return [own(shape), Input((d.integer(0, 4),), "sorted")], {"right": d.flag()}


@family(low=1, high=1, shapes=((3,), (0,), (5,)))
def small_counts(d, shape):
    return [Input(shape, "index", 0, 5)], {"minlength": d.choice((0, 3, 7))}


# --------------------------------------------------------------------------------------------------- products


@family(**BY_ITSELF)
def product(d, shape):
    n, k, m = d.integer(1, 3), d.length(), d.integer(1, 3)
    batch = tuple(d.length() for _ in range(d.integer(0, 2)))
    if d.rarely():
        return [own((n, k)), own((k + 1, m))], {}
    left = d.choice(((n, k), (k,), (*batch, n, k)))
    right = d.choice(((k, m), (k,), (*d.broadcastable(batch), k, m)))
    return [own(left), own(right)], {}


def of_shapes(*names):
    """A family of products: of each input the letters of its dimensions' lengths."""

    def shapes(d, shape):
        lengths = {letter: d.length() for letter in sorted(set("".join(names)))}
        inputs = [own([lengths[letter] for letter in name]) for name in names]
        if d.rarely():
            inputs[-1] = own((*inputs[-1].shape[:-1], 7))
        return inputs, {}

    shapes.__name__ = "product of shapes " + " ".join(names)
    return family(**BY_ITSELF)(shapes)


matrix_product = of_shapes("nk", "km")
batched_product = of_shapes("bnk", "bkm")
matrix_and_vector = of_shapes("nk", "k")
two_vectors = of_shapes("n", "n")
outer_product = of_shapes("n", "m")
matrix_plus = of_shapes("nm", "nk", "km")
vector_plus = of_shapes("n", "nk", "k")
outer_plus = of_shapes("nm", "n", "m")
batch_plus = of_shapes("bnm", "bnk", "bkm")
batch_sum_plus = of_shapes("nm", "bnk", "bkm")
last_with_last = of_shapes("abk", "mk")
three_by_two = of_shapes("abc", "bcd")


@family(**BY_ITSELF)
def einsum_terms(d, shape):
    equations = ("ij,jk->ik", "ij->ji", "ii->i", "ij,ij->", "bij,bjk", "...i,i->...", "i,j->ij", "ij->")
    equation = d.choice(equations)
    lengths = {letter: d.integer(1, 3) for letter in "abcdijk"}
    terms = equation.split("->")[0].replace("...", "ab").split(",")
    return [own([lengths[letter] for letter in term]) for term in terms], {"equation": equation}


@family(high=2)
def kronecker(d, shape):
    return [own(shape), own(d.shape(0, 2))], {}


@family(low=1, high=3, shapes=((3,), (2, 3), (1, 3, 2)))
def three_long(d, shape):
    dim = d.integer(0, len(shape) - 1)
    shape = tuple(3 if i == dim else n for i, n in enumerate(shape))
    return [own(shape), own(shape)], {"dim": dim}


# -------------------------------------------------------------------------------------------- neural networks


REDUCTIONS = ("mean", "sum", "none")


@family(shapes=((2, 3), (), (3, 1, 2)))
def pair_to_loss(d, shape):
    return [floats(shape), floats(shape)], {"reduction": d.choice(REDUCTIONS)}


@family(shapes=((2, 3), (), (3, 1, 2)))
def chances_to_loss(d, shape):
    return [floats(shape, 0.1, 0.9), floats(shape, 0.1, 0.9)], {"reduction": d.choice(REDUCTIONS)}


@family(low=1, shapes=((2, 3), (4,), (3, 1, 2)))
def divergence(d, shape):
    options = {"reduction": d.choice(("batchmean", "sum", "none")), "log_target": d.flag()}
    return [floats(shape, 0.1, 0.9), floats(shape, 0.1, 0.9)], options


@family(shapes=((2, 3), (), (3, 1, 2)))
def positive_to_loss(d, shape):
    inputs = [floats(shape), floats(shape), floats(shape, 0.5, 2)]
    return inputs, {"full": d.flag(), "reduction": d.choice(REDUCTIONS)}


@family(shapes=((2, 3), (), (3, 1, 2)))
def signs_to_loss(d, shape):
    return [floats(shape), Input(shape, "sign")], {"reduction": d.choice(REDUCTIONS)}


@family(high=2, shapes=((4,), (2, 3), ()))
def ranked_pairs(d, shape):
    inputs = [floats(shape), floats(shape), Input(shape, "sign")]
    return inputs, {"margin": d.choice((0.0, 0.5)), "reduction": d.choice(REDUCTIONS)}


@family(low=2, high=2, shapes=((2, 3), (4, 2)))
def labelled_vectors(d, shape):
    shape = (shape[0], shape[1] + 1)  # the cosine of two numbers is 1 or -1, without a slope
    inputs = [floats(shape, 0.25, 2), floats(shape, 0.25, 2), Input(shape[:1], "sign")]
    return inputs, {"margin": d.choice((0.0, 0.5)), "reduction": d.choice(REDUCTIONS)}


@family(low=2, high=2, shapes=((2, 3), (4, 2)))
def triplets(d, shape):
    options = {"margin": d.choice((1.0, 0.25)), "swap": d.flag(), "reduction": d.choice(REDUCTIONS)}
    return [floats(shape)] * 3, options


@family(low=1, high=2, shapes=((2, 3), (4,), (3, 1)))
def pairs_of_vectors(d, shape):
    return [floats(shape), floats(shape)], {}


@family(**BY_ITSELF)
def scores_and_classes(d, shape):
    n, c = d.integer(1, 3), d.integer(1, 4)
    rest = d.choice(((), (2,), (2, 1)))
    weight = [floats((c,), 0.5, 2)] if d.flag() else []
    inputs = [floats((n, c, *rest)), index((n, *rest), c + d.rarely()), *weight]
    return inputs, {"reduction": d.choice(REDUCTIONS)}


@family(**BY_ITSELF)
def scores_and_one_class_each(d, shape):
    n, c = d.integer(1, 3), d.integer(1, 4)
    options = {"reduction": d.choice(REDUCTIONS), "margin": d.choice((1.0, 0.5))}
    return [floats((n, c)), index((n,), c)], options


@family(low=2, shapes=((2, 3), (3, 4, 2)))
def scores_and_chances(d, shape):
    shape = (shape[0], shape[1] + 1, *shape[2:])
    options = {"reduction": d.choice(REDUCTIONS), "label_smoothing": d.choice((0.0, 0.25))}
    return [floats(shape), floats(shape, 0.1, 0.9)], options


@family(low=1, shapes=((4,), (2, 3), (0, 3), (3, 1, 2)))
def dense(d, shape):
    out = d.integer(1, 3)
    bias = [floats((out,))] if d.flag() else []
    return [floats(shape), floats((out, shape[-1] + d.rarely())), *bias], {}


@family(**BY_ITSELF)
def two_to_one(d, shape):
    n, a, b, out = (d.integer(1, 3) for _ in range(4))
    return [floats((n, a)), floats((n, b)), floats((out, a, b)), floats((out,))], {}


@family(low=1, high=2, shapes=((3,), (2, 3), (0, 2)))
def words(d, shape):
    n = d.integer(1, 4)
    return [index(shape, n + d.rarely()), floats((n, 3))], {"padding_idx": d.optional(d.integer(-n, n - 1))}


@family(low=1, shapes=((3,), (2, 3), (3, 1, 2)))
def classes(d, shape):
    return [index(shape, 3)], {"num_classes": d.choice((3, 5, -1))}


@family(low=2, shapes=((2, 3), (3, 4, 2)))
def with_slopes(d, shape):
    return [floats(shape), floats((d.choice((1, shape[1])),))], {}


@family(low=1, shapes=((4,), (2, 3), (3, 1, 2)))
def to_unit_length(d, shape):
    return [floats(shape, 0.5, 2)], {"p": d.choice((2.0, 1.0, 3.0)), "dim": d.dim(shape)}


@family(low=1, shapes=((4,), (2, 6), (3, 2, 2)))
def halves(d, shape):
    return [floats([2 * n for n in shape])], {"dim": d.dim(shape)}


@family(low=1, shapes=((4,), (2, 3), (3, 2, 2)))
def last_dims_normalized(d, shape):
    shape = (*shape[:-1], shape[-1] + 2)  # of a single number the variance is 0, and its root has no slope
    tail = shape[d.integer(0, len(shape) - 1) :]
    parameters = [floats(tail), floats(tail)][: d.integer(0, 2)]
    return [floats(shape), *parameters], {"normalized_shape": list(tail)}


@family(low=1, shapes=((4,), (2, 3), (3, 2, 2)))
def last_dims_scaled(d, shape):
    [x, *parameters], options = last_dims_normalized(d, shape)
    return [x, *parameters[:1]], options


@family(**BY_ITSELF)
def questions_keys_and_values(d, shape):
    batch = tuple(d.integer(1, 2) for _ in range(d.integer(1, 2)))
    n, m, e = d.integer(1, 3), d.integer(1, 3), d.integer(1, 3)
    options = {"is_causal": d.flag(), "scale": d.choice((None, 0.5))}
    return [floats((*batch, n, e)), floats((*batch, m, e)), floats((*batch, m, d.integer(1, 3)))], options


@family(**BY_ITSELF)
def channels(d, shape):
    n, c = d.integer(2, 3), d.integer(1, 3)
    parameters = [floats((c,), 0.5, 2), floats((c,))] if d.flag() else []
    return [floats((n, c, *d.choice(((), (3,), (2, 3))))), *parameters], {}


@family(**BY_ITSELF)
def channels_with_statistics(d, shape):
    inputs, _ = channels(d, shape)
    c = inputs[0].shape[1]
    return [inputs[0], floats((c,)), floats((c,), 0.5, 2), *inputs[1:]], {}


@family(**BY_ITSELF)
def channels_of_pictures(d, shape):
    n, c = d.integer(1, 3), d.integer(1, 3)
    parameters = [floats((c,), 0.5, 2), floats((c,))] if d.flag() else []
    return [floats((n, c, *d.choice(((3,), (2, 3))))), *parameters], {}


@family(**BY_ITSELF)
def groups_of_channels(d, shape):
    n, groups, each = d.integer(1, 3), d.integer(1, 2), d.integer(1, 2)
    c = groups * each
    parameters = [floats((c,), 0.5, 2), floats((c,))] if d.flag() else []
    lengths = d.choice(((3,), (2, 3)))
    return [floats((n, c, *lengths)), *parameters], {"num_groups": groups + d.rarely()}


@family(low=2, high=3, shapes=((2, 3), (2, 3, 4)))
def batches_of_rows(d, shape):
    return [own(shape)], {}


@family(low=4, shapes=((2, 3, 1, 2), (1, 2, 3, 3)))
def batches_of_pictures(d, shape):
    return [own(shape)], {}


def convolution(rank):
    def pictures_and_weight(d, shape):
        groups, each, out = d.choice((1, 1, 2)), d.integer(1, 2), d.integer(1, 2)
        kernel = [d.integer(1, 3) for _ in range(rank)]
        x = (d.integer(1, 2), groups * each, *(d.integer(3, 5) for _ in range(rank)))
        bias = [floats((groups * out,))] if d.flag() else []
        options = {"stride": d.integer(1, 2), "padding": d.integer(0, 2), "dilation": d.integer(1, 2)}
        if options["stride"] == 1 and d.flag():
            options["padding"] = d.choice(("same", "valid"))
        weight = (groups * out, each + d.rarely(), *kernel)
        return [floats(x), floats(weight), *bias], {**options, "groups": groups}

    pictures_and_weight.__name__ = f"convolution{rank}d"
    return family(**BY_ITSELF)(pictures_and_weight)


def transposed_convolution(rank):
    def pictures_and_weight(d, shape):
        groups, each, out = d.choice((1, 1, 2)), d.integer(1, 2), d.integer(1, 2)
        kernel = [d.integer(1, 3) for _ in range(rank)]
        x = (d.integer(1, 2), groups * each, *(d.integer(3, 5) for _ in range(rank)))
        bias = [floats((groups * out,))] if d.flag() else []
        stride = d.integer(1, 3)
        options = {"stride": stride, "padding": d.integer(0, 1), "output_padding": d.integer(0, stride - 1)}
        weight = (groups * each + d.rarely(), out, *kernel)
        return [floats(x), floats(weight), *bias], {**options, "groups": groups, "dilation": d.integer(1, 2)}

    pictures_and_weight.__name__ = f"transposed_convolution{rank}d"
    return family(**BY_ITSELF)(pictures_and_weight)


def pictures(d, rank, low=3, high=6):
    """Pictures, or one picture, with one or two channels."""
    batch = d.choice(((2,), (1,), ()))
    return (*batch, d.integer(1, 2), *(d.integer(low, high) for _ in range(rank)))


def pooling(rank, **more):
    def windows_of_pictures(d, shape):
        kernel = d.integer(1, 3)
        options = {"kernel_size": kernel, "stride": d.choice((None, 1, 2)), "ceil_mode": d.flag()}
        options["padding"] = d.integer(0, kernel // 2 + d.rarely())
        return [floats(pictures(d, rank))], options | {k: d.choice(values) for k, values in more.items()}

    windows_of_pictures.__name__ = f"pooling{rank}d of {sorted(more)}"
    return family(**BY_ITSELF)(windows_of_pictures)


def adaptive(rank, **more):
    def cells_of_pictures(d, shape):
        sizes = tuple(d.integer(1, 4) for _ in range(rank))
        options = {"output_size": sizes if d.flag() or rank == 1 else sizes[0]}
        return [floats(pictures(d, rank))], options | {k: d.choice(values) for k, values in more.items()}

    cells_of_pictures.__name__ = f"adaptive{rank}d of {sorted(more)}"
    return family(**BY_ITSELF)(cells_of_pictures)


@family(**BY_ITSELF)
def padded(d, shape):
    rank = d.integer(1, 2)
    mode = d.choice(("constant", "reflect", "replicate", "circular"))
    pad = [d.integer(-1 if mode == "constant" else 0, 2) for _ in range(2 * rank)]
    options = {"value": d.choice((None, 0.5))} if mode == "constant" else {}
    return [floats(pictures(d, rank))], {"pad": pad, "mode": mode, **options}


@family(**BY_ITSELF)
def resized(d, shape):
    rank = d.integer(1, 2)
    mode = d.choice(("nearest", "linear" if rank == 1 else "bilinear"))
    options = {"size": [d.integer(1, 7) for _ in range(rank)]}
    if d.flag():
        options = {"scale_factor": d.choice((2, 1.5, 0.5))}
    if mode != "nearest":
        options["align_corners"] = d.flag()
    return [floats((d.integer(1, 2), 2, *(d.integer(2, 4) for _ in range(rank))))], {**options, "mode": mode}


@family(**BY_ITSELF)
def patches(d, shape):
    x = (d.integer(1, 2), d.integer(1, 2), d.integer(4, 5), d.integer(4, 5))
    options = {"dilation": 1, "padding": d.integer(0, 1), "stride": d.integer(1, 2)}
    return [floats(x)], {"kernel_size": d.choice((2, (1, 3))), **options}


@family(**BY_ITSELF)
def columns(d, shape):
    n, c, h, w = d.integer(1, 2), d.integer(1, 2), d.integer(3, 4), d.integer(3, 4)
    return [floats((n, 4 * c, (h - 1) * (w - 1) + d.rarely()))], {"output_size": (h, w), "kernel_size": 2}


@family(**BY_ITSELF)
def pixels(d, shape):
    factor = d.integer(1, 3)
    return [own((2, 2 * factor**2, 2, d.integer(1, 2)))], {"upscale_factor": factor}


@family(**BY_ITSELF)
def fine_pixels(d, shape):
    factor = d.integer(1, 3)
    return [own((2, 2, 2 * factor, factor))], {"downscale_factor": factor}


@family(**BY_ITSELF)
def transformations(d, shape):
    n = d.integer(1, 2)
    return [floats((n, 2, 3))], {"size": (n, 1, d.integer(1, 3), d.integer(1, 3)), "align_corners": d.flag()}


@family(**BY_ITSELF)
def pictures_and_grid(d, shape):
    n, h, w = d.integer(1, 2), d.integer(1, 3), d.integer(1, 3)
    options = {"mode": d.choice(("bilinear", "nearest")), "padding_mode": d.choice(("zeros", "border"))}
    return [floats((n, 2, 4, 3)), floats((n, h, w, 2), -1.2, 1.2)], {**options, "align_corners": d.flag()}


# ------------------------------------------------------------------------------ what few operations are given


@family(low=1, high=3, shapes=((4,), (2, 3), (3, 1, 2)))
def fractions(d, shape):
    dim = {"dim": d.integer(0, len(shape) - 1), "keepdim": d.flag()} if d.flag() else {}
    return [own([n + 1 for n in shape])], {"q": d.choice((0.5, 0.3, 0.0, 1.0)), **dim}


@family(low=1, high=3, shapes=((4,), (2, 3), (3, 1, 2)))
def differences(d, shape):
    return [own(shape)], {"n": d.integer(1, 2), "dim": d.dim(shape)}


@family(**BY_ITSELF)
def two_sets_of_points(d, shape):
    n, m, k = d.integer(1, 3), d.integer(1, 3), d.integer(1, 3)
    batch = d.choice(((), (2,)))
    return [own((*batch, n, k)), own((*batch, m, k))], {"p": d.choice((2.0, 1.0, 3.0))}


@family(low=2, high=3, shapes=((2, 3), (4, 2), (3, 1, 2)))
def normed_parts(d, shape):
    options = {"p": d.choice((2, 1)), "dim": d.integer(0, len(shape) - 1), "maxnorm": 1.0}
    return [own([n + 1 for n in shape], 0.25, 2)], options


@family(low=2, high=2, shapes=((2, 3), (3, 4)))
def observations(d, shape):
    return [own((shape[0] + 1, shape[1] + 2))], {}


@family(low=1, high=3, shapes=((3,), (2, 3), (3, 1, 2)))
def replaced_place(d, shape):
    shape = tuple(n + 1 for n in shape)
    dim = d.integer(0, len(shape) - 1)
    part = [n for i, n in enumerate(shape) if i != dim]
    return [own(shape), own(part)], {"dim": dim, "index": d.integer(0, shape[dim] - 1)}


@family(low=1, high=3, shapes=((3,), (2, 3), (3, 1, 2)))
def replaced_slice(d, shape):
    shape = tuple(n + 1 for n in shape)
    dim = d.integer(0, len(shape) - 1)
    start, step = d.integer(0, shape[dim] - 1), d.integer(1, 2)
    part = [len(range(start, n, step)) if i == dim else n for i, n in enumerate(shape)]
    return [own(shape), own(part)], {"dim": dim, "start": start, "step": step}


@family(low=2, high=3, shapes=((2, 3), (3, 3), (3, 1, 2)))
def replaced_diagonal(d, shape):
    shape = tuple(n + 1 for n in shape)
    offset = d.integer(-1, 1)
    return [own(shape), own(np.diagonal(np.empty(shape), offset).shape)], {"offset": offset}


@family(low=1, high=3, shapes=((3,), (2, 3), (3, 1, 2)))
def put_places(d, shape):
    shape = tuple(n + 1 for n in shape)
    n = d.integer(0, 4)
    return [own(shape), index((n,), prod(shape)), own((n,))], {}


@family(low=1, high=3, shapes=((4,), (2, 4), (3, 2, 2)))
def even_columns(d, shape):
    axis = min(len(shape) - 1, 1)
    return [own([2 * n if i == axis else n for i, n in enumerate(shape)])], {}


@family(low=2, high=3, shapes=((4, 1), (2, 4), (3, 2, 2)))
def even_rows(d, shape):
    return [own((2 * shape[0], *shape[1:]))], {}


@family(low=3, shapes=((4, 1, 2), (3, 2, 3)))
def even_depth(d, shape):
    return [own(shape)], {}


@family(high=2, shapes=((2, 3), (), (3,)))
def blocks(d, shape):
    return [own([n + 1 for n in shape]), own([n + 1 for n in d.shape(0, 2)])], {}


@family(low=1, shapes=((4,), (2, 3), (3, 1, 2)))
def along_filled_dim(d, shape):
    return [own([max(n, 1) for n in shape])], {"dim": d.dim(shape)}


@family(low=1, high=1, shapes=((3,), (1,), (2,)))
def vectors(d, shape):
    return [own(shape)] * d.integer(1, 3), {}


@family(low=1, high=1, shapes=((3,), (4,), (2,)))
def one_vector(d, shape):
    return [own(shape)], {"r": d.integer(1, 3), "with_replacement": d.flag()}


@family(**BY_ITSELF)
def shuffled(d, shape):
    groups = d.integer(1, 3)
    return [own((d.integer(1, 2), groups * d.integer(1, 2), *d.choice(((3,), (2, 2)))))], {"groups": groups}


@family(**BY_ITSELF)
def one_set_of_points(d, shape):
    return [own((d.integer(2, 4), d.integer(1, 3)))], {"p": d.choice((2.0, 1.0, 3.0))}


@family(**BY_ITSELF)
def channels_of_neighbours(d, shape):
    x = (d.integer(1, 2), d.integer(2, 4), *d.choice(((3,), (2, 2))))
    return [floats(x)], {"size": d.integer(1, 3), "alpha": 0.5, "k": d.choice((1.0, 2.0))}


def powers(rank):
    def pictures_of_positive_numbers(d, shape):
        options = {"norm_type": d.choice((2, 1, 3)), "kernel_size": d.integer(1, 2)}
        return [floats(pictures(d, rank), 0.25, 2)], {**options, "stride": d.choice((None, 1))}

    pictures_of_positive_numbers.__name__ = f"powers{rank}d"
    return family(**BY_ITSELF)(pictures_of_positive_numbers)


def places_of_the_largest(rank):
    def pictures_of_even_size(d, shape):
        return [floats((d.integer(1, 2), 2, *(2 * d.integer(1, 3) for _ in range(rank))))], {}

    pictures_of_even_size.__name__ = f"places of the largest{rank}d"
    return family(**BY_ITSELF)(pictures_of_even_size)


@family(**BY_ITSELF)
def scores_and_some_classes(d, shape):
    n, c = d.integer(1, 3), d.integer(2, 4)
    return [floats((n, c)), Input((n, c), "permutation", 1, c)], {"reduction": d.choice(REDUCTIONS)}


@family(low=2, high=2, shapes=((2, 3), (3, 4)))
def scores_and_labels(d, shape):
    shape = (shape[0], shape[1] + 1)
    return [floats(shape), Input(shape, "sign")], {"reduction": d.choice(REDUCTIONS)}


@family(low=1, high=3, shapes=((3,), (2, 3), (3, 1, 2)))
def two_numbers_or_more(d, shape):
    return [own([n + 1 for n in shape])], {}


@family(**BY_ITSELF)
def square_matrices(d, shape):
    n = d.integer(1, 3)
    return [floats((*d.choice(((), (2,), (1, 2))), n, n), -0.75, 0.75)], {}


@family(**BY_ITSELF)
def equations(d, shape):
    n, batch = d.integer(1, 3), d.choice(((), (2,)))
    return [floats((*batch, n, n), -0.75, 0.75), floats((*batch, n, d.integer(1, 3)))], {}


@family()
def vectors_norm(d, shape):
    [x], options = reduction(d, shape)
    return [own([max(n, 1) for n in x.shape])], {"ord": d.choice((2, 1, float("inf"), 3)), **options}


@family(**BY_ITSELF)
def chain_of_matrices(d, shape):
    lengths = [d.integer(1, 3) for _ in range(d.integer(3, 5))]
    return [own(pair) for pair in pairwise(lengths)], {}


@family(low=1, shapes=((3,), (2, 3), (3, 1, 2)))
def of_one_shape_with_dims(d, shape):
    return [own(shape), own(shape)], {"dim": d.integer(0, len(shape) - 1)}
