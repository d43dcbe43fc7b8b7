"""The characters as a Dataset, in the numbers that the networks work with, and back."""

from torch import tensor
from torch.utils.data import Dataset


class Pictures(Dataset):
    """Pictures, (3, H, W), within −1…1, the range of tanh."""

    def __init__(self, images):
        self.images = images  # (N, H, W, 3), uint8

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return tensor(self.images[index]).permute(2, 0, 1) / 127.5 - 1


def as_images(pictures):
    """Pictures within −1…1, (N, 3, H, W), as red, green and blue from 0 to 255: an array (N, H, W, 3)."""
    return ((pictures + 1) * 127.5).round().clamp(0, 255).permute(0, 2, 3, 1).cpu().numpy().astype("uint8")
