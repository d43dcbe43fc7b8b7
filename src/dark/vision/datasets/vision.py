"""VisionDataset: what the data sets of images have in common."""

from collections.abc import Callable
from pathlib import Path

from ...utils.data import Dataset


class VisionDataset(Dataset):
    """A data set of images in a folder, with functions that change every image and its target.

    Either `transforms`, of both at once, or `transform`, of the image, and `target_transform`. Where it is
    given one of these two, `transforms` applies them, for data sets of one's own.
    """

    def __init__(
        self,
        root: str | Path | None = None,
        transforms: Callable | None = None,
        transform: Callable | None = None,
        target_transform: Callable | None = None,
    ):
        separate = transform is not None or target_transform is not None
        if transforms is not None and separate:
            raise ValueError(f"{type(self).__name__}: pass transforms, or transform and target_transform")
        self.root = None if root is None else Path(root).expanduser()
        self.transform = transform
        self.target_transform = target_transform
        self.transforms = StandardTransform(transform, target_transform) if separate else transforms

    def extra_repr(self) -> str:
        """More lines for `repr`."""
        return ""

    def __repr__(self):
        lines = [f"Number of datapoints: {len(self)}", f"Root location: {self.root}"]
        lines += self.extra_repr().splitlines()
        if self.transforms is not None:
            lines += repr(self.transforms).splitlines()
        return "\n    ".join([f"Dataset {type(self).__name__}", *lines])


class StandardTransform:
    """A function of an image and a target, made of one for each."""

    def __init__(self, transform: Callable | None = None, target_transform: Callable | None = None):
        self.transform = transform
        self.target_transform = target_transform

    def __call__(self, input, target):
        return transformed(self, input, target)

    def __repr__(self):
        parts = {"Transform": self.transform, "Target transform": self.target_transform}
        return "\n".join(f"{name}: {part!r}" for name, part in parts.items() if part is not None)


def transformed(owner, image, target):
    """The pair after the `transform` and the `target_transform` that a data set has now."""
    if owner.transform is not None:
        image = owner.transform(image)
    if owner.target_transform is not None:
        target = owner.target_transform(target)
    return image, target
