"""A polynomial of degree three is fitted to a sine: first every gradient by hand, then by autograd."""

import math

import torch

dtype = torch.float
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

torch.manual_seed(3)
x = torch.linspace(-math.pi, math.pi, 2000, device=device, dtype=dtype)
y = torch.sin(x)

start = torch.randn(4, device=device, dtype=dtype)
learning_rate = 1e-6

# By hand.
a, b, c, d = (value.clone() for value in start)
for t in range(400):
    # Forward: what is predicted.
    y_pred = a + b * x + c * x**2 + d * x**3
    loss = (y_pred - y).pow(2).sum().item()
    if t % 100 == 99:
        print(t, loss)

    # Backward: the gradients of the loss with respect to a, b, c, d.
    grad_y_pred = 2.0 * (y_pred - y)
    grad_a = grad_y_pred.sum()
    grad_b = (grad_y_pred * x).sum()
    grad_c = (grad_y_pred * x**2).sum()
    grad_d = (grad_y_pred * x**3).sum()

    a -= learning_rate * grad_a
    b -= learning_rate * grad_b
    c -= learning_rate * grad_c
    d -= learning_rate * grad_d
by_hand = torch.stack([a, b, c, d])
print(f"By hand: y = {a.item():.4f} + {b.item():.4f} x + {c.item():.4f} x^2 + {d.item():.4f} x^3")

# By autograd, from the same start.
a, b, c, d = (value.clone().requires_grad_(True) for value in start)
for t in range(400):
    y_pred = a + b * x + c * x**2 + d * x**3
    loss = (y_pred - y).pow(2).sum()
    if t % 100 == 99:
        print(t, loss.item())

    loss.backward()

    # The steps are no part of the graph, and the next gradients begin at nothing.
    with torch.no_grad():
        for weight in (a, b, c, d):
            weight -= learning_rate * weight.grad
            weight.grad = None
by_autograd = torch.stack([a, b, c, d]).detach()
print(f"By autograd: y = {a.item():.4f} + {b.item():.4f} x + {c.item():.4f} x^2 + {d.item():.4f} x^3")
print("The same:", torch.allclose(by_hand, by_autograd, rtol=1e-4))
