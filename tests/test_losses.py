"""Losses: values, gradients and second derivatives, shapes, extreme logits, wrong input."""  # dark-3

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, random_array, torch
from dark import nn
from dark.nn import functional as F

REDUCTIONS = ["none", "mean", "sum"]
SHAPES = [(3, 4), (), (0, 4), (2, 1, 3)]


def probabilities(shape, seed=0):
    """Numbers in (0, 1)."""
    return random_array(shape, low=0.05, high=0.95, seed=seed)


def constant(t, like):
    """A tensor of 1, 0 and -1 that wants no gradient."""
    return t.tensor(random_array(tuple(like.shape), low=-1.5, high=1.5, seed=5).round(), dtype=like.dtype)


ELEMENTWISE = [
    ("mse", lambda t, x, y, r: t.nn.functional.mse_loss(x, y, reduction=r)),
    ("l1", lambda t, x, y, r: t.nn.functional.l1_loss(x, y, reduction=r)),
    ("smooth_l1", lambda t, x, y, r: t.nn.functional.smooth_l1_loss(x, y, reduction=r)),
    ("smooth_l1 beta", lambda t, x, y, r: t.nn.functional.smooth_l1_loss(x, y, reduction=r, beta=0.4)),
    ("smooth_l1 beta 0", lambda t, x, y, r: t.nn.functional.smooth_l1_loss(x, y, reduction=r, beta=0.0)),
    ("huber", lambda t, x, y, r: t.nn.functional.huber_loss(x, y, r, 0.7)),
    ("bce", lambda t, x, y, r: t.nn.functional.binary_cross_entropy(
        x.sigmoid(), y.sigmoid(), reduction=r)),
    ("bce with logits", lambda t, x, y, r: t.nn.functional.binary_cross_entropy_with_logits(
        x, y, reduction=r)),
    ("soft margin", lambda t, x, y, r: t.nn.functional.soft_margin_loss(x + y, constant(t, x), reduction=r)),
    ("poisson", lambda t, x, y, r: t.nn.functional.poisson_nll_loss(x, y, reduction=r)),
    ("poisson full", lambda t, x, y, r: t.nn.functional.poisson_nll_loss(
        (x + y).exp(), constant(t, x) * 2 + 2, False, True, reduction=r)),
    ("gaussian", lambda t, x, y, r: t.nn.functional.gaussian_nll_loss(x, y, x * x, reduction=r)),
    ("gaussian full", lambda t, x, y, r: t.nn.functional.gaussian_nll_loss(x, y, 0.5, True, reduction=r)),
]  # fmt: skip


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(("name", "function"), ELEMENTWISE, ids=[n for n, _ in ELEMENTWISE])
def test_elementwise_losses(name, function, reduction):
    for shape in SHAPES:
        x, y = random_array(shape), random_array(shape, seed=1)
        check_op(lambda t, x, y: function(t, x, y, reduction), x, y)
    x, y = random_array((3, 4)), random_array((3, 4), seed=1)
    check_op(lambda t, x, y: function(t, x.T, y.T, reduction), x, y)


@needs_torch
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_results_keep_the_type(dtype):
    x, y = random_array((3, 4), dtype), random_array((3, 4), dtype, seed=1)
    for _, function in ELEMENTWISE:
        check_op(lambda t, x, y: function(t, x, y, "mean"), x, y)  # noqa: B023
    check_op(lambda t, x: t.nn.functional.cross_entropy(x, t.tensor([0, 3, 1])), x)


@needs_torch
def test_kinks_are_where_pytorch_has_them():
    x = np.array([0.0, 1.0, -1.0, 0.5, -0.5, 2.0], "float32")
    zero = np.zeros_like(x)
    for function in (
        lambda t, x, y: t.nn.functional.l1_loss(x, y),
        lambda t, x, y: t.nn.functional.smooth_l1_loss(x, y),
        lambda t, x, y: t.nn.functional.smooth_l1_loss(x, y, beta=0.5),
        lambda t, x, y: t.nn.functional.huber_loss(x, y),
        lambda t, x, y: t.nn.functional.huber_loss(x, y, delta=0.5),
    ):
        check_op(function, x, zero, differences=False)


@needs_torch
def test_broadcasting_works_and_warns_in_both():  # beyond
    for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"):
        results = []
        for t in (dark, torch):
            x, y = t.tensor(random_array((3, 1))), t.tensor(random_array((4,), seed=1))
            with pytest.warns(UserWarning, match="broadcast"):
                results.append(getattr(t.nn.functional, name)(x, y))
        assert_same(*results)


# Binary cross-entropy


@needs_torch
def test_probabilities_of_0_and_1_give_100_and_finite_gradients():
    x = np.array([0.0, 1.0, 0.0, 1.0, 0.3, 1e-30], "float32")
    y = np.array([0.0, 0.0, 1.0, 1.0, 0.5, 1.0], "float32")
    check_op(lambda t, x, y: t.nn.functional.binary_cross_entropy(x, y, reduction="none"), x, y,
             differences=False, second=False)  # fmt: skip


@needs_torch
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_binary_losses_take_weights(reduction):
    x, y, w = random_array((3, 4)), probabilities((3, 4), seed=1), probabilities((4,), seed=2)
    for pos_weight in (None, np.array([1.0, 2.0, 0.5, 3.0], "float32"), np.array(2.5, "float32")):

        def logits(t, x, y, w, pos_weight=pos_weight):
            pos_weight = None if pos_weight is None else t.tensor(pos_weight, dtype=x.dtype)
            return t.nn.functional.binary_cross_entropy_with_logits(
                x, y, w.detach(), reduction=reduction, pos_weight=pos_weight
            )

        check_op(lambda t, x, y: logits(t, x, y, t.tensor(w, dtype=x.dtype)), x, y)
    check_op(lambda t, x, y: t.nn.functional.binary_cross_entropy(
        x.sigmoid(), y, t.tensor(w, dtype=x.dtype), reduction=reduction), x, y)  # fmt: skip


def test_huge_logits_give_exact_losses_and_gradients():
    x = dark.tensor([1000.0, -1000.0, 1000.0, -1000.0, 40.0, -40.0], requires_grad=True)
    y = dark.tensor([0.0, 1.0, 1.0, 0.0, 0.0, 1.0])
    loss = F.binary_cross_entropy_with_logits(x, y, reduction="none")
    loss.sum().backward()
    np.testing.assert_array_equal(loss.detach().numpy(), [1000, 1000, 0, 0, 40, 40])
    np.testing.assert_allclose(x.grad.numpy(), [1, -1, 0, 0, 1, -1], rtol=1e-6)
    x = dark.tensor([[1000.0, -1000.0, 0.0]], requires_grad=True)
    loss = F.cross_entropy(x, dark.tensor([1]))
    loss.backward()
    assert loss.item() == 2000
    np.testing.assert_array_equal(x.grad.numpy(), [[1, -1, 0]])


@needs_torch
def test_huge_logits_equal_pytorch():
    x = np.array([[1000.0, -1000.0, 3.0], [-800.0, -800.0, -1000.0], [0.0, 88.0, 1000.0]], "float32")
    index = np.array([1, 0, 0])
    check_op(lambda t, x, y: t.nn.functional.cross_entropy(x, y), x, index, differences=False)
    check_op(
        lambda t, x, y: t.nn.functional.cross_entropy(x, y, label_smoothing=0.1), x, index, differences=False
    )
    check_op(lambda t, x, y: t.nn.functional.cross_entropy(x, y), x, probabilities((3, 3)), differences=False)
    x[0, 0] = -np.inf  # a class that is ruled out
    check_op(lambda t, x, y: t.nn.functional.cross_entropy(x, y), x, index, differences=False, second=False)


# Cross-entropy

CLASSES = [  # shape of the input, targets; -100 is ignored
    ((5, 4), [0, 3, -100, 1, 1]),
    ((4,), 2),
    ((2, 3, 4), [[0, 1, 2, -100], [2, 2, 0, 1]]),
    ((2, 3, 2, 2), [[[0, 1], [2, 2]], [[1, -100], [0, 0]]]),
    ((0, 4), []),
    ((1, 1), [0]),
]


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("shape", "target"), CLASSES, ids=[str(s) for s, _ in CLASSES])
def test_cross_entropy_of_classes(shape, target, weighted, smoothing, reduction):
    target = np.array(target, "int64")
    weight = probabilities((shape[min(1, len(shape) - 1)],)) if weighted else None
    nan = reduction == "mean" and target.size == 0

    def loss(t, x, y):
        w = None if weight is None else t.tensor(weight, dtype=x.dtype)
        return t.nn.functional.cross_entropy(x, y, w, reduction=reduction, label_smoothing=smoothing)

    def likelihood(t, x, y):
        w = None if weight is None else t.tensor(weight, dtype=x.dtype)
        return t.nn.functional.nll_loss(x, y, w, reduction=reduction)

    check_op(loss, random_array(shape), target, second=not nan)
    if not smoothing:
        check_op(likelihood, random_array(shape), target, second=not nan)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("shape", [(5, 4), (4,), (2, 3, 4), (2, 3, 2, 2)], ids=str)
def test_cross_entropy_of_probabilities(shape, smoothing, reduction):
    for weight in (None, probabilities((shape[min(1, len(shape) - 1)],))):

        def loss(t, x, y, weight=weight):
            w = None if weight is None else t.tensor(weight, dtype=x.dtype)
            return t.nn.functional.cross_entropy(x, y, w, reduction=reduction, label_smoothing=smoothing)

        check_op(loss, random_array(shape), probabilities(shape, seed=1))


@needs_torch
def test_all_of_the_probability_can_be_spread():
    check_op(lambda t, x, y: t.nn.functional.cross_entropy(x, y, label_smoothing=1.0),
             random_array((3, 4)), np.array([0, 3, -100]))  # fmt: skip


@needs_torch
def test_another_index_can_be_ignored_and_small_integers_are_classes():
    target = np.array([1, 0, 2, 1], "uint8")
    for function in ("cross_entropy", "nll_loss"):
        check_op(lambda t, x, y: getattr(t.nn.functional, function)(x, y, ignore_index=1),  # noqa: B023
                 random_array((4, 3)), target)  # fmt: skip


@needs_torch
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_where_all_is_ignored_the_mean_is_nan_and_the_gradient_zero(smoothing):
    target = np.full(3, -100)
    check_op(lambda t, x, y: t.nn.functional.cross_entropy(x, y, label_smoothing=smoothing),
             random_array((3, 4)), target, differences=False, second=False)  # fmt: skip


@needs_torch
def test_the_gradient_reaches_a_network_through_permuted_logits():
    check_op(lambda t, x, y: t.nn.functional.cross_entropy(x.permute(0, 2, 1), y),
             random_array((2, 4, 3)), np.array([[0, 1, 2, 0], [1, 1, 2, 2]]))  # fmt: skip
    target = np.array([0, 1, 2, 1, 1])
    check_op(lambda t, x, y: t.nn.functional.cross_entropy(x.T, y), random_array((3, 5)), target)


def test_cross_entropy_is_one_operation():
    logits = dark.zeros(2, 3, requires_grad=True)
    assert F.cross_entropy(logits, dark.tensor([0, 1])).grad_fn.next_functions[0][0].variable is logits


# Kullback-Leibler and margins


@pytest.mark.parametrize("reduction", ["none", "sum", "batchmean"])
@pytest.mark.parametrize("shape", [(3, 4), (), (4,)], ids=str)
def test_kl_div(shape, reduction):
    x, y = random_array(shape), probabilities(shape, seed=1)
    for log_target in (False, True):
        check_op(lambda t, x, y: t.nn.functional.kl_div(
            x, y, reduction=reduction, log_target=log_target), x, y)  # noqa: B023  # fmt: skip


@needs_torch
def test_kl_div_counts_a_probability_of_0_as_nothing_and_warns_of_mean():
    x, y = random_array((4,)), np.array([0.0, 0.5, 0.5, 0.0], "float32")
    check_op(lambda t, x: t.nn.functional.kl_div(x, t.tensor(y, dtype=x.dtype), reduction="sum"), x)
    with pytest.warns(UserWarning, match="batchmean"):
        ours = nn.KLDivLoss()(dark.tensor(x), dark.tensor(y))
    with pytest.warns(UserWarning, match="batchmean"):
        theirs = torch.nn.KLDivLoss()(torch.tensor(x), torch.tensor(y))
    assert_same(ours, theirs)


SIGNS = np.array([1.0, -1.0, -1.0, 1.0], "float32")
MARGINS = [
    ("ranking", lambda t, x, y, z, r: t.nn.functional.margin_ranking_loss(
        x[:, 0], y[:, 0], t.tensor(SIGNS), 0.3, reduction=r)),
    ("hinge", lambda t, x, y, z, r: t.nn.functional.hinge_embedding_loss(
        x.T, t.tensor(SIGNS), 0.3, reduction=r)),
    ("cosine", lambda t, x, y, z, r: t.nn.functional.cosine_embedding_loss(
        x, y, t.tensor(SIGNS), 0.1, reduction=r)),
    ("cosine of one", lambda t, x, y, z, r: t.nn.functional.cosine_embedding_loss(
        x[0], y[0], t.tensor(-1), reduction=r)),
    ("triplet", lambda t, x, y, z, r: t.nn.functional.triplet_margin_loss(x, y, z, reduction=r)),
    ("triplet swap", lambda t, x, y, z, r: t.nn.functional.triplet_margin_loss(
        x, y, z, 0.5, 1.0, swap=True, reduction=r)),
    ("multi", lambda t, x, y, z, r: t.nn.functional.multi_margin_loss(
        x, t.tensor([0, 2, 1, 1]), reduction=r)),
    ("multi squared", lambda t, x, y, z, r: t.nn.functional.multi_margin_loss(
        x, t.tensor([0, 2, 1, 1]), 2, 0.5, t.tensor([1.0, 2.0, 3.0], dtype=x.dtype), reduction=r)),
    ("multi of one", lambda t, x, y, z, r: t.nn.functional.multi_margin_loss(
        x[0], t.tensor(1), reduction=r)),
    ("cosine similarity", lambda t, x, y, z, r: t.nn.functional.cosine_similarity(x, y)),
    ("cosine similarity, broadcast", lambda t, x, y, z, r: t.nn.functional.cosine_similarity(
        x[:, None], y[None], dim=-1)),
    ("pairwise distance", lambda t, x, y, z, r: t.nn.functional.pairwise_distance(x, y, 3.0, keepdim=True)),
    ("normalize", lambda t, x, y, z, r: t.nn.functional.normalize(x)),
    ("normalize, 1-norm", lambda t, x, y, z, r: t.nn.functional.normalize(x, 1.0, dim=0)),
]  # fmt: skip


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(("name", "function"), MARGINS, ids=[n for n, _ in MARGINS])
def test_margins_and_distances(name, function, reduction):
    x, y, z = (random_array((4, 3), seed=s) for s in range(3))
    second = not name.startswith("multi")  # PyTorch has no second derivative of multi_margin_loss
    check_op(lambda t, x, y, z: function(t, x, y, z, reduction), x, y, z, second=second)


# Modules: the options reach the functions

MODULES = [
    ("MSELoss", lambda t: t.nn.MSELoss(reduction="sum")),
    ("L1Loss", lambda t: t.nn.L1Loss()),
    ("SmoothL1Loss", lambda t: t.nn.SmoothL1Loss(beta=0.5)),
    ("HuberLoss", lambda t: t.nn.HuberLoss("sum", 0.5)),
    ("BCEWithLogitsLoss", lambda t: t.nn.BCEWithLogitsLoss(
        t.tensor([1.0, 2.0, 0.5, 1.0]), pos_weight=t.tensor([3.0, 1.0, 1.0, 0.5]))),
    ("SoftMarginLoss", lambda t: t.nn.SoftMarginLoss()),
    ("PoissonNLLLoss", lambda t: t.nn.PoissonNLLLoss()),
    ("CosineSimilarity", lambda t: t.nn.CosineSimilarity(dim=0)),
    ("PairwiseDistance", lambda t: t.nn.PairwiseDistance(1.0)),
    ("HingeEmbeddingLoss", lambda t: t.nn.HingeEmbeddingLoss(0.5)),
    ("CrossEntropyLoss, probabilities", lambda t: t.nn.CrossEntropyLoss(label_smoothing=0.1)),
    ("KLDivLoss", lambda t: t.nn.KLDivLoss(reduction="batchmean", log_target=True)),
]  # fmt: skip


@needs_torch
@pytest.mark.parametrize(("name", "make"), MODULES, ids=[n for n, _ in MODULES])
def test_a_loss_module_is_pytorchs(name, make):
    ours, theirs = make(dark), make(torch)
    x, y = random_array((3, 4)), random_array((3, 4), seed=1)
    assert_same(ours(dark.tensor(x), dark.tensor(y)), theirs(torch.tensor(x), torch.tensor(y)))
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())


@needs_torch
def test_loss_modules_with_other_inputs_are_pytorchs():
    x, y, z = (random_array((3, 4), seed=s) for s in range(3))
    index, sign, weight = np.array([3, 1, -100]), np.array([1.0, -1.0, 1.0], "float32"), probabilities((4,))
    for make, inputs in (
        (lambda t: t.nn.CrossEntropyLoss(t.tensor(weight), reduction="sum", label_smoothing=0.1), (x, index)),
        (lambda t: t.nn.CrossEntropyLoss(ignore_index=1), (x, np.array([3, 1, 1]))),
        (lambda t: t.nn.NLLLoss(t.tensor(weight), ignore_index=3), (x, np.array([3, 1, 1]))),
        (lambda t: t.nn.BCELoss(t.tensor(weight)), (probabilities((3, 4)), probabilities((3, 4), seed=1))),
        (lambda t: t.nn.GaussianNLLLoss(full=True), (x, y, z * z)),
        (lambda t: t.nn.MarginRankingLoss(0.5), (x[:, 0], y[:, 0], sign)),
        (lambda t: t.nn.CosineEmbeddingLoss(0.5), (x, y, sign)),
        (lambda t: t.nn.TripletMarginLoss(2.0, 1.0, swap=True), (x, y, z)),
        (lambda t: t.nn.MultiMarginLoss(2, 0.5, t.tensor(weight)), (x, np.array([3, 1, 0]))),
    ):
        ours, theirs = make(dark), make(torch)
        assert_same(ours(*map(dark.tensor, inputs)), theirs(*map(torch.tensor, inputs)), what=repr(ours))
        assert repr(ours) == repr(theirs)
        assert list(ours.state_dict()) == list(theirs.state_dict())


# Errors

X, INDEX = dark.zeros(3, 4), dark.tensor([0, 1, 2])
WRONG = [
    (lambda: F.cross_entropy(X, dark.tensor([0, 1, 4])), IndexError, r"class 4, input has 4 classes"),
    (lambda: F.cross_entropy(X, dark.tensor([0, 1, -1])), IndexError, r"class -1"),
    (lambda: F.cross_entropy(X, dark.tensor([0, 1])), ValueError, r"cross_entropy: .*batch_size"),
    (lambda: F.cross_entropy(X, dark.tensor([0.0, 1.0, 2.0])), RuntimeError, r"int64 or uint8"),
    (lambda: F.cross_entropy(X, INDEX.int()), RuntimeError, r"dark.int32"),
    (lambda: F.cross_entropy(X, dark.zeros(3, 4).long()), RuntimeError, r"floating-point"),
    (lambda: F.cross_entropy(X, dark.zeros(3, 1).long()), RuntimeError, r"expected a target of shape \(3,\)"),
    (lambda: F.cross_entropy(dark.zeros(3, 4, 5), dark.zeros(3, 4).long()), RuntimeError, r"\(3, 5\)"),
    (lambda: F.cross_entropy(dark.zeros(4), dark.tensor([1])), RuntimeError, r"shape \(\)"),
    (lambda: F.cross_entropy(dark.tensor(0.0), dark.tensor(0)), RuntimeError, r"dimension of classes"),
    (lambda: F.cross_entropy(X, INDEX, dark.ones(3)), RuntimeError, r"weight .*\(3,\).* 4 classes"),
    (lambda: F.cross_entropy(X, INDEX, dark.ones(4).double()), RuntimeError, r"is dark.float64"),
    (lambda: F.cross_entropy(X, INDEX, reduction="avg"), ValueError, r"reduction"),
    (lambda: F.cross_entropy(X, INDEX, label_smoothing=2), RuntimeError, r"label_smoothing"),
    (lambda: F.cross_entropy(X, X, ignore_index=1), RuntimeError, r"ignore_index"),
    (lambda: F.nll_loss(X, dark.tensor([0, 1, 9])), IndexError, r"nll_loss: target has class 9"),
    (lambda: F.cross_entropy(X, [0, 1, 2]), TypeError, r"cross_entropy: expected a Tensor, got list"),
    (lambda: F.nll_loss(X, None), TypeError, r"nll_loss: expected a Tensor, got NoneType"),
    (lambda: F.mse_loss(X, X, reduction="batchmean"), ValueError, r"mse_loss: reduction"),
    (lambda: F.binary_cross_entropy(X + 2, X), RuntimeError, r"elements of input .* 0 and 1.*_with_logits"),
    (lambda: F.binary_cross_entropy(X, X - 1), RuntimeError, r"elements of target"),
    (lambda: F.binary_cross_entropy(X, dark.zeros(3)), ValueError, r"\(3,\)"),
    (lambda: F.binary_cross_entropy(X, X.double()), RuntimeError, r"float64"),
    (lambda: F.binary_cross_entropy_with_logits(X, dark.zeros(3)), ValueError, r"\(3,\).*\(3, 4\)"),
    (lambda: F.binary_cross_entropy_with_logits(X, dark.zeros(3, 4).int()), RuntimeError, "target.float"),
    (lambda: F.smooth_l1_loss(X, X, beta=-1.0), RuntimeError, r"beta"),
    (lambda: F.huber_loss(X, X, delta=0.0), RuntimeError, r"delta"),
    (lambda: F.gaussian_nll_loss(X, X, X - 1), ValueError, r"negative"),
    (lambda: F.gaussian_nll_loss(X, X, dark.ones(2)), ValueError, r"var has shape \(2,\)"),
    (lambda: F.multi_margin_loss(X, INDEX, p=3), ValueError, r"p is 1 or 2"),
    (lambda: F.multi_margin_loss(X, dark.tensor([0, 1, 4])), RuntimeError, r"multi_margin_loss: .*class 4"),
    (lambda: F.margin_ranking_loss(X, X, dark.ones(4)), RuntimeError, r"margin_ranking_loss: .*\(4,\)"),
    (lambda: F.cosine_embedding_loss(X, X, X), RuntimeError, r"\(N, D\)"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[m for _, _, m in WRONG])
def test_wrong_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()
