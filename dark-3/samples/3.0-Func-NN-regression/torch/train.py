"""Train a network to be sin(√(x² + y²))."""

import sys
from functools import partial
from pathlib import Path

from torch import manual_seed, nn, optim, tensor
from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # data.py and pictures.py

from data import load
from evaluation import errors, predictions
from model import Network
from pictures import draw_frame, draw_maps

EPOCHS = 50
STEPS = 30  # in an epoch; every step takes all points, which are few
LEARNING_RATE = 0.03
MOMENTUM = 0.9


def train(run: Run):
    run.train_for(EPOCHS)
    manual_seed(run.seed)

    data = load(run.data)
    run.use(data.source)
    points = tensor(data.train_points, device=run.device)  # (N, 2)
    heights = tensor(data.train_heights, device=run.device)  # (N,)
    test_points = tensor(data.test_points, device=run.device)
    test_heights = tensor(data.test_heights, device=run.device)

    model = Network().to(run.device)
    criterion = nn.MSELoss()
    optimizer = optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)
    run.keep(model=model, optimizer=optimizer)

    for epoch in run.remaining_epochs():
        for step in run.steps(range(STEPS)):
            if epoch == 1 and step % 3 == 0:  # when the surface moves most
                run.show_frame(partial(draw_frame, data, predictions(model, points), f"network, step {step}"))
            model.train()
            loss = criterion(model(points), heights)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            run.log_step(loss.item())
        run.log_epoch(**errors(model, test_points, test_heights))
        run.show_frame(partial(draw_frame, data, predictions(model, points), f"network, epoch {epoch}"))

    run.finish(maps=draw_maps(data, predictions(model, test_points)))


if __name__ == "__main__":
    main(__file__)
