"""How good a network is: its probabilities, and how often the most likely class is the right one."""

from torch import cat, no_grad


@no_grad()
def probabilities(model, loader, device):
    """The probability of every class for every picture, (N, classes)."""
    model.eval()
    return cat([model(images.to(device)).softmax(1) for images, _ in loader])


@no_grad()
def accuracy(model, loader, device):
    """The share of the pictures whose most likely class is the right one."""
    model.eval()
    hits = 0
    for images, labels in loader:
        hits += (model(images.to(device)).argmax(1) == labels.to(device)).sum().item()
    return hits / len(loader.dataset)
