"""Products of matrices."""


def matmul(a, b):
    """a (rows, inner) @ b (inner, columns)."""
    return a @ b
