"""The pictures of this sample: the paths on the two functions, and how the values fall."""

import numpy as np
from dark_samples.pictures import BLUE, GREEN, INK, ORANGE, RED, new_figure

COLORS = (BLUE, GREEN, ORANGE, RED)
WAYS = {  # what a learning rate does
    "parabola 0.02": "crawls", "parabola 0.1": "arrives", "parabola 0.45": "overshoots",
    "parabola 0.51": "climbs out", "valley 0.002": "crawls", "valley 0.01": "follows the bed",
    "valley 0.02": "bounces, and is first",
}  # fmt: skip
MINIMA = {"parabola": 5, "valley": 0}


def draw_paths(on_parabola, in_valley, steps):
    """A panel for each walker, with the way it has come: the parabola above, the valley below."""
    figure = new_figure(6.66, 4.9)
    figure.suptitle("the start" if steps == 0 else f"step {steps}", fontsize=11)
    above, below = figure.subfigures(2, 1, height_ratios=(1, 1.15))
    for part, walkers, draw in ((above, on_parabola, draw_parabola), (below, in_valley, draw_valley)):
        for axes, walker, color in zip(part.subplots(1, len(walkers)), walkers, COLORS):
            draw(axes, walker.function)
            path = np.array(walker.path).T
            points = path if len(path) == 2 else [path[0], walker.function(path[0])]
            axes.plot(*points, ".-", color=color, linewidth=0.9, markersize=4)
            axes.plot(*[x[-1:] for x in points], "o", color=color, markersize=8, markeredgecolor="white")
            axes.set_title(f"{walker.learning_rate}: {WAYS[walker.name]}", fontsize=9, color=color)
            axes.tick_params(labelsize=7)
    return figure


def draw_parabola(axes, function):
    """The curve, as far as the panel goes."""
    x = np.linspace(-3.5, 3.5, 101)
    axes.plot(x, function(x), color=INK, linewidth=0.8)
    axes.set(xlim=(-3.5, 3.5), ylim=(3, 30), xticks=(-2, 0, 2), yticks=(5, 15, 25))


def draw_valley(axes, function):
    """Lines of equal value, closer where it is steep, and the minimum."""
    x, y = np.meshgrid(np.linspace(-1.6, 1.6, 81), np.linspace(-0.4, 2, 61))
    axes.contour(x, y, function(x, y), levels=[0.1, 0.4, 1, 2, 4, 8, 16, 32], colors=INK, linewidths=0.4)
    axes.plot(1, 1, "+", color=INK)
    axes.set(xticks=(-1, 0, 1), yticks=(0, 1, 2))


def draw_values(on_parabola, in_valley):
    """How far every walker's value is above the minimum, step by step, on a logarithmic scale."""
    figure = new_figure(8.4, 3.6)
    for axes, walkers in zip(figure.subplots(1, 2), (on_parabola, in_valley)):
        name = walkers[0].function.__name__
        for walker, color in zip(walkers, COLORS):
            above = np.array(walker.values) - MINIMA[name]
            above[above <= 0] = np.nan  # a logarithm has no place for the minimum itself
            axes.plot(above, color=color, label=f"{walker.learning_rate}: {WAYS[walker.name]}")
        axes.set(yscale="log", xlabel="step", title=f"{name}: value above the minimum")
        axes.grid()
    figure.axes[0].set(xlim=(0, 60), ylim=(1e-7, 1e8))
    figure.axes[0].legend(fontsize=9, loc="upper right")
    figure.axes[1].legend(fontsize=9, loc="lower left")
    return figure
