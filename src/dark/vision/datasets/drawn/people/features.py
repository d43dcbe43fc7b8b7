"""Eyes, brows, nostrils and lips, drawn where the points of a head are."""

import numpy as np

from .canvas import Canvas, mixed, oval, smooth
from .head import Head

DOWN = np.array([0, 1])
LASHES = (36, 26, 24)
TEETH = (238, 232, 222)
EYE_SHADOWS = ((120, 84, 110), (96, 104, 128), (128, 92, 70), (70, 64, 72))
LIPSTICKS = ((176, 32, 48), (196, 74, 96), (150, 50, 78), (206, 104, 96), (110, 30, 50))


def draw_features(canvas: Canvas, head: Head) -> None:
    """Both eyes, both brows, the nose and the mouth."""
    p = head.points
    for side, eye in ((-1, p[36:42][[3, 2, 1, 0, 5, 4]]), (1, p[42:48])):
        draw_eye(canvas, head, eye, side)
    draw_brow(canvas, head, p[17:22][::-1])
    draw_brow(canvas, head, p[22:27])
    draw_nose(canvas, head)
    draw_mouth(canvas, head)


def draw_eye(canvas, head, eye, side):
    """White, iris, pupil and a spark between the lids; lashes along the upper one, a fold above it.

    `eye` goes from the inner corner along the upper lid to the outer corner, and back along the lower lid.
    """
    f, unit = head.f, head.unit
    made_up = f.woman and f.make_up > 0.4 and not f.child
    upper, lower = smooth(eye[:4]), smooth(eye[[3, 4, 5, 0]])
    rise = -0.075 * head.down
    lid = [*upper, *(smooth(eye[:4] + np.array([0.3, 1.1, 1.1, 0.5])[:, None] * rise))[::-1]]
    shadow = EYE_SHADOWS[int(f.make_up * 99) % 4] if made_up and f.make_up > 0.7 else 0.72 * f.skin_color
    with canvas.inside(lid, 0.5) as part:
        part.fill(lid, shadow)
    if head.openness(side) > 0.2:
        draw_eyeball(canvas, head, eye, [*upper, *lower])
    else:
        upper = lower[::-1]
    ink = LASHES if made_up else mixed(LASHES, f.brow_color * 0.5, 0.4)
    canvas.line(upper, ink, (0.062 if made_up else 0.042) * unit)
    canvas.line(lower[2:-3], f.skin_color * 0.62, 0.022 * unit)
    if f.woman:  # lashes reach beyond the corner
        canvas.line([eye[3], eye[3] + 0.06 * side * head.right + rise * 0.7], ink, 0.035 * unit)
    fold = smooth(eye[:4] + np.array([0.2, 1.0, 1.05, 0.6])[:, None] * rise)
    canvas.line(fold, f.skin_color * (0.66, 0.58, 0.55), 0.018 * unit)


def draw_eyeball(canvas, head, eye, outline):
    """What is seen between the lids."""
    f, unit = head.f, head.unit
    gaze = 0.1 * (f.gaze_x * head.right + 0.6 * f.gaze_y * head.down)
    center = mixed(eye[0], eye[3], 0.5) + gaze - 0.035 * head.down
    radius = 0.105 * f.eye_size * (1.18 if f.child else 1) * unit
    with canvas.inside(outline) as part:
        part.fill(outline, mixed((238, 234, 230), f.skin_color, 0.12))
        part.disc(center, radius, 0.55 * f.iris_color)
        part.disc(center, 0.82 * radius, f.iris_color)
        part.disc(center + 0.25 * radius * DOWN, 0.55 * radius, 1.25 * f.iris_color)
        part.disc(center, 0.45 * radius, (14, 11, 12))
        shade = mixed((150, 140, 138), f.skin_color, 0.3)
        part.line(smooth(eye[:4]) + 0.025 * head.down, shade, 0.05 * unit)
        light = np.array([0.4 * np.sign(f.light_x + 1e-6), -0.4])
        part.disc(center + radius * light, 0.22 * radius, (250, 250, 248))


def draw_brow(canvas, head, brow):
    """A brow with its points on its middle line, from the nose to its thin end."""
    f = head.f
    thick = f.brow_thick * (0.75 if f.woman else 1.15) * (0.75 if f.child else 1)
    half = 0.5 * thick * smooth(np.array([0.8, 1.1, 1.0, 0.75, 0.2])[:, None]) * head.down
    middle = smooth(brow)
    outline = [*(middle - half), *(middle + half)[::-1]]
    color = mixed(f.brow_color * 0.75, f.skin_color, 0.3 if f.woman else 0.2)
    if f.brow_color.sum() > 480:  # fair and gray hair: brows stay a little darker
        color = mixed(color, (110, 88, 66), 0.45)
    canvas.fill(outline, color)
    hairs = np.stack([middle + 0.7 * half, middle - 0.7 * half + 0.04 * (middle[-1] - middle[0])], 1)
    canvas.lines(hairs[1:-3:2], 0.72 * color, 0.02 * head.unit)


def draw_nose(canvas, head):
    """Nostrils and the wings around them."""
    f, base = head.f, head.points[31:36]
    ink = f.skin_color * (0.42, 0.32, 0.3)
    for at, wing, side in ((base[1], base[0], -1), (base[3], base[4], 1)):
        hole = oval(mixed(at, wing, 0.15), 0.055 * head.unit, 0.028 * head.unit, f.roll - 0.35 * side)
        canvas.fill(hole, ink)
        out = wing + 0.045 * side * head.right
        bow = [out - 0.14 * head.down, out + 0.035 * side * head.right - 0.05 * head.down, wing]
        canvas.line(smooth(bow), f.skin_color * (0.74, 0.64, 0.6), 0.03 * head.unit)
    canvas.line(smooth(base), f.skin_color * (0.68, 0.57, 0.54), 0.028 * head.unit)


def draw_mouth(canvas, head):
    """Two lips, and what is between them where they part."""
    f, p, unit = head.f, head.points, head.unit
    outer, inner = p[48:60], p[60:68]
    upper = [*smooth(outer[:7]), *smooth(inner[:5])[::-1]]
    lower = [*smooth(outer[[6, 7, 8, 9, 10, 11, 0]]), *smooth(inner[[0, 7, 6, 5, 4]])]
    painted = f.woman and f.lipstick > 0.55 and not f.child
    color = LIPSTICKS[int(f.lipstick * 99) % 5] if painted else f.skin_color * (0.86, 0.66, 0.66)
    canvas.fill(upper, np.multiply(color, 0.86))
    canvas.fill(lower, color)
    shine = mixed(color, (255, 235, 230), 0.3)
    canvas.line(smooth(outer[[8, 9, 10]]) - 0.06 * head.down, shine, 0.03 * unit)
    opening = [*smooth(inner[:5]), *smooth(inner[[4, 5, 6, 7, 0]])]
    if head.gape > 0.03:
        with canvas.inside(opening) as part:
            part.fill(opening, (62, 20, 24))
            if f.teeth > 0.3:
                edge = smooth(inner[:5])
                part.fill([*edge, *(edge + min(0.1, 0.8 * head.gape) * head.down)[::-1]], TEETH)
            if head.gape > 0.12:
                part.fill(oval(inner[6], 0.17 * unit, 0.07 * unit, f.roll), (176, 84, 88))
    canvas.line(smooth(inner[:5]), np.multiply(color, 0.42), 0.028 * unit)
    for corner in (outer[0], outer[6]):
        canvas.disc(corner, 0.02 * unit, f.skin_color * (0.55, 0.42, 0.4))
