"""What may be assigned to `.grad`."""  # beyond

import copy

import pytest

import dark
from against_torch import torch

WRONG = [
    (lambda t, p: t.ones(3), RuntimeError, "shape"),
    (lambda t, p: t.ones(1, 2), RuntimeError, "shape"),
    (lambda t, p: t.ones(2).double(), RuntimeError, "dtype"),
    (lambda t, p: 1.0, TypeError, "float"),
    (lambda t, p: p, RuntimeError, "its own"),
]


@pytest.mark.parametrize(("gradient", "error", "message"), WRONG, ids=[m for *_, m in WRONG])
def test_what_is_no_gradient_is_refused(gradient, error, message):
    p = dark.nn.Parameter(dark.ones(2))
    with pytest.raises(error, match=message):
        p.grad = gradient(dark, p)
    assert p.grad is None
    if torch is not None:
        q = torch.nn.Parameter(torch.ones(2))
        with pytest.raises(error):
            q.grad = gradient(torch, q)


def test_a_gradient_is_kept_added_to_and_forgotten():
    p = dark.nn.Parameter(dark.ones(2))
    given = dark.ones(2)
    p.grad = given
    assert p.grad is given
    (p * 3).sum().backward()
    assert p.grad.tolist() == [4, 4]
    twin = copy.deepcopy(p)
    assert twin.grad.tolist() == [4, 4]
    assert twin.grad is not p.grad
    p.grad = None
    assert p.grad is None
