"""How good a network is: the points that it finds, and how far they are from the true ones."""

import numpy as np
from dark import cat, no_grad, stack

from dataset import as_input, in_pixels

AT_ONCE = 100  # pictures


@no_grad()
def find_points(model, images, device):
    """The points that a network finds in pictures, uint8 (N, 96, 96, 3), in pixels: (N, 68, 2)."""
    model.eval()
    outputs = []
    for start in range(0, len(images), AT_ONCE):
        batch = stack([as_input(image) for image in images[start : start + AT_ONCE]])
        outputs.append(model(batch.to(device)))
    return in_pixels(cat(outputs))


def normalized_mean_error(found, points):
    """NME: how far the points found are from the true ones, in distances between the eyes' outer corners.

    The mean over all points and faces: a face counts the same near and far.
    """
    eyes = np.linalg.norm(points[:, 45] - points[:, 36], axis=1)  # (N,)
    errors = np.linalg.norm(found - points, axis=2).mean(1)  # (N,)
    return float((errors / eyes).mean())
