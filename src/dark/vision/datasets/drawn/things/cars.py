"""Cars: bodies, glass, wheels and lights as faces in space; nothing here knows of a data set."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .sheet import ANY, between
from .solids import Camera, Solid, box, wheel

CAR = {  # hundredths, from … to: what `car` wants to know
    "kind": ANY, "length": (92, 106), "width": (92, 106), "height": (92, 108),
    "paint": ANY, "tint": (-20, 20), "glass": ANY, "rims": ANY, "trim": ANY, "lamps": ANY, "extra": ANY,
}  # fmt: skip
PAINTS = (  # a car's color, as often as it is seen
    (244, 244, 242), (232, 232, 228), (30, 30, 34), (52, 54, 60), (182, 185, 189), (206, 208, 210),
    (222, 222, 224), (110, 114, 120), (178, 22, 26), (208, 38, 34), (130, 22, 34), (28, 54, 124),
    (40, 92, 178), (98, 152, 206), (24, 84, 60), (96, 136, 86), (232, 190, 48), (218, 116, 36),
    (202, 188, 154), (118, 86, 62), (128, 204, 214), (240, 230, 196),
)  # fmt: skip


class Shape(NamedTuple):
    """The proportions of a kind of car that is 2 long: heights from the ground, places from −1 to 1."""

    sill: float
    deck: float  # height of the boot
    belt: float  # where the glass begins
    nose: float  # height of the bonnet's front
    roof: float
    cabin: tuple[float, float, float, float]  # rear of its foot and of its roof, front of its roof and foot
    wheel: float  # radius
    half: float  # half the width
    length: float = 1.0
    round: float = 0.0  # how much the ends are narrower


SHAPES = (
    Shape(0.09, 0.37, 0.39, 0.29, 0.60, (-0.74, -0.44, 0.12, 0.44), 0.135, 0.38),  # saloon
    Shape(0.09, 0.38, 0.40, 0.30, 0.62, (-0.70, -0.46, 0.10, 0.40), 0.130, 0.37),  # saloon, upright
    Shape(0.09, 0.42, 0.42, 0.32, 0.68, (-0.99, -0.76, 0.12, 0.52), 0.150, 0.41, 0.86, 0.05),  # hatchback
    Shape(0.09, 0.40, 0.40, 0.30, 0.63, (-0.99, -0.86, 0.10, 0.42), 0.135, 0.38),  # estate
    Shape(0.15, 0.48, 0.48, 0.42, 0.80, (-0.99, -0.88, 0.16, 0.44), 0.175, 0.42, 0.95),  # off-roader
    Shape(0.07, 0.35, 0.35, 0.22, 0.52, (-0.88, -0.36, -0.04, 0.36), 0.145, 0.41, 0.98, 0.05),  # sports car
    Shape(0.12, 0.46, 0.46, 0.36, 0.86, (-1.00, -0.97, 0.42, 0.80), 0.140, 0.40),  # van
    Shape(0.11, 0.40, 0.42, 0.36, 0.72, (-0.66, -0.50, 0.08, 0.28), 0.150, 0.37, 0.92, 0.09),  # old-timer
    Shape(0.15, 0.42, 0.45, 0.40, 0.76, (-0.24, -0.20, 0.18, 0.42), 0.165, 0.40, 1.05),  # pick-up
    Shape(0.09, 0.42, 0.45, 0.36, 0.80, (-0.98, -0.78, 0.22, 0.66), 0.165, 0.44, 0.72, 0.07),  # city car
)
GLASS = (46, 52, 60), (76, 88, 100), (120, 138, 152), (34, 36, 40), (168, 186, 198)
RIMS = (196, 198, 202), (150, 152, 156), (70, 70, 74), (222, 222, 224)
LAMPS = (250, 246, 226), (225, 230, 236), (255, 240, 190)
DARK, TYRE = np.array((34, 34, 37)), np.array((26, 26, 28))


def car(c, camera: Camera) -> Solid:
    """A car of the kind and colors that the numbers `c` say, standing on z = 0."""
    shape = SHAPES[int(c.kind * len(SHAPES))]
    length = shape.length * c.length
    s = shape._replace(
        length=length,
        cabin=tuple(length * x for x in shape.cabin),
        half=c.width * shape.half,
        **{name: c.height * getattr(shape, name) for name in ("sill", "deck", "belt", "nose", "roof")},
    )
    solid = Solid(camera)
    color = np.array(PAINTS[int(c.paint * len(PAINTS))]) * (1 + c.tint)
    axles = -0.62 * s.length, 0.63 * s.length
    shadow_and_tyres(solid, s, axles)
    body(solid, s, color, c)
    wheels(solid, s, axles, c)
    cabin(solid, s, color, c)
    ends(solid, s, c)
    return solid


def shadow_and_tyres(solid, s, axles):
    """What is below the body: the tyres' treads, and the dark between them."""
    inside = 0.9 * s.half
    solid.hull(box(axles, (-inside, inside), (0.02, s.sill + 0.05)), (22, 22, 24), -3)
    for x in axles:
        for side in (-1, 1):
            tyre = [wheel(x, side * y, s.wheel, 10, s.wheel) for y in (s.half - 0.13, s.half - 0.02)]
            solid.hull(np.concatenate(tyre), TYRE, -2)


def body(solid, s, color, c):
    """The lower body: rings from the tail to the nose, each wider at its middle than at its edges."""
    end = s.length
    bonnet = between(s.belt, s.nose, 0.15)
    stations = [  # place, height of the top, share of the width
        (-end, 0.93 * s.deck, 0.88 - s.round), (-0.93 * end, s.deck, 0.97 - s.round),
        (min(s.cabin[0], -0.7 * end), s.deck, 1.0), (s.cabin[0] + 0.02, s.belt, 1.0),
        (s.cabin[3], s.belt, 1.0), (max(s.cabin[3] + 0.02, 0.7 * end), bonnet, 0.99 - s.round / 2),
        (0.93 * end, between(s.belt, s.nose, 0.7), 0.94 - s.round), (end, s.nose, 0.82 - 1.5 * s.round),
    ]  # fmt: skip
    stations.sort()
    rings = []
    for x, top, share in stations:
        w, low = s.half * share, s.sill + (0.04 if abs(x) > 0.9 * end else 0)
        middle = low + 0.55 * (top - low)
        right = [(0.94 * w, low), (w, middle), (0.93 * w, top)]
        ring = right + [(-y, z) for y, z in right[::-1]]
        rings.append([(x, y, z) for y, z in ring])
    lower = color * 0.93 if c.trim > 0.25 else between(color, DARK, 0.75 if c.trim > 0.1 else 0.3)
    top = color if s.cabin[0] < -0.3 * end else between(color, DARK, 0.1)
    solid.loft(rings, (lower, color, top, color, lower, DARK), 0, gloss=0.25)
    for y in (-1, 1):  # the gap between the doors
        x = 0.5 * (s.cabin[1] + s.cabin[3]) - 0.06
        w = y * 1.005 * s.half
        low, high = s.sill + 0.06, s.belt - 0.02
        door = [(x, w, low), (x, w, high), (x - 0.02, w, high), (x - 0.02, w, low)]
        solid.face(door, color * 0.55, 0.1, flip=y < 0)


def wheels(solid, s, axles, c):
    """Arches, tyres and rims on both sides."""
    rim = np.array(RIMS[int(len(RIMS) * c.rims)])
    for x in axles:
        for side in (-1, 1):
            y = side * (s.half + 0.004)
            solid.face(wheel(x, y, 1.22 * s.wheel, 14, 1.04 * s.wheel), DARK * 0.8, 0.2)
            solid.face(wheel(x, 1.01 * y, s.wheel, 14, s.wheel), TYRE, 0.3)
            solid.face(wheel(x, 1.02 * y, 0.62 * s.wheel, 12, s.wheel), rim, 0.4)
            solid.face(wheel(x, 1.03 * y, 0.22 * s.wheel, 6, s.wheel), rim * 0.45, 0.5)


def cabin(solid, s, color, c):
    """The upper body: a block of glass with pillars and a roof, narrower at its top."""
    glass = np.array(GLASS[int(len(GLASS) * c.glass)])
    rear, rear_top, front_top, front = s.cabin
    foot, head = 0.92 * s.half, (0.76 if s.roof < 0.83 else 0.84) * s.half

    def at(x, share, side, out=1.0):
        """A point on the side: x along the foot (0 rear … 1 front), share of the height."""
        low, high = rear + x * (front - rear), rear_top + x * (front_top - rear_top)
        width = (foot + share * (head - foot)) * out
        return low + share * (high - low), side * width, s.belt + share * (s.roof - s.belt)

    def panel(x0, x1, low, high, side, out, color, layer, gloss=0.0):
        places = (x0, low), (x0, high), (x1, high), (x1, low)
        corners = [at(x, share, side, out) for x, share in places]
        solid.face(corners, color, layer, gloss, flip=side < 0)

    layer = 1.0
    panel(0, 1, 0, 1, 1, 1, color, layer)
    panel(0, 1, 0, 1, -1, 1, color, layer)
    roof = [at(0, 1, 1), at(0, 1, -1), at(1, 1, -1), at(1, 1, 1)]
    solid.face(roof, color if c.trim < 0.85 else DARK, layer + 0.01, 0.2)
    for x, gloss in ((1, 0.15), (0, 0.1)):  # windscreen and rear window, each in its frame
        frame = [at(x, 0, 1), at(x, 1, 1), at(x, 1, -1), at(x, 0, -1)]
        pane = [at(x, 0.06, 0.88), at(x, 0.90, 0.88), at(x, 0.90, -0.88), at(x, 0.06, -0.88)]
        middle = [(px + (0.004 if x else -0.004), py, pz) for px, py, pz in pane]
        solid.face(frame, color, layer + 0.02, flip=not x)
        solid.face(middle, glass * 1.15, layer + 0.03, gloss, flip=not x)
    pillars = (0.06, 0.36, 0.66, 0.95) if front_top - rear_top > 0.75 else (0.07, 0.46, 0.95)
    if 5.9 < 10 * c.kind < 7 and c.extra < 0.5:  # a van without windows behind
        pillars = (0.70, 0.95)
    for x0, x1 in pairwise(pillars):
        for side in (-1, 1):
            panel(x0, x1 - 0.03, 0.08, 0.88, side, 1.01, glass, layer + 0.04, 0.1)
    for side in (-1, 1):  # mirrors
        x, y = front - 0.08, side * (s.half + 0.02)
        near = 1.2 if side * solid.camera.toward[1] > -0.2 else -1
        mirror = box((x - 0.02, x + 0.03), (y - 0.04, y + 0.04), (s.belt, s.belt + 0.06))
        solid.hull(mirror, color * 0.7, near)
    if c.extra > 0.9:  # a taxi's sign
        x = 0.5 * (rear_top + front_top)
        sign = box((x - 0.05, x + 0.05), (-0.12, 0.12), (s.roof, s.roof + 0.08))
        solid.hull(sign, (240, 200, 60), 1.3)
    elif c.extra > 0.8:  # a rack on the roof
        for side in (-1, 1):
            y, z = side * head, s.roof + 0.03
            solid.bar((rear_top + 0.08, y, z), (front_top - 0.05, y, z), 0.02, DARK * 1.4, 1.3)


def ends(solid, s, c):
    """Lamps, grille, bumpers and number plates, on the nose and on the tail."""
    white = LAMPS[int(len(LAMPS) * c.lamps)]
    for sign, top in ((1, s.nose), (-1, 0.93 * s.deck)):
        x = sign * (s.length + 0.006)
        w = s.half * (0.80 - 1.5 * s.round if sign > 0 else 0.86 - s.round)
        low = s.sill + 0.04

        def plate(y0, y1, z0, z1, color, layer=0.6, x=x, low=low, top=top, sign=sign):
            z0, z1 = low + z0 * (top - low), low + z1 * (top - low)
            corners = [(x, y0, z0), (x, y1, z0), (x, y1, z1), (x, y0, z1)]
            solid.face(corners, color, layer, flip=sign < 0)

        plate(-w, w, 0.0, 0.28, DARK * 1.3 if c.trim < 0.4 else DARK)
        if sign > 0:
            if c.trim < 0.7:
                plate(-0.42 * w, 0.42 * w, 0.42, 0.80, DARK if c.trim < 0.5 else (150, 152, 156))
            lamp, z = white, (0.5, 0.86)
        else:
            lamp, z = (196, 24, 22), (0.5, 0.9)
        for side in (-1, 1):
            a, b = sorted((side * w, side * 0.58 * w))
            plate(a, b, *z, lamp, 0.7)
            wrap = [(x, side * w, 0), (x - sign * 0.09 * s.length, side * (w + 0.10 * s.half), 0)]
            low_z, high_z = (low + share * (top - low) for share in z)
            corners = [(*p[:2], low_z) for p in wrap] + [(*p[:2], high_z) for p in wrap[::-1]]
            solid.face(corners, between(lamp, (90, 90, 90), 0.25), 0.65, flip=sign * side < 0)
        plate(-0.22 * w, 0.22 * w, 0.14, 0.36, (226, 222, 196), 0.8)
