"""Draw the figures of lesson 0; their derivatives are those that Dark computes: python dark-0/docs/draw.py"""

import io
import math
from pathlib import Path

import numpy as np

import dark
from dark_samples.animation import encoded
from dark_samples.pictures import BLUE, GREEN, GREY, GRID, INK, ORANGE, RED, VIOLET, as_png, figure, write

FOLDER = Path(__file__).parent


def parabola(x):
    """The function of samples 1.0 and 1.1."""
    return 2 * x * x + 5


def gradient(f, *point):
    """The value of `f` and its exact derivatives."""
    inputs = [dark.tensor(float(x), dtype=dark.float64, requires_grad=True) for x in point]
    value = f(*inputs)
    return value.item(), [g.item() for g in dark.autograd.grad(value, inputs)]


def descend(f, start, rate, steps):
    """The points that gradient descent visits, `start` first."""
    points = [list(start)]
    for _ in range(steps):
        _, slopes = gradient(f, *points[-1])
        points.append([x - rate * g for x, g in zip(points[-1], slopes)])
    return np.array(points)


def draw_slope():
    """Secants that turn into the tangent, and what a microscope shows."""
    card = figure(8, 3.4)
    left, right = card.subplots(1, 2, width_ratios=[1.25, 1])

    x = np.linspace(0.5, 5.5, 200)
    _, (slope,) = gradient(parabola, 3)
    left.plot(x, parabola(x), color=INK)
    for h, colour in ((2, GREY), (1, BLUE)):
        rise = (parabola(3 + h) - parabola(3)) / h
        left.axline((3, 23), slope=rise, color=colour, linewidth=1.2)
        left.plot(3 + h, parabola(3 + h), "o", color=colour, label=f"h = {h}: slope {rise:.0f}")
    left.axline((3, 23), slope=slope, color=ORANGE, label=f"h → 0: slope {slope:.0f}")
    left.plot(3, 23, "o", color=ORANGE)
    left.set(xlim=(0.5, 5.5), ylim=(0, 62.5), xlabel="x", title="2x² + 5, and lines through (3, 23)")
    left.legend(loc="upper left")

    x = np.linspace(2.9, 3.1, 50)
    right.plot(x, parabola(x), color=INK, linewidth=4, label="2x² + 5")
    right.axline((3, 23), slope=slope, color=ORANGE, label="$23 + 12 (x - 3)$")
    right.plot(3, 23, "o", color=ORANGE)
    right.set(xlim=(2.9, 3.1), ylim=(21.75, 24.25), xlabel="x", title="the same, 25 times closer")
    right.legend(loc="upper left")
    return card


def draw_error():
    """The error of numeric derivatives over h: first it falls with h, then round-off takes over."""
    card = figure(8, 3.8)
    axes = card.subplots()

    def error(kind, forward, h):
        x, h = kind(1.5), h.astype(kind)
        if forward:
            numeric = ((x + h) ** 3 - x**3) / h
        else:
            numeric = ((x + h) ** 3 - (x - h) ** 3) / (2 * h)
        return np.abs(numeric.astype(np.float64) - 6.75)

    wide, narrow = np.logspace(-15.3, -0.7, 500), np.logspace(-6.6, -0.7, 200)
    curves = [
        ("central, float32", np.float32, False, narrow, GREY, (2e-6, 2.5)),
        ("one-sided", np.float64, True, wide, BLUE, (4e-8, 4e-4)),
        ("central", np.float64, False, wide, ORANGE, (2e-3, 2e-7)),
    ]
    for name, kind, forward, h, colour, where in curves:
        e = error(kind, forward, h)
        axes.loglog(h[e > 0], e[e > 0], color=colour, linewidth=1.1)
        axes.annotate(name, where, color=colour, fontweight="bold")
    axes.annotate("round-off: the smaller h,\nthe fewer digits are left", (3e-15, 2e-9), color=INK)
    axes.annotate("the curve bends:\na smaller h helps", (1e-3, 3e-11), color=INK)
    axes.set(xlabel="h", ylabel="error", ylim=(2e-13, 60), title="Numeric derivatives of x³ at 1.5")
    axes.grid(alpha=0.6)
    return card


def draw_chain():
    """The neuron as a chain: values on the way forward, slopes and their products on the way back."""
    card = figure(8, 3.3)
    axes = card.subplots()
    axes.set(xlim=(-0.2, 10.2), ylim=(-1.3, 3.2))
    axes.axis("off")
    p = math.tanh(-1)
    r, bend = p - 0.6, 1 - p * p
    _, grads = gradient(lambda w, b: (dark.tanh(w * 0.5 + b) - 0.6) ** 2, 2.0, -2.0)
    boxes = [
        ("$w$", 2.0, 0.7, 2.2, grads[0]),
        ("$b$", -2.0, 0.7, 0.2, grads[1]),
        ("$u = 0.5 w + b$", -1.0, 3.1, 1.2, 2 * r * bend),
        ("$p = $tanh$\\,u$", p, 5.5, 1.2, 2 * r),
        ("$r = p - 0.6$", r, 7.55, 1.2, 2 * r),
        ("$L = r^2$", r * r, 9.5, 1.2, 1.0),
    ]
    for name, value, x, y, back in boxes:
        card_box = {"boxstyle": "round,pad=0.45", "facecolor": "white", "edgecolor": INK}
        axes.text(x, y, f"{name}\n${value:.4g}$", ha="center", va="center", bbox=card_box, fontsize=10.5)
        axes.text(x, y - 0.72, f"$\\mathbf{{{back:.4g}}}$", ha="center", va="center", color=ORANGE)
    arrows = [
        ((0.93, 2.15), (2.35, 1.45), "0.5", (1.75, 2.1)),
        ((0.95, 0.25), (2.35, 0.95), "1", (1.75, 0.3)),
        ((3.85, 1.2), (4.9, 1.2), f"$1 - p^2 = {bend:.3f}$", (4.35, 1.9)),
        ((6.1, 1.2), (6.9, 1.2), "1", (6.5, 1.9)),
        ((8.2, 1.2), (9.08, 1.2), f"$2r = {2 * r:.4g}$", (8.65, 1.9)),
    ]
    for start, end, slope, where in arrows:
        axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": INK})
        axes.text(*where, slope, ha="center", va="center", color=BLUE)
    axes.text(5, 3.0, "forward: values in the boxes, a slope at each arrow", ha="center", color=BLUE)
    axes.annotate("", (2.6, -0.55), (9.5, -0.55), arrowprops={"arrowstyle": "-|>", "color": ORANGE})
    text = "back: dL/d(box) = that of the next box · the slope between them"
    axes.text(6, -1.1, text, ha="center", color=ORANGE)
    return card


def bowl(x, y):
    """The function of two variables of the article."""
    return x * x + 3 * y * y


def draw_directions():
    """The gradient on the map of x² + 3y², and how much a step rises in each direction."""
    card = figure(8, 3.6)
    left, right = card.subplots(1, 2, width_ratios=[1.1, 1])
    value, slopes = gradient(bowl, 2, 1)
    length, angle = math.hypot(*slopes), math.degrees(math.atan2(slopes[1], slopes[0]))

    x, y = np.meshgrid(np.linspace(-1.2, 4.2, 100), np.linspace(-1.3, 2.6, 100))
    left.contour(x, y, bowl(x, y), levels=[0.5, 2, 4, 7, 11, 16, 22], colors=GRID, linewidths=1.2)
    left.contour(x, y, bowl(x, y), levels=[value], colors=GREY, linewidths=1.6)
    steepest = np.array(slopes) / length
    arrow = {"arrowstyle": "-|>", "linewidth": 2.2, "mutation_scale": 16, "shrinkA": 0, "shrinkB": 0}
    below = {"xytext": (0, -4), "textcoords": "offset points", "ha": "center", "va": "top"}
    beside = {"xytext": (6, -4), "textcoords": "offset points"}
    for direction, colour, name, place in (
        (steepest, ORANGE, "gradient", beside),
        (-steepest, BLUE, "against it", below),
    ):
        end = np.array([2, 1]) + 1.3 * direction
        left.annotate("", end, (2, 1), arrowprops=arrow | {"color": colour})
        left.annotate(name, end, **place, color=colour, fontweight="bold")
    left.plot(2, 1, "o", color=INK)
    left.plot(0, 0, "+", color=INK, markersize=9)
    left.set(aspect="equal", xlabel="x", ylabel="y", title="contours of x² + 3y²")

    step, angles = 0.01, np.linspace(-180, 180, 73)
    towards = np.radians(angles)
    rise = bowl(2 + step * np.cos(towards), 1 + step * np.sin(towards)) - value
    right.plot(angles, rise, ".", color=INK, label="measured")
    cosine = step * length * np.cos(towards - math.radians(angle))
    right.plot(angles, cosine, color=GREY, label="0.01 · |∇f| · cos")
    right.plot(angle, step * length, "o", color=ORANGE, markersize=9)
    right.plot(angle - 180, -step * length, "o", color=BLUE, markersize=9)
    right.set(ylim=(-0.085, 0.12), xlabel="direction of the step in degrees")
    right.set(title="rise of a step of 0.01 from (2, 1)")
    right.set_xticks([-180, -90, 0, 90, 180])
    right.grid(alpha=0.6)
    right.legend(loc="upper left")
    return card


def draw_descent(steps):
    """Gradient descent on the parabola with three learning rates, after so many steps."""
    card = figure(8, 2.9)
    x = np.linspace(-8.5, 8.5, 200)
    for axes, rate in zip(card.subplots(1, 3, sharey=True), (0.1, 0.4, 0.52)):
        path = descend(lambda x: parabola(x), [4.0], rate, steps)[:, 0]
        axes.plot(x, parabola(x), color=GREY, linewidth=1.2)
        axes.plot(path, parabola(path), "o-", color=BLUE, markersize=3.5, linewidth=0.8)
        axes.plot(path[-1], parabola(path[-1]), "o", color=ORANGE, markersize=8)
        axes.set(xlim=(-8.5, 8.5), ylim=(0, 165), xlabel="x", title=f"learning rate {rate}")
        axes.text(0, 152, f"step {steps}: $x = {path[-1]:.3f}$", ha="center", fontsize=10)
    return card


def write_animation(path):
    """`draw_descent` step by step, as a GIF."""
    from PIL import Image

    pictures = [Image.open(io.BytesIO(as_png(draw_descent(n), widest=800))).convert("RGB") for n in range(10)]
    path.write_bytes(encoded(pictures, 64, 800))


def draw_trouble():
    """What can go wrong besides too large a step."""
    card = figure(8, 6)
    (valley, flat), (wells, kink) = card.subplots(2, 2)

    def narrow(x, y):
        return x * x + 25 * y * y

    x, y = np.meshgrid(np.linspace(-1, 6, 120), np.linspace(-1.3, 1.3, 120))
    valley.contour(x, y, narrow(x, y), levels=[1, 4, 9, 16, 25, 36], colors=GRID, linewidths=1.2)
    path = descend(narrow, [5.0, 1.0], 0.037, 24)
    valley.plot(*path.T, "o-", color=BLUE, markersize=3, linewidth=1)
    valley.plot(0, 0, "+", color=INK, markersize=9)
    valley.set(title="narrow valley: x² + 25y²", xlabel="x", ylabel="y")

    x = np.linspace(-1, 9, 300)
    values = [gradient(lambda u: (dark.tanh(u) + 0.5) ** 2, u) for u in x]
    flat.plot(x, [value for value, _ in values], color=GREY, label="(tanh x + 0.5)²")
    flat.plot(x, [slope for _, (slope,) in values], color=RED, linewidth=1.2, label="its slope")
    path = descend(lambda u: (dark.tanh(u) + 0.5) ** 2, [6.0], 0.5, 100)[:, 0]
    flat.plot(path, (np.tanh(path) + 0.5) ** 2, "o", color=BLUE, markersize=6, label="100 steps from 6")
    flat.set(title="flat: nearly no slope, no step", xlabel="x")
    flat.legend(loc="center right")

    def double(x):
        return x * x * x * x - 3 * x * x + x

    x = np.linspace(-2.1, 2.05, 200)
    wells.plot(x, double(x), color=GREY)
    for start, colour in ((2.0, BLUE), (-2.0, GREEN)):
        path = descend(double, [start], 0.02, 60)[:, 0]
        wells.plot(path, double(path), "o-", color=colour, markersize=3.5, linewidth=0.8)
        wells.plot(path[-1], double(path[-1]), "o", color=ORANGE, markersize=8)
    wells.set(title="two minima: $x^4 - 3x^2 + x$", xlabel="x", ylim=(-4, 7.5))

    path = descend(abs, [1.0], 0.3, 12)[:, 0]
    kink.plot(path, "o-", color=BLUE, label="learning rate 0.3")
    points = [1.0]
    for n in range(1, 13):
        points += descend(abs, points[-1:], 0.5 / n, 1)[-1].tolist()
    kink.plot(points, "o-", color=VIOLET, markersize=4, linewidth=1.2, label="0.5 / n at step n")
    kink.axhline(0, color=GREY, linewidth=1)
    kink.set(title="kink: the slope of |x| stays 1", xlabel="step", ylabel="x", xticks=range(0, 13, 2))
    kink.legend()
    return card


def main():
    """Write all of them beside this script."""
    for name, draw in {
        "slope": draw_slope, "error": draw_error, "chain": draw_chain, "directions": draw_directions,
        "trouble": draw_trouble,
    }.items():  # fmt: skip
        write(draw(), FOLDER / f"{name}.svg")
    write_animation(FOLDER / "descent.gif")


if __name__ == "__main__":
    main()
