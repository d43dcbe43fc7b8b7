"""Measure the trained network on the test pictures, or name what is on pictures from files."""

import sys
from pathlib import Path
from typing import Annotated

from dark.utils.data import DataLoader

from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # data.py and pictures.py

from data import load
from dataset import Pictures, testing
from evaluation import accuracy, probabilities
from model import ResNet9
from pictures import draw_predictions, name_files, read_pictures


def test(run: Run, files: Annotated[list[Path], "Pictures to name; without any, the test pictures."] = ()):
    weights = run.load()["model"]
    classes = len(weights["classifier.bias"])
    model = ResNet9(classes).to(run.device)
    model.load_state_dict(weights)

    if files:
        images = read_pictures(files)
        loader = DataLoader(Pictures(images, range(len(images)), testing), batch_size=200)
        run.show({}, files=name_files(files, images, probabilities(model, loader, run.device)))
        return

    pictures = load(run.data, classes, quick=run.quick, download=run.download)
    run.use(pictures.source)
    loader = DataLoader(Pictures(pictures.test_images, pictures.test_labels, testing), batch_size=200)
    run.show(
        {"test_accuracy": accuracy(model, loader, run.device)},
        predictions=draw_predictions(pictures, probabilities(model, loader, run.device)),
    )


if __name__ == "__main__":
    main(__file__)
