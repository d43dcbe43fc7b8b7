"""A network learns eight shapes; then its frozen features tell two new ones apart with few pictures."""

import copy
import os
import tempfile

import torch
import torch.nn as nn
import torch.optim as optim
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, Dataset

SIZE = 16


class Shapes(Dataset):
    """Drawn pictures of shapes of some kinds, at random places, on noise."""

    def __init__(self, kinds, count, seed):
        self.kinds, self.count, self.seed = kinds, count, seed

    def __len__(self):
        return self.count

    def __getitem__(self, idx):
        label = idx % len(self.kinds)
        rng = torch.Generator().manual_seed(1000 * self.seed + idx)
        x, y = (torch.rand(2, generator=rng) * 6 + 5).tolist()
        rows, columns = torch.arange(SIZE).float() - y, torch.arange(SIZE).float() - x
        rows, columns = rows[:, None].expand(SIZE, SIZE), columns[None, :].expand(SIZE, SIZE)
        inside = {
            "disc": rows**2 + columns**2 < 14,
            "ring": ((rows**2 + columns**2).sqrt() - 4).abs() < 0.8,
            "square": torch.max(rows.abs(), columns.abs()) < 3.3,
            "cross": torch.min(rows.abs(), columns.abs()) < 0.9,
            "frame": (torch.max(rows.abs(), columns.abs()) - 3.6).abs() < 0.7,
            "diamond": rows.abs() + columns.abs() < 4.2,
        }[self.kinds[label]]
        image = 0.3 * torch.randn(1, SIZE, SIZE, generator=rng) + inside.float()
        return image, label


class Net(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(True), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(True), nn.MaxPool2d(2),
        )  # fmt: skip
        self.avgpool = nn.AdaptiveAvgPool2d((2, 2))
        self.fc = nn.Linear(64, num_classes)

    def forward(self, x):
        x = self.avgpool(self.features(x))
        return self.fc(torch.flatten(x, 1))


def train_model(model, dataloaders, criterion, optimizer, scheduler, num_epochs):
    best_model_wts, best_acc = copy.deepcopy(model.state_dict()), 0.0
    for epoch in range(num_epochs):
        for phase in ["train", "val"]:
            model.train() if phase == "train" else model.eval()
            running_loss, running_corrects, seen = 0.0, 0, 0
            for inputs, labels in dataloaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    outputs = model(inputs)
                    _, preds = torch.max(outputs, 1)
                    loss = criterion(outputs, labels)
                    if phase == "train":
                        loss.backward()
                        optimizer.step()
                running_loss += loss.item() * inputs.size(0)
                running_corrects += torch.sum(preds == labels.data)
                seen += inputs.size(0)
            if phase == "train":
                scheduler.step()
            epoch_acc = running_corrects.double() / seen
            print(f"{epoch} {phase} loss: {running_loss / seen:.4f} acc: {epoch_acc:.4f}")
            if phase == "val" and epoch_acc > best_acc:
                best_acc, best_model_wts = epoch_acc, copy.deepcopy(model.state_dict())
    model.load_state_dict(best_model_wts)
    return model


def loaders(kinds, train, val, seed):
    return {
        "train": DataLoader(Shapes(kinds, train, seed), batch_size=16, shuffle=True),
        "val": DataLoader(Shapes(kinds, val, seed + 1), batch_size=16),
    }


torch.manual_seed(9)
criterion = nn.CrossEntropyLoss()
pretrained = Net(4)
optimizer = optim.Adam(pretrained.parameters(), lr=0.01)
scheduler = lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.3)
train_model(
    pretrained, loaders(["disc", "ring", "square", "cross"], 96, 32, 1), criterion, optimizer, scheduler, 3
)
path = os.path.join(tempfile.mkdtemp(), "shapes.pt")
torch.save(pretrained.state_dict(), path)

# The pretrained network as a fixed extractor of features: only the new last layer learns.
model_conv = Net(4)
model_conv.load_state_dict(torch.load(path, weights_only=True))
for param in model_conv.parameters():
    param.requires_grad = False
num_ftrs = model_conv.fc.in_features
model_conv.fc = nn.Linear(num_ftrs, 2)
frozen = model_conv.features[0].weight.clone()
print([name for name, param in model_conv.named_parameters() if param.requires_grad])

optimizer_conv = optim.SGD(model_conv.fc.parameters(), lr=0.05, momentum=0.9)
exp_lr_scheduler = lr_scheduler.StepLR(optimizer_conv, step_size=7, gamma=0.1)
dataloaders = loaders(["frame", "diamond"], 32, 32, 5)
model_conv = train_model(model_conv, dataloaders, criterion, optimizer_conv, exp_lr_scheduler, 4)
print(torch.equal(frozen, model_conv.features[0].weight), model_conv.features[0].weight.grad)
