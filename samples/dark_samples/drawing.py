"""What the programs `db/prepare.py` share: their options, drawing by every core, folders that are whole."""

import argparse
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

from .catalogue import SampleError
from .console import one_line, print_anything
from .files import replace_file


def command(
    description: str, work: Callable, *, folder: str, download: str, drawn: str, preview: str, **more
):
    """Call `work` with the options of the command line, whose help texts are given.

    `more` are options, each with its default, whose kind it has, and help text: `classes=(2, "so many")`. A
    mistake ends in one line and exit code 1.
    """
    parser = argparse.ArgumentParser(description=description)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--folder", type=Path, help=folder)
    source.add_argument("--download", action="store_true", help=download)
    source.add_argument("--drawn", action="store_true", help=drawn)
    parser.add_argument("--preview", type=Path, metavar="FILE.png", help=preview)
    for name, (default, text) in more.items():
        parser.add_argument(f"--{name}", type=type(default), default=default, help=text)
    options = parser.parse_args()
    print_anything()
    try:
        work(options)
    except (SampleError, OSError, ImportError) as error:
        sys.exit(f"prepare: {one_line(error)}")


def drawn_folder(
    name: Path, what: str, draw: Callable, whole: tuple[int, ...], part: tuple[int, ...], quick: bool
) -> Path:
    """The folder `name-1000-200` for `whole` = (1000, 200) items; it is drawn if it is not there.

    A quick run does with the `part`, the first of them all; it has a folder of its own unless the whole is
    there. `draw(folder, *counts)` writes so many items into an empty folder.
    """
    counts, folder = whole, place(name, whole)
    if quick and not folder.is_dir():
        counts, folder = part, place(name, part)
    if not folder.is_dir():
        print(f"Drawing {sum(counts):,} {what} into {folder} ...", flush=True)
        write_folder(folder, lambda unfinished: draw(unfinished, *counts))
    return folder


def place(name: Path, counts: tuple[int, ...]) -> Path:
    """Where so many items are kept."""
    return name.with_name("-".join([name.name, *map(str, counts)]))


def write_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """A folder with what `write(another)` puts into another one beside it: all of it, or no folder."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    private = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=".part", dir=folder.parent))
    unfinished = private / folder.name
    try:
        unfinished.mkdir()  # for all who may read the cache; `private` is for this user alone
        write(unfinished)
        try:
            os.rename(unfinished, folder)
        except OSError:
            if not folder.is_dir():  # else another process was faster; it wrote the same
                raise
    finally:
        shutil.rmtree(private, ignore_errors=True)


def in_parallel(program: Path, count: int, *arguments: str) -> bytes:
    """What `program *arguments START STOP` writes to its standard output for the items 0 to `count`.

    Every core works on a share of them. Each worker is a program of its own; one from `multiprocessing` would
    import the training script again, and PyTorch with it.
    """
    workers = os.cpu_count() or 1
    bounds = [count * i // workers for i in range(workers + 1)]
    with ThreadPoolExecutor(workers) as pool:
        return b"".join(pool.map(lambda bound: share(program, *bound, *arguments), pairwise(bounds)))


def share(program: Path, start: int, stop: int, *arguments: str) -> bytes:
    """What one worker writes."""
    command = [sys.executable, str(program), *arguments, str(start), str(stop)]
    done = subprocess.run(command, capture_output=True)
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        raise SampleError(f"{program.name} failed: {lines[-1]}")
    return done.stdout


def need_opencv(what: str) -> None:
    """An error, before any work is done, where OpenCV is not installed."""
    if importlib.util.find_spec("cv2") is None:
        raise SampleError(f"drawing {what} needs OpenCV: pip install opencv-python-headless")


def write_png(path: Path, image, times: int = 1) -> None:
    """Write a uint8 array, (H, W) or (H, W, 3), as a picture `times` as large."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(image.repeat(times, axis=0).repeat(times, axis=1)).save(file, "PNG")
    replace_file(path, file.getvalue())
