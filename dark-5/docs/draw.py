"""Draw the figures of the article: python dark-5/docs/draw.py"""

import contextlib
import io
import re
from pathlib import Path

import numpy as np
from matplotlib.patches import FancyArrowPatch, Rectangle
from numpy.lib.stride_tricks import sliding_window_view

import dark
from dark import nn, optim
from dark.nn import functional as F
from dark_samples.pictures import BLUE, GREEN, GREY, GRID, INK, ORANGE, PAPER, RED, VIOLET, figure, write

HERE = Path(__file__).parent
WINDOWS = [BLUE, ORANGE, GREEN, VIOLET]


def canvas(width, height, xlim, ylim):
    """A figure with one drawing in it, a unit of which is the same in both directions, y downwards."""
    card = figure(width, height)
    axis = card.subplots()
    axis.set_axis_off()
    axis.set_aspect("equal")
    axis.set(xlim=xlim, ylim=ylim[::-1])
    return card, axis


def box(axis, x, y, text="", color=GREY, size=1.0, ink=PAPER, fontsize=10, **options):
    """A square with its upper left corner at (x, y), and a text in it."""
    patch = Rectangle((x, y), size, size, facecolor=color, edgecolor=PAPER, linewidth=1.2, **options)
    axis.add_patch(patch)
    axis.text(x + size / 2, y + size / 2, text, ha="center", va="center", color=ink, fontsize=fontsize)


def grid(axis, x, y, texts, colors, size=1.0, **options):
    """Squares for a table of texts; `colors` is one for all, or a table."""
    for i, row in enumerate(texts):
        for j, text in enumerate(row):
            color = colors if isinstance(colors, str) else colors[i][j]
            box(axis, x + j * size, y + i * size, text, color, size, **options)


def frame(axis, x, y, width, height, color=INK, **options):
    """The outline of a window."""
    options = {"linewidth": 2.2} | options
    axis.add_patch(Rectangle((x, y), width, height, facecolor="none", edgecolor=color, **options))


def arrow(axis, start, end, color=INK, **options):
    """An arrow from one point to another."""
    axis.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=12, color=color, **options))


def im2col():
    """The windows of a small picture as columns of a matrix, and how often each pixel is copied."""
    numbers = np.arange(16).reshape(4, 4)
    columns = sliding_window_view(numbers, (3, 3)).reshape(4, 9).T
    copies = np.bincount(columns.ravel()).reshape(4, 4)

    card, axis = canvas(9, 4.1, (-0.3, 26.2), (-1.2, 10.3))
    axis.text(0, -0.5, "picture", fontweight="bold")
    seen = [[BLUE if i < 3 and j < 3 else GREY for j in range(4)] for i in range(4)]
    grid(axis, 0, 0, numbers.astype(str), seen)
    frame(axis, 1, 1, 3, 3, INK, linestyle=(0, (3, 1.5)))
    axis.text(0, 5.7, "copied … times", fontweight="bold")
    shades = {1: GREY, 2: ORANGE, 4: RED}
    grid(axis, 0, 6.2, copies.astype(str), [[shades[n] for n in row] for row in copies])

    axis.text(6, 3.7, "filter", fontweight="bold")
    grid(axis, 6, 4.2, [[f"$w_{t}$" for t in range(9)]], INK)
    axis.text(15.5, 4.7, "·", ha="center", va="center", fontsize=20)
    axis.text(16, -0.5, "windows", fontweight="bold")
    grid(axis, 16, 0, columns.astype(str), [WINDOWS] * 9)
    axis.text(20.9, 4.7, "=", ha="center", va="center", fontsize=15)
    axis.text(21.8, 3.7, "results", fontweight="bold")
    grid(axis, 21.8, 4.2, [[f"$y_{t}$" for t in range(4)]], [WINDOWS])
    arrow(axis, (4.2, 0.5), (15.8, 0.5), BLUE)
    write(card, HERE / "im2col.svg")


def gradients():
    """Which numbers make a result, a pixel's gradient and a weight's, for a 3×3 filter on 5×5 pixels."""
    card, axis = canvas(9, 4.9, (-0.9, 26.8), (-1.1, 13))
    weights = [[f"$w_{{{i}{j}}}$" for j in range(3)] for i in range(3)]
    g = [[f"$g_{{{i}{j}}}$" for j in range(3)] for i in range(3)]

    def panel(x, title, words):
        axis.text(x, -0.6, title, fontweight="bold")
        axis.text(x, 11.2, words, fontsize=9, va="top", linespacing=1.4)
        grid(axis, x, 0, [[""] * 5] * 5, GRID)
        grid(axis, x + 1, 7.5, [[""] * 3] * 3, GRID)

    def letters(x, above, below):
        axis.text(x - 0.3, 2.5, above, ha="right", va="center", fontsize=10)
        axis.text(x + 0.7, 9, below, ha="right", va="center", fontsize=10)

    panel(0, "forward", "a result: the nine pixels of its\nwindow, each times a weight")
    letters(0, "$x$", "$y$")
    grid(axis, 2, 1, weights, BLUE, fontsize=9)
    box(axis, 3, 8.5, "$y_{12}$", ORANGE, fontsize=9)
    arrow(axis, (3.5, 4.2), (3.5, 8.4))

    panel(9.9, "gradient of a pixel", "the nine results that saw it, each\ntimes the weight it saw it with")
    letters(9.9, r"$\frac{\partial L}{\partial x}$", "$g$")
    box(axis, 11.9, 2, "", ORANGE)
    grid(axis, 10.9, 7.5, [row[::-1] for row in weights[::-1]], BLUE, fontsize=9)
    arrow(axis, (12.4, 7.4), (12.4, 3.2))

    panel(19.8, "gradient of a weight", "the nine pixels that it met, each\ntimes the gradient of the result")
    letters(19.8, "$x$", r"$\frac{\partial L}{\partial w}$")
    grid(axis, 20.8, 0, g, BLUE, fontsize=9)
    box(axis, 21.8, 7.5, "$w_{01}$", ORANGE, fontsize=9)
    arrow(axis, (22.3, 3.2), (22.3, 7.4))
    write(card, HERE / "gradients.svg")


def from_article(name):
    """The functions of the article's block that defines this one."""
    text = (HERE.parent / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    block = next(block for block in blocks if re.search(rf"^(class|def) {name}\b", block, re.MULTILINE))
    space = dict(globals())  # with what the article has imported, too
    with contextlib.redirect_stdout(io.StringIO()):
        exec(block, space)
    return space


def winograd():
    """A tile of pixels, its values at the points, the filter's, their products, and the results."""
    at, g, bt = from_article("winograd_matrices")["winograd_matrices"]([0, 1, -1, 2, -2], 4, 3)
    down, across = np.mgrid[:10, :14]
    picture = np.exp(-(((np.hypot(down - 4.5, across - 5.5) - 3) / 0.9) ** 2)) * 0.85 + 0.15
    picture[[0, -1]] = picture[:, [0, -1]] = 0  # the padding
    weight = np.array([[1.0, 2, 1], [0, 0, 0], [-1, -2, -1]]) / 4
    tile = picture[:6, 4:10]
    pixels, filter_ = bt @ tile @ bt.T, g @ weight @ g.T
    results = at @ (pixels * filter_) @ at.T

    card, axis = canvas(9, 4.4, (-0.5, 46), (-1, 20.5))

    def show(values, x, y, text, color=INK):
        height, width = values.shape
        lowest = -1 if values.min() < 0 else 0
        shades = np.sign(values) * np.sqrt(abs(values) / abs(values).max())  # so that small ones show
        axis.imshow(shades, cmap="RdBu_r" if lowest else "gray", vmin=lowest, vmax=1,
                    extent=(x, x + width, y + height, y), interpolation="none")  # fmt: skip
        for i in range(height + 1):
            axis.plot([x, x + width], [y + i, y + i], color=PAPER, linewidth=0.5)
        for j in range(width + 1):
            axis.plot([x + j, x + j], [y, y + height], color=PAPER, linewidth=0.5)
        frame(axis, x, y, width, height, color)
        axis.text(x + width / 2, y + height + 0.6, text, ha="center", va="top", fontsize=9, linespacing=1.4)

    show(picture, 0, 0, "picture with padding; the results of a\ntile of 4 x 4 depend on 6 x 6 pixels", PAPER)
    for x in (1, 5, 9):
        for y in (1, 5):
            frame(axis, x, y, 4, 4, GREY, linewidth=1)
    frame(axis, 0, 0, 6, 6, BLUE, linestyle=(0, (3, 1.5)))
    frame(axis, 4, 0, 6, 6, ORANGE)
    show(weight, 6, 15, "filter")
    show(pixels, 18, 0, r"$B^\top x\,B$", ORANGE)
    show(filter_, 18, 12, r"$G\,w\,G^\top$")
    show(pixels * filter_, 29, 6, "36 products")
    show(results, 41, 7, "4 x 4 results", ORANGE)
    arrow(axis, (10.4, 3), (17.6, 3), ORANGE)
    arrow(axis, (9.4, 16.5), (17.6, 15.4))
    axis.text(21, 10, "·", ha="center", va="center", fontsize=20)
    arrow(axis, (24.6, 4), (28.5, 7.6))
    arrow(axis, (24.6, 14), (28.5, 10.4))
    arrow(axis, (35.5, 9), (40.5, 9))
    axis.text(38, 8.2, r"$A^\top\cdots A$", ha="center", fontsize=9)
    axis.set(xlim=(-0.5, 46), ylim=(20.5, -1))  # again: imshow sets its own
    write(card, HERE / "winograd.svg")


def pooling():
    """Overlapping windows, their largest pixels, and the gradient on its way back."""
    pixels = [[1.0, 3, 2, 0, 4], [5, 0, 1, 2, 9], [2, 1, 8, 3, 0], [0, 4, 1, 6, 2], [3, 1, 0, 8, 1]]
    x = dark.tensor(pixels, requires_grad=True)
    y = F.max_pool2d(x[None], 3, stride=2)[0]
    g = dark.tensor([[1.0, 2], [3, 4]])
    y.backward(g)
    whole = lambda t: t.detach().numpy().astype(int).astype(str)

    card, axis = canvas(9, 2.5, (-0.3, 27), (-1, 5.3))
    axis.text(0, -0.6, "pixels", fontweight="bold")
    won = [[GRID] * 5 for _ in range(5)]
    won[2][2], won[1][4] = INK, ORANGE
    inks = [[INK if color == GRID else PAPER for color in row] for row in won]
    for i, row in enumerate(whole(x)):
        for j, text in enumerate(row):
            box(axis, j, i, text, won[i][j], ink=inks[i][j])
    corners = [(0, 0), (2, 0), (0, 2), (2, 2)]
    for color, (left, top) in zip(WINDOWS, corners):
        shift = 0.12
        frame(axis, left + shift, top + shift, 3 - 2 * shift, 3 - 2 * shift, color)
    arrow(axis, (5.3, 2.5), (7.4, 2.5))
    axis.text(7.7, 0.4, "largest", fontweight="bold")
    grid(axis, 7.7, 1.5, whole(y), [WINDOWS[:2], WINDOWS[2:]], size=1.2)
    axis.text(14, 0.4, "their gradient", fontweight="bold")
    grid(axis, 14, 1.5, whole(g), [WINDOWS[:2], WINDOWS[2:]], size=1.2)
    arrow(axis, (16.8, 2.5), (19.3, 2.5))
    axis.text(19.7, -0.6, "gradient of the pixels", fontweight="bold")
    grid(axis, 19.7, 0, np.where(whole(x.grad) == "0", "", whole(x.grad)), won)
    write(card, HERE / "pooling.svg")


def batch_norm():
    """What reaches one unit's ReLU over a training, with and without batch norm."""
    draw = from_article("Deep")["draw"]
    card = figure(9, 3.2)
    axes = card.subplots(1, 2, sharey=True)
    for axis, norm in zip(axes, (False, True)):
        dark.manual_seed(0)
        layers, inputs = [], 64
        for _ in range(5):
            linear = nn.Linear(inputs, 32)
            nn.init.kaiming_normal_(linear.weight, nonlinearity="relu")
            layers += [linear, *([nn.BatchNorm1d(32)] if norm else []), nn.ReLU()]
            inputs = 32
        model = nn.Sequential(nn.Flatten(), *layers, nn.Linear(32, 2)).double()
        optimizer = optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
        fixed, bands = draw(200)[0], []
        for _ in range(200):
            with dark.no_grad():
                values = model[:-2](fixed).numpy()[:, 3]  # what one unit's ReLU gets
            bands.append(np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95]))
            pictures, labels = draw(32)
            loss = F.cross_entropy(model(pictures), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        low, first, middle, third, high = np.array(bands).T
        steps = range(len(bands))
        axis.fill_between(steps, low, high, color=BLUE, alpha=0.2, linewidth=0)
        axis.fill_between(steps, first, third, color=BLUE, alpha=0.35, linewidth=0)
        axis.plot(steps, middle, color=BLUE)
        axis.set(xlabel="step", title="with batch norm" if norm else "without batch norm")
        axis.grid()
    write(card, HERE / "batch_norm.svg")


def depth():
    """The gradients of 24 layers, and how the loss falls, with and without batch norm and skips."""
    space = from_article("Deep")
    card = figure(9, 3.5)
    left, right = card.subplots(1, 2)
    kinds = [
        ("plain", GREY, False, False),
        ("skips", RED, False, True),
        ("batch norm", ORANGE, True, False),
        ("batch norm and skips", BLUE, True, True),
    ]
    for name, color, norm, skip in kinds:
        (found,) = space["gradients"](norm, skip)
        lengths = [g.square().sum().sqrt().item() for g in found]
        left.semilogy(range(1, 25), lengths, "o-", color=color, markersize=3, label=name)
        if norm or not skip:  # skips alone begin with a loss far above the others
            losses = space["losses"](norm, skip)
            means = np.convolve(losses, np.ones(5) / 5, mode="valid")
            right.plot(range(5, len(losses) + 1), means, color=color)
    left.set(xlabel="layer", title="length of the gradient", xticks=[1, 6, 12, 18, 24])
    left.legend(fontsize=9)
    right.set(xlabel="step", title="loss, mean of 5 steps", ylim=(0, None))
    for axis in (left, right):
        axis.grid()
    write(card, HERE / "depth.svg")


def launches():
    """Two time lines: many small kernels and one large one, with what the program and the card do."""
    card, axis = canvas(9, 3.7, (-4.6, 31), (-1.3, 12.4))

    def bar(start, length, y, text="", color=BLUE):
        patch = Rectangle((start, y), length, 1.4, facecolor=color, edgecolor=PAPER, linewidth=1.2)
        axis.add_patch(patch)
        axis.text(start + length / 2, y + 0.7, text, ha="center", va="center", color=PAPER, fontsize=9)

    def lines(y, title):
        axis.text(-4.5, y - 0.5, title, fontweight="bold")
        for row, name in (y, "program"), (y + 2.3, "card"):
            axis.text(-0.4, row + 0.7, name, ha="right", va="center")
            axis.plot([0, 29.4], [row + 0.7] * 2, color=GRID, linewidth=1.2, zorder=0)

    lines(0, "many small kernels")
    for i in range(9):
        bar(3.2 * i, 3.2, 0, "launch")
        arrow(axis, (3.2 * i + 3.1, 1.4), (3.2 * i + 3.3, 2.3), GREY)
        bar(3.2 * i + 3.3, 0.55, 2.3, color=ORANGE)
    lines(6.4, "a large kernel, and a small one behind it")
    bar(0, 3.2, 6.4, "launch")
    bar(3.2, 3.2, 6.4, "launch")
    bar(6.4, 22.3, 6.4, "item(): waits", GREY)
    arrow(axis, (3.1, 7.8), (3.3, 8.7), GREY)
    bar(3.3, 24.6, 8.7, "kernel", ORANGE)
    bar(27.9, 0.55, 8.7, color=ORANGE)
    arrow(axis, (28.3, 8.7), (28.6, 7.8), GREY)
    arrow(axis, (0, 11.4), (29.4, 11.4), GREY)
    axis.text(29.7, 11.4, "time", va="center")
    write(card, HERE / "launches.svg")


def threads():
    """Max pooling of a small picture with two channels: blocks for rows of results, threads, addresses."""
    card, axis = canvas(9, 4.6, (-0.3, 27.5), (-1.1, 13.2))
    axis.text(0, -0.5, "picture, 8 by 8", fontweight="bold")
    grid(axis, 0, 0, [[""] * 8] * 8, GRID)
    for row in range(4):
        for column in range(4):
            frame(axis, 2 * column + 0.1, 2 * row + 0.1, 1.8, 1.8, WINDOWS[row])
    arrow(axis, (8.3, 4), (10, 4))
    axis.text(10.4, 0.8, "results, 4 by 4", fontweight="bold")
    for row in range(4):
        grid(axis, 10.4, 1.4 + 1.3 * row, [[""] * 4], WINDOWS[row], size=1.3)
        text = f"block {row}" + (", oy = 1" if row == 1 else "")
        axis.text(15.8, 2.05 + 1.3 * row, text, va="center", color=WINDOWS[row], fontsize=10)
    arrow(axis, (19.5, 3.35), (20.7, 3.35), ORANGE)
    axis.text(20.9, -0.5, "its threads", fontweight="bold")
    for i in range(8):
        box(axis, 20.9, 0.2 + i * 0.95, str(i), ORANGE, 0.95, fontsize=9)
        axis.text(22.2, 0.68 + i * 0.95, f"ox = {i // 2}, c = {i % 2}", va="center", fontsize=9)

    text = "row 2 of the picture in memory, and which thread reads what first"
    axis.text(0, 9.6, text, fontweight="bold")
    size = 1.55
    for i in range(16):
        color = ORANGE if i // 2 % 2 == 0 else GRID
        ink = PAPER if color == ORANGE else INK
        box(axis, i * size, 11.1, f"c = {i % 2}", color, size, ink, 8)
        if color == ORANGE:
            text = f"thread {i // 4 * 2 + i % 2}"
            axis.text((i + 0.5) * size, 10.85, text, ha="center", va="bottom", fontsize=6.5)
    for pixel in range(8):
        axis.text((2 * pixel + 1) * size, 13.05, f"pixel {pixel}", ha="center", va="center", fontsize=8)
    write(card, HERE / "threads.svg")


if __name__ == "__main__":
    im2col()
    gradients()
    winograd()
    pooling()
    batch_norm()
    depth()
    launches()
    threads()
