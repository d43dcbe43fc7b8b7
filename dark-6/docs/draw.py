"""Draw the figures of the article: python dark-6/docs/draw.py"""

import contextlib
import io
import re
from pathlib import Path

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import FancyArrowPatch, Rectangle

import dark
from dark import nn
from dark.nn import functional as F
from dark_samples.pictures import BLUE, GREEN, GREY, GRID, INK, ORANGE, PAPER, RED, VIOLET, figure, write

HERE = Path(__file__).parent
SENDERS = [BLUE, ORANGE, GREEN, VIOLET, RED]


def from_article(*names):
    """The names of the article's blocks that define these, run in this order."""
    text = (HERE.parent / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    blocks = [block for block in blocks if "import torch" not in block]
    space = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(next(block for block in blocks if "import dark" in block), space)
        for name in names:
            pattern = rf"^(class |def |){name}\b"
            exec(next(block for block in blocks if re.search(pattern, block, re.MULTILINE)), space)
    return space


def canvas(axis, xlim, ylim):
    """An axis to draw on, a unit of which is the same in both directions, y downwards."""
    axis.set_axis_off()
    axis.set_aspect("equal")
    axis.set(xlim=xlim, ylim=ylim[::-1])
    return axis


def box(axis, x, y, text="", color=GREY, ink=PAPER, fontsize=10):
    """A square with its upper left corner at (x, y), and a text in it."""
    axis.add_patch(Rectangle((x, y), 1, 1, facecolor=color, edgecolor=PAPER, linewidth=1.2))
    axis.text(x + 0.5, y + 0.5, text, ha="center", va="center", color=ink, fontsize=fontsize)


def arrow(axis, start, end, color=INK, **options):
    """An arrow from one point to another."""
    options = {"mutation_scale": 9, "linewidth": 1.4, "shrinkA": 1, "shrinkB": 1} | options
    axis.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", color=color, **options))


def reach():
    """A convolution of stride 2 and its matrix, and the same transposed."""
    card = figure(9, 4.6)
    axis = canvas(card.subplots(), (-0.6, 24.5), (-1, 11.8))
    many, few = [1.4 * i for i in range(7)], [1.4 * (2 * i + 1) for i in range(3)]
    weights = ["1", "2", "3"]

    axis.text(0, -0.6, "convolution: seven numbers become three", fontweight="bold")
    axis.text(0, 5.1, "transposed: three become seven", fontweight="bold")
    for j, x in enumerate(many):
        box(axis, x, 0, f"$x_{j}$")
        reached = [i for i in range(3) if 2 * i <= j <= 2 * i + 2]
        for n, i in enumerate(reached):  # a stripe for each number that it comes from
            width = 1 / len(reached)
            axis.add_patch(Rectangle((x + n * width, 9.2), width, 1, facecolor=SENDERS[i], edgecolor=PAPER))
        terms = "+".join(f"{weights[j - 2 * i].strip('1')}$x_{i}$" for i in reached)
        axis.text(x + 0.5, 10.9, terms, ha="center", va="center", fontsize=7.5)
    for i, x in enumerate(few):
        box(axis, x, 3.2, f"$y_{i}$", SENDERS[i])
        box(axis, x, 5.8, f"$x_{i}$", SENDERS[i])
        for u in range(3):
            other = many[2 * i + u] + 0.5
            arrow(axis, (other + (1 - u) * 0.12, 1), (x + 0.5 + (u - 1) * 0.3, 3.2), SENDERS[i])
            arrow(axis, (x + 0.5 + (u - 1) * 0.3, 6.8), (other + (1 - u) * 0.12, 9.2), SENDERS[i])

    def matrix(left, top, rows, columns, entry):
        for i in range(rows):
            for j in range(columns):
                sender, u = entry(i, j)
                inside = 0 <= u < 3
                color = SENDERS[sender] if inside else GRID
                box(axis, left + j, top + i, weights[u] if inside else "0", color, PAPER if inside else GREY)

    axis.text(13.9, 2, "$M =$", ha="right", va="center", fontsize=12)
    matrix(14.3, 0.5, 3, 7, lambda i, j: (i, j - 2 * i))
    axis.text(13.9, 8, r"$M^\top =$", ha="right", va="center", fontsize=12)
    matrix(14.3, 4.5, 7, 3, lambda i, j: (j, i - 2 * j))
    axis.text(18.1, 8, "each row: one result,\neach column: what one\nnumber reaches", va="center",
              fontsize=9, linespacing=1.5)  # fmt: skip
    write(card, HERE / "reach.svg")


def checkerboard():
    """Three ways to twice the size: what reaches where, and what three layers of them make of noise."""
    convolution = lambda: nn.Conv2d(16, 16, 3, padding=1)
    kernels = {
        "transposed, kernel 3": (3, lambda: [nn.ConvTranspose2d(16, 16, 3, 2, 1, output_padding=1)]),
        "transposed, kernel 4": (4, lambda: [nn.ConvTranspose2d(16, 16, 4, 2, 1)]),
        "repeated, and a convolution": (0, lambda: [nn.Upsample(scale_factor=2), convolution()]),
    }
    dark.manual_seed(4)
    noise = F.interpolate(dark.randn(1, 16, 3, 3), size=4, mode="bilinear")

    card = figure(9, 7.4)
    axes = card.subplots(3, 3, gridspec_kw={"height_ratios": [1.7, 2.4, 2.4]})
    for column, (name, (kernel, layer)) in zip(axes.T, kernels.items()):
        canvas(column[0], (-0.2, 10.2), (-1.2, 6.6)).set_title(name, fontsize=11)
        (transposed if kernel else repeated)(column[0], kernel)
        for axis, equal in zip(column[1:], (True, False)):
            dark.manual_seed(3)
            picture = equal_network(layer) if equal else random_network(layer)
            with dark.no_grad():
                shown = picture(dark.ones(1, 16, 4, 4) if equal else noise)[0].permute(1, 2, 0).numpy()
            if equal:
                shown = shown[..., 0]
                limits = {"cmap": "gray", "vmin": 0, "vmax": shown.max() * 1.1}
            else:
                low, high = np.quantile(shown, [0.02, 0.98], axis=(0, 1))
                shown, limits = ((shown - low) / (high - low)).clip(0, 1), {}
            axis.imshow(shown, interpolation="none", **limits)
            axis.set(xticks=[], yticks=[])
            for spine in axis.spines.values():
                spine.set(visible=True, color=GREY, linewidth=0.8)
    axes[0, 0].text(-0.8, 4.1, "weights\nper place", fontsize=9, ha="right", va="center")
    axes[1, 0].set_ylabel("three layers,\nall weights equal,\nof a grey area", fontsize=9)
    axes[2, 0].set_ylabel("three layers,\nrandom weights,\nof smooth noise", fontsize=9)
    write(card, HERE / "checkerboard.svg")


def transposed(axis, kernel):
    """Five numbers, the places that they reach, and how many reach each."""
    places = 10 if kernel == 4 else 9
    shift = 0 if kernel == 4 else 0.5
    counts = np.zeros(places, int)
    for i, color in enumerate(SENDERS):
        sender = 2 * i + shift + (0.5 if kernel == 4 else 0)
        box(axis, sender, 0, "", color)
        for u in range(kernel):
            place = 2 * i + u - 1
            if 0 <= place < places:
                counts[place] += 1
                arrow(axis, (sender + 0.5, 1), (place + shift + 0.5, 3.6), color, linewidth=1.1)
    for place, count in enumerate(counts):
        box(axis, place + shift, 3.6, str(count), {1: GREY, 2: INK}[count])


def repeated(axis, _):
    """Five numbers, each of them twice, and the three of these that each place sees."""
    for i, color in enumerate(SENDERS):
        box(axis, 2 * i + 0.5, 0, "", color)
        for place in (2 * i, 2 * i + 1):
            arrow(axis, (2 * i + 1, 1), (place + 0.5, 2.1), color, linewidth=1.1)
            box(axis, place, 2.1, "", color)
            for other in (place - 1, place, place + 1):
                if 0 <= other < 10:
                    ends = (place + 0.5, 3.1), (other + 0.5, 4.6)
                    arrow(axis, *ends, color, linewidth=0.8, mutation_scale=6)
    for place in range(10):
        box(axis, place, 4.6, "2" if place in (0, 9) else "3", GREY if place in (0, 9) else INK)


def equal_network(layer):
    """Three layers whose weights are all the same."""
    model = nn.Sequential(*(part for _ in range(3) for part in layer()))
    for parameter in model.parameters():
        nn.init.constant_(parameter, 0 if parameter.ndim == 1 else 1)
    return model


def random_network(layer):
    """Three layers, each with batch norm and ReLU, and a 1x1 convolution to three colours."""
    parts = [[*layer(), nn.BatchNorm2d(16), nn.ReLU()] for _ in range(3)]
    model = nn.Sequential(*(part for group in parts for part in group), nn.Conv2d(16, 3, 1))
    for part in model:
        if isinstance(part, (nn.ConvTranspose2d, nn.Conv2d)):
            nn.init.normal_(part.weight, 0, 0.1)
    return model


def unet():
    """The network of the article, and what it finds with and without skips."""
    space = from_article("Hourglass")
    models = {}
    for name in "Hourglass", "UNet":
        dark.manual_seed(0)
        models[name] = space[name]().double()
        for _ in range(3):
            space["train"](models[name])
    dark.manual_seed(5)
    with dark.no_grad():
        pictures, masks = space["draw"](5)
        rows = {
            "picture": pictures, "mask": masks, "without\nskips": models["Hourglass"](pictures) > 0,
            "with\nskips": models["UNet"](pictures) > 0,
        }  # fmt: skip

    card = figure(9, 4.2)
    left, right = card.subfigures(1, 2, width_ratios=[3.7, 5.3])
    axis = canvas(left.subplots(), (-1.5, 21.5), (-2.2, 20))
    sizes = [(0.0, 16, 4), (6.3, 8, 8), (10.6, 4, 16)]  # y, side, channels
    scale = 0.3

    def block(x, y, side, channels, color):
        height, width = side * scale, 0.5 + channels * 0.06
        axis.add_patch(Rectangle((x - width / 2, y), width, height, facecolor=color, edgecolor=PAPER))
        axis.text(x, y - 0.35, f"{channels}", ha="center", fontsize=8)
        return x - width / 2, x + width / 2, y + height / 2

    axis.text(-1.3, -1.7, "channels above, pixels beside", fontsize=8.5, color=GREY)
    downs, ups = [], []
    for n, (y, side, channels) in enumerate(sizes):
        downs.append(block(2 + 2.2 * n, y, side, channels, BLUE))
        ups.append(block(18 - 2.2 * n, y, side, channels, GREEN))
        axis.text(2 + 2.2 * n - 1.2, y + side * scale / 2, f"{side}²", ha="right", va="center", fontsize=8)
        arrow(axis, (downs[n][1] + 0.2, downs[n][2]), (ups[n][0] - 0.2, ups[n][2]), ORANGE)
    axis.text(10, sizes[0][0] + 1.9, "skip", ha="center", color=ORANGE, fontsize=9)
    bottom = block(10, 14.6, 2, 16, VIOLET)
    axis.text(10, 16.2, "2²", ha="center", fontsize=8)
    for n, (y, side, _) in enumerate(sizes):
        below = y + side * scale + 0.1
        if n < 2:
            top = sizes[n + 1][0] - 0.7
            into, out = (downs[n + 1][0] + 0.3, top), (ups[n + 1][1] - 0.3, top)
        else:
            into, out = (bottom[0] - 0.1, bottom[2]), (bottom[1] + 0.1, bottom[2])
        arrow(axis, (downs[n][1] - 0.3, below), into, BLUE)
        arrow(axis, out, (ups[n][0] + 0.3, below), GREEN)
    axis.text(2.2, 16.4, "convolution,\nmax pooling", fontsize=8.5, color=BLUE, ha="center", linespacing=1.4)
    axis.text(17.6, 16.4, "transposed convolution,\nconvolution of both", fontsize=8.5, color=GREEN,
              ha="center", linespacing=1.4)  # fmt: skip

    axes = right.subplots(4, 5, gridspec_kw={"wspace": 0.04, "hspace": 0.04})
    for line, (name, shown) in zip(axes, rows.items()):
        for axis, image in zip(line, shown.numpy()[:, 0]):
            brightest = 1.75 if name == "picture" else 1
            axis.imshow(image, cmap="gray", vmin=0, vmax=brightest, interpolation="none")
            axis.set(xticks=[], yticks=[])
            for spine in axis.spines.values():
                spine.set(visible=True, color=GREY, linewidth=0.8)
        line[0].set_ylabel(name, fontsize=9, rotation=0, ha="right", va="center")
    write(card, HERE / "unet.svg")


def games():
    """Three games: the points and the discriminator's opinion at some steps, and D(x) and D(G(z))."""
    space = from_article("ring", "Game", "frechet", "places")
    shades = LinearSegmentedColormap.from_list("opinion", ["#e8a46a", PAPER, "#8db9e0"])
    moments = (50, 300, 680, 700)
    down, across = np.mgrid[-1.9:1.9:61j, -1.9:1.9:61j]
    field = dark.from_numpy(np.stack([across, down], axis=-1).reshape(-1, 2))
    angle = np.arange(8) * np.pi / 4

    card = figure(9, 5.9)
    axes = card.subplots(3, 5, gridspec_kw={"width_ratios": [1, 1, 1, 1, 1.75]})
    for line, (name, rates) in zip(axes, space["GAMES"].items()):
        game, judgements = space["Game"](rates), []
        for axis, moment in zip(line, moments):
            while len(judgements) < moment:
                judgements.append(game.turn())
            state = dark.get_rng_state()
            with dark.no_grad():
                opinion = game.discriminator(field).sigmoid().numpy().reshape(down.shape)
                points = game.generator(space["noise"](200)).numpy()
            dark.set_rng_state(state)
            axis.imshow(opinion, cmap=shades, vmin=0, vmax=1, extent=(-1.9, 1.9, -1.9, 1.9), origin="lower")
            axis.plot(np.cos(angle), np.sin(angle), "o", color=GREEN, markersize=6, fillstyle="none",
                      markeredgewidth=1)  # fmt: skip
            axis.plot(*points.clip(-1.88, 1.88).T, ".", color=INK, markersize=2.2)
            axis.set(xticks=[], yticks=[], xlim=(-1.9, 1.9), ylim=(-1.9, 1.9))
            for spine in axis.spines.values():
                spine.set(visible=True, color=GREY, linewidth=0.8)
            if name == "even":
                axis.set_title(f"step {moment}", fontsize=9)
        line[0].set_ylabel(name.replace(" ", "\n"), fontsize=10)
        for values, color, label in zip(np.transpose(judgements), (BLUE, ORANGE), ("$D(x)$", "$D(G(z))$")):
            means = np.convolve(values, np.ones(10) / 10, mode="valid")
            line[4].plot(range(10, len(values) + 1), means, color=color, linewidth=1.2, label=label)
        line[4].set(ylim=(0, 1), yticks=[0, 0.5, 1], xticks=[0, 350, 700])
        line[4].tick_params(labelsize=8)
        line[4].grid()
    axes[0, 4].legend(fontsize=8, ncols=2, loc="upper right")
    axes[2, 4].set_xlabel("step", fontsize=9)
    write(card, HERE / "games.png")


if __name__ == "__main__":
    reach()
    checkerboard()
    unet()
    games()
