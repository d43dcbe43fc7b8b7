"""The picture of this sample: test pictures with the predicted class, hits in green and misses in red."""

from data import CLASSES

from dark_samples.pictures import picture_grid

ROWS, COLUMNS = 5, 10


def draw_predictions(clothes, predicted):
    """A grid of the first test pictures; of a miss the right class stands below the predicted one."""
    labels = clothes.test_labels[: ROWS * COLUMNS].tolist()
    hits = [label == guess for label, guess in zip(labels, predicted, strict=False)]
    captions = [
        CLASSES[guess] + ("" if hit else f"\n({CLASSES[label]})")
        for label, guess, hit in zip(labels, predicted, hits, strict=False)
    ]
    return picture_grid(clothes.test_images[: ROWS * COLUMNS], captions, hits, COLUMNS)
