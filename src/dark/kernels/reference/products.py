"""Products of matrices."""  # dark-3


def matmul(a, b):
    """a (rows, inner) @ b (inner, columns)."""
    return a @ b
