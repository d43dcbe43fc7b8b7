"""Parts replaced, put together in other ways, compared and asked about."""  # beyond

import numpy as np
import pytest

import dark
from against_torch import check_op, random_array, torch

REPLACED = {
    "select_scatter": lambda t, x, y: t.select_scatter(x, y[0], 0, 1),
    "select_scatter -1": lambda t, x, y: x.select_scatter(y[:, 0], -1, -2),
    "slice_scatter": lambda t, x, y: t.slice_scatter(x, y[:, 1:3], 1, 1, 3),
    "slice_scatter step": lambda t, x, y: x.slice_scatter(y[::2], 0, 0, 4, 2),
    "slice_scatter all": lambda t, x, y: x.slice_scatter(y),
    "diagonal_scatter": lambda t, x, y: t.diagonal_scatter(x, y[0, :3]),
    "diagonal_scatter 1": lambda t, x, y: x.diagonal_scatter(y[0, :3], 1),
    "put": lambda t, x, y: t.Tensor.put(x, t.tensor([0, -1, 5]), y[0, :3]),
    "put added": lambda t, x, y: x.put(t.tensor([1, 5, 1]), y[0, :3], accumulate=True),
}


@pytest.mark.parametrize("function", REPLACED.values(), ids=REPLACED)
def test_parts_replaced(function):
    check_op(function, random_array((3, 4)), random_array((3, 4), seed=1))


INDEX = [[0, 1, 1, 3], [0, 0, 0, 0]]


@pytest.mark.parametrize("include_self", [True, False])
@pytest.mark.parametrize("reduce", ["sum", "prod", "mean", "amax", "amin"])
@pytest.mark.parametrize("zeros", [False, True])
def test_scatter_reduce(reduce, include_self, zeros):
    x, src = random_array((3, 4), low=0.5), random_array((2, 4), low=0.5, seed=1)
    if zeros:  # ties of the largest and smallest, and products with nothing
        src[0, 1] = src[0, 2] = 0
        x[0, 1] = 0 if include_self else 1  # PyTorch would give it a share of the gradient even then
        src[1, 0] = 0

    def function(t, x, src):
        return t.scatter_reduce(x, 1, t.tensor(INDEX), src, reduce, include_self=include_self)

    check_op(function, x, src, second=not zeros, differences=not zeros, rtol=3e-5)


@pytest.mark.parametrize("reduce", ["sum", "prod", "mean", "amax", "amin"])
def test_scatter_reduce_of_integers(reduce):
    x, src = random_array((3, 4), "int64", -9, 9), random_array((3, 4), "int64", -9, 9, seed=1)
    check_op(lambda t, x, src: x.scatter_reduce_(1, t.tensor(INDEX), src, reduce), x, src, gradients=False)


MADE = {
    "split_with_sizes": lambda t, x: t.split_with_sizes(x, [1, 2], 0),
    "split_with_sizes method": lambda t, x: x.split_with_sizes([3, 1], dim=1),
    "hsplit": lambda t, x: t.hsplit(x, 2),
    "hsplit at": lambda t, x: x.hsplit([1, 3]),
    "vsplit": lambda t, x: t.vsplit(x, 3),
    "dsplit": lambda t, x: t.dsplit(x[None], 2),
    "block_diag": lambda t, x: t.block_diag(x, x[0], x[0, 0], x),
    "cartesian_prod": lambda t, x: t.cartesian_prod(x[0], x[1], x[2, :2]),
    "cartesian_prod of one": lambda t, x: t.cartesian_prod(x[0]),
    "combinations": lambda t, x: t.combinations(x[0]),
    "combinations 3": lambda t, x: t.combinations(x[0], 3, with_replacement=True),
    "combinations 9": lambda t, x: t.combinations(x[0], 9),
    "cov": lambda t, x: t.cov(x),
    "cov biased": lambda t, x: x.cov(correction=0),
    "cov of one": lambda t, x: x[0].cov(),
    "cov weights": lambda t, x: t.cov(x, fweights=t.tensor([1, 2, 0, 3])),
    "cov both": lambda t, x: t.cov(x, fweights=t.tensor([1, 2, 1, 3]), aweights=t.linspace(1, 2, 4)),
    "corrcoef": lambda t, x: t.corrcoef(x),
    "corrcoef of one": lambda t, x: x[0].corrcoef(),
    "adjoint": lambda t, x: t.adjoint(x),
    "H": lambda t, x: x.H,
    "mH": lambda t, x: x.mH,
    "sum_to_size": lambda t, x: x.sum_to_size(3, 1),
    "sum_to_size of fewer": lambda t, x: x.sum_to_size((4,)),
    "renorm": lambda t, x: t.renorm(x, 2, 0, 1.5),
    "renorm 1": lambda t, x: x.renorm(1, 1, 2.0),
    "msort": lambda t, x: t.msort(x),
    "row_stack": lambda t, x: t.row_stack([x, x[0]]),
    "reversed": lambda t, x: reversed(x),
    "rsub": lambda t, x: t.rsub(x, x[0], alpha=2),
    "rsub number": lambda t, x: t.rsub(x, 3),
    "trapz": lambda t, x: t.trapz(x),
    "newaxis": lambda t, x: x[:, t.newaxis],
    "detach": lambda t, x: t.detach(x[0]) * 0 + x,
    "lerp to one place": lambda t, x: t.lerp(x, x * x, x[0, 0]),
}


@pytest.mark.parametrize("function", MADE.values(), ids=MADE)
def test_made_of_a_matrix(function):
    few = function in (MADE["corrcoef of one"], MADE["combinations 9"])
    check_op(function, random_array((3, 4)), rtol=3e-5, second=not few, differences=not few)


@pytest.mark.parametrize("p", [0.0, 0.5, 1.0, 2.0, 3.0, float("inf")])
@pytest.mark.parametrize("shapes", [((3, 4), (2, 4)), ((2, 1, 3, 4), (5, 2, 4)), ((0, 4), (2, 4))], ids=str)
def test_distances_of_pairs(p, shapes):
    x, y = (random_array(s, seed=i) for i, s in enumerate(shapes))
    check_op(lambda t, x, y: t.cdist(x, y, p), x, y, second=False, rtol=3e-5, differences=0 not in shapes[0])


def test_distances_of_equal_rows_have_no_gradient():
    x = random_array((3, 4))
    check_op(lambda t, x: (t.cdist(x, x), t.dist(x, x)), x, second=False, differences=False)


ASKED = {
    "is_signed": lambda t, x: (t.is_signed(x), x.is_signed(), x.long().is_signed(), x.bool().is_signed()),
    "sizes": lambda t, x: (x.itemsize, x.nbytes, x.nelement(), x.ndimension(), x.double().nbytes),
    "is_nonzero": lambda t, x: (t.is_nonzero(x[0, 0]), t.is_nonzero(t.tensor([0]))),
    "is_same_size": lambda t, x: (t.is_same_size(x, x + 1), x.is_same_size(x[0])),
    "is_set_to": lambda t, x: (x.is_set_to(x), x.is_set_to(x[0]), x[0].is_set_to(x[0]), x.is_set_to(x + 0)),
    "in": lambda t, x: (x[0, 0] in x, 7 in x, 1.5 in t.tensor([1.5])),
    "can_cast": lambda t, x: tuple(
        t.can_cast(getattr(t, a), getattr(t, b))
        for a in ("bool", "uint8", "int64", "float32") for b in ("bool", "uint8", "int64", "float32")
    ),
    "char": lambda t, x: x.char(),
}  # fmt: skip


@pytest.mark.parametrize("function", ASKED.values(), ids=ASKED)
def test_what_a_tensor_is(function):
    check_op(function, random_array((3, 4)), gradients=False)


IN_PLACE = {
    "squeeze_": lambda x: x[None].clone().squeeze_(0),
    "unsqueeze_": lambda x: x.clone().unsqueeze_(1),
    "t_": lambda x: x.clone().t_(),
    "transpose_": lambda x: x.clone().transpose_(0, 1),
    "swapaxes_": lambda x: x.clone().swapaxes_(0, 1),
    "swapdims_": lambda x: x.clone().swapdims_(0, 1),
    "apply_": lambda x: x.clone().apply_(lambda a: 2 * a),
    "map_": lambda x: x.clone().map_(x[0].expand(3, 4), lambda a, b: a - b),
    "renorm_": lambda x: x.clone().renorm_(2, 0, 1.0),
    "ldexp_": lambda x: x.clone().ldexp_(x.long()),
}


@pytest.mark.parametrize("function", IN_PLACE.values(), ids=IN_PLACE)
def test_changes_in_place(function):
    check_op(lambda t, x: function(x), random_array((3, 4)), gradients=False)


def test_shapes_changed_in_place_keep_the_memory():
    x = dark.zeros(2, 3)
    y = x
    assert x.t_() is x
    x[0, 1] = 5
    assert y.shape == (3, 2)
    assert y.tolist() == [[0, 5], [0, 0], [0, 0]]
    with pytest.raises(RuntimeError, match="unsqueeze_: a leaf tensor"):
        dark.zeros(2, requires_grad=True).unsqueeze_(0)


ERRORS = {
    "select_scatter": lambda t: t.select_scatter(t.ones(3, 4), t.ones(3), 0, 0),
    "slice_scatter": lambda t: t.slice_scatter(t.ones(3, 4), t.ones(2, 4)),
    "diagonal_scatter": lambda t: t.diagonal_scatter(t.ones(3, 4), t.ones(4)),
    "put": lambda t: t.ones(3).put(t.tensor([0, 1]), t.ones(1)),
    "put types": lambda t: t.ones(3).put(t.tensor([0]), t.ones(1, dtype=t.float64)),
    "reduce": lambda t: t.scatter_reduce(t.ones(3), 0, t.tensor([0]), t.ones(1), "median"),
    "hsplit": lambda t: t.hsplit(t.ones(2, 3), 2),
    "vsplit": lambda t: t.vsplit(t.ones(3), 3),
    "dsplit": lambda t: t.dsplit(t.ones(3, 3), 3),
    "split_with_sizes": lambda t: t.split_with_sizes(t.ones(3), [1, 1]),
    "cdist": lambda t: t.cdist(t.ones(3, 2), t.ones(3, 4)),
    "cdist -1": lambda t: t.cdist(t.ones(3, 2), t.ones(3, 2), -1.0),
    "renorm of a vector": lambda t: t.renorm(t.ones(3), 2, 0, 1),
    "combinations of a matrix": lambda t: t.combinations(t.ones(3, 3)),
    "cartesian_prod of a matrix": lambda t: t.cartesian_prod(t.ones(3, 3), t.ones(2)),
    "block_diag": lambda t: t.block_diag(t.ones(1, 2, 3)),
    "cov": lambda t: t.cov(t.ones(1, 2, 3)),
    "weights": lambda t: t.cov(t.ones(2, 3), fweights=t.ones(2, dtype=t.int64)),
    "sum_to_size": lambda t: t.ones(3, 4).sum_to_size(2, 4),
    "H": lambda t: t.ones(2, 3, 4).H,
    "adjoint": lambda t: t.adjoint(t.ones(3)),
    "is_nonzero": lambda t: t.is_nonzero(t.ones(3)),
    "t_": lambda t: t.ones(2, 3, 4).t_(),
}


@pytest.mark.parametrize("call", ERRORS.values(), ids=ERRORS)
def test_bad_arguments_raise(call):
    kinds = (RuntimeError, TypeError, IndexError, ValueError)
    with pytest.raises(kinds) as ours:
        call(dark)
    if torch is not None:
        with pytest.raises(ours.type):
            call(torch)


def test_a_part_keeps_infinities_elsewhere():
    x = np.array([[np.inf, 1], [2, np.nan]], "float32")
    check_op(lambda t, x: (t.select_scatter(x, x[1], 0, 0), x.diagonal_scatter(x[0])), x, gradients=False)
