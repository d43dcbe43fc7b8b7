"""ImageFolder: pictures in folders that have the names of their classes."""  # beyond

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from ...tensor import Tensor, wrap
from ..pillow import pillow
from .vision import VisionDataset, transformed

IMG_EXTENSIONS = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp")


def default_loader(path: str) -> Tensor:
    """The picture in a file: a uint8 tensor (3, H, W), red, green and blue."""
    Image = pillow("default_loader")
    try:
        with open(path, "rb") as file, Image.open(file) as image:  # Pillow itself would leave the file open
            pixels = np.array(image.convert("RGB"))  # (H, W, 3)
    except FileNotFoundError:
        raise
    except Exception as error:  # Pillow's formats raise whatever comes to them
        raise OSError(f"{path}: not a picture, or damaged: {error}") from error
    return wrap(np.ascontiguousarray(pixels.transpose(2, 0, 1)))


class DatasetFolder(VisionDataset):
    """Files in folders of their classes: `root`/cat/a.ext and `root`/cat/more/b.ext are of the class "cat".

    `loader(path)` reads a file. Either `extensions`, in lower case, or `is_valid_file(path)` says which files
    count; hidden ones never do. The classes are sorted by name and numbered. A class without a file raises
    FileNotFoundError, unless `allow_empty`.

    `samples` is the list of (path, number of the class), `targets` of the numbers alone.
    """

    def __init__(
        self,
        root: str | Path,
        loader: Callable,
        extensions: tuple[str, ...] | None = None,
        transform: Callable | None = None,
        target_transform: Callable | None = None,
        is_valid_file: Callable[[str], bool] | None = None,
        allow_empty: bool = False,
    ):
        root = os.path.expanduser(root)
        super().__init__(root, transform=transform, target_transform=target_transform)
        self.loader = loader
        self.extensions = extensions
        self.classes, self.class_to_idx = self.find_classes(root)
        self.samples = self.make_dataset(root, self.class_to_idx, extensions, is_valid_file, allow_empty)
        self.targets = [target for _, target in self.samples]

    def find_classes(self, directory: str | Path) -> tuple[list[str], dict[str, int]]:
        """The names of the class folders, sorted, and the number of each; a subclass may find others."""
        if not os.path.isdir(directory):
            raise FileNotFoundError(f"{type(self).__name__}: there is no folder {directory}")
        with os.scandir(directory) as entries:
            classes = sorted(e.name for e in entries if e.is_dir() and not e.name.startswith("."))
        if not classes:
            raise FileNotFoundError(
                f"{type(self).__name__}: {directory} has no folders; every class is a folder with its files"
            )
        return classes, {name: i for i, name in enumerate(classes)}

    @staticmethod
    def make_dataset(
        directory: str | Path,
        class_to_idx: dict[str, int],
        extensions: tuple[str, ...] | None = None,
        is_valid_file: Callable[[str], bool] | None = None,
        allow_empty: bool = False,
    ) -> list[tuple[str, int]]:
        """All (path, number of the class), class by class."""
        if (extensions is None) == (is_valid_file is None):
            raise ValueError("DatasetFolder: pass extensions or is_valid_file, one of the two")
        if is_valid_file is None:
            endings = tuple(
                e.lower() for e in ((extensions,) if isinstance(extensions, str) else extensions or ())
            )
            is_valid_file = lambda path: path.lower().endswith(endings)

        samples: list[tuple[str, int]] = []
        empty = []
        for name, number in sorted(class_to_idx.items()):
            paths = [path for path in files_below(os.path.join(directory, name)) if is_valid_file(path)]
            samples += [(path, number) for path in paths]
            if not paths:
                empty.append(name)
        if empty and not allow_empty:
            wanted = f" (files that count end with {', '.join(extensions)})" if extensions else ""
            raise FileNotFoundError(
                f"{directory}: no file for the class{'es' * (len(empty) > 1)} {', '.join(empty)}{wanted}; "
                "allow_empty=True lets classes be empty"
            )
        return samples

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index: int):
        path, target = self.samples[index]
        try:
            return transformed(self, self.loader(path), target)
        except Exception as error:
            error.add_note(f"{type(self).__name__}: item {index} is {path}")
            raise


class ImageFolder(DatasetFolder):
    """Pictures in folders of their classes, any depth below them: `root`/cat/1.jpg, `root`/dog/old/2.PNG.

    An item is a pair: the picture, a uint8 tensor (3, H, W) that `transforms.ToTensor` scales to 0…1, and the
    number of its class. Needs Pillow. A damaged file raises OSError with its name when it is read.
    """

    def __init__(
        self,
        root: str | Path,
        transform: Callable | None = None,
        target_transform: Callable | None = None,
        loader: Callable = default_loader,
        is_valid_file: Callable[[str], bool] | None = None,
        allow_empty: bool = False,
    ):
        extensions = IMG_EXTENSIONS if is_valid_file is None else None
        super().__init__(root, loader, extensions, transform, target_transform, is_valid_file, allow_empty)
        self.imgs = self.samples


def files_below(folder: str) -> Iterator[str]:
    """The paths of all files in a folder and the folders in it, sorted; what is hidden is left out."""
    seen: set[str] = set()  # a link may lead back to where it is
    for place, _, names in sorted(walk(folder, seen)):
        for name in sorted(names):
            if not name.startswith("."):
                yield os.path.join(place, name)


def walk(folder, seen):
    """`os.walk` through links too, every real folder once and no hidden one."""
    for place, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(place)
        folders[:] = [] if real in seen else sorted(name for name in folders if not name.startswith("."))
        if real not in seen:
            seen.add(real)
            yield place, folders, names
