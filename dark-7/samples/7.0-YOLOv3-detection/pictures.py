"""The pictures of this sample: true boxes and those that were found, and precision by recall."""

import numpy as np
from average_precision import IOUS, RECALLS

from dark_samples.pictures import BLUE, ORANGE, new_figure

ANIMATED = 8  # pictures, in two rows
ROWS, COLUMNS = 3, 5
SURE = 0.5  # score of a box that is in the grid
DOUBTED = 0.05  # score of a box that is in the animation, pale
TRUE = "#38e070", "#ffe14d"  # by class; bright enough for any picture
FOUND = "#ff2d2d", "#3db8ff"


def draw_frame(part, found):
    """One frame of the animation: the first few pictures with the boxes of now, the paler the less sure."""
    card = new_figure(6.6, 3.4)
    card.get_layout_engine().set(w_pad=0.03, h_pad=0.03)
    for axes, image, its in zip(panels(card, 2, ANIMATED // 2), part.images, found, strict=False):
        show(axes, image)
        for box, score, label in zip(*its, strict=True):
            if score >= DOUBTED:
                outline(axes, box, color=of_class(FOUND, label), alpha=float(score), linewidth=1.8)
    return card


def draw_detections(scenes, part, found):
    """A grid of the first pictures: the true boxes, and on them those that were found, with their scores."""
    card = new_figure(1.6 * COLUMNS, 1.6 * ROWS + 0.3)
    card.get_layout_engine().set(w_pad=0.03, h_pad=0.03)
    grid = panels(card, ROWS, COLUMNS)
    for axes, image, boxes, labels, its in zip(grid, *part, found, strict=False):
        show(axes, image)
        for box, label in zip(boxes, labels, strict=True):
            outline(axes, box, color=of_class(TRUE, label), linewidth=2.4)
        for box, score, label in zip(*its, strict=True):
            if score >= SURE:
                outline(axes, box, color=of_class(FOUND, label), linewidth=1)
                write_above(axes, box, f"{score:.2f}", of_class(FOUND, label))
    explain(card, scenes.classes)
    return card


def draw_curves(precision, classes):
    """Precision by recall, a panel for each class, at IoU 0.5 and 0.75."""
    card = new_figure(4.2 * len(classes), 3.6)
    row = card.subplots(1, len(classes), squeeze=False)[0]
    for axes, name, curves in zip(row, classes, precision.curves, strict=True):
        for iou, color in ((0.5, BLUE), (0.75, ORANGE)):
            curve = curves[abs(IOUS - iou).argmin()]
            label = "no true boxes" if np.isnan(curve).all() else f"AP {curve.mean():.1%}"
            axes.plot(RECALLS, curve, color=color, label=f"IoU {iou}: {label}")
        axes.set(xlabel="recall", ylabel="precision", title=name, xlim=(0, 1.01), ylim=(0, 1.02))
        axes.grid()
        axes.legend(loc="lower left")
    return card


def panels(card, rows, columns):
    """Empty panels without axes, row by row."""
    grid = card.subplots(rows, columns).ravel()
    for axes in grid:
        axes.axis("off")
    return grid


def show(axes, image):
    """A picture in coordinates whose whole numbers are the edges of its pixels."""
    height, width = image.shape[:2]
    axes.imshow(image, extent=(0, width, height, 0))
    axes.autoscale(False)  # a box on the edge makes no picture smaller


def outline(axes, box, **style):
    """The four edges of a box."""
    left, top, right, bottom = box
    x, y = (left, right, right, left, left), (top, top, bottom, bottom, top)
    axes.plot(x, y, solid_joinstyle="miter", solid_capstyle="projecting", clip_on=False, **style)


def write_above(axes, box, text, color):
    """A text on the upper edge of a box, or inside where the picture ends."""
    left, top = box[:2]
    align = "top" if top < 12 else "bottom"
    paper = {"pad": 0.8, "linewidth": 0, "facecolor": color}
    axes.text(left, top, text, fontsize=5.5, va=align, color="white", bbox=paper).set_in_layout(False)


def explain(card, classes):
    """Say above the grid what the colors mean."""
    handles = []
    for label, name in enumerate(classes):
        for kind, colors in (("true", TRUE), ("found", FOUND)):
            handles += card.axes[0].plot([], color=of_class(colors, label), label=f"{name}, {kind}")
    card.legend(handles=handles, loc="outside upper left", ncols=len(handles), fontsize=9, frameon=False)


def of_class(colors, label):
    """The color of a class; where there are more classes than colors, they come again."""
    return colors[label % len(colors)]
