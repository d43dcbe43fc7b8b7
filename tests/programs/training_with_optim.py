"""Two spirals are told apart: data, a loader, a network, an optimizer with a schedule, and two loops."""

import torch
from torch import nn, optim
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, TensorDataset, random_split

device = torch.accelerator.current_accelerator().type if torch.accelerator.is_available() else "cpu"
print(f"Using {device} device")

learning_rate = 2e-2
batch_size = 32
epochs = 6

torch.manual_seed(5)
angle = torch.rand(320) * 6 + 0.5
label = torch.randint(0, 2, (320,))
turned = angle + 3.1416 * label
points = torch.stack([angle * turned.cos(), angle * turned.sin()], dim=1) / 6 + 0.03 * torch.randn(320, 2)

training_data, test_data = random_split(TensorDataset(points, label), [256, 64])
train_dataloader = DataLoader(training_data, batch_size=batch_size, shuffle=True)
test_dataloader = DataLoader(test_data, batch_size=batch_size)
for X, y in test_dataloader:
    print(f"Shape of X: {X.shape}, of y: {y.shape} {y.dtype}")
    break


class NeuralNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear_relu_stack = nn.Sequential(
            nn.Linear(2, 32),
            nn.ReLU(),
            nn.Linear(32, 32),
            nn.ReLU(),
            nn.Linear(32, 2),
        )

    def forward(self, x):
        return self.linear_relu_stack(x)


model = NeuralNetwork().to(device)
print(model)


def train_loop(dataloader, model, loss_fn, optimizer):
    size = len(dataloader.dataset)
    model.train()
    for batch, (X, y) in enumerate(dataloader):
        X, y = X.to(device), y.to(device)
        loss = loss_fn(model(X), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        if batch % 4 == 0:
            print(f"loss: {loss.item():>7f}  [{batch * batch_size + len(X):>5d}/{size:>5d}]")


def test_loop(dataloader, model, loss_fn):
    model.eval()
    test_loss, correct = 0, 0
    with torch.no_grad():
        for X, y in dataloader:
            pred = model(X.to(device))
            test_loss += loss_fn(pred, y.to(device)).item()
            correct += (pred.argmax(1) == y.to(device)).type(torch.float).sum().item()
    correct /= len(dataloader.dataset)
    print(f"Test: accuracy {100 * correct:>0.1f}%, average loss {test_loss / len(dataloader):>8f}\n")


loss_fn = nn.CrossEntropyLoss()
for make in (
    lambda parameters: optim.SGD(parameters, lr=10 * learning_rate, momentum=0.9),
    lambda parameters: optim.Adam(parameters, lr=learning_rate),
):
    torch.manual_seed(6)
    model = NeuralNetwork().to(device)
    optimizer = make(model.parameters())
    scheduler = lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
    for t in range(epochs):
        print(f"Epoch {t + 1}, learning rate {scheduler.get_last_lr()[0]:.4f}")
        train_loop(train_dataloader, model, loss_fn, optimizer)
        scheduler.step()
    test_loop(test_dataloader, model, loss_fn)
