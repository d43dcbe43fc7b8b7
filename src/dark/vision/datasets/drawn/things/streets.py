"""A car among houses, sheds, trucks and people on foot, partly hidden; and where it is seen."""  # dark-6

from types import SimpleNamespace

import numpy as np

from ..people.face import numbers as drawn_numbers
from .cars import CAR, DARK, PAINTS, car
from .scenery import LEAVES, WALLS, foreground, scenery, strip
from .scenes import COMMON, rectangle, sun
from .sheet import ANY, MULTIPLE, Sheet, between, photograph
from .solids import Camera, Solid, across, beside, frame
from .trucks import TRUCK, truck

STREET = COMMON | CAR | {  # hundredths, from … to; `size` is the part of the picture that the car takes
    "size": (27, 62), "right": (-100, 100), "down": (-100, 100), "pitch": (3, 42), "roll": (-5, 5),
    "horizon": (-80, 40), "ambient": (50, 85), "shadow": (35, 75), "clutter": ANY, "alike": ANY,
    "walker": ANY, "front": (0, 75), "contrast": (85, 118), "fade": (0, 16), "blur": (0, 50), "noise": (0, 2),
}  # fmt: skip
WHITE, BLACK = (255,), (0,)
CLOTHES = (
    (40, 44, 60), (150, 40, 44), (206, 200, 190), (60, 92, 140), (92, 112, 70), (28, 28, 30), (200, 160, 70),
)  # fmt: skip
SKINS = (232, 190, 160), (190, 134, 98), (110, 74, 54)


class Stencil(Sheet):
    """A sheet with one channel, on which everything has the color `ink`."""

    ink = WHITE

    def __init__(self, size: int):
        super().__init__(size)
        self.pixels = self.pixels[..., 0].copy()

    def fill(self, points, color) -> None:
        """The area inside these points."""
        super().fill(points, self.ink)

    def line(self, points, color, width: float = 0.02, closed=False) -> None:
        """A line through these points."""
        super().line(points, self.ink, width, closed)

    def disc(self, x, y, radius, color) -> None:
        """A circle and what is in it."""
        super().disc(x, y, radius, self.ink)

    def mask(self) -> np.ndarray:
        """The pixels of which more than half is white: bool (size, size)."""
        parts = self.pixels.reshape(self.size, MULTIPLE, self.size, MULTIPLE)
        return parts.mean((1, 3)) > 127.5


def street(numbers: dict[str, int], size: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """The picture that these numbers say, uint8 (size, size, 3), and where its car is: bool (size, size).

    What stands before the car is drawn twice: on the picture, and in black on the car's silhouette.
    """
    grain = numbers["grain"]
    c = SimpleNamespace(**{name: number / 100 for name, number in numbers.items()}, water=False)
    sheet, stencil = Sheet(size), Stencil(size)
    solid = car(c, Camera(c.yaw, c.pitch, c.roll, perspective=c.perspective))
    low, high = put(solid, c)
    c.horizon = min(c.horizon, high[1] - 0.25 * (high[1] - low[1]))
    scenery(sheet, c, grain)
    strip(sheet, c, grain, high[1])
    clutter(sheet, c, grain, solid.camera, high[1])
    sheet.shadow(solid.camera.project(rectangle(1, 0.42, c)), c.shadow)
    solid.draw(sheet, sun(c), c.ambient)
    solid.mask(stencil)
    stencil.ink = BLACK
    for layer in (sheet, stencil):
        foreground(layer, c, grain)
        if c.walker < 0.12:
            walker(layer, np.random.default_rng([grain, 5]), solid.camera, 1.0)
    return photograph(sheet, c, grain), stencil.mask()


def put(solid, c):
    """Scale a thing to its part of the picture, and move it: its smallest and its largest coordinates."""
    low, high = solid.place(1, (0, 0))
    half = (high - low) / 2 * min(np.sqrt(4 * c.size / np.prod(high - low)), 1.0)
    room = np.maximum(1 - half, 0) + 0.06  # a little of it may lie outside
    return solid.place(half.max(), room * (c.right, c.down))


def clutter(sheet, c, grain, camera, foot):
    """What stands behind the car, some of it in the car's own color: a wall, sheds, a truck, a passer-by."""
    rng = np.random.default_rng([grain, 4])
    own = np.array(PAINTS[int(c.paint * len(PAINTS))]) * (1 + c.tint)

    def paint(colors=PAINTS):
        other = np.array(colors[rng.integers(len(colors))])
        return own if c.alike < 0.4 and rng.random() < 0.6 else other * rng.uniform(0.8, 1.1)

    if c.clutter < 0.3:
        wall(sheet, c, rng, paint((*WALLS, *LEAVES)), foot)
    for _ in range(int(rng.integers(0, 4))):
        shed(sheet, c, rng, paint(), foot)
    if c.clutter > 0.8:
        parked(sheet, c, rng, foot)
    if 0.12 <= c.walker < 0.3:
        walker(sheet, rng, camera, -1.0)


def behind(c, rng, foot):
    """A place on the ground between the horizon and the foot of the car."""
    return rng.uniform(-1.1, 1.1), between(c.horizon, foot, rng.uniform(0.1, 0.7))


def wall(sheet, c, rng, color, foot):
    """A wall or a hedge across the picture."""
    y = between(c.horizon, foot, rng.uniform(0.1, 0.5))
    height, slope = rng.uniform(0.15, 0.7), c.tilt
    low, high = [(-1.1, y - slope), (1.1, y + slope)], [(1.1, y + slope - height), (-1.1, y - slope - height)]
    sheet.fill(low + high, color)
    joints = rng.integers(0, 3)
    for x in np.arange(-1.1, 1.1, rng.uniform(0.2, 0.6)) if joints else ():
        sheet.line([(x, y + slope * x), (x, y + slope * x - height)], color * 0.75, 0.02)
    sheet.line([(-1.1, y - slope - height), (1.1, y + slope - height)], color * rng.uniform(0.6, 1.2), 0.04)


def shed(sheet, c, rng, color, foot):
    """A box with a door and perhaps a roof: a hut, a container, a kiosk."""
    yaw = c.yaw + rng.uniform(-0.4, 0.4)
    solid = Solid(Camera(yaw, c.pitch, c.roll, perspective=c.perspective))
    half, height = rng.uniform(0.3, 1.0), rng.uniform(0.5, 1.6)
    shades = color * 0.96, color * rng.uniform(0.7, 1.1), color * 0.96, DARK
    solid.loft([frame(x, (0, height), half) for x in (-1, 1)], shades)
    door = color * rng.uniform(0.4, 0.8)
    a = rng.uniform(-0.8, 0.3)
    for side in (-1, 1):
        solid.face(beside(side * half * 1.01, (a, a + 0.45), (0, 0.75 * height)), door, 1, flip=side < 0)
        y = sorted((0.2 * side * half, 0.7 * side * half))
        solid.face(across(side * 1.01, y, (0.4 * height, 0.75 * height)), door, 1, flip=side < 0)
    size = rng.uniform(0.15, 0.5)
    x, y = behind(c, rng, foot)
    low, high = solid.place(size, (x, y))
    solid.place(size, (x, y - (high[1] - low[1]) / 2))
    sheet.shadow(solid.camera.project(rectangle(1, half, c)), c.shadow)
    solid.draw(sheet, sun(c), c.ambient)


def parked(sheet, c, rng, foot):
    """A truck."""
    numbers = drawn_numbers(rng, TRUCK)
    t = SimpleNamespace(**{name: number / 100 for name, number in numbers.items()})
    solid = truck(t, Camera(rng.uniform(0, 6.28), c.pitch, c.roll, perspective=c.perspective))
    size = rng.uniform(0.3, 0.8)
    x, y = behind(c, rng, foot)
    low, high = solid.place(size, (x, y))
    solid.place(size, (x, y - (high[1] - low[1]) / 2))
    sheet.shadow(solid.camera.project(rectangle(1, 0.36, c)), c.shadow)
    solid.draw(sheet, sun(c), c.ambient)


def walker(sheet, rng, camera, nearness):
    """Somebody on foot, before the car or, with a negative `nearness`, behind it."""
    away = camera.toward[:2] / np.linalg.norm(camera.toward[:2])
    x, y = nearness * rng.uniform(0.6, 1.3) * away + rng.uniform(-1.2, 1.2) * np.array([-away[1], away[0]])
    foot, top = camera.project([(x, y, 0), (x, y, rng.uniform(0.68, 0.86))])
    tall = foot[1] - top[1]
    cloth, legs = (np.array(CLOTHES[rng.integers(len(CLOTHES))]) * rng.uniform(0.8, 1.1) for _ in range(2))
    skin, stride = SKINS[rng.integers(3)], rng.uniform(-0.12, 0.12)

    def at(across, share):
        return foot[0] + across * tall, foot[1] - share * tall

    for side in (-1, 1):
        sheet.line([at(0.03 * side, 0.5), at(0.05 * side + side * stride, 0.02)], legs, 0.075 * tall)
        sheet.line([at(0.09 * side, 0.78), at(0.13 * side - side * stride, 0.48)], cloth * 0.9, 0.05 * tall)
    sheet.fill([at(-0.08, 0.46), at(-0.11, 0.82), at(0.11, 0.82), at(0.08, 0.46)], cloth)
    sheet.disc(*at(0, 0.91), 0.07 * tall, skin)
    sheet.fill([at(-0.07, 0.92), at(-0.05, 0.99), at(0.05, 0.99), at(0.07, 0.92)], (60, 44, 36))
