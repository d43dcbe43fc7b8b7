"""Draw the figures of lesson 3, from what Dark computes: python dark-3/docs/draw.py"""

import math
from pathlib import Path

import numpy as np

import dark
from dark import nn, optim
from dark_samples.pictures import BLUE, GREEN, GREY, GRID, INK, ORANGE, RED, VIOLET, figure, write

FOLDER = Path(__file__).parent


# The tree of a network


def draw_tree():
    """A network with a list: which parameters a walk finds, and under which names."""
    card = figure(8, 4.2)
    axes = card.subplots()
    axes.set(xlim=(0, 10), ylim=(-0.6, 8.4))
    axes.axis("off")

    def box(x, y, text, colour):
        frame = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": colour}
        axes.text(x, y, text, ha="center", va="center", color=colour, bbox=frame, fontsize=10, zorder=3)

    def branch(start, end, name, found=True):
        middle = (start[0] + end[0]) / 2 + 0.1
        style = {"color": INK if found else RED, "linestyle": "-" if found else (0, (2, 2)), "linewidth": 1.2}
        axes.plot([start[0], end[0]], [start[1], end[1]], zorder=1, **style)
        height = (start[1] + end[1]) / 2
        paper = {"facecolor": card.get_facecolor(), "edgecolor": "none", "pad": 1}
        axes.text(
            middle, height, name, ha="center", va="center", fontsize=9.5, color=style["color"], bbox=paper
        )

    root, held = (0.7, 4), (3.0, 4)
    layers = [((3.0, 7.2), "first", root), ((5.2, 5.0), "0", held), ((5.2, 2.9), "1", held)]
    layers.append(((3.0, 0.7), "out", root))
    branch(root, held, "hidden", found=False)
    for place, name, parent in layers:
        found = parent is root
        branch(parent, place, name, found)
        path = name if found else f"hidden.{name}"
        for shift, leaf in ((0.45, "weight"), (-0.45, "bias")):
            end = (7.2, place[1] + shift)
            branch(place, end, leaf, found)
            text = f"{path}.{leaf}" if found else "not found"
            colour = BLUE if found else RED
            axes.text(end[0] + 0.1, end[1], text, va="center", color=colour, fontsize=10.5)
        box(*place, "Linear", INK if found else RED)
    box(*root, "Deep", INK)
    box(*held, "list", RED)
    axes.text(7.3, 8.2, "names of the parameters", color=BLUE, fontsize=10, va="center")
    return card


# What happens to a signal in twenty layers


def through_layers(init, layers=20, width=256):
    """The root mean square of the signal after each layer of ReLU, and of the gradient before each."""
    dark.manual_seed(0)
    x = dark.randn(200, width, requires_grad=True)
    signals = [x]
    for _ in range(layers):
        layer = nn.Linear(width, width, bias=False).requires_grad_(False)
        init(layer.weight)
        signals.append(layer(signals[-1]).relu())
    gradients = dark.autograd.grad(signals[-1], signals, dark.randn(200, width))
    size = lambda t: t.detach().square().mean().sqrt().item()
    return [size(s) for s in signals], [size(g) for g in gradients]


def draw_signal():
    """Signal and gradient over the layers, for four sizes of the weights."""
    card = figure(8, 3.8)
    left, right = card.subplots(1, 2, sharey=True)
    inits = [
        ("std 0.2", RED, lambda w: nn.init.normal_(w, std=0.2)),
        ("Kaiming: std 0.088", GREEN, lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu")),
        ("default: std 0.036", ORANGE, lambda w: None),
        ("std 0.01", BLUE, lambda w: nn.init.normal_(w, std=0.01)),
    ]
    for name, colour, init in inits:
        signal, gradient = through_layers(init)
        left.semilogy(signal, "o-", color=colour, markersize=3, label=name)
        right.semilogy(gradient, "o-", color=colour, markersize=3)
    left.set(xlabel="after layer", ylabel="root mean square", title="the signal")
    right.set(xlabel="after layer", title="the gradient, from right to left")
    left.legend(loc="lower left", fontsize=9)
    for axes in (left, right):
        axes.set(xticks=range(0, 21, 5), ylim=(1e-20, 1e9))
        axes.grid(alpha=0.6)
    return card


# Paths over a narrow valley


def valley(x, y):
    """The function of the article."""
    return (x**2 + 100 * y**2) / 2


def path(make, steps=60):
    """The points an optimizer visits from (10, 1)."""
    p = dark.tensor([10.0, 1.0], requires_grad=True)
    optimizer = make([p])
    points = [p.tolist()]
    for _ in range(steps):
        optimizer.zero_grad()
        valley(p[0], p[1]).backward()
        optimizer.step()
        points.append(p.tolist())
    return np.array(points)


def draw_valley():
    """Four ways through the valley, sixty steps each."""
    card = figure(8, 4.4)
    panels = [
        ("SGD, lr 0.005", BLUE, lambda params: optim.SGD(params, lr=0.005)),
        ("SGD, lr 0.0195", RED, lambda params: optim.SGD(params, lr=0.0195)),
        ("SGD, lr 0.01, momentum 0.9", GREEN, lambda params: optim.SGD(params, lr=0.01, momentum=0.9)),
        ("Adam, lr 0.5", VIOLET, lambda params: optim.Adam(params, lr=0.5)),
    ]
    x, y = np.linspace(-4, 11, 90), np.linspace(-1.3, 1.3, 60)
    grid = np.meshgrid(x, y)
    for axes, (name, colour, make) in zip(card.subplots(2, 2, sharex=True, sharey=True).flat, panels):
        levels = [0.5, 2, 6, 12, 20, 30, 45, 65, 90]
        axes.contour(*grid, valley(*grid), levels=levels, colors=GRID, linewidths=1)
        points = path(make)
        axes.plot(*points.T, "o-", color=colour, markersize=3, linewidth=1)
        axes.plot(10, 1, "o", color=INK, markersize=5)
        axes.plot(0, 0, "+", color=INK, markersize=9)
        axes.set(title=f"{name}: f = {valley(*points[-1]):.2g}", xticks=(0, 5, 10), yticks=(-1, 0, 1))
        axes.set(xlabel="x", ylabel="y, stretched")
        axes.label_outer()
    return card


# Adam's corrections


def first_step(g, early, lr=1.0, beta1=0.9, beta2=0.999, eps=1e-8):
    """The first step of Adam, with eps added before the correction of v or after it."""
    m, v = (1 - beta1) * g, (1 - beta2) * g * g
    if early:
        return lr * math.sqrt(1 - beta2) / (1 - beta1) * m / (np.sqrt(v) + eps)
    return lr * (m / (1 - beta1)) / (np.sqrt(v / (1 - beta2)) + eps)


def adam_steps(gradients, lr=1.0):
    """The lengths of the steps that Dark's Adam takes along these gradients."""
    p = dark.zeros((), dtype=dark.float64, requires_grad=True)
    optimizer, places = optim.Adam([p], lr=lr), [0.0]
    for g in gradients:
        p.grad = dark.tensor(float(g), dtype=dark.float64)
        optimizer.step()
        places.append(p.item())
    return -np.diff(places)


def draw_adam():
    """The steps with and without bias correction, and the first step over the size of the gradient."""
    card = figure(8, 3.4)
    left, right = card.subplots(1, 2)
    t = np.arange(1, 101)
    left.plot(t, (1 - 0.9**t) / np.sqrt(1 - 0.999**t), color=ORANGE, label="without correction")
    left.plot(t, adam_steps([2.0] * 100), color=BLUE, label="with correction")
    left.set(ylim=(0, 7), xlabel="step", ylabel="length / lr", title="steps along a constant gradient")

    g = np.logspace(-12, 0, 200)
    right.loglog(g, first_step(g, early=True), color=ORANGE, label="eps added early")
    right.loglog(g, first_step(g, early=False), color=GREY, label="the paper's formula")
    sizes = np.logspace(-12, 0, 13)
    first = [adam_steps([size])[0] for size in sizes]
    right.loglog(sizes, first, "o", color=BLUE, markersize=4, label="Dark's Adam")
    right.set(xlabel="size of the gradient", ylabel="length / lr", title="the first step", ylim=(1e-7, 3))
    left.legend(loc="upper right", fontsize=9)
    right.legend(loc="lower right", fontsize=9)
    for axes in (left, right):
        axes.grid(alpha=0.6)
    return card


if __name__ == "__main__":
    for name, draw in [
        ("tree", draw_tree), ("signal", draw_signal), ("valley", draw_valley), ("adam", draw_adam),
    ]:  # fmt: skip
        write(draw(), FOLDER / f"{name}.svg")
