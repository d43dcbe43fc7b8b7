"""The pictures as a Dataset, a little different every time they are seen in training."""

from dark.utils.data import Dataset
from dark.vision.transforms import Compose, Normalize, RandomCrop, RandomHorizontalFlip, ToTensor

MEAN, STD = (0.491, 0.482, 0.447), (0.247, 0.243, 0.262)  # of CIFAR-10's training pictures, scaled to 0…1

training = Compose([ToTensor(), RandomCrop(32, padding=4), RandomHorizontalFlip(), Normalize(MEAN, STD)])
testing = Compose([ToTensor(), Normalize(MEAN, STD)])


class Pictures(Dataset):
    """Pairs of a picture, (3, 32, 32), after `transform`, and its label."""

    def __init__(self, images, labels, transform):
        self.images = images  # (N, 32, 32, 3), uint8
        self.labels = labels
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.transform(self.images[index]), self.labels[index]
