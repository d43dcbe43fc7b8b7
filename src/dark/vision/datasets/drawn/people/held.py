"""What sometimes hides a part of a face: a mask, a hand, a scarf or a cup."""

import numpy as np

from .canvas import Canvas, mixed, oval, smooth
from .head import Head

MASKS = ((176, 206, 224), (236, 238, 238), (30, 32, 36), (200, 170, 176))
PALM = np.array([(-0.45, 0.0), (0.45, 0.0), (0.5, 0.6), (0.35, 1.6), (-0.35, 1.6), (-0.5, 0.6)])
FOLD = np.array([  # of a scarf, its upper edge first
    (-1.1, 0.05), (-0.6, 0.0), (0, 0.08), (0.6, 0.0), (1.1, 0.05), (1.15, 0.6), (0, 0.75), (-1.15, 0.6),
])  # fmt: skip
NAIL = (255, 225, 220)


def draw_held(canvas: Canvas, head: Head) -> None:
    """One of them, for one face of ten."""
    kinds = ((0.98, draw_cup), (0.955, draw_scarf), (0.92, draw_hand), (0.9, draw_mask))
    for least, draw in kinds:
        if head.f.held >= least:
            return draw(canvas, head)


def draw_mask(canvas, head):
    """A mask over nose and mouth, with folds and bands to the ears."""
    p, unit = head.points, head.unit
    color = np.array(MASKS[int(head.f.frame * len(MASKS))])
    cheeks = mixed(p[1], p[31], 0.4), mixed(p[15], p[35], 0.4)
    for ear, cheek, jaw in ((p[0], cheeks[0], p[4]), (p[16], cheeks[1], p[12])):
        canvas.line([cheek, ear, jaw], 0.85 * color, 0.03 * unit)
    low = p[4:13] + 0.02 * head.down
    canvas.fill(smooth([cheeks[0], mixed(p[28], p[29], 0.5), cheeks[1], *low[::-1]], closed=True), color)
    for part in (0.25, 0.5, 0.75):
        left, right = mixed(cheeks[0], p[5], part), mixed(cheeks[1], p[11], part)
        canvas.line(smooth([left, mixed(p[29], p[8], 0.2 + 0.65 * part), right]), 0.86 * color, 0.035 * unit)


def draw_hand(canvas, head):
    """A hand from below, its fingers before the chin or a cheek."""
    f, unit = head.f, head.unit
    palm = head.points[8] + 0.9 * f.held_x * head.right + 0.75 * head.down
    for at, length in ((-1.5, 0.85), (-0.5, 1.0), (0.5, 0.95), (1.5, 0.72)):
        root = palm + 0.2 * at * head.right
        tip = root + 0.06 * at * head.right - length * head.down
        canvas.line([root, tip], f.skin_color * (0.66, 0.55, 0.52), 0.27 * unit)
        canvas.line([root, tip], 0.97 * f.skin_color, 0.22 * unit)
        canvas.fill(oval(tip - 0.02 * head.down, 0.06 * unit, 0.08 * unit), mixed(f.skin_color, NAIL, 0.4))
    canvas.fill(smooth(PALM @ [head.right, head.down] + palm, closed=True), 0.95 * f.skin_color)


def draw_scarf(canvas, head):
    """A thick scarf up to the chin or the mouth."""
    color, unit = 0.9 * head.f.cloth[::-1], head.unit
    top = 0.25 - 0.35 * abs(head.f.held_x)
    for low, dark in ((0.5, 0.85), (0.0, 1.0)):
        edge = FOLD @ [head.right, head.down] + head.points[8] + (top + low) * head.down
        outline = smooth(edge, closed=True)
        canvas.fill(outline, dark * color)
        for down, light in ((0.2, 0.8), (0.4, 1.1)):
            canvas.line(outline[:17] + down * head.down, light * dark * color, 0.05 * unit)


def draw_cup(canvas, head):
    """A cup at the mouth."""
    f, unit = head.f, head.unit
    middle = head.points[57] + 0.2 * f.held_x * head.right + 0.5 * head.down
    color = mixed(f.cloth, (240, 240, 236), 0.6)
    side = np.array([np.sign(f.held_x + 1e-6), 0]) * unit
    canvas.line(oval(middle + 0.48 * side, 0.2 * unit, 0.24 * unit), 0.85 * color, 0.1 * unit, closed=True)
    body = np.array([(-0.42, -0.4), (0.42, -0.4), (0.36, 0.5), (-0.36, 0.5)]) * unit
    canvas.fill(body + middle, color)
    canvas.fill(oval(middle - (0, 0.4 * unit), 0.42 * unit, 0.09 * unit), 0.8 * color)
