"""The sheet clothes are drawn on, and what makes a photograph of a flat drawing: fabric, light, camera."""

import math

import cv2
import numpy as np

SIZE = 28  # pixels of the picture
FINE = 4 * SIZE  # pixels of the sheet; shrinking it by area is what smooths the edges
Y, X = np.mgrid[-1 : 1 : FINE * 1j, -1 : 1 : FINE * 1j].astype(np.float32)
MIRROR = np.array([-1, 1])


class Sheet:
    """A black square. A point is (x, y) from -1 to 1, y downwards; a tone is from 0, black, to 1, white."""

    def __init__(self):
        self.pixels = np.zeros((FINE, FINE), np.uint8)

    def fill(self, points, tone):
        """The area inside these points."""
        cv2.fillPoly(self.pixels, [places(points)], round(255 * tone))

    def fill_pair(self, points, tone):
        """The area on the right, and its mirror image on the left."""
        self.fill(points, tone)
        self.fill(points * MIRROR, tone)

    def fill_whole(self, points, tone):
        """The area whose outline on the right runs through these points from top to bottom."""
        self.fill(whole(points), tone)

    def line(self, points, tone, width=0.03, closed=False):
        """A line through these points."""
        thickness = max(1, round(width * FINE / 2))
        cv2.polylines(self.pixels, [places(points)], closed, round(255 * tone), thickness)

    def line_pair(self, points, tone, width=0.03):
        """The line on the right, and its mirror image on the left."""
        self.line(points, tone, width)
        self.line(points * MIRROR, tone, width)

    def oval(self, x, y, width, height, tone):
        """An ellipse with these half axes."""
        angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        self.fill(np.stack([x + width * np.cos(angle), y + height * np.sin(angle)], 1), tone)


def places(points):
    """The pixels of some points."""
    return np.rint((np.asarray(points) + 1) * (FINE / 2) - 0.5).astype(np.int32)


def whole(points):
    """The right half of an outline, joined by its mirror image."""
    points = np.asarray(points)
    return np.concatenate([points, points[::-1] * MIRROR])


def rounded(points, closed=True):
    """The same line with its corners cut twice (Chaikin 1974): nearly a smooth curve."""
    points = np.asarray(points)
    for _ in range(2):
        start, stop = (points, np.roll(points, -1, axis=0)) if closed else (points[:-1], points[1:])
        cut = np.stack([0.75 * start + 0.25 * stop, 0.25 * start + 0.75 * stop], 1).reshape(-1, 2)
        points = cut if closed else np.concatenate([points[:1], cut, points[-1:]])
    return points


def ink(c, much):
    """A tone that shows on the fabric: darker where that is light, lighter where it is dark."""
    if c.tone > 0.4 + 0.4 * c.thread:
        return c.tone * (1 - much)
    return c.tone + (1 - c.tone) * much


def pattern(c, rng):
    """How much each point of the fabric is darkened, 0 to 1 or a little more."""
    if c.pattern < 0.40:  # plain
        return 0.0
    if c.pattern < 0.48:  # faded
        return blotches(5, rng)
    if c.pattern < 0.58:  # two colours
        return 1.6 * (3 * c.light < Y)
    if c.pattern < 0.70:
        return stripes(Y, c.pitch)
    if c.pattern < 0.78:
        return stripes(X + c.pitch / 4, c.pitch)
    if c.pattern < 0.88:  # checks
        return (stripes(Y, c.pitch) + stripes(X + c.pitch / 4, c.pitch)) / 2
    return blotches(round(3 / c.pitch), rng)  # print


def stripes(x, pitch):
    """1 and 0 in turn."""
    return (np.mod(x / pitch, 1) < 0.5).astype(np.float32)


def blotches(cells, rng):
    """Smooth random spots, so many in a row."""
    spots = cv2.resize(rng.random((cells, cells), np.float32), (FINE, FINE), interpolation=cv2.INTER_CUBIC)
    return np.clip(3 * spots - 1, 0, 1)


def photograph(sheet: Sheet, c, grain: int) -> np.ndarray:
    """The picture of a drawing, its noise seeded by `grain`: uint8 (28, 28)."""
    rng = np.random.default_rng(grain)
    image = sheet.pixels.astype(np.float32)
    image *= 1 - c.contrast * pattern(c, rng)
    bend, phase = 0.1 * np.sin(5 * Y), 6.28 * c.fold_phase
    across = X * math.cos(c.fold_angle) + Y * math.sin(c.fold_angle) + bend
    image *= 1 + c.fold * np.sin(6.28 * across / c.fold_pitch + phase) + c.light * X
    from_edge = cv2.distanceTransform((sheet.pixels > 0).astype(np.uint8), cv2.DIST_L2, 3)
    image *= 1 - c.rim * np.exp(-from_edge / 4)
    image = cv2.warpAffine(image, placement(c), (FINE, FINE), flags=cv2.INTER_LINEAR)
    image = cv2.resize(image, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    image = cv2.GaussianBlur(image, (3, 3), c.blur)
    image += 255 * c.noise * rng.standard_normal(image.shape, np.float32) * (image > 8)
    return np.clip(image, 0, 255).astype(np.uint8)


def placement(c):
    """The matrix that mirrors, stretches, turns, scales and shifts the drawing about its middle."""
    cos, sin, middle = math.cos(c.turn), math.sin(c.turn), (FINE - 1) / 2
    across = c.stretch if c.mirror < 0.5 else -c.stretch
    matrix = c.scale * np.array([[across * cos, -sin], [across * sin, cos]])
    shift = middle * (1 + np.array([c.right, c.down])) - matrix @ [middle, middle]
    return np.column_stack([matrix, shift])
