"""How good a network is: the masks that it finds, and how much of the true ones they share."""

import numpy as np
from dark import cat, no_grad, stack
from dark.nn.functional import interpolate, pad

from dataset import as_input

AT_ONCE = 50  # pictures


@no_grad()
def probabilities(model, images, device):
    """How likely each pixel of pictures, uint8 (N, H, W, 3), shows a car: an array (N, H, W)."""
    model.eval()
    found = []
    for start in range(0, len(images), AT_ONCE):
        batch = stack([as_input(image) for image in images[start : start + AT_ONCE]])
        found.append(model(batch.to(device)).sigmoid())
    return cat(found).cpu().numpy()


def find_masks(model, images, device):
    """Where a car is more likely than not: bool (N, H, W)."""
    return probabilities(model, images, device) > 0.5


@no_grad()
def find_mask(model, photo, seen, device):
    """The mask of a picture of any size, uint8 (H, W, 3), seen by the network in size `seen`: bool (H, W).

    The edges are repeated until both sides are multiples of 16. The scores are enlarged, not the mask: where
    they pass through zero is the outline, without stairs.
    """
    model.eval()
    (height, width), whole = seen, photo.shape[:2]
    image = as_input(photo).unsqueeze(0).to(device)  # (1, 3, H, W)
    small = interpolate(image, size=seen, mode="area")
    small = pad(small, [0, -width % 16, 0, -height % 16], mode="replicate")
    scores = model(small)[:, None, :height, :width]
    return (interpolate(scores, size=whole, mode="bilinear")[0, 0] > 0).cpu().numpy()


def dice(found, masks):
    """Twice the pixels that both have, by the sum of what each has: (N,), one number a picture.

    Where the true mask is empty it is 1 if none was found, else 0.
    """
    both, each = count(found & masks), count(found) + count(masks)
    return np.where(each > 0, 2 * both / np.maximum(each, 1), 1.0)


def iou(found, masks):
    """Intersection over union, the pixels that both have by those that one has: (N,), one number a picture.

    Where the true mask is empty it is 1 if none was found, else 0.
    """
    both, either = count(found & masks), count(found | masks)
    return np.where(either > 0, both / np.maximum(either, 1), 1.0)


def count(masks):
    """The pixels of each mask, (N, H, W), that are in it: (N,)."""
    return np.count_nonzero(masks, axis=(1, 2))
