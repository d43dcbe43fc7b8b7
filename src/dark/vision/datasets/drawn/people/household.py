"""What stands, hangs and rises around people: round ones, skin-colored ones, none with a face."""  # dark-7

import copy

import numpy as np

from .background import GREENS, SKIES, THINGS, WALLS, one_of
from .canvas import Canvas, Shadows, mixed, oval, smooth
from .face import SKIN, ramp

# Whole numbers: places and sizes in thousandths of the picture's width, angles in degrees, others hundredths.
THING = {
    "kind": (0, 99), "x": (0, 1000), "y": (0, 1000), "size": (110, 300), "hue": (0, 99), "tone": (0, 99),
    "turn": (-30, 30), "grain": (0, 2**31 - 1),
}  # fmt: skip
HANGS, STANDS = 40, 85  # kinds below the first hang, those below the second stand on a shelf, others rise
WOODS = np.array([
    (120, 84, 56), (84, 58, 40), (168, 128, 88), (200, 164, 120), (60, 44, 36), (220, 214, 204),
])  # fmt: skip
FRUITS = np.array([
    (222, 124, 40), (196, 44, 36), (236, 190, 70), (128, 160, 56), (228, 156, 110), (214, 96, 60),
])  # fmt: skip
PAPER, INK = np.array((240, 236, 226)), np.array((36, 34, 36))


class Thing:
    """A thing in a picture of `size` pixels: its middle `at`, its half size `r`, its colors.

    Its own places are (x, y) from -1 to 1, y downwards.
    """

    def __init__(self, numbers: dict[str, int], size: int, light: float):
        self.rng = np.random.default_rng(numbers["grain"])
        self.light = light  # negative from the left
        self.at = np.array([numbers["x"], numbers["y"]]) / 1000 * size
        self.r, self.turn = numbers["size"] / 2000 * size, np.radians(numbers["turn"])
        self.kind, hue = numbers["kind"], numbers["hue"]
        self.skin = ramp(SKIN, (numbers["tone"] / 100) ** 1.3)
        others = FRUITS if hue < 55 else THINGS if hue < 85 else WALLS
        self.color = self.skin if hue < 40 else one_of(self.rng, others)

    def on(self, *places, turn=0.0):
        """Where places of the thing are in the picture, when it is turned."""
        cos, sin = np.cos(turn), np.sin(turn)
        return np.asarray(places, float) @ [(cos, sin), (-sin, cos)] * self.r + self.at

    def around(self, place, across, down, turn=0.0):
        """The outline of an ellipse with these half axes around a place."""
        return oval(self.on(place)[0], across * self.r, down * self.r, turn, 28)

    def shade(self, canvas, outline, place=(0, 0), wide=1.0) -> None:
        """Make what is inside an outline look round: dark on one side, with a light spot on the other."""
        shadows, side = Shadows(canvas, outline), 1 if self.light < 0 else -1
        x, y = place
        dark, bright = (x + 0.75 * side * wide, y + 0.5 * wide), (x - 0.35 * side * wide, y - 0.25 * wide)
        shadows.fill(self.around(dark, 0.8 * wide, 1.1 * wide), [0.62] * 3)
        shadows.fill(self.around(bright, 0.45 * wide, 0.4 * wide), [1.22] * 3)
        shadows.lay(0.3 * wide * self.r)


def draw_thing(canvas: Canvas, numbers: dict[str, int], size: int, light: float) -> None:
    """Draw one of them, on a shelf if it has to stand."""
    thing = Thing(numbers, size, light)
    if thing.kind < HANGS:
        HANGING[thing.kind * len(HANGING) // HANGS](canvas, thing)
    elif thing.kind < STANDS:
        draw_shelf(canvas, thing)
    else:
        RISING[(thing.kind - STANDS) * len(RISING) // (100 - STANDS)](canvas, thing)


def draw_shelf(canvas, shelf):
    """A board with some things on it; `at` is the middle of the largest that may stand there."""
    rng, wood = shelf.rng, one_of(shelf.rng, WOODS)
    half = rng.uniform(1.4, 3.2)
    canvas.fill(shelf.on((-half, 1), (half, 1), (half, 1.16), (-half, 1.16)), wood)
    canvas.fill(shelf.on((-half, 1.16), (half, 1.16), (half, 1.21), (-half, 1.21)), 0.6 * wood)
    x = 1 - half
    while x < half - 0.5:
        thing, part = copy.copy(shelf), rng.uniform(0.5, 1.0)
        thing.r, thing.at = part * shelf.r, shelf.on((x, 1 - part))[0]
        if x > 1 - half and rng.random() < 0.6:
            thing.color = one_of(rng, THINGS)
        STANDING[int(rng.integers(len(STANDING)))](canvas, thing)
        x += 1.2 + part


def draw_ball(canvas, t):
    """A ball of one color, with seams or with stripes."""
    outline, kind = t.around((0, 0), 1, 1), t.rng.random()
    canvas.fill(outline, t.color)
    if kind < 0.7:
        y = np.linspace(-1, 1, 7)
        with canvas.inside(outline) as part:
            for bend in (-0.9, 0.0, 0.9):
                seam = smooth(t.on(*zip(bend * (1 - 0.7 * y**2), y, strict=True), turn=t.turn + 0.5))
                part.line(seam, *((0.35 * t.color, 0.05 * t.r) if kind < 0.35 else (PAPER, 0.3 * t.r)))
    t.shade(canvas, outline)


def draw_fruit(canvas, t):
    """Up to three apples, oranges or peaches with their stems."""
    for _ in range(int(t.rng.integers(1, 4))):
        x = t.rng.uniform(-0.6, 0.6)
        outline = t.around((x, 0.4), 0.6, 0.6 * t.rng.uniform(0.85, 1.05))
        canvas.fill(outline, one_of(t.rng, FRUITS))
        t.shade(canvas, outline, (x, 0.4), 0.6)
        canvas.line(t.on((x, -0.11), (x + 0.06, -0.35)), WOODS[1], 0.07 * t.r)


def draw_jar(canvas, t):
    """A vase or a jug."""
    belly, neck = t.rng.uniform(0.6, 0.95), t.rng.uniform(0.25, 0.5)
    right = np.array([(0.3, 1.0), (0.55, 1.0), (belly, 0.3), (neck, -0.5), (neck + 0.12, -1.0)])
    outline = smooth(t.on((0, -1), *right[::-1] * (-1, 1), *right), closed=True)
    canvas.fill(outline, t.color)
    canvas.line(t.around((0, -0.97), neck, 0.08), 0.6 * t.color, 0.05 * t.r, closed=True)
    t.shade(canvas, outline)


def draw_dummy(canvas, t):
    """The head of a shop-window dummy: an egg on a neck."""
    canvas.fill(t.on((-0.3, 0.2), (0.3, 0.2), (0.5, 1), (-0.5, 1)), 0.8 * t.skin)
    right = np.array([(0.5, -0.85), (0.68, -0.4), (0.6, 0.15), (0.25, 0.55)])
    outline = smooth(t.on((0, -1), *right, *right[::-1] * (-1, 1)), closed=True)
    canvas.fill(outline, t.skin)
    t.shade(canvas, outline, (0, -0.2), 0.8)


def draw_loaf(canvas, t):
    """Bread, with cuts."""
    color = mixed((206, 150, 92), t.skin, 0.4)
    outline = smooth(t.on((-1, 0.95), (-1, 0.35), (-0.5, -0.05), (0.5, -0.05), (1, 0.35), (1, 0.95)))
    canvas.fill(outline, color)
    for x in (-0.5, 0.0, 0.5):
        canvas.line(t.on((x - 0.1, 0.15), (x + 0.15, 0.55)), mixed(color, PAPER, 0.5), 0.1 * t.r)
    t.shade(canvas, outline, (0, 0.45), 0.8)


def draw_pot(canvas, t):
    """A plant in a pot."""
    green = one_of(t.rng, GREENS)
    for angle in np.linspace(-1.2, 1.2, int(t.rng.integers(7, 15))):
        angle, long = angle + t.rng.uniform(-0.15, 0.15), t.rng.uniform(0.8, 1.7)
        middle = 0.6 * long * np.sin(angle), 0.5 - 0.6 * long * np.cos(angle)
        canvas.fill(t.around(middle, 0.16, 0.5 * long, angle), green * t.rng.uniform(0.6, 1.3))
    canvas.fill(t.on((-0.45, 0.4), (0.45, 0.4), (0.33, 1), (-0.33, 1)), t.color)
    canvas.fill(t.on((-0.5, 0.35), (0.5, 0.35), (0.5, 0.49), (-0.5, 0.49)), 0.8 * t.color)


def draw_books(canvas, t):
    """A few books beside each other."""
    x = -0.9
    while x < 0.8:
        wide, top = t.rng.uniform(0.2, 0.36), 1 - t.rng.uniform(1.1, 1.9)
        color = one_of(t.rng, THINGS)
        canvas.fill(t.on((x, top), (x + wide, top), (x + wide, 1), (x, 1)), color)
        canvas.line(t.on((x, top + 0.25), (x + wide, top + 0.25)), mixed(color, PAPER, 0.5), 0.08 * t.r)
        x += wide + 0.02


def draw_clock(canvas, t):
    """A clock on the wall: its hours and its hands."""
    dial = t.skin if t.color is t.skin else PAPER * t.rng.uniform(0.8, 1)
    canvas.disc(t.at, t.r, one_of(t.rng, THINGS))
    canvas.disc(t.at, 0.86 * t.r, dial)
    for angle in np.arange(12) * np.pi / 6:
        canvas.line(t.on((0, -0.68), (0, -0.78), turn=angle), INK, 0.07 * t.r)
    for long, width in ((0.45, 0.1), (0.65, 0.06)):
        canvas.line(t.on((0, 0), (0, -long), turn=t.rng.uniform(0, 2 * np.pi)), INK, width * t.r)
    canvas.disc(t.at, 0.07 * t.r, INK)


def draw_plate(canvas, t):
    """A plate on the wall, with a rim, perhaps with a pattern."""
    canvas.disc(t.on((0.05, 0.05))[0], 1.02 * t.r, INK)
    canvas.disc(t.at, t.r, t.color)
    canvas.disc(t.at, 0.72 * t.r, 0.85 * t.color)
    canvas.disc(t.at, 0.68 * t.r, mixed(t.color, PAPER, 0.3))
    if t.rng.random() < 0.6:
        other = one_of(t.rng, THINGS)
        for angle in np.arange(8) * np.pi / 4:
            canvas.disc(t.on((0.85, 0), turn=angle)[0], 0.08 * t.r, other)
        canvas.disc(t.at, 0.25 * t.r, other)


def draw_lamp(canvas, t):
    """A globe or a shade on a cord."""
    canvas.line([t.at, (t.at[0], -9)], INK, 0.06 * t.r)
    if t.rng.random() < 0.6:
        outline = t.around((0, 0), 1, t.rng.uniform(0.8, 1.1))
        canvas.fill(outline, mixed((255, 236, 196), t.skin, 0.35))
        t.shade(canvas, outline)
    else:
        canvas.fill(t.around((0, 0.55), 0.3, 0.25), (255, 244, 220))
        canvas.fill(t.on((-0.3, -0.6), (0.3, -0.6), (0.95, 0.5), (-0.95, 0.5)), t.color)


def draw_balloons(canvas, t):
    """One to three balloons on strings."""
    for balloon in range(int(t.rng.integers(1, 4))):
        x, y = t.rng.uniform(-1.2, 1.2, 2) * (balloon > 0)
        color = one_of(t.rng, FRUITS) if balloon else t.color
        string = t.on((x, y + 1), (x + 0.4, y + 3), (x + t.rng.uniform(-0.5, 0.5), y + 5))
        canvas.line(smooth(string), (90, 86, 84), 0.04 * t.r)
        canvas.fill(t.on((x - 0.12, y + 1.12), (x + 0.12, y + 1.12), (x, y + 0.9)), 0.8 * color)
        outline = t.around((x, y), 0.82, 1)
        canvas.fill(outline, color)
        t.shade(canvas, outline, (x, y))


def draw_picture(canvas, t):
    """A picture in its frame: hills below a sky."""
    frame = np.array([(-1, -0.8), (1, -0.8), (1, 0.8), (-1, 0.8)])
    canvas.fill(t.on(*frame), one_of(t.rng, WOODS))
    inner = t.on(*0.84 * frame)
    canvas.fill(inner, one_of(t.rng, SKIES))
    with canvas.inside(inner) as part:
        part.disc(t.on(t.rng.uniform(-0.5, 0.3, 2))[0], 0.22 * t.r, (250, 226, 170))
        for low in (0.1, 0.3):
            hill = t.around((t.rng.uniform(-0.8, 0.8), 0.8 + low), 1.1, 0.8)
            part.fill(hill, (1 - low) * one_of(t.rng, GREENS))


def draw_hand(canvas, t):
    """An arm from below with an open hand."""
    canvas.fill(t.on((-0.26, 0.7), (0.26, 0.7), (0.34, 2.4), (-0.34, 2.4), turn=t.turn), 0.92 * t.skin)
    canvas.fill(t.on((-0.42, 1.7), (0.42, 1.7), (0.6, 9), (-0.6, 9), turn=t.turn), one_of(t.rng, THINGS))
    spread = t.rng.uniform(0.12, 0.3)
    for at, long in ((-1.5, 0.8), (-0.5, 1.0), (0.5, 0.95), (1.5, 0.75)):
        x, y = 0.19 * at, 0.1
        tip = x + long * np.sin(spread * at), y - long * np.cos(spread * at)
        finger = t.on((x, y), tip, turn=t.turn)
        canvas.line(finger, t.skin * (0.66, 0.55, 0.52), 0.25 * t.r)
        canvas.line(finger, 0.97 * t.skin, 0.2 * t.r)
    canvas.line(t.on((0.3, 0.55), (0.75, 0.2), (0.85, -0.1), turn=t.turn), 0.95 * t.skin, 0.22 * t.r)
    right = np.array([(0.42, 0.05), (0.4, 0.55), (0.24, 0.85)])
    canvas.fill(smooth(t.on(*right, *right[::-1] * (-1, 1), turn=t.turn), closed=True), t.skin)


def draw_flower(canvas, t):
    """A flower as large as a head."""
    canvas.line(t.on((0, 0), (0.3, 9)), GREENS[1], 0.12 * t.r)
    petal = one_of(t.rng, FRUITS[[2, 2, 4, 1]]) if t.rng.random() < 0.7 else t.color
    for leaf, angle in enumerate(np.arange(15) * 2 * np.pi / 15):
        middle = 0.7 * np.cos(angle), 0.7 * np.sin(angle)
        canvas.fill(t.around(middle, 0.32, 0.14, angle), petal * (1 - 0.04 * (leaf % 3)))
    canvas.disc(t.at, 0.46 * t.r, one_of(t.rng, WOODS[:3]))


def draw_bush(canvas, t):
    """Leaves that reach up from below."""
    green = one_of(t.rng, GREENS)
    for _ in range(26):
        middle = t.rng.normal(0, 0.7), t.rng.exponential(1.5) - 0.8
        canvas.fill(t.around(middle, 0.16, 0.42, t.rng.uniform(-1.3, 1.3)), green * t.rng.uniform(0.55, 1.35))


HANGING = draw_clock, draw_plate, draw_lamp, draw_balloons, draw_picture, draw_plate
STANDING = draw_ball, draw_ball, draw_fruit, draw_jar, draw_dummy, draw_loaf, draw_pot, draw_books
RISING = draw_hand, draw_flower, draw_bush
