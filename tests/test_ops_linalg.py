"""Matrix products in every combination of dimensions, and einsum in every form."""

import numpy as np
import pytest

import dark
from against_torch import check_op, needs_torch, random_array, torch

MATMUL_SHAPES = [
    ((2, 3), (3, 4)),
    ((3,), (3,)),
    ((3,), (3, 4)),
    ((2, 3), (3,)),
    ((1, 3), (3, 1)),
    ((5, 2, 3), (3, 4)),
    ((5, 2, 3), (3,)),
    ((6, 5, 2, 3), (3, 4)),
    ((3,), (5, 3, 4)),
    ((3,), (6, 5, 3, 4)),
    ((2, 3), (5, 3, 4)),
    ((5, 2, 3), (5, 3, 4)),
    ((5, 2, 3), (1, 3, 4)),
    ((1, 2, 3), (5, 3, 4)),
    ((4, 1, 2, 3), (5, 3, 2)),
    ((4, 5, 2, 3), (4, 5, 3, 1)),
    ((0, 3), (3, 4)),
    ((2, 0), (0, 4)),
    ((2, 3), (3, 0)),
    ((4, 0, 3), (3, 2)),
    ((0, 2, 3), (0, 3, 2)),
    ((0,), (0,)),
    ((5, 2, 0), (0, 3)),
]


@pytest.mark.parametrize("shapes", MATMUL_SHAPES, ids=str)
def test_matmul(shapes):
    x, y = random_array(shapes[0]), random_array(shapes[1], seed=1)
    check_op(lambda t, x, y: x @ y, x, y)
    check_op(lambda t, x, y: [t.matmul(x, y.detach()), x.detach().matmul(y)], x, y, differences=False)
    check_op(lambda t, x, y: x @ y, x.astype("int64"), y.astype("int64"))


@pytest.mark.parametrize("shapes", [((3, 2), (3, 4)), ((2, 5, 3), (3, 4)), ((3, 2, 5), (5, 3, 4))], ids=str)
def test_matmul_of_transposed_tensors(shapes):
    x, y = random_array(shapes[0]), random_array(shapes[1], seed=1)
    check_op(lambda t, x, y: x.reshape(3, -1).t() @ y.reshape(3, -1), x, y)
    check_op(lambda t, x, y: x.reshape(-1, 3)[::2] @ y.flip(0).reshape(3, -1)[:, 1:], x, y)


@needs_torch
def test_half_precision_is_summed_in_more():
    x, y = random_array((4, 300), "float16", seed=1), random_array((300, 5), "float16", seed=2)
    check_op(lambda t, x, y: x @ y, x, y, rtol=1e-3, atol=1e-3, second=False, differences=False)


def test_the_gradient_of_a_weight_used_in_a_batch_is_one_product():
    x, w = random_array((6, 4, 3)), random_array((3, 2), seed=1)
    check_op(lambda t, x, w: (x @ w).tanh(), x, w)
    check_op(lambda t, x, w: (x.transpose(0, 1) @ w).tanh(), x, w)


OPS = [  # name, function, shapes
    ("mm", lambda t, x, y: [t.mm(x, y), x.mm(y)], [(2, 3), (3, 4)]),
    ("bmm", lambda t, x, y: [t.bmm(x, y), x.bmm(y)], [(5, 2, 3), (5, 3, 4)]),
    ("mv", lambda t, x, y: [t.mv(x, y), x.mv(y)], [(2, 3), (3,)]),
    ("dot", lambda t, x, y: [t.dot(x, y), x.dot(y), t.vdot(x, y)], [(3,), (3,)]),
    ("inner", lambda t, x, y: [t.inner(x, y), y.inner(x)], [(2, 3), (4, 5, 3)]),
    ("inner 1-d", lambda t, x, y: [t.inner(x, y)], [(3,), (3,)]),
    ("inner 0-d", lambda t, x, y: [t.inner(x, y)], [(), (3,)]),
    ("outer", lambda t, x, y: [t.outer(x, y), x.outer(y), t.ger(x, y)], [(2,), (3,)]),
    ("addmm",
     lambda t, c, x, y: [t.addmm(c, x, y), c.addmm(x, y, beta=0.5, alpha=2)], [(2, 4), (2, 3), (3, 4)]),
    ("addmm row", lambda t, c, x, y: [t.addmm(c, x, y), c.addmm(x, y, beta=2)], [(4,), (2, 3), (3, 4)]),
    ("addmm 0-d", lambda t, c, x, y: t.addmm(c, x, y), [(), (2, 3), (3, 4)]),
    ("addmv", lambda t, c, x, y: [t.addmv(c, x, y), c.addmv(x, y, beta=3, alpha=-1)], [(2,), (2, 3), (3,)]),
    ("addr", lambda t, c, x, y: [t.addr(c, x, y), c.addr(x, y, beta=3, alpha=-1)], [(2, 3), (2,), (3,)]),
    ("baddbmm", lambda t, c, x, y: [t.baddbmm(c, x, y), c.baddbmm(x, y, beta=3, alpha=-1)],
     [(5, 2, 4), (5, 2, 3), (5, 3, 4)]),
    ("baddbmm row", lambda t, c, x, y: t.baddbmm(c, x, y), [(1, 4), (5, 2, 3), (5, 3, 4)]),
    ("addbmm", lambda t, c, x, y: [t.addbmm(c, x, y), c.addbmm(x, y, beta=3, alpha=-1)],
     [(2, 4), (5, 2, 3), (5, 3, 4)]),
    ("tensordot", lambda t, x, y: t.tensordot(x, y), [(2, 3, 4), (3, 4, 5)]),
    ("tensordot 1", lambda t, x, y: t.tensordot(x, y, dims=1), [(2, 3), (3, 4, 5)]),
    ("tensordot 0", lambda t, x, y: t.tensordot(x, y, 0), [(2, 3), (4,)]),
    ("tensordot dims", lambda t, x, y: t.tensordot(x, y, dims=([0, -1], [2, 1])), [(2, 3, 4), (3, 4, 2)]),
    ("kron", lambda t, x, y: [t.kron(x, y), y.kron(x)], [(2, 3), (4, 1, 2)]),
    ("kron 1-d", lambda t, x, y: t.kron(x, y), [(2,), (3,)]),
    ("cross", lambda t, x, y: [t.cross(x, y, dim=1), x.cross(y, dim=-1)], [(2, 3), (2, 3)]),
    ("cross broadcast", lambda t, x, y: t.cross(x, y, dim=0), [(3, 1), (3, 2)]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "function", "shapes"), OPS, ids=[row[0] for row in OPS])
def test_products(name, function, shapes):
    check_op(function, *(random_array(s, seed=i) for i, s in enumerate(shapes)))


@pytest.mark.parametrize(("name", "function", "shapes"), OPS, ids=[row[0] for row in OPS])
def test_products_of_integers(name, function, shapes):
    if name in ("addmm",):
        function = lambda t, c, x, y: c.addmm(x, y, beta=3, alpha=2)
    check_op(function, *(random_array(s, "int64", seed=i) for i, s in enumerate(shapes)))


def test_beta_0_does_not_look_at_the_input():
    nan = dark.full((2, 2), float("nan"))
    assert dark.addmm(nan, dark.ones(2, 3), dark.ones(3, 2), beta=0).tolist() == [[3, 3], [3, 3]]


@needs_torch
def test_addmm_in_place():
    arrays = [random_array(shape) for shape in ((2, 4), (2, 3), (3, 4))]
    check_op(lambda t, c, x, y: c.addmm_(x, y, beta=0.5), *arrays, gradients=False)


EINSUMS = [
    ("ij,jk->ik", [(2, 3), (3, 4)]),
    ("ij,jk", [(2, 3), (3, 4)]),
    ("ij, jk -> ki", [(2, 3), (3, 4)]),
    ("bij,bjk->bik", [(5, 2, 3), (5, 3, 4)]),
    ("bhid,bhjd->bhij", [(2, 3, 4, 5), (2, 3, 6, 5)]),
    ("i,i", [(3,), (3,)]),
    ("i,i->i", [(3,), (3,)]),
    ("i,j->ij", [(3,), (4,)]),
    ("ij->ji", [(2, 3)]),
    ("ji", [(2, 3)]),
    ("ij->j", [(2, 3)]),
    ("ij->", [(2, 3)]),
    ("ii->i", [(3, 3)]),
    ("ii", [(3, 3)]),
    ("iij->ij", [(3, 3, 2)]),
    ("iji->j", [(3, 2, 3)]),
    ("iii->i", [(3, 3, 3)]),
    ("iijj->ij", [(3, 3, 2, 2)]),
    ("ij,ij->", [(2, 3), (2, 3)]),
    ("ij,k->i", [(2, 3), (4,)]),
    ("ij,kl->il", [(2, 3), (4, 5)]),
    ("ii,i->i", [(3, 3), (3,)]),
    ("ij,jj->i", [(2, 3), (3, 3)]),
    ("i,ij,j->", [(2,), (2, 3), (3,)]),
    ("bn,anm,bm->ba", [(2, 3), (4, 3, 5), (2, 5)]),
    ("ij,jk,kl->il", [(2, 3), (3, 4), (4, 5)]),
    ("i,i,i->i", [(3,), (3,), (3,)]),
    ("...ij,...jk->...ik", [(5, 2, 3), (5, 3, 4)]),
    ("...ij,jk->...ik", [(6, 5, 2, 3), (3, 4)]),
    ("...ij,...jk->...ik", [(6, 1, 2, 3), (5, 3, 4)]),
    ("...ij,...jk", [(5, 2, 3), (5, 3, 4)]),
    ("...ij->...", [(5, 2, 3)]),
    ("...ii->...i", [(5, 3, 3)]),
    ("i...,i...->...", [(3, 2), (3, 2)]),
    ("i...j->j...i", [(2, 3, 4)]),
    ("...", [(2, 3)]),
    ("...->...", [()]),
    ("...ij->ij", [(5, 2, 3)]),
    (",ij->ij", [(), (2, 3)]),
    (",", [(), ()]),
    ("Ab,bA->A", [(2, 3), (3, 2)]),
    ("bA", [(2, 3)]),
    ("ij,jk->ik", [(2, 1), (3, 4)]),
    ("ij,ij->ij", [(2, 1), (1, 3)]),
    ("ij,jk->ik", [(0, 3), (3, 4)]),
    ("ij,jk->ik", [(2, 0), (0, 4)]),
    ("i,i->", [(0,), (0,)]),
    ("ij,j->i", [(2, 0), (1,)]),
]


@pytest.mark.parametrize(("equation", "shapes"), EINSUMS, ids=[f"{e} {s}" for e, s in EINSUMS])
def test_einsum(equation, shapes):
    check_op(lambda t, *xs: t.einsum(equation, *xs), *(random_array(s, seed=i) for i, s in enumerate(shapes)))


def test_einsum_of_other_forms():
    x, y = random_array((2, 3)), random_array((3, 4), seed=1)
    check_op(lambda t, x, y: t.einsum("ij,jk->ik", [x, y]), x, y)
    check_op(lambda t, x, y: t.einsum(x, [0, 1], y, [1, 2], [0, 2]), x, y)
    check_op(lambda t, x, y: t.einsum(x, [7, 30], y, [30, 2]), x, y)
    check_op(lambda t, x, y: t.einsum(x, [..., 1], y, [1, ...], [...]), x, y[:, 0])
    check_op(lambda t, x, y: t.einsum("ij,jk", x, y), x.astype("int64"), y.astype("int64"))
    check_op(lambda t, x: t.einsum("ij,ij,kj->ki", x, x, x), x)


def test_einsum_runs_on_arrays_as_numpys():  # beyond
    x = dark.ones(2, 3, requires_grad=True)
    (np.einsum("ij,kj->ik", x, np.ones((4, 3), "float32")) * 2).sum().backward()
    assert x.grad.tolist() == [[8.0] * 3] * 2


ERRORS = [
    (lambda t, x: x @ t.zeros(4, 5),
     r"matmul: input \(2, 3\) and other \(4, 5\) do not fit: 3 columns meet 4 rows"),
    (lambda t, x: x @ t.zeros(2),
     r"matmul: input \(2, 3\) and other \(2,\) do not fit: 3 columns meet 2 rows"),
    (lambda t, x: x @ t.zeros(()), "matmul: a 0-d tensor has no matrix product"),
    (lambda t, x: x @ t.zeros(3, 2, dtype=t.float64), "same dtype: dark.float32 and dark.float64"),
    (lambda t, x: x @ t.zeros(3, 2, dtype=t.int64), "matmul: expected both to have the same dtype"),
    (lambda t, x: t.zeros(2, 2, 3) @ t.zeros(3, 3, 2), "matmul"),
    (lambda t, x: t.mm(x, t.zeros(3)), r"mm: expects 2-d and 2-d tensors, got shapes \(2, 3\) and \(3,\)"),
    (lambda t, x: t.bmm(x[None], t.zeros(2, 3, 4)), "bmm: batches of 1 and 2"),
    (lambda t, x: t.mv(x, x), "mv: expects 2-d and 1-d"),
    (lambda t, x: t.dot(x, x), "dot: expects 1-d and 1-d"),
    (lambda t, x: t.outer(x, x), "outer: expects 1-d and 1-d"),
    (lambda t, x: t.addmm(t.zeros(3), x, t.zeros(3, 4)), r"addmm: input \(3,\) does not expand to \(2, 4\)"),
    (lambda t, x: t.addmm(t.zeros(1, 2, 4), x, t.zeros(3, 4)), "addmm: input"),
    (lambda t, x: t.tensordot(x, x, dims=([1], [0])), "tensordot: dimensions"),
    (lambda t, x: t.tensordot(x, x, dims=3), "tensordot: 3 dimensions"),
    (lambda t, x: t.tensordot(x, x, dims=([1], [0, 1])), "tensordot: 1 dimensions of a meet 2 of b"),
    (lambda t, x: t.kron(x, x).cross(x), "cross"),
    (lambda t, x: t.ones(2, 3).cross(t.ones(3)), r"cross: .* got shapes \(2, 3\) and \(3,\)"),
    (lambda t, x: t.einsum("ij,jk->ik", x), "einsum: .* names 2 operands, 1"),
    (lambda t, x: t.einsum("ijk->i", x), r"einsum: 'ijk' .* names .* \(2, 3\)"),
    (lambda t, x: t.einsum("i->i", x), "einsum: 'i'"),
    (lambda t, x: t.einsum("ij->k", x), "einsum: the result"),
    (lambda t, x: t.einsum("ij->ii", x), "einsum: the result"),
    (lambda t, x: t.einsum("ij,jk->ik", x, x), "einsum: 'j' has length"),
    (lambda t, x: t.einsum("ii->i", x), "einsum: 'i' has length"),
    (lambda t, x: t.einsum("i1->i", x), "einsum: 'i1'"),
    (lambda t, x: t.einsum("i......->i", x), "einsum"),
]


@pytest.mark.parametrize(("function", "message"), ERRORS)
def test_an_error_says_what_does_not_fit(function, message):
    with pytest.raises(RuntimeError, match=message):
        function(dark, dark.zeros(2, 3))
    if torch is not None:
        with pytest.raises(RuntimeError):
            function(torch, torch.zeros(2, 3))
