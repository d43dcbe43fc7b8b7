"""autograd.Function: a user's own operation behaves like a built-in one."""  # beyond

import numpy as np
import pytest

import dark
from dark.autograd import Function, gradcheck, gradgradcheck


def leaf(*values, dtype=None):
    return dark.tensor(values if len(values) > 1 else values[0], dtype=dtype, requires_grad=True)


class Cube(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x * x

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * x * x * 3


class Exp(Function):
    @staticmethod
    def forward(ctx, x):
        y = dark.exp(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * y


class ProductAndSum(Function):
    @staticmethod
    def forward(ctx, x, factor, y):
        ctx.save_for_backward(x, y)
        ctx.factor = factor
        return x * y * factor, (x + y).sum()

    @staticmethod
    def backward(ctx, g, h):
        x, y = ctx.saved_tensors
        assert ctx.needs_input_grad == (True, False, True)
        return g * y * ctx.factor + h, None, g * x * ctx.factor + h


class Separate(Function):
    @staticmethod
    def forward(x, y):
        return x * y

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, g):
        x, y = ctx.saved_tensors
        return g * y, g * x


class WithIndices(Function):
    @staticmethod
    def forward(ctx, x):
        values, indices = x.max(0)
        ctx.save_for_backward(indices)
        ctx.length = len(x)
        return values, indices

    @staticmethod
    def backward(ctx, g, _):
        (indices,) = ctx.saved_tensors
        result = dark.zeros(ctx.length, dtype=g.dtype)
        result[indices] = g
        return result


@pytest.mark.parametrize("function", [Cube, Exp], ids=lambda f: f.__name__)
def test_function_of_one_input(function):
    x = dark.tensor(np.array([0.5, -1.0, 2.0]), requires_grad=True)
    assert function.apply(x).grad_fn.name() == f"{function.__name__}Backward0"
    assert gradcheck(function.apply, x)
    assert gradgradcheck(function.apply, x)


def test_function_of_several_inputs_and_outputs():
    x, y = (dark.tensor(np.array(v), requires_grad=True) for v in ([0.5, -1.0], [2.0, 3.0]))
    product, total = ProductAndSum.apply(x, 3.0, y)
    assert (product.tolist(), total.item()) == ([3, -9], 4.5)
    assert gradcheck(lambda x, y: ProductAndSum.apply(x, 3.0, y), (x, y))
    assert gradgradcheck(lambda x, y: ProductAndSum.apply(x, 3.0, y), (x, y))
    assert gradcheck(Separate.apply, (x, y))


def test_function_with_an_output_without_gradient():
    x = leaf(1.0, 5.0, 2.0)
    values, indices = WithIndices.apply(x)
    assert (values.item(), indices.item(), indices.requires_grad) == (5, 1, False)
    values.backward()
    assert x.grad.tolist() == [0, 1, 0]


def test_function_that_returns_too_few_gradients_is_named():
    class Short(Function):
        @staticmethod
        def forward(ctx, x, y):
            return x * y

        @staticmethod
        def backward(ctx, g):
            return g

    with pytest.raises(RuntimeError, match=r"Short.backward returned 1 gradients"):
        Short.apply(leaf(1.0), leaf(2.0)).backward()


def test_function_that_returns_too_many_gradients_is_named():
    class Long(Function):
        @staticmethod
        def forward(ctx, x, extra):
            ctx.extra = extra
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2, None, ctx.extra

    Long.apply(leaf(1.0), None).backward()  # None for no argument does no harm
    with pytest.raises(RuntimeError, match=r"Long.backward returned 3 gradients; it must return 2"):
        Long.apply(leaf(1.0), 5.0).backward()
