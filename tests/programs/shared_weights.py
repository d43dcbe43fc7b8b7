"""Control flow is Python's: a polynomial whose degree is drawn each time, and a layer used repeatedly."""

import math
import random

import torch


class DynamicNet(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a = torch.nn.Parameter(torch.randn(()))
        self.b = torch.nn.Parameter(torch.randn(()))
        self.c = torch.nn.Parameter(torch.randn(()))
        self.d = torch.nn.Parameter(torch.randn(()))
        self.e = torch.nn.Parameter(torch.randn(()))

    def forward(self, x):
        """One parameter, e, serves for the terms of orders four and five, as many of them as there are."""
        y = self.a + self.b * x + self.c * x**2 + self.d * x**3
        for exp in range(4, random.randint(4, 6)):
            y = y + self.e * x**exp
        return y


random.seed(8)
torch.manual_seed(8)
x = torch.linspace(-math.pi, math.pi, 2000)
y = torch.sin(x)
model = DynamicNet()
criterion = torch.nn.MSELoss(reduction="sum")
optimizer = torch.optim.SGD(model.parameters(), lr=1e-8, momentum=0.9)
for t in range(600):
    y_pred = model(x)
    loss = criterion(y_pred, y)
    if t % 100 == 99:
        print(t, loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(", ".join(f"{name} = {p.item():.4f}" for name, p in model.named_parameters()))


class Recurrent(torch.nn.Module):
    """The same layer in the middle, none to three times; which inputs go round again decides their size."""

    def __init__(self, D_in, H, D_out):
        super().__init__()
        self.input_linear = torch.nn.Linear(D_in, H)
        self.middle_linear = torch.nn.Linear(H, H)
        self.output_linear = torch.nn.Linear(H, D_out)
        self.times = 0

    def forward(self, x):
        h_relu = self.input_linear(x).clamp(min=0)
        for _ in range(random.randint(0, 3)):
            h_relu = self.middle_linear(h_relu).clamp(min=0)
            self.times += 1
        while h_relu.norm() > 30:
            h_relu = h_relu / 2
        return self.output_linear(h_relu)


N, D_in, H, D_out = 16, 20, 10, 2
inputs, wanted = torch.randn(N, D_in), torch.randn(N, D_out)
model = Recurrent(D_in, H, D_out)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-2, momentum=0.5)
for t in range(60):
    loss = torch.nn.functional.mse_loss(model(inputs), wanted)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if t % 12 == 11:
        grads = [p.grad is not None for p in model.parameters()]
        print(t, loss.item(), model.times, sum(grads))

# One weight under two names is one parameter.
first, last = (torch.nn.Linear(4, 4, bias=False) for _ in range(2))
tied = torch.nn.Sequential(first, torch.nn.Tanh(), last)
tied[2].weight = tied[0].weight
print(len(list(tied.parameters())), len(tied.state_dict()))
tied(torch.ones(1, 4)).sum().backward()
print(tied[0].weight.grad is tied[2].weight.grad, tied[0].weight.grad)
