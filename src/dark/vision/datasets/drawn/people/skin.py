"""The skin of a face with its ears, soft shadows, freckles and lines."""

import numpy as np

from .canvas import Canvas, Shadows, mixed, oval, smooth
from .head import Head

SHADOW = np.array([0.8, 1.0, 1.05])  # how much a shadow takes of red, green and blue: it is warm on skin
BLUSH = np.array([0.0, 0.5, 0.45])


def draw_skin(canvas: Canvas, head: Head) -> None:
    """Ears and face, with all that is soft on them."""
    for side in (-1, 1):
        draw_ear(canvas, head, side)
    edge = smooth(head.outline, closed=True)
    canvas.fill(edge, head.f.skin_color)
    shadows = Shadows(canvas, edge)
    shade_eyes_and_cheeks(shadows, head)
    shade_nose(shadows, head)
    shade_mouth_and_chin(shadows, head)
    shadows.lay(0.055 * head.unit)
    draw_marks(canvas, head)


def draw_ear(canvas, head, side):
    """An ear, wider on the side that is turned to the camera."""
    f = head.f
    turned = np.clip(0.6 - 1.5 * side * np.sin(f.yaw), 0.1, 1.2)
    center = head.see([(side * 1.02 * f.wide, 0.02, -0.25)])[0]
    across, down, lean = 0.18 * turned * f.ear * head.unit, 0.3 * f.ear * head.unit, f.roll - 0.15 * side
    canvas.fill(oval(center, across, down, lean), 0.94 * f.skin_color)
    canvas.fill(oval(center, 0.6 * across, 0.65 * down, lean), f.skin_color * (1 - 0.25 * SHADOW))
    canvas.fill(oval(center - 0.1 * side * head.right, 0.45 * across, 0.5 * down, lean), 0.92 * f.skin_color)
    if f.woman and f.earring < 0.4:
        metal = (226, 196, 116) if f.earring < 0.25 else (222, 226, 232)
        canvas.disc(center + 1.05 * down * np.array([-np.sin(lean), np.cos(lean)]), 0.07 * head.unit, metal)


def shade_eyes_and_cheeks(shadows, head):
    """Hollows around the eyes, the cheeks' highest places light, their sides dark."""
    f = head.f
    for side, eye in ((-1, head.points[36:42]), (1, head.points[42:48])):
        middle = eye.mean(0)
        shadows.fill(middle + (eye - middle) * 1.6 - 0.08 * head.down, 1 - 0.14 * SHADOW)
        shadows.fill(head.on(oval((side * 0.85, 0.45), 0.14, 0.45)), 1 - 0.1 * SHADOW)
        shadows.fill(head.on(oval((side * 0.55, 0.14), 0.17, 0.13)), 1 + 0.06 * SHADOW)
        if f.blush > 0.5:
            shadows.fill(head.on(oval((side * 0.6, 0.24), 0.2, 0.13)), 1 - 0.35 * f.blush * BLUSH)
    shadows.fill(head.on(oval((0, -0.8 - f.forehead / 2), 0.45, 0.18)), 1 + 0.05 * SHADOW)


def shade_nose(shadows, head):
    """The side of the nose away from the light, its back, its tip and its shadow on the lip."""
    bridge, base = head.points[27:31], head.points[31:36]
    away = 1 if head.f.light_x < 0 else -1
    for side, much in ((away, 0.14 + 0.2 * head.f.light), (-away, 0.05)):
        wing = base[4] if side > 0 else base[0]
        foot = mixed(bridge[0], wing, 0.4) + 0.04 * side * head.right
        shadows.fill([*bridge, base[2], wing + 0.03 * side * head.right, foot], 1 - much * SHADOW)
    shadows.fill([*(bridge - 0.035 * head.right), *(bridge + 0.035 * head.right)[::-1]], 1 + 0.1 * SHADOW)
    shadows.fill(oval(bridge[3], 0.09 * head.unit, 0.07 * head.unit), 1 + 0.09 * SHADOW)
    shadows.fill([*base, *(base[::-1] * 0.8 + base[2] * 0.2 + 0.1 * head.down)], 1 - 0.25 * SHADOW)


def shade_mouth_and_chin(shadows, head):
    """The hollow below the lower lip, the chin, and the folds that come with a smile and with age."""
    f, p, unit = head.f, head.points, head.unit
    shadows.fill(oval(p[57] + 0.07 * head.down, 0.17 * unit, 0.05 * unit, f.roll), 1 - 0.18 * SHADOW)
    shadows.fill(oval(p[8] - 0.14 * head.down, 0.15 * unit, 0.1 * unit, f.roll), 1 + 0.05 * SHADOW)
    much = 0.16 * max(0, f.smile) + 0.14 * f.old
    if much > 0.05:
        for wing, corner, side in ((p[31], p[48], -1), (p[35], p[54], 1)):
            out = side * head.right
            end = corner + 0.1 * out + 0.03 * head.down
            fold = smooth([wing + 0.04 * out, mixed(wing, corner, 0.55) + 0.13 * out, end])
            shadows.fill([*fold, *(fold + 0.05 * out)[::-1]], 1 - much * SHADOW)


def draw_marks(canvas, head):
    """Freckles, and the lines of age."""
    f = head.f
    if f.freckles > 0.88 and f.skin < 0.5:
        rng = np.random.default_rng(f.grain)
        for place in head.on(np.column_stack([rng.normal(0, 0.36, 26), rng.normal(0.12, 0.1, 26)])):
            canvas.disc(place, 0.013 * head.unit + 0.3, 0.8 * f.skin_color * (1, 0.93, 0.9))
    if f.old:
        ink = f.skin_color * (1 - 0.18 * SHADOW)
        x = np.linspace(-0.5, 0.5, 7)
        for y in (-0.74, -0.88, -1.0):
            canvas.line(head.on(np.column_stack([x, y - 0.05 * np.cos(4 * x)])), ink, 0.025 * head.unit)
        for side in (-1, 1):
            for rise in (-0.06, 0.05):
                canvas.line(head.on([(0.72 * side, -0.2), (0.86 * side, -0.2 + rise)]), ink, 0.02 * head.unit)
