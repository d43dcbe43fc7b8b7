"""Random numbers in the place of a tensor's elements: `uniform_`, `normal_` and their kin.

Each method checks that self may be changed and calls the `fill_` function below it, which the functions
that make new tensors call too.
"""

from functools import wraps

import numpy as np

from ..devices import (
    current,
    device_of,
    to_device,  # dark-5
)
from ..ops.conversion import in_order
from ..ops.in_place import check_allowed, write
from ..tensor import (
    Tensor,  # dark-5
    method,
    wrap,  # dark-5
)
from . import distributions
from .generator import chosen


def on_its_device(fill):
    """Run `fill` while the card that its tensor is on is the current one."""

    @wraps(fill)
    def run(tensor, *arguments, **options):
        if type(tensor.array) is np.ndarray:
            return fill(tensor, *arguments, **options)
        with current(tensor.device):
            return fill(tensor, *arguments, **options)

    return run


@method
def uniform_(self, from_=0.0, to=1.0, *, generator=None):
    """Fill self with numbers uniformly distributed in [from_, to)."""
    check_allowed("uniform_", self)
    return fill_uniform(self, from_, to, generator=generator)


@on_its_device
def fill_uniform(tensor, low=0.0, high=1.0, *, generator=None):
    """`uniform_`, for any tensor."""
    array = floating_point("uniform_", tensor)
    largest = float(np.finfo(array.dtype).max)
    if not (-largest <= low <= largest and -largest <= high <= largest):
        raise RuntimeError(f"uniform_: {low} ... {high} is out of bounds for {tensor.dtype}")
    if low > high or high - low > largest:
        raise RuntimeError(f"uniform_: expected from <= to and a finite to - from, got from={low}, to={high}")
    generator = chosen(generator, device_of(array))
    numbers = generator.distributions.uniform(generator, array.size, array.dtype, low, high)
    return write("uniform_", tensor, in_memory_order(numbers, array))


@method
def normal_(self, mean=0.0, std=1.0, *, generator=None):
    """Fill self with normally distributed numbers of that mean and standard deviation."""
    check_allowed("normal_", self)
    return fill_normal(self, mean, std, generator=generator)


@on_its_device
def fill_normal(tensor, mean=0.0, std=1.0, *, generator=None):
    """`normal_`, for any tensor."""
    if not std >= 0:
        raise RuntimeError(f"normal_: expected std >= 0, got {std}")
    array = floating_point("normal_", tensor)
    generator = chosen(generator, device_of(array))
    blocks = array.size >= 16 and in_order(array)
    draw = generator.distributions.normal if blocks else generator.distributions.normal_by_pairs
    numbers = draw(generator, array.size, array.dtype, mean, std)
    return write("normal_", tensor, in_memory_order(numbers, array))


@method
@on_its_device
def exponential_(self, lambd=1.0, *, generator=None):  # beyond
    """Fill self with exponentially distributed numbers of mean 1 / lambd."""
    check_allowed("exponential_", self)
    if not lambd > 0:
        raise RuntimeError(f"exponential_: expected lambd > 0, got {lambd}")
    if not self.is_floating_point():
        raise RuntimeError(f"exponential_: the numbers are no integers, and the tensor is {self.dtype}")
    array, generator = self.array, chosen(generator, self.device)
    u = generator.distributions.uniform(generator, array.size, np.dtype(np.float64))
    numbers = distributions.exponential(u, lambd).astype(array.dtype)
    return write("exponential_", self, in_memory_order(numbers, array))


@method
def bernoulli_(self, p=0.5, *, generator=None):  # dark-5
    """Fill self with ones, each with probability `p` (a number, or a tensor of them), and zeros."""
    check_allowed("bernoulli_", self)
    return fill_bernoulli(self, p, generator=generator)


@on_its_device
def fill_bernoulli(tensor, p=0.5, *, generator=None):  # dark-5
    """`bernoulli_`, for any tensor; a uniform number is below p with probability p."""
    array, generator = tensor.array, chosen(generator, tensor.device)
    precision = np.dtype(np.float64)
    if isinstance(p, Tensor):
        p = to_device(floating_point("bernoulli_", p), tensor.device)
        if p.dtype != precision:
            precision = np.dtype(np.float32)
        try:
            p = np.broadcast_to(p, array.shape)
        except ValueError:
            message = f"bernoulli_: p of shape {p.shape} does not fit a tensor of shape {array.shape}"
            raise RuntimeError(message) from None
    if not np.all((p >= 0) & (p <= 1)):  # NaN is not
        raise RuntimeError(f"bernoulli_: a probability is not in [0, 1]{'' if np.ndim(p) else f': {p}'}")
    numbers = generator.distributions.uniform(generator, array.size, precision)
    return write("bernoulli_", tensor, in_memory_order(numbers, array) < p)


@on_its_device
def dropout_noise(like, kept):  # dark-5
    """A tensor of the size of `like`: 1 / kept with probability `kept`, and else 0."""
    array, generator = like.array, chosen(None, like.device)
    numbers = generator.distributions.dropout(generator, array.size, array.dtype, kept)
    numbers = in_memory_order(numbers, array)
    return write("dropout", like, numbers) if type(array) is np.ndarray else wrap(numbers)


@method
def random_(self, from_=..., to=..., *, generator=None):
    """Fill self with integers that are all equally likely.

    random_(to) takes them from 0 ... to-1, random_(from, to) from from ... to-1, random_(from, None) from
    from to the largest of the type, random_() from 0 to the largest. Of a floating-point type with d
    significant bits the largest is 2^d, up to which all integers are exact.
    """
    check_allowed("random_", self)
    if from_ is ... and to is ...:
        return fill_integers(self, generator=generator)
    if to is ...:
        from_, to = 0, from_
    return fill_random(self, 0 if from_ is ... else from_, to, generator=generator)


@on_its_device
def fill_integers(tensor, *, generator=None):
    """`random_()`: words of 64 bits for types of 64, words of 32 for the others."""
    array, generator = tensor.array, chosen(generator, tensor.device)
    words = (generator.long_words if array.dtype in (np.int64, np.float64) else generator.words)(array.size)
    numbers = distributions.integers(words, 0, largest_integer(array.dtype) + 1)
    return write("random_", tensor, in_memory_order(numbers.astype(array.dtype), array))


@on_its_device
def fill_random(tensor, low, high, *, generator=None):
    """`random_(low, high)`, for any tensor: words of 64 bits where 32 would be too skew."""
    array, generator = tensor.array, chosen(generator, tensor.device)
    largest = largest_integer(array.dtype)
    smallest = -largest if array.dtype.kind == "f" else 0 if array.dtype.kind in "bu" else -largest - 1
    if high is None:
        high = largest + 1
    if not low < high:
        raise RuntimeError(f"random_: expected from < to, got from={low}, to={high}")
    if low < smallest or high - 1 > largest:
        raise RuntimeError(f"random_: {low} ... {high - 1} is out of bounds for {tensor.dtype}")
    count = high - low
    words = (generator.words if count < 2**28 else generator.long_words)(array.size)
    numbers = distributions.integers(words, low, count)
    return write("random_", tensor, in_memory_order(numbers.astype(array.dtype), array))


def largest_integer(dtype):
    """The largest number of an integer type; of a floating-point one, 2^d for its d significant bits."""
    if dtype.kind == "f":
        return 2 ** (np.finfo(dtype).nmant + 1)
    return 1 if dtype.kind == "b" else int(np.iinfo(dtype).max)


def floating_point(name, tensor):
    """The array of a tensor that has to be of a floating-point type."""
    if tensor.array.dtype.kind != "f":
        raise NotImplementedError(f"{name}: only for floating-point types, not for {tensor.dtype}")
    return tensor.array


def in_memory_order(numbers, array):
    """Arrange numbers so that the array's elements get them in the order in which they lie in memory."""
    if in_order(array):
        return numbers.reshape(array.shape)
    axes = sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))
    return numbers.reshape([array.shape[axis] for axis in axes]).transpose(np.argsort(axes).tolist())
