"""Whole pictures: a thing of a class in its surroundings, as a camera sees them."""

from types import SimpleNamespace

import numpy as np

from .airplanes import AIRPLANE, airplane, ground_height
from .birds import BIRD, FROG, bird, bird_kind, duck, frog, gull
from .cars import CAR, car
from .quadrupeds import BUILDS, QUADRUPED, quadruped
from .scenery import SCENERY, foreground, scenery, strip
from .sheet import ANY, Sheet, photograph
from .ships import SHIP, ship
from .solids import Camera
from .trucks import TRUCK, truck

# The view, the place in the picture, the light, then the camera's part: hundredths, from … to.
COMMON = SCENERY | {
    "yaw": (0, 627), "pitch": (2, 45), "roll": (-8, 8), "perspective": (5, 30),
    "size": (52, 104), "right": (-24, 24), "down": (-22, 20),
    "sun": (0, 627), "sun_height": (30, 150), "ambient": (40, 70), "shadow": (20, 75),
    "exposure": (78, 124), "contrast": (76, 116), "warmth": (-9, 9), "fade": (0, 30),
    "blur": (0, 70), "noise": (0, 3), "grain": (0, 2**31 - 1),
}  # fmt: skip
STANDING = {"pitch": (3, 45), "horizon": (-130, 70)}
ANIMAL = COMMON | QUADRUPED | STANDING | {"strip": (40, 99)}  # seldom on a street
NUMBERS = {  # in CIFAR-10's order
    "airplane": COMMON | AIRPLANE | {
        "grounded": ANY, "size": (62, 112), "ambient": (20, 65), "pitch": (-60, 60), "roll": (-30, 30),
        "horizon": (-180, 190),
    },
    "automobile": COMMON | CAR | {"ambient": (55, 90), "pitch": (3, 48), "horizon": (-120, 90)},
    "bird": COMMON | BIRD | STANDING | {"water": ANY, "size": (50, 100)},
    "cat": ANIMAL | {"size": (62, 135)},
    "deer": ANIMAL | {"size": (62, 104)},
    "dog": ANIMAL | {"size": (62, 130)},
    "frog": COMMON | FROG | STANDING | {
        "strip": (60, 99), "pitch": (10, 90), "size": (55, 105), "water": ANY,
    },
    "horse": ANIMAL | {"size": (66, 110)},
    "ship": COMMON | SHIP | {"pitch": (2, 32), "horizon": (-90, 45), "size": (58, 106)},
    "truck": COMMON | TRUCK | {"pitch": (2, 35), "horizon": (-120, 90), "ambient": (50, 85)},
}  # fmt: skip


def scene(name: str, numbers: dict[str, int], size: int = 32) -> np.ndarray:
    """The picture of a class that these numbers say: uint8 (size, size, 3)."""
    grain = numbers["grain"]
    c = SimpleNamespace(**{name: number / 100 for name, number in numbers.items()})
    c.water = getattr(c, "water", 1) < 0.25
    sheet = Sheet(size)
    SCENES[name](sheet, c, grain)
    foreground(sheet, c, grain)
    return photograph(sheet, c, grain)


def sun(c) -> tuple[float, float, float]:
    """Where the light comes from."""
    return np.cos(c.sun), np.sin(c.sun), c.sun_height


def on_the_ground(sheet, c, grain, solid, shadows):
    """A thing on a street, a field, or a hill before the sky, and its shadows: corners on the ground."""
    low, high = solid.place(c.size, (c.right, c.down))
    c.horizon = min(c.horizon, high[1] - 0.15 * (high[1] - low[1]))
    scenery(sheet, c, grain)
    strip(sheet, c, grain, high[1])
    for points in shadows:
        sheet.shadow(solid.camera.project(points), c.shadow)
    solid.draw(sheet, sun(c), c.ambient)


def in_the_air(sheet, c, grain, solid):
    """A thing before the sky, or above the ground."""
    solid.place(c.size, (c.right, c.down))
    scenery(sheet, c, grain)
    solid.draw(sheet, sun(c), c.ambient)


def rectangle(x, y, c):
    """The shadow of something so long and so wide: four points on the ground, away from the sun."""
    shift = np.array([*sun(c)[:2], 0]) * -0.12 / c.sun_height
    return shift + np.array([(-x, -y, 0), (x, -y, 0), (x, y, 0), (-x, y, 0)])


def automobile_scene(sheet, c, grain):
    """A car with its shadow."""
    solid = car(c, Camera(c.yaw, c.pitch, 0.4 * c.roll, perspective=c.perspective))
    on_the_ground(sheet, c, grain, solid, [rectangle(1, 0.42, c)])


def airplane_scene(sheet, c, grain):
    """An airplane in the air, or on its wheels."""
    grounded = c.grounded < 0.42
    if grounded:
        c.pitch, c.roll, c.horizon = 0.03 + 0.4 * abs(c.pitch), 0.1 * c.roll, 0.5 * c.horizon
    camera = Camera(c.yaw, c.pitch, c.roll, perspective=c.perspective)
    solid = airplane(c, camera, gear=grounded or c.gear > 0.8)
    if grounded:
        z = ground_height(c)
        body = [(1, 0.06, z), (-1, 0.06, z), (-1, -0.06, z), (1, -0.06, z)]
        wings = [(0.3, 0, z), (-0.2, 0.8, z), (-0.4, 0, z), (-0.2, -0.8, z)]
        on_the_ground(sheet, c, grain, solid, [body, wings])
    else:
        in_the_air(sheet, c, grain, solid)


def truck_scene(sheet, c, grain):
    """A truck with its shadow."""
    solid = truck(c, Camera(c.yaw, c.pitch, 0.4 * c.roll, perspective=c.perspective))
    on_the_ground(sheet, c, grain, solid, [rectangle(1, 0.36, c)])


def ship_scene(sheet, c, grain):
    """A ship or a boat on the water."""
    c.water = True
    solid = ship(c, Camera(c.yaw, c.pitch, 0.3 * c.roll, perspective=c.perspective))
    on_the_ground(sheet, c, grain, solid, [rectangle(1, 0.25, c)])


def bird_scene(sheet, c, grain):
    """A bird on the ground, on the water, or in the air."""
    flies, c.water = bird_kind(c) is gull, c.water and bird_kind(c) is duck
    if flies:
        c.pitch, c.roll, c.horizon = 2.5 * c.pitch - 0.5, 4 * c.roll, 2 * c.horizon + 0.5
    solid = bird(c, Camera(c.yaw, c.pitch, c.roll, perspective=c.perspective))
    if flies:
        in_the_air(sheet, c, grain, solid)
    else:
        on_the_ground(sheet, c, grain, solid, [rectangle(0.3, 0.2, c)])


def frog_scene(sheet, c, grain):
    """A frog with its shadow, or at the edge of the water."""
    solid = frog(c, Camera(c.yaw, c.pitch, c.roll, perspective=c.perspective))
    on_the_ground(sheet, c, grain, solid, [rectangle(0.4, 0.35, c)])


def quadruped_scene(name):
    """The scene of a cat, a dog, a deer or a horse."""

    def animal_scene(sheet, c, grain):
        solid = quadruped(name, c, Camera(c.yaw, 0.7 * c.pitch, 0.5 * c.roll, perspective=c.perspective))
        on_the_ground(sheet, c, grain, solid, [rectangle(0.5, 0.2, c)])

    return animal_scene


SCENES = {
    "airplane": airplane_scene,
    "automobile": automobile_scene,
    "bird": bird_scene,
    "frog": frog_scene,
    "ship": ship_scene,
    "truck": truck_scene,
    **{name: quadruped_scene(name) for name in BUILDS},
}
