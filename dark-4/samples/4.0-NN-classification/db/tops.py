"""How T-shirts, pullovers, shirts, coats and dresses are cut; `c` holds the numbers of one item."""

import math

import numpy as np
from fabric import ink, rounded, whole


def t_shirt(sheet, c):
    """Short sleeves or none, a round or pointed neck, no opening."""
    top = -c.length / 2
    if c.sleeve > 0.15:
        sleeves(sheet, c, top, reach=0.18 + 0.25 * c.reach, angle=0.45 + 0.5 * c.angle)
    torso(sheet, c, top)
    neck(sheet, c, top, 0.12 + 0.2 * c.collar)
    motif(sheet, c)


def pullover(sheet, c):
    """Long sleeves, ribbed cuffs and hem, closed; a round, pointed or rolled collar, or a hood."""
    top, rib = -c.length / 2, ink(c, 0.45)
    cuffs = long_sleeves(sheet, c, top)
    bottom, hem = torso(sheet, c, top, armhole=True)
    sheet.fill_whole([(hem, bottom - 0.13), (hem - 0.03, bottom)], rib)
    sheet.line_pair(cuffs, rib, 0.1)
    motif(sheet, c)
    if c.collar < 0.25:  # rolled
        n = 0.85 * c.neck
        sheet.fill(rounded(whole([(n, top - 0.12), (n + 0.05, top + 0.08)])), rib)
        sheet.line(whole([(n + 0.03, top + 0.06)]), 0.5 * c.tone)
    elif c.collar < 0.40:  # hood
        n = 1.25 * c.neck
        hood = [(0.6 * n, top - 0.14), (n, top), (0.8 * n, top + 0.16), (0.05, top + 0.24)]
        sheet.fill(rounded(whole(hood)), 0.85 * c.tone)
        sheet.oval(0, top - 0.01, 0.55 * n, 0.1, 0.3 * c.tone)
        sheet.line_pair([(0.07, top + 0.2), (0.08, top + 0.42)], ink(c, 0.6))
    else:
        neck(sheet, c, top, 0.08 + 0.16 * c.collar)


def shirt(sheet, c):
    """A turned-down collar, buttons on a strip, rounded tails; sleeves short, or long with cuffs."""
    top, seam = -c.length / 2, ink(c, 0.55)
    short = c.sleeve < 0.5
    if short:
        cuffs = sleeves(sheet, c, top, reach=0.25 + 0.2 * c.reach, angle=0.4 + 0.45 * c.angle)
    else:
        cuffs = long_sleeves(sheet, c, top)
    bottom, hem = torso(sheet, c, top, armhole=not short)
    sheet.line_pair(cuffs, seam)
    out, low = hem + 0.05, bottom + 0.02
    sheet.fill_pair([(out, low), (out, low - 0.2), (0.55 * hem, low)], 0)
    sheet.fill_whole([(0.065, top + 0.1), (0.065, bottom - 0.02)], ink(c, 0.5))
    for y in np.arange(top + 0.3, bottom - 0.05, 0.24):
        sheet.oval(0, y, 0.04, 0.04, c.tone)
    n = c.neck
    sheet.oval(0, top + 0.02, 0.8 * n, 0.09, 0.3 * c.tone)
    flap = [(0.75 * n, top - 0.08), (1.15 * n, top + 0.04), (0.85 * n, top + 0.26), (0.01, top + 0.13)]
    sheet.fill_pair(flap, ink(c, 0.4))
    sheet.line_pair(flap[1:], ink(c, 0.7))
    if c.pocket < 0.4:
        x, y = 0.16, top + 0.45
        sheet.line([(x, y), (x, y + 0.2), (x + 0.18, y + 0.2), (x + 0.18, y)], seam, closed=True)


def coat(sheet, c):
    """Long wide sleeves, lapels or a stand-up collar, pockets at the hips; worn open, zipped or buttoned."""
    top, n, seam = -c.length / 2, c.neck, ink(c, 0.6)
    long_sleeves(sheet, c, top, wide=1.2)
    bottom, _ = torso(sheet, c, top, armhole=True)
    if c.pocket < 0.7:
        y = top + 0.66 * c.length
        sheet.line_pair([(0.4 * c.width, y + 0.08), (0.8 * c.width, y - 0.02)], seam, 0.05)
    if c.opening < 0.35:  # open
        gap = 0.1 + 0.2 * c.print
        sheet.fill([(0, top + 0.3), (gap, bottom + 0.03), (-gap, bottom + 0.03)], 0)
    elif c.opening < 0.65:  # zipped
        sheet.line([(0, top), (0, bottom)], seam, 0.06)
    else:  # one or two rows of buttons
        sheet.line([(0.7 * n, top + 0.3), (0.12, top + 0.65), (0.12, bottom)], seam, 0.04)
        for y in np.arange(top + 0.75, bottom - 0.2, 0.26):
            for x in (-0.08, 0.02) if c.print < 0.5 else (0.03,):
                sheet.oval(x, y, 0.04, 0.04, ink(c, 0.9))
    if c.opening >= 0.35 and c.collar < 0.4:  # stand-up collar
        sheet.fill_whole([(n, top - 0.1), (1.15 * n, top + 0.08)], 0.8 * c.tone)
        sheet.line(whole([(1.15 * n, top + 0.08)]), seam)
        sheet.line([(0, top - 0.1), (0, top + 0.2)], seam, 0.05)
    else:
        sheet.fill_whole([(0.7 * n, top - 0.05), (0, top + 0.5)], ink(c, 0.75))  # what is worn below
        lapel = [(0.6 * n, top - 0.08), (1.2 * n, top + 0.05), (1.7 * n, top + 0.3), (0.03, top + 0.62)]
        sheet.fill_pair(lapel, ink(c, 0.35))
        sheet.line_pair(lapel[1:], seam)
    if c.belt < 0.25:
        w, y = c.width + c.waist, top + 0.55 * c.length
        sheet.fill_whole([(w, y - 0.05), (w, y + 0.06)], seam)


def dress(sheet, c):
    """Narrow above, a waist, and a skirt, straight or wide, to the bottom; straps, short or long sleeves."""
    top, w = -c.length / 2, c.width
    bottom, waist_y = top + c.length, top + 0.42 * c.length
    shoulder = (w + c.shoulder, top + c.drop)
    if c.sleeve > 0.8:
        sleeves(sheet, c, top, reach=0.75 + 0.3 * c.reach, angle=0.12 + 0.3 * c.angle)
    elif c.sleeve > 0.45:
        sleeves(sheet, c, top, reach=0.15 + 0.2 * c.reach, angle=0.4 + 0.4 * c.angle)
    elif c.sleeve < 0.25:  # straps
        sheet.line_pair([(0.75 * w, top + 0.4), (0.6 * w, top)], c.tone, 0.06)
        top += 0.25
        shoulder = (0.85 * w, top + 0.01)
    waist, flare = w + c.waist, w + c.hem
    knee = (0.45 * waist + 0.55 * flare, waist_y + c.skirt)
    sheet.fill_whole([(c.neck, top), shoulder, (w, -c.length / 2 + c.armpit), (waist, waist_y), knee,
                      (flare, bottom - 0.02), (0.7 * flare, bottom + 0.03)], c.tone)  # fmt: skip
    neck(sheet, c, top, 0.08 + 0.22 * c.collar)
    if c.hem > 0.12:  # a wide skirt falls in folds
        for x in (-0.6, -0.2, 0.25, 0.65):
            sheet.line([(x * waist, waist_y + 0.05), (x * flare, bottom - 0.02)], ink(c, 0.25))
    if c.pocket < 0.6:  # belt
        sheet.line([(-waist, waist_y), (waist, waist_y)], ink(c, 0.5), 0.04 + 0.06 * c.print)


def long_sleeves(sheet, c, top, wide=1.0):
    """Sleeves to the wrist."""
    return sleeves(sheet, c, top, reach=1.1 + 0.2 * c.reach, angle=0.08 + 0.3 * c.angle, wide=wide)


def sleeves(sheet, c, top, reach, angle, wide=1.0):
    """Both sleeves, so long and so far from the body; returns the ends of the right cuff."""
    shoulder, armpit = np.array([(c.width + c.shoulder, top + c.drop), (c.width, top + c.armpit)])
    wrist = (shoulder + armpit) / 2 + reach * np.array([math.sin(angle), math.cos(angle)])
    half = wide * c.cuff * (1.6 - 0.6 * min(reach, 1)) * np.array([math.cos(angle), -math.sin(angle)])
    cuff = np.array([wrist + half, wrist - half])
    outline = np.array([shoulder, *cuff, armpit])
    sheet.fill(outline, 0.9 * c.tone)
    sheet.fill(outline * (-1, 1), 0.82 * c.tone)
    return cuff


def torso(sheet, c, top, armhole=False):
    """The trunk, with a seam where a sleeve hangs beside it; returns the height and half width of the hem."""
    w, bottom, hem = c.width, top + c.length, c.width + c.hem
    side = [(w + c.shoulder, top + c.drop), (w, top + c.armpit), (w + c.waist, top + 0.6 * c.length)]
    sheet.fill_whole([(c.neck, top), *side, (hem, bottom - 0.03), (hem - 0.04, bottom)], c.tone)
    sheet.line_pair(side if armhole else side[:2], 0.45 * c.tone)
    return bottom, hem


def neck(sheet, c, top, depth):
    """The hole for the neck, round or pointed, with the inside of the back and its band."""
    x = np.linspace(1, 0, 7)
    y = depth * (1 - x if c.opening < 0.3 else np.sqrt(1 - x * x))
    edge = whole(np.stack([c.neck * x, top + y], 1))
    sheet.fill(edge, 0.3 * c.tone)
    sheet.line(edge, ink(c, 0.35), 0.05)
    sheet.fill_whole([(c.neck, top - 0.1), (c.neck, top + 0.02), (0, top + 0.06)], 0)


def motif(sheet, c):
    """A print on the chest: letters, a ring, a box, a band, or none."""
    tone, size, y = ink(c, 0.7), c.print_size, c.print_y
    if c.print < 0.15:
        for row in range(2):
            sheet.line([(-size, y + 0.13 * row), (size * (1 - 0.4 * row), y + 0.13 * row)], tone, 0.07)
    elif c.print < 0.30:
        sheet.oval(0, y, size, size, tone)
        sheet.oval(0, y, 0.5 * size, 0.5 * size, c.tone)
    elif c.print < 0.42:
        sheet.fill_whole([(size, y - 0.6 * size), (size, y + 0.6 * size)], tone)
    elif c.print < 0.52:
        sheet.fill_whole([(c.width - 0.01, y), (c.width - 0.01, y + 0.16)], tone)
