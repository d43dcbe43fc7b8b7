"""Train a YOLO to find the faces in pictures."""

import sys
from pathlib import Path
from typing import Annotated

from dark.utils.data import DataLoader

from dark import manual_seed, optim, stack
from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # anchors.py, average_precision.py, data.py and pictures.py

from anchors import anchors_of
from average_precision import mean_average_precision
from data import load
from dataset import Scenes
from detection import detect
from loss import YOLOLoss
from model import YOLO
from pictures import ANIMATED, draw_curves, draw_detections, draw_frame

EPOCHS = 12
BATCH_SIZE = 32
LEARNING_RATE = 6e-3  # at its peak
LEAST_STEPS = 1000  # of the schedule; the learning rate rises for 30 % of them
FRAME_EVERY = 50  # steps
CLASSES = "1: faces; 2: bare heads and covered ones told apart, in drawn scenes."


def train(run: Run, classes: Annotated[int, CLASSES, range(1, 3)] = 1):
    run.train_for(EPOCHS)
    manual_seed(run.seed)

    scenes = load(run.data, quick=run.quick, download=run.download, classes=classes)
    run.use(scenes.source)
    some = scenes.validation._replace(images=scenes.validation.images[:ANIMATED])

    model = YOLO(anchors_of(scenes.train.boxes), len(scenes.classes))
    size = some.images.shape[1:3]
    # Batch norm wants many pictures: a small last batch is left out. Targets are computed on the CPU.
    train_set = Scenes(scenes.train, model.priors(*size))
    train_loader = DataLoader(train_set, BATCH_SIZE, shuffle=True, drop_last=True)
    priors = model.to(run.device).priors(*size)
    criterion = YOLOLoss()
    optimizer = optim.Adam(model.parameters(), lr=LEARNING_RATE)
    # The first steps are tiny: Adam divides by the size of the gradient, of which it has seen little.
    # A run of few steps is only the beginning of a longer schedule: its learning rate rises as slowly.
    steps = max(LEAST_STEPS, run.epochs * len(train_loader))
    scheduler = optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, steps, div_factor=10_000)
    run.keep(model=model, optimizer=optimizer, scheduler=scheduler)

    for _ in run.remaining_epochs():
        for step, (images, boxes, labels) in enumerate(run.steps(train_loader)):
            if step % FRAME_EVERY == 0:
                run.show_frame(lambda: draw_frame(some, detect(model, some.images, run.device)))
                model.train()
            answers = model(images.to(run.device))
            loss, parts = criterion(answers, boxes.to(run.device), labels.to(run.device), priors)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
            total, *numbers = stack([loss, *parts.values()]).tolist()  # a card is waited for once
            run.log_step(total, **{f"{name}_loss": x for name, x in zip(parts, numbers, strict=True)})
        found = detect(model, scenes.validation.images, run.device)
        precision = mean_average_precision(found, scenes.validation, len(scenes.classes))
        run.log_epoch(validation_map_50=precision.map50, validation_map=precision.map)
        run.write_pictures({"detections": draw_detections(scenes, scenes.validation, found)})

    run.show_frame(draw_frame(some, detect(model, some.images, run.device)))
    found = detect(model, scenes.test.images, run.device)
    precision = mean_average_precision(found, scenes.test, len(scenes.classes))
    run.metrics.update(test_map_50=precision.map50, test_map=precision.map)
    run.finish(
        detections=draw_detections(scenes, scenes.test, found),
        precision_recall=draw_curves(precision, scenes.classes),
    )


if __name__ == "__main__":
    main(__file__)
