"""VisionDataset: what the data sets of images have in common."""

from collections.abc import Callable
from pathlib import Path

from ...utils.data import Dataset


class VisionDataset(Dataset):
    """A data set of images in a folder, with functions that change every image and its target.

    Either `transforms`, of both at once, or `transform`, of the image, and `target_transform`.
    """

    def __init__(
        self,
        root: str | Path | None = None,
        transforms: Callable | None = None,
        transform: Callable | None = None,
        target_transform: Callable | None = None,
    ):
        if transforms is not None and (transform is not None or target_transform is not None):
            raise ValueError(
                f"{type(self).__name__}: pass transforms, or transform and target_transform, not both"
            )
        self.root = None if root is None else Path(root).expanduser()
        self.transforms = transforms
        self.transform = transform
        self.target_transform = target_transform

    def transformed(self, image, target):
        """The pair as the data set gives it out."""
        if self.transforms is not None:
            return self.transforms(image, target)
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    def extra_repr(self) -> str:
        """More lines for `repr`."""
        return ""

    def __repr__(self):
        lines = [
            f"Number of datapoints: {len(self)}",
            f"Root location: {self.root}",
            *self.extra_repr().splitlines(),
        ]
        for name in ("transforms", "transform", "target_transform"):
            if getattr(self, name) is not None:
                lines += f"{name}: {getattr(self, name)!r}".splitlines()
        return "\n    ".join([f"Dataset {type(self).__name__}", *lines])
