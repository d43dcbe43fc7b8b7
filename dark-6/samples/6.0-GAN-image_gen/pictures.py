"""The pictures of this sample: what the generator draws, beside real characters, and how training goes."""

import numpy as np
from dataset import as_images

from dark_samples.pictures import BLUE, GREEN, ORANGE, PAPER, new_figure

ANIMATED, COLUMNS = 18, 6  # pictures in a frame of the animation, and in a row of it
SIDE = 6  # pictures of each kind in a row and in a column of the comparison
SHOWN = 64  # pixels: the side of a picture, at least
GAP = 2  # pixels between pictures
TITLE = 26  # pixels above a sheet
DPI = 120


def draw_frame(pictures, epoch):
    """One frame of the animation: what the generator draws, after so many epochs, from the same points."""
    return card_of([(sheet(as_images(pictures), COLUMNS), f"epoch {epoch:.1f}")])


def draw_comparison(pictures, real):
    """Generated characters beside real ones."""
    count = SIDE * SIDE
    images = as_images(pictures[:count])
    return card_of([(sheet(images, SIDE), "generated"), (sheet(real[:count], SIDE), "real")])


def draw_sheet(pictures, columns):
    """Pictures in rows of so many."""
    return card_of([(sheet(as_images(pictures), columns), "")])


def draw_curve(run):
    """The losses and the discriminator's answers, with running means, and the distance after every epoch."""
    distances = [epoch["frechet_distance"] for epoch in run.history]
    card = new_figure(12.6, 3.4)
    losses, answers, distance = card.subplots(1, 3)
    draw_steps(losses, run.epochs, {"discriminator": run.losses, "generator": run.numbers["generator_loss"]})
    losses.set(xlabel="epoch", ylabel="loss")
    draw_steps(answers, run.epochs, {"D(x)": run.numbers["d_real"], "D(G(z))": run.numbers["d_fake"]})
    answers.set(xlabel="epoch", ylabel="probability of being real", ylim=(-0.03, 1.03))
    last = f"last: {distances[-1]:.3g}"
    distance.plot(range(1, len(distances) + 1), distances, "o-", color=GREEN, label=last)
    distance.set(xlabel="epoch", ylabel="Fréchet distance", ylim=(0, None))
    for axes in (losses, answers, distance):
        axes.legend()
        axes.grid()
        axes.xaxis.get_major_locator().set_params(integer=True)
    return card


def draw_steps(axes, epochs, curves):
    """Numbers of the steps, pale, and their running mean."""
    for (name, values), color in zip(curves.items(), (BLUE, ORANGE), strict=True):
        width = max(1, len(values) // 60)
        steps = np.linspace(0, epochs, len(values), endpoint=False)
        means = np.convolve(values, np.ones(width) / width, mode="valid")
        axes.plot(steps, values, color=color, alpha=0.2, linewidth=0.6)
        axes.plot(steps[width - 1 :], means, color=color, label=name)


def sheet(images, columns):
    """Pictures, uint8 (N, H, W, 3), in rows on paper: one picture of them. Small ones are enlarged."""
    factor = max(1, SHOWN // images.shape[1])
    images = images.repeat(factor, axis=1).repeat(factor, axis=2)
    n, height, width, _ = images.shape
    rows = -(-n // columns)
    paper = [int(PAPER[i : i + 2], 16) for i in (1, 3, 5)]
    cells = np.full((rows * columns, height + GAP, width + GAP, 3), paper, np.uint8)
    cells[:n, :height, :width] = images
    cells = cells.reshape(rows, columns, height + GAP, width + GAP, 3).transpose(0, 2, 1, 3, 4)
    return cells.reshape(rows * (height + GAP), columns * (width + GAP), 3)


def card_of(sheets):
    """Sheets side by side, every pixel as large as one of the card, with their titles above."""
    margin = 4 * GAP
    title = TITLE if any(name for _, name in sheets) else margin
    height = max(len(image) for image, _ in sheets) + title + margin
    width = sum(image.shape[1] + margin for image, _ in sheets) + margin
    card = new_figure(width / DPI, height / DPI)
    left = margin
    for image, name in sheets:
        card.figimage(image, left, height - title - len(image))
        card.text(left / width, 1 - 7 / height, name, fontsize=9, va="top")
        left += image.shape[1] + margin
    return card
