"""What a picture shows, as 48 numbers: a small network that has learned to tell characters apart."""

from functools import cache
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from torch import Tensor, nn, no_grad, tensor
from torch.nn.functional import interpolate

WEIGHTS = Path(__file__).parents[1] / "measure" / "features.safetensors"
FEATURES = 48
SIDE = 64
BATCH_SIZE = 250


def block(inputs, outputs):
    """A convolution that halves the sides of its pictures, normalised, and ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel_size=3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class Features(nn.Module):
    """48 numbers for each picture, colours in -1…1; in training each has mean 0 and variance 1.

    They come from every place of the picture, not from the mean of all places: where things are counts too.
    """

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            block(3, 16),  # (N, 3, 64, 64) -> (N, 16, 32, 32)
            block(16, 24),
            block(24, 32),
            block(32, 32),  # (N, 32, 8, 8) -> (N, 32, 4, 4)
            nn.Flatten(),
            nn.Linear(32 * 4 * 4, FEATURES, bias=False),
            nn.BatchNorm1d(FEATURES, affine=False),
        )

    def forward(self, images):
        if images.shape[-1] != SIDE:
            images = interpolate(images, (SIDE, SIDE))
        return self.layers(images)


@cache
def trained(device, dtype):
    """The network with the weights that `measure/train_features.py` wrote."""
    model = Features()
    model.load_state_dict({name: tensor(array) for name, array in load_file(WEIGHTS).items()})
    return model.to(device, dtype).eval()


@no_grad()
def features_of(images, device="cpu"):
    """The features of pictures, float64 (N, 48), worked out on `device`.

    `images` is an array of pictures, uint8 (N, 64, 64, 3), a tensor (N, 3, 64, 64) with colours in -1…1, or
    what gives batches of such tensors, as a DataLoader does. Smaller squares are enlarged.
    """
    parts = []
    for batch in batches_of(images):
        batch = batch.to(device)
        parts.append(trained(batch.device, batch.dtype)(batch).cpu().numpy().astype(np.float64))
    return np.concatenate(parts)


def batches_of(images):
    """Pictures a batch at a time, as tensors (N, 3, 64, 64) with colours in -1…1."""
    if isinstance(images, np.ndarray):
        starts = range(0, len(images), BATCH_SIZE)
        return (tensor(images[i : i + BATCH_SIZE]).permute(0, 3, 1, 2) / 127.5 - 1 for i in starts)
    return images.split(BATCH_SIZE) if isinstance(images, Tensor) else images
