"""Pictures with boxes as a Dataset, in the numbers that the network works with."""

from dark import get_default_dtype, rand, tensor
from dark.utils.data import Dataset

from augmentation import augmented
from targets import targets_of


class Scenes(Dataset):
    """A picture, (3, H, W) within −1…1, and what each prior shall answer: boxes (P, 4) and labels (P,).

    Every picture is another photograph each time it is asked for.
    """

    def __init__(self, part, priors):
        self.part, self.priors = part, priors

    def __len__(self):
        return len(self.part.images)

    def __getitem__(self, index):
        images, boxes, labels = self.part
        image, its_boxes = augmented(images[index], boxes[index], rand(5).tolist())
        its_boxes = tensor(its_boxes, dtype=get_default_dtype())
        return as_input(image), *targets_of(its_boxes, tensor(labels[index]), self.priors)


def as_input(image):
    """A picture, uint8 (H, W, 3), as the network takes it: (3, H, W)."""
    return tensor(image).permute(2, 0, 1) / 127.5 - 1
