"""Learn to tell two classes of points apart: logistic regression, with tensors and nothing else."""

import sys
from functools import partial
from pathlib import Path

from dark import manual_seed, no_grad, randperm, tensor, zeros
from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # data.py and pictures.py

from data import load
from model import FEATURES, loss_of, probabilities, scores
from pictures import draw_boundary, draw_surface, grid

EPOCHS = 40
BATCH_SIZE = 50
LEARNING_RATE = 1.0


def train(run: Run):
    run.train_for(EPOCHS)
    manual_seed(run.seed)

    data = load(run.data)
    run.use(data.source)
    points = tensor(data.train_points, device=run.device)  # (N, 2)
    labels = tensor(data.train_labels, device=run.device)  # (N,)
    test_points = tensor(data.test_points, device=run.device)
    test_labels = tensor(data.test_labels, device=run.device)
    grid_points = tensor(grid(data), device=run.device)  # where the pictures show the probability

    mean, variance = points.mean(dim=0), points.var(dim=0)  # (2,), stretched over all points below
    points, test_points, grid_points = [
        (x - mean) / variance.sqrt() for x in (points, test_points, grid_points)
    ]

    weight = zeros(FEATURES, device=run.device, requires_grad=True)
    bias = zeros((), device=run.device, requires_grad=True)

    @no_grad()
    def surface():
        return probabilities(grid_points, weight, bias).tolist()

    @no_grad()
    def measure():
        score = scores(test_points, weight, bias)
        hits = (score > 0) == (test_labels > 0.5)
        return {"test_loss": loss_of(score, test_labels).item(), "test_accuracy": hits.double().mean().item()}

    for epoch in run.remaining_epochs():
        for batch in run.steps(randperm(len(points)).to(run.device).split(BATCH_SIZE)):
            if epoch == 1:  # when the sheet moves most
                run.show_frame(partial(draw_surface, data, surface(), f"step {len(run.losses)}"))
            loss = loss_of(scores(points[batch], weight, bias), labels[batch])
            loss.backward()
            run.log_step(loss.item(), gradient=(weight.grad**2).sum().item())
            with no_grad():
                for parameter in (weight, bias):
                    parameter -= LEARNING_RATE * parameter.grad
                    parameter.grad.zero_()  # else the next backward would add to it

        run.log_epoch(**measure())
        run.show_frame(partial(draw_surface, data, surface(), f"epoch {epoch}"))

    run.finish(boundary=draw_boundary(data, surface()))


if __name__ == "__main__":
    main(__file__)
