"""Train a ResNet to find the 68 points of a face."""

import sys
from pathlib import Path

from dark.utils.data import DataLoader

from dark import manual_seed, nn, optim
from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # augmentation.py, data.py and pictures.py

from data import load
from dataset import UNIT, Faces
from evaluation import find_points, normalized_mean_error
from model import ResNet18
from pictures import ANIMATED, draw_faces, draw_frame

EPOCHS = 12
BATCH_SIZE = 32
LEARNING_RATE = 1e-3  # at its peak
LEAST_STEPS = 1000  # of the schedule; the learning rate rises for 30 % of them
FRAME_EVERY = 50  # steps


def train(run: Run):
    run.train_for(EPOCHS)
    manual_seed(run.seed)

    faces = load(run.data, quick=run.quick, download=run.download)
    run.use(faces.source)
    train_set = Faces(faces.train_images, faces.train_points, augment=True)
    # A last batch of one picture could not be normalised.
    train_loader = DataLoader(train_set, BATCH_SIZE, shuffle=True, drop_last=True)
    few = faces.test_images[:ANIMATED]

    model = ResNet18(outputs=2 * 68).to(run.device)
    criterion = nn.SmoothL1Loss(beta=1 / UNIT)  # errors count as they are, squared where below a pixel
    optimizer = optim.Adam(model.parameters(), lr=LEARNING_RATE)
    # The first steps are tiny: Adam divides by the size of the gradient, of which it has seen little.
    # Hence a quick run is the beginning of a longer one.
    steps = max(LEAST_STEPS, run.epochs * len(train_loader))
    scheduler = optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, steps, div_factor=10_000)
    run.keep(model=model, optimizer=optimizer, scheduler=scheduler)

    for _ in run.remaining_epochs():
        for step, (images, points) in enumerate(run.steps(train_loader)):
            if step % FRAME_EVERY == 0:
                run.show_frame(lambda: draw_frame(faces, find_points(model, few, run.device)))
                model.train()
            loss = criterion(model(images.to(run.device)), points.to(run.device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
            run.log_step(loss.item())
        found = find_points(model, faces.test_images, run.device)
        run.log_epoch(test_nme=normalized_mean_error(found, faces.test_points))

    found = find_points(model, faces.test_images, run.device)
    run.show_frame(draw_frame(faces, found))
    run.finish(faces=draw_faces(faces, found))


if __name__ == "__main__":
    main(__file__)
