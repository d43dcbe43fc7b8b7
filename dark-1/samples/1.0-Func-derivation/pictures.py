"""The picture of this sample: the function with some tangents, and its slopes."""

from dark_samples.pictures import BLUE, GREEN, INK, ORANGE, RED, new_figure

TOUCHED = {-2.0: BLUE, 0.0: GREEN, 1.5: RED}  # where a tangent is drawn
REACH = 0.7  # how far it goes to either side


def draw(points, values, slopes):
    """Two panels: the function with tangents as steep as `backward` says, and their steepness over x."""
    figure = new_figure(8, 3.8)
    left, right = figure.subplots(1, 2)
    left.plot(points, values, color=INK)
    right.plot([points[0], points[-1]], [4 * points[0], 4 * points[-1]], color=INK, linewidth=0.8, label="4x")
    right.plot(points, slopes, ".", color=ORANGE, markersize=5, label="from backward")

    at = dict(zip(points, zip(values, slopes)))
    for x, color in TOUCHED.items():
        value, slope = at[x]
        left.plot([x - REACH, x + REACH], [value - REACH * slope, value + REACH * slope], color=color)
        left.plot(x, value, "o", color=color)
        left.annotate(f"slope {slope:g}", (x, value), (9, -14), textcoords="offset points", color=color)
        right.plot(x, slope, "o", color=color, markersize=8)
    left.set(xlabel="x", title="2x² + 5", ylim=(0, 24))
    right.set(xlabel="x", title="its derivative")
    right.legend()
    for axis in (left, right):
        axis.grid()
    return figure
