"""Draw the figures of the article: python dark-4/docs/draw.py"""

import contextlib
import io
import re
from pathlib import Path

from matplotlib.patches import FancyArrowPatch, Rectangle

import dark
from dark import nn, optim
from dark.utils.data import BatchSampler, RandomSampler, default_collate
from dark.vision.transforms import functional as F
from dark.vision.tv_tensors import Image, KeyPoints
from dark_samples.pictures import BLUE, GREEN, GREY, INK, ORANGE, PAPER, RED, figure, write

HERE = Path(__file__).parent


def from_article(name):
    """The class or function of this name, from the block of the article that defines it."""
    text = (HERE.parent / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    block = next(block for block in blocks if re.search(rf"^(class|def) {name}\b", block, re.MULTILINE))
    space = {"dark": dark}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(block, space)
    return space[name]


def canvas(width, height):
    """A figure with one drawing in it, a unit of which is the same in both directions, y downwards."""
    card = figure(width, height)
    axis = card.subplots()
    axis.set_axis_off()
    axis.set_aspect("equal")
    return card, axis


def box(axis, x, y, width, height, text="", color=GREY, **options):
    """A rectangle with its upper left corner at (x, y), and a text in it."""
    axis.add_patch(Rectangle((x, y), width, height, facecolor=color, edgecolor=PAPER, linewidth=1.2))
    axis.text(x + width / 2, y + height / 2, text, ha="center", va="center", color=PAPER, **options)


def show(axis, picture, x, y, width, height, zorder=0):
    """A picture in a place of a drawing."""
    extent = (x, x + width, y + height, y)
    axis.imshow(picture, cmap="gray", vmin=0, vmax=230, extent=extent, zorder=zorder, interpolation="none")


def pipeline():
    """From an order of indices to a batch."""
    dark.manual_seed(8)
    shapes = from_article("Shapes")(12)
    order = list(RandomSampler(shapes))
    pieces = list(BatchSampler(order, 4, drop_last=False))
    samples = [shapes[i] for i in pieces[0]]
    batch, labels = default_collate(samples)

    card, axis = canvas(9, 5.1)
    for y, title, code in (
        (0, "1  order", "sampler"),
        (1.8, "2  pieces", "batch_sampler"),
        (3.6, "3  fetch", "dataset[i]"),
        (6.7, "4  collate", "collate_fn"),
    ):
        axis.text(-4.2, y + 0.35, title, va="center", fontweight="bold")
        axis.text(-4.2, y + 1.0, code, va="center", family="DejaVu Sans Mono", color=GREY)
    for place, index in enumerate(order):
        box(axis, place - 0.4, 0, 1, 0.9, str(index), BLUE if place < 4 else GREY)
    for number, piece in enumerate(pieces):
        for place, index in enumerate(piece):
            box(axis, 4.4 * number + place - 0.4, 1.8, 1, 0.9, str(index), GREY if number else BLUE)
    for place, (index, (picture, label)) in enumerate(zip(pieces[0], samples)):
        show(axis, picture, 3 * place - 0.4, 3.6, 2.4, 1.6)
        axis.text(3 * place - 0.4, 5.5, f"{index}: {shapes.classes[label]}", va="center", color=INK)
    for place, picture in reversed(list(enumerate(batch.numpy()))):
        x, y = 0.5 * place - 0.4, 7.4 - 0.25 * place
        frame = Rectangle((x - 0.05, y - 0.05), 2.5, 1.7, facecolor=PAPER, zorder=9 - 2 * place)
        axis.add_patch(frame)
        show(axis, picture, x, y, 2.4, 1.6, zorder=10 - 2 * place)
    axis.text(4.2, 8.0, f"{tuple(batch.shape)} uint8", va="center")
    for place, label in enumerate(labels.tolist()):
        box(axis, 8.4 + place, 7.55, 1, 0.9, str(label), BLUE)
    axis.text(8.4, 8.8, f"{tuple(labels.shape)} int64", va="center")
    for x, y, down in ((1.6, 0.95, 0.8), (1.6, 2.75, 0.8), (1.6, 5.75, 0.8)):
        arrow = FancyArrowPatch((x, y), (x, y + down), arrowstyle="-|>", mutation_scale=12, color=INK)
        axis.add_patch(arrow)
    axis.set(xlim=(-4.3, 12.7), ylim=(9.2, -0.2))
    write(card, HERE / "pipeline.svg")


def copies(n=8):
    """What is copied to grow a batch, and to stack it."""
    card, axis = canvas(8, 3.8)
    for row in range(n):
        for place in range(row + 1):
            box(axis, place, row, 1, 1, str(place), ORANGE if place == row else RED, fontsize=9)
        box(axis, n + 4 + row, n - 1, 1, 1, str(row), BLUE, fontsize=9)
    axis.text(0, -0.4, f"grown: {n * (n + 1) // 2} copies", fontweight="bold")
    axis.text(n + 4, n - 1.4, f"stacked: {n} copies", fontweight="bold")
    axis.text(n / 2 + 1.4, 1.2, "each row is a new array;\nred was copied before", color=INK, va="center")
    axis.set(xlim=(-0.2, 2 * n + 4.2), ylim=(n + 0.2, -1.4))
    write(card, HERE / "copies.svg")


def workers(batches=6, loading=4, training=2, prefetch=2):
    """Who is busy when: without workers, and with two."""
    loads, trainings = [], []  # when each begins
    for k in range(batches):  # worker k % 2 loads it after its last one, when at most `prefetch` are waiting
        ordered = trainings[k - 2 * prefetch] if k >= 2 * prefetch else 0
        loads.append(max(ordered, loads[k - 2] + loading if k > 1 else 0))
        trainings.append(max(loads[k] + loading, trainings[-1] + training if k else 0))

    card = figure(9, 3.7)
    axis = card.subplots()
    lanes = {"one process": 0, "main process": 1.5, "worker 0": 2.5, "worker 1": 3.5}
    for k in range(batches):
        begin = k * (loading + training)
        box(axis, begin, 0, loading, 0.8, f"load {k}", BLUE, fontsize=9)
        box(axis, begin + loading, 0, training, 0.8, f"train {k}", ORANGE, fontsize=8)
        box(axis, loads[k], 2.5 + k % 2, loading, 0.8, f"load {k}", BLUE, fontsize=9)
        box(axis, trainings[k], 1.5, training, 0.8, f"train {k}", ORANGE, fontsize=8)
    axis.set_yticks([y + 0.4 for y in lanes.values()], lanes)
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    ends = [trainings[-1] + training, batches * (loading + training)]
    axis.set(xlim=(0, ends[1]), ylim=(4.4, -0.15), xlabel="time", xticks=ends)
    write(card, HERE / "workers.svg")


def augmentation():
    """A picture and a point on it after four changes, and after the faulty crop."""
    shapes, crop_middle = from_article("Shapes")(40), from_article("crop_middle")
    index = next(i for i in range(40) if shapes[i][1] == 1 and shapes[i][0].max() > 180)
    picture, tip = tip_of(shapes[index][0])
    narrow = Image(crop_middle(picture, 12, 20))
    right = F.center_crop(tip, [12, 20])
    panels = [
        ("picture, tip marked", picture, tip),
        ("flipped", F.hflip(picture), F.hflip(tip)),
        ("turned by 30°", F.rotate(picture, 30), F.rotate(tip, 30)),
        ("middle, 12 x 20", F.center_crop(picture, [12, 20]), right),
        ("faulty crop: 12 x 16", narrow, right),
        ("… and resized to 12 x 20", F.resize(narrow, [12, 20]), right),
    ]
    card = figure(9, 4.3)
    axes = card.subplots(2, 3, height_ratios=[16, 12]).flat
    for number, (axis, (title, image, point)) in enumerate(zip(axes, panels)):
        fault = number > 3
        axis.imshow(image.numpy()[0], cmap="gray", vmin=0, vmax=230, interpolation="none")
        axis.plot(*point.numpy()[0], "o", color=RED if fault else GREEN, markersize=8, markeredgecolor=PAPER)
        axis.set_title(title, color=RED if fault else INK, loc="left")
        axis.set(xlim=(-0.5, 23.5), ylim=(15.5 if number < 3 else 11.5, -0.5))
        axis.set_axis_off()
    write(card, HERE / "augmentation.svg")


def tip_of(pixels):
    """A picture as an Image, and the key point at the right tip of what it shows."""
    bright = pixels > 90
    column = bright.any(0).nonzero()[0].max()
    row = bright[:, column].nonzero()[0].mean()
    return Image(dark.from_numpy(pixels)[None]), KeyPoints([[column, row]], canvas_size=pixels.shape)


def one_cycle(steps=500):
    """Learning rate and momentum over a run."""
    optimizer = optim.SGD(nn.Linear(1, 1).parameters(), lr=0.1, momentum=0.9)
    scheduler = optim.lr_scheduler.OneCycleLR(optimizer, 0.1, steps)
    rates, momenta = [], []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        momenta.append(optimizer.param_groups[0]["momentum"])
        optimizer.step()
        scheduler.step()
    card = figure(9, 2.9)
    left, right = card.subplots(1, 2)
    left.plot(rates, color=BLUE)
    left.set(xlabel="step", title="learning rate")
    left.annotate("0.004", (0, 0.004), (12, 0.001), color=INK, va="center")
    right.plot(momenta, color=ORANGE)
    right.set(xlabel="step", title="momentum")
    for axis in (left, right):
        axis.set_xticks([0, 149, 499])
        axis.grid()
    left.set_yticks([0, 0.05, 0.1])
    right.set_yticks([0.85, 0.9, 0.95])
    write(card, HERE / "one_cycle.svg")


if __name__ == "__main__":
    pipeline()
    copies()
    workers()
    augmentation()
    one_cycle()
