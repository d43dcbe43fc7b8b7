"""LandmarkFolder: pictures of faces with marked points, in the usual formats."""  # dark-5

import csv
import glob
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from ...tensor import wrap
from ..tv_tensors import Image, KeyPoints
from .pixels import cut_square, read_pixels
from .vision import VisionDataset

PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".ppm", ".pgm", ".tif", ".tiff", ".webp")


class LandmarkFolder(VisionDataset):
    """Faces in the pictures of a folder and those in it, cut out around their points; needs Pillow.

    The points of `a/b.jpg` stand in one of these:

    - `a/b.pts`, as in 300-W: `version: 1`, `n_points: 68`, `{`, a line `x y` for every point, `}`; counted
      from 1, as in Matlab;
    - `a/b.json`: a list of pairs [x, y], or {"points": such a list}, or {"landmarks": such a list};
    - any `a/*.csv` whose header is `image_name,part_0_x,part_0_y,…`, as in PyTorch's tutorial on data sets.

    An item is a pair: the square around the points with a `margin` on each side, in parts of their extent, as
    a uint8 `Image` (3, size, size), and the points in it, float32 `KeyPoints` (points, 2). A file that has
    another number of points, or anything else wrong, raises ValueError with its name.
    """

    def __init__(
        self,
        root: str | Path,
        points: int = 68,
        size: int = 96,
        margin: float = 0.25,
        transforms: Callable | None = None,
        transform: Callable | None = None,
        target_transform: Callable | None = None,
    ):
        super().__init__(root, transforms, transform, target_transform)
        self.size, self.margin = size, margin
        self.samples = list(find(Path(root).expanduser(), points))
        if not self.samples:
            raise FileNotFoundError(
                f"LandmarkFolder: {self.root} has no points: no .pts or .json beside a picture, and no .csv "
                "whose header begins with image_name"
            )

    def arrays(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """An item as arrays: uint8 (size, size, 3) and float32 (points, 2)."""
        path, points = self.samples[index]
        return face_in(read_pixels(path, "RGB", "LandmarkFolder"), points, self.size, self.margin, path)

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index: int):
        pixels, points = self.arrays(index)
        image = Image(wrap(np.ascontiguousarray(pixels.transpose(2, 0, 1))))
        target = KeyPoints(wrap(points), canvas_size=(self.size, self.size))
        return (image, target) if self.transforms is None else self.transforms(image, target)


def find(root: Path, count: int) -> Iterator[tuple[Path, np.ndarray]]:
    """Every picture that has points, and these, checked; in the order of their names."""
    if not root.is_dir():
        raise FileNotFoundError(f"LandmarkFolder: there is no folder {root}")
    for path in sorted(root.rglob("*")):
        if path.name.startswith("."):
            continue
        if path.suffix.lower() == ".csv":
            yield from read_csv(path, count)
        elif path.suffix.lower() in (".pts", ".json"):
            read = read_pts if path.suffix.lower() == ".pts" else read_json
            yield picture_of(path), checked(read(path), count, path)


def picture_of(path: Path) -> Path:
    """The picture that has the name of a file of points."""
    for other in sorted(path.parent.glob(f"{glob.escape(path.stem)}.*")):
        if other.suffix.lower() in PICTURES and other.stem == path.stem:
            return other
    raise FileNotFoundError(f"{path}: there is no picture {path.stem}.jpg, .png, … beside it")


def checked(points, count: int, path) -> np.ndarray:
    """Points as float32 (count, 2); ValueError with the file's name where they are not that."""
    try:
        array = np.array(points, np.float32).reshape(len(points), 2)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{path}: expected {count} pairs of numbers x and y") from None
    if len(array) != count:
        raise ValueError(f"{path}: it has {len(array)} points, and {count} are expected")
    if not np.isfinite(array).all():
        raise ValueError(f"{path}: point {np.argwhere(~np.isfinite(array))[0, 0]} is not finite")
    if (np.ptp(array, axis=0) <= 0).any():
        raise ValueError(f"{path}: all its points have the same x or y")
    return array


def read_pts(path: Path) -> list:
    """The points of a .pts file, counted from 0."""
    text = path.read_text(encoding="utf-8", errors="replace")
    head, brace, body = text.partition("{")
    body, end, _ = body.partition("}")
    if not brace or "n_points" not in head:
        raise ValueError(f"{path}: not a .pts file: 'n_points: 68' and a '{{' should come before the points")
    if not end:
        raise ValueError(f"{path}: truncated: the '}}' after the points is missing")
    points = []
    for line in filter(None, map(str.strip, body.splitlines())):
        try:
            x, y = map(float, line.split())
        except ValueError:
            raise ValueError(f"{path}: the line {line!r} should be two numbers, x and y") from None
        points.append((x - 1, y - 1))
    announced = head.partition("n_points")[2].strip(" :\t").split()
    if announced and announced[0].isdigit() and int(announced[0]) != len(points):
        raise ValueError(f"{path}: it announces {announced[0]} points and has {len(points)}")
    return points


def read_json(path: Path) -> list:
    """The points of a .json file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # not text, or not JSON
        raise ValueError(f"{path}: not a JSON file: {error}") from error
    if isinstance(content, dict):
        content = content.get("points", content.get("landmarks"))
    if not isinstance(content, list):
        raise ValueError(
            f'{path}: expected a list of pairs [x, y], or {{"points": such a list}}, or {{"landmarks": …}}'
        )
    return content


def read_csv(path: Path, count: int) -> Iterator[tuple[Path, np.ndarray]]:
    """The pictures that a table names, and their points; nothing where its header is another one."""
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        rows = csv.reader(file)
        header = next(rows, [])
        if header[:1] != ["image_name"]:
            return
        expected = [f"part_{i}_{axis}" for i in range(count) for axis in "xy"]
        if header[1:] != expected:
            raise ValueError(
                f"{path}: after image_name its header should name part_0_x, part_0_y, … part_{count - 1}_y, "
                f"and it names {len(header) - 1} columns from {', '.join(header[1:3])} to {header[-1]}"
            )
        for row in filter(None, rows):
            place = f"{path}, line {rows.line_num}"
            if len(row) != len(header):
                raise ValueError(f"{place}: it has {len(row)} columns, and the header {len(header)}")
            try:
                numbers = np.array(row[1:], np.float32)
            except ValueError:
                raise ValueError(f"{place}: a coordinate is no number") from None
            picture = path.parent / row[0]
            if not picture.is_file():
                raise FileNotFoundError(f"{place}: there is no picture {picture}")
            yield picture, checked(numbers.reshape(-1, 2), count, place)


def face_in(pixels: np.ndarray, points: np.ndarray, size: int, margin: float, path) -> tuple:
    """The square around some points, (size, size, 3), and the points in it.

    Where the square reaches beyond the picture, the pixels of the edge are repeated.
    """
    extent = np.array(pixels.shape[1::-1])
    low, high = points.min(0) + 0.5, points.max(0) + 0.5  # from the corner of the first pixel, not its center
    middle = (low + high) / 2
    if (middle < 0).any() or (middle > extent).any() or (high - low > 2 * extent).any():
        raise ValueError(f"{path}: its points lie outside the picture, {extent[0]} wide and {extent[1]} high")
    side = (1 + 2 * margin) * (high - low).max()
    corner = middle - side / 2
    points = (points + 0.5 - corner) * (size / side) - 0.5
    return cut_square(pixels, corner, side, size), points.astype(np.float32)
