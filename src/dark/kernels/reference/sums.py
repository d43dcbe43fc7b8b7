"""The sum of two arrays."""


def add(a, b):
    """a + b. On a card, the result of two arrays of one shape lies in memory as the first does."""
    return a + b
