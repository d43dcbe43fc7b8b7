"""Cats, dogs, deer and horses: round limbs on one skeleton, in different proportions and poses."""

# ruff: noqa: RUF005  (array + tuple moves a point)

from typing import NamedTuple

import numpy as np

from .sheet import ANY, between
from .solids import Camera, Solid

QUADRUPED = {  # hundredths, from … to: what `quadruped` wants to know
    "pose": ANY, "coat": ANY, "tint": (-15, 15), "pattern": ANY, "build": (88, 114), "leg": (88, 112),
    "step": (-22, 22), "nod": (-25, 25), "look": (-60, 60), "tail": ANY, "ears": ANY,
}  # fmt: skip


class Build(NamedTuple):
    """The proportions of a kind; its trunk lies along x, about 1 long."""

    leg: float  # length
    foot: float  # how thick the legs are
    trunk: float  # half the trunk's length
    chest: float  # radius in front
    hip: float  # radius behind
    neck: float  # length
    rise: float  # of the neck, an angle
    throat: float  # radius of the neck
    head: float  # radius
    muzzle: tuple[float, float]  # length and radius
    ears: str  # pointed, hanging or leaf
    coats: tuple[tuple[tuple[int, int, int], tuple[int, int, int]], ...]  # the fur, and its other color
    sits: float = 0.0  # how often it sits, and lies


CAT = Build(0.34, 0.055, 0.36, 0.17, 0.18, 0.12, 0.7, 0.12, 0.17, (0.13, 0.085), "pointed", (
    ((206, 134, 70), (164, 92, 40)), ((46, 44, 46), (30, 28, 30)), ((134, 132, 132), (84, 82, 84)),
    ((236, 232, 226), (200, 190, 180)), ((214, 196, 170), (70, 54, 46)), ((142, 116, 88), (72, 56, 44)),
    ((230, 226, 220), (60, 56, 56)), ((176, 160, 140), (110, 92, 76)),
), 0.6)  # fmt: skip
DOG = Build(0.46, 0.065, 0.40, 0.20, 0.17, 0.20, 0.8, 0.13, 0.15, (0.28, 0.085), "hanging", (
    ((166, 108, 58), (112, 70, 40)), ((44, 40, 38), (150, 96, 52)), ((222, 190, 136), (186, 146, 92)),
    ((238, 234, 226), (206, 196, 184)), ((236, 232, 226), (60, 54, 52)), ((120, 84, 60), (70, 48, 38)),
    ((202, 160, 112), (52, 44, 40)), ((150, 148, 146), (96, 94, 94)),
), 0.4)  # fmt: skip
DEER = Build(0.68, 0.042, 0.42, 0.18, 0.17, 0.42, 1.0, 0.085, 0.10, (0.20, 0.06), "leaf", (
    ((164, 112, 70), (220, 200, 172)), ((142, 104, 72), (214, 196, 170)), ((186, 130, 82), (232, 214, 186)),
    ((122, 96, 74), (190, 176, 156)),
))  # fmt: skip
HORSE = Build(0.66, 0.065, 0.48, 0.24, 0.25, 0.44, 0.85, 0.145, 0.125, (0.34, 0.085), "pointed", (
    ((128, 76, 44), (36, 28, 26)), ((156, 92, 52), (140, 80, 44)), ((54, 44, 40), (32, 28, 28)),
    ((226, 222, 216), (204, 198, 190)), ((206, 164, 108), (238, 228, 208)), ((148, 146, 146), (92, 90, 92)),
    ((230, 224, 214), (120, 72, 44)),
))  # fmt: skip
BUILDS = {"cat": CAT, "dog": DOG, "deer": DEER, "horse": HORSE}


def quadruped(name: str, c, camera: Camera) -> Solid:
    """An animal of a kind, with the coat and in the pose that the numbers `c` say, on z = 0."""
    b = BUILDS[name]
    solid = Solid(camera)
    fur, other = (np.array(color) * (1 + c.tint) for color in b.coats[int(c.coat * len(b.coats))])
    sitting, lying = c.pose < 0.6 * b.sits, 0.6 * b.sits <= c.pose < b.sits
    leg = b.leg * c.leg * (0.25 if lying else 1)
    if name == "dog":  # breeds: from short to long legs, from slim to stout
        leg *= 0.55 + 0.55 * c.ears
    chest, hip = b.chest * c.build, b.hip * c.build
    front = np.array([b.trunk, 0, leg + 0.6 * chest])
    back = np.array([-b.trunk, 0, (0.8 * hip if sitting or lying else leg + 0.6 * hip)])
    if sitting:
        back[0] *= 0.7
        front[0] *= 0.62
    belly = between(fur, other, 0.5) if name == "deer" else fur
    solid.limb(back, hip, front, chest, fur)
    if name == "deer":
        solid.limb(back - (0, 0, 0.3 * hip), 0.7 * hip, front - (0, 0, 0.3 * chest), 0.7 * chest, belly,
                   solid.depth((back + front) / 2) - 0.05)  # fmt: skip
    legs(solid, b, c, front, back, chest, hip, fur if c.pattern < 0.5 else other, sitting, lying)
    markings(solid, name, c, front, back, chest, hip, other)
    tail(solid, name, c, back, hip, fur, other)
    nod = 0.4 * c.nod + (-1.1 if name in ("deer", "horse") and c.pose > 0.85 else 0)  # some graze
    head(solid, name, b, c, front + (0.25 * chest, 0, 0.4 * chest), b.rise + nod, fur, other)
    return solid


def legs(solid, b, c, front, back, chest, hip, color, sitting, lying):
    """Four legs, of two parts each."""
    for shoulder, width, forward in ((front, chest, 1), (back, hip, -1)):
        for side in (-1, 1):
            top = shoulder + (0, 0.6 * side * width, -0.2 * width)
            step = c.step * side * forward * (0 if lying or sitting else 1)
            if lying or (sitting and forward < 0):  # folded under the trunk
                knee = top + (0.16, 0.05 * side, -0.3 * top[2])
                foot = np.array([top[0] + 0.28, top[1] + 0.05 * side, b.foot])
                solid.limb(top, 0.7 * width, knee, 0.45 * width, color)
            else:
                foot = np.array([top[0] + step, top[1], b.foot])
                knee = between(top, foot, 0.52) + (-0.05 * forward + 0.2 * step, 0, 0)
                solid.limb(top, 0.5 * width, knee, 1.15 * b.foot, color)
            solid.limb(knee, 1.1 * b.foot, foot, 0.85 * b.foot, color)
            solid.limb(foot, b.foot, foot + (0.05, 0, -0.1 * b.foot), 0.9 * b.foot, color * 0.8)


def markings(solid, name, c, front, back, chest, hip, other):
    """Stripes, spots or a saddle on the trunk."""
    layer = solid.depth((front + back) / 2) + 0.02
    if name == "cat" and c.pattern < 0.55:
        for share in np.linspace(0.05, 0.95, 6):
            middle, radius = between(back, front, share), between(hip, chest, share)
            side = 0.8 * radius * np.sign(solid.camera.toward[1])
            bend = middle + (0, 0.9 * side, 0.6 * radius)
            solid.bar(middle + (0, side, -0.1 * radius), bend, 0.035, other, layer)
            solid.bar(bend, middle + (0, 0, 0.95 * radius), 0.035, other, layer)
    elif name in ("dog", "horse") and c.pattern < 0.35:
        near = 0.75 * hip * np.sign(solid.camera.toward[1])
        for share, size in ((0.15, 0.6), (0.55, 0.5), (0.9, 0.65)):
            spot = between(back, front, share) + (0, near * 0.6, 0.2 * hip * (-1) ** int(10 * share))
            solid.limb(spot, size * hip, spot + (0.05, 0, 0.03), size * 0.7 * hip, other, layer)
    elif name == "horse" and c.pattern > 0.85:  # saddled
        seat = between(back, front, 0.62) + (0, 0, 0.75 * hip)
        solid.limb(seat - (0.1, 0, 0), 0.12, seat + (0.1, 0, 0), 0.12, (66, 40, 28), layer)
    elif name == "deer" and c.pattern < 0.4:  # a fawn's spots
        near = np.sign(solid.camera.toward[1])
        for i in range(9):
            spot = between(back, front, 0.1 * i + 0.1) + (0, 0.8 * near * hip, (0.15 + 0.35 * (i % 2)) * hip)
            solid.ball(spot, 0.02, (236, 222, 196), layer)


def tail(solid, name, c, back, hip, fur, other):
    """A tail: long, bushy, of hair, or a short white one."""
    root = back + (-0.8 * hip, 0, 0.5 * hip)
    if name == "cat":
        middle = root + (-0.22, 0.15 * (c.tail - 0.5), 0.05 + 0.2 * c.tail)
        solid.limb(root, 0.05, middle, 0.045, fur)
        solid.limb(middle, 0.045, middle + (0.02, 0.1, 0.3 * (c.tail - 0.2)), 0.035, other)
    elif name == "dog":
        solid.limb(root, 0.055, root + (-0.2, 0.1 * (c.tail - 0.5), 0.38 * c.tail - 0.12), 0.04, fur)
    elif name == "deer":
        solid.limb(root, 0.05, root + (-0.05, 0, -0.06 - 0.12 * c.tail), 0.03, (236, 228, 214))
    else:
        solid.limb(root, 0.06, root + (-0.14, 0, -0.2), 0.07, other)
        solid.limb(root + (-0.14, 0, -0.2), 0.07, root + (-0.12 - 0.15 * c.tail, 0, -0.6), 0.03, other)


def head(solid, name, b, c, root, rise, fur, other):
    """Neck, head, muzzle, eyes, ears, and a mane or antlers."""
    neck = root + b.neck * np.array([np.cos(rise), 0, np.sin(rise)])
    solid.limb(root, 1.25 * b.throat, neck, b.throat, fur)
    turn = c.look
    ahead = np.array([np.cos(turn), np.sin(turn), -0.25 - (0.35 if name == "horse" else 0)])
    ahead /= np.linalg.norm(ahead)
    left = np.array([-np.sin(turn), np.cos(turn), 0])
    over = np.cross(ahead, left)
    skull = neck + 0.3 * b.head * ahead + (0, 0, 0.35 * b.head)
    layer = max(solid.depth(skull), solid.depth((root + neck) / 2) + 0.001)
    nose = skull + b.muzzle[0] * ahead - 0.3 * b.head * over
    light = between(fur, (240, 236, 228), 0.45) if c.pattern < 0.6 else fur
    if name == "horse":  # the mane lies behind the neck
        solid.limb(root - (0.1, 0, -0.16), 0.07, neck + (-0.06, 0, 0.12), 0.06, other)
    near = solid.depth(nose) > solid.depth(skull)
    cheek, thick = skull - 0.35 * b.head * over, 0.9 * b.muzzle[1] + 0.02
    for front in (False, True):  # what lies behind comes first
        if front == near:
            solid.limb(cheek, thick, nose, b.muzzle[1], light, layer + 0.002)
            tip = nose + 0.75 * b.muzzle[1] * ahead + 0.2 * b.muzzle[1] * over
            solid.ball(tip, 0.35 * b.muzzle[1], (40, 34, 34), layer + (0.003 if near else -0.003))
        else:
            solid.limb(skull, b.head, skull + 0.1 * ahead, 0.85 * b.head, fur, layer + 0.001)
    for side in (-1, 1):
        eye = skull + 0.86 * b.head * ahead * 0.8 + 0.62 * side * b.head * left + 0.3 * b.head * over
        if solid.depth(eye) > solid.depth(skull) + 0.1 * b.head:
            radius, iris = (0.22 * b.head, (150, 160, 80)) if name == "cat" else (0.17 * b.head, (38, 32, 30))
            solid.ball(eye, radius, iris, layer + 0.006)
            solid.ball(eye, 0.5 * radius, (20, 18, 18), layer + 0.007)
        ear(solid, name, b, c, skull, ahead, left * side, over, fur, other, layer)


def ear(solid, name, b, c, skull, ahead, out, over, fur, other, layer):
    """An ear, and a stag's antler beside it."""
    root = skull + 0.65 * b.head * out + 0.6 * b.head * over - 0.1 * b.head * ahead
    layer += 0.004 if solid.depth(root) > solid.depth(skull) else -0.001
    if b.ears == "leaf":
        solid.limb(root, 0.03, root + 0.16 * out + 0.09 * over, 0.05, fur * 0.9, layer)
        if c.ears > 0.5:
            color, tip = (122, 98, 72), root + 0.16 * out + 0.34 * over - 0.08 * ahead
            solid.bar(root, tip, 0.035, color, layer)
            solid.bar(between(root, tip, 0.5), tip + 0.12 * ahead - 0.02 * out, 0.03, color, layer)
            solid.bar(tip, tip + 0.14 * over + 0.06 * ahead, 0.03, color, layer)
            solid.bar(between(root, tip, 0.7), tip + 0.12 * out, 0.03, color, layer)
    elif b.ears == "hanging" and c.ears < 0.65:
        tip = root + 0.07 * out - (0, 0, 0.2)
        solid.limb(root, 0.055, tip, 0.065, between(fur, other, 0.7), layer + 0.004)
    else:
        size = b.head * (0.75 + 0.35 * c.ears if name == "cat" else 0.65 + 0.25 * c.ears)
        base = 0.32 * size * out
        tip = root + size * over + 0.25 * size * out
        solid.hull([root - base, root + base, tip, root + 0.2 * size * ahead], fur * 0.85, layer)
