"""Linear algebra: norms, solutions, determinants, factorizations and spectra of matrices."""  # beyond

from .condition import cond
from .determinants import det, slogdet
from .factorizations import cholesky, qr
from .inverses import inv, lstsq, pinv, solve, solve_triangular
from .lapack import LinAlgError
from .norms import matrix_norm, norm, vector_norm
from .products import cross, diagonal, matmul, matrix_power, multi_dot, vander, vecdot
from .spectra import eigh, eigvalsh, matrix_rank, svd, svdvals

__all__ = [
    "LinAlgError", "cholesky", "cond", "cross", "det", "diagonal", "eigh", "eigvalsh", "inv", "lstsq",
    "matmul", "matrix_norm", "matrix_power", "matrix_rank", "multi_dot", "norm", "pinv", "qr", "slogdet",
    "solve", "solve_triangular", "svd", "svdvals", "vander", "vecdot", "vector_norm",
]  # fmt: skip
