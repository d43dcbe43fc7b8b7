"""What stands behind: walls, rooms, streets, gardens, lights of the night, more or less out of focus."""

import numpy as np

from .canvas import Canvas, mixed, opencv, oval

WALLS = np.array([
    (214, 208, 196), (188, 194, 196), (166, 152, 136), (120, 132, 138), (90, 86, 82), (224, 222, 216),
    (146, 160, 140), (60, 66, 76), (180, 140, 110), (34, 34, 38), (202, 186, 160), (104, 124, 150),
])  # fmt: skip
THINGS = np.array([
    (150, 60, 44), (52, 76, 110), (206, 170, 90), (70, 104, 72), (92, 62, 46), (226, 220, 208), (40, 42, 48),
    (140, 120, 150), (190, 110, 60), (120, 150, 160),
])  # fmt: skip
SKIES = np.array([(150, 186, 224), (200, 214, 226), (226, 190, 160), (110, 130, 160), (168, 200, 214)])
GREENS = np.array([(62, 92, 44), (90, 120, 58), (120, 134, 70), (48, 70, 48), (140, 120, 60)])


def background(rng: np.random.Generator, height: int, width: int, places=None) -> np.ndarray:
    """A picture without anybody in it: uint8 (height, width, 3). It is drawn small, blurred and enlarged.

    It shows one of `places`, of all of them by default.
    """
    cv2 = opencv("a drawn background")
    scale = 2
    canvas = Canvas(np.empty((height // scale, width // scale, 3), np.uint8))
    places = places or PLACES
    places[int(rng.integers(len(places)))](canvas, rng)
    blur = rng.uniform(0.3, 3) * height / 192
    pixels = cv2.GaussianBlur(canvas.pixels, (0, 0), blur)
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR)


def one_of(rng, colors):
    """A color of a list, a little lighter or darker."""
    return colors[int(rng.integers(len(colors)))] * rng.uniform(0.8, 1.1)


def gradient(canvas, top, bottom):
    """Fill the canvas from one color above to another below."""
    t = np.linspace(0, 1, len(canvas.pixels))[:, None]
    canvas.pixels[:] = np.clip(mixed(top, bottom, t), 0, 255)[:, None]


def box(canvas, x, y, width, height, color):
    """A rectangle, in parts of the canvas."""
    size = np.array(canvas.pixels.shape[1::-1])
    canvas.fill(np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)]) * size, color)


def wall(canvas, rng):
    """A wall, evenly or unevenly lit, perhaps of boards or tiles."""
    color = one_of(rng, WALLS)
    gradient(canvas, color, color * rng.uniform(0.6, 1.15))
    pitch, kind = rng.uniform(0.06, 0.2), rng.random()
    if kind < 0.45:
        joint = color * rng.uniform(0.7, 1.15)
        for at in np.arange(rng.uniform(0, pitch), 1, pitch):
            if kind < 0.3:
                box(canvas, at, 0, 0.015, 1, joint)
            if kind > 0.15:
                box(canvas, 0, at, 1, 0.015, joint)


def room(canvas, rng):
    """A wall with pictures, a window, shelves full of books, a lamp."""
    color = one_of(rng, WALLS)
    gradient(canvas, color, 0.8 * color)
    for _ in range(rng.integers(1, 5)):
        x, y = rng.uniform(-0.2, 0.9), rng.uniform(-0.1, 0.6)
        w, h = rng.uniform(0.12, 0.45, 2)
        kind = rng.random()
        if kind < 0.35:  # a picture
            box(canvas, x, y, w, h, one_of(rng, THINGS) * 0.7)
            box(canvas, x + 0.02, y + 0.02, w - 0.04, h - 0.04, one_of(rng, WALLS))
            box(canvas, x + w * 0.3, y + h * 0.4, w * 0.4, h * 0.4, one_of(rng, THINGS))
        elif kind < 0.6:  # a window
            box(canvas, x, -0.1, w, 0.8, (236, 234, 228))
            box(canvas, x + 0.03, -0.1, w / 2 - 0.04, 0.76, one_of(rng, SKIES))
            box(canvas, x + w / 2 + 0.01, -0.1, w / 2 - 0.04, 0.76, one_of(rng, SKIES))
        elif kind < 0.9:  # shelves
            for shelf in np.arange(y, 1, 0.24):
                box(canvas, x, shelf + 0.2, 0.6, 0.03, (92, 66, 46))
                for book in np.arange(x, x + 0.58, 0.06):
                    tall = rng.uniform(0.1, 0.19)
                    box(canvas, book, shelf + 0.2 - tall, 0.05, tall, one_of(rng, THINGS))
        else:
            lamp(canvas, rng, x, y)


def lamp(canvas, rng, x, y):
    """A round lamp."""
    size = np.array(canvas.pixels.shape[1::-1])
    canvas.disc((x, y) * size, rng.uniform(0.05, 0.12) * size[0], (255, 240, 206))


def street(canvas, rng):
    """Houses with windows below the sky."""
    gradient(canvas, one_of(rng, SKIES), one_of(rng, SKIES))
    for x in np.arange(rng.uniform(-0.3, 0), 1, 0.32):
        top, color = rng.uniform(0.05, 0.5), one_of(rng, WALLS) * 0.85
        box(canvas, x, top, 0.31, 1, color)
        glass = color * rng.uniform(0.5, 1.3)
        for across in (0.05, 0.18):
            for down in np.arange(top + 0.06, 1, 0.17):
                box(canvas, x + across, down, 0.08, 0.1, glass)
    box(canvas, 0, 0.88, 1, 0.2, one_of(rng, WALLS) * 0.5)


def garden(canvas, rng):
    """Leaves, light between them, and stems."""
    color = one_of(rng, GREENS)
    gradient(canvas, mixed(color, one_of(rng, SKIES), rng.uniform(0, 0.8)), 0.7 * color)
    size = np.array(canvas.pixels.shape[1::-1])
    for _ in range(45):
        leaf = one_of(rng, GREENS) * rng.uniform(0.6, 1.35)
        across, down = rng.uniform(0.02, 0.12, 2) * size
        canvas.fill(oval(rng.random(2) * size, across, down, rng.uniform(0, 3), 10), leaf)
    for _ in range(rng.integers(0, 4)):
        box(canvas, rng.random(), 0, rng.uniform(0.02, 0.07), 1, (70, 54, 42))


def night(canvas, rng):
    """Round lights far away in the dark."""
    color = one_of(rng, WALLS) * 0.3
    gradient(canvas, color, 0.6 * color)
    size = np.array(canvas.pixels.shape[1::-1])
    for _ in range(26):
        shine = mixed(color, mixed((255, 214, 150), one_of(rng, THINGS), rng.random()), rng.uniform(0.3, 1))
        canvas.disc(rng.random(2) * size, rng.uniform(0.01, 0.07) * size[0], shine)


def crowd(canvas, rng):
    """People far behind, out of focus."""
    room(canvas, rng)
    size = np.array(canvas.pixels.shape[1::-1])
    for _ in range(rng.integers(2, 6)):
        x, y, r = rng.random() * size[0], rng.uniform(0.3, 0.8) * size[1], rng.uniform(0.05, 0.11) * size[0]
        canvas.fill(oval((x, y + 3 * r), 1.7 * r, 2.2 * r), one_of(rng, THINGS))
        canvas.disc((x, y - 0.3 * r), 1.1 * r, one_of(rng, THINGS) * 0.4)
        canvas.fill(oval((x, y), 0.8 * r, r), (198, 150, 120) * rng.uniform(0.4, 1.15, (1,)))


PLACES = (wall, wall, room, room, street, garden, garden, night, crowd)
