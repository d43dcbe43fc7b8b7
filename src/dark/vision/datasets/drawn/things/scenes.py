"""Whole pictures: a thing of a class in its surroundings, as a camera sees them."""

from types import SimpleNamespace

import numpy as np

from .airplanes import AIRPLANE, airplane, ground_height
from .cars import CAR, car
from .scenery import SCENERY, foreground, scenery, strip
from .sheet import ANY, Sheet, photograph
from .solids import Camera

# The view, the place in the picture, the light, then the camera's part: hundredths, from … to.
COMMON = SCENERY | {
    "yaw": (0, 627), "pitch": (2, 45), "roll": (-8, 8), "perspective": (5, 30),
    "size": (52, 104), "right": (-24, 24), "down": (-22, 20),
    "sun": (0, 627), "sun_height": (30, 150), "ambient": (40, 70), "shadow": (20, 75),
    "exposure": (78, 124), "contrast": (76, 116), "warmth": (-9, 9), "fade": (0, 30),
    "blur": (0, 70), "noise": (0, 3), "grain": (0, 2**31 - 1),
}  # fmt: skip
NUMBERS = {
    "airplane": COMMON | AIRPLANE | {
        "grounded": ANY, "size": (62, 112), "ambient": (20, 65), "pitch": (-60, 60), "roll": (-30, 30),
        "horizon": (-180, 190),
    },
    "automobile": COMMON | CAR | {"ambient": (55, 90), "pitch": (3, 48), "horizon": (-120, 90)},
}  # fmt: skip


def scene(name: str, numbers: dict[str, int], size: int = 32) -> np.ndarray:
    """The picture of a class that these numbers say: uint8 (size, size, 3)."""
    grain = numbers["grain"]
    c = SimpleNamespace(**{name: number / 100 for name, number in numbers.items()})
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


def automobile_scene(sheet, c, grain):
    """A car with its shadow."""
    solid = car(c, Camera(c.yaw, c.pitch, 0.4 * c.roll, perspective=c.perspective))
    x, y = 0.12 * np.array(sun(c)[:2]) / c.sun_height  # the shadow falls away from the sun
    shade = [(-1 - x, -0.42 - y, 0), (1 - x, -0.42 - y, 0), (1 - x, 0.42 - y, 0), (-1 - x, 0.42 - y, 0)]
    on_the_ground(sheet, c, grain, solid, [shade])


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
        solid.place(c.size, (c.right, c.down))
        scenery(sheet, c, grain)
        solid.draw(sheet, sun(c), c.ambient)


SCENES = {"airplane": airplane_scene, "automobile": automobile_scene}
