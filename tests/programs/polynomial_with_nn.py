"""The polynomial as a network of `torch.nn`: a layer for its coefficients, a loss, and steps by hand."""

import math

import torch

torch.manual_seed(4)
x = torch.linspace(-math.pi, math.pi, 2000)
y = torch.sin(x)

# The powers of x are the inputs of a linear layer: (2000, 1) and (3,) make (2000, 3).
p = torch.tensor([1, 2, 3])
xx = x.unsqueeze(-1).pow(p)
print(xx.shape, xx.dtype)

model = torch.nn.Sequential(
    torch.nn.Linear(3, 1),
    torch.nn.Flatten(0, 1),
)
print(model)
for name, parameter in model.named_parameters():
    print(name, tuple(parameter.shape), parameter.requires_grad)

loss_fn = torch.nn.MSELoss(reduction="sum")
learning_rate = 1e-6
for t in range(500):
    y_pred = model(xx)
    loss = loss_fn(y_pred, y)
    if t % 100 == 99:
        print(t, loss.item())

    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for param in model.parameters():
            param -= learning_rate * param.grad

linear_layer = model[0]
print(
    f"Result: y = {linear_layer.bias.item():.4f} + {linear_layer.weight[:, 0].item():.4f} x"
    f" + {linear_layer.weight[:, 1].item():.4f} x^2 + {linear_layer.weight[:, 2].item():.4f} x^3"
)

# The other layers of a first network, on a batch of three small pictures.
flat = torch.nn.Flatten()(torch.rand(3, 6, 6))
print(flat.size())
network = torch.nn.Sequential(
    torch.nn.Linear(36, 16), torch.nn.ReLU(), torch.nn.Dropout(0.5), torch.nn.Linear(16, 4)
)
network.eval()
logits = network(flat)
pred_probab = torch.nn.Softmax(dim=1)(logits)
print(logits)
print(f"Probabilities:\n{pred_probab}\nClasses: {pred_probab.argmax(1)}")
print(sum(parameter.numel() for parameter in network.parameters() if parameter.requires_grad), "parameters")
