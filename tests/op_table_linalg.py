"""The rows of linear algebra: matrices far from singular, and what decompositions say for sure."""  # beyond

import op_families as of
from op_rows import FLAT, FLOATS, NUMBERS, by_name, rows


def regular(t, x):
    """Matrices that have an inverse: 3 is added on the diagonal."""
    return x + 3 * t.eye(x.shape[-1], dtype=x.dtype)


def symmetric(t, x):
    """Symmetric matrices with different positive eigenvalues."""
    return x @ x.mT * 0.1 + t.diag(t.arange(1, x.shape[-1] + 1).to(x.dtype))


def of_regular(name):
    """The line that calls `t.name` with matrices that have an inverse."""
    return lambda t, x, *inputs, **options: by_name(name)(t, regular(t, x), *inputs, **options)


def of_symmetric(name):
    """The line that calls `t.name` with symmetric matrices."""
    return lambda t, x, *inputs, **options: by_name(name)(t, symmetric(t, x), *inputs, **options)


def eigenvectors(t, x):
    """Eigenvalues, and the matrix that eigenvectors of either sign lead back to."""
    values, vectors = t.linalg.eigh(symmetric(t, x))
    return values, (vectors * values.unsqueeze(-2)) @ vectors.mT, vectors * vectors


def singular_vectors(t, x):
    """Singular values, and the matrix that singular vectors of either sign lead back to."""
    u, s, vh = t.linalg.svd(symmetric(t, x), full_matrices=False)
    return s, (u * s.unsqueeze(-2)) @ vh


def orthogonal_and_triangular(t, x):
    """QR, whichever signs it has."""
    q, r = t.linalg.qr(regular(t, x))
    return q @ r, q * q, r * r


def sign_and_log(result):
    """The sign, which has no gradient, and the logarithm."""
    return result[0].detach(), result[1]


def names(*parts):
    """Rows of functions of `linalg` and, where there is one, of the function of the old name."""
    return [row for name, call in parts for row in rows(name, of.square_matrices, dtypes=FLOATS, call=call)]


LINALG = [
    *names(*((n, of_regular(n)) for n in ("linalg.det", "det", "linalg.inv", "inverse"))),
    *names(*((n, of_regular(n)) for n in ("linalg.pinv", "pinverse"))),
    *names(("linalg.slogdet", lambda t, x: sign_and_log(t.linalg.slogdet(regular(t, x))))),
    *names(("slogdet", lambda t, x: sign_and_log(t.slogdet(regular(t, x))))),
    *names(*((n, of_symmetric(n)) for n in ("logdet", "linalg.cholesky"))),
    *names(*((n, of_symmetric(n)) for n in ("linalg.eigvalsh", "linalg.svdvals", "linalg.cond"))),
    *names(("linalg.eigh", eigenvectors), ("linalg.svd", singular_vectors)),
    *names(("linalg.qr", orthogonal_and_triangular)),
    *names(("linalg.matrix_power", lambda t, x: t.linalg.matrix_power(regular(t, x), 3))),
    *names(("matrix_power", lambda t, x: t.matrix_power(regular(t, x), -2))),
    *names(("linalg.matrix_norm", lambda t, x: t.linalg.matrix_norm(x))),
    *names(("linalg.matrix_norm nuclear", lambda t, x: t.linalg.matrix_norm(symmetric(t, x), "nuc"))),
    *names(("linalg.norm", lambda t, x: (t.linalg.norm(x), t.linalg.norm(x, 2, dim=-1)))),
    *rows(
        "linalg.matrix_rank", of.square_matrices, dtypes=FLOATS, gradient=False,
        call=lambda t, x: t.linalg.matrix_rank(x.detach()),
    ),
    *rows("linalg.solve", of.equations, dtypes=FLOATS, call=lambda t, a, b: t.linalg.solve(regular(t, a), b)),
    *rows(
        "linalg.solve_triangular", of.equations, dtypes=FLOATS,
        call=lambda t, a, b: t.linalg.solve_triangular(regular(t, a).triu(), b, upper=True),
    ),
    *rows(
        "linalg.lstsq", of.equations, dtypes=FLOATS,
        call=lambda t, a, b: t.linalg.lstsq(regular(t, a), b).solution,
    ),
    *rows("linalg.vector_norm", of.vectors_norm, 0.25, 2, FLOATS),
    *rows("linalg.cross", of.three_long, dtypes=NUMBERS),
    *rows("linalg.diagonal", of.of_rank_two_or_more, **FLAT),
    *rows("linalg.matmul", of.product, dtypes=NUMBERS),
    *rows(
        "linalg.multi_dot", of.chain_of_matrices, dtypes=NUMBERS,
        call=lambda t, *xs: t.linalg.multi_dot(xs),
    ),
    *rows("chain_matmul", of.chain_of_matrices, dtypes=NUMBERS),
    *rows("linalg.vander", of.two_numbers_or_more, dtypes=NUMBERS),
    *rows("linalg.vecdot", of.of_one_shape_with_dims, dtypes=FLOATS),
]
