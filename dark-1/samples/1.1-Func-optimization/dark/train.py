"""Gradient descent: walk against the gradient to the minimum of a parabola, and of a curved valley."""

import sys
from functools import partial
from pathlib import Path

from dark import no_grad, tensor
from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # pictures.py

from pictures import draw_paths, draw_values

EPOCHS = 40
STEPS = 10  # of an epoch


def parabola(x):
    return 2 * x**2 + 5


def valley(x, y):
    return (1 - x) ** 2 + 10 * (y - x**2) ** 2


class Walker:
    """A point on its way downhill, with a learning rate of its own."""

    def __init__(self, function, start, learning_rate):
        self.function, self.learning_rate = function, learning_rate
        self.name = f"{function.__name__} {learning_rate}"
        self.point = [tensor(x, requires_grad=True) for x in start]
        self.path, self.values = [start], []

    def step(self):
        value = self.function(*self.point)
        value.backward()
        with no_grad():
            for x in self.point:
                x -= self.learning_rate * x.grad
                x.grad = None  # else the next backward would add to it
        self.path.append([x.item() for x in self.point])
        self.values.append(value.item())


def train(run: Run):
    run.train_for(EPOCHS)
    run.use("two functions")

    on_parabola = [Walker(parabola, [2.5], rate) for rate in (0.02, 0.1, 0.45, 0.51)]
    in_valley = [Walker(valley, [-1.25, 1.5], rate) for rate in (0.002, 0.01, 0.02)]
    walkers = [*on_parabola, *in_valley]

    for epoch in run.remaining_epochs():
        for step in run.steps(range(STEPS)):
            if epoch <= 2 or step == 0:  # the first steps are the longest
                run.show_frame(partial(draw_paths, on_parabola, in_valley, len(run.losses)))
            for walker in walkers:
                walker.step()
            numbers = {walker.name: walker.values[-1] for walker in walkers}
            run.log_step(on_parabola[1].values[-1], **numbers)
        run.log_epoch(**{walker.name: walker.values[-1] for walker in in_valley})

    run.show_frame(partial(draw_paths, on_parabola, in_valley, len(run.losses)))
    run.finish(curve=False, values=draw_values(on_parabola, in_valley))


if __name__ == "__main__":
    main(__file__)
