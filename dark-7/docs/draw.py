"""Draw the figures of the article: python dark-7/docs/draw.py"""

import contextlib
import io
import re
from pathlib import Path

import numpy as np
from matplotlib.patches import Rectangle

import dark
from dark.vision import ops
from dark.vision.datasets.drawn.scenes import DrawnScenes
from dark_samples.pictures import BLUE, GREEN, GREY, INK, ORANGE, PAPER, RED, VIOLET, figure, write

HERE = Path(__file__).parent
SCENE = 33  # of those with seed 7
COLORS = [BLUE, ORANGE, GREEN, RED, VIOLET, GREY]


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


def scene():
    """A drawn picture, (128, 128, 3), and the boxes of its faces, (n, 4)."""
    pixels, boxes, _ = DrawnScenes(SCENE + 1, seed=7).arrays(SCENE)
    return pixels, dark.tensor(boxes)


def canvas(axis, xlim, ylim):
    """An axis to draw on, a unit of which is the same in both directions, y downwards."""
    axis.set_axis_off()
    axis.set_aspect("equal")
    axis.set(xlim=xlim, ylim=ylim[::-1])
    return axis


def show(axis, pixels, dim=0.55):
    """A scene, a little faded, so that lines on it are seen."""
    axis.imshow(dim * pixels / 255 + 1 - dim, extent=(0, 128, 128, 0), interpolation="none")
    axis.set(xticks=[], yticks=[], xlim=(0, 128), ylim=(128, 0))
    for spine in axis.spines.values():
        spine.set(visible=True, color=GREY, linewidth=0.8)


def rectangle(axis, box, **options):
    """A box: left, top, right, bottom."""
    left, top, right, bottom = map(float, box)
    options = {"fill": False, "linewidth": 1.5} | options
    axis.add_patch(Rectangle((left, top), right - left, bottom - top, **options))


def grid(axis, stride):
    """The lines between cells."""
    for at in range(stride, 128, stride):
        axis.axhline(at, color=INK, linewidth=0.4, alpha=0.35)
        axis.axvline(at, color=INK, linewidth=0.4, alpha=0.35)


def cell(axis, middle, stride, color):
    """A cell, filled."""
    x, y = np.asarray(middle) // stride * stride
    axis.add_patch(Rectangle((x, y), stride, stride, facecolor=color, alpha=0.5, linewidth=0))


def overlap():
    """Pairs of boxes with their IoU and generalized IoU."""
    pairs = {
        "the same": ([0, 0, 4, 4], [0, 0, 4, 4]),
        "half beside": ([0, 0, 4, 4], [2, 0, 6, 4]),
        "one inside": ([0, 0, 4, 4], [1, 1, 3, 3]),
        "a gap": ([0, 0, 2, 2], [4, 0, 6, 2]),
        "far apart": ([0, 0, 2, 2], [4, 4, 6, 6]),
    }
    card = figure(9, 2.9)
    for axis, (name, pair) in zip(card.subplots(1, 5), pairs.items()):
        canvas(axis, (-0.6, 6.6), (-0.6, 6.6)).set_title(name, fontsize=11)
        a, b = (np.array(box, float) for box in pair)
        shift = np.tile((6 - np.maximum(a, b)[2:]) / 2, 2)  # to the middle
        a, b = a + shift, b + shift
        both = np.concatenate([np.maximum(a, b)[:2], np.minimum(a, b)[2:]])
        around = np.concatenate([np.minimum(a, b)[:2] - 0.25, np.maximum(a, b)[2:] + 0.25])
        rectangle(axis, around, edgecolor=GREY, linestyle=(0, (3, 2)), linewidth=1.2)
        for box, color in ((a, BLUE), (b, ORANGE)):
            rectangle(axis, box, fill=True, facecolor=color, alpha=0.25, linewidth=0)
        if (both[2:] > both[:2]).all():
            rectangle(axis, both, fill=True, facecolor=GREEN, alpha=0.75, linewidth=0)
        for box, color in ((a, BLUE), (b, ORANGE)):
            rectangle(axis, box, edgecolor=color, linewidth=2)
        one, other = dark.tensor(a)[None], dark.tensor(b)[None]
        values = ops.box_iou(one, other).item(), ops.generalized_box_iou(one, other).item()
        text = "\n".join(f"{label} {value:.2f}" for label, value in zip(("IoU", "GIoU"), values))
        text = text.replace("-", "\N{MINUS SIGN}")
        axis.text(3, 7, text, ha="center", va="top", fontsize=11, linespacing=1.4)
    write(card, HERE / "overlap.svg")


def travel():
    """A box that goes down each of the two losses."""
    start, goal = dark.tensor([[2.0, 2, 8, 8]]), dark.tensor([[20.0, 14, 32, 30]])
    losses = {
        "IoU": lambda box: 1 - ops.box_iou(box, goal),
        "GIoU": lambda box: ops.generalized_box_iou_loss(box, goal),
    }
    card = figure(9, 3.6)
    left, right = card.subplots(1, 2, width_ratios=[1, 1.15])
    canvas(left, (-0.5, 35), (-0.5, 34))
    rectangle(left, goal[0], fill=True, facecolor=GREEN, alpha=0.3, linewidth=0)
    rectangle(left, goal[0], edgecolor=GREEN, linewidth=1.5, linestyle=(0, (3, 2)))
    left.text(26, 31.3, "the goal", ha="center", va="center", color=GREEN, fontsize=10)
    for (name, loss), color in zip(losses.items(), (ORANGE, BLUE)):
        box, overlaps = start.clone().requires_grad_(), []
        for step in range(321):
            overlaps.append(ops.box_iou(box, goal).item())
            if step in (0, 40, 80, 120, 160, 200) and (name == "GIoU" or step == 0):
                color_here = color if step else INK
                rectangle(left, box[0].tolist(), edgecolor=color_here, linewidth=1.4)
                x0, _, x1, y1 = box[0].tolist()
                x, side = (x0 + 0.4, "left") if step >= 160 else (x1 - 0.4, "right")  # where there is room
                left.text(x, y1 - 0.4, str(step), color=color_here, fontsize=9, ha=side, va="bottom")
            box.grad = None
            loss(box).sum().backward()
            with dark.no_grad():
                box -= 10 * box.grad
        right.plot(overlaps, color=color, label=f"1 \N{MINUS SIGN} {name}")
    right.set(xlabel="step", ylabel="IoU", ylim=(-0.03, 1), xlim=(0, 320))
    right.grid()
    right.legend()
    write(card, HERE / "travel.svg")


def priors():
    """Two grids on a scene, with the priors of some cells; the sizes of boxes, and their anchors."""
    space = from_article("iou_in_one_place", "Priors")
    sizes, anchors = space["sizes"], space["anchors"].numpy()
    pixels, faces = scene()
    middles = ops.box_convert(faces, "xyxy", "cxcywh")[:, :2].numpy()

    card = figure(9, 3.4)
    axes = card.subplots(1, 3)
    for axis, stride, own, colors in (
        (axes[0], 8, anchors[:3], COLORS[:3]),
        (axes[1], 16, anchors[3:], COLORS[3:]),
    ):
        show(axis, pixels)
        grid(axis, stride)
        for middle in middles:
            cell(axis, middle, stride, INK)
        middle = (middles[-1] // stride + 0.5) * stride
        for (width, height), color in zip(own, colors):
            half = np.array([width, height]) / 2
            rectangle(axis, np.concatenate([middle - half, middle + half]), edgecolor=color, linewidth=2)
        count = 128 // stride
        axis.set_title(f"stride {stride}: 3 · {count}² priors", fontsize=11)

    nearest = space["iou_in_one_place"](sizes, anchors).argmax(1)
    for k, (anchor, color) in enumerate(zip(anchors, COLORS)):
        axes[2].scatter(*sizes[nearest == k].T, s=3, color=color, alpha=0.5, linewidth=0)
        axes[2].plot(*anchor, "o", color=color, markersize=7, markeredgecolor=PAPER)
    axes[2].set(xlabel="width", ylabel="height", xlim=(0, 90), ylim=(0, 90), aspect="equal")
    axes[2].set_title("six anchors", fontsize=11)
    write(card, HERE / "priors.svg")


def targets():
    """Which priors of a scene have an object, and which are ignored, on either grid."""
    space = from_article("iou_in_one_place", "Priors", "targets_of")
    pixels, faces = scene()
    places = space["priors"]
    _, labels = space["targets_of"](faces, dark.zeros(len(faces), dtype=dark.int64), places)
    boxes, strides = places.boxes().numpy(), places.strides[:, 0].numpy()
    mine, ignored = (labels >= 0).numpy(), (labels == space["IGNORED"]).numpy()

    card = figure(9, 4.7)
    for axis, stride in zip(card.subplots(1, 2), (8, 16)):
        show(axis, pixels)
        grid(axis, stride)
        here = strides == stride
        for box in boxes[ignored & here]:
            rectangle(axis, box, edgecolor=ORANGE, linewidth=0.8, alpha=0.8)
        for box in boxes[mine & here]:
            cell(axis, (box[:2] + box[2:]) / 2, stride, GREEN)
            rectangle(axis, box, edgecolor=GREEN, linewidth=2.4)
        for face in faces.numpy():
            rectangle(axis, face, edgecolor=INK, linewidth=1.6, linestyle=(0, (3, 2)))
            axis.plot(*((face[:2] + face[2:]) / 2), "o", color=INK, markersize=4)
        counts = [(part & here).sum() for part in (mine, ignored)]
        nothing = here.sum() - sum(counts)
        axis.set_title(f"stride {stride}: {counts[0]} with an object", fontsize=11)
        axis.set_xlabel(f"{counts[1]} ignored, {nothing} with nothing", fontsize=10)
    write(card, HERE / "targets.svg")


def suppression():
    """Boxes as a network finds them, and those that are left."""
    places = from_article("iou_in_one_place", "Priors")["priors"]
    pixels, faces = scene()
    overlaps = ops.box_iou(places.boxes(), faces).numpy()  # (P, n)
    near, face = np.nonzero(overlaps > 0.33)
    chance = np.random.default_rng(3)
    of = faces.numpy()[face]
    size = np.tile(of[:, 2:] - of[:, :2], 2)  # (k, 4)
    boxes = dark.tensor(of + 0.06 * size * chance.normal(size=of.shape)).clamp(0, 128)
    likeness = overlaps[near, face]
    scores = dark.tensor((1.15 * likeness + 0.1 * chance.normal(size=len(of))).clip(0.05, 0.98))
    kept = ops.nms(boxes, scores, 0.5).tolist()

    card = figure(9, 4.7)
    for axis, some, title in zip(card.subplots(1, 2), (range(len(of)), kept), ("found", "left by NMS")):
        show(axis, pixels)
        for i in some:
            score = scores[i].item()
            color = COLORS[face[i] % 3]
            rectangle(axis, boxes[i].tolist(), edgecolor=color, alpha=score**2 if title == "found" else 1,
                      linewidth=1.2 if title == "found" else 2.4)  # fmt: skip
            if title != "found":
                x, y = boxes[i, :2].tolist()
                axis.text(x, y - 1.5, f"{score:.2f}", fontsize=9, color=PAPER, va="bottom",
                          bbox={"facecolor": color, "edgecolor": "none", "pad": 1.5})  # fmt: skip
        axis.set_title(f"{title}: {len(some)} boxes", fontsize=11)
    write(card, HERE / "suppression.svg")


def precision():
    """Precision over recall for the article's table, at two thresholds."""
    space = from_article("are_right")
    card = figure(9, 3.7)
    for axis, threshold in zip(card.subplots(1, 2, sharey=True), (0.5, 0.75)):
        right = space["are_right"](space["FOUND"], threshold)
        recall, values = right.cumsum() / 5, right.cumsum() / np.arange(1, 8)
        best = np.maximum.accumulate(values[::-1])[::-1]
        area = space["average_precision"](right, 5)
        steps = np.append(np.repeat(best, 2), 0)
        edges = np.concatenate([[0], np.repeat(recall, 2)[:-1], recall[-1:], recall[-1:]])[: len(steps)]
        edges[-1] = recall[-1]
        axis.fill_between(edges[:-1], steps[:-1], color=BLUE, alpha=0.15, linewidth=0)
        axis.plot(edges, steps, color=BLUE, linewidth=2.2, label="the best from here on")
        axis.plot(recall, values, color=GREY, linewidth=1.2, label="the list, box by box")
        for number, (x, y, hit) in enumerate(zip(recall, values, right), 1):
            axis.plot(x, y, "o", color=GREEN if hit else RED, markersize=8)
            axis.annotate(str(number), (x, y), (8, -5), textcoords="offset points", fontsize=9)
        axis.text(0.2, 0.3, f"AP {area:.2f}", ha="center", fontsize=13, color=BLUE)
        axis.set(xlim=(0, 1), ylim=(0, 1.06), xlabel="recall", title=f"IoU at least {threshold}")
        axis.grid()
        if threshold == 0.5:
            axis.set_ylabel("precision")
            axis.legend(fontsize=9, loc="lower left")
    write(card, HERE / "precision.svg")


if __name__ == "__main__":
    overlap()
    travel()
    priors()
    targets()
    suppression()
    precision()
