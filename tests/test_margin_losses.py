"""Losses of several labels, triplets with any distance, and the distances of all pairs."""  # beyond

import numpy as np
import pytest

import dark
from against_torch import check_op, needs_torch, random_array, torch
from dark import nn
from dark.nn import functional as F

LABELS = np.array([[1, 0, -1, 2], [3, -1, 0, 0], [0, 1, 2, 3], [-1, 2, 1, 0], [2, 2, -1, -1]])


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_multilabel_margin_loss(reduction):
    def function(t, x, y):
        return t.nn.functional.multilabel_margin_loss(x, y, reduction=reduction)

    check_op(function, random_array((5, 4)), LABELS, second=False)
    check_op(function, random_array((4,)), LABELS[0], second=False)
    layer = lambda t, x, y: t.nn.MultiLabelMarginLoss(reduction=reduction)(x, y)
    check_op(layer, random_array((5, 4)), LABELS, second=False)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("shape", [(3, 4), (4,), (2, 3, 4)], ids=str)
def test_multilabel_soft_margin_loss(reduction, shape):
    x, y, w = random_array(shape), random_array(shape, "int64", low=0, high=1), random_array((4,), low=0.1)

    def function(t, x, y):
        plain = t.nn.functional.multilabel_soft_margin_loss(x, y, reduction=reduction)
        layer = t.nn.MultiLabelSoftMarginLoss(t.tensor(w).to(x.dtype), reduction=reduction)
        return plain, layer(x, y)

    check_op(function, x, y)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("swap", [False, True])
def test_triplets_with_any_distance(reduction, swap):
    arrays = [random_array((4, 3), seed=i) for i in range(3)]
    squares = lambda x, y: (x - y).square().sum(-1)

    def function(t, *inputs):
        options = {"swap": swap, "reduction": reduction, "margin": 0.7}
        plain = t.nn.functional.triplet_margin_with_distance_loss(*inputs, **options)
        layer = t.nn.TripletMarginWithDistanceLoss(distance_function=squares, **options)
        return plain, layer(*inputs), t.nn.TripletMarginWithDistanceLoss(**options)(*inputs)

    check_op(function, *arrays, rtol=1e-4, atol=1e-5)
    if torch is not None:
        assert repr(nn.TripletMarginWithDistanceLoss()) == repr(torch.nn.TripletMarginWithDistanceLoss())


@pytest.mark.parametrize("p", [1, 2.0, 3, float("inf"), 0])
@pytest.mark.parametrize("shape", [(4, 3), (2, 1), (1, 3), (0, 3)], ids=str)
def test_distances_of_all_pairs(shape, p):
    pdist = lambda t, x: t.nn.functional.pdist(x, p)
    pairs = shape[0] > 1  # PyTorch's gradient of none ends the process
    check_op(pdist, random_array(shape), gradients=pairs, second=False, differences=p != 0)


@needs_torch
def test_the_distance_of_equal_rows_has_no_gradient():
    check_op(lambda t, x: t.pdist(x), np.ones((3, 2), "float32"), second=False, differences=False)


X = dark.ones(3, 4)
WRONG = [
    (lambda: F.multilabel_margin_loss(X, X[:2].long()), RuntimeError, r"\(3, 4\), target \(2, 4\)"),
    (lambda: F.multilabel_margin_loss(X, X), RuntimeError, "int64, not dark.float32"),
    (lambda: F.multilabel_margin_loss(X, X.long() * 4), RuntimeError, "from 0 to 3"),
    (lambda: F.multilabel_soft_margin_loss(X, X[:2]), RuntimeError, r"\(2, 4\)"),
    (lambda: F.multilabel_soft_margin_loss(X, X, reduction="x"), ValueError, "'x'"),
    (lambda: F.triplet_margin_with_distance_loss(X, X, X, margin=0), ValueError, "margin"),
    (lambda: F.triplet_margin_with_distance_loss(X, X, X[0]), RuntimeError, r"\(4,\)"),
    (lambda: nn.TripletMarginWithDistanceLoss(margin=-1), ValueError, "margin"),
    (lambda: F.pdist(X[0]), RuntimeError, r"pdist: .*\(4,\)"),
    (lambda: F.pdist(X, -1), RuntimeError, "pdist: p"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[m for *_, m in WRONG])
def test_wrong_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()
