"""Walk along 2x² + 5 and let backward find the derivative at every point."""

import sys
from pathlib import Path

from dark import tensor
from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # pictures.py

from pictures import draw

POINTS = [i / 8 for i in range(-24, 25)]  # -3, -2.875, ..., 3: eighths, which floats hold exactly


def function(x):
    return 2 * x**2 + 5


def train(run: Run):
    run.train_for(1)
    run.use("points from -3 to 3, an eighth apart")

    for _ in run.remaining_epochs():
        values, slopes = [], []
        for point in run.steps(POINTS):
            x = tensor(point, requires_grad=True)
            y = function(x)
            y.backward()
            run.log_step(y.item(), gradient=x.grad.item())
            values.append(y.item())
            slopes.append(x.grad.item())

        run.log_epoch(
            largest_error_of_values=max(abs(y - function(x)) for x, y in zip(POINTS, values)),
            largest_error_of_slopes=max(abs(slope - 4 * x) for x, slope in zip(POINTS, slopes)),
        )

    run.finish(curve=False, derivative=draw(POINTS, values, slopes))


if __name__ == "__main__":
    main(__file__)
