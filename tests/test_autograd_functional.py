"""autograd.functional: PyTorch's matrices and products, its tuples of them, and its errors."""  # beyond

import numpy as np
import pytest

import dark
from against_torch import assert_same, flat, needs_torch, torch
from dark.autograd import functional

A, B = np.random.default_rng(0).standard_normal((2, 3)), np.random.default_rng(1).standard_normal(3)
CALLS = {  # the function, its inputs, the vector
    "jacobian": ("jacobian", lambda t, x: x.exp() * x.sum(), [A], None),
    "jacobian of several": ("jacobian", lambda t, x, y: ((x * y).sum(), x * y, y.sin()), [A, B], None),
    "jacobian of a scalar": ("jacobian", lambda t, x: x.sum(), [A], None),
    "jacobian, 0-d": ("jacobian", lambda t, x: x * x, [np.array(2.0)], None),
    "jacobian of a constant": ("jacobian", lambda t, x: t.ones(2), [A], None),
    "hessian": ("hessian", lambda t, x: (x**3).sum() * x.mean(), [A], None),
    "hessian of several": ("hessian", lambda t, x, y: ((x * y) ** 2).sum(), [A, B], None),
    "hessian of a plane": ("hessian", lambda t, x: x.sum(), [A], None),
    "vjp": ("vjp", lambda t, x, y: (x * y, y.exp()), [A, B], [A, B]),
    "vjp of a scalar": ("vjp", lambda t, x: (x * x).sum(), [A], None),
    "jvp": ("jvp", lambda t, x, y: (x * y, y.exp()), [A, B], [B[:2, None] * A, A[0]]),
    "jvp, 0-d": ("jvp", lambda t, x: x * x, [np.array(2.0)], None),
    "vhp": ("vhp", lambda t, x, y: ((x * y) ** 2).sum(), [A, B], [A, B]),
    "hvp": ("hvp", lambda t, x: (x**3).sum(), [A], [A]),
    "hvp, an input unused": ("hvp", lambda t, x, y: (x**3).sum(), [A, B], [A, B]),
}  # fmt: skip


def call(t, lib, name, function, inputs, vector, **options):
    """What the function of autograd.functional says of `function`."""
    xs = [t.tensor(x, requires_grad=True) for x in inputs]
    v = None if vector is None else tuple(t.tensor(x) for x in vector)
    more = [] if v is None else [v if len(xs) > 1 or len(v) > 1 else v[0]]
    return getattr(lib, name)(
        lambda *given: function(t, *given), tuple(xs) if len(xs) > 1 else xs[0], *more, **options
    )


@needs_torch
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("case", CALLS.values(), ids=CALLS)
def test_results_are_pytorchs(case, create_graph, strict):
    options = {"create_graph": create_graph, "strict": strict}
    try:
        expected = call(torch, torch.autograd.functional, *case, **options)
    except RuntimeError:
        with pytest.raises(RuntimeError, match="depend"):
            call(dark, functional, *case, **options)
        return
    result = call(dark, functional, *case, **options)
    assert_same(result, expected, rtol=1e-9, atol=1e-12)
    assert [y.requires_grad for y in flat(result)] == [y.requires_grad for y in flat(expected)]


@needs_torch
def test_results_with_create_graph_can_be_differentiated():
    def penalty(t, lib):
        x = t.tensor(A, requires_grad=True)
        lib.jacobian(lambda x: (x * x * x).sum(0), x, create_graph=True).pow(2).sum().backward()
        lib.hvp(lambda x: (x**4).sum(), x, t.tensor(A), create_graph=True)[1].sum().backward()
        return x.grad

    assert_same(penalty(dark, functional), penalty(torch, torch.autograd.functional), rtol=1e-9)


BAD = {
    "vector left out": (RuntimeError, lambda t, lib, x: lib.vjp(lambda x: x * x, x)),
    "vector of another shape": (RuntimeError, lambda t, lib, x: lib.vjp(lambda x: x * x, x, t.ones(2))),
    "vector left out of jvp": (RuntimeError, lambda t, lib, x: lib.jvp(lambda x: x.sum(), x)),
    "too many vectors": (RuntimeError, lambda t, lib, x: lib.jvp(lambda x: x.sum(), x, (x, x))),
    "Hessian of a vector": (RuntimeError, lambda t, lib, x: lib.hessian(lambda x: x * x, x)),
    "Hessian of two": (RuntimeError, lambda t, lib, x: lib.hessian(lambda x: (x.sum(), x.sum()), x)),
    "a number as input": (TypeError, lambda t, lib, x: lib.jacobian(lambda x: x * x, 3.0)),
    "a number as output": (TypeError, lambda t, lib, x: lib.jacobian(lambda x: 3.0, x)),
}  # fmt: skip


@pytest.mark.parametrize(("error", "wrong"), BAD.values(), ids=BAD)
def test_bad_calls_raise_as_in_pytorch(error, wrong):
    with pytest.raises(error, match=r"^(vjp|jvp|vhp|hessian|jacobian): "):
        wrong(dark, functional, dark.tensor(A))
    if torch is not None:
        with pytest.raises(error):
            wrong(torch, torch.autograd.functional, torch.tensor(A))


def test_inputs_stay_as_they_are():
    x = dark.tensor(A)
    functional.hessian(lambda x: (x**3).sum(), x)
    assert not x.requires_grad
    assert x.grad is None


def test_the_jacobian_of_nothing_is_empty():
    assert functional.jacobian(lambda x: x * x, dark.zeros(0, 3)).shape == (0, 3, 0, 3)
