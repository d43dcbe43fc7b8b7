"""MNIST and FashionMNIST: 70,000 grey pictures of 28×28, of handwritten digits and of clothes."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from ...tensor import Tensor, wrap
from .idx import read_idx
from .vision import VisionDataset, transformed


class MNIST(VisionDataset):
    """Handwritten digits: 60,000 pictures to learn from, and with `train=False` 10,000 to test with.

    The files, gzipped or not, are looked for in `root`/MNIST/raw, in `root` itself, in the folder of the
    system's package, and in Dark's cache. `download` fetches what is missing where none of these has
    all of them, into `root`/MNIST/raw, or into the cache for `root=None`.

    An item is a pair: the picture, a uint8 tensor (1, 28, 28) that `transforms.ToTensor` scales to 0…1, and
    its class, an int. All at once are in `data`, uint8 (N, 28, 28), and `targets`, int64 (N,).
    """

    mirrors = ("https://ossci-datasets.s3.amazonaws.com/mnist/",)
    md5 = {  # of the files that the mirrors offer
        "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
        "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
        "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
    }
    sha256: dict[str, str] = {}  # of the unzipped content, which is the same from everywhere
    system_folder: str | None = None
    system_package: str | None = None
    classes = [
        "0 - zero", "1 - one", "2 - two", "3 - three", "4 - four",
        "5 - five", "6 - six", "7 - seven", "8 - eight", "9 - nine",
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
        part = "train" if train else "t10k"
        names = (f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte")
        folder = self._find(names, all if download else any)  # reading says what else it should have
        if folder is None and download:
            folder = self.download()
        if folder is None:
            raise RuntimeError(self._missing(names))
        self.raw_folder = folder
        self.data, self.targets = self._read(names)

    def _folders(self) -> Iterator[Path]:
        """Where the files may be, in the order of the search."""
        if self.root is not None:
            yield self.root / type(self).__name__ / "raw"
            yield self.root
        if self.system_folder is not None:
            yield Path(self.system_folder)
        yield cache_folder() / type(self).__name__ / "raw"

    def _find(self, names: tuple[str, ...], enough: Callable) -> Path | None:
        """The first folder with enough of the files: `all` of them, or `any`."""
        for folder in self._folders():
            if enough(file_in(folder, name) for name in names):
                return folder
        return None

    def _missing(self, names: tuple[str, ...]) -> str:
        """What to say where the files are nowhere."""
        places = ", ".join(str(folder) for folder in self._folders())
        package = f", or install the system's package {self.system_package}" if self.system_package else ""
        return (
            f"{type(self).__name__}: no {names[0]}(.gz) in any of {places}. "
            f"Pass download=True to fetch it{package}"
        )

    def _read(self, names: tuple[str, str]) -> tuple[Tensor, Tensor]:
        """The pictures and their classes, checked."""
        arrays = []
        for name in names:
            path = file_in(self.raw_folder, name)
            if path is None:
                raise RuntimeError(
                    f"{type(self).__name__}: {self.raw_folder} has no {name}(.gz) beside the other files"
                )
            arrays.append(read_idx(path, self.sha256.get(name)))
        images, labels = arrays
        if images.ndim != 3 or images.dtype != np.uint8 or labels.shape != images.shape[:1]:
            raise ValueError(
                f"{self.raw_folder}: {names[0]} has {images.dtype} numbers of shape {images.shape} "
                f"and {names[1]} {labels.dtype} of shape {labels.shape}; expected uint8 (N, H, W) and (N,)"
            )
        return wrap(images), wrap(labels.astype(np.int64))

    def download(self) -> Path:
        """Fetch all four files, and return the folder they are in."""
        try:
            import pooch
        except ImportError as error:
            name = type(self).__name__
            raise ImportError(f"{name}: download=True needs pooch: pip install pooch") from error
        folder = (cache_folder() if self.root is None else self.root) / type(self).__name__ / "raw"
        for name, md5 in self.md5.items():
            faults = []
            for mirror in self.mirrors:
                try:
                    pooch.retrieve(mirror + name, known_hash=f"md5:{md5}", path=folder, fname=name)
                    break
                except (OSError, ValueError) as error:  # no network, no such file, or another sum
                    faults.append(f"{mirror}{name}: {error}")
            else:
                raise RuntimeError(f"{type(self).__name__}: download failed: {'; '.join(faults)}")
        return folder

    @property
    def class_to_idx(self) -> dict[str, int]:
        """The number of every class."""
        return {name: i for i, name in enumerate(self.classes)}

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index: int):
        image = wrap(
            self.data.array[index][None].copy()
        )  # (1, 28, 28); a copy, so that the data stay as they are
        return transformed(self, image, int(self.targets.array[index]))

    def extra_repr(self) -> str:
        """Which part it is."""
        return f"Split: {'Train' if self.train else 'Test'}"


class FashionMNIST(MNIST):
    """Clothes of ten kinds, in the form of MNIST. (Xiao, Rasul & Vollgraf, Fashion-MNIST, 2017.)"""

    mirrors = ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",)
    md5 = {
        "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
        "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
        "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
    }
    sha256 = {
        "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    }
    system_folder = "/usr/share/datasets/fashion-mnist"
    system_package = "dataset-fashion-mnist (Debian, Ubuntu)"
    classes = [
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ]


def file_in(folder: Path, name: str) -> Path | None:
    """The file `name` or `name`.gz in a folder, if there is one."""
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.is_file()), None)


def cache_folder() -> Path:
    """Where Dark keeps what it fetches: $DARK_CACHE, or the place that the system has for such files."""
    if os.environ.get("DARK_CACHE"):
        return Path(os.environ["DARK_CACHE"])
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "dark" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "dark"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dark"
