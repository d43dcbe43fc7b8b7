"""The transforms of torchvision that this sample uses, for machines without torchvision."""

import torch
from torch.nn.functional import pad


class Compose:
    """One transform after the other."""

    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, image):
        for transform in self.transforms:
            image = transform(image)
        return image


class ToTensor:
    """A uint8 array (H, W, 3) as a tensor (3, H, W) of numbers from 0 to 1."""

    def __call__(self, image):
        image = torch.from_numpy(image).permute(2, 0, 1).contiguous()
        return image.to(torch.get_default_dtype()).div(255)


class RandomCrop:
    """A square of `size` from a random place of the image with black pixels around it."""

    def __init__(self, size, padding):
        self.size = size
        self.padding = padding

    def __call__(self, image):
        image = pad(image, [self.padding] * 4)
        top, left = (torch.randint(0, n - self.size + 1, size=(1,)).item() for n in image.shape[1:])
        return image[:, top : top + self.size, left : left + self.size]


class RandomHorizontalFlip:
    """Left becomes right, every other time."""

    def __call__(self, image):
        return image.flip(2) if torch.rand(1).item() < 0.5 else image


class Normalize:
    """Subtract the mean of each channel and divide by its standard deviation."""

    def __init__(self, mean, std):
        self.mean = mean
        self.std = std

    def __call__(self, image):
        mean, std = (image.new_tensor(values).view(-1, 1, 1) for values in (self.mean, self.std))
        return (image - mean) / std
