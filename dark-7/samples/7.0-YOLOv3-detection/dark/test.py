"""Measure the trained network on the test pictures, or mark the faces in photographs or before a camera."""

import sys
from pathlib import Path
from typing import Annotated

from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # average_precision.py, data.py, photos.py and pictures.py

from average_precision import mean_average_precision
from data import CLASSES, load
from detection import detect, detect_in
from model import YOLO
from photos import mark_camera, mark_files
from pictures import draw_curves, draw_detections


def test(
    run: Run,
    files: Annotated[list[Path], "Photographs, or folders with some, to mark; without any, measure."] = (),
    size: Annotated[int, "Pixels of a photo's longer side, as the network sees it.", range(16, 2049)] = 128,
    score: Annotated[float, "Least score of what is marked, 0 to 1.", range(2)] = 0.5,
    camera: Annotated[bool, "Mark the faces before the camera, until the window is closed."] = False,
):
    weights = run.load()["model"]
    classes = len(weights["fine_head.bias"]) // 3 - 5
    model = YOLO(weights["anchors"].tolist(), classes).to(run.device)
    model.load_state_dict(weights)

    def find(photo):
        return detect_in(model, photo, size, run.device, score)

    if camera:
        mark_camera(run, CLASSES[classes], find)
        return
    if files:
        mark_files(run, files, CLASSES[classes], find)
        return

    scenes = load(run.data, quick=run.quick, download=run.download, classes=classes)
    run.use(scenes.source)
    found = detect(model, scenes.test.images, run.device)
    precision = mean_average_precision(found, scenes.test, classes)
    run.show(
        {"test_map_50": precision.map50, "test_map": precision.map},
        detections=draw_detections(scenes, scenes.test, found),
        precision_recall=draw_curves(precision, scenes.classes),
    )


if __name__ == "__main__":
    main(__file__)
