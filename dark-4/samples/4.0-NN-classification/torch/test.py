"""Measure the trained network on the test pictures and draw what it says of them."""

import sys
from pathlib import Path

from torch.utils.data import DataLoader

from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # data.py and pictures.py

from data import load
from dataset import Clothes
from evaluation import accuracy, predictions
from model import Network
from pictures import draw_predictions


def test(run: Run):
    clothes = load(run.data, quick=run.quick, download=run.download)
    run.use(clothes.source)
    loader = DataLoader(Clothes(clothes.test_images, clothes.test_labels), batch_size=500)

    model = Network().to(run.device)
    model.load_state_dict(run.load()["model"])
    run.show(
        {"test_accuracy": accuracy(model, loader, run.device)},
        predictions=draw_predictions(clothes, predictions(model, loader, run.device)),
    )


if __name__ == "__main__":
    main(__file__)
