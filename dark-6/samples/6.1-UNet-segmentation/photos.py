"""Pictures from files, of any size: the car in them is cut out."""

import io

import numpy as np
from pictures import overlaid

from dark_samples.catalogue import SampleError


def cut_out(run, files, size, find):
    """Write, for each file, its car on nothing and the file with the car marked, as PNG of the same size.

    `find` gives the mask of a photograph that the network sees in a given size, bool (H, W).
    """
    for file, name in zip(files, names_of(files), strict=True):
        photo = read_photo(file)
        mask = find(photo, seen_size(photo.shape, size))
        print(f"{file}: {mask.mean():.0%} of it is car" if mask.any() else f"{file}: no car is found")
        run.write_picture(f"{name}-cutout.png", as_png(transparent(photo, mask)))
        run.write_picture(f"{name}-overlay.png", as_png(overlaid(photo, mask)))
    run.show({})


def seen_size(shape, longer):
    """Height and width for the network: in proportion, the longer one `longer`."""
    height, width = shape[:2]
    return tuple(max(1, round(side * longer / max(height, width))) for side in (height, width))


def transparent(photo, mask):
    """What is in the mask; the rest is black and transparent: uint8 (H, W, 4)."""
    return np.dstack([np.where(mask[..., None], photo, 0), np.where(mask, 255, 0)]).astype(np.uint8)


def names_of(files):
    """The files' names without their endings; the second `car`, or `Car`, is `car-2`."""
    names = {}
    for file in files:
        name, number = file.stem, 2
        while name.lower() in names:
            name, number = f"{file.stem}-{number}", number + 1
        names[name.lower()] = name
    return [*names.values()]


def read_photo(file):
    """A picture file of any kind and size, upright, what is transparent white: uint8 (H, W, 3)."""
    from PIL import Image, ImageOps

    try:
        with Image.open(file) as picture:
            upright = ImageOps.exif_transpose(picture)
            if upright.has_transparency_data:
                upright = upright.convert("RGBA")
                upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
            return np.array(upright.convert("RGB"))
    except Image.DecompressionBombError as error:
        raise SampleError(f"{file} is too large: {error}") from error
    except (OSError, SyntaxError, ValueError) as error:
        if getattr(error, "filename", None):  # it is missing, or may not be read: the error says so
            raise
        raise SampleError(f"{file} is no picture, or a damaged one") from error


def as_png(pixels):
    """An array (H, W, 3) or (H, W, 4) as the content of a PNG file."""
    from PIL import Image

    memory = io.BytesIO()
    Image.fromarray(pixels).save(memory, "PNG")
    return memory.getvalue()
