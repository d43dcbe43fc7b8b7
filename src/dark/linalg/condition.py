"""How sensitive the solutions of linear equations are."""  # beyond

import math

from ..ops.creation import eye
from ..ops.piecewise import where
from ..tensor import of_tensors
from .determinants import det
from .inverses import inv
from .norms import matrix_norm
from .spectra import svdvals


@of_tensors
def cond(A, p=None):
    """How much a matrix can magnify relative errors: its largest singular value over its smallest.

    With `p`, any other order of `matrix_norm`, the norm of the matrix times that of its inverse; infinite
    where there is none.
    """
    if p in (None, 2, -2):
        values = svdvals(A)
        first, last = values.select(-1, 0), values.select(-1, -1)
        return last / first if p == -2 else first / last
    singular = det(A) == 0
    regular = where(singular[..., None, None], eye(A.shape[-1], dtype=A.dtype, device=A.device), A)
    return where(singular, math.inf, matrix_norm(A, p) * matrix_norm(inv(regular), p))
