"""How good a network is: its predictions, and how many of them are right."""

from torch import no_grad


@no_grad()
def predictions(model, loader, device):
    """The most likely class of every picture, as a list."""
    model.eval()
    predicted = []
    for images, _ in loader:
        predicted += model(images.to(device)).argmax(1).tolist()
    return predicted


@no_grad()
def accuracy(model, loader, device):
    """The share of the pictures whose most likely class is the right one."""
    model.eval()
    hits = 0
    for images, labels in loader:
        hits += (model(images.to(device)).argmax(1) == labels.to(device)).sum().item()
    return hits / len(loader.dataset)
