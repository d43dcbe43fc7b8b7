"""Ships and boats: freighters, liners, tankers, warships, ferries, sailing boats and motor boats."""

# ruff: noqa: RUF005  (array + tuple moves a point)

import numpy as np

from .sheet import ANY, between
from .solids import Camera, Solid, across, beside, box, frame

SHIP = {  # hundredths, from … to: what `ship` wants to know
    "kind": ANY, "hull": ANY, "deck": ANY, "tint": (-15, 12), "beam": (85, 115), "height": (85, 120),
    "cargo": ANY, "funnel": ANY, "sail": (-50, 50),
}  # fmt: skip
HULLS = (
    (40, 44, 54), (30, 50, 96), (150, 38, 34), (228, 230, 232), (60, 96, 72), (110, 116, 124), (24, 26, 30),
    (196, 200, 204), (38, 92, 130), (206, 120, 40), (244, 244, 244),
)  # fmt: skip
CARGO = (
    (168, 62, 44), (44, 92, 140), (60, 120, 84), (206, 160, 60), (176, 178, 180), (120, 60, 60),
    (220, 220, 216), (206, 110, 44),
)  # fmt: skip
FUNNELS = ((196, 40, 36), (36, 60, 120), (230, 180, 50), (44, 46, 50), (236, 236, 236), (220, 110, 40))
WHITE, DARK = np.array((238, 239, 240)), np.array((44, 50, 60))


def ship(c, camera: Camera) -> Solid:
    """A ship of the kind and colors that the numbers `c` say; z = 0 is the water."""
    solid = Solid(camera)
    kinds = freighter, freighter, liner, tanker, warship, ferry, sailing_boat, sailing_boat, motor_boat, tug
    kinds[int(c.kind * len(kinds))](c, solid, np.array(HULLS[int(c.hull * len(HULLS))]) * (1 + c.tint))
    return solid


def hull(solid, c, color, half, side, sheer=0.05, sharp=0.9, waterline=True):
    """The hull from the stern at −1 to the bow at 1; `side` is its height, `sheer` how the bow rises."""
    half = half * c.beam
    stations = [(-1, 0.75), (-0.9, 0.95), (-0.4, 1), (0.4, 1), (0.7, 0.75), (0.9, 1 - sharp + 0.2), (1, 0.03)]
    rings = []
    for x, share in stations:
        top = side + sheer * max(0, x) ** 2 * 2
        low = 0.88 * share if x < 0.9 else 0.5 * share
        ahead = 0.06 * top / side if x > 0.85 else 0
        left = [(x, low * half, 0), (x, 0.94 * share * half, 0.3 * top), (x + ahead, share * half, top)]
        rings.append(left + [(place, -y, z) for place, y, z in left[::-1]])
    deck = between((150, 120, 90), (140, 90, 80), c.deck) if c.deck < 0.7 else np.array((120, 126, 124))
    red = np.array((140, 50, 44)) if waterline and c.deck < 0.6 else color * 0.85
    solid.loft(rings, (red, color, deck, color, red, DARK), 0)
    return half


def block(solid, x, half, z, color, bright=None, slant=0.0):
    """A house on the deck: a box with a row of windows; of several the nearest comes last."""
    (x0, x1), (z0, z1) = x, z
    layer = 0.5 + 0.01 * z0 + 0.05 * solid.camera.toward[0] * (x0 + x1)
    rings = frame(x0, z, half), frame(x1, z, half, lean=-slant)
    solid.loft(rings, (color, np.asarray(color) * 0.92, color, color), layer)
    if bright is not None:
        band = z0 + 0.45 * (z1 - z0), z0 + 0.8 * (z1 - z0)
        inside = 0.04 * (x1 - x0)
        for side in (-1, 1):
            row = beside(side * half * 1.01, (x0 + inside, x1 - slant - inside), band)
            solid.face(row, bright, layer + 0.001, flip=side < 0)
        solid.face(across(x1 + 0.004, (-0.9 * half, 0.9 * half), band, slant), bright, layer + 0.001)
    return layer


def funnel(solid, c, x, z, width, height):
    """A chimney in the line's colors."""
    color = np.array(FUNNELS[int(c.funnel * len(FUNNELS))])
    layer = block(solid, (x - width, x + width), 0.7 * width, (z, z + height), color)
    top = box((x - width, x + width), (-0.7 * width, 0.7 * width), (z + 0.85 * height, z + height))
    solid.hull(top, DARK, layer + 0.002)


def freighter(c, solid, color):
    """Containers or hatches, and a house at the stern."""
    side = 0.17 * c.height
    half = hull(solid, c, color, 0.17, side)
    block(solid, (-0.86, -0.64), 0.8 * half, (side, side + 0.32 * c.height), WHITE, DARK)
    funnel(solid, c, -0.9, side + 0.1, 0.06, 0.24)
    if c.cargo < 0.65:
        for i, x in enumerate(np.arange(-0.58, 0.72, 0.16)):
            height = 0.08 * (1 + int(7 * c.cargo + 3 * np.sin(3.3 * i)) % 3)
            for tier in np.arange(0, height, 0.08):
                paint = CARGO[int(11 * c.cargo + 5 * i + 37 * tier * 3) % len(CARGO)]
                block(solid, (x, x + 0.145), 0.85 * half, (side + tier, side + tier + 0.08), paint)
    else:
        for x in (-0.35, 0.05, 0.45):
            block(solid, (x, x + 0.28), 0.6 * half, (side, side + 0.03), (150, 100, 70))
            solid.bar((x - 0.06, 0, side), (x - 0.06, 0, side + 0.3), 0.03, (200, 180, 120), 0.6)
            solid.bar((x - 0.06, 0, side + 0.28), (x + 0.16, 0, side + 0.16), 0.02, (200, 180, 120), 0.6)


def liner(c, solid, color):
    """White decks one above the other."""
    side = 0.14 * c.height
    half = hull(solid, c, color if c.hull < 0.4 else WHITE, 0.16, side, sharp=1.0)
    for tier in range(4):
        z = side + 0.075 * tier * c.height
        block(solid, (-0.88 + 0.05 * tier, 0.66 - 0.1 * tier), half * (0.97 - 0.05 * tier),
              (z, z + 0.075 * c.height), WHITE, DARK * 1.5, slant=0.03)  # fmt: skip
    funnel(solid, c, -0.35, side + 0.3 * c.height, 0.1, 0.2)
    if c.cargo < 0.4:
        funnel(solid, c, 0.0, side + 0.3 * c.height, 0.09, 0.2)


def tanker(c, solid, color):
    """A low deck with pipes, a house at the stern."""
    side = 0.14 * c.height
    half = hull(solid, c, color, 0.17, side, sheer=0.04)
    block(solid, (-0.9, -0.68), 0.8 * half, (side, side + 0.34 * c.height), WHITE, DARK)
    funnel(solid, c, -0.93, side + 0.1, 0.05, 0.22)
    solid.bar((-0.6, 0, side + 0.04), (0.8, 0, side + 0.05), 0.04, (180, 120, 90), 0.6)
    for x in (0.0, 0.45, 0.85):
        solid.bar((x, 0, side), (x, 0, side + 0.24), 0.025, (206, 200, 190), 0.61)


def warship(c, solid, color):
    """Gray all over, with a tower, masts and a gun."""
    gray = np.array((132, 140, 148)) * (1 + c.tint)
    side = 0.12 * c.height
    half = hull(solid, c, gray, 0.12, side, sheer=0.06, sharp=1.0, waterline=False)
    block(solid, (-0.5, 0.3), 0.75 * half, (side, side + 0.1), gray * 1.03, slant=0.06)
    block(solid, (0.0, 0.25), 0.7 * half, (side + 0.1, side + 0.26 * c.height), gray * 1.05, DARK, slant=0.05)
    block(solid, (-0.42, -0.2), 0.5 * half, (side + 0.1, side + 0.22), gray * 0.95)
    solid.bar((0.05, 0, side + 0.2), (0.0, 0, side + 0.55), 0.035, gray * 0.8, 0.7)
    solid.bar((0.0, -0.1, side + 0.44), (0.0, 0.1, side + 0.44), 0.025, gray * 0.8, 0.7)
    solid.bar((-0.3, 0, side + 0.2), (-0.32, 0, side + 0.42), 0.03, gray * 0.8, 0.7)
    block(solid, (0.44, 0.56), 0.4 * half, (side, side + 0.08), gray)
    solid.bar((0.54, 0, side + 0.06), (0.76, 0, side + 0.1), 0.025, gray * 0.8, 0.7)


def ferry(c, solid, color):
    """Short and high, with a wheelhouse."""
    side = 0.22 * c.height
    half = hull(solid, c, color, 0.24, side)
    block(solid, (-0.8, 0.55), 0.94 * half, (side, side + 0.15), WHITE, DARK)
    block(solid, (-0.7, 0.4), 0.8 * half, (side + 0.15, side + 0.28), WHITE, DARK * 1.2)
    block(solid, (0.1, 0.35), 0.6 * half, (side + 0.28, side + 0.4), WHITE, DARK)
    funnel(solid, c, -0.4, side + 0.28, 0.09, 0.2)
    solid.bar((-0.1, 0, side + 0.28), (-0.1, 0, side + 0.62), 0.025, DARK, 0.9)


def sailing_boat(c, solid, color):
    """A yacht with a mainsail and a foresail."""
    side = 0.14
    hull(solid, c, color, 0.22, side, sheer=0.08, sharp=1.0)
    block(solid, (-0.4, 0.2), 0.1, (side, side + 0.07), WHITE, DARK, slant=0.06)
    foot, top = np.array([0.12, 0, side]), np.array([0.1, 0, 1.5 + 0.4 * c.cargo])
    cloth = WHITE * 0.99 if c.funnel < 0.8 else np.array(FUNNELS[int(c.deck * 6)])
    solid.bar(foot, top, 0.025, (180, 176, 170), 1)
    boom = np.array([-0.8, c.sail, side + 0.16])
    if c.height < 1.14:
        solid.plate([foot + (-0.02, 0, 0.14), boom, top], cloth, 0.9, edge=0.012)
        bow = np.array([1.0, 0, side + 0.1])
        sheet = foot + (-0.05, 0.6 * c.sail, 0.16)
        solid.plate([bow, between(foot, top, 0.9), sheet], cloth * 0.94, 1.1, edge=0.012)
    else:  # sails are down
        solid.bar(foot + (0, 0, 0.16), boom, 0.06, cloth * 0.9, 1.1)
        solid.bar((1, 0, side + 0.1), top, 0.008, DARK, 0.8)


def motor_boat(c, solid, color):
    """An open or a covered speedboat, its bow raised."""
    side = 0.2
    color = color if c.hull < 0.5 else WHITE
    half = hull(solid, c, color, 0.32, side, sheer=0.14, sharp=1.0, waterline=False)
    block(solid, (-0.25, 0.35), 0.62 * half, (side, side + 0.17 * c.height), WHITE, DARK, slant=0.2)
    if c.cargo < 0.5:
        block(solid, (-0.2, 0.1), 0.5 * half, (side + 0.17, side + 0.3), WHITE, DARK, slant=0.1)
    block(solid, (-0.85, -0.4), 0.6 * half, (side, side + 0.05), (196, 170, 130))


def tug(c, solid, color):
    """A tug or a fishing boat: a high bow, a wheelhouse and a mast with its gear."""
    side = 0.24 * c.height
    half = hull(solid, c, color, 0.3, side, sheer=0.14)
    block(solid, (-0.05, 0.4), 0.6 * half, (side, side + 0.26), WHITE, DARK)
    house = np.array((206, 150, 70)) if c.cargo < 0.3 else WHITE
    block(solid, (0.02, 0.34), 0.5 * half, (side + 0.26, side + 0.44), house, DARK)
    funnel(solid, c, -0.2, side, 0.08, 0.36)
    solid.bar((0.05, 0, side + 0.4), (0.0, 0, side + 0.95), 0.03, DARK * 1.5, 0.9)
    solid.bar((-0.5, 0, side), (-0.5, 0, side + 0.6), 0.03, (180, 160, 110), 0.9)
    solid.bar((-0.5, 0, side + 0.55), (-0.95, 0, side + 0.2), 0.025, (180, 160, 110), 0.9)
