"""Stubble, full beards, goatees and moustaches."""

import numpy as np

from .canvas import Canvas, mixed, smooth
from .head import Head


def draw_beard(canvas: Canvas, head: Head) -> None:
    """One of them, for half of the men; the lips are drawn over it."""
    f = head.f
    if f.woman or f.child or f.beard < 0.5:
        return
    kind = stubble if f.beard < 0.64 else full if f.beard < 0.8 else goatee if f.beard < 0.9 else moustache
    outline, opacity = kind(head, head.points)
    color = mixed(f.brow_color * f.beard_tone, f.skin_color, 0.08)
    if kind is stubble:
        color = np.minimum(color, 0.55 * f.skin_color)
    rng = np.random.default_rng(f.grain + 1)
    with canvas.inside(outline, opacity) as part:
        part.fill(outline, color)
        roots = np.column_stack([rng.uniform(-0.8, 0.8, 36), rng.uniform(0.4, 1.1, 36)])
        hairs = np.stack([head.on(roots), head.on(roots * (1.05, 1) + (0, 0.14))], 1)
        for first, light in enumerate((0.72, 0.9, 1.2)):
            part.lines(hairs[first::3], light * color, 0.03 * head.unit)


def below_the_nose(p):
    """The upper edge of a moustache, from the right to the left."""
    return [mixed(p[nose], p[lip], 0.35) for nose, lip in ((35, 53), (33, 51), (31, 49))]


def stubble(head, p):
    """A shade over chin, cheeks and lip."""
    right = [p[14], mixed(p[14], p[54], 0.6), *below_the_nose(p)]
    return [*smooth(p[2:15]), *smooth([*right, mixed(p[2], p[48], 0.6), p[2]])], 0.12


def full(head, p):
    """A beard from ear to ear."""
    cheeks = [mixed(p[15], p[14], 0.5), mixed(p[13], p[54], 0.55), mixed(p[54], p[35], 0.25)]
    others = [mixed(p[48], p[31], 0.25), mixed(p[3], p[48], 0.55), mixed(p[1], p[2], 0.5)]
    return [*smooth(p[1:16]), *smooth([*cheeks, *below_the_nose(p), *others])], 0.92


def goatee(head, p):
    """A beard around the mouth."""
    out = 0.1 * head.right
    cheeks = mixed(p[59], p[6], 0.6), mixed(p[55], p[10], 0.6)
    chin = smooth([p[48] - out, cheeks[0], *p[7:10], cheeks[1], p[54] + out])
    return [*chin, *below_the_nose(p)], 0.88


def moustache(head, p):
    """Hair on the upper lip alone."""
    out = 0.07 * head.right
    return [p[48] - out, *smooth(p[48:55]), p[54] + out, *below_the_nose(p)], 0.9
