"""The pictures of this sample: the network's surface beside the true one, and both as maps with the error."""

import numpy as np
from dark_samples.pictures import INK, ORANGE, new_figure
from matplotlib.colors import LinearSegmentedColormap

BANDS = 24  # of colour; few colours keep the animation small
HEIGHT = LinearSegmentedColormap.from_list(
    "height", ["#123f73", "#4a8ac6", "#f4f1e8", "#e88a38", "#8a3b00"], BANDS
)
ERROR = LinearSegmentedColormap.from_list("error", ["#4b2e83", "#a58fc8", "#f4f1e8", "#7fb98f", "#1e6b3c"])


def as_grid(points, heights):
    """x, y and height of points that lie row after row: (columns,), (rows,), (rows, columns)."""
    x, y = (np.unique(column) for column in np.array(points).T)
    return x, y, np.array(heights).reshape(len(y), len(x))


def draw_frame(data, predicted, title):
    """The true surface, the network's, and a cut through both along the x axis."""
    x, y, truth = as_grid(data.train_points, data.train_heights)
    _, _, ours = as_grid(data.train_points, predicted)
    figure = new_figure(8, 3)
    figure.set_layout_engine("none")  # it would leave wide margins around the axes of a surface
    for left, height in ((-0.005, truth), (0.35, ours)):
        axes = figure.add_axes((left, 0.02, 0.35, 0.9), projection="3d", facecolor="none")
        axes.plot_surface(
            *np.meshgrid(x, y), np.clip(height, -1.1, 1.1), cmap=HEIGHT, vmin=-1, vmax=1,
            rcount=len(y), ccount=len(x), shade=False, antialiased=False, linewidth=0,
        )  # fmt: skip
        axes.set(zlim=(-1, 1), xticks=(-5, 0, 5), yticks=(-5, 0, 5), zticks=(-1, 0, 1))
        axes.tick_params(labelsize=8, pad=-2)
        axes.set_box_aspect((1, 1, 0.5), zoom=1.02)
        axes.view_init(elev=40, azim=-60)

    axes = figure.add_axes((0.755, 0.16, 0.23, 0.68))
    row = len(y) // 2
    axes.plot(x, truth[row], color=INK, label="true")
    axes.plot(x, ours[row], color=ORANGE, label="network")
    axes.set(ylim=(-1.3, 1.5), xticks=(-5, 0, 5), yticks=(-1, 0, 1))
    axes.legend(loc="upper center", ncols=2, fontsize=9, frameon=False, columnspacing=1)
    for middle, text in ((0.17, "sin √(x² + y²)"), (0.525, title), (0.87, f"cut at y = {y[row]:g}")):
        figure.text(middle, 0.92, text, ha="center", fontsize=11)
    return figure


def draw_maps(data, predicted):
    """Truth, prediction and error at the points that were held out."""
    x, y, truth = as_grid(data.test_points, data.test_heights)
    _, _, ours = as_grid(data.test_points, predicted)
    error = ours - truth
    largest = np.abs(error).max()
    figure = new_figure(9.6, 3.2)
    for axes, name, values, colours, limit in zip(
        figure.subplots(1, 3, sharey=True), ("truth", "network", "network minus truth"), (truth, ours, error),
        (HEIGHT, HEIGHT, ERROR), (1, 1, largest), strict=True,
    ):  # fmt: skip
        image = axes.pcolormesh(x, y, values, cmap=colours, vmin=-limit, vmax=limit)
        axes.set(title=name, aspect="equal", xticks=(-5, 0, 5), yticks=(-5, 0, 5))
        bar = figure.colorbar(image, ax=axes, ticks=(-limit, 0, limit), shrink=0.85)
        bar.ax.set_yticklabels([f"$-${limit:.2g}", "0", f"{limit:.2g}"])
    return figure
