"""OxfordIIITPet: 7,349 pictures of cats and dogs, and maps of where the animal is."""  # dark-6

import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np

from ...tensor import wrap
from ..tv_tensors import Image, Mask
from .mnist import cache_folder
from .pixels import read_pair, read_pixels
from .vision import VisionDataset

PET, BACKGROUND, BORDER = 1, 2, 3  # what the numbers in a map mean; the border belongs to both


class Line(NamedTuple):
    """What a list says of a picture; classes are counted from 0."""

    name: str
    category: int  # the breed
    species: int  # 0 a cat, 1 a dog


class OxfordIIITPet(VisionDataset):
    """Cats and dogs: 3,680 pictures to learn from, and with `split="test"` 3,669 to test with; needs Pillow.

    (Parkhi, Vedaldi, Zisserman & Jawahar, Cats and Dogs, 2012; CC BY-SA 4.0.) The folders `images` and
    `annotations` are looked for in `root`/oxford-iiit-pet, in `root` itself, and in Dark's cache. `download`
    fetches them where none of these has both, into `root`, or into the cache for `root=None`.

    An item is a pair: the picture, a uint8 `Image` (3, H, W), and a target for each of `target_types`:
    "category", the breed as an int, one of `classes`; "binary-category", 0 for a cat and 1 for a dog;
    "segmentation", a uint8 `Mask` (H, W) of 1 for the animal, 2 for the background and 3 for the border
    between them. Of several it is a tuple, of none None. A damaged file raises OSError or ValueError with its
    name.
    """

    base_folder = "oxford-iiit-pet"
    resources = (
        ("https://www.robots.ox.ac.uk/~vgg/data/pets/data/images.tar.gz", "5c4f3ee8e5d25df40f4fd59a7f44e54c"),
        (
            "https://www.robots.ox.ac.uk/~vgg/data/pets/data/annotations.tar.gz",
            "95a8c909bbe2e81eed6a22bccdf3f68f",
        ),
    )
    target_kinds = "category", "binary-category", "segmentation"

    def __init__(
        self,
        root: str | Path | None,
        split: str = "trainval",
        target_types: Sequence[str] | str = "category",
        transforms: Callable | None = None,
        transform: Callable | None = None,
        target_transform: Callable | None = None,
        download: bool = False,
    ):
        super().__init__(root, transforms, transform, target_transform)
        self.target_types = [target_types] if isinstance(target_types, str) else list(target_types)
        for kind in self.target_types:
            if kind not in self.target_kinds:
                raise ValueError(f"OxfordIIITPet: target_types {kind!r} is none of {self.target_kinds}")
        if split not in ("trainval", "test"):
            raise ValueError(f"OxfordIIITPet: split must be 'trainval' or 'test', got {split!r}")
        self.split = split
        folder = next((folder for folder in self._folders() if is_complete(folder)), None)
        if folder is None and download:
            folder = self.download()
        if folder is None:
            places = ", ".join(str(folder) for folder in self._folders())
            raise RuntimeError(
                f"OxfordIIITPet: the folders images and annotations are in none of {places}. "
                "Pass download=True to fetch them (811 MB)"
            )
        self.folder = folder
        self.lines = read_list(folder / "annotations" / f"{split}.txt")
        self.classes = class_names(self.lines)
        self._require(self.image_path, "picture")
        if "segmentation" in self.target_types:
            self._require(self.trimap_path, "map")

    def _folders(self) -> Iterator[Path]:
        """Where the files may be, in the order of the search."""
        if self.root is not None:
            yield self.root / self.base_folder
            yield self.root
        yield cache_folder() / "OxfordIIITPet" / self.base_folder

    def _require(self, path_of: Callable[[int], Path], what: str) -> None:
        """An error with the first name in the list that has no such file."""
        missing = [path for path in map(path_of, range(len(self.lines))) if not path.is_file()]
        if missing:
            more = f", and {len(missing) - 1} more are missing" if len(missing) > 1 else ""
            raise FileNotFoundError(
                f"OxfordIIITPet: {missing[0]}: there is no such {what}, and {self.split}.txt names it{more}"
            )

    def image_path(self, index: int) -> Path:
        """The file of a picture."""
        return self.folder / "images" / f"{self.lines[index].name}.jpg"

    def trimap_path(self, index: int) -> Path:
        """The file of the map that belongs to a picture."""
        return self.folder / "annotations" / "trimaps" / f"{self.lines[index].name}.png"

    def trimap(self, index: int) -> np.ndarray:
        """What every pixel of a picture shows: uint8 (H, W) of 1, 2 and 3."""
        return self._checked(read_pixels(self.trimap_path(index), "L", "OxfordIIITPet"), index)

    def arrays(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """A picture, uint8 (H, W, 3), and its map, uint8 (H, W) of 1, 2 and 3."""
        image, trimap = read_pair(self.image_path(index), self.trimap_path(index), "OxfordIIITPet")
        return image, self._checked(trimap, index)

    def _checked(self, trimap: np.ndarray, index: int) -> np.ndarray:
        """A map, if its numbers are those that have a meaning."""
        low, high = trimap.min(), trimap.max()
        if low < PET or high > BORDER:
            path = self.trimap_path(index)
            raise ValueError(f"{path}: its numbers go from {low} to {high}, expected 1 to 3")
        return trimap

    def download(self) -> Path:
        """Fetch the two archives, check their sums, unpack them, and return the folder they are in."""
        try:
            import pooch
        except ImportError as error:
            raise ImportError("OxfordIIITPet: download=True needs pooch: pip install pooch") from error
        folder = cache_folder() / "OxfordIIITPet" if self.root is None else self.root
        for url, md5 in self.resources:
            try:
                name = PurePosixPath(url).name
                archive = pooch.retrieve(url, known_hash=f"md5:{md5}", path=folder, fname=name)
            except (OSError, ValueError) as error:  # no network, no such file, or another sum
                raise RuntimeError(f"OxfordIIITPet: download failed: {url}: {error}") from error
            unpack(Path(archive), folder / self.base_folder)
        return folder / self.base_folder

    @property
    def class_to_idx(self) -> dict[str, int]:
        """The number of every class."""
        return {name: i for i, name in enumerate(self.classes)}

    def extra_repr(self) -> str:
        """Which part it is."""
        return f"Split: {self.split}"

    def __len__(self):
        return len(self.lines)

    def __getitem__(self, index: int):
        image = read_pixels(self.image_path(index), "RGB", "OxfordIIITPet")
        picture = Image(wrap(np.ascontiguousarray(image.transpose(2, 0, 1))))
        targets = tuple(self.target(kind, index) for kind in self.target_types)
        target = targets if len(targets) > 1 else targets[0] if targets else None
        return (picture, target) if self.transforms is None else self.transforms(picture, target)

    def target(self, kind: str, index: int):
        """What is to be found in a picture, of one kind."""
        if kind == "segmentation":
            return Mask(wrap(self.trimap(index)))
        line = self.lines[index]
        return line.category if kind == "category" else line.species


def is_complete(folder: Path) -> bool:
    """Whether a folder has both parts."""
    return (folder / "images").is_dir() and (folder / "annotations").is_dir()


def read_list(path: Path) -> list[Line]:
    """The lines of a list, `name class species breed`, checked; those that begin with # say nothing."""
    if not path.is_file():
        raise FileNotFoundError(f"OxfordIIITPet: there is no file {path}")
    lines = []
    for number, text in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if not text.strip() or text.startswith("#"):
            continue
        name, *numbers = text.split()
        if len(numbers) != 3 or not all(part.isdecimal() for part in numbers) or "0" in numbers[:2]:
            raise ValueError(
                f"{path}, line {number}: expected a name, the numbers of its class and its species from 1, "
                f"and one more, got {text!r}"
            )
        lines.append(Line(name, int(numbers[0]) - 1, int(numbers[1]) - 1))
    if not lines:
        raise ValueError(f"{path}: it names no picture")
    return lines


def class_names(lines: list[Line]) -> list[str]:
    """The names of the classes by number: a picture's own, without its number: great_pyrenees_17."""
    names = {line.category: line.name.rpartition("_")[0].replace("_", " ").title() for line in lines}
    return [names[category] for category in sorted(names)]


def unpack(archive: Path, folder: Path) -> None:
    """Copy the pictures, maps and lists out of an archive, and put its folder in place when all are there."""
    with tempfile.TemporaryDirectory(prefix=f"{folder.name}.", dir=archive.parent) as unfinished:
        with tarfile.open(archive) as files:
            for member in files:
                path = PurePosixPath(member.name)
                if member.isfile() and is_wanted(path):
                    content = files.extractfile(member)
                    assert content is not None
                    target = Path(unfinished, *path.parts)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content.read())
        folder.mkdir(parents=True, exist_ok=True)
        for part in Path(unfinished).iterdir():
            if not (folder / part.name).exists():
                os.replace(part, folder / part.name)


def is_wanted(path: PurePosixPath) -> bool:
    """Whether a member of an archive is a picture, a map or a list; what is hidden or elsewhere is none."""
    places = {("images",): ".jpg", ("annotations",): ".txt", ("annotations", "trimaps"): ".png"}
    return not path.name.startswith(".") and places.get(path.parts[:-1]) == path.suffix
