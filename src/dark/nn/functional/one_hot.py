"""Class numbers as rows with a single 1."""  # dark-7

import numpy as np

from ...devices import current
from ...dtypes import int64
from ...tensor import check_tensor, wrap


def one_hot(input, num_classes=-1):
    """Class numbers as rows of zeros with a single 1: (*,) becomes (*, num_classes), int64.

    By default there are as many classes as the largest number asks for.
    """
    check_tensor("one_hot", input)
    if input.dtype is not int64:
        raise RuntimeError(f"one_hot: expects class numbers of type int64, got {input.dtype}")
    with current(input.device):
        return wrap(rows(input.array, num_classes))


def rows(labels, num_classes):
    """`one_hot` of an array."""
    if num_classes == -1:
        if labels.size == 0:
            raise RuntimeError("one_hot: the number of classes can't be guessed from an empty tensor")
        num_classes = int(labels.max()) + 1
    if labels.size and not 0 <= labels.min() <= labels.max() < num_classes:
        numbers = f"class numbers go from {labels.min()} to {labels.max()}"
        raise RuntimeError(f"one_hot: {numbers}, and num_classes is {num_classes}")
    return (labels[..., None] == np.arange(num_classes, like=labels)).astype(np.int64)
