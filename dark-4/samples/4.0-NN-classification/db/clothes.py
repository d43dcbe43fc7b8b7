"""Draws clothes of ten kinds, 28×28 and grey, for machines without FashionMNIST. Needs OpenCV.

An item is a table of whole numbers, nearly all of them hundredths, from a generator of its own: it is the
same in any order and in any process. As a program, `clothes.py SPLIT START STOP` writes these items to its
standard output, each as 785 bytes: its label and its pixels.
"""

import sys
from types import SimpleNamespace

import cv2
import numpy as np
from cuts import cut
from fabric import photograph

SEED = 28
SPLITS = ("train", "test")
ANY = (0, 99)  # for what is there or not, or of one sort or another; `cuts` says which number means what

# Fabric, folds and light, then how the item lies in the picture, then the camera.
COMMON = {
    "tone": (20, 100), "thread": ANY, "pattern": ANY, "pitch": (16, 40), "contrast": (10, 35),
    "fold": (0, 12), "fold_pitch": (20, 60), "fold_angle": (-90, 90), "fold_phase": ANY,
    "rim": (-80, 30), "light": (-15, 15),
    "mirror": ANY, "turn": (-14, 14), "scale": (72, 110), "stretch": (82, 112),
    "right": (-7, 7), "down": (-7, 7),
    "blur": (15, 60), "noise": (1, 5), "grain": (0, 2**31 - 1),
}  # fmt: skip
TOP = {
    "width": (38, 54), "shoulder": (0, 7), "neck": (14, 23), "drop": (7, 15), "armpit": (32, 46),
    "waist": (-9, 3), "hem": (-5, 7), "length": (140, 172),
    "sleeve": ANY, "reach": ANY, "angle": ANY, "cuff": (9, 13),
    "collar": ANY, "opening": ANY, "pocket": ANY, "print": ANY, "print_y": (-30, 0), "print_size": (14, 30),
}  # fmt: skip
SHOE = {
    "down": (-26, 8), "toe": (16, 30), "ankle": (24, 40), "sole": (8, 17), "heel": ANY,
    "lift": (10, 70), "shaft": (62, 120), "high": ANY, "strap": ANY, "straps": (2, 4), "width": (7, 13),
    "band": ANY, "collar": ANY, "vamp": (-10, 10), "lace": ANY,
}  # fmt: skip
TROUSER = {
    "width": (24, 42), "top": (-92, -40), "rise": (30, 55), "bottom": (45, 95),
    "gap": (5, 24), "leg": (10, 20), "flare": (-5, 9), "lean": (-7, 7),
    "belt": ANY, "crease": ANY, "pocket": ANY, "hole": ANY,
}  # fmt: skip
BAG = {
    "down": (-21, 12), "width": (38, 92), "height": (50, 120), "taper": (-15, 18), "round": ANY,
    "handle": ANY, "handle_width": (25, 60), "handle_height": (30, 70), "thick": (5, 11),
    "flap": ANY, "flap_depth": (30, 60), "clasp": ANY, "seam": ANY,
}  # fmt: skip
DRESS = {
    "width": (22, 42), "neck": (10, 18), "drop": (6, 24), "armpit": (30, 40),
    "waist": (-11, -1), "hem": (0, 36), "length": (150, 192), "skirt": (35, 55),
}  # fmt: skip
KINDS = (  # in FashionMNIST's order
    TOP | {"neck": (18, 28), "drop": (8, 26)},  # T-shirt/top
    TROUSER,
    TOP | {"length": (135, 170)},  # Pullover
    TOP | DRESS,
    TOP | {"width": (40, 54), "hem": (-3, 12), "length": (155, 188), "belt": ANY, "pattern": (0, 57)},  # Coat
    SHOE,  # Sandal
    TOP | {"length": (140, 178), "pattern": (20, 99)},  # Shirt
    SHOE,  # Sneaker
    BAG,
    SHOE,  # Ankle boot
)


def label(split: str, index: int) -> int:
    """The kind of an item: every ten in a row hold each kind once, in an order of their own."""
    ten, place = divmod(index, len(KINDS))
    order = np.random.default_rng([SEED + 1, SPLITS.index(split), ten]).permutation(len(KINDS))
    return int(order[place])


def parameters(split: str, index: int) -> dict[str, int]:
    """The whole numbers that say what an item looks like."""
    rng = np.random.default_rng([SEED, SPLITS.index(split), index])
    ranges = COMMON | KINDS[label(split, index)]
    return {name: int(rng.integers(low, high + 1)) for name, (low, high) in ranges.items()}


def picture(split: str, index: int) -> np.ndarray:
    """The image of an item: uint8 (28, 28)."""
    numbers = parameters(split, index)
    grain = numbers.pop("grain")
    c = SimpleNamespace(**{name: number / 100 for name, number in numbers.items()})
    return photograph(cut(label(split, index), c), c, grain)


def main(split: str, start: int, stop: int) -> None:
    """Write the items from `start` to before `stop`."""
    cv2.setNumThreads(1)  # every core has a process of its own
    for index in range(start, stop):
        sys.stdout.buffer.write(bytes([label(split, index)]) + picture(split, index).tobytes())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
