"""Pictures of any size and kind, from a folder or an archive, as small squares."""

import io
import zipfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

import numpy as np

from dark_samples.catalogue import SampleError

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".ppm", ".pgm"}


def pictures_of_folder(folder: Path, side: int, count: int | None = None) -> np.ndarray:
    """The pictures at any depth of a folder, sorted by their paths, the first `count`: see `squares`."""
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    paths = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    names = [path.as_posix() for path in paths]
    return squares(folder, names, lambda name: (folder / name).read_bytes(), side, count)


def pictures_of_archive(archive: Path, side: int) -> np.ndarray:
    """The pictures of a zip file. Nothing is unpacked: what is no picture is never looked at."""
    try:
        with zipfile.ZipFile(archive) as file:
            names = sorted(name for name in file.namelist() if not name.endswith("/"))
            for name in names:
                path = PurePosixPath(name.replace("\\", "/"))
                if path.is_absolute() or ".." in path.parts or ":" in name.split("/")[0]:
                    raise SampleError(f"{archive}: {name!r} would lie outside of the archive's folder")
            return squares(archive, names, file.read, side)
    except zipfile.BadZipFile as error:
        raise SampleError(f"{archive}: no zip file, or damaged: {error}") from error


def is_picture(name: str) -> bool:
    """Whether a file's name is a picture's; hidden files are none, nor what macOS puts into archives."""
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return not hidden and PurePosixPath(name).suffix.lower() in SUFFIXES


def squares(
    place: Path, names: Iterable[str], read: Callable[[str], bytes], side: int, count: int | None = None
) -> np.ndarray:
    """The middle square of each picture among the files, shrunk by area: uint8 (N, side, side, 3).

    `read(name)` gives a file's content; a file that is no picture raises SampleError with its name.
    """
    names = [name for name in names if is_picture(name)][:count]

    def picture(name: str) -> np.ndarray:
        try:
            return square(read(name), side)
        except Exception as error:  # Pillow's formats raise whatever comes to them
            raise SampleError(f"{place / name}: not a picture, or damaged: {error}") from error

    with ThreadPoolExecutor() as pool:
        return np.array(list(pool.map(picture, names)), np.uint8).reshape(-1, side, side, 3)


def square(content: bytes, side: int) -> np.ndarray:
    """The middle square of a picture file, upright and without transparency: uint8 (side, side, 3)."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content)) as file:
        image = ImageOps.exif_transpose(file)
        if image.has_transparency_data:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        smooth = Image.Resampling.BOX if min(image.size) >= side else Image.Resampling.BICUBIC
        return np.asarray(ImageOps.fit(image.convert("RGB"), (side, side), smooth))
