"""Faces as other photographs would show them: turned, mirrored, in another light, out of focus.

Picture and points change together. The random numbers come from whoever calls, so that both versions of the
sample see the same pixels; half a dozen of them describe a photograph, and all of it takes a tenth of a
millisecond.
"""

import cv2
import numpy as np

DEGREES = 10  # turned by at most so much to either side
BRIGHTNESS = 0.15  # darker or brighter by at most this part of white
CONTRAST = 0.25  # distances from the middle gray smaller or larger by at most this part
BLUR = 1.0  # pixels: the largest standard deviation; a half of the pictures is left sharp

# Where the 68 points of a face are in its mirror image: its right eye is the left one there.
MIRRORED = np.array([
    *range(16, -1, -1),  # jaw
    *range(26, 16, -1),  # brows
    *range(27, 31), *range(35, 30, -1),  # nose
    *range(45, 41, -1), 47, 46, *range(39, 35, -1), 41, 40,  # eyes
    *range(54, 47, -1), *range(59, 54, -1), *range(64, 59, -1), *range(67, 64, -1),  # lips
])  # fmt: skip


def augmented(image, points, numbers):
    """A face, uint8 (H, W, 3) and float32 (68, 2), as another photograph shows it.

    Five `numbers` from 0 to 1 say which.
    """
    flip, angle, brightness, contrast, blur = numbers
    if flip < 0.5:
        image, points = mirrored(image, points)
    image, points = turned(image, points, DEGREES * (2 * angle - 1))
    image = with_light(image, BRIGHTNESS * (2 * brightness - 1), 1 + CONTRAST * (2 * contrast - 1))
    return blurred(image, BLUR * (2 * blur - 1)), points


def mirrored(image, points):
    """Left and right exchanged."""
    points = points[MIRRORED]
    points[:, 0] = image.shape[1] - 1 - points[:, 0]
    return np.ascontiguousarray(image[:, ::-1]), points


def turned(image, points, degrees):
    """Turned about the middle, against the clock; what comes in at the corners is the picture, reflected."""
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1)  # (2, 3)
    image = cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)
    return image, (points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)


def with_light(image, brightness, contrast):
    """Each value moved away from the middle gray or towards it, then up or down; what has no room is cut."""
    values = (np.arange(256) - 127.5) * contrast + 127.5 + 255 * brightness
    return np.clip(values.round(), 0, 255).astype(np.uint8)[image]


def blurred(image, sigma):
    """Out of focus, by a Gaussian of so many pixels; up to 0 the picture stays as it is."""
    return cv2.GaussianBlur(image, (0, 0), sigma) if sigma > 0 else image
