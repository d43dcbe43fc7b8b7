"""What autograd does: one layer by hand, the graph behind it, and how to leave the graph."""

import torch

torch.manual_seed(2)

# One layer with three outputs, and a loss.
x = torch.ones(5)
y = torch.zeros(3)
w = torch.randn(5, 3, requires_grad=True)
b = torch.randn(3, requires_grad=True)
z = torch.matmul(x, w) + b
loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
print(loss)
print(loss.grad_fn is not None, w.grad_fn, w.is_leaf, z.is_leaf)

loss.backward()
print(w.grad)
print(b.grad)

# Without a graph.
z = torch.matmul(x, w) + b
print(z.requires_grad)
with torch.no_grad():
    z = torch.matmul(x, w) + b
print(z.requires_grad, (torch.matmul(x, w) + b).detach().requires_grad)


@torch.no_grad()
def forward(x):
    return x @ w + b


print(forward(x).requires_grad)

# A result with many elements needs a gradient for each to begin with; gradients of several calls add up.
inp = torch.eye(4, 5, requires_grad=True)
out = (inp + 1).pow(2).t()
out.backward(torch.ones_like(out), retain_graph=True)
print(f"First call\n{inp.grad}")
out.backward(torch.ones_like(out), retain_graph=True)
print(f"Second call\n{inp.grad}")
inp.grad.zero_()
out.backward(torch.ones_like(out))
print(f"Call after zeroing\n{inp.grad}")
try:
    out.backward(torch.ones_like(out))
except RuntimeError:
    print("The graph is gone after a backward pass without retain_graph")

# Two inputs at once: the errors of a model are Q = 3a^3 - b^2.
a = torch.tensor([2.0, 3.0], requires_grad=True)
b = torch.tensor([6.0, 4.0], requires_grad=True)
Q = 3 * a**3 - b**2
Q.backward(gradient=torch.tensor([1.0, 1.0]))
print(9 * a**2 == a.grad, -2 * b == b.grad)

# Gradients of tensors that are no leaves, and what a hook sees of them.
seen = []
x = torch.linspace(0.0, 2.0, steps=5, requires_grad=True)
s = torch.sin(x)
s.retain_grad()
handle = s.register_hook(lambda grad: seen.append(grad.sum().item()))
(s * s).sum().backward()
handle.remove()
print(s.grad, x.grad, seen, sep="\n")

# Gradients of gradients: the derivatives of x^4 at 2 are 32, 48, 48, 24.
x = torch.tensor(2.0, requires_grad=True)
derivative = x**4
for order in range(1, 5):
    (derivative,) = torch.autograd.grad(derivative, x, create_graph=True)
    print(order, derivative.item())

# A penalty on the length of a gradient, as critics of generated pictures have it.
critic, pictures = torch.nn.Linear(5, 1), torch.randn(3, 5, requires_grad=True)
scores = torch.tanh(critic(pictures))
gradients = torch.autograd.grad(
    outputs=scores, inputs=pictures, grad_outputs=torch.ones_like(scores),
    create_graph=True, retain_graph=True, only_inputs=True,
)[0]  # fmt: skip
penalty = ((gradients.norm(2, dim=1) - 1) ** 2).mean()
penalty.backward()
print(penalty.item(), critic.weight.grad)

# Newton's method with them, for the minimum of a function of two variables.
point = torch.tensor([0.5, 1.5], requires_grad=True)
for step in range(5):
    value = (point**4).sum() + (point[0] - 2 * point[1]) ** 2
    (gradient,) = torch.autograd.grad(value, point, create_graph=True)
    rows = [torch.autograd.grad(g, point, retain_graph=True)[0] for g in gradient]
    hessian = torch.stack(rows)
    (p, q), (r, s) = hessian.tolist()
    inverse = torch.tensor([[s, -q], [-r, p]]) / (p * s - q * r)
    point = (point - inverse @ gradient).detach().requires_grad_()
    print(f"step {step}: value {value.item():.6f}")
