"""What is kept of a training: weights, a checkpoint to go on from, several models, and parts of them."""

import os
import tempfile

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

folder = tempfile.mkdtemp()


class TheModelClass(nn.Module):
    def __init__(self, width=6):
        super().__init__()
        self.conv1 = nn.Conv2d(1, width, 3)
        self.pool = nn.MaxPool2d(2, 2)
        self.norm = nn.BatchNorm2d(width)
        self.fc1 = nn.Linear(width * 3 * 3, 8)
        self.drop = nn.Dropout(0.25)
        self.fc2 = nn.Linear(8, 3)

    def forward(self, x):
        x = self.pool(F.relu(self.norm(self.conv1(x))))
        x = x.view(-1, 54)
        return self.fc2(self.drop(F.relu(self.fc1(x))))


torch.manual_seed(11)
model = TheModelClass()
optimizer = optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
print("Model's state_dict:")
for param_tensor in model.state_dict():
    print(param_tensor, "\t", model.state_dict()[param_tensor].size())
print("Optimizer's state_dict:", optimizer.state_dict()["param_groups"][0]["params"])

images, labels = torch.randn(24, 1, 8, 8), torch.randint(3, (24,))


def train(model, optimizer, epochs):
    model.train()
    for epoch in epochs:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        print(f"epoch {epoch}: {loss.item():.5f}")
    return loss


# Weights alone.
loss = train(model, optimizer, range(3))
PATH = os.path.join(folder, "weights.pt")
torch.save(model.state_dict(), PATH)
loaded = TheModelClass()
print(loaded.load_state_dict(torch.load(PATH, weights_only=True)))
loaded.eval()
model.eval()
print(torch.equal(loaded(images), model(images)), os.path.exists(PATH))

# A checkpoint: train on from it, and the numbers are those of a training that never stopped.
CHECKPOINT = os.path.join(folder, "model.tar")
torch.save(
    {
        "epoch": 3,
        "model_state_dict": model.state_dict(),
        "optimizer_state_dict": optimizer.state_dict(),
        "loss": loss,
        "rng": torch.get_rng_state(),
        "classes": ["left", "right", "none"],
    },
    CHECKPOINT,
)
print("Without a stop:")
train(model, optimizer, range(3, 6))

model = TheModelClass()
optimizer = optim.SGD(model.parameters(), lr=0.001, momentum=0.5)
checkpoint = torch.load(CHECKPOINT, weights_only=True)
model.load_state_dict(checkpoint["model_state_dict"])
optimizer.load_state_dict(checkpoint["optimizer_state_dict"])
torch.set_rng_state(checkpoint["rng"])
print("Resumed:", checkpoint["epoch"], checkpoint["loss"].item(), checkpoint["classes"])
print(optimizer.param_groups[0]["lr"], optimizer.param_groups[0]["momentum"])
train(model, optimizer, range(checkpoint["epoch"], 6))

# A part of the weights, for a model that has another last layer.
state = {key: value for key, value in model.state_dict().items() if not key.startswith("fc2")}
other = TheModelClass()
other.fc2 = nn.Linear(8, 5)
result = other.load_state_dict(state, strict=False)
print(result.missing_keys, result.unexpected_keys)
try:
    other.load_state_dict(model.state_dict())
except RuntimeError as error:
    print("size mismatch" in str(error), "fc2.weight" in str(error))

# Onto a device that is named, tensors among other things.
torch.save({"tensor": torch.arange(3.0), "rows": [torch.eye(2), (1, 2.5, None, "text")]}, PATH)
print(torch.load(PATH, map_location=torch.device("cpu")))
