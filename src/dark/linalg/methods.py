"""Linear algebra that is outside `dark.linalg` too: functions of `dark`, methods of Tensor."""  # beyond

from ..tensor import method
from . import determinants, factorizations, inverses, products


@method
def det(input):
    """`linalg.det`: the determinants of square matrices."""
    return determinants.det(input)


@method
def logdet(input):
    """The logarithms of determinants: NaN where one is negative, -inf where it is 0."""
    return determinants.logdet(input)


@method
def slogdet(input):
    """`linalg.slogdet`: the signs of determinants and the logarithms of their absolute values."""
    return determinants.slogdet(input)


@method
def inverse(input):
    """`linalg.inv`: the inverses of square matrices."""
    return inverses.inv(input)


@method
def pinverse(input, rcond=1e-15):
    """`linalg.pinv`: the pseudo-inverses of matrices; singular values below rcond times the largest are 0."""
    return inverses.pinv(input, rtol=rcond)


@method
def matrix_power(input, n):
    """`linalg.matrix_power`: the product of n times the same square matrix."""
    return products.matrix_power(input, n)


@method
def cholesky(input, upper=False):
    """`linalg.cholesky`: the lower triangular L with A = L Lᵀ, or the upper one."""
    return factorizations.cholesky(input, upper=upper)


@method
def qr(input, some=True):
    """`linalg.qr`: Q and R with A = Q R, Q square unless `some`."""
    return factorizations.qr(input, "reduced" if some else "complete")


def chain_matmul(*matrices):
    """`linalg.multi_dot`: the product of several matrices, in the best order."""
    return products.multi_dot(matrices)
