"""Functions with a backward of their own: a polynomial, a step that lets gradients through, a norm."""

import math

import torch
from torch.autograd import Function


class LegendrePolynomial3(Function):
    """P3(x) = (5x^3 - 3x) / 2, whose derivative is 3 (5x^2 - 1) / 2."""

    @staticmethod
    def forward(ctx, input):
        ctx.save_for_backward(input)
        return 0.5 * (5 * input**3 - 3 * input)

    @staticmethod
    def backward(ctx, grad_output):
        (input,) = ctx.saved_tensors
        return grad_output * 1.5 * (5 * input**2 - 1)


class Sign(Function):
    """-1 or 1; gradients pass as if it were the identity, where the input is smaller than `reach`."""

    @staticmethod
    def forward(ctx, input, reach):
        ctx.save_for_backward(input)
        ctx.reach = reach
        return torch.where(input < 0, -torch.ones_like(input), torch.ones_like(input))

    @staticmethod
    def backward(ctx, grad_output):
        (input,) = ctx.saved_tensors
        return grad_output * (input.abs() <= ctx.reach), None


class LengthAndDirection(Function):
    """Two results: the length of a vector, and the vector divided by it."""

    @staticmethod
    def forward(ctx, input):
        length = input.pow(2).sum().sqrt()
        direction = input / length
        ctx.save_for_backward(length, direction)
        return length, direction

    @staticmethod
    def backward(ctx, grad_length, grad_direction):
        length, direction = ctx.saved_tensors
        along = (grad_direction * direction).sum() * direction
        return grad_length * direction + (grad_direction - along) / length


dtype = torch.float
x = torch.linspace(-math.pi, math.pi, 2000, dtype=dtype)
y = torch.sin(x)

a = torch.full((), 0.0, dtype=dtype, requires_grad=True)
b = torch.full((), -1.0, dtype=dtype, requires_grad=True)
c = torch.full((), 0.0, dtype=dtype, requires_grad=True)
d = torch.full((), 0.3, dtype=dtype, requires_grad=True)

learning_rate = 5e-6
for t in range(500):
    P3 = LegendrePolynomial3.apply
    y_pred = a + b * P3(c + d * x)
    loss = (y_pred - y).pow(2).sum()
    if t % 100 == 99:
        print(t, loss.item())
    loss.backward()
    with torch.no_grad():
        for weight in (a, b, c, d):
            weight -= learning_rate * weight.grad
            weight.grad = None
print(f"Result: y = {a.item():.4f} + {b.item():.4f} * P3({c.item():.4f} + {d.item():.4f} x)")

z = torch.tensor([-2.0, -0.5, 0.0, 0.25, 3.0], requires_grad=True)
Sign.apply(z, 1.0).mul(torch.arange(5.0)).sum().backward()
print(Sign.apply(z, 1.0), z.grad)

v = torch.tensor([1.0, 2.0, 2.0], requires_grad=True)
length, direction = LengthAndDirection.apply(v)
(length + direction[0] * 3).backward()
print(length, direction, v.grad)

v = torch.randn(4, dtype=torch.double, generator=torch.Generator().manual_seed(1)).requires_grad_()
print(torch.autograd.gradcheck(LegendrePolynomial3.apply, (v,)))
print(torch.autograd.gradcheck(LengthAndDirection.apply, (v,)))
