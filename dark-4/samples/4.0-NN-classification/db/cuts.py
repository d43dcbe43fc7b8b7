"""How trousers and bags are cut, and which function cuts which kind; `c` holds the numbers of one item."""

import math

import numpy as np
from fabric import Sheet, ink, rounded, whole
from shoes import ankle_boot, sandal, sneaker
from tops import coat, dress, pullover, shirt, t_shirt


def trouser(sheet, c):
    """Two legs from one waistband, short to long, narrow to wide."""
    w, crotch = c.width, c.top + c.rise
    for side, tone in ((-1, 0.9 * c.tone), (1, c.tone)):
        ankle, half = side * (c.gap + c.leg) + c.lean, side * (c.leg + c.flare / 2)
        outside = [(side * w, c.top), (side * (w + 0.07), crotch + 0.1), (ankle + half, c.bottom)]
        inside = [(ankle - half, c.bottom), (side * c.gap / 2, crotch + 0.05), (0, crotch), (0, c.top)]
        sheet.fill(outside + inside, tone)
        if c.crease < 0.4:
            sheet.line([(0.55 * side * w, c.top + 0.25), (ankle, c.bottom)], ink(c, 0.2))
        if c.hole < 0.15:  # at the knee
            sheet.oval(0.8 * ankle, 0.15, 0.5 * c.leg, 0.06, ink(c, 0.6))
    if c.pocket < 0.6:
        sheet.line_pair([(0.5 * w, c.top + 0.1), (1.05 * w, c.top + 0.32)], ink(c, 0.45))
    sheet.line([(0, c.top), (0, crotch)], ink(c, 0.4))
    if c.belt < 0.6:
        sheet.fill_whole([(w, c.top), (w + 0.01, c.top + 0.09)], ink(c, 0.4))


def bag(sheet, c):
    """A box, a sack or half-round, with a handle, two, a long strap or none; a flap or a zip, and a clasp."""
    w, h = c.width, c.height
    top = -h / 2 + (0.2 if c.handle < 0.8 else 0)
    bottom = top + h
    handle, rise = min(c.handle_width, 0.6 * w), c.handle_height
    arch = np.array([(math.cos(a), -math.sin(a)) for a in np.linspace(0, math.pi, 13)])
    if c.handle < 0.35:  # round, its ends behind the bag
        round_handle = arch * (handle, rise) + (0, top + 0.03)
        sheet.line([(handle, top + h / 2), *round_handle, (-handle, top + h / 2)], ink(c, 0.2), c.thick)
    elif c.handle < 0.55:  # the two of a shopper
        for y, tone in ((top - rise - 0.08, 0.6 * c.tone), (top - rise + 0.02, 0.85 * c.tone)):
            sheet.line(whole([(handle, top + 0.05), (0.8 * handle, y)]), tone, c.thick)
    elif c.handle < 0.8:  # over the shoulder
        strap = whole([(0.95 * w, top + 0.7 * h), (0.9 * w, top), (0.6 * w, top - rise)])
        sheet.line(rounded(strap, closed=False), 0.8 * c.tone, 0.7 * c.thick)

    box = whole([(0.5 * w, top), (w - c.taper, top), (w, bottom), (0.5 * w, bottom)])
    if c.round < 0.35:
        box = rounded(box)
    elif c.round < 0.5:  # half-round
        box = [*(arch * (w, h) + (0, bottom - 0.05)), (-0.95 * w, bottom + 0.03), (0.95 * w, bottom + 0.03)]
    sheet.fill(box, c.tone)

    seam, depth = ink(c, 0.5), c.flap_depth
    if c.flap < 0.4:
        edge = w - c.taper
        tip = (0, top + depth * (0.7 + 0.5 * c.clasp))
        sheet.line(whole([(edge - 0.03, top), (edge - 0.05, top + 0.7 * depth), tip]), seam, 0.04)
    elif c.flap < 0.65:  # zip
        sheet.line([(-0.8 * w, top + 0.12), (0.8 * w, top + 0.12)], seam, 0.04)
    if c.clasp < 0.5:
        sheet.oval(0, top + 0.8 * depth, 0.07, 0.06, ink(c, 0.9))
    if c.seam < 0.35:
        sheet.line_pair([(0.6 * w, top), (0.65 * w, bottom)], seam, 0.04)


CUTS = (t_shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle_boot)


def cut(kind: int, c) -> Sheet:
    """An item of this kind, drawn flat."""
    sheet = Sheet()
    CUTS[kind](sheet, c)
    return sheet
