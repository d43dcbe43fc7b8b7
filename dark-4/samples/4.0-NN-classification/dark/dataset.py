"""The pictures of clothes as a Dataset."""

from dark.utils.data import Dataset
from dark.vision.transforms import Compose, Normalize, ToTensor

MEAN, STD = (0.286,), (0.353,)  # of all pixels of FashionMNIST's training pictures, scaled to 0…1


class Clothes(Dataset):
    """Pairs of a picture, (1, 28, 28), shifted and scaled by MEAN and STD, and its label, 0…9."""

    def __init__(self, images, labels):
        self.images = images  # (N, 28, 28), uint8
        self.labels = labels
        self.transform = Compose([ToTensor(), Normalize(MEAN, STD)])

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.transform(self.images[index]), self.labels[index]
