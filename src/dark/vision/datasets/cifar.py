"""CIFAR-10: 60,000 colour pictures of 32×32, of ten kinds of vehicles and animals."""  # dark-5

import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from ...tensor import wrap
from .mnist import cache_folder
from .vision import VisionDataset, transformed

RECORD = 1 + 3 * 32 * 32  # bytes of a picture: its label and its pixels


class CIFAR10(VisionDataset):
    """Vehicles and animals: 50,000 pictures to learn from, and with `train=False` 10,000 to test with.

    (Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009.) The files of the binary version
    are looked for in `root`/cifar-10-batches-bin, in `root` itself, and in Dark's cache. `download` fetches
    them where none of these has all of them, into `root`, or into the cache for `root=None`.

    An item is a pair: the picture, a uint8 tensor (3, 32, 32) that `transforms.ToTensor` scales to 0…1, and
    its class, an int. All at once are in `data`, an array, uint8 (N, 32, 32, 3), and in the list `targets`.
    """

    base_folder = "cifar-10-batches-bin"
    url = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
    filename = "cifar-10-binary.tar.gz"
    tgz_md5 = "c32a1d4ab5d03f1284b67883e8d87530"
    train_list = [f"data_batch_{i}.bin" for i in range(1, 6)]
    test_list = ["test_batch.bin"]
    pictures_per_file = 10_000
    classes = [
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ]  # fmt: skip

    def __init__(
        self,
        root: str | Path | None,
        train: bool = True,
        transform: Callable | None = None,
        target_transform: Callable | None = None,
        download: bool = False,
    ):
        super().__init__(root, transform=transform, target_transform=target_transform)
        self.train = train
        names = self.train_list if train else self.test_list
        folder = self._find(names, all if download else any)  # reading says what else it should have
        if folder is None and download:
            folder = self.download()
        if folder is None:
            raise RuntimeError(self._missing(names))
        parts = [self._read(folder / name) for name in names]
        self.data = np.concatenate([pictures for pictures, _ in parts])
        self.targets: list[int] = np.concatenate([labels for _, labels in parts]).tolist()

    def _folders(self) -> Iterator[Path]:
        """Where the files may be, in the order of the search."""
        if self.root is not None:
            yield self.root / self.base_folder
            yield self.root
        yield cache_folder() / type(self).__name__ / self.base_folder

    def _find(self, names: list[str], enough: Callable) -> Path | None:
        """The first folder with enough of the files: `all` of them, or `any`."""
        for folder in self._folders():
            if enough((folder / name).is_file() for name in names):
                return folder
        return None

    def _missing(self, names: list[str]) -> str:
        """What to say where the files are nowhere."""
        places = ", ".join(str(folder) for folder in self._folders())
        message = f"{type(self).__name__}: no {names[0]} in any of {places}."
        pickled = [folder for folder in self._folders() if (folder / Path(names[0]).stem).is_file()]
        if self.root is not None and (self.root / "cifar-10-batches-py").is_dir():
            pickled.append(self.root / "cifar-10-batches-py")
        if pickled:
            message += f" {pickled[0]} holds the Python version, whose files are pickled and are not read."
        return f"{message} Pass download=True to fetch the binary version, or unpack {self.filename} there"

    def _read(self, path: Path) -> tuple[np.ndarray, np.ndarray]:
        """The pictures of a file, (N, 32, 32, 3), and their labels, (N,), checked."""
        if not path.is_file():
            raise RuntimeError(
                f"{type(self).__name__}: {path.parent} has no {path.name} beside the other files"
            )
        return read_records(path, self.pictures_per_file, len(self.classes))

    def download(self) -> Path:
        """Fetch the archive, check its sum, unpack the six files, and return the folder they are in."""
        name = type(self).__name__
        try:
            import pooch
        except ImportError as error:
            raise ImportError(f"{name}: download=True needs pooch: pip install pooch") from error
        folder = cache_folder() / name if self.root is None else self.root
        try:
            archive = pooch.retrieve(
                self.url, known_hash=f"md5:{self.tgz_md5}", path=folder, fname=self.filename
            )
        except (OSError, ValueError) as error:  # no network, no such file, or another sum
            raise RuntimeError(f"{name}: download failed: {self.url}: {error}") from error
        return self._unpack(Path(archive), folder / self.base_folder)

    def _unpack(self, archive: Path, folder: Path) -> Path:
        """Copy the six files out of the archive into a folder, all of them or none."""
        names = self.train_list + self.test_list
        with tempfile.TemporaryDirectory(prefix=f"{folder.name}.", dir=folder.parent) as unfinished:
            with tarfile.open(archive) as files:
                for name in names:  # no other member is looked at, and none chooses where it goes
                    content = files.extractfile(f"{self.base_folder}/{name}")
                    assert content is not None, f"{archive}: {name} is not a file"
                    Path(unfinished, name).write_bytes(content.read())
            folder.mkdir(exist_ok=True)
            for name in names:
                os.replace(Path(unfinished, name), folder / name)
        return folder

    @property
    def class_to_idx(self) -> dict[str, int]:
        """The number of every class."""
        return {name: i for i, name in enumerate(self.classes)}

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index: int):
        image = wrap(self.data[index].transpose(2, 0, 1).copy())  # (3, 32, 32); the data stay as they are
        return transformed(self, image, self.targets[index])

    def extra_repr(self) -> str:
        """Which part it is."""
        return f"Split: {'Train' if self.train else 'Test'}"


def read_records(path: str | Path, count: int, classes: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """The `count` pictures of a file, uint8 (count, 32, 32, 3), and their labels, uint8 (count,), checked.

    The file is one record after another: a byte with the label, then the red, the green and the blue value of
    every pixel, 1024 bytes each.
    """
    content = np.fromfile(path, np.uint8)
    if content.size != count * RECORD:
        raise ValueError(
            f"{path}: truncated, or another file of this name: "
            f"it has {content.size:,} bytes, and {count:,} pictures take {count * RECORD:,}"
        )
    records = content.reshape(-1, RECORD)
    labels = records[:, 0]
    if count and labels.max() >= classes:
        i = int(labels.argmax())
        raise ValueError(
            f"{path}: damaged, or another file of this name: "
            f"picture {i} has the label {labels[i]}, and there are {classes} classes"
        )
    return records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), labels
