"""one_hot: class numbers as rows with a single 1."""  # dark-7

import numpy as np
import pytest

import dark
from against_torch import assert_same, needs_torch, torch
from dark.nn.functional import one_hot


@needs_torch
@pytest.mark.parametrize(
    ("numbers", "classes"),
    [([0, 2, 1], -1), ([0, 2, 1], 5), ([[0], [3]], 5), (1, 3), (np.zeros((0, 2), np.int64), 3)],
)
def test_it_is_what_pytorch_has(numbers, classes):
    expected = torch.nn.functional.one_hot(torch.tensor(numbers), classes)
    assert_same(one_hot(dark.tensor(numbers), classes), expected)


def test_rows_have_a_single_one():
    assert one_hot(dark.tensor([2, 0])).tolist() == [[0, 0, 1], [1, 0, 0]]


@pytest.mark.parametrize(
    ("numbers", "classes", "message"),
    [
        (dark.tensor([0, 3]), 3, "from 0 to 3, and num_classes is 3"),
        (dark.tensor([-1, 0]), -1, "from -1 to 0, and num_classes is 1"),
        (dark.tensor([1.0]), -1, "type int64, got dark.float32"),
        (dark.zeros(0, dtype=dark.int64), -1, "can't be guessed from an empty tensor"),
    ],
)
def test_what_is_no_class_number_is_refused(numbers, classes, message):
    with pytest.raises(RuntimeError, match=message):
        one_hot(numbers, classes)
