"""New tensors of random numbers: `rand`, `randn`, `randint`, `randperm`, `multinomial` and their kin."""

import numbers
import operator

import numpy as np

from ..devices import array_library, current, is_at
from ..devices import chosen as chosen_device
from ..dtypes import as_dtype, get_default_dtype, int64
from ..ops.in_place import assign
from ..tensor import (
    Tensor,
    check_tensor,
    method,  # beyond
    wrap,
)
from .filling import (
    fill_bernoulli,  # beyond
    fill_normal,
    fill_random,
    fill_uniform,
    largest_integer,
    on_its_device,  # beyond
)
from .generator import chosen


def rand(*sizes, size=None, generator=None, dtype=None, device=None, requires_grad=False) -> Tensor:
    """Numbers uniformly distributed in [0, 1): rand(2, 3) or rand((2, 3)).

    They are of the default floating-point type unless `dtype` says another. `manual_seed`, or a `generator`
    of its own, decides which numbers come; on another device than the CPU they are others.
    """
    result = fill_uniform(empty("rand", size or unpacked(sizes), dtype, device), generator=generator)
    return result.requires_grad_(requires_grad)


def randn(*sizes, size=None, generator=None, dtype=None, device=None, requires_grad=False) -> Tensor:
    """Normally distributed numbers of mean 0 and variance 1: randn(2, 3) or randn((2, 3)), as in `rand`."""
    result = fill_normal(empty("randn", size or unpacked(sizes), dtype, device), generator=generator)
    return result.requires_grad_(requires_grad)


def randint(
    low=0, high=None, size=None, *, generator=None, dtype=None, device=None, requires_grad=False
) -> Tensor:
    """Integers low ... high-1, all equally likely: randint(low, high, (2, 3)), or randint(high, (2, 3)).

    They are int64 unless `dtype` says another type.
    """
    if size is None:
        low, high, size = 0, low, high
    elif high is None:
        low, high = 0, low
    result = fill_random(empty("randint", size, dtype or int64, device), low, high, generator=generator)
    return result.requires_grad_(requires_grad)


def randperm(n, *, generator=None, dtype=None, device=None, requires_grad=False) -> Tensor:
    """The integers 0 ... n-1 in random order, int64 unless `dtype` says another type."""
    result = empty("randperm", (n,), dtype or int64, device)
    generator = chosen(generator, result.device)
    order = generator.distributions.permutation(generator, n)
    if n > largest_integer(result.array.dtype):
        raise RuntimeError(f"randperm: {n} does not fit into {result.dtype}")
    assign(result.array, ..., order)
    return result.requires_grad_(requires_grad)


def rand_like(input, *, generator=None, dtype=None, device=None, requires_grad=False) -> Tensor:
    """`rand` of the size and, if no other is given, the dtype of `input`."""
    result = fill_uniform(empty_like("rand_like", input, dtype, device), generator=generator)
    return result.requires_grad_(requires_grad)


def randn_like(input, *, generator=None, dtype=None, device=None, requires_grad=False) -> Tensor:
    """`randn` of the size and, if no other is given, the dtype of `input`."""
    result = fill_normal(empty_like("randn_like", input, dtype, device), generator=generator)
    return result.requires_grad_(requires_grad)


def randint_like(  # beyond
    input, low=0, high=None, *, generator=None, dtype=None, device=None, requires_grad=False
) -> Tensor:
    """`randint` of the size and, if no other is given, the dtype of `input`; or randint_like(input, high)."""
    if high is None:
        low, high = 0, low
    result = fill_random(empty_like("randint_like", input, dtype, device), low, high, generator=generator)
    return result.requires_grad_(requires_grad)


def normal(
    mean, std=1.0, size=None, *, generator=None, dtype=None, device=None, requires_grad=False
) -> Tensor:
    """Normally distributed numbers: `mean` and `std` are numbers, and `size` says how many, or tensors.

    A tensor has a mean, or a standard deviation, for every number of the result.
    """
    if not isinstance(mean, Tensor) and not isinstance(std, Tensor):
        if size is None:
            raise TypeError("normal: mean and std are numbers, so give a size: normal(0.0, 1.0, (2, 3))")
        result = fill_normal(empty("normal", size, dtype, device), mean, std, generator=generator)
        return result.requires_grad_(requires_grad)

    like = mean if isinstance(mean, Tensor) else std
    with current(like.device):
        return normal_by_tensors(mean, std, like, device, generator)


def normal_by_tensors(mean, std, like, device, generator):
    """`normal` of a tensor or two, one of which is `like`."""
    means, stds = (x.array if isinstance(x, Tensor) else x for x in (mean, std))
    if not np.all(stds >= 0):
        raise RuntimeError("normal: expected every std >= 0")
    try:
        shape = np.broadcast_shapes(np.shape(means), np.shape(stds))
    except ValueError:
        shapes = f"{np.shape(means)} and {np.shape(stds)}"
        raise RuntimeError(f"normal: mean and std of shapes {shapes} do not fit together") from None
    result = empty("normal", shape, like.dtype, like.device if device is None else device)
    if isinstance(std, Tensor):
        z = fill_normal(result, generator=generator).array
        z[...] = z * stds
    else:
        z = fill_normal(result, 0, std, generator=generator).array
    z[...] = z + means
    return result


@method
def bernoulli(input, p=None, *, generator=None) -> Tensor:  # beyond
    """A tensor of ones, each with the probability that `input` has in its place (or with `p`), and zeros."""
    result = empty_like("bernoulli", input, None, None)
    return fill_bernoulli(result, input if p is None else p, generator=generator)


@method
@on_its_device
def multinomial(input, num_samples, replacement=False, *, generator=None) -> Tensor:  # beyond
    """`num_samples` indices, each as likely as its weight in `input`, (N,) or for every row of (M, N).

    With replacement: a uniform number in [0, 1) falls somewhere among the sums of the first weights.
    Without: every index waits for an exponentially distributed time, its weight being the rate; the first
    to arrive are taken. It is index i with probability w_i / sum(w), and what the others have waited
    changes nothing. (Efraimidis & Spirakis, Weighted random sampling with a reservoir, 2006.)
    """
    weights = input.array
    check_weights(weights, num_samples, replacement)
    rows = weights.reshape(-1, weights.shape[-1])
    if replacement:
        generator = chosen(generator, input.device)
        u = generator.distributions.uniform(generator, len(rows) * num_samples, np.dtype(np.float64))
        sums = np.cumsum(rows, axis=1, dtype=rows.dtype)
        sums /= sums[:, -1:].copy()
        sums[:, -1] = 1
        draws = u.reshape(len(rows), -1)
        places = np.stack([np.searchsorted(s.astype(np.float64), v) for s, v in zip(sums, draws)])
    else:
        waiting = empty_like("multinomial", input, None, None).exponential_(generator=generator).array
        with np.errstate(divide="ignore", invalid="ignore"):
            speed = weights / waiting
        places = np.argsort(-speed, axis=-1, kind="stable")[..., :num_samples]
    return wrap(places.astype(np.int64).reshape(*weights.shape[:-1], num_samples))


def check_weights(weights, num_samples, replacement):  # beyond
    """Raise where nothing can be drawn by these weights."""
    if weights.ndim not in (1, 2):
        raise RuntimeError(f"multinomial: expected weights of 1 or 2 dimensions, got shape {weights.shape}")
    if weights.dtype.kind != "f" or weights.dtype == np.float16:
        raise RuntimeError(f"multinomial: expected float32 or float64 weights, got {weights.dtype}")
    if num_samples <= 0:
        raise RuntimeError(f"multinomial: cannot sample {num_samples} samples")
    if not replacement and num_samples > weights.shape[-1]:
        raise RuntimeError(
            f"multinomial: cannot sample {num_samples} of {weights.shape[-1]} without replacement"
        )
    if not np.all((weights >= 0) & (weights < np.inf)):
        raise RuntimeError("multinomial: a weight is negative, infinite or NaN")
    if not np.all(weights.sum(axis=-1) > 0):
        raise RuntimeError("multinomial: the sum of the weights is 0")


def unpacked(size):
    """The size that a user gave as integers or as one tuple of them."""
    return size[0] if len(size) == 1 and not isinstance(size[0], numbers.Integral) else size


def empty(name, size, dtype, device) -> Tensor:
    """A tensor to be filled."""
    try:
        shape = tuple(operator.index(n) for n in size)
    except TypeError:
        raise TypeError(f"{name}: a size is a tuple of integers, not {size!r}") from None
    if any(n < 0 for n in shape):
        raise RuntimeError(f"{name}: a length can't be negative: {shape}")
    place = chosen_device(device)
    with current(place):
        return wrap(array_library(place).empty(shape, as_dtype(dtype or get_default_dtype()).numpy))


def empty_like(name, input, dtype, device) -> Tensor:
    """A tensor to be filled, of input's size and, where that has no gaps and overlaps, memory layout."""
    check_tensor(name, input)
    like, dtype = input.array, as_dtype(dtype or input.dtype)
    if device is not None and not is_at(input.device, chosen_device(device)):
        return empty(name, like.shape, dtype, device)
    stretched = any(s == 0 and n > 1 for s, n in zip(like.strides, like.shape))
    with current(input.device):
        return wrap(np.empty_like(like, dtype.numpy, order="C" if stretched else "K"))
