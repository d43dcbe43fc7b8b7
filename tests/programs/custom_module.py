"""Modules of our own: a polynomial, a layer with a buffer, and a network made of blocks in a loop."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Polynomial3(torch.nn.Module):
    def __init__(self):
        """Four parameters, which are found because they are assigned to the module."""
        super().__init__()
        self.a = torch.nn.Parameter(torch.randn(()))
        self.b = torch.nn.Parameter(torch.randn(()))
        self.c = torch.nn.Parameter(torch.randn(()))
        self.d = torch.nn.Parameter(torch.randn(()))

    def forward(self, x):
        return self.a + self.b * x + self.c * x**2 + self.d * x**3

    def string(self):
        a, b, c, d = (p.item() for p in self.parameters())
        return f"y = {a:.4f} + {b:.4f} x + {c:.4f} x^2 + {d:.4f} x^3"


torch.manual_seed(7)
x = torch.linspace(-math.pi, math.pi, 2000)
y = torch.sin(x)
model = Polynomial3()
criterion = torch.nn.MSELoss(reduction="sum")
optimizer = torch.optim.SGD(model.parameters(), lr=1e-6)
for t in range(500):
    y_pred = model(x)
    loss = criterion(y_pred, y)
    if t % 100 == 99:
        print(t, loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(f"Result: {model.string()}")


class Centered(nn.Module):
    """Subtracts a running mean, which is state but no parameter."""

    def __init__(self, features, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.scale = nn.Parameter(torch.ones(features))
        self.register_buffer("mean", torch.zeros(features))

    def forward(self, x):
        if self.training:
            with torch.no_grad():
                self.mean += self.momentum * (x.mean(0) - self.mean)
        return (x - self.mean) * self.scale

    def extra_repr(self):
        return f"{self.scale.numel()}, momentum={self.momentum}"


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.centered = Centered(width)
        self.linear = nn.Linear(width, width)

    def forward(self, x):
        return x + F.relu(self.linear(self.centered(x)))


class Net(nn.Module):
    def __init__(self, inputs, width, depth, classes):
        super().__init__()
        self.first = nn.Linear(inputs, width)
        self.blocks = nn.ModuleList([Block(width) for _ in range(depth)])
        self.heads = nn.ModuleDict({"class": nn.Linear(width, classes), "size": nn.Linear(width, 1)})

    def forward(self, x):
        x = torch.tanh(self.first(x))
        for block in self.blocks:
            x = block(x)
        return {name: head(x) for name, head in self.heads.items()}


def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.xavier_uniform_(m.weight)
        m.bias.data.fill_(0.01)


net = Net(4, 8, 2, 3)
net.apply(init_weights)
print(net)
print([name for name, _ in net.named_buffers()], len(list(net.modules())), net.blocks[1].linear.bias.sum())
out = net(torch.randn(6, 4))
(F.cross_entropy(out["class"], torch.tensor([0, 1, 2, 0, 1, 2])) + out["size"].abs().mean()).backward()
print(net.first.weight.grad, net.blocks[0].centered.mean, sep="\n")
net.eval()
before = net.blocks[0].centered.mean.clone()
net(torch.randn(6, 4))
print(torch.equal(before, net.blocks[0].centered.mean), list(net.state_dict())[:4])
