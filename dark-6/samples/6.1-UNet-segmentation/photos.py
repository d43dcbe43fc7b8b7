"""Pictures from files, of any size: the car in them is cut out."""

import numpy as np
from pictures import overlaid

from dark_samples.photos import names_of, png_of, read_photo


def cut_out(run, files, size, find):
    """Write, for each file, its car on nothing and the file with the car marked, as PNG of the same size.

    `find` gives the mask of a photograph that the network sees in a given size, bool (H, W).
    """
    for file, name in zip(files, names_of(files), strict=True):
        photo = read_photo(file)
        mask = find(photo, seen_size(photo.shape, size))
        print(f"{file}: {mask.mean():.0%} of it is car" if mask.any() else f"{file}: no car is found")
        run.write_picture(f"{name}-cutout.png", png_of(transparent(photo, mask)))
        run.write_picture(f"{name}-overlay.png", png_of(overlaid(photo, mask)))
    run.show({})


def seen_size(shape, longer):
    """Height and width for the network: in proportion, the longer one `longer`."""
    height, width = shape[:2]
    return tuple(max(1, round(side * longer / max(height, width))) for side in (height, width))


def transparent(photo, mask):
    """What is in the mask; the rest is black and transparent: uint8 (H, W, 4)."""
    return np.dstack([np.where(mask[..., None], photo, 0), np.where(mask, 255, 0)]).astype(np.uint8)
