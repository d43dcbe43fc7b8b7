"""What to draw on: smooth outlines, lines and soft shadows on a picture, with OpenCV."""

import math
from contextlib import contextmanager
from functools import cache

import numpy as np

BITS = 4  # of a coordinate's fraction: points lie between pixels, too


def opencv(name: str):
    """The module `cv2`, for what is called `name`, or an error that says how to install it."""
    try:
        import cv2
    except ImportError as error:
        raise ImportError(
            f"{name} needs OpenCV, which is not installed: pip install opencv-python-headless"
        ) from error
    return cv2


class Canvas:
    """A picture to draw on, uint8 (H, W, 3), or a part of one.

    A point is (x, y) in pixels, y downwards; whole numbers are the centers of pixels, `origin` is that of the
    upper left one. A color is (red, green, blue) from 0 to 255.
    """

    def __init__(self, pixels: np.ndarray, origin=(0, 0)):
        self.cv2 = opencv("drawing")
        self.pixels, self.origin = pixels, origin

    def places(self, points):
        """Points as OpenCV takes them: whole numbers of fractions of pixels."""
        return np.rint((np.asarray(points) - self.origin) * 2**BITS).astype(np.int32)

    def fill(self, outline, color) -> None:
        """The area inside some points."""
        self.cv2.fillPoly(self.pixels, [self.places(outline)], rgb(color), self.cv2.LINE_AA, BITS)

    def fill_around(self, outlines, color) -> None:
        """The area inside the first outline and outside the others."""
        places = [self.places(outline) for outline in outlines]
        self.cv2.fillPoly(self.pixels, places, rgb(color), self.cv2.LINE_AA, BITS)

    def line(self, points, color, width=1.0, closed=False) -> None:
        """A line through some points."""
        self.lines([points], color, width, closed)

    def lines(self, curves, color, width=1.0, closed=False) -> None:
        """Several lines through as many points each, (lines, points, 2)."""
        places, thickness = list(self.places(curves)), max(1, round(width))
        self.cv2.polylines(self.pixels, places, closed, rgb(color), thickness, self.cv2.LINE_AA, BITS)

    def disc(self, center, radius, color) -> None:
        """A circle and what is in it."""
        x, y = self.places(center).tolist()
        self.cv2.circle(
            self.pixels, (x, y), round(radius * 2**BITS), rgb(color), -1, self.cv2.LINE_AA, BITS
        )

    @contextmanager
    def inside(self, outline, opacity=1.0):
        """A canvas of which only what is inside some points remains, more or less transparent."""
        part, origin = self.part(outline)
        if part.size == 0:
            yield Canvas(np.zeros((1, 1, 3), np.uint8), origin)
            return
        before = part.copy()
        yield Canvas(part, origin)
        mask = np.zeros(part.shape[:2], np.uint8)
        inner = np.rint((np.asarray(outline) - origin) * 2**BITS).astype(np.int32)
        self.cv2.fillPoly(mask, [inner], 255, self.cv2.LINE_AA, BITS)
        new = mask.astype(np.float32) * opacity
        part[:] = self.cv2.blendLinear(part, before, new, 255 - new)

    def part(self, points, margin=2):
        """The pixels around some points, and the point of the first."""
        height, width = self.pixels.shape[:2]
        points = np.asarray(points) - self.origin
        left, top = np.clip(np.floor(points.min(0)) - margin, 0, (width, height)).astype(int).tolist()
        right, bottom = np.clip(np.ceil(points.max(0)) + margin, 0, (width, height)).astype(int).tolist()
        return self.pixels[top:bottom, left:right], (self.origin[0] + left, self.origin[1] + top)


class Shadows:
    """Soft darker and lighter spots inside an outline, gathered at half the size, laid on all at once."""

    NEUTRAL = 128

    def __init__(self, canvas: Canvas, outline):
        self.cv2, self.outline = canvas.cv2, outline
        self.pixels, self.origin = canvas.part(outline)
        height, width = self.pixels.shape[:2]
        self.map = Canvas(np.full((height // 2 + 1, width // 2 + 1, 3), self.NEUTRAL, np.uint8))

    def fill(self, outline, factor) -> None:
        """Multiply the colors inside some points by `factor`, one for each color or for all."""
        self.map.fill((np.asarray(outline) - self.origin) / 2 - 0.25, self.NEUTRAL * np.asarray(factor))

    def lay(self, blur) -> None:
        """Multiply the canvas by the spots, smoothed over so many pixels."""
        height, width = self.pixels.shape[:2]
        if not height or not width:
            return
        spots = self.cv2.GaussianBlur(self.map.pixels, (0, 0), max(blur / 2, 0.3))
        size = 2 * spots.shape[1], 2 * spots.shape[0]
        spots = self.cv2.resize(spots, size, interpolation=self.cv2.INTER_LINEAR)[:height, :width]
        corners = np.array([(-1, -1), (width, -1), (width, height), (-1, height)]) + self.origin
        Canvas(spots, self.origin).fill_around([corners, self.outline], [self.NEUTRAL] * 3)
        self.cv2.multiply(self.pixels, spots, self.pixels, 1 / self.NEUTRAL)


def rgb(color):
    """A color as OpenCV takes it; OpenCV cuts what is below 0 or above 255."""
    return tuple(map(float, color))


def mixed(first, second, part):
    """A color between two, `part` of it the second."""
    return np.add(first, part * np.subtract(second, first, dtype=float))


def oval(center, across, down, angle=0.0, count=20):
    """The outline of an ellipse with these half axes, turned."""
    cos, sin = math.cos(angle), math.sin(angle)
    return circle(count) @ np.array([(across * cos, across * sin), (-down * sin, down * cos)]) + center


@cache
def circle(count):
    """So many points on a circle."""
    t = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.stack([np.cos(t), np.sin(t)], 1)


def smooth(points, closed=False):
    """A curve through some points (..., n, 2), four pieces from each to the next (Catmull & Rom 1974)."""
    points = np.asarray(points, float)
    return spline(points.shape[-2], closed) @ points


@cache
def spline(count, closed, pieces=4):
    """The matrix that takes points to the points of their curve."""
    t = np.arange(pieces)[:, None] / pieces
    weights = 0.5 * np.concatenate(
        [-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2], axis=1
    )
    segments = count if closed else count - 1
    matrix = np.zeros((segments * pieces + (not closed), count))
    for segment in range(segments):
        rows = slice(segment * pieces, (segment + 1) * pieces)
        for column, k in enumerate(range(segment - 1, segment + 3)):
            place = k % count if closed else min(max(k, 0), count - 1)
            matrix[rows, place] += weights[:, column]
    if not closed:
        matrix[-1, -1] = 1
    return matrix
