"""The pictures of this sample: the probability as a surface between the points, and as a map."""

import numpy as np
from dark_samples.pictures import new_figure
from matplotlib.colors import LinearSegmentedColormap

BLUE, ORANGE, DARK = "#123f73", "#8a3b00", "#333333"
BANDS = 20  # of colour; few colours keep the animation small
PROBABILITY = LinearSegmentedColormap.from_list("probability", ["#4a8ac6", "#f4f1e8", "#e88a38"], BANDS)
LEVELS = (0.1, 0.5, 0.9)
SIDE = 121  # points along each side of the grid


def sides(data):
    """The x and the y of the grid: a little more than the training points cover."""
    points = np.array(data.train_points)
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.02 * (high - low)
    return np.linspace(low - margin, high + margin, SIDE).T


def grid(data) -> list[tuple[float, float]]:
    """The points at which the pictures want the probability, row after row."""
    x, y = sides(data)
    return [(a, b) for b in y.tolist() for a in x.tolist()]


def of_class(points, labels, label):
    """The points of one class, (N, 2)."""
    return np.array([p for p, k in zip(points, labels, strict=True) if k == label]).reshape(-1, 2)


def draw_surface(data, surface, title):
    """The probability as a sheet between the points of class 0 on the floor and of class 1 on the ceiling."""
    x, y = sides(data)
    height = np.array(surface).reshape(SIDE, SIDE)
    floor = of_class(data.train_points, data.train_labels, 0)
    ceiling = of_class(data.train_points, data.train_labels, 1)
    columns, rows = (np.searchsorted(side, floor[:, i]) for i, side in enumerate((x, y)))
    under = height[rows, columns] >= 0.5  # those of the floor that the sheet hides

    figure = new_figure(5.6, 4)
    figure.set_layout_engine("none")  # it would leave wide margins around the axes of a surface
    axes = figure.add_axes((-0.1, -0.06, 1.14, 1.12), projection="3d", computed_zorder=False)
    dots = {"s": 7, "depthshade": False, "linewidth": 0}
    axes.scatter(*floor[under].T, 0, color=BLUE, zorder=1, **dots)
    axes.plot_surface(
        *np.meshgrid(x, y), height, cmap=PROBABILITY, vmin=0, vmax=1, rcount=SIDE, ccount=SIDE, shade=False,
        antialiased=False, linewidth=0, zorder=2,
    )  # fmt: skip
    axes.contour(x, y, height, levels=[0.5], colors=DARK, linewidths=1.5, zorder=3)
    axes.scatter(*floor[~under].T, 0, color=BLUE, zorder=4, **dots)
    axes.scatter(*ceiling.T, 1, color=ORANGE, zorder=5, **dots)
    axes.set(zlim=(0, 1), zticks=(0, 0.5, 1), xlabel="x", ylabel="y")
    axes.set_box_aspect((1.5, 1.2, 0.6))
    axes.view_init(elev=32, azim=115)
    figure.suptitle(title, fontsize=11)
    return figure


def draw_boundary(data, surface):
    """The probability as a map under the held-out points, with lines where it is 0.1, 0.5 and 0.9."""
    x, y = sides(data)
    height = np.array(surface).reshape(SIDE, SIDE)
    figure = new_figure(7, 4.2)
    axes = figure.subplots()
    image = axes.contourf(x, y, height, levels=np.linspace(0, 1, BANDS + 1), cmap=PROBABILITY)
    axes.contour(x, y, height, levels=LEVELS, colors=DARK, linewidths=(0.8, 1.8, 0.8))
    for label, color, marker in ((0, BLUE, "o"), (1, ORANGE, "s")):
        points = of_class(data.test_points, data.test_labels, label)
        axes.scatter(
            *points.T, 24, color, marker=marker, edgecolor="white", linewidth=0.7, label=f"class {label}"
        )
    axes.legend(loc="lower right")
    bar = figure.colorbar(image, ticks=[0, *LEVELS, 1], label="probability of class 1")
    bar.ax.hlines(LEVELS, 0, 1, colors=DARK, linewidths=(0.8, 1.8, 0.8))
    axes.set(xlabel="x", ylabel="y", title="The points that were held out")
    return figure
