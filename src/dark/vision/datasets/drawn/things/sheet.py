"""The sheet on which a small picture is drawn large, and the camera that shrinks it."""

import numpy as np

from ..people.canvas import opencv

ANY = (0, 99)  # for what is there or not, or of one sort or another
MULTIPLE = 4  # the sheet is so many times as wide as the picture: shrinking it is what smooths the edges


class Sheet:
    """A square. A point is (x, y) from -1 to 1, y downwards; a color is (red, green, blue), 0 to 255."""

    def __init__(self, size: int):
        self.cv2 = opencv("drawing")
        self.size = size
        self.width = size * MULTIPLE
        self.pixels = np.zeros((self.width, self.width, 3), np.uint8)

    def places(self, points) -> np.ndarray:
        """The pixels of some points."""
        return np.rint((np.asarray(points) + 1) * (self.width / 2) - 0.5).astype(np.int32)

    def fill(self, points, color) -> None:
        """The area inside these points."""
        self.cv2.fillPoly(self.pixels, [self.places(points)], rgb(color))

    def line(self, points, color, width: float = 0.02, closed=False) -> None:
        """A line through these points."""
        thickness = max(1, round(width * self.width / 2))
        self.cv2.polylines(self.pixels, [self.places(points)], closed, rgb(color), thickness)

    def disc(self, x, y, radius, color) -> None:
        """A circle and what is in it."""
        center = self.places((x, y)).tolist()
        self.cv2.circle(self.pixels, center, max(1, round(radius * self.width / 2)), rgb(color), -1)

    def enlarged(self, field, width: int) -> np.ndarray:
        """A small field of numbers, (h, w), smoothly enlarged: float32 (width, width)."""
        size = width, width
        return self.cv2.resize(field.astype(np.float32), size, interpolation=self.cv2.INTER_CUBIC)

    def cover(self, image) -> None:
        """Cover the sheet with an image, (h, w, 3), that may be smaller."""
        size = self.width, self.width
        image = np.clip(image, 0, 255).astype(np.uint8)
        self.pixels = self.cv2.resize(image, size, interpolation=self.cv2.INTER_LINEAR)

    def shadow(self, points, depth: float, softness: float = 0.05) -> None:
        """Darken the area inside these points, by `depth` from 0 to 1, with a soft edge."""
        places = self.places(points)
        reach = 1 + 2 * max(1, round(softness * self.width / 2))
        left, top = np.clip(places.min(0) - reach, 0, self.width)
        right, bottom = np.clip(places.max(0) + reach + 1, 0, self.width)
        part = self.pixels[top:bottom, left:right]  # no other pixel changes
        if part.size:
            mask = np.zeros(part.shape[:2], np.uint8)
            self.cv2.fillPoly(mask, [places - (left, top)], 255)
            light = 1 - (depth / 255) * self.cv2.blur(mask, (reach, reach)).astype(np.float32)
            part[:] = part * light[..., None]

    def shrunk(self) -> np.ndarray:
        """The picture: float32 (size, size, 3), 0 to 255."""
        size = self.size, self.size
        return self.cv2.resize(self.pixels, size, interpolation=self.cv2.INTER_AREA).astype(np.float32)


def rgb(color) -> tuple[int, ...]:
    """A color as OpenCV takes it."""
    return tuple(int(min(255, max(0, value))) for value in color)


def between(one, other, share: float):
    """The color that has `share` of the other one."""
    return np.asarray(one) * (1 - share) + np.asarray(other) * share


def photograph(sheet: Sheet, c, grain: int) -> np.ndarray:
    """What a camera makes of a sheet: light, color cast, blur and noise; uint8 (size, size, 3).

    `c` holds `exposure`, `contrast`, `warmth`, `fade`, `blur` and `noise`; `grain` seeds the noise.
    """
    rng = np.random.default_rng(grain)
    image = sheet.shrunk()
    if c.blur > 0.25:
        image = sheet.cv2.GaussianBlur(image, (3, 3), c.blur)
    middle = image.mean()
    image = middle + c.contrast * (image - middle)
    image *= c.exposure * np.array([1 + c.warmth, 1, 1 - c.warmth], np.float32)
    gray = image.mean(axis=2, keepdims=True)
    image += c.fade * (gray - image)
    image += 255 * c.noise * rng.standard_normal((sheet.size, sheet.size, 1), np.float32)
    image += 128 * c.noise * rng.standard_normal(image.shape, np.float32)
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)
