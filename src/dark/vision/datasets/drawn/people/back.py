"""A person seen from behind: shoulders, neck, ears, hair and perhaps a hat, but no face."""  # dark-7

import numpy as np

from .canvas import Canvas, mixed, smooth
from .hair import Hair
from .head import Head
from .wear import draw_body, hat_of

EAR = np.array([(1.0, 0.3), (1.2, 0.2), (1.22, 0.5), (1.1, 0.7), (1.0, 0.7)])


def draw_back(canvas: Canvas, head: Head) -> None:
    """Draw the back of a head, placed in the picture, and what belongs to it down to the shoulders."""
    f, hair = head.f, Hair(head)
    f.neckline = 0.99  # clothes are closed at the back
    draw_body(canvas, head)
    around = np.linspace(0, 2 * np.pi, 90 if hair.cut.bumps else 40)
    canvas.fill(nape(hair), 0.88 * f.skin_color)
    for side in (-1, 1):
        canvas.fill(smooth(EAR * (side * f.wide, 1) @ hair.upright + hair.center, closed=True), f.skin_color)
    skull = hair.around(around, hair.cut.top * (0.7 + 0.6 * f.volume), hair.cut.sides)
    if hair.name == "bald":
        canvas.fill(skull, f.skin_color)
    else:
        canvas.fill(skull, hair.color)
        if hair.cut.long:
            canvas.fill(hair.fall(hair.cut.long), 0.95 * hair.color)
        draw_fall(canvas, head, hair)
    if hat_of(f):
        draw_dome(canvas, hair, f.cloth if hat_of(f) != "headscarf" else mixed(f.cloth, (200, 186, 176), 0.3))


def nape(hair):
    """The skin between the hair and the collar."""
    points = np.array([(-0.62, 0.2), (0.62, 0.2), (0.6, 1.35), (-0.6, 1.35)])
    return points @ hair.upright + hair.center


def draw_fall(canvas, head, hair):
    """Hairs from the crown down to where the hair ends."""
    low = 0.95 if not hair.cut.long else 0.5 + hair.cut.long
    x = np.linspace(-0.85, 0.85, 12)
    x = x + hair.rng.uniform(-0.06, 0.06, 12)
    crown = np.array([0.15 * np.sign(head.f.part), -0.75])
    end = np.stack([x, low * np.sqrt(1 - 0.55 * x**2)], 1)
    middle = np.stack([0.85 * x + crown[0], np.full(12, -0.1)], 1)
    start = np.broadcast_to(crown, (12, 2))
    hair.draw_hairs(canvas, smooth(np.stack([start, middle, end], 1)) @ hair.upright + hair.center)


def draw_dome(canvas, hair, color):
    """A hat from behind, with its edge."""
    arc = hair.around(np.linspace(np.pi * 0.98, 2.02 * np.pi, 24), 0.2, 0.14)
    canvas.fill(arc, color)
    low = arc[[0, -1]] + 0.24 * hair.upright[1]
    middle = (arc[0] + arc[-1]) / 2 + 0.2 * hair.upright[1]
    edge = smooth([arc[0], middle, arc[-1]])
    canvas.fill([*edge, low[1], *(edge + 0.24 * hair.upright[1])[::-1], low[0]], 0.8 * color)
