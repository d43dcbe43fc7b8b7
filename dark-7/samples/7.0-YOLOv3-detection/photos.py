"""Photographs of any size, from files, folders or a camera: what is found in them is marked."""

import numpy as np
from pictures import FOUND, of_class

from dark_samples.photos import names_of, picture_files, png_of, read_photo, show_camera

WINDOWS = 6  # files that are shown, where there is a screen


def mark_files(run, files, classes, find):
    """Write, for each file and each picture of each folder, a PNG of its size with the boxes found in it.

    `find` gives the Found of a photograph; `classes` are the names of the labels.
    """
    files = picture_files(files)
    if len(files) > WINDOWS:
        run.screen = None
    for file, name in zip(files, names_of(files), strict=True):
        photo = read_photo(file)
        found = find(photo)
        print(f"{file}: {counted(found.labels, classes)}")
        run.write_picture(f"{name}-marked.png", png_of(marked(photo, found, classes)))
    run.show({})


def mark_camera(run, classes, find):
    """Show what a camera sees, with the boxes found in it, until the window is closed."""
    show_camera(run, lambda photo: marked(photo, find(photo), classes))


def counted(labels, classes):
    """How many faces these are, and of which class where there are several."""
    text = "1 face" if len(labels) == 1 else f"{len(labels) or 'no'} faces"
    if len(classes) > 1 and len(labels):
        numbers = np.bincount(labels, minlength=len(classes))
        text += f" ({', '.join(f'{number} {name}' for number, name in zip(numbers, classes, strict=True))})"
    return text


def marked(photo, found, classes):
    """A photograph with boxes and their scores, uint8 (H, W, 3), in lines and letters that suit its size.

    Where there are several classes, their names are written too.
    """
    from PIL import Image, ImageDraw

    picture = Image.fromarray(photo)
    pen, longer = ImageDraw.Draw(picture), max(picture.size)
    for box, score, label in reversed([*zip(*found, strict=True)]):  # the best one last, on top
        left, top, right, bottom = np.rint(box).astype(int).tolist()
        corners = left, top, max(left, right - 1), max(top, bottom - 1)  # the pixels on the edge are in it
        color = of_class(FOUND, label)
        pen.rectangle(corners, outline=color, width=1 + longer // 250)
        text = f"{classes[label]} {score:.2f}" if len(classes) > 1 else f"{score:.2f}"
        write_above(picture, left, top, text, color, max(9, min((right - left) / 3, longer / 40)))
    return np.array(picture)


def write_above(picture, left, top, text, color, size):
    """A text above a place, in letters of this size; lower or further left where the picture ends."""
    from PIL import ImageDraw, ImageFont

    pen = ImageDraw.Draw(picture)
    font, gap = ImageFont.load_default(size), max(1, round(size / 8))
    width, height = pen.textbbox((gap, gap), text, font, anchor="lt")[2:]
    left, top = max(0, min(left, picture.width - width - gap)), max(0, top - height - gap)
    pen.rectangle((left, top, left + width + gap - 1, top + height + gap - 1), fill=color)
    pen.text((left + gap, top + gap), text, "white", font, anchor="lt")
