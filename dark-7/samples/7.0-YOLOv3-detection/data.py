"""Scenes and the boxes of the faces in them as NumPy arrays, the same for both versions of the sample."""

from pathlib import Path
from typing import NamedTuple

from db.parts import Part
from db.prepare import CLASSES, find, read


class Scenes(NamedTuple):
    """Pictures with boxes in three parts, where they are from, and the names of the labels."""

    source: str
    classes: tuple[str, ...]
    train: Part
    validation: Part
    test: Part


def load(folder: Path | None = None, *, quick=False, download=False, drawn=False, classes=1) -> Scenes:
    """Photographs of WIDER FACE or MTFL in `folder` or in the cache, else drawn scenes.

    `quick` takes 200, 50 and 50 of them, `download` allows fetching WIDER FACE, `drawn` asks for drawn
    scenes; `db/README.md` tells the order. `classes=2` tells bare heads from covered ones, which only drawn
    scenes can. Missing files raise FileNotFoundError, damaged ones SampleError.
    """
    found = find(folder, download=download, drawn=drawn, quick=quick, classes=classes)
    parts = read(found, quick, classes)
    return Scenes(found.source + (", a small part" if quick else ""), CLASSES[classes], *parts)
