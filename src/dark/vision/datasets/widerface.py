"""WIDERFace: 32,203 photographs of people, with boxes around their faces."""  # dark-7

import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import numpy as np

from ...tensor import wrap
from ..tv_tensors import Image
from .mnist import cache_folder
from .pixels import read_pixels
from .vision import VisionDataset, transformed

COLUMNS = "x", "y", "width", "height", "blur", "expression", "illumination", "invalid", "occlusion", "pose"
LARGE = 10**6  # no picture has so many pixels in a row


class WIDERFace(VisionDataset):
    """WIDER FACE: 12,880 photographs to learn from, 3,226 to validate, 16,097 to test with; needs Pillow.

    (Yang, Luo, Loy & Tang, WIDER FACE: A Face Detection Benchmark, 2016; CC BY-NC-ND 4.0.) The folder
    `widerface` with `wider_face_split` and, as `split` says, `WIDER_train`, `WIDER_val` or `WIDER_test` is
    looked for in `root` (or is `root`) and in Dark's cache. `download` fetches both where neither has them,
    into `root`, or into the cache for `root=None`.

    An item is a pair: the picture, a uint8 `Image` (3, H, W), and a dict of int64 tensors, or None where
    `split="test"`, since those boxes are not published:

    - "bbox", (n, 4): left, top, width and height in pixels. Either may be 0: such a box marks nothing;
    - "blur" and "occlusion", (n,): 0 none, 1 some, 2 much;
    - "expression", "illumination" and "pose", (n,): 0 as usual, 1 extreme;
    - "invalid", (n,): 1 where the face can hardly be told.

    The last three columns of a list are invalid, occlusion and pose, as the set's own description says;
    torchvision calls them occlusion, pose and invalid. A picture without faces has no boxes, (0, 4), where
    torchvision keeps the list's row of zeros. A damaged file raises OSError or ValueError with its name and,
    in a list, the line.
    """

    base_folder = "widerface"
    address = "https://huggingface.co/datasets/CUHK-CSE/wider_face/resolve/main/data"
    archives = {  # their sums, sha256
        "WIDER_train": "e23b76129c825cafae8be944f65310b2e1ba1c76885afe732f179c41e5ed6d59",
        "WIDER_val": "f9efbd09f28c5d2d884be8c0eaef3967158c866a593fc36ab0413e4b2a58a17a",
        "WIDER_test": "3b0313e11ea292ec58894b47ac4c0503b230e12540330845d70a7798241f88d3",
        "wider_face_split": "c7561e4f5e7a118c249e0a5c5c902b0de90bbf120d7da9fa28d99041f68a8a5c",
    }

    def __init__(
        self,
        root: str | Path | None,
        split: str = "train",
        transform: Callable | None = None,
        target_transform: Callable | None = None,
        download: bool = False,
    ):
        super().__init__(root, transform=transform, target_transform=target_transform)
        if split not in ("train", "val", "test"):
            raise ValueError(f"WIDERFace: split must be 'train', 'val' or 'test', got {split!r}")
        self.split = split
        needed = f"WIDER_{split}", "wider_face_split"
        folder = next((folder for folder in self._folders() if has(folder, needed)), None)
        if folder is None and download:
            folder = self.download()
        if folder is None:
            places = ", ".join(str(folder) for folder in self._folders())
            raise RuntimeError(
                f"WIDERFace: the folders {' and '.join(needed)} are in none of {places}. Pass download=True "
                "to fetch them (train 1.5 GB, val 0.4 GB, test 1.8 GB)"
            )
        self.folder = folder
        lists, images = folder / "wider_face_split", folder / f"WIDER_{split}" / "images"
        self.samples: list[tuple[Path, np.ndarray | None]]  # a picture, and its faces: int64 (n, 10)
        if split == "test":
            names = numbered_lines(lists / "wider_face_test_filelist.txt")
            self.samples = [(picture(place, name, images), None) for place, name in names]
        else:
            self.samples = list(read_faces(lists / f"wider_face_{split}_bbx_gt.txt", images))

    def _folders(self) -> Iterator[Path]:
        """Where the files may be, in the order of the search."""
        if self.root is not None:
            yield self.root / self.base_folder
            yield self.root
        yield cache_folder() / "WIDERFace" / self.base_folder

    def arrays(self, index: int) -> tuple[np.ndarray, np.ndarray | None]:
        """An item as arrays: uint8 (H, W, 3), and a row of the ten `COLUMNS` for each face: int64 (n, 10)."""
        path, faces = self.samples[index]
        return read_pixels(path, "RGB", "WIDERFace"), faces

    def download(self) -> Path:
        """Fetch what the split needs, check the sums, unpack it, and return the folder it is in."""
        try:
            import pooch
        except ImportError as error:
            raise ImportError("WIDERFace: download=True needs pooch: pip install pooch") from error
        folder = cache_folder() / "WIDERFace" if self.root is None else self.root
        for name in (f"WIDER_{self.split}", "wider_face_split"):
            if has(folder / self.base_folder, (name,)):
                continue
            url = f"{self.address}/{name}.zip"
            try:
                sha256 = f"sha256:{self.archives[name]}"
                archive = pooch.retrieve(url, known_hash=sha256, path=folder, fname=f"{name}.zip")
            except (OSError, ValueError) as error:  # no network, no such file, or another sum
                raise RuntimeError(f"WIDERFace: download failed: {url}: {error}") from error
            unpack(Path(archive), folder / self.base_folder, name)
        return folder / self.base_folder

    def extra_repr(self) -> str:
        """Which part it is."""
        return f"Split: {self.split}"

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index: int):
        pixels, faces = self.arrays(index)
        image = Image(wrap(np.ascontiguousarray(pixels.transpose(2, 0, 1))))
        if faces is None:
            return transformed(self, image, None)
        target = {"bbox": wrap(faces[:, :4].copy())}
        target |= {COLUMNS[i]: wrap(faces[:, i].copy()) for i in range(4, 10)}
        return transformed(self, image, target)


def has(folder: Path, names: tuple[str, ...]) -> bool:
    """Whether a folder has all of these in it."""
    return all((folder / name).is_dir() for name in names)


def numbered_lines(path: Path) -> list[tuple[str, str]]:
    """The lines of a list that are not empty, each with its place for messages."""
    if not path.is_file():
        raise FileNotFoundError(f"WIDERFace: there is no file {path}")
    lines = enumerate(path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1)
    found = [(f"{path}, line {i}", line.strip()) for i, line in lines if line.strip()]
    if not found:
        raise ValueError(f"{path}: it names no picture")
    return found


def picture(place: str, name: str, images: Path) -> Path:
    """The file of a picture that a line names."""
    if not name.lower().endswith(".jpg"):
        raise ValueError(f"{place}: expected the name of a picture, such as 0--Parade/1.jpg, got {name!r}")
    path = images / name
    if not path.is_file():
        raise FileNotFoundError(f"{place}: there is no picture {path}")
    return path


def read_faces(path: Path, images: Path) -> Iterator[tuple[Path, np.ndarray]]:
    """The pictures of a list and their faces, int64 (n, 10).

    For each picture its name, the number of its faces, and a line for each face. After the number 0 there is
    one line, of zeros.
    """
    lines = numbered_lines(path)
    at = 0
    while at < len(lines):
        place, name = lines[at]
        file = picture(place, name, images)
        if at + 1 == len(lines) or not is_count(lines[at + 1][1]):
            got = "the file ends" if at + 1 == len(lines) else f"{lines[at + 1][1]!r} follows"
            raise ValueError(f"{place}: expected the number of faces of {name} in the next line, but {got}")
        place, count = lines[at + 1][0], int(lines[at + 1][1])
        at += 2
        if len(lines) - at < count:
            left = len(lines) - at
            raise ValueError(f"{place}: it announces {count} faces of {name}, and {left} lines are left")
        faces = [face(*lines[at + i], f"face {i + 1} of {count} of {name}") for i in range(count)]
        at += count
        if count == 0 and at < len(lines) and lines[at][1].split() == ["0"] * len(COLUMNS):
            at += 1
        yield file, np.array(faces, np.int64).reshape(count, len(COLUMNS))


def is_count(line: str) -> bool:
    """Whether a line is a number of faces."""
    return line.isdecimal() and len(line) < 10


def face(place: str, line: str, what: str) -> list[int]:
    """The ten numbers in a line that should be a face."""
    try:
        numbers = [int(part) for part in line.split()]
    except ValueError:
        numbers = []
    if len(numbers) != len(COLUMNS) or any(abs(number) >= LARGE for number in numbers):
        raise ValueError(f"{place}: expected {what}, ten whole numbers, got {line!r}")
    return numbers


def unpack(archive: Path, folder: Path, name: str) -> None:
    """Copy the folder `name` out of an archive, and put it in place when all its files are there."""
    with tempfile.TemporaryDirectory(prefix=f"{name}.", dir=archive.parent) as unfinished:
        with zipfile.ZipFile(archive) as files:
            for member in files.namelist():
                path = PurePosixPath(member)
                inside = path.parts[:1] == (name,) and ".." not in path.parts
                if inside and path.suffix.lower() in (".jpg", ".txt") and not path.name.startswith("."):
                    target = Path(unfinished, *path.parts)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(files.read(member))
        folder.mkdir(parents=True, exist_ok=True)
        os.replace(Path(unfinished, name), folder / name)
