"""Photographs for the trained network: from files and from a camera, of any size."""

import cv2
import numpy as np
from pictures import draw_photos

from dark_samples.catalogue import SampleError

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
    if run.screen is None:
        raise SampleError("--camera: there is no screen for the window that shows what the camera sees")
    for photo in camera_photos():
        for x, y in find_in(photo, None, find):
            cv2.circle(photo, (round(float(x)), round(float(y))), 2, RED, -1, cv2.LINE_AA)
        run.screen.show("Camera", cv2.imencode(".png", photo[:, :, ::-1])[1].tobytes())
        if not run.screen.is_open():
            return


def read_photo(file):
    """A picture file of any kind and size, upright: uint8 (H, W, 3)."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(file) as picture:
            return np.array(ImageOps.exif_transpose(picture).convert("RGB"))
    except UnidentifiedImageError as error:
        raise SampleError(f"{file} is no picture") from error


def camera_photos():
    """The middle squares of what the first camera sees, mirrored: uint8 (S, S, 3), one after the other."""
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # what is wrong is said below
    camera = cv2.VideoCapture(0)
    try:
        while True:
            works, frame = camera.read()
            if not works:
                raise SampleError("--camera: there is no camera, or it can't be used")
            left, top, side = square(frame.shape, None)
            yield frame[top : top + side, left : left + side][:, ::-1, ::-1].copy()  # OpenCV has blue first
    finally:
        camera.release()


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
