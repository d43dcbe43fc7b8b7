"""A car among houses, sheds, trucks and people on foot, partly hidden; and where it is seen."""  # dark-6

from types import SimpleNamespace

import numpy as np

from ..people.face import numbers as whole_numbers
from .cars import CAR, DARK, PAINTS, car
from .scenery import LEAVES, WALLS, foreground, scenery, strip
from .scenes import COMMON, rectangle, sun
from .sheet import ANY, MULTIPLE, Sheet, between, photograph
from .solids import Camera, Solid, across, beside, frame
from .trucks import TRUCK, truck

STREET = COMMON | CAR | {  # hundredths, from … to; `size` is the part of the picture that the car takes
    "size": (27, 62), "right": (-100, 100), "down": (-100, 100), "pitch": (3, 42), "roll": (-5, 5),
    "horizon": (-80, 40), "ground": (0, 85), "ambient": (50, 85), "shadow": (35, 75), "clutter": ANY,
    "alike": ANY, "walker": ANY, "front": (0, 75), "contrast": (85, 118), "fade": (0, 16), "blur": (0, 50),
    "noise": (0, 2),
}  # fmt: skip
WHITE, BLACK = (255,), (0,)
CLOTHES = (
    (40, 44, 60), (150, 40, 44), (206, 200, 190), (60, 92, 140), (92, 112, 70), (28, 28, 30), (200, 160, 70),
)  # fmt: skip
SKINS, HAIR = ((232, 190, 160), (190, 134, 98), (110, 74, 54)), (60, 44, 36)


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
    stand(sheet, c, solid)
    solid.mask(stencil)
    stencil.ink = BLACK
    for layer in (sheet, stencil):
        foreground(layer, c, grain)
        if c.walker < 0.12:
            walker(layer, np.random.default_rng([grain, 5]), solid.camera, 1)
    return photograph(sheet, c, grain), stencil.mask()


def put(solid, c):
    """Scale a thing to its part of the picture, and move it: its smallest and its largest coordinates."""
    low, high = solid.place(1, (0, 0))
    half = (high - low) / 2 * min(np.sqrt(4 * c.size / np.prod(high - low)), 1.0)
    room = np.maximum(1 - half, 0) + 0.06  # a little of it may lie outside
    return solid.place(half.max(), room * (c.right, c.down))


def stand(sheet, c, solid):
    """Draw a thing, and before that its shadow: from where it stands to where the sun throws it."""
    long, half, _ = 0.95 * np.abs(np.concatenate([face.points for face in solid.faces])).max(0)
    corners = [(x, y, 0) for x in (-long, long) for y in (-half, half)]
    places = solid.camera.project([*corners, *rectangle(long, half, c)])
    sheet.shadow(sheet.cv2.convexHull(places.astype(np.float32))[:, 0], c.shadow)
    solid.draw(sheet, sun(c), c.ambient)


def clutter(sheet, c, grain, camera, foot):
    """What is behind the car, some of it in the car's own color: a wall, huts, a truck, somebody on foot."""
    rng = np.random.default_rng([grain, 4])
    own = np.array(PAINTS[int(c.paint * len(PAINTS))]) * (1 + c.tint)

    def paint(colors=PAINTS):
        other = np.array(colors[rng.integers(len(colors))])
        return own if c.alike < 0.4 and rng.random() < 0.6 else other * rng.uniform(0.8, 1.1)

    if c.clutter < 0.3:
        wall(sheet, c, rng, paint((*WALLS, *LEAVES)), foot)
    for _ in range(int(rng.integers(0, 4))):
        view = Camera(c.yaw + rng.uniform(-0.4, 0.4), c.pitch, c.roll, perspective=c.perspective)
        behind(sheet, c, rng, hut(rng, paint(), view), rng.uniform(0.15, 0.5), foot)
    if c.clutter > 0.8:
        view = Camera(rng.uniform(0, 2 * np.pi), c.pitch, c.roll, perspective=c.perspective)
        t = {name: number / 100 for name, number in whole_numbers(rng, TRUCK).items()}
        behind(sheet, c, rng, truck(SimpleNamespace(**t), view), rng.uniform(0.3, 0.8), foot)
    if 0.12 <= c.walker < 0.3:
        walker(sheet, rng, camera, -1)


def wall(sheet, c, rng, color, foot):
    """A wall, a fence or a hedge across the picture."""
    y = between(c.horizon, foot, rng.uniform(0.1, 0.5))
    height, slope = rng.uniform(0.15, 0.7), c.tilt
    low, high = [(-1.1, y - slope), (1.1, y + slope)], [(1.1, y + slope - height), (-1.1, y - slope - height)]
    sheet.fill(low + high, color)
    if rng.random() < 0.6:
        for x in np.arange(-1.1, 1.1, rng.uniform(0.2, 0.6)):
            sheet.line([(x, y + slope * x), (x, y + slope * x - height)], color * 0.75, 0.02)
    sheet.line(high, color * rng.uniform(0.6, 1.2), 0.04)


def hut(rng, color, view):
    """A box with doors and windows, low or high: a hut, a container, a kiosk."""
    solid = Solid(view)
    half, height = rng.uniform(0.3, 1.0), rng.uniform(0.5, 1.6)
    sides = color * 0.96, color * rng.uniform(0.7, 1.1), color * 0.96, DARK
    solid.loft([frame(x, (0, height), half) for x in (-1, 1)], sides)
    dark, x = color * rng.uniform(0.4, 0.8), rng.uniform(-0.8, 0.3)
    for side in (-1, 1):
        door = beside(1.01 * side * half, (x, x + 0.45), (0, 0.75 * height))
        y = sorted((0.2 * side * half, 0.7 * side * half))
        window = across(1.01 * side, y, (0.4 * height, 0.75 * height))
        for hole in (door, window):
            solid.face(hole, dark, 1, flip=side < 0)
    return solid


def behind(sheet, c, rng, solid, size, foot):
    """Put a thing of this size on the ground between the horizon and the foot of the car."""
    x, y = rng.uniform(-1.1, 1.1), between(c.horizon, foot, rng.uniform(0.1, 0.7))
    low, high = solid.place(size, (x, y))
    solid.place(size, (x, y - (high[1] - low[1]) / 2))
    stand(sheet, c, solid)


def walker(sheet, rng, camera, side):
    """Somebody on foot: before the car, with `side` 1, or behind it, with −1."""
    near = camera.toward[:2] / np.linalg.norm(camera.toward[:2])  # from the car to the camera, on the ground
    x, y = side * rng.uniform(0.6, 1.3) * near + rng.uniform(-1.2, 1.2) * np.array([-near[1], near[0]])
    foot, top = camera.project([(x, y, 0), (x, y, rng.uniform(0.68, 0.86))])
    tall = foot[1] - top[1]
    coat, legs = (np.array(CLOTHES[rng.integers(len(CLOTHES))]) * rng.uniform(0.8, 1.1) for _ in range(2))
    skin, stride = SKINS[rng.integers(len(SKINS))], rng.uniform(-0.12, 0.12)

    def at(across, up):
        return foot[0] + across * tall, foot[1] - up * tall

    for way in (-1, 1):
        sheet.line([at(0.03 * way, 0.5), at((0.05 + stride) * way, 0.02)], legs, 0.075 * tall)
        sheet.line([at(0.09 * way, 0.78), at((0.13 - stride) * way, 0.48)], coat * 0.9, 0.05 * tall)
    sheet.fill([at(-0.08, 0.46), at(-0.11, 0.82), at(0.11, 0.82), at(0.08, 0.46)], coat)
    sheet.disc(*at(0, 0.91), 0.07 * tall, skin)
    sheet.fill([at(-0.07, 0.92), at(-0.05, 0.99), at(0.05, 0.99), at(0.07, 0.92)], HAIR)
