"""The pictures of this sample: test pictures, and pictures from files, with the predicted class."""

import numpy as np
from db.prepare import NAMES

from dark_samples.catalogue import SampleError
from dark_samples.pictures import picture_grid

ROWS, COLUMNS = 5, 10
SIDE = 32


def draw_predictions(pictures, probabilities):
    """A grid of the first test pictures, hits in green and misses in red; the right class stands below."""
    labels = pictures.test_labels[: ROWS * COLUMNS].tolist()
    guesses = probabilities.argmax(1).tolist()
    hits = [label == guess for label, guess in zip(labels, guesses, strict=False)]
    captions = [
        NAMES[guess] + ("" if hit else f"\n({NAMES[label]})")
        for label, guess, hit in zip(labels, guesses, hits, strict=False)
    ]
    return picture_grid(pictures.test_images[: ROWS * COLUMNS], captions, hits, COLUMNS)


def name_files(files, images, probabilities):
    """Print what is on each picture; a grid of them, as small as the network sees them."""
    captions = []
    for file, shares in zip(files, probabilities.tolist(), strict=True):
        share = max(shares)
        captions.append(f"{NAMES[shares.index(share)]}, {share:.0%}")
        print(f"{file}: {captions[-1]}")
    return picture_grid(images, captions, [True] * len(images), columns=min(8, len(images)))


def read_pictures(files):
    """The middle square of each picture, as small as those of the data: uint8 (N, 32, 32, 3)."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    images = []
    for file in files:
        try:
            with Image.open(file) as picture:
                upright = ImageOps.exif_transpose(picture).convert("RGB")
        except UnidentifiedImageError as error:
            raise SampleError(f"{file} is no picture") from error
        images.append(np.asarray(ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)))
    return np.stack(images)
