"""Figures that every sample draws: the learning curve, and a grid of pictures with marks."""

import io
from collections.abc import Sequence

HIT, MISS = "#2ca02c", "#d62728"


def new_figure(width: float, height: float):
    """A matplotlib figure that needs no screen."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained", dpi=120)


def learning_curve(losses: Sequence[float], history: Sequence[dict]):
    """Loss over the steps, pale for each and strong for their running mean; a panel for each metric."""
    import numpy as np

    names = list(history[0]) if history else []
    figure = new_figure(4.2 * (1 + len(names)), 3.2)
    axes = figure.subplots(1, 1 + len(names), squeeze=False)[0]

    width = max(1, len(losses) // 100)
    means = np.convolve(losses, np.ones(width) / width, mode="valid")
    steps = np.linspace(0, len(history), len(losses), endpoint=False)
    axes[0].plot(steps, losses, color="C0", alpha=0.25, linewidth=0.8)
    axes[0].plot(steps[width - 1 :], means, color="C0", linewidth=1.6)
    axes[0].set(xlabel="epoch", ylabel="training loss")

    for axis, name in zip(axes[1:], names, strict=True):
        values = [metrics[name] for metrics in history]
        axis.plot(range(1, len(values) + 1), values, "o-", color="C1", label=f"last: {values[-1]:.4f}")
        axis.set(xlabel="epoch", ylabel=name.replace("_", " "))
        axis.legend()
    for axis in axes:
        axis.grid(alpha=0.3)
        axis.xaxis.get_major_locator().set_params(integer=True)
    return figure


def picture_grid(images, captions: Sequence[str], hits: Sequence[bool], columns: int = 8):
    """Pictures in rows, each with its caption, green where it is a hit and red where it is a miss."""
    rows = -(-len(images) // columns)
    figure = new_figure(1.25 * columns, 1.5 * rows)
    for axis in figure.subplots(rows, columns, squeeze=False).flat:
        axis.axis("off")
    for axis, image, caption, hit in zip(figure.axes, images, captions, hits, strict=False):
        axis.axis("on")
        axis.imshow(image, cmap="gray")
        axis.set(xticks=[], yticks=[])
        axis.set_title(caption, fontsize=8, color=HIT if hit else MISS)
        for spine in axis.spines.values():
            spine.set(color=HIT if hit else MISS, linewidth=2)
    return figure


def as_png(figure) -> bytes:
    """A figure as the content of a PNG file."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    memory = io.BytesIO()
    FigureCanvasAgg(figure).print_png(memory)
    return memory.getvalue()
