"""What is behind and in front of a thing: sky and clouds, ground, hills, trees, houses, poles and bushes."""

import numpy as np

from .sheet import ANY, Sheet, between

SCENERY = {  # hundredths, from … to
    "sky": ANY, "sky_light": (80, 108), "clouds": (0, 90), "cloud_size": (3, 8),
    "horizon": (-60, 30), "tilt": (-6, 6), "ground": ANY, "ground_light": (70, 115), "texture": (0, 18),
    "far": (-12, 18), "backdrop": ANY, "height": (15, 60), "haze": (0, 70), "strip": ANY,
    "front": ANY, "front_x": (-90, 90),
}  # fmt: skip
SKIES = (  # overhead, and above the horizon
    ((66, 124, 196), (166, 204, 232)), ((94, 150, 212), (190, 216, 236)), ((38, 92, 172), (120, 176, 226)),
    ((140, 178, 214), (214, 226, 236)), ((196, 206, 216), (226, 230, 232)),
    ((224, 226, 228), (240, 240, 240)), ((150, 156, 164), (190, 194, 198)),
    ((112, 120, 132), (168, 174, 182)), ((84, 104, 150), (240, 186, 140)), ((150, 130, 150), (248, 200, 150)),
    ((50, 66, 104), (150, 140, 150)), ((172, 200, 214), (232, 230, 214)),
)  # fmt: skip
GROUNDS = (
    (96, 98, 102), (122, 122, 122), (150, 148, 144), (178, 174, 166), (74, 76, 82), (84, 116, 62),
    (112, 136, 72), (64, 92, 50), (150, 140, 92), (186, 166, 122), (142, 112, 82), (222, 226, 230),
    (60, 96, 122), (128, 118, 108),
)  # fmt: skip
WATERS = (
    (44, 84, 118), (62, 104, 130), (86, 120, 136), (110, 136, 146), (36, 62, 88), (72, 98, 92),
    (56, 120, 150), (140, 156, 164),
)  # fmt: skip
ASPHALTS = ((98, 100, 104), (124, 124, 126), (152, 150, 148), (80, 82, 88), (138, 132, 124))
WALLS = (
    (170, 92, 72), (206, 196, 176), (226, 222, 214), (152, 146, 138), (128, 134, 142), (196, 160, 120),
    (110, 82, 66), (182, 190, 196), (222, 196, 150),
)  # fmt: skip
LEAVES = ((52, 82, 42), (74, 104, 50), (40, 66, 40), (96, 112, 54), (122, 104, 52), (66, 84, 62))


def scenery(sheet: Sheet, c, grain: int) -> None:
    """Fill the sheet with sky, ground and what stands at the horizon."""
    rng = np.random.default_rng([grain, 1])
    width = sheet.width // 2  # nothing of it is finer
    y = np.linspace(-1, 1, width, dtype=np.float32)[:, None]
    top, bottom = np.array(SKIES[int(c.sky * len(SKIES))], np.float32) * c.sky_light
    down = np.clip((y + 1) / max(c.horizon + 1, 0.7), 0, 1)[..., None]
    cells = round(100 * c.cloud_size)
    clouds = sheet.enlarged(rng.random((cells + 1, cells)), width)
    clouds += 0.4 * sheet.enlarged(rng.random((3 * cells, 2 * cells)), width)
    amount = np.clip(2.2 * (clouds - 1.5 + c.clouds), 0, 0.92)[..., None]
    sky = top + down * (bottom - top)
    sky = sky + amount * (235 * c.sky_light - 30 * (1 - down) * c.haze - sky)

    grounds = WATERS if c.water else GROUNDS
    color = np.array(grounds[int(c.ground * len(grounds))], np.float32) * c.ground_light
    nearness = np.clip((y - c.horizon) / 1.5, 0, 1)
    spots = sheet.enlarged(rng.random((24, 8)), width) + sheet.enlarged(rng.random((7, 3)), width) - 1
    ground = color * ((1 + c.far * (1 - nearness)) * (1 + c.texture * spots))[..., None]
    x = np.linspace(-1, 1, width, dtype=np.float32)
    below = (y > c.horizon + c.tilt * x)[..., None]
    sheet.cover(np.where(below, ground, sky))
    if -1.3 < c.horizon < 1.2:
        backdrop(sheet, c, rng, bottom)


def backdrop(sheet, c, rng, air):
    """What stands at the horizon, fading into the air."""
    kind, base, high = c.backdrop, c.horizon + 0.02, c.height
    x = np.linspace(-1.1, 1.1, 25)

    def faded(color):
        """Farther away."""
        return between(color, air, 0.8 * c.haze)

    def skyline(heights, color):
        tops = base + c.tilt * x - heights
        outline = [*zip(x, tops), (1.1, base + 1.1 * c.tilt), (-1.1, base - 1.1 * c.tilt)]
        sheet.fill(outline, faded(color))

    if kind < 0.22:  # nothing
        return
    leaf = np.array(LEAVES[rng.integers(len(LEAVES))])
    if kind < 0.42:  # hills or mountains, one behind the other
        for share, dark in ((1.0, 1.15), (0.55, 0.9)):
            waves = sum(np.sin(x * f + rng.uniform(0, 6)) / f for f in (1.7, 3.1, 6.3))
            stone = between(leaf * 1.25, (122, 126, 140), share * rng.random())
            skyline(high * share * (0.62 + 0.5 * waves), stone * dark)
    elif kind < 0.66:  # trees
        skyline(high * 0.5 * (0.7 + 0.3 * rng.random(25)), leaf * 0.8)
        for x0 in np.arange(-1.1, 1.2, rng.uniform(0.12, 0.35)):
            size = high * rng.uniform(0.25, 0.5)
            crown, up = x0 + rng.uniform(-0.05, 0.05), base + c.tilt * x0 - high * rng.uniform(0.35, 0.9)
            sheet.disc(crown, up, size, faded(leaf * rng.uniform(0.75, 1.1)))
            sheet.disc(crown - 0.3 * size, up - 0.3 * size, 0.5 * size, faded(leaf * rng.uniform(1.0, 1.3)))
    else:  # houses: rows of them, or one large one
        large = kind > 0.85
        x0 = -1.2 if not large else rng.uniform(-1.3, -0.4)
        for _ in range(1 if large else 9):
            wide = rng.uniform(1.2, 2.6) if large else rng.uniform(0.15, 0.5)
            up = high * (rng.uniform(1.2, 2.2) if large else rng.uniform(0.4, 1.5))
            house(sheet, rng, x0, base + c.tilt * x0, wide, up, faded)
            x0 += wide + max(0, rng.uniform(-0.3, 0.3))


def house(sheet, rng, x, base, wide, up, faded):
    """A wall with windows, below a flat or a pitched roof."""
    wall = np.array(WALLS[rng.integers(len(WALLS))]) * rng.uniform(0.75, 1.08)
    sheet.fill([(x, base), (x, base - up), (x + wide, base - up), (x + wide, base)], faded(wall))
    if rng.random() < 0.5:
        roof = np.array(((120, 62, 50), (84, 80, 82), (104, 88, 76))[rng.integers(3)])
        ridge = base - up - rng.uniform(0.06, 0.2)
        sheet.fill([(x - 0.03, base - up), (x + 0.2 * wide, ridge), (x + 0.8 * wide, ridge),
                    (x + wide + 0.03, base - up)], faded(roof))  # fmt: skip
    pane = between(wall, ((60, 66, 76), (200, 206, 210))[rng.integers(2)], 0.75)
    step = rng.uniform(0.12, 0.24)
    for left in np.arange(x + 0.3 * step, x + wide - 0.6 * step, step):
        for high in np.arange(base - up + 0.3 * step, base - 0.6 * step, 1.2 * step):
            corners = [(left, high), (left + 0.5 * step, high), (left + 0.5 * step, high + 0.6 * step),
                       (left, high + 0.6 * step)]  # fmt: skip
            sheet.fill(corners, faded(pane))


def strip(sheet: Sheet, c, grain: int, y: float) -> None:
    """A street or a runway whose middle is at the height `y`, with its edges and a line."""
    rng = np.random.default_rng([grain, 2])
    if c.strip > 0.75 or c.water:
        return
    color = np.array(ASPHALTS[rng.integers(len(ASPHALTS))]) * c.ground_light
    slope = rng.uniform(-0.12, 0.12)
    far, near = y - rng.uniform(0.1, 0.35), y + rng.uniform(0.12, 1.0)
    far = max(far, c.horizon + 0.04)
    sheet.fill([(-1.1, far - slope), (1.1, far + slope), (1.1, near + slope), (-1.1, near - slope)], color)
    if c.strip < 0.35:  # an edge: a kerb, a line
        edge = (214, 212, 204) if c.strip < 0.2 else (150, 146, 138)
        sheet.line([(-1.1, far - slope), (1.1, far + slope)], edge, rng.uniform(0.02, 0.05))
    if c.strip < 0.5:
        middle, paint = y + rng.uniform(0.1, 0.5), (232, 228, 214) if rng.random() < 0.7 else (226, 186, 70)
        for x in np.arange(-1.2 + rng.uniform(0, 0.4), 1.1, 0.6):
            sheet.line([(x, middle + slope * x), (x + 0.35, middle + slope * (x + 0.35))], paint, 0.03)


def foreground(sheet: Sheet, c, grain: int) -> None:
    """What hides a part of the thing, in some of the pictures: a pole, a trunk, a bush, a fence."""
    rng = np.random.default_rng([grain, 3])
    x = c.front_x
    leaf = np.array(LEAVES[rng.integers(len(LEAVES))])
    if c.front < 0.05:
        wide = rng.uniform(0.03, 0.07)
        gray = np.array((110, 112, 114)) * rng.uniform(0.5, 1.6)
        sheet.fill([(x, -1.1), (x + wide, -1.1), (x + wide, 1.1), (x, 1.1)], gray)
    elif c.front < 0.09:
        wide = rng.uniform(0.1, 0.22)
        sheet.fill([(x, -1.1), (x + 0.9 * wide, -1.1), (x + wide, 1.1), (x - 0.1 * wide, 1.1)], (82, 66, 52))
        sheet.fill([(x, -1.1), (x + 0.3 * wide, -1.1), (x + 0.3 * wide, 1.1), (x, 1.1)], (112, 94, 76))
    elif c.front < 0.16:
        for _ in range(14):
            place = x + rng.uniform(-0.35, 0.35), 1.0 - rng.uniform(0, 0.25)
            sheet.disc(*place, rng.uniform(0.06, 0.16), leaf * rng.uniform(0.7, 1.3))
    elif c.front < 0.20:
        for _ in range(60):
            foot = rng.uniform(-1.1, 1.1)
            tip = foot + rng.uniform(-0.1, 0.1), 1 - rng.uniform(0.05, 0.35)
            sheet.line([(foot, 1.05), tip], leaf * rng.uniform(0.9, 1.6), 0.02)
    elif c.front < 0.23:
        gray = np.array((150, 150, 150)) * rng.uniform(0.5, 1.4)
        for y in (0.72, 0.86):
            sheet.line([(-1.1, y), (1.1, y + 0.03)], gray, 0.03)
