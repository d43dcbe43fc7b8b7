"""Figures for samples and articles: the card they are drawn on, the learning curve, a grid of pictures."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .files import replace_file
from .numbers import as_text

PAPER, INK, GRID = "#fbfaf6", "#22221f", "#d9d6cc"
BLUE, ORANGE, GREEN, RED, VIOLET, GREY = "#1f6fb4", "#d9731a", "#2e8b57", "#c0392b", "#7d5ba6", "#77756c"
HIT, MISS = GREEN, RED

STYLE: Any = {
    "figure.facecolor": PAPER, "axes.facecolor": PAPER, "savefig.facecolor": PAPER, "legend.facecolor": PAPER,
    "text.color": INK, "axes.labelcolor": INK, "axes.titlecolor": INK, "axes.edgecolor": INK,
    "xtick.color": INK, "ytick.color": INK, "grid.color": GRID, "legend.edgecolor": GRID,
    "font.family": "DejaVu Sans", "font.size": 11, "axes.titlesize": 12, "mathtext.fontset": "dejavusans",
    "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True, "lines.linewidth": 1.8,
    "axes.prop_cycle": f"cycler(color={[BLUE, ORANGE, GREEN, RED, VIOLET, GREY]})",
    "figure.constrained_layout.w_pad": 0.12, "figure.constrained_layout.h_pad": 0.12,
    "image.cmap": "cividis", "svg.fonttype": "path", "svg.hashsalt": "dark",
}  # fmt: skip


def figure(width: float, height: float):
    """An empty matplotlib figure of so many inches (120 pixels each), a card that is legible on light and
    on dark pages; its colours and fonts are matplotlib's defaults from now on."""
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams.update(STYLE)
    return Figure(figsize=(width, height), layout="constrained", dpi=120)


new_figure = figure  # for code in which `figure` is a variable


def write(figure, path: Path | str) -> None:
    """Write a figure as .svg or .png, without a date: the same drawing is the same file, byte for byte."""
    path = Path(path)
    replace_file(path, {".svg": as_svg, ".png": as_png}[path.suffix](figure))


def as_svg(figure) -> bytes:
    """A figure as the content of an SVG file."""
    memory = io.BytesIO()
    figure.savefig(memory, format="svg", metadata={"Date": None, "Creator": None})
    return memory.getvalue()


def as_png(figure, widest: int | None = None) -> bytes:
    """A figure as the content of a PNG file, at most `widest` pixels wide."""
    width = figure.get_figwidth()
    dpi = min(figure.dpi, widest / width) if widest else figure.dpi
    memory = io.BytesIO()
    figure.savefig(memory, format="png", dpi=dpi, metadata={"Software": None})
    return memory.getvalue()


def learning_curve(losses: Sequence[float], history: Sequence[dict]):
    """Loss over the steps, pale for each and strong for their running mean; a panel for each metric."""
    import numpy as np

    names = list(history[0]) if history else []
    card = figure(4.2 * (1 + len(names)), 3.2)
    axes = card.subplots(1, 1 + len(names), squeeze=False)[0]

    width = max(1, len(losses) // 100)
    means = np.convolve(losses, np.ones(width) / width, mode="valid")
    steps = np.linspace(0, len(history) or len(losses), len(losses), endpoint=False)
    axes[0].plot(steps, losses, color=BLUE, alpha=0.25, linewidth=0.8)
    axes[0].plot(steps[width - 1 :], means, color=BLUE)
    axes[0].set(xlabel="epoch" if history else "step", ylabel="training loss")
    if len(means) and 0 < 100 * min(means) < max(means):
        axes[0].set_yscale("log")  # else the later part would lie on the axis

    for axis, name in zip(axes[1:], names, strict=True):
        values = [metrics[name] for metrics in history]
        last = as_text(name, values[-1])
        axis.plot(range(1, len(values) + 1), values, "o-", color=ORANGE, label=f"last: {last}")
        axis.set(xlabel="epoch", ylabel=name.replace("_", " "))
        axis.legend()
    for axis in axes:
        axis.grid()
        axis.xaxis.get_major_locator().set_params(integer=True)
    return card


def picture_grid(images, captions: Sequence[str], hits: Sequence[bool], columns: int = 8):
    """Pictures in rows, each with its caption, green where it is a hit and red where it is a miss."""
    rows = -(-len(images) // columns)
    card = figure(1.25 * columns, 1.5 * rows)
    for axis in card.subplots(rows, columns, squeeze=False).flat:
        axis.axis("off")
    for axis, image, caption, hit in zip(card.axes, images, captions, hits, strict=False):
        axis.axis("on")
        axis.imshow(image, cmap="gray")
        axis.set(xticks=[], yticks=[])
        axis.set_title(caption, fontsize=8, color=HIT if hit else MISS)
        for spine in axis.spines.values():
            spine.set(visible=True, color=HIT if hit else MISS, linewidth=2)
    return card
