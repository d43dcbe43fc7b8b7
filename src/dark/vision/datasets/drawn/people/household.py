"""Things that stand, hang and lie around people: round ones, skin-colored ones, none with a face."""  # dark-7

from types import SimpleNamespace

import numpy as np

from .background import GREENS, SKIES, THINGS, WALLS, one_of
from .canvas import Canvas, Shadows, mixed, oval, smooth
from .face import SKIN, ramp

# Whole numbers: places and sizes in thousandths of the picture's width, others hundredths.
THING = {
    "kind": (0, 99), "x": (0, 1000), "y": (0, 1000), "size": (110, 300), "hue": (0, 99), "tone": (0, 99),
    "turn": (-30, 30), "grain": (0, 2**31 - 1),
}  # fmt: skip
WOODS = np.array([(120, 84, 56), (84, 58, 40), (168, 128, 88), (200, 164, 120), (60, 44, 36), (220, 214, 204)])
FRUITS = np.array([(222, 124, 40), (196, 44, 36), (236, 190, 70), (128, 160, 56), (228, 156, 110), (214, 96, 60)])
PAPER, INK = np.array((240, 236, 226)), np.array((36, 34, 36))


def thing_of(numbers: dict[str, int], size: int, light: float) -> SimpleNamespace:
    """A thing in a picture of so many pixels: where, how large, in which colors."""
    t = SimpleNamespace(rng=np.random.default_rng(numbers["grain"]), light=light)
    t.at = np.array([numbers["x"], numbers["y"]]) / 1000 * size
    t.r, t.turn = numbers["size"] / 2000 * size, np.radians(numbers["turn"])
    t.kind, hue, tone = numbers["kind"] / 100, numbers["hue"] / 100, numbers["tone"] / 100
    t.skin = ramp(SKIN, tone**1.3)
    t.color = t.skin if hue < 0.4 else one_of(t.rng, FRUITS if hue < 0.55 else THINGS if hue < 0.85 else WALLS)
    return t


def draw_thing(canvas: Canvas, t: SimpleNamespace) -> None:
    """One of them, on a shelf if it has to stand."""
    if t.kind < 0.4:
        HANGING[int(t.kind / 0.4 * len(HANGING))](canvas, t)
    elif t.kind < 0.85:
        draw_shelf(canvas, t)
    else:
        RISING[int((t.kind - 0.85) / 0.15 * len(RISING))](canvas, t)


def draw_shelf(canvas, t):
    """A board with two or three things on it."""
    wood, board = one_of(t.rng, WOODS), t.at + (0, t.r)
    half = t.rng.uniform(1.4, 3.2) * t.r
    canvas.fill(plank(board, half, 0.16 * t.r), wood)
    canvas.fill(plank(board + (0, 0.16 * t.r), half, 0.05 * t.r), 0.6 * wood)
    x, first = -half + t.r, True
    while first or x < half - 0.5 * t.r:
        part = SimpleNamespace(**vars(t))
        part.r = t.r * t.rng.uniform(0.5, 1.0)
        part.at = board + (x, -part.r)
        if not first and t.rng.random() < 0.6:
            part.color = one_of(t.rng, THINGS)
        STANDING[int(t.rng.integers(len(STANDING)))](canvas, part)
        x, first = x + t.r + part.r + 0.2 * t.r, False


def plank(at, half, thick):
    """The outline of a board whose upper edge has its middle at `at`."""
    return np.array([(-half, 0), (half, 0), (half, thick), (-half, thick)]) + at


def shade(canvas, outline, at, r, light):
    """Make what is inside an outline look round."""
    shadows = Shadows(canvas, outline)
    side = np.array([1 if light < 0 else -1, 0.7]) * r
    shadows.fill(oval(at + 0.75 * side, 0.8 * r, 1.1 * r), [0.62] * 3)
    shadows.fill(oval(at - 0.35 * side, 0.45 * r, 0.4 * r), [1.22] * 3)
    shadows.lay(0.3 * r)


def ball(canvas, t):
    """A ball of one color, with seams or with stripes."""
    outline, kind = oval(t.at, t.r, t.r, 0.0, 32), t.rng.random()
    canvas.fill(outline, t.color)
    if kind < 0.7:
        ink = 0.35 * t.color if kind < 0.35 else PAPER
        with canvas.inside(outline) as part:
            for bend in (-0.9, 0.0, 0.9):
                y = np.linspace(-1, 1, 7)
                seam = np.stack([bend * (1 - 0.7 * y**2), y], 1) @ turned(t.turn + 0.5) * t.r + t.at
                part.line(smooth(seam), ink, (0.05 if kind < 0.35 else 0.3) * t.r)
    shade(canvas, outline, t.at, t.r, t.light)


def fruit(canvas, t):
    """An apple, an orange or a peach with its stem, perhaps more of them."""
    for _ in range(int(t.rng.integers(1, 4))):
        r = 0.6 * t.r
        at = t.at + (t.rng.uniform(-0.6, 0.6) * t.r, t.r - r)
        color = one_of(t.rng, FRUITS)
        outline = oval(at, r, r * t.rng.uniform(0.85, 1.05), 0.0, 28)
        canvas.fill(outline, color)
        shade(canvas, outline, at, r, t.light)
        canvas.line([at - (0, 0.85 * r), at - (-0.1 * r, 1.25 * r)], WOODS[1], 0.12 * r)


def jar(canvas, t):
    """A vase or a jug."""
    belly, neck = t.rng.uniform(0.6, 0.95), t.rng.uniform(0.25, 0.5)
    right = np.array([(0.3, 1.0), (0.55, 1.0), (belly, 0.3), (neck, -0.5), (neck + 0.12, -1.0), (0.0, -1.0)])
    outline = smooth([*(right * (-1, 1))[::-1], *right[:-1]], closed=True) * t.r + t.at
    canvas.fill(outline, t.color)
    canvas.line(oval(t.at - (0, 0.97 * t.r), neck * t.r, 0.08 * t.r), 0.6 * t.color, 0.05 * t.r, closed=True)
    shade(canvas, outline, t.at, t.r, t.light)


def form(canvas, t):
    """The head of a shop-window dummy: an egg on a neck."""
    canvas.fill(np.array([(-0.3, 0.2), (0.3, 0.2), (0.5, 1.0), (-0.5, 1.0)]) * t.r + t.at, 0.8 * t.skin)
    outline = smooth(np.array([
        (0, -1), (0.5, -0.85), (0.68, -0.4), (0.6, 0.15), (0.25, 0.55), (-0.25, 0.55), (-0.6, 0.15),
        (-0.68, -0.4), (-0.5, -0.85),
    ]) * t.r + t.at, closed=True)  # fmt: skip
    canvas.fill(outline, t.skin)
    shade(canvas, outline, t.at - (0, 0.2 * t.r), 0.8 * t.r, t.light)


def loaf(canvas, t):
    """Bread, with cuts."""
    color = mixed((206, 150, 92), t.skin, 0.4)
    at = t.at + (0, 0.45 * t.r)
    outline = smooth(np.array([(-1, 0.5), (-1.0, -0.1), (-0.5, -0.5), (0.5, -0.5), (1, -0.1), (1, 0.5)]) * t.r + at)
    canvas.fill(outline, color)
    for x in (-0.5, 0.0, 0.5):
        canvas.line(np.array([(x - 0.1, -0.3), (x + 0.15, 0.1)]) * t.r + at, mixed(color, PAPER, 0.5), 0.1 * t.r)
    shade(canvas, outline, at, 0.8 * t.r, t.light)


def pot(canvas, t):
    """A plant in a pot."""
    at = t.at + (0, 0.5 * t.r)
    green = one_of(t.rng, GREENS)
    for angle in np.linspace(-1.2, 1.2, int(t.rng.integers(7, 15))):
        angle += t.rng.uniform(-0.15, 0.15)
        long = t.r * t.rng.uniform(0.8, 1.7)
        tip = np.array([np.sin(angle), -np.cos(angle)])
        leaf = oval(at + tip * long * 0.6, 0.16 * t.r, 0.5 * long, angle, 14)
        canvas.fill(leaf, green * t.rng.uniform(0.6, 1.3))
    canvas.fill(np.array([(-0.45, -0.1), (0.45, -0.1), (0.33, 0.5), (-0.33, 0.5)]) * t.r + at, t.color)
    canvas.fill(plank(at - (0, 0.15 * t.r), 0.5 * t.r, 0.14 * t.r), 0.8 * t.color)


def books(canvas, t):
    """A few books beside each other."""
    x = -0.9
    while x < 0.8:
        wide, tall = t.rng.uniform(0.2, 0.36), t.rng.uniform(1.1, 1.9)
        corners = np.array([(x, 1 - tall), (x + wide, 1 - tall), (x + wide, 1), (x, 1)]) * t.r + t.at
        color = one_of(t.rng, THINGS)
        canvas.fill(corners, color)
        canvas.line(corners[:2] + (0, 0.25 * t.r), mixed(color, PAPER, 0.5), 0.08 * t.r)
        x += wide + 0.02


def clock(canvas, t):
    """A clock on the wall: its numerals and hands."""
    rim, face = one_of(t.rng, THINGS), t.skin if t.color is t.skin else PAPER * t.rng.uniform(0.8, 1)
    canvas.disc(t.at, t.r, rim)
    canvas.disc(t.at, 0.86 * t.r, face)
    for hour in range(12):
        way = np.array([np.sin(hour * np.pi / 6), -np.cos(hour * np.pi / 6)])
        canvas.line([t.at + 0.68 * t.r * way, t.at + 0.78 * t.r * way], INK, 0.07 * t.r)
    for angle, long, width in ((t.rng.uniform(0, 6.3), 0.45, 0.1), (t.rng.uniform(0, 6.3), 0.65, 0.06)):
        canvas.line([t.at, t.at + long * t.r * np.array([np.sin(angle), -np.cos(angle)])], INK, width * t.r)
    canvas.disc(t.at, 0.07 * t.r, INK)


def plate(canvas, t):
    """A plate on the wall, with a rim and a spot in the middle."""
    canvas.disc(t.at + 0.05 * t.r, t.r * 1.02, (40, 38, 38))
    canvas.disc(t.at, t.r, t.color)
    canvas.disc(t.at, 0.72 * t.r, 0.85 * t.color)
    canvas.disc(t.at, 0.68 * t.r, mixed(t.color, PAPER, 0.3))
    if t.rng.random() < 0.6:
        other = one_of(t.rng, THINGS)
        for angle in np.arange(0, 6.2, 0.785):
            canvas.disc(t.at + 0.85 * t.r * np.array([np.cos(angle), np.sin(angle)]), 0.08 * t.r, other)
        canvas.disc(t.at, 0.25 * t.r, other)


def lamp(canvas, t):
    """A globe or a shade on a cord."""
    canvas.line([t.at, (t.at[0], -9)], INK, 0.06 * t.r)
    warm = mixed((255, 236, 196), t.skin, 0.35)
    if t.rng.random() < 0.6:
        outline = oval(t.at, t.r, t.r * t.rng.uniform(0.8, 1.1), 0.0, 32)
        canvas.fill(outline, warm)
        shade(canvas, outline, t.at, t.r, t.light)
    else:
        canvas.fill(oval(t.at + (0, 0.55 * t.r), 0.3 * t.r, 0.25 * t.r), (255, 244, 220))
        canvas.fill(np.array([(-0.3, -0.6), (0.3, -0.6), (0.95, 0.5), (-0.95, 0.5)]) * t.r + t.at, t.color)


def balloons(canvas, t):
    """One to three balloons on strings."""
    for step in range(int(t.rng.integers(1, 4))):
        at = t.at + t.r * t.rng.uniform(-1.2, 1.2, 2) * (step > 0)
        color = t.color if step == 0 else one_of(t.rng, FRUITS)
        end = at + (t.rng.uniform(-0.5, 0.5) * t.r, 5 * t.r)
        canvas.line(smooth([at + (0, t.r), mixed(at, end, 0.6) + (0.2 * t.r, 0), end]), (90, 86, 84), 0.04 * t.r)
        outline = oval(at, 0.82 * t.r, t.r, 0.0, 32)
        canvas.fill(np.array([(-0.12, 1.12), (0.12, 1.12), (0, 0.9)]) * t.r + at, 0.8 * color)
        canvas.fill(outline, color)
        shade(canvas, outline, at, t.r, t.light)


def picture(canvas, t):
    """A picture in its frame: hills below a sky."""
    frame = np.array([(-1, -0.8), (1, -0.8), (1, 0.8), (-1, 0.8)]) * t.r
    canvas.fill(frame + t.at, one_of(t.rng, WOODS))
    inner = 0.84 * frame + t.at
    canvas.fill(inner, one_of(t.rng, SKIES))
    with canvas.inside(inner) as part:
        part.disc(t.at + t.rng.uniform(-0.5, 0.3, 2) * t.r, 0.22 * t.r, (250, 226, 170))
        for low in (0.1, 0.3):
            hill = oval(t.at + (t.rng.uniform(-0.8, 0.8) * t.r, (0.8 + low) * t.r), 1.1 * t.r, 0.8 * t.r)
            part.fill(hill, one_of(t.rng, GREENS) * (1 - low))


def hand(canvas, t):
    """An arm from below with an open hand or a fist."""
    lean = turned(t.turn)
    root = t.at + (0, 0.4 * t.r)
    sleeve = np.array([(-0.42, 1.3), (0.42, 1.3), (0.6, 9), (-0.6, 9)]) @ lean * t.r + root
    canvas.fill(np.array([(-0.26, 0.3), (0.26, 0.3), (0.34, 2), (-0.34, 2)]) @ lean * t.r + root, 0.92 * t.skin)
    canvas.fill(sleeve, one_of(t.rng, THINGS))
    spread = t.rng.uniform(0.12, 0.3)
    for at, long in ((-1.5, 0.8), (-0.5, 1.0), (0.5, 0.95), (1.5, 0.75)):
        foot = np.array([0.19 * at, -0.3])
        tip = foot + long * np.array([np.sin(spread * at), -np.cos(spread * at)])
        finger = np.stack([foot, tip]) @ lean * t.r + root
        canvas.line(finger, t.skin * (0.66, 0.55, 0.52), 0.25 * t.r)
        canvas.line(finger, 0.97 * t.skin, 0.2 * t.r)
    thumb = np.array([(0.3, 0.15), (0.75, -0.2), (0.85, -0.5)]) @ lean * t.r + root
    canvas.line(thumb, 0.95 * t.skin, 0.22 * t.r)
    palm = np.array([(-0.42, -0.35), (0.42, -0.35), (0.4, 0.15), (0.24, 0.45), (-0.24, 0.45), (-0.4, 0.15)])
    canvas.fill(smooth(palm @ lean * t.r + root, closed=True), t.skin)


def sunflower(canvas, t):
    """A flower as large as a head."""
    canvas.line([t.at, t.at + (0.3 * t.r, 9 * t.r)], GREENS[1], 0.12 * t.r)
    petal = one_of(t.rng, FRUITS[[2, 2, 4, 1]]) if t.rng.random() < 0.7 else t.color
    for angle in np.arange(0, 6.2, 0.42):
        way = np.array([np.cos(angle), np.sin(angle)])
        canvas.fill(oval(t.at + 0.7 * t.r * way, 0.32 * t.r, 0.14 * t.r, angle, 12), petal * (1 - 0.1 * (angle % 0.84)))
    canvas.disc(t.at, 0.46 * t.r, one_of(t.rng, WOODS[:3]))


def bush(canvas, t):
    """Leaves that reach up from below."""
    green = one_of(t.rng, GREENS)
    for _ in range(26):
        x, y = t.rng.normal(0, 0.7), t.rng.exponential(1.5) - 0.8
        leaf = oval(t.at + np.array([x, y]) * t.r, 0.16 * t.r, 0.42 * t.r, t.rng.uniform(-1.3, 1.3), 12)
        canvas.fill(leaf, green * t.rng.uniform(0.55, 1.35))


def turned(angle):
    """The matrix that turns rows (x, y)."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([(cos, sin), (-sin, cos)])


HANGING = clock, plate, lamp, balloons, picture, plate
STANDING = ball, ball, fruit, jar, form, loaf, pot, books
RISING = hand, sunflower, bush
