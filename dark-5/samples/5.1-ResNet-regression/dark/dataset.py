"""Faces and their points as a Dataset, in the numbers that the network works with."""

from dark import get_default_dtype, rand, tensor
from dark.utils.data import Dataset

from augmentation import augmented

MIDDLE, UNIT = 47.5, 48  # of a picture of 96 pixels, whose first pixel has its center at 0


class Faces(Dataset):
    """Pairs of a picture, (3, 96, 96), and its 68 points, (136,): both within −1…1.

    With `augment` every picture is another photograph each time it is asked for.
    """

    def __init__(self, images, points, augment=False):
        self.images = images  # (N, 96, 96, 3), uint8
        self.points = points  # (N, 68, 2), float32, in pixels
        self.augment = augment

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image, points = self.images[index], self.points[index]
        if self.augment:
            image, points = augmented(image, points, rand(5).tolist())
        return as_input(image), as_target(points)


def as_input(image):
    """A picture, uint8 (96, 96, 3), as the network takes it: (3, 96, 96)."""
    return tensor(image).permute(2, 0, 1) / 127.5 - 1


def as_target(points):
    """Points in pixels, (68, 2), as the network gives them: from the middle, in half pictures, (136,)."""
    return tensor((points - MIDDLE) / UNIT, dtype=get_default_dtype()).flatten()


def in_pixels(outputs):
    """What the network gives, (N, 136), as an array of points in pixels, (N, 68, 2)."""
    return outputs.cpu().numpy().reshape(-1, 68, 2) * UNIT + MIDDLE
