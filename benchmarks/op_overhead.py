"""What an operation costs apart from its arithmetic: 1,000 in a row on small tensors, dark against torch."""

from turns import compare

OPERATIONS = 1000


def chain(t, place):
    """c + b, c * b, again and again on 4 x 4 tensors: milliseconds for 1,000 are microseconds for one."""
    a, b = (t.ones(4, 4, requires_grad=True) for _ in range(2))

    def run():
        start = place.now()
        c = a
        for _ in range(OPERATIONS // 2):
            c = c + b
            c = c * b
        middle = place.now()
        c.backward(t.ones_like(c))
        end = place.now()
        return {"forward": middle - start, "backward": end - middle, "both": end - start}

    return run


def unrecorded(t, place):
    """The same without gradients."""
    a, b = (t.ones(4, 4) for _ in range(2))

    def run():
        start = place.now()
        with t.no_grad():
            c = a
            for _ in range(OPERATIONS // 2):
                c = c + b
                c = c * b
        return {"": place.now() - start}

    return run


CASES = {"1,000 operations": chain, "1,000 operations, no gradients": unrecorded}

if __name__ == "__main__":
    compare(__file__, lambda options: CASES)
