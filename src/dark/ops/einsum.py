"""einsum: sums of products, said by a letter for each dimension."""  # beyond

import math
import string

from ..tensor import Tensor, of_tensors
from .broadcasting import expand
from .diagonals import diagonal
from .gathering import check_devices
from .linalg import matmul
from .shape import permute, reshape


@of_tensors
def einsum(*args):
    """The sum of the products of the operands' elements over all letters that the result does not have.

    `einsum("bij,bjk->bik", x, y)`: a letter for each dimension of each operand; the same letter, the same
    length (or 1, which broadcasts). "..." stands for any further dimensions. Without "->" the result has,
    in alphabetical order, the letters that appear once. Lists of numbers may take the place of the letters:
    `einsum(x, [0, 1, 2], y, [0, 2, 3], [0, 1, 3])`.

    It works from left to right on two operands at a time, as a batch of matrix products, and is made of
    other operations: so are its gradients.
    """
    equation, operands = (args[0], args[1:]) if isinstance(args[0], str) else from_lists(args)
    if len(operands) == 1 and isinstance(operands[0], (tuple, list)):
        operands = operands[0]
    names, result = letters(equation, operands)
    check_lengths(names, operands)
    check_devices("einsum", *(x for x in operands if isinstance(x, Tensor)))

    x, have = unique(operands[0], names[0])
    for i, (operand, theirs) in enumerate(zip(operands[1:], names[1:]), 2):
        y, theirs = unique(operand, theirs)
        needed = set(result).union(*names[i:])
        x, have = contracted(x, have, y, theirs, needed)
    x, have = summed(x, have, set(result))
    return permute(x, [have.index(name) for name in result])


def from_lists(args):
    """The equation of einsum(x, [0, 1], y, [1, 2], [0, 2]), and its operands."""
    def word(numbers):
        return "".join("..." if n is ... else string.ascii_letters[n] for n in numbers)

    pairs, rest = list(zip(args[::2], args[1::2])), args[2 * (len(args) // 2) :]
    equation = ",".join(word(numbers) for _, numbers in pairs)
    return equation + "".join(f"->{word(numbers)}" for numbers in rest), [x for x, _ in pairs]


def letters(equation, operands):
    """For each operand, and for the result, the list of its dimensions' names.

    Those that "..." stands for are named by numbers, counted from the right.
    """
    inputs, arrow, output = equation.replace(" ", "").partition("->")
    words = inputs.split(",")
    if len(words) != len(operands):
        raise RuntimeError(f"einsum: {equation!r} names {len(words)} operands, {len(operands)} are given")
    for word in (*words, output):
        if not (set(word.replace("...", "", 1)) <= set(string.ascii_letters)):
            raise RuntimeError(f"einsum: {word!r} in {equation!r} is not letters with at most one '...'")

    names = []
    for word, x in zip(words, operands):
        before, dots, after = word.partition("...")
        further = x.ndim - len(before) - len(after)
        if further < 0 or (further and not dots):
            raise RuntimeError(f"einsum: {word!r} in {equation!r} names the dimensions of {tuple(x.shape)}")
        names.append([*before, *range(-further, 0), *after])

    used = [name for word in names for name in word]
    further = sorted({name for name in used if isinstance(name, int)})
    if arrow:
        before, dots, after = output.partition("...")
        result = [*before, *(further if dots else []), *after]
    else:
        result = [*further, *sorted({n for n in used if isinstance(n, str) and used.count(n) == 1})]
    if len(set(result)) < len(result) or not set(result) <= set(used):
        raise RuntimeError(f"einsum: the result of {equation!r} has a letter twice, or one of its own")
    return names, result


def check_lengths(names, operands):
    """Raise where dimensions of the same name have lengths that do not broadcast."""
    lengths = {}
    for word, x in zip(names, operands):
        for name, n in zip(word, x.shape):
            if n != 1 and lengths.setdefault(name, n) != n:
                raise RuntimeError(f"einsum: {name!r} has length {lengths[name]} and length {n}")


def unique(x, names):
    """`x` and its names, with the diagonal in the place of dimensions of the same name."""
    names = list(names)
    for name in dict.fromkeys(names):
        while names.count(name) > 1:
            first = names.index(name)
            second = names.index(name, first + 1)
            x = diagonal(x, 0, first, second)
            names = [n for i, n in enumerate(names) if i not in (first, second)] + [name]
    return x, names


def summed(x, names, needed):
    """`x` and its names, without the dimensions that nothing needs any more."""
    dims = tuple(i for i, name in enumerate(names) if name not in needed)
    return (x.sum(axis=dims), [n for n in names if n in needed]) if dims else (x, names)


def contracted(x, mine, y, theirs, needed):
    """The sum of products of two tensors over the names of both that nothing else needs."""
    x, mine = summed(x, mine, needed.union(theirs))
    y, theirs = summed(y, theirs, needed.union(mine))
    lengths = dict(zip(mine, x.shape))
    lengths |= {n: max(m, lengths.get(n, m)) if m * lengths.get(n, m) else 0 for n, m in zip(theirs, y.shape)}
    both = [n for n in mine if n in theirs]
    batch, inner = [n for n in both if n in needed], [n for n in both if n not in needed]
    rows, columns = [n for n in mine if n not in both], [n for n in theirs if n not in both]

    def matrices(x, names, *groups):
        """`x` with its dimensions in the order of the groups, and each group made into one dimension."""
        x = permute(x, [names.index(n) for group in groups for n in group])
        x = expand(x, [lengths[n] for group in groups for n in group])
        return reshape(x, [math.prod(lengths[n] for n in group) for group in groups])

    if inner:
        product = matmul(matrices(x, mine, batch, rows, inner), matrices(y, theirs, batch, inner, columns))
    else:
        product = matrices(x, mine, batch, rows, []) * matrices(y, theirs, batch, [], columns)
    names = batch + rows + columns
    return reshape(product, [lengths[n] for n in names]), names
