"""Linear algebra: norms of every order, solutions, determinants, factorizations, spectra."""  # beyond

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, random_array, torch

INF = float("inf")
SHAPES = [(3, 3), (2, 4, 3), (1, 2, 2, 5)]
VECTOR_ORDERS = [0, 0.5, 1, 2, 3, INF, -INF, -1, -2]
MATRIX_ORDERS = ["fro", "nuc", 1, -1, 2, -2, INF, -INF]


@pytest.mark.parametrize("ord", VECTOR_ORDERS)
@pytest.mark.parametrize("dim", [None, 0, -1, (0, 1)], ids=str)
def test_vector_norms(ord, dim):
    x = random_array((3, 4), low=0.2, high=2)
    x[:, ::2] *= -1
    check_op(lambda t, x: t.linalg.vector_norm(x, ord, dim), x, rtol=3e-5)
    check_op(lambda t, x: t.linalg.vector_norm(x, ord=ord, dim=dim, keepdim=True), x, gradients=False)


@pytest.mark.parametrize("ord", VECTOR_ORDERS)
def test_vector_norms_at_zero(ord):
    x = np.array([[0, 0, 0], [0, 2, -2], [1, 1, 1]], "float32")
    check_op(lambda t, x: t.linalg.vector_norm(x, ord, 1), x, second=False, differences=False)


@pytest.mark.parametrize("ord", MATRIX_ORDERS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_matrix_norms(ord, shape):
    check_op(lambda t, x: t.linalg.matrix_norm(x, ord), random_array(shape), rtol=1e-4, atol=1e-5)
    check_op(
        lambda t, x: (
            t.linalg.matrix_norm(x, ord, keepdim=True), t.linalg.matrix_norm(x, ord, (0, -1)),
            t.linalg.norm(x, ord, dim=(-2, -1)),
        ),
        random_array(shape), gradients=False,
    )  # fmt: skip


NORMS = {
    "all": lambda t, x: t.linalg.norm(x),
    "keepdim": lambda t, x: t.linalg.norm(x, keepdim=True),
    "dim": lambda t, x: t.linalg.norm(x, dim=0),
    "two dims": lambda t, x: t.linalg.norm(x, dim=(0, 1), keepdim=True),
    "vectors": lambda t, x: t.linalg.norm(x, 3, dim=-1),
    "vector": lambda t, x: t.linalg.norm(x[0], 1),
    "matrix": lambda t, x: t.linalg.norm(x, 1),
    "nuc": lambda t, x: t.linalg.norm(x, "nuc"),
    "dtype": lambda t, x: t.linalg.norm(x, dtype=t.float64),
    "matrix dtype": lambda t, x: t.linalg.matrix_norm(x, dtype=t.float64),
    "scalar": lambda t, x: t.linalg.vector_norm(x[0, 0]),
}


@pytest.mark.parametrize("function", NORMS.values(), ids=NORMS)
def test_norms(function):
    check_op(function, random_array((3, 4)), rtol=3e-5, differences=False)


def well_behaved(n=3, batch=(), seed=0):
    """Matrices with an inverse."""
    return random_array((*batch, n, n), seed=seed) / 2 + 3 * np.diag(np.arange(1, n + 1)).astype("float32")


SQUARE = {
    "inv": lambda t, A: t.linalg.inv(A),
    "inverse": lambda t, A: A.inverse(),
    "det": lambda t, A: t.linalg.det(A),
    "det method": lambda t, A: A.det(),
    "logdet": lambda t, A: t.logdet(A),
    "logabsdet": lambda t, A: t.linalg.slogdet(A).logabsdet,
    "sign": lambda t, A: t.slogdet(A)[0].detach(),
    "matrix_power": lambda t, A: t.linalg.matrix_power(A, 3),
    "matrix_power 0": lambda t, A: A.matrix_power(0) * A,
    "matrix_power -2": lambda t, A: t.matrix_power(A, -2),
    "pinv": lambda t, A: t.linalg.pinv(A),
    "cholesky": lambda t, A: t.linalg.cholesky(A @ A.mT),
    "cholesky upper": lambda t, A: t.linalg.cholesky(A @ A.mT, upper=True),
    "eigvalsh": lambda t, A: t.linalg.eigvalsh(A + A.mT),
    "eigvalsh U": lambda t, A: t.linalg.eigvalsh(A + A.mT, "U"),
    "eigh": lambda t, A: t.linalg.eigh(A + A.mT).eigenvectors ** 2,
    "solve_triangular": lambda t, A: t.linalg.solve_triangular(A, A.mT, upper=False),
    "solve_triangular unit": lambda t, A: t.linalg.solve_triangular(
        A, A.mT, upper=True, left=False, unitriangular=True
    ),
}


@pytest.mark.parametrize("batch", [(), (2,)], ids=str)
@pytest.mark.parametrize("function", SQUARE.values(), ids=SQUARE)
def test_of_square_matrices(function, batch):
    check_op(function, well_behaved(batch=batch), rtol=2e-4, atol=2e-5)


def test_condition_numbers_of_other_orders():
    for p in (1, INF, "fro", "nuc"):
        check_op(lambda t, A, p=p: t.linalg.cond(A, p), well_behaved(batch=(2,)), gradients=False)
        check_op(lambda t, A, p=p: t.linalg.cond(A, p), np.ones((2, 2), "float32"), gradients=False)


ANY = {
    "pinv": lambda t, A: t.linalg.pinv(A),
    "pinverse": lambda t, A: t.pinverse(A),
    "svdvals": lambda t, A: t.linalg.svdvals(A),
    "U": lambda t, A: t.linalg.svd(A, full_matrices=False).U ** 2,
    "Vh": lambda t, A: t.linalg.svd(A, full_matrices=False).Vh ** 2,
    "U S Vh": lambda t, A: (lambda U, S, Vh: U * S[..., None, :] @ Vh)(*t.linalg.svd(A, full_matrices=False)),
    "qr": lambda t, A: tuple(t.linalg.qr(A)),
    "r": lambda t, A: t.linalg.qr(A).R,
    "cond": lambda t, A: t.linalg.cond(A),
    "cond -2": lambda t, A: t.linalg.cond(A, -2),
}


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("function", ANY.values(), ids=ANY)
def test_of_matrices(function, shape):
    check_op(function, random_array(shape, "float64"), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    "function",
    [
        lambda t, A: t.linalg.matrix_rank(A),
        lambda t, A: t.linalg.matrix_rank(A @ A.mT, atol=0.5, hermitian=True),
        lambda t, A: [abs(x) for x in t.linalg.svd(A)][1],
        lambda t, A: [abs(x).sum(-1)[..., :2] for x in t.linalg.qr(A, mode="complete")],
        lambda t, A: t.linalg.qr(A, mode="r"),
    ],
)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_values_alone(function, shape):
    check_op(function, random_array(shape, "float64"), gradients=False)


SOLVED = [
    ((3, 3), (3,)), ((3, 3), (3, 2)), ((2, 3, 3), (2, 3)), ((2, 3, 3), (3, 2)), ((1, 3, 3), (4, 3, 2)),
]  # fmt: skip


@pytest.mark.parametrize("shapes", SOLVED, ids=str)
def test_solutions(shapes):
    A, B = well_behaved(batch=shapes[0][:-2]), random_array(shapes[1], seed=1)
    check_op(lambda t, A, B: t.linalg.solve(A, B), A, B, rtol=1e-4)


def test_solutions_from_the_right():
    A, B = well_behaved(), random_array((2, 3), seed=1)
    check_op(lambda t, A, B: t.linalg.solve(A, B, left=False), A, B, rtol=1e-4)


@pytest.mark.parametrize("shapes", [((5, 3), (5, 2)), ((2, 4, 3), (2, 4, 1)), ((3, 5), (3, 2))], ids=str)
def test_least_squares(shapes):
    A, B = (random_array(s, "float64", seed=i) for i, s in enumerate(shapes))
    check_op(lambda t, A, B: t.linalg.lstsq(A, B).solution, A, B, rtol=1e-6, atol=1e-6)
    check_op(
        lambda t, A, B: (t.linalg.lstsq(A, B).residuals, t.linalg.lstsq(A, B).rank),
        A, B, gradients=False,
    )  # fmt: skip


PRODUCTS = {
    "multi_dot": lambda t, x: t.linalg.multi_dot([x, x.T, x, x.T]),
    "multi_dot vectors": lambda t, x: t.linalg.multi_dot([x[:, 0], x, x.T, x[:, 1]]),
    "chain_matmul": lambda t, x: t.linalg.multi_dot([x, x.T, x]),
    "vecdot": lambda t, x: t.linalg.vecdot(x, x[0]),
    "vecdot dim": lambda t, x: t.linalg.vecdot(x, x + 1, dim=0),
    "cross": lambda t, x: t.linalg.cross(x[:, :3], x[:1, 1:]),
    "cross dim": lambda t, x: t.linalg.cross(x, x * x, dim=0),
    "diagonal": lambda t, x: t.linalg.diagonal(x, offset=1),
    "matmul": lambda t, x: t.linalg.matmul(x, x.T),
    "vander": lambda t, x: t.linalg.vander(x, N=3),
}


@pytest.mark.parametrize("function", PRODUCTS.values(), ids=PRODUCTS)
def test_products(function):
    check_op(function, random_array((3, 4)), rtol=1e-4, atol=1e-5)


def test_the_gradient_of_a_singular_determinant_are_the_cofactors():
    A = dark.tensor([[1.0, 2, 3], [4, 5, 6], [5, 7, 9]], dtype=dark.float64, requires_grad=True)
    dark.linalg.det(A).backward()  # PyTorch's gradient is 0 where the determinant is exactly 0
    cofactors = [[3, -6, 3], [3, -6, 3], [-3, 6, -3]]
    np.testing.assert_allclose(A.grad.numpy(), cofactors, atol=1e-12)


def test_results_have_fields():
    U, S, Vh = dark.linalg.svd(dark.ones(3, 2))
    assert (tuple(U.shape), tuple(S.shape), tuple(Vh.shape)) == ((3, 3), (2,), (2, 2))
    assert dark.linalg.eigh(dark.eye(2)).eigenvalues.tolist() == [1, 1]
    assert dark.linalg.slogdet(-dark.eye(3)).sign.item() == -1
    assert repr(dark.linalg.slogdet(dark.eye(1))).startswith("dark.return_types.linalg_slogdet(\nsign=")


@pytest.mark.parametrize("shape", [(0, 0), (2, 0, 0), (0, 3, 3)], ids=str)
def test_no_elements(shape):
    A = random_array(shape)
    check_op(lambda t, A: (t.linalg.det(A), t.linalg.inv(A), t.linalg.norm(A)), A, gradients=False)


ERRORS = {
    "singular": lambda t: t.linalg.inv(t.ones(2, 2)),
    "no solution": lambda t: t.linalg.solve(t.zeros(2, 2), t.ones(2)),
    "not definite": lambda t: t.linalg.cholesky(-t.eye(2)),
    "not square": lambda t: t.linalg.inv(t.ones(2, 3)),
    "vector": lambda t: t.linalg.det(t.ones(3)),
    "integers": lambda t: t.linalg.inv(t.eye(3, dtype=t.int64)),
    "integers' norm": lambda t: t.linalg.vector_norm(t.arange(3)),
    "shapes": lambda t: t.linalg.solve(t.eye(3), t.ones(2)),
    "types": lambda t: t.linalg.solve(t.eye(3), t.ones(3, dtype=t.float64)),
    "order": lambda t: t.linalg.matrix_norm(t.eye(3), 3),
    "order's name": lambda t: t.linalg.norm(t.eye(3), "max"),
    "order of a vector": lambda t: t.linalg.norm(t.ones(3), "fro"),
    "three dimensions": lambda t: t.linalg.norm(t.ones(2, 2, 2), 2),
    "matrix_norm of a vector": lambda t: t.linalg.matrix_norm(t.ones(3)),
    "one dimension twice": lambda t: t.linalg.matrix_norm(t.ones(3, 3), dim=(0, 0)),
    "mode": lambda t: t.linalg.qr(t.eye(2), mode="full"),
    "one matrix": lambda t: t.linalg.multi_dot([t.eye(2)]),
    "sizes": lambda t: t.linalg.multi_dot([t.ones(2, 3), t.ones(2, 3)]),
    "cross": lambda t: t.linalg.cross(t.ones(4), t.ones(4)),
    "power": lambda t: t.linalg.matrix_power(t.ones(2, 3), 2),
}


@pytest.mark.parametrize("call", ERRORS.values(), ids=ERRORS)
def test_bad_arguments_raise(call):
    with pytest.raises((RuntimeError, TypeError, IndexError, ValueError)) as ours:
        call(dark)
    if torch is not None:
        kind = torch.linalg.LinAlgError if ours.type is dark.linalg.LinAlgError else ours.type
        with pytest.raises(kind):
            call(torch)


def test_condition_of_singular_matrices_among_others():
    A = np.stack([np.ones((3, 3), "float32"), well_behaved()])
    check_op(lambda t, A: t.linalg.cond(A, 1), A, gradients=False)


@pytest.mark.parametrize("name", ["svdvals", "eigvalsh"])
def test_of_equal_values_the_sum_has_a_gradient(name):
    def gradient(t):
        x = t.eye(3, dtype=t.float64).requires_grad_()
        getattr(t.linalg, name)(x).sum().backward()
        return x.grad

    np.testing.assert_allclose(gradient(dark).numpy(), np.eye(3), atol=1e-12)
    if torch is not None:
        assert_same(gradient(dark), gradient(torch), atol=1e-12)
