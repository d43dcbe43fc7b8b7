"""Colors by name, as "#rrggbb", as three numbers, or one after the other from a palette."""

from __future__ import annotations

from ..pillow import pillow

Color = str | tuple[int, int, int]
STEP = 2**25 - 1, 2**15 - 1, 2**21 - 1  # from a color of the palette to the next, modulo 255: far apart


def color_of_each(name: str, colors, count: int) -> list[tuple[int, ...]]:
    """(red, green, blue) for each of `count` objects, of one color for all, of a list, or of the palette."""
    if colors is None:
        return [tuple(i * step % 255 for step in STEP) for i in range(count)]
    if not isinstance(colors, list):
        return [rgb(name, colors)] * count
    if len(colors) < count:
        raise ValueError(f"{name}: expected a color for each of {count} objects, got {len(colors)} colors")
    return [rgb(name, color) for color in colors]


def rgb(name: str, color) -> tuple[int, ...]:
    """One color as red, green and blue from 0 to 255."""
    if isinstance(color, str):
        pillow(name)
        from PIL import ImageColor

        try:
            return ImageColor.getrgb(color)[:3]
        except ValueError as error:
            raise ValueError(f"{name}: {color!r} is no color; try 'red' or '#ff0000'") from error
    if not (isinstance(color, tuple) and len(color) == 3 and all(v in range(256) for v in color)):
        raise ValueError(f"{name}: a color is a name, '#rrggbb' or three numbers up to 255, not {color!r}")
    return tuple(int(v) for v in color)
