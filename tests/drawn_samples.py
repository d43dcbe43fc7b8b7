"""For tests: samples whose data are drawn where there are no photographs, on an empty machine."""  # beyond

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from dark.vision.datasets import DrawnCars, DrawnFaces, DrawnScenes
from dark_samples import drawing

LESSONS = Path(__file__).parent.parent


class Sample(NamedTuple):
    """What differs between these samples."""

    folder: Path
    what: str  # is drawn
    drawn: type  # the data set
    options: dict  # that it takes
    counts: tuple[int, ...]  # to draw of every part, and for a quick run
    few: tuple[int, ...]
    arrays: tuple[str, ...]  # the files of a part
    record: bytes  # an item as `draw.py` may write it
    preview: tuple[int, int]  # its size
    modules: tuple[str, ...] = ("data", "db.prepare", "db")

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts."""
        return ("train", "test") if len(self.counts) == 2 else ("train", "validation", "test")

    @property
    def files(self) -> list[str]:
        """The names of all files in the cache."""
        return [f"{part}-{array}.npy" for part in self.parts for array in self.arrays]


ONE_FACE = np.int64(1).tobytes() + np.float32([8, 8, 40, 40]).tobytes() + np.int64(0).tobytes()
SAMPLES = {
    "5.1": Sample(
        LESSONS / "dark-5/samples/5.1-ResNet-regression", "faces", DrawnFaces, {}, (12, 6), (6, 3),
        ("images", "points"), b"\1" * (96 * 96 * 3 + 68 * 2 * 4), (10 * 2 * 96, 6 * 2 * 96),
    ),
    "6.1": Sample(
        LESSONS / "dark-6/samples/6.1-UNet-segmentation", "cars", DrawnCars, {}, (12, 6, 5), (6, 3, 2),
        ("images", "masks"), b"\1" * (64 * 64 * 4), (12 * 2 * 64, 4 * 2 * 2 * 64),
    ),
    "7.0": Sample(
        LESSONS / "dark-7/samples/7.0-YOLOv3-detection", "scenes", DrawnScenes, {"classes": 2},
        (12, 6, 5), (6, 3, 2), ("images", "counts", "boxes", "labels"), ONE_FACE + b"\1" * (128 * 128 * 3),
        (10 * 128, 6 * 128), ("data", "db.prepare", "db.photographs", "db.parts", "db"),
    ),
}  # fmt: skip


def empty_machine(sample: Sample, monkeypatch, tmp_path) -> Iterator:
    """`data` and `prepare` of a sample, with an empty cache and few items to draw, and the test's folder."""
    for name in sample.modules:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(sample.folder)
    data, prepare = (importlib.import_module(name) for name in ("data", "db.prepare"))
    monkeypatch.setenv("DARK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(prepare, "DRAWN", sample.counts)
    monkeypatch.setattr(prepare, "QUICK", sample.few)
    monkeypatch.setattr(drawing.os, "cpu_count", lambda: 1)
    yield data, prepare, tmp_path
    for name in sample.modules:
        sys.modules.pop(name, None)


def draw_nothing(sample: Sample, monkeypatch) -> None:
    """Let items take no time: all are the same."""
    monkeypatch.setattr(drawing.importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(drawing, "share", lambda _, start, stop, part: sample.record * (stop - start))


def need_opencv() -> None:
    """Skip a test that really draws."""
    pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to draw with")
