"""Train a UNet to cut cars out of pictures."""

import sys
from pathlib import Path

from torch import manual_seed, optim
from torch.utils.data import DataLoader

from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # data.py and pictures.py

from data import load
from dataset import Cars
from evaluation import dice, find_masks, iou, probabilities
from loss import SegmentationLoss
from model import UNet
from pictures import ANIMATED, draw_frame, draw_masks

EPOCHS = 3
BATCH_SIZE = 16
LEARNING_RATE = 1e-3  # at its peak
LEAST_STEPS = 600  # of the schedule; the learning rate rises for 30 % of them
FRAME_EVERY = 20  # steps


def train(run: Run):
    run.train_for(EPOCHS)
    manual_seed(run.seed)

    cars = load(run.data, quick=run.quick, download=run.download)
    run.use(cars.source)
    train_loader = DataLoader(Cars(cars.train_images, cars.train_masks), BATCH_SIZE, shuffle=True)
    few = cars.validation_images[:ANIMATED]

    model, best = UNet().to(run.device), UNet().to(run.device)
    criterion = SegmentationLoss()
    optimizer = optim.Adam(model.parameters(), lr=LEARNING_RATE)
    # The first steps are tiny: Adam divides by the size of the gradient, of which it has seen little.
    # Hence a quick run is the beginning of a longer one.
    steps = max(LEAST_STEPS, run.epochs * len(train_loader))
    scheduler = optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, steps, div_factor=10_000)
    run.keep(model=model, best=best, optimizer=optimizer, scheduler=scheduler)

    for _ in run.remaining_epochs():
        for step, (images, masks) in enumerate(run.steps(train_loader)):
            if step % FRAME_EVERY == 0:
                run.show_frame(lambda: draw_frame(few, probabilities(model, few, run.device)))
                model.train()
            loss = criterion(model(images.to(run.device)), masks.to(run.device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
            run.log_step(loss.item())
        found = find_masks(model, cars.validation_images, run.device)
        score = dice(found, cars.validation_masks).mean().item()
        if score >= max((epoch["validation_dice"] for epoch in run.history), default=0):
            best.load_state_dict(model.state_dict())
        run.log_epoch(
            validation_dice=score, validation_iou=iou(found, cars.validation_masks).mean().item()
        )
    run.show_frame(draw_frame(few, probabilities(best, few, run.device)))

    found = find_masks(best, cars.test_images, run.device)
    run.metrics.update(
        test_dice=dice(found, cars.test_masks).mean().item(),
        test_iou=iou(found, cars.test_masks).mean().item(),
    )
    run.finish(masks=draw_masks(cars, found))


if __name__ == "__main__":
    main(__file__)
