"""Photographs for the trained network: from files and from a camera, of any size."""

import cv2
import numpy as np
from pictures import draw_photos

from dark_samples.catalogue import SampleError
from dark_samples.photos import read_photo, show_camera

SIDE = 96  # of the pictures that the network takes
AROUND = 1.4  # sides of the square to the larger one of the face in it, much as in the training
RED = (220, 40, 40)


def mark_files(files, box, find):
    """Find the points of the face in each file, and draw them.

    `find` gives the points, (N, 68, 2), of pictures (N, 96, 96, 3); `box` says where the face is, as `square`
    has it.
    """
    photos = [read_photo(file) for file in files]
    return draw_photos(photos, [find_in(photo, box, find) for photo in photos])


def mark_camera(run, find):
    """Show what a camera sees, with the points of the face in it, until the window is closed."""

    def marked(photo):
        left, top, side = square(photo.shape, None)
        middle = np.ascontiguousarray(photo[top : top + side, left : left + side])
        for x, y in find_in(middle, None, find):
            cv2.circle(middle, (round(float(x)), round(float(y))), 2, RED, -1, cv2.LINE_AA)
        return middle

    show_camera(run, marked)


def find_in(photo, box, find):
    """The points of the face in a photograph, (68, 2), in its pixels."""
    left, top, side = square(photo.shape, box)
    points = find(cut(photo, left, top, side)[None])[0]
    return (points + 0.5) * (side / SIDE) - 0.5 + (left, top)


def square(shape, box):
    """Which part of a photograph of this shape the network is given: left, top and side, in pixels.

    The square in its middle; with a `box` around the face, (left, top, width, height) from the brows to the
    chin, the square around that which leaves it as much room as a face has in the pictures of the training.
    """
    if box is None:
        height, width = shape[:2]
        side = min(height, width)
        return (width - side) // 2, (height - side) // 2, side
    left, top, width, height = box
    if width < 1 or height < 1:
        raise SampleError(f"--box {left} {top} {width} {height}: width and height must be positive")
    side = round(AROUND * max(width, height))
    return left + (width - side) // 2, top + (height - side) // 2, side


def cut(photo, left, top, side):
    """A square of a photograph, resized for the network; where it reaches beyond, its edge is repeated."""
    height, width = photo.shape[:2]
    if left >= width or top >= height or left + side <= 0 or top + side <= 0:
        raise SampleError(f"--box: it lies outside of the photograph, which is {width} pixels by {height}")
    rows = np.clip(np.arange(top, top + side), 0, height - 1)
    columns = np.clip(np.arange(left, left + side), 0, width - 1)
    return cv2.resize(photo[rows[:, None], columns], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
