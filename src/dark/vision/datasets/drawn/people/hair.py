"""Hair of many cuts, as it lies around a head."""

from typing import NamedTuple

import numpy as np

from .canvas import Canvas, mixed, oval, smooth
from .head import SKULL, SKULL_SIZE, Head

KNOTS = np.array([-1.0, -0.93, -0.75, -0.4, 0.0, 0.4, 0.75, 0.93, 1.0])  # places across the forehead


class Cut(NamedTuple):
    """A way to wear hair."""

    line: tuple  # how high the hair begins at KNOTS, negative above the eyes; five numbers: both sides alike
    top: float = 0.1  # how far it stands up from the skull
    sides: float = 0.04
    long: float = 0.0  # how far down it hangs, 1 at the chin
    bumps: float = 0.0  # how curly its edge is
    jagged: float = 0.0  # how uneven the hair on the forehead ends
    bun: bool = False


SHORT = (-0.22, -0.55, -0.86, -1.0, -1.02)
BACK = (-0.3, -0.6, -0.92, -1.06, -1.1)
SWEPT = (-0.22, -0.55, -0.88, -1.1, -0.96, -0.84, -0.7, -0.5, -0.22)
FRINGE = (-0.2, -0.46, -0.6, -0.64, -0.63)
PARTED = (0.0, -0.4, -0.76, -1.0, -1.2)
CUTS = {
    "short": Cut(SHORT), "spiky": Cut(SHORT, 0.17, jagged=0.09), "swept": Cut(SWEPT, 0.17),
    "fringe": Cut(FRINGE, 0.12, 0.08, jagged=0.05), "back": Cut(BACK, 0.08),
    "receding": Cut((-0.2, -0.5, -1.15, -1.32, -1.15), 0.04, 0.05),
    "curls": Cut((-0.2, -0.5, -0.78, -0.9, -0.92), 0.2, 0.13, bumps=0.05, jagged=0.04),
    "afro": Cut((-0.2, -0.6, -0.85, -0.98, -1.0), 0.48, 0.42, bumps=0.03, jagged=0.03),
    "bob": Cut(FRINGE, 0.12, 0.14, long=0.95, jagged=0.03), "swept bob": Cut(SWEPT, 0.14, 0.14, long=1.0),
    "long": Cut(PARTED, 0.1, 0.12, long=2.2), "long swept": Cut(SWEPT, 0.14, 0.14, long=2.1),
    "long fringe": Cut(FRINGE, 0.12, 0.12, long=2.2, jagged=0.04),
    "wavy": Cut(PARTED, 0.16, 0.2, long=1.9, bumps=0.05), "bun": Cut(BACK, 0.06, 0.03, bun=True),
}  # fmt: skip
MEN = (
    "short", "short", "spiky", "swept", "swept", "fringe", "back", "receding", "curls", "afro", "shaved",
    "bald", "long",
)  # fmt: skip
WOMEN = (
    "long", "long", "long swept", "long fringe", "wavy", "wavy", "bob", "swept bob", "bun", "bun", "curls",
    "afro", "swept",
)  # fmt: skip


class Hair:
    """The hair of a head: what hangs behind it and what lies on it."""

    def __init__(self, head: Head):
        f = self.f = head.f
        self.head, self.color = head, f.hair_color
        names = WOMEN if f.woman else MEN
        self.name = names[int(f.hair * len(names))]
        self.cut = CUTS.get(self.name, Cut(SHORT, 0.0, 0.0))
        self.rng = np.random.default_rng(f.grain)
        self.center = head.see([SKULL])[0]
        roll = np.array([[np.cos(f.roll), np.sin(f.roll)], [-np.sin(f.roll), np.cos(f.roll)]])
        self.upright = head.unit * roll  # right and down in the picture, of a head that is only tilted
        if self.name == "shaved":
            self.color = mixed(f.skin_color, self.color, 0.5)

    def around(self, angle, top, sides):
        """Points of the skull's edge, and how far above it; the angle is 0 on the right, -π/2 at the top."""
        x, y = np.cos(angle), np.sin(angle)
        across = SKULL_SIZE[0] * self.f.wide + sides
        down = np.where(y < 0, SKULL_SIZE[1] + top, SKULL_SIZE[1] + sides)
        phase = 6 * self.f.wave
        bumps = 1 + self.cut.bumps * (np.sin(17 * angle + phase) + np.sin(26 * angle + 2 * phase)) / 1.5
        return np.stack([across * x * bumps, down * y * bumps], 1) @ self.upright + self.center

    def draw_behind(self, canvas: Canvas) -> None:
        """The back of the head, and hair that falls behind the neck."""
        cut, f = self.cut, self.f
        top, sides = cut.top * (0.7 + 0.6 * f.volume), cut.sides
        dark = 0.72 * self.color
        if self.name == "bald":
            return canvas.fill(self.around(np.linspace(0, 2 * np.pi, 40), 0, -0.04), 0.97 * f.skin_color)
        if cut.bun:
            place = self.around(np.array([-np.pi / 2 + 0.6 * f.part]), 0.28, 0.28)[0]
            canvas.fill(oval(place, 0.42 * self.head.unit, 0.36 * self.head.unit), 0.85 * self.color)
            canvas.line(oval(place, 0.24 * self.head.unit, 0.2 * self.head.unit)[3:15], 0.65 * self.color, 2)
        if cut.long:
            canvas.fill(self.fall(cut.long), dark)
        canvas.fill(self.around(np.linspace(0, 2 * np.pi, 90 if cut.bumps else 36), top, sides), dark)

    def fall(self, length):
        """The outline of long hair behind the head, wider towards its end."""
        f, cut = self.f, self.cut
        length = length * (0.75 + 0.4 * f.length)
        y = np.linspace(-0.3, length + 0.35, 12)
        wave = cut.bumps * np.sin(7 * y + 6 * f.wave)
        x = SKULL_SIZE[0] + cut.sides + 0.12 * np.clip(y, 0, 1) + wave
        x[-1] *= 0.8
        left, right = np.stack([-x - 2 * wave, y], 1), np.stack([x, y], 1)
        return np.concatenate([left, right[::-1]]) @ self.upright + self.center - SKULL[1] * self.upright[1]

    def line(self, count=25):
        """The edge of the hair on the forehead from the left to the right: places on the face's front."""
        y = np.array(self.cut.line)
        if len(y) == 5:
            y = np.concatenate([y, y[3::-1]])
        x = np.linspace(-1, 1, count)
        x = np.sign(x) * np.abs(x) ** 0.6
        if len(self.cut.line) == 9 and self.f.part > 0:
            y = y[::-1]
        y = np.interp(x, KNOTS, y) - self.f.forehead / 2
        y += self.cut.jagged * self.rng.uniform(-1, 1, count) * (np.abs(x) < 0.95)
        return np.stack([x * self.f.wide, y], 1)

    def draw_front(self, canvas: Canvas) -> None:
        """What grows above the forehead and lies on it, and long hair beside the face."""
        cut, f, head = self.cut, self.f, self.head
        if self.name == "bald":
            return
        line = self.line()
        edge = smooth(head.on(line, 0.02))
        angle = np.linspace(np.pi * 1.04, 1.96 * np.pi, 60 if cut.bumps else 30)
        top = cut.top * (0.7 + 0.6 * f.volume)
        arc = self.around(angle, top, cut.sides)
        if cut.jagged > 0.06:
            arc = arc + (self.center - arc) * self.rng.uniform(-0.05, 0.04, (len(arc), 1))
        outline = np.concatenate([arc, edge[::-1]])
        with canvas.inside([*head.outline[16:], head.outline[0]], 0.4) as part:  # its shadow on the forehead
            part.line(edge + 0.06 * head.down, 0.55 * f.skin_color, 0.1 * head.unit)
        if self.name == "shaved":
            with canvas.inside(outline, 0.75) as part:
                part.fill(outline, self.color)
            return
        canvas.fill(outline, self.color)
        self.draw_strands(canvas, arc, edge)
        if cut.long:
            for side in (-1, 1):
                self.draw_curtain(canvas, side)

    def draw_strands(self, canvas, arc, edge):
        """Lighter and darker hairs from the edge on the forehead over the head."""
        place = self.rng.random(21)[:, None]
        start, end = edge[(place[:, 0] * len(edge)).astype(int)], arc[(place[:, 0] * len(arc)).astype(int)]
        bent = mixed(start, end, 0.5) + (place - 0.5) * 0.12 * np.sign(self.f.part) * self.upright[0]
        self.draw_hairs(canvas, smooth(np.stack([start, bent, end], 1)))

    def draw_hairs(self, canvas, curves):
        """Curves in three tones."""
        for first, light in enumerate((0.74, 0.9, 1.22)):
            canvas.lines(curves[first::3], light * self.color, 0.035 * self.head.unit)

    def draw_curtain(self, canvas, side):
        """Long hair that falls in front of an ear."""
        f, cut, head = self.f, self.cut, self.head
        length = cut.long * (0.75 + 0.4 * f.length)
        y = np.linspace(-0.75, length + 0.25, 10)
        inner = np.interp(y, (-0.75, -0.3, 0.6, 2.5), (0.93, 0.97, 0.96, 0.86)) * f.wide
        inner = inner + cut.bumps * np.sin(7 * y)
        width = np.interp(y, (-0.75, 0.0, length), (0.1, 0.2, 0.34)) + cut.sides
        inside = head.see(head.contour(np.stack([side * inner, y, np.full(10, -0.15)], 1)))
        outside = inside + side * width[:, None] * self.upright[0]
        outside[-1] -= 0.1 * side * self.upright[0] + 0.05 * self.upright[1]
        outline = np.concatenate([smooth(inside), smooth(outside)[::-1]])
        canvas.fill(outline, 0.94 * self.color)
        self.draw_hairs(canvas, smooth(mixed(inside, outside, self.rng.random((6, 1, 1)))))
