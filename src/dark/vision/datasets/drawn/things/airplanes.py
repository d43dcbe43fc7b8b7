"""Airplanes: airliners, business jets, propeller planes, fighters and biplanes as faces in space."""

from typing import NamedTuple

import numpy as np

from .sheet import ANY, between
from .solids import Camera, Solid, wheel

AIRPLANE = {  # hundredths, from … to: what `airplane` wants to know
    "kind": ANY, "girth": (90, 112), "span": (90, 108), "sweep": (92, 108), "fin": (90, 115),
    "body": ANY, "accent": ANY, "stripe": ANY, "belly": ANY, "tint": (-8, 6), "blades": (0, 314),
    "gear": ANY,
}  # fmt: skip
BODIES = (
    (240, 241, 243), (236, 236, 238), (226, 229, 233), (206, 210, 216), (184, 190, 198), (244, 242, 236),
)  # fmt: skip
LIGHT_BODIES = (
    (240, 241, 243), (238, 232, 214), (232, 196, 60), (196, 38, 34), (240, 240, 240), (60, 104, 170),
    (226, 120, 40), (188, 192, 198),
)  # fmt: skip
WAR_BODIES = ((138, 144, 150), (108, 116, 124), (92, 100, 84), (150, 148, 128), (74, 82, 92), (120, 126, 112))
ACCENTS = (
    (26, 52, 120), (190, 24, 34), (24, 104, 150), (20, 96, 64), (232, 160, 30), (60, 64, 74), (210, 70, 30),
    (96, 30, 96), (236, 238, 240),
)  # fmt: skip


class Shape(NamedTuple):
    """The proportions of a kind of airplane that is 2 long, from −1, the tail, to 1."""

    radius: float
    nose: float  # how blunt, 0 to 1
    wing: tuple[float, float, float, float]  # its front, its height, its chord at the root and at the tip
    sweep: float  # how far the tips lie behind
    span: float  # half of it
    rise: float  # of the tips
    tail: tuple[float, float, float]  # height of the fin, its chord, height of the tailplane as a share of it
    engines: tuple[tuple[float, ...], ...] = ()  # of each its front, side, height, length and radius
    props: bool = False
    livery: int = 0  # 0 airliner, 1 light, 2 military
    gear: bool = False  # always out
    fins: int = 1


SHAPES = (
    Shape(0.105, 0.8, (0.22, -0.06, 0.42, 0.10), 0.46, 0.95, 0.12, (0.34, 0.30, 0.05),
          ((0.20, 0.34, -0.11, 0.26, 0.065),)),  # two engines
    Shape(0.115, 0.85, (0.24, -0.07, 0.46, 0.10), 0.50, 0.98, 0.13, (0.34, 0.32, 0.05),
          ((0.24, 0.30, -0.13, 0.24, 0.06), (0.00, 0.60, -0.09, 0.22, 0.055))),  # four engines
    Shape(0.095, 0.6, (0.08, -0.05, 0.36, 0.10), 0.34, 0.80, 0.08, (0.36, 0.28, 0.95),
          ((-0.42, 0.16, 0.04, 0.30, 0.055),)),  # engines at the tail
    Shape(0.105, 0.4, (0.05, -0.05, 0.36, 0.10), 0.30, 0.82, 0.08, (0.34, 0.26, 0.95),
          ((-0.35, 0.18, 0.06, 0.32, 0.06),)),  # business jet
    Shape(0.115, 0.7, (0.18, 0.10, 0.30, 0.16), 0.06, 1.02, 0.02, (0.40, 0.28, 0.95),
          ((0.34, 0.34, 0.08, 0.40, 0.06),), props=True),  # two propellers, the wing on top
    Shape(0.130, 0.8, (0.20, 0.11, 0.32, 0.14), 0.10, 1.05, 0.00, (0.42, 0.34, 0.10),
          ((0.32, 0.32, 0.08, 0.34, 0.05), (0.26, 0.62, 0.08, 0.32, 0.05)),
          props=True, livery=2),  # freighter
    Shape(0.135, 0.6, (0.45, 0.15, 0.34, 0.26), 0.04, 1.15, 0.04, (0.30, 0.26, 0.05),
          props=True, livery=1, gear=True),  # light, the wing on top
    Shape(0.130, 0.6, (0.42, -0.08, 0.38, 0.24), 0.06, 1.10, 0.14, (0.32, 0.28, 0.05),
          props=True, livery=1, gear=True),  # light, the wing below
    Shape(0.120, 0.5, (0.42, -0.07, 0.42, 0.20), 0.10, 0.95, 0.10, (0.32, 0.30, 0.10),
          props=True, livery=2),  # old fighter
    Shape(0.090, 0.1, (0.15, 0.00, 0.72, 0.14), 0.56, 0.56, 0.00, (0.36, 0.34, 0.02),
          livery=2),  # jet fighter
    Shape(0.095, 0.1, (0.25, 0.02, 0.56, 0.16), 0.42, 0.62, 0.00, (0.32, 0.30, 0.02),
          livery=2, fins=2),  # another, with two fins
    Shape(0.125, 0.6, (0.45, -0.08, 0.30, 0.28), 0.02, 0.98, 0.06, (0.28, 0.26, 0.10),
          props=True, livery=1, gear=True, fins=-1),  # biplane
)  # fmt: skip
DARK = np.array((40, 44, 52))


def airplane(c, camera: Camera, gear=False) -> Solid:
    """An airplane of the kind and livery that the numbers `c` say; with `gear` its wheels are out."""
    kind = int(c.kind * len(SHAPES))
    s = SHAPES[kind]
    s = s._replace(radius=s.radius * c.girth, span=s.span * c.span, sweep=s.sweep * c.sweep)
    bodies = (BODIES, LIGHT_BODIES, WAR_BODIES)[s.livery]
    body = np.array(bodies[int(c.body * len(bodies))]) * (1 + c.tint)
    accent = np.array(ACCENTS[int(c.accent * len(ACCENTS))]) if s.livery < 2 else body * 0.8
    belly = body * 0.95 if c.belly < 0.6 else between(body, (110, 118, 130), 0.7)
    if s.livery == 0 and c.stripe > 0.85:  # one color all over
        body = belly = between(body, accent, 0.75)
    solid = Solid(camera)
    fuselage(solid, s, body, belly, accent, c)
    wings(solid, s, body, accent, c)
    tail(solid, s, body, accent, c)
    for engine in s.engines:
        for side in (-1, 1):
            nacelle(solid, s, engine, side, between(body, (150, 154, 160), 0.4), accent, c)
    if s.props and not s.engines:
        propeller(solid, (1.03, 0, 0), 0.32, c)
    if gear or s.gear:
        wheels(solid, s)
    return solid


def fuselage(solid, s, body, belly, accent, c):
    """The body: rings from the tail to the nose, with a stripe, windows and a cockpit."""
    r = s.radius
    blunt = 0.35 + 0.65 * s.nose
    stations = [  # place, radius, height of the middle
        (-1.0, 0.12 * r, 0.65 * r), (-0.82, 0.42 * r, 0.42 * r), (-0.55, 0.82 * r, 0.12 * r), (-0.3, r, 0),
        (0.55, r, 0), (0.74, (0.80 + 0.16 * blunt) * r, -0.02 * r),
        (0.88, (0.42 + 0.36 * blunt) * r, -0.1 * r),
        (0.965, (0.14 + 0.36 * blunt) * r, -0.18 * r), (1.0, 0.10 * r, -0.2 * r),
    ]  # fmt: skip
    if s.props and not s.engines:  # an engine in the nose
        stations[-3:] = [(0.86, 0.78 * r, -0.05 * r), (0.98, 0.55 * r, -0.05 * r), (1.04, 0.12 * r, 0)]
    rings = [ring(x, radius, 10, 0, z, turn=-np.pi / 10) for x, radius, z in stations]
    stripe = accent if c.stripe < 0.55 else body
    colors = (stripe, body, body, body, body, stripe, belly, belly, belly, belly)
    solid.loft(rings, colors, 0, gloss=0.2)

    near = 1 if solid.camera.toward[1] > 0 else -1
    if s.livery == 0:  # a row of windows on the side that we see
        z, high = 0.22 * r, 0.52 * r
        for x in np.arange(-0.55, 0.72, 0.075):
            side = 1.02 * near * np.sqrt(r**2 - z**2)
            window = [(x, side, z), (x, side, high), (x + 0.035, side, high), (x + 0.035, side, z)]
            solid.face(window, DARK * 1.4, 0.001, flip=near < 0)
        for side in (-1, 1):
            pane = [
                (0.78, 0.72 * r * side, 0.25 * r), (0.93, 0.1 * r * side, 0.28 * r),
                (0.85, 0.1 * r * side, 0.75 * r), (0.78, 0.62 * r * side, 0.62 * r),
            ]  # fmt: skip
            solid.face(pane, DARK, 0.002, flip=side < 0)
    else:  # a canopy
        front, back = (0.62, -0.1) if s.livery == 1 else (0.62, 0.1)
        low, high = 0.55 * r, (1.75 if s.livery == 1 else 1.5) * r
        layer = 0.003 + 0.2 * solid.camera.toward[2] * high
        w = 0.72 * r
        frames = (  # place, half the width below and above, height
            (back - 0.12, w, 0.5 * w, r), (back + 0.06, w, 0.7 * w, high),
            (front - 0.25, w, 0.7 * w, high), (front, 0.8 * w, 0.5 * w, 0.8 * r),
        )  # fmt: skip
        rings = [[(x, y, low), (x, top, z), (x, -top, z), (x, -y, low)] for x, y, top, z in frames]
        glass = DARK * 1.5
        solid.loft(rings, (glass, body if s.livery == 1 else glass, glass, glass), layer, 0.3)


def ring(x, radius, corners, y=0.0, z=0.0, turn=0.0):
    """A circle around a line from the tail to the nose: (corners, 3)."""
    angle = turn + np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return np.stack([np.full(corners, x), y + radius * np.cos(angle), z + radius * np.sin(angle)], 1)


def order(solid, x, y, z):
    """The layer of a part beside the body's axis: above 0 where it is nearer than the body."""
    return float(solid.camera.toward @ (x, y, z))


def wings(solid, s, body, accent, c):
    """Both wings, and of a biplane both pairs."""
    x, z, root, tip = s.wing
    color = between(body, (168, 174, 182), 0.45 if s.livery == 0 else 0.1)
    heights = (z, z + 2.6 * s.radius) if s.fins < 0 else (z,)
    for z in heights:
        for side in (-1, 1):
            base, out = 0.3 * s.radius * side, s.span * side
            corners = [(x, base, z), (x - s.sweep, out, z + s.rise), (x - s.sweep - tip, out, z + s.rise),
                       (x - root, base, z)]  # fmt: skip
            layer = order(solid, 0, 0.4 * out, z + 0.4 * s.rise)
            solid.plate(corners, color, layer, 0.1, 0.022)
            if s.livery == 0:  # its rear part is another gray, its tip may be bent up
                rear = [between(corners[0], corners[3], 0.7), between(corners[1], corners[2], 0.7),
                        corners[2], corners[3]]  # fmt: skip
                solid.plate(rear, color * 0.86, layer + 1e-4)
                if c.belly < 0.5:
                    winglet = [corners[1], corners[2], np.add(corners[2], (-0.05, 0.03 * side, 0.1)),
                               np.add(corners[1], (-0.1, 0.03 * side, 0.1))]  # fmt: skip
                    solid.plate(winglet, accent, layer + 2e-4, edge=0.015)
    if s.fins < 0:
        for side in (-1, 1):
            for y in (0.3, 0.75):
                y *= side * s.span
                top, foot = (x - 0.14, y, heights[1]), (x - 0.14, y, heights[0] + s.rise * abs(y))
                solid.bar(foot, top, 0.012, DARK, order(solid, 0, y, 0) + 0.01)


def tail(solid, s, body, accent, c):
    """Fin and tailplane."""
    height, chord, place = s.tail
    height *= c.fin
    root = 0.5 * s.radius
    lean = 0.16 if s.livery == 1 else 0.26
    positions = (-0.18, 0.18) if s.fins == 2 else (0,)
    for y in positions:
        foot, top = (y, root), (y * 1.35, root + height)
        fin = [
            (-1 + chord, *foot), (-0.99, *foot),
            (-1 - 0.35 * lean, *top), (-1 + 0.5 * chord - 0.5 * lean, *top),
        ]  # fmt: skip
        paint = accent if c.stripe < 0.8 or s.livery == 2 else body
        solid.plate(fin, paint, order(solid, -0.02, y, root + 0.3 * height) + 0.002, 0.1, 0.025)
    z = root + place * height
    back = -0.30 * lean * place
    for side in (-1, 1):
        out = side * (0.36 if s.livery != 1 else 0.42)
        base = side * (0.02 if place > 0.5 else 0.3 * s.radius)
        front = -1 + 0.24 + back
        tip = front - 0.6 * lean
        plane = [(front, base, z), (tip, out, z + 0.02), (tip - 0.1, out, z + 0.02), (front - 0.24, base, z)]
        color = between(body, (168, 174, 182), 0.35)
        layer = order(solid, 0, 0.5 * out, z) + (0.004 if place < 0.5 else 0.01)
        solid.plate(plane, color, layer, 0.1, 0.018)


def nacelle(solid, s, engine, side, color, accent, c):
    """An engine: a jet's barrel with its dark mouth, or a slim one with a propeller."""
    front, y, z, length, radius = engine
    y *= side
    stations = (front - length, 0.55 * radius), (front - 0.5 * length, radius), (front, 0.92 * radius)
    rings = [ring(x, r, 9, y, z) for x, r in stations]
    layer = order(solid, 0, y, z) + 0.003
    if y * solid.camera.toward[1] < 0 and abs(y) < 0.2:
        layer = order(solid, 0, y, 0)
    paint = accent if c.belly > 0.7 and s.livery == 0 else color
    solid.loft(rings, [paint] * 9, layer, 0.2)
    mouth = ring(front + 0.002, 0.75 * radius, 9, y, z)
    solid.face(mouth, DARK if not s.props else paint * 0.8, layer + 1e-4)
    if s.props:
        propeller(solid, (front + 0.03, y, z), 0.2, c, layer + 2e-4)


def propeller(solid, hub, radius, c, layer=None):
    """Blades that turn, and the spinner."""
    x, y, z = hub
    layer = order(solid, 0.3 * x, y, z) if layer is None else layer
    for i in range(3):
        angle = c.blades + 2 * np.pi / 3 * i
        tip = (x, y + radius * np.cos(angle), z + radius * np.sin(angle))
        solid.bar(hub, tip, 0.025, (70, 70, 74), layer)


def wheels(solid, s):
    """Legs and wheels, below the nose and below the wings."""
    ground = -s.radius - (0.16 if s.livery == 1 else 0.14)
    for x, y in ((0.72, 0), (-0.08, 0.16), (-0.08, -0.16)):
        layer = order(solid, 0, y, -0.15)
        solid.bar((x, 0.5 * y, -0.5 * s.radius), (x, y, ground + 0.03), 0.02, (120, 122, 126), layer)
        tyre = [wheel(x, y + half, 0.045, 8, ground + 0.045) for half in (-0.02, 0.02)]
        solid.hull(np.concatenate(tyre), (30, 30, 32), layer + 1e-3)


def ground_height(c) -> float:
    """Where the ground is below an airplane that stands on its wheels."""
    s = SHAPES[int(c.kind * len(SHAPES))]
    return -s.radius * c.girth - (0.16 if s.livery == 1 else 0.14)
