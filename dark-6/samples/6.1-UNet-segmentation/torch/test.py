"""Measure the trained network on the test pictures, or cut the car out of pictures from files."""

import sys
from pathlib import Path
from typing import Annotated

from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # data.py, photos.py and pictures.py

from data import load
from evaluation import dice, find_mask, find_masks, iou
from model import UNet
from photos import cut_out
from pictures import draw_masks


def test(
    run: Run,
    files: Annotated[list[Path], "Pictures to cut the car out of; without any, the test pictures."] = (),
    size: Annotated[int, "Pixels of a picture's longer side, as the network sees it.", range(16, 1025)] = 64,
):
    model = UNet().to(run.device)
    model.load_state_dict(run.load()["best"])

    if files:
        cut_out(run, files, size, lambda photo, seen: find_mask(model, photo, seen, run.device))
        return

    cars = load(run.data, quick=run.quick, download=run.download)
    run.use(cars.source)
    found = find_masks(model, cars.test_images, run.device)
    run.show(
        {
            "test_dice": dice(found, cars.test_masks).mean().item(),
            "test_iou": iou(found, cars.test_masks).mean().item(),
        },
        masks=draw_masks(cars, found),
    )


if __name__ == "__main__":
    main(__file__)
