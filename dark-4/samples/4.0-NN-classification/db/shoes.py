"""How sandals, sneakers and ankle boots are cut, toe to the left; `c` holds the numbers of one item."""

import numpy as np
from fabric import ink, rounded


def sandal(sheet, c):
    """A sole, flat, on a wedge or on a heel, and a few straps with nothing between them."""
    thick = 1.2 * c.sole
    lift = 0 if c.heel < 0.4 else 0.15 + c.lift
    base = 0.3 + lift / 3
    x = np.linspace(-0.9, 0.88, 10)
    y = base - lift * np.clip((x + 0.35) / 0.95, 0, 1) ** 1.3 - 0.06 * np.clip((-0.6 - x) / 0.3, 0, 1)
    foot, floor = np.stack([x, y], 1), base + thick

    def on_sole(at, above=0.0):
        return at, np.interp(at, x, y) - above

    tone = c.tone * (0.65 if c.collar < 0.5 else 0.9)
    if lift and c.band < 0.35:  # wedge
        sheet.fill([*foot, (0.85, floor), (-0.8, floor)], tone)
    elif lift:
        sheet.fill([on_sole(0.5), on_sole(0.88), (0.84, floor), (0.8 - c.width, floor)], tone)
    sheet.fill([*foot, *np.add(foot, (0, thick))[::-1]], tone)

    strap = ink(c, 0.25)
    for i in range(round(100 * c.straps)):
        start, rise = -0.78 + 0.27 * i + c.vamp / 2, 0.24 + 0.07 * i + 0.1 * c.strap
        arch = [(start, 0), (start + 0.08, rise), (start + 0.36, rise / 2), (start + 0.38, 0)]
        sheet.line(rounded([on_sole(*at) for at in arch], closed=False), strap, 1.3 * c.width)
    if c.strap < 0.65:  # round the heel and the ankle
        ankle = on_sole(0.85)[1] - 0.4 - c.ankle / 3
        sheet.line([on_sole(0.84), (0.74, ankle)], strap, 1.4 * c.width)
        loop = rounded([(0.74, ankle), (0.45, ankle - 0.05), (0.22, ankle + 0.08)], closed=False)
        sheet.line(loop, strap, 1.3 * c.width)
        sheet.line([loop[-1], on_sole(0.15)], strap, c.width)


def sneaker(sheet, c):
    """A low shoe, three of ten reach over the ankle: a thick sole, laces, stripes or a swing at the side."""
    base, toe = 0.35, 0.35 - c.toe
    top = base - (1.05 if c.high < 0.3 else 0.6) - 0.4 * c.ankle
    sheet.fill(rounded([
        (-0.9, base), (-0.9, base - 0.7 * c.toe), (-0.72, toe - 0.06), (-0.35, toe - 0.14),
        (0.05, top - 0.02), (0.22, top - 0.06), (0.35, top + 0.16), (0.62, top + 0.14), (0.82, top - 0.02),
        (0.86, base - 0.25), (0.9, base),
    ]), c.tone)  # fmt: skip
    sheet.line([(0.24, top), (0.37, top + 0.19), (0.62, top + 0.17), (0.78, top + 0.03)], 0.35 * c.tone, 0.06)

    sole = min(1.0, 1.4 * c.tone + 0.1) if c.band < 0.7 else 0.5 * c.tone
    high, low = base - 0.03, base + c.sole
    sheet.fill([(-0.92, high), (0.91, high), (0.93, low), (-0.86, low), (-0.95, base + 0.5 * c.sole)], sole)
    sheet.line([(-0.9, high), (0.9, high)], 0.4 * c.tone)

    for i in range(3):  # laces
        x, y = -0.32 + 0.15 * i, toe - 0.11 - i * (toe - 0.14 - top) / 3.2
        sheet.line([(x - 0.03, y), (x + 0.12, y + 0.12)], ink(c, 0.6), 0.045)
    if c.strap < 0.5:
        for i in range(round(100 * c.straps) - 1):
            x = 0.1 + 0.16 * i + c.vamp
            sheet.line([(x - 0.14, base - 0.05), (x, base - 0.38)], ink(c, 0.6), 0.6 * c.width)
    elif c.strap < 0.75:
        swing = rounded([(-0.4, base - 0.12), (0, base - 0.1), (0.75, base - 0.42)], closed=False)
        sheet.line(swing, ink(c, 0.6), c.width)


def ankle_boot(sheet, c):
    """A shaft over the ankle, flat or on a heel; with laces, an elastic or a zip, a cuff, a strap."""
    lift = 0 if c.heel < 0.35 else 0.7 * c.lift
    base = 0.62 - 0.1 * lift
    heel, toe, front = base - lift, base - c.toe, 0.12 + c.vamp
    top = heel - c.shaft
    sheet.fill(rounded([
        (-0.88, base), (-0.9, base - 0.6 * c.toe), (-0.62, toe), (-0.2, toe - 0.12 - 0.4 * lift),
        (front, heel - 0.5), (front - 0.06, top), (0.78, top + 0.02), (0.74, heel - 0.35), (0.84, heel),
        (0.4, heel), (-0.15, base),
    ]), c.tone)  # fmt: skip

    sole, thick = 0.55 * c.tone if c.band < 0.6 else ink(c, 0.3), 0.7 * c.sole
    foot = [(-0.88, base), (-0.15, base), (0.4, heel), (0.84, heel)]
    sheet.fill([*np.subtract(foot, (0, 0.03)), *np.add(foot, (0, thick))[::-1]], sole)
    back = 0.84 - (0.42 if c.heel < 0.7 else 0.2)
    sheet.fill([(back, heel), (0.85, heel), (0.82, base + thick), (back + 0.02, base + thick)], sole)

    trim = ink(c, 0.6)
    if c.lace < 0.35:
        for i in range(4):
            x, y = front - 0.1 + 0.02 * i, heel - 0.35 - i * (c.shaft - 0.35) / 4.5
            sheet.line([(x, y), (x + 0.24, y + 0.05)], trim, 0.045)
    elif c.lace < 0.6:  # elastic
        sheet.fill([(0.35, top + 0.04), (0.6, top + 0.04), (0.5, heel - 0.4)], trim)
    elif c.lace < 0.8:  # zip
        sheet.line([(0.45, top), (0.48, heel - 0.1)], trim, 0.04)
    if c.collar < 0.4:
        sheet.line([(front - 0.06, top + 0.06), (0.76, top + 0.07)], trim, 0.09)
    if c.strap < 0.3:
        sheet.line([(front - 0.12, heel - 0.38), (0.78, heel - 0.3)], trim, c.width)
