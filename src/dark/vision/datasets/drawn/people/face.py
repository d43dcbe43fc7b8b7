"""The numbers of a face: its shape, expression, colors, hair, what it wears, and the light on it."""

import math
from types import SimpleNamespace

import numpy as np

ANY = (0, 99)  # for what is there or not, or of one sort or another

# Whole numbers, nearly all of them hundredths; the unit of length is half the width of a mean face.
SHAPE = {
    "wide": (90, 108), "jaw": (-15, 9), "chin": (-10, 12), "point": (-35, 30), "forehead": (-9, 9),
    "eye_gap": (-4, 4), "eye_size": (84, 118), "eye_tilt": (-5, 7), "eye_height": (-4, 4),
    "brow_height": (-5, 5), "brow_arch": (0, 9), "brow_thick": (4, 10),
    "nose_length": (-8, 8), "nose_width": (80, 135), "bridge": ANY,
    "mouth_width": (82, 118), "mouth_height": (-5, 6), "lip": (60, 150), "ear": (85, 120),
}  # fmt: skip
EXPRESSION = {
    "smile": (-30, 100), "smirk": (-30, 30), "open": ANY, "teeth": ANY, "brow_up": (-6, 9), "frown": (-5, 6),
    "lids": ANY, "wink": ANY, "gaze_x": (-35, 35), "gaze_y": (-25, 25),
}  # fmt: skip
POSE = {"yaw": (-36, 36), "pitch": (-18, 18), "roll": (-24, 24)}  # degrees
LOOK = {
    "age": ANY, "woman": ANY, "skin": ANY, "warmth": (-6, 6), "blush": ANY, "freckles": ANY, "iris": ANY,
    "make_up": ANY, "lipstick": ANY, "hair": ANY, "hair_tone": ANY, "red": ANY, "dyed": ANY, "gray": ANY,
    "length": ANY, "volume": ANY, "part": (-60, 60), "wave": ANY, "beard": ANY, "beard_tone": (70, 105),
}  # fmt: skip
WEAR = {
    "glasses": ANY, "frame": ANY, "lens": ANY, "earring": ANY, "hat": ANY, "cloth_hue": ANY,
    "cloth_tone": ANY, "neckline": ANY, "pattern": ANY, "held": ANY, "held_x": (-100, 100),
}  # fmt: skip
LIGHT = {"light_x": (-100, 100), "light_y": (-90, 30), "light": (10, 55), "grain": (0, 2**31 - 1)}
FACE = SHAPE | EXPRESSION | POSE | LOOK | WEAR | LIGHT

SKIN = np.array([  # from light to dark
    (246, 218, 198), (240, 204, 178), (232, 185, 153), (217, 163, 126), (191, 133, 96), (158, 105, 73),
    (122, 79, 55), (88, 57, 42), (62, 41, 33),
])  # fmt: skip
HAIR = np.array([  # from black to blond
    (22, 18, 18), (38, 28, 24), (58, 40, 30), (84, 56, 38), (112, 74, 46), (146, 100, 58), (184, 140, 88),
    (218, 184, 130),
])  # fmt: skip
RED_HAIR, DYES = (150, 66, 32), np.array([(70, 100, 170), (186, 82, 124), (104, 66, 132), (62, 132, 114)])
IRISES = ((58, 36, 24), (80, 50, 30), (110, 72, 38), (122, 106, 62), (92, 120, 84), (84, 120, 152))


def numbers(rng: np.random.Generator, ranges: dict = FACE) -> dict[str, int]:
    """The whole numbers that say what something looks like, drawn in the order of `ranges`."""
    return {name: int(rng.integers(low, high + 1)) for name, (low, high) in ranges.items()}


def face_of(numbers: dict[str, int]) -> SimpleNamespace:
    """The same numbers as fractions, angles in radians, and the colors that follow from them."""
    f = SimpleNamespace(**{name: number / 100 for name, number in numbers.items()})
    f.grain = numbers["grain"]
    for name, (_, most) in POSE.items():
        setattr(f, name, math.radians(numbers[name] * (abs(numbers[name]) / most) ** 0.4))
    f.woman, f.child, f.old = f.woman > 0.5, f.age < 0.12, f.age > 0.82
    f.skin_color = ramp(SKIN, f.skin**1.3) * (1 + np.array([1, 0, -1]) * f.warmth)
    f.dark = min(1.0, max(0.0, f.skin * 1.6 - 0.5))  # how dark hair and eyes are with it
    f.brow_color = natural_hair(f)
    f.hair_color = DYES[int(f.hair_tone * len(DYES))] if f.dyed > 0.965 else f.brow_color
    f.iris_color = np.array(IRISES[int(f.iris * (1 - 0.75 * f.dark) * len(IRISES))])
    f.cloth = cloth_color(f.cloth_hue, f.cloth_tone)
    return f


def natural_hair(f):
    """Darker with dark skin, red for some, gray with age."""
    if f.red > 0.93 and f.skin < 0.4:
        return np.array(RED_HAIR, float) * (0.8 + 0.5 * f.hair_tone)
    color = ramp(HAIR, f.hair_tone * (1 - 0.85 * f.dark))
    gray = f.gray if f.old else max(0, f.gray - 0.75) if f.age > 0.6 else 0
    return color + min(1, 1.3 * gray) * ((110 + 110 * f.hair_tone) * np.array((1.0, 0.98, 0.95)) - color)


def cloth_color(hue, tone):
    """From a wheel of muted colors; nearly gray for a third of them."""
    angle = 2 * np.pi * (hue * np.array([1, 1, 1]) + np.array([0, 1 / 3, 2 / 3]))
    much = 0.06 if tone * 10 % 1 < 0.35 else 0.32
    return 255 * (0.12 + 0.7 * tone) * (1 + much * np.cos(angle))


def ramp(colors, place):
    """The color at a place from 0 to 1 of a list."""
    at = np.linspace(0, 1, len(colors))
    return np.array([np.interp(place, at, colors[:, c]) for c in range(3)])
