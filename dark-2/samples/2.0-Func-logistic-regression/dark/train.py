"""Learn to tell two classes of points apart: logistic regression, with tensors and nothing else."""

import sys
from pathlib import Path

from dark import manual_seed, no_grad, randperm, tensor, zeros
from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # data.py and pictures.py

from data import load
from model import FEATURES, loss_of, probabilities, scores
from pictures import draw_boundary, draw_surface, grid

EPOCHS = 50
BATCH_SIZE = 50
LEARNING_RATE = 0.5


def train(run: Run):
    run.train_for(EPOCHS)
    manual_seed(run.seed)

    data = load(run.data)
    run.use(data.source)
    points, labels = tensor(data.train_points), tensor(data.train_labels)
    test_points, test_labels = tensor(data.test_points), tensor(data.test_labels)
    grid_points = tensor(grid(data))  # where the pictures show the probability

    mean, variance = points.mean(dim=0), points.var(dim=0)  # (2,), stretched over all points below
    points, test_points, grid_points = [
        (x - mean) / variance.sqrt() for x in (points, test_points, grid_points)
    ]

    weight = zeros(FEATURES, requires_grad=True)
    bias = zeros((), requires_grad=True)
    surface = probabilities(grid_points, weight, bias).tolist()
    run.show_frame(draw_surface(data, surface, "before the first step"))

    for epoch in run.remaining_epochs():
        for batch in run.steps(randperm(len(points)).split(BATCH_SIZE)):
            loss = loss_of(scores(points[batch], weight, bias), labels[batch])
            loss.backward()
            run.log_step(loss.item(), gradient=weight.grad.norm().item())
            with no_grad():
                for parameter in (weight, bias):
                    parameter -= LEARNING_RATE * parameter.grad
                    parameter.grad.zero_()  # else the next backward would add to it

        with no_grad():
            test_scores = scores(test_points, weight, bias)
            test_loss = loss_of(test_scores, test_labels).item()
            accuracy = ((test_scores > 0) == (test_labels > 0.5)).double().mean().item()
            surface = probabilities(grid_points, weight, bias).tolist()
        run.log_epoch(test_loss=test_loss, test_accuracy=accuracy)
        run.show_frame(draw_surface(data, surface, f"epoch {epoch}: {accuracy:.1%} of the held-out points"))

    run.finish(boundary=draw_boundary(data, surface))


if __name__ == "__main__":
    main(__file__)
