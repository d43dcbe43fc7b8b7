"""The three of torchvision's transforms that this sample uses, for machines without torchvision."""

import torch


class Compose:
    """One transform after the other."""

    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, image):
        for transform in self.transforms:
            image = transform(image)
        return image


class ToTensor:
    """A grey uint8 array (H, W) as a float tensor (1, H, W) of numbers from 0 to 1."""

    def __call__(self, image):
        return torch.from_numpy(image)[None].float().div(255)


class Normalize:
    """Subtract the mean of each channel and divide by its standard deviation."""

    def __init__(self, mean, std):
        self.mean = torch.tensor(mean).view(-1, 1, 1)
        self.std = torch.tensor(std).view(-1, 1, 1)

    def __call__(self, image):
        return (image - self.mean) / self.std
