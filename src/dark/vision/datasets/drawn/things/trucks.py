"""Trucks: with a box, with a trailer, with a tank, dumpers, fire engines and flat beds."""

import numpy as np

from .cars import DARK, LAMPS, PAINTS, RIMS, TYRE
from .sheet import ANY, between
from .solids import Camera, Solid, across, beside, box, frame, wheel

TRUCK = {  # hundredths, from … to: what `truck` wants to know
    "kind": ANY, "paint": ANY, "load": ANY, "tint": (-15, 12), "width": (92, 108), "height": (88, 112),
    "bonnet": ANY, "glass": ANY, "stripe": ANY, "rims": ANY, "lamps": ANY,
}  # fmt: skip
LOADS = (
    (236, 236, 234), (226, 224, 216), (196, 200, 204), (40, 84, 150), (176, 40, 36), (60, 116, 80),
    (222, 180, 60), (90, 94, 100), (210, 110, 40), (240, 240, 240),
)  # fmt: skip


def truck(c, camera: Camera) -> Solid:
    """A truck of the kind and colors that the numbers `c` say, standing on z = 0; it is 2 long."""
    solid = Solid(camera)
    paint = np.array(PAINTS[int(c.paint * len(PAINTS))]) * (1 + c.tint)
    load = np.array(LOADS[int(c.load * len(LOADS))]) * (1 + 0.5 * c.tint)
    kind = int(7 * c.kind)  # 0 and 1 box, 2 and 3 trailer, 4 tank, 5 dumper, 6 fire engine
    long = kind in (2, 3, 4)
    half, top = (0.26 if long else 0.33) * c.width, (0.72 if long else 0.84) * c.height
    radius = 0.11 if long else 0.135
    axles = (-0.82, -0.6, 0.28, 0.78) if long else ((-0.66, -0.38, 0.68) if kind == 5 else (-0.58, 0.68))
    if kind == 6:
        paint = load = np.array((196, 32, 28)) * (1 + c.tint)
    chassis(solid, axles, half, radius)
    bonnet = c.bonnet < 0.4 and kind < 6
    front = 0.56 if long else 0.44
    cab(solid, c, paint, half, 1.25 * radius, 0.84 * top, front, bonnet)
    low = 1.9 * radius
    back = front - 0.05
    if kind == 4:
        tank(solid, (-1, back), half, low, 0.92 * top, load)
    elif kind == 5:
        dumper(solid, c, (-0.95, back), half, low, 0.66 * top, load)
    else:
        high = top if kind < 4 else 0.88 * top
        sides = body(solid, (-1, back), half, (low, high), load, 0.5)
        if kind == 3:  # open, with a load
            body(solid, (-1, back), half, (low, low + 0.12), load * 0.7, 0.51)
        for side in (-1, 1):
            if c.stripe < 0.5:
                z0, z1 = between(low, high, 0.35), between(low, high, 0.62)
                sign = beside(side * half * 1.005, (-0.75, back - 0.3), (z0, z1))
                solid.face(sign, between(load, paint, 0.8), sides + 0.001, flip=side < 0)
        if kind == 6:
            ladder(solid, back, high)
    wheels(solid, c, axles, half, radius)
    return solid


def chassis(solid, axles, half, radius):
    """What is below the body: a frame, and the tyres' treads."""
    solid.hull(box((-0.98, 0.9), (-0.8 * half, 0.8 * half), (0.6 * radius, 2 * radius)), (30, 30, 32), -3)
    for x in axles:
        for side in (-1, 1):
            tyre = [wheel(x, side * y, radius, 10, radius) for y in (half - 0.12, half - 0.01)]
            solid.hull(np.concatenate(tyre), TYRE, -2)


def wheels(solid, c, axles, half, radius):
    """Tyres and rims on both sides."""
    rim = np.array(RIMS[int(len(RIMS) * c.rims)]) * 0.85
    for x in axles:
        for side in (-1, 1):
            y = side * (half + 0.004)
            solid.face(wheel(x, y, 1.15 * radius, 12, 1.05 * radius), DARK * 0.7, 2)
            solid.face(wheel(x, 1.01 * y, radius, 12, radius), TYRE, 2.1)
            solid.face(wheel(x, 1.02 * y, 0.5 * radius, 10, radius), rim, 2.2)


def body(solid, x, half, z, color, layer):
    """A box between two places and two heights; its layer."""
    (x0, x1), z0 = x, z[0]
    layer += 0.1 * solid.camera.toward[0] * (x0 + x1)
    solid.loft([frame(x0, z, half), frame(x1, z, half)], (color, color * 0.97, color, DARK), layer)
    solid.face(across(x0 - 0.003, (-0.01, 0.01), z), color * 0.6, layer + 0.001, flip=True)
    for side in (-1, 1):  # lamps at the rear
        lamp = across(x0 - 0.004, sorted((side * 0.95 * half, side * 0.75 * half)), (z0, z0 + 0.06))
        solid.face(lamp, (190, 26, 24), layer + 0.002, flip=True)
    return layer


def cab(solid, c, color, half, low, high, back, bonnet):
    """The driver's cab, flat in front or behind a bonnet."""
    glass = np.array(((46, 54, 62), (86, 100, 112), (140, 158, 172))[int(3 * c.glass)])
    nose = 0.76 if bonnet else 0.98
    layer = 0.5 + 0.1 * solid.camera.toward[0] * (back + nose)
    half = 0.97 * half
    belt = between(low, high, 0.5)
    lean = 0.05 if bonnet else 0.03
    rings = frame(back, (low, high), half), frame(nose, (low, high), half, lean=-lean)
    solid.loft(rings, (color * 0.95, color, color * 0.95, DARK), layer, 0.1)
    pane = across(nose + 0.004 - 0.5 * lean, (-0.86 * half, 0.86 * half), (belt, 0.94 * high), 0.5 * lean)
    solid.face(pane, glass, layer + 0.001, 0.15)
    for side in (-1, 1):
        pane = beside(side * half * 1.01, (back + 0.12, nose - 0.03), (belt, 0.92 * high), 0.02)
        solid.face(pane, glass, layer + 0.002, flip=side < 0)
        out = side * (half + 0.03), side * (half + 0.07)
        mirror = box((nose - 0.02, nose + 0.02), out, (belt, 0.85 * high))
        solid.hull(mirror, DARK, 2 if solid.camera.toward[0] > 0 else -1)
    end = nose
    if bonnet:
        end = 1.0
        top = between(low, belt, 0.9)
        rings = (
            frame(nose, (low, top), 0.85 * half, 0.8 * half),
            frame(end, (low, 0.92 * top), 0.75 * half, 0.65 * half),
        )
        ahead = 0.1 * solid.camera.toward[0]
        solid.loft(rings, (color * 0.95, color, color * 0.95, DARK), layer + ahead, 0.1)
    layer += 0.1 * abs(solid.camera.toward[0]) + 0.01
    x, w = end + 0.005, half * (0.72 if bonnet else 0.98)
    lamp = LAMPS[int(len(LAMPS) * c.lamps)]
    for y0, y1, z0, z1, paint in (  # bumper, grille and lamps, in shares of the front
        (-1, 1, 0.0, 0.16, DARK * 1.4), (-0.5, 0.5, 0.22, 0.75 if bonnet else 0.6, DARK),
        (-0.95, -0.65, 0.2, 0.4, lamp), (0.65, 0.95, 0.2, 0.4, lamp),
    ):  # fmt: skip
        z0, z1 = (between(low, belt, share) for share in (z0, z1))
        solid.face(across(x, (y0 * w, y1 * w), (z0, z1)), paint, layer)


def tank(solid, x, half, low, high, color):
    """A lying cylinder."""
    angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    middle, radius = (low + high) / 2, (high - low) / 2
    layer = 0.5 + 0.1 * solid.camera.toward[0] * sum(x)
    rings = [np.stack([np.full(12, p), half * np.cos(angle), middle + radius * np.sin(angle)], 1) for p in x]
    solid.loft(rings, [color] * 12, layer, 0.2)


def dumper(solid, c, x, half, low, high, color):
    """An open bed that widens upwards, with earth in it."""
    (x0, x1) = x
    layer = 0.5 + 0.1 * solid.camera.toward[0] * (x0 + x1)
    rings = [frame(place, (low, high), 0.85 * half, half, lean) for place, lean in ((x0, -0.05), (x1, 0.03))]
    earth = np.array(((120, 92, 66), (150, 146, 138), (84, 70, 56))[int(3 * c.glass)])
    solid.loft(rings, (color, earth, color, DARK), layer)
    middle = (x0 + x1) / 2
    heap = [(middle + 0.38 * np.cos(a), 0.8 * half * np.sin(a), high) for a in np.arange(8) * np.pi / 4]
    solid.hull([*heap, (middle, 0, high + 0.14), (middle + 0.15, 0, high + 0.12)], earth, layer - 0.001)


def ladder(solid, back, high):
    """On the roof of a fire engine, with a blue light in front."""
    for y in (-0.08, 0.08):
        solid.bar((-0.95, y, high + 0.05), (back + 0.2, y, high + 0.07), 0.025, (200, 202, 206), 1.5)
    for x in np.arange(-0.9, back + 0.15, 0.14):
        solid.bar((x, -0.08, high + 0.05), (x, 0.08, high + 0.05), 0.02, (200, 202, 206), 1.5)
    solid.hull(box((0.7, 0.78), (-0.2, 0.2), (high - 0.04, high + 0.03)), (60, 110, 220), 1.6)
