"""Measure the trained network on the points that were held out, and draw it."""

import sys
from pathlib import Path

from torch import tensor
from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # data.py and pictures.py

from data import load
from evaluation import errors, predictions
from model import Network
from pictures import draw_maps


def test(run: Run):
    data = load(run.data)
    run.use(data.source)
    points = tensor(data.test_points, device=run.device)
    heights = tensor(data.test_heights, device=run.device)

    model = Network().to(run.device)
    model.load_state_dict(run.load()["model"])
    run.show(errors(model, points, heights), maps=draw_maps(data, predictions(model, points)))


if __name__ == "__main__":
    main(__file__)
