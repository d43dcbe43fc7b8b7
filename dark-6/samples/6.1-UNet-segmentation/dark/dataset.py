"""Pictures and masks as a Dataset, in the numbers that the network works with."""

from dark import get_default_dtype, tensor
from dark.utils.data import Dataset


class Cars(Dataset):
    """Pairs of a picture, (3, H, W) within -1…1, and its mask, (H, W), 1 where the car is and else 0."""

    def __init__(self, images, masks):
        self.images = images  # (N, H, W, 3), uint8
        self.masks = masks  # (N, H, W), uint8

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return as_input(self.images[index]), tensor(self.masks[index], dtype=get_default_dtype())


def as_input(image):
    """A picture, uint8 (H, W, 3), as the network takes it: (3, H, W)."""
    return tensor(image).permute(2, 0, 1) / 127.5 - 1
