"""What a person wears: clothes below a neck, glasses, hats, a headscarf."""

import numpy as np

from .canvas import Canvas, mixed, smooth
from .hair import Hair
from .head import Head

FRAMES = ((20, 20, 22), (60, 38, 28), (120, 30, 34), (150, 140, 128), (196, 160, 84), (40, 60, 100))
NECKLINES = (  # the right half, from its lowest place outwards
    ((0, 0.86), (0.35, 0.8), (0.68, 0.6)), ((0, 0.76), (0.3, 0.7), (0.62, 0.5)),
    ((0, 1.4), (0.3, 1.0), (0.66, 0.55)), ((0, 0.42), (0.35, 0.36), (0.6, 0.22)),
)  # fmt: skip
SHOULDER = ((0.98, 0.68), (1.5, 0.84), (1.95, 1.15), (2.2, 2.2), (2.3, 5), (2.3, 14))
OPENING = np.array([  # of a headscarf, from the forehead to the chin
    (0, -0.95, 0), (0.45, -0.88, -0.1), (0.8, -0.6, -0.1), (0.94, -0.1, -0.1), (0.86, 0.45, 0.0),
    (0.5, 0.93, 0.3), (0, 1.12, 0.55),
])  # fmt: skip
BRIM = np.array([(-1, -0.42), (-0.9, -0.64), (-0.6, -0.76), (-0.3, -0.82), (0, -0.84)])


def hat_of(f) -> str:
    """Which hat a face wears: most wear none."""
    if f.hat > 0.95 and f.woman:
        return "headscarf"
    return "beanie" if f.hat > 0.92 else "cap" if f.hat > 0.88 else ""


def draw_body(canvas: Canvas, head: Head) -> None:
    """The neck with the shadow of the chin, the shoulders and what covers them."""
    f = head.f
    lean = 0.4 * f.roll  # a body turns less than its head
    axes = head.unit * np.array([[np.cos(lean), np.sin(lean)], [-np.sin(lean), np.cos(lean)]])
    origin = head.see([(0, 0.75, -0.35)])[0]
    slim = 0.82 if f.woman or f.child else 1.0

    def body(half):
        """The curve through points from the middle to the right, and their mirror images on the left."""
        half = np.asarray(half) * (slim, 1)
        return smooth([*(half[:0:-1] * (-1, 1)), *half]) @ axes + origin

    chest = body([(0, -0.7), (0.64, -0.7), (0.6, 0.2), (0.7, 0.55), (1.4, 1.0), (1.5, 3)])
    canvas.fill(chest, 0.93 * f.skin_color)
    with canvas.inside(body([(0, -0.7), (0.64, -0.7), (0.6, 0.2), (0.66, 0.6), (0, 0.7)]), 0.5) as part:
        chin = smooth(head.points[2:15]) + 0.16 * head.down
        part.fill([*chin, head.points[14], head.points[2]], f.skin_color * (0.6, 0.5, 0.47))
    collar = NECKLINES[int(f.neckline * len(NECKLINES))]
    cloth = body([*collar, *SHOULDER])
    canvas.fill(cloth, f.cloth)
    if f.pattern < 0.3:
        light = mixed(f.cloth, (255, 255, 255), 0.5) if f.pattern < 0.15 else 0.6 * f.cloth
        stripes = np.stack([[(-2.6, y + 0.3), (0, y), (2.6, y + 0.3)] for y in np.arange(0.4, 6, 0.3)])
        with canvas.inside(cloth) as part:
            part.lines(stripes @ axes + origin, light, 0.1 * head.unit)
    elif f.pattern < 0.45:
        canvas.line([(0, 0.9), (0, 14)] @ axes + origin, 0.6 * f.cloth, 0.05 * head.unit)
    folds = np.array([[(1.3, 1.3), (1.5, 14)], [(-1.3, 1.3), (-1.5, 14)]]) * (slim, 1)
    canvas.lines(folds @ axes + origin, 0.75 * f.cloth, 0.06 * head.unit)
    canvas.line(body(collar), 0.75 * f.cloth, 0.08 * head.unit)


def draw_glasses(canvas: Canvas, head: Head) -> None:
    """Frames before the eyes for one of five; dark ones for a few."""
    f, unit = head.f, head.unit
    if f.glasses < 0.8:
        return
    color, dark = FRAMES[int(f.frame * len(FRAMES))], f.glasses > 0.965
    width = (0.03 if f.glasses < 0.85 else 0.045 + 0.05 * f.lens) * unit
    t = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    corner = 0.5 if f.frame * 5 % 1 < 0.5 else 1.0  # nearly square or round
    x, y = (np.sign(v) * np.abs(v) ** corner for v in (np.cos(t), np.sin(t)))
    across, down = 0.26 + 0.05 * f.lens, 0.16 + 0.1 * (f.lens * 7 % 1)
    for side in (-1, 1):
        x_rim = side * (0.47 + f.eye_gap) + across * x
        rim = np.stack([x_rim, -0.19 + down * y - f.eye_height, 0.74 - 0.4 * (x_rim / 0.75) ** 2], 1)
        outline = head.see(rim)
        with canvas.inside(outline, 0.93 if dark else 0.14) as part:
            part.fill(outline if dark else outline[8:18], (26, 26, 32) if dark else (245, 250, 255))
            if dark:
                part.line(mixed(outline[11:14], outline.mean(0), 0.3), (120, 126, 136), 0.06 * unit)
        canvas.line(outline, color, width, closed=True)
        if side * f.yaw < 0.2:
            hinge = rim[0 if side > 0 else 10]
            canvas.line(head.see([hinge, (1.02 * side * f.wide, -0.17, -0.25)]), color, width)
    canvas.line(smooth(head.see([(-0.19, -0.2, 0.7), (0, -0.24, 0.76), (0.19, -0.2, 0.7)])), color, width)


def draw_hat(canvas: Canvas, head: Head, hair: Hair) -> None:
    """A beanie, a cap, or a headscarf, for some."""
    kind = hat_of(head.f)
    if kind == "headscarf":
        draw_headscarf(canvas, head, hair)
    elif kind:
        draw_dome(canvas, head, hair, kind)


def draw_headscarf(canvas, head, hair):
    """Cloth around a face and over the shoulders."""
    color = mixed(head.f.cloth, (200, 186, 176), 0.3)
    right = OPENING * (head.f.wide, 1, 1) + (0, head.gape / 2, 0)
    around = np.concatenate([right, right[-2:0:-1] * (-1, 1, 1)])
    inner = smooth(head.see(head.contour(around)), closed=True)
    dome = hair.around(np.linspace(np.pi * 0.95, 2.05 * np.pi, 24), 0.14, 0.14)
    low = np.array([(1.2, 0.75), (1.35, 1.5), (1.7, 3), (-1.7, 3), (-1.35, 1.5), (-1.2, 0.75)])
    outer = np.concatenate([dome, low @ hair.upright + hair.center])
    canvas.fill_around([outer, inner], color)
    middle = inner.mean(0)
    for wider, light in ((1.0, 0.7), (1.1, 1.12), (1.22, 0.85), (1.36, 1.08)):
        canvas.line(middle + (inner - middle) * wider, light * color, 0.05 * head.unit, closed=True)


def draw_dome(canvas, head, hair, kind):
    """A hat over the upper half of the head, with a folded edge or a peak."""
    color, unit = head.f.cloth, head.unit
    brim = np.concatenate([BRIM, BRIM[-2::-1] * (-1, 1)]) * (head.f.wide, 1)
    line = head.on(brim, 0.06)
    edge, rise = smooth(line), 0.26 * head.down
    arc = hair.around(np.linspace(np.pi * 1.02, 1.98 * np.pi, 24), 0.2, 0.13)
    canvas.fill([*arc, *edge[::-1]], color)
    for at in (5, 12, 18):
        bent = mixed(arc[at], line[at // 3], 0.5) + (at - 12) / 120 * head.right
        canvas.line(smooth([arc[at], bent, line[at // 3]]), 0.82 * color, 0.03 * unit)
    if kind == "beanie":
        canvas.fill([*edge, *(edge - rise)[::-1]], 0.85 * color)
        canvas.line(edge - rise, 0.65 * color, 0.03 * unit)
        for at in range(1, len(edge), 3):
            canvas.line([edge[at], edge[at] - rise], 0.72 * color, 0.02 * unit)
    else:
        x = np.linspace(-0.85, 0.85, 9)
        peak = head.see(np.stack([x, -0.66 - 0.1 * x**2, 1.5 - 0.9 * x**2], 1))
        canvas.fill([*edge[4:-4], *smooth(peak)[::-1]], 0.75 * color)
        canvas.line(edge[4:-4], 0.55 * color, 0.03 * unit)
