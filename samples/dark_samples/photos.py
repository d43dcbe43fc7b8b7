"""Photographs for trained networks, of any size: from files and folders, or from a camera."""

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from .catalogue import SampleError
from .run import Run

ENDINGS = {".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}  # of pictures in a folder


def picture_files(paths: Sequence[Path]) -> list[Path]:
    """The files, and in place of each folder the pictures in it, in the order of their names."""
    files = []
    for path in paths:
        inside = [file for file in sorted(path.iterdir()) if is_picture(file)] if path.is_dir() else [path]
        if not inside:
            raise SampleError(f"{path} has no pictures in it: files that end in {', '.join(sorted(ENDINGS))}")
        files += inside
    return files


def is_picture(file: Path) -> bool:
    """Whether a file has the name of a picture that one can see."""
    return file.suffix.lower() in ENDINGS and file.is_file() and not file.name.startswith(".")


def names_of(files: Sequence[Path]) -> list[str]:
    """The files' names without their endings; the second `car`, or `Car`, is `car-2`."""
    names: dict[str, str] = {}
    for file in files:
        name, number = file.stem, 2
        while name.lower() in names:
            name, number = f"{file.stem}-{number}", number + 1
        names[name.lower()] = name
    return [*names.values()]


def read_photo(file: Path) -> np.ndarray:
    """A picture file of any kind and size, upright, what is transparent white: uint8 (H, W, 3)."""
    from PIL import Image, ImageOps

    try:
        with Image.open(file) as picture:
            upright = ImageOps.exif_transpose(picture)
            if upright.has_transparency_data:
                upright = upright.convert("RGBA")
                upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
            return np.array(upright.convert("RGB"))
    except Image.DecompressionBombError as error:
        raise SampleError(f"{file} is too large: {error}") from error
    except (OSError, SyntaxError, ValueError) as error:
        if getattr(error, "filename", None):  # it is missing, or may not be read: the error says so
            raise
        raise SampleError(f"{file} is no picture, or a damaged one") from error


def png_of(pixels: np.ndarray) -> bytes:
    """An array (H, W, 3) or (H, W, 4) as the content of a PNG file."""
    from PIL import Image

    memory = io.BytesIO()
    Image.fromarray(pixels).save(memory, "PNG")
    return memory.getvalue()


def show_camera(run: Run, mark: Callable[[np.ndarray], np.ndarray]) -> None:
    """Show what a camera sees until the window is closed; `mark` makes of a photograph what is shown."""
    if run.screen is None:
        raise SampleError("--camera: there is no screen for the window that shows what the camera sees")
    import cv2

    for photo in camera_photos():
        marked = cv2.cvtColor(mark(photo), cv2.COLOR_RGB2BGR)
        run.screen.show("Camera", cv2.imencode(".png", marked)[1].tobytes())
        if not run.screen.is_open():
            return


def camera_photos() -> Iterator[np.ndarray]:
    """What the first camera sees, mirrored: uint8 (H, W, 3), one after the other."""
    import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # what is wrong is said below
    camera = cv2.VideoCapture(0)
    try:
        while True:
            works, frame = camera.read()
            if not works:
                raise SampleError("--camera: there is no camera, or it can't be used")
            yield frame[:, ::-1, ::-1].copy()  # OpenCV has blue first
    finally:
        camera.release()
