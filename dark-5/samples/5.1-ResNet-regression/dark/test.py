"""Measure the trained network on the test faces, or mark the faces in photographs or before a camera."""

import sys
from pathlib import Path
from typing import Annotated

from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # data.py, photos.py and pictures.py

from data import load
from evaluation import find_points, normalized_mean_error
from model import ResNet18
from photos import mark_camera, mark_files
from pictures import draw_faces


def test(
    run: Run,
    files: Annotated[list[Path], "Photographs to mark; without any, the test faces are measured."] = (),
    box: Annotated[tuple[int, int, int, int] | None, "The face: left, top, width, height in pixels."] = None,
    camera: Annotated[bool, "Mark the face before the camera, until the window is closed."] = False,
):
    model = ResNet18(outputs=2 * 68).to(run.device)
    model.load_state_dict(run.load()["model"])

    def find(images):
        return find_points(model, images, run.device)

    if camera:
        mark_camera(run, find)
        return
    if files:
        run.show({}, marked=mark_files(files, box, find))
        return

    faces = load(run.data, quick=run.quick, download=run.download)
    run.use(faces.source)
    found = find(faces.test_images)
    run.show(
        {"test_nme": normalized_mean_error(found, faces.test_points)},
        faces=draw_faces(faces, found),
    )


if __name__ == "__main__":
    main(__file__)
