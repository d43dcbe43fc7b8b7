"""Birds and frogs: songbirds, ostriches, gulls in flight and ducks; frogs that sit."""

# ruff: noqa: RUF005  (array + tuple moves a point)

from itertools import pairwise

import numpy as np

from .sheet import ANY, between
from .solids import Camera, Solid

BIRD = {  # hundredths, from … to: what `bird` wants to know
    "kind": ANY, "plumage": ANY, "tint": (-15, 15), "build": (88, 114), "lean": (0, 70), "look": (-70, 70),
    "flap": (-30, 75), "pattern": ANY, "beak": ANY,
}  # fmt: skip
FROG = {
    "skin": ANY, "tint": (-18, 15), "build": (88, 114), "lift": (10, 50), "spots": ANY, "stance": (85, 120),
}  # fmt: skip
SONGBIRDS = (  # back, breast, wing
    ((120, 92, 66), (214, 190, 160), (86, 64, 46)), ((70, 110, 168), (206, 132, 84), (44, 74, 124)),
    ((186, 40, 36), (196, 60, 50), (110, 30, 30)), ((62, 62, 66), (196, 96, 48), (44, 44, 48)),
    ((216, 188, 52), (232, 210, 90), (70, 66, 50)), ((112, 126, 72), (206, 204, 150), (74, 84, 54)),
    ((36, 36, 40), (46, 46, 52), (24, 24, 28)), ((150, 150, 154), (216, 216, 214), (104, 106, 112)),
    ((84, 146, 150), (226, 206, 150), (52, 102, 112)),
)  # fmt: skip
OSTRICHES = (
    ((44, 40, 40), (60, 54, 52), (232, 228, 222)), ((112, 96, 82), (130, 112, 96), (160, 146, 130)),
    ((84, 70, 56), (100, 84, 66), (66, 54, 44)), ((222, 220, 216), (236, 234, 230), (190, 190, 190)),
    ((230, 150, 140), (238, 176, 166), (206, 90, 84)),
)  # fmt: skip
GULLS = (
    ((236, 236, 236), (244, 244, 244), (150, 156, 164)), ((90, 70, 52), (120, 96, 72), (66, 50, 38)),
    ((40, 40, 44), (50, 50, 54), (30, 30, 34)), ((200, 196, 190), (226, 222, 216), (120, 116, 112)),
)  # fmt: skip
DUCKS = (
    ((146, 120, 92), (120, 84, 60), (30, 92, 64)), ((238, 238, 236), (244, 244, 242), (240, 240, 238)),
    ((126, 98, 70), (160, 128, 94), (120, 92, 66)), ((70, 72, 78), (220, 218, 214), (40, 42, 46)),
)  # fmt: skip
SKINS = (  # back, belly, spots
    ((96, 140, 52), (206, 206, 150), (56, 92, 34)), ((124, 110, 66), (200, 186, 146), (78, 66, 42)),
    ((72, 104, 48), (178, 176, 120), (44, 62, 32)), ((140, 170, 60), (222, 220, 160), (96, 130, 40)),
    ((116, 88, 62), (196, 176, 150), (74, 54, 40)), ((54, 84, 60), (160, 170, 140), (30, 48, 38)),
    ((214, 170, 40), (230, 200, 90), (36, 34, 36)), ((190, 52, 40), (200, 90, 60), (40, 50, 90)),
    ((150, 140, 110), (210, 204, 180), (100, 92, 70)),
)  # fmt: skip
DARK = (30, 28, 28)


def bird(c, camera: Camera) -> Solid:
    """A bird of the kind and plumage that the numbers `c` say."""
    return bird_kind(c)(c, Solid(camera))


def bird_kind(c):
    """The function that draws a bird's kind."""
    return (songbird, songbird, ostrich, gull, duck)[int(5 * c.kind)]


def plumage(c, table):
    """The colors of back, breast and wing."""
    return [np.array(color) * (1 + c.tint) for color in table[int(c.plumage * len(table))]]


def head(solid, c, skull, radius, color, beak, length):
    """A head that looks around, with its beak and its eyes."""
    ahead = np.array([np.cos(c.look), np.sin(c.look), -0.1])
    left = np.array([-np.sin(c.look), np.cos(c.look), 0])
    layer = solid.depth(skull) + 0.05
    root, tip = skull + 0.7 * radius * ahead, skull + (radius + length) * ahead
    before = solid.depth(tip) > solid.depth(skull)
    solid.limb(root, 0.4 * radius, tip, 0.08 * radius, beak, layer + (0.01 if before else -0.01))
    solid.ball(skull, radius, color, layer)
    for side in (-1, 1):
        eye = skull + 0.55 * radius * ahead + 0.7 * side * radius * left + (0, 0, 0.25 * radius)
        if solid.depth(eye) > solid.depth(skull):
            solid.ball(eye, 0.2 * radius, DARK, layer + 0.02)


def fold(solid, back, breast, radius, color):
    """Folded wings on both sides of a trunk from `back` to `breast`."""
    for side in (-1, 1):
        tip = back + (-0.12, 0.5 * side * radius, 0.02)
        shoulder = between(back, breast, 0.75) + (0, 0.75 * side * radius, 0.15 * radius)
        layer = solid.depth((tip + shoulder) / 2) + (0.03 if side * solid.camera.toward[1] > 0 else -0.2)
        solid.limb(shoulder, 0.55 * radius, tip, 0.14 * radius, color, layer)


def songbird(c, solid):
    """A round small bird on thin legs."""
    back, breast, wing = plumage(c, SONGBIRDS)
    up = 0.25 + c.lean
    axis = np.array([np.cos(up), 0, np.sin(up)])
    rump = np.array([-0.3, 0, 0.35])
    chest = rump + 0.42 * c.build * axis
    for side in (-1, 1):
        solid.bar(rump + (0.1, 0.07 * side, 0), (0.0, 0.09 * side, 0), 0.03, (110, 84, 60), -1)
    end = rump - 0.5 * axis
    tail = [rump + (0, 0.07, 0), rump + (0, -0.07, 0), end + (0, -0.1, 0.02), end + (0, 0.1, 0.02)]
    solid.plate(tail, wing, solid.depth(rump) - 0.1, edge=0.03)
    solid.limb(rump, 0.13, chest, 0.21 * c.build, back)
    low = np.array([0.05, 0, -0.05])
    solid.limb(rump + low, 0.1, chest + low, 0.17 * c.build, breast, solid.depth((rump + chest) / 2) + 0.01)
    fold(solid, rump, chest, 0.2 * c.build, wing)
    skull = chest + 0.2 * axis + (0.04, 0, 0.12)
    beak = DARK if c.beak < 0.6 else (220, 160, 60)
    head(solid, c, skull, 0.15, back if c.pattern < 0.7 else breast, beak, 0.12)
    return solid


def ostrich(c, solid):
    """A large bird with long legs and a long neck."""
    back, breast, wing = plumage(c, OSTRICHES)
    skin = np.array((196, 160, 140)) * (1 + c.tint) if c.pattern < 0.6 else breast
    trunk = np.array([0, 0, 0.85])
    solid.limb(trunk - (0.2, 0, 0), 0.2 * c.build, trunk + (0.16, 0, 0.02), 0.22 * c.build, back)
    solid.limb(trunk - (0.35, 0, -0.02), 0.13, trunk - (0.2, 0, 0), 0.16, wing)
    fold(solid, trunk - (0.2, 0, 0), trunk + (0.16, 0, 0), 0.2 * c.build, wing)
    for side in (-1, 1):
        hip = trunk + (0, 0.11 * side, -0.1)
        knee = np.array([-0.05 - 0.2 * side * c.flap, 0.1 * side, 0.45])
        foot = knee + (0.06 + 0.1 * side * c.flap, 0, -0.42)
        solid.limb(hip, 0.1, knee, 0.045, skin)
        solid.limb(knee, 0.035, foot, 0.03, skin)
        solid.limb(foot, 0.035, foot + (0.1, 0, 0), 0.02, skin * 0.85)
    root = trunk + (0.26, 0, 0.08)
    bend = root + (0.16, 0, 0.3 - 0.5 * max(0, c.lean - 0.45))
    skull = bend + (0.04 + 0.4 * max(0, c.lean - 0.45), 0, 0.32 - 1.2 * max(0, c.lean - 0.45))
    solid.limb(root, 0.09, bend, 0.05, skin)
    solid.limb(bend, 0.05, skull, 0.045, skin)
    head(solid, c, skull, 0.075, skin, (150, 130, 100), 0.12)
    return solid


def gull(c, solid):
    """A bird that flies, its wings spread."""
    back, breast, wing = plumage(c, GULLS)
    solid.limb((-0.28, 0, 0), 0.07, (0.18, 0, 0), 0.12 * c.build, back, 0)
    below = -0.1 * solid.camera.toward[2]
    solid.limb((-0.2, 0, -0.05), 0.06, (0.18, 0, -0.04), 0.09 * c.build, breast, below)
    tail = [(-0.25, 0.05, 0), (-0.25, -0.05, 0), (-0.52, -0.12, 0.02), (-0.52, 0.12, 0.02)]
    solid.plate(tail, wing, -0.05, edge=0.03)
    head(solid, c, np.array([0.32, 0, 0.03]), 0.09, back, (226, 180, 60), 0.1)
    for side in (-1, 1):
        wrist = np.array([0.16, 0.45 * side, 0.42 * c.flap])
        tip = np.array([-0.18, 0.95 * side, 0.3 * c.flap])
        inner = [(0.18, 0.06 * side, 0.03), wrist, wrist - (0.26, 0, 0), (-0.16, 0.06 * side, 0.02)]
        layer = solid.depth((0, 0.4 * side, 0.3 * c.flap))
        solid.plate(inner, wing, layer, edge=0.02)
        outer = between(wing, DARK, 0.6 if c.pattern < 0.5 else 0.1)
        solid.plate([wrist, tip, wrist - (0.26, 0, 0)], outer, layer + 0.001, edge=0.02)
    return solid


def duck(c, solid):
    """A duck or a goose, sitting or swimming."""
    back, breast, skull_color = plumage(c, DUCKS)
    tail, chest = np.array([-0.32, 0, 0.16]), np.array([0.24, 0, 0.14])
    solid.limb(tail, 0.14, chest, 0.21 * c.build, back)
    solid.limb(tail - (0.15, 0, -0.1), 0.05, tail, 0.1, back * 0.9)
    solid.limb(chest - (0.05, 0, 0.03), 0.17, chest, 0.18 * c.build, breast, solid.depth(chest))
    fold(solid, tail, chest, 0.22, back * 0.8)
    top = 0.5 + 0.3 * (c.pattern if c.plumage < 0.5 else 0)  # a goose's neck is longer
    skull = np.array([0.4, 0, top])
    solid.limb(chest + (0.08, 0, 0.1), 0.1, skull, 0.08, skull_color, solid.depth(skull))
    head(solid, c, skull, 0.12, skull_color, (228, 160, 50), 0.14)
    return solid


def frog(c, camera: Camera) -> Solid:
    """A frog that sits: a flat trunk, eyes on top, folded hind legs."""
    back, belly, spot = (np.array(color) * (1 + c.tint) for color in SKINS[int(c.skin * len(SKINS))])
    solid = Solid(camera)
    rump, chest = np.array([-0.35, 0, 0.2]), np.array([0.2, 0, 0.2 + 0.45 * c.lift])
    snout = chest + (0.3, 0, 0.06)
    for side in (-1, 1):
        hip = rump + (0, 0.2 * side, 0)
        knee = np.array([0.1, 0.42 * side * c.stance, 0.26])
        heel = np.array([-0.34, 0.44 * side * c.stance, 0.06])
        solid.limb(hip, 0.17, knee, 0.11, back)
        solid.limb(knee, 0.1, heel, 0.07, back * 0.9)
        solid.limb(heel, 0.06, heel + (0.4, 0.14 * side, -0.02), 0.05, back * 0.85)
        elbow = np.array([0.25, 0.34 * side * c.stance, 0.16])
        hand = np.array([0.4, 0.32 * side * c.stance, 0.03])
        solid.limb(chest + (0.02, 0.2 * side, -0.08), 0.09, elbow, 0.065, back)
        solid.limb(elbow, 0.065, hand, 0.05, back * 0.92)
        for toe in (-0.08, 0, 0.08):
            solid.limb(hand, 0.03, hand + (0.12, toe, -0.01), 0.022, back * 0.9)
    for half in (-0.13, 0.13):  # wide and flat: two trunks side by side
        out = np.array([0, half, 0])
        solid.limb(rump + out, 0.19 * c.build, chest + out, 0.22 * c.build, back)
        solid.limb(chest + out, 0.2, snout + 0.9 * out, 0.13, back, solid.depth(snout) + 0.02)
        low = out - (-0.05, 0, 0.1)
        solid.limb(chest + low, 0.14, snout + low, 0.085, belly, solid.depth(snout) + 0.01)
    mouth = [snout + (0.13 * np.cos(a), 0.26 * np.sin(a), -0.05) for a in np.linspace(-1.5, 1.5, 7)]
    if camera.toward[0] > -0.3:
        for start, stop in pairwise(mouth):
            if solid.depth(start + stop) > solid.depth(2 * snout) - 0.12:
                solid.bar(start, stop, 0.02, between(back, DARK, 0.7), solid.depth(snout) + 0.03)
    for side in (-1, 1):
        eye = chest + (0.17, 0.2 * side, 0.2)
        layer = solid.depth(snout) + 0.04 + 0.02 * solid.depth((0, side, 0))
        solid.ball(eye, 0.09, back, layer)
        ball = eye + 0.05 * np.array([0.5, side, 0.25])
        if solid.depth(ball) > solid.depth(eye):
            solid.ball(ball, 0.06, (196, 160, 60), layer + 0.001)
            solid.ball(ball, 0.035, (20, 18, 18), layer + 0.002)
    if c.spots < 0.6:
        layer = solid.depth((rump + chest) / 2) + 0.03
        for i in range(8):
            place = between(rump, chest, 0.13 * i) + (0, 0.28 * np.sin(5.1 * i + 9 * c.spots), 0.17)
            solid.ball(place, 0.045, spot, layer)
    return solid
