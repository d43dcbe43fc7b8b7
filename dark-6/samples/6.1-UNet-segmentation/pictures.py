"""The pictures of this sample: cars with their true masks and those that were found."""

import numpy as np
from evaluation import dice

from dark_samples.pictures import new_figure

ANIMATED = 5  # pictures
ROWS = 6  # of the table
COLOUR = np.array([255, 0, 200])  # of a mask on a picture: no car has it


def draw_frame(images, probabilities):
    """One frame of the animation: a row of pictures, and below each what of it is likely to be car by now."""
    card = new_figure(6.6, 2.75)
    card.get_layout_engine().set(w_pad=0.03, h_pad=0.03)
    columns = card.subplots(2, len(images), squeeze=False).T
    for pair, image, p in zip(columns, images, probabilities, strict=True):
        show(pair[0], image)
        show(pair[1], np.dstack([image, 255 * p]).astype(np.uint8))  # transparent where there is no car
    return card


def draw_masks(cars, found):
    """A table of the first test pictures: each with its true mask, the one found, and that on the picture."""
    count = min(ROWS, len(found))
    card = new_figure(5.6, 1.42 * count)
    card.get_layout_engine().set(w_pad=0.02, h_pad=0.02)
    rows = card.subplots(count, 4, squeeze=False)
    scores = dice(found, cars.test_masks)
    for axes, title in zip(rows[0], ("picture", "truth", "prediction", "overlay"), strict=True):
        axes.set_title(title, fontsize=9)
    for row, image, true, mask, score in zip(
        rows, cars.test_images, cars.test_masks, found, scores, strict=False
    ):
        for axes, shown in zip(row, (image, true, mask, overlaid(image, mask)), strict=True):
            show(axes, shown)
        row[0].set_ylabel(f"Dice {score:.1%}", fontsize=8)
    return card


def overlaid(image, mask):
    """The picture, uint8 (H, W, 3), with the mask half transparent on it."""
    return np.where(mask[..., None], (image + COLOUR) // 2, image).astype(np.uint8)


def show(axes, image):
    """A picture or a mask, without axes."""
    axes.imshow(image, cmap="gray", vmin=0, vmax=1)
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)
