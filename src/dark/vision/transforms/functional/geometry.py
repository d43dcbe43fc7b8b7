"""Functions that flip, crop, pad and resize: pixels, and with them boxes and key points.

Every one of them says what it does to an array of pixels and, as a matrix, to a point (see `coordinates`).
"""

from __future__ import annotations

import numpy as np

from ...tv_tensors import BoundingBoxes, KeyPoints, Mask
from .coordinates import moved
from .inputs import check_fill, height_width, numbers, size_of
from .resampling import InterpolationMode, interpolation_mode, resized

PADDING_MODES = ("constant", "edge", "reflect", "symmetric")


def horizontal_flip(inpt):
    """Left becomes right."""
    h, w = size_of("horizontal_flip", inpt)
    matrix = ((-1, 0, w), (0, 1, 0))
    return moved("horizontal_flip", inpt, lambda x: x[..., ::-1].copy(), matrix, (h, w), clip=False)


def vertical_flip(inpt):
    """Up becomes down."""
    h, w = size_of("vertical_flip", inpt)
    matrix = ((1, 0, 0), (0, -1, h))
    return moved("vertical_flip", inpt, lambda x: x[..., ::-1, :].copy(), matrix, (h, w), clip=False)


hflip, vflip = horizontal_flip, vertical_flip


def crop(inpt, top: int, left: int, height: int, width: int):
    """The part whose upper left pixel is (row `top`, column `left`); what lies outside of the image is 0."""
    if height < 0 or width < 0:
        raise ValueError(f"crop: height and width must not be negative, got {(height, width)}")

    def change(x):
        inside = x[..., max(top, 0) : max(top + height, 0), max(left, 0) : max(left + width, 0)]
        if inside.shape[-2:] == (height, width):
            return inside.copy()
        result = np.zeros((*x.shape[:-2], height, width), x.dtype)
        row, column = min(max(-top, 0), height), min(max(-left, 0), width)
        result[..., row : row + inside.shape[-2], column : column + inside.shape[-1]] = inside
        return result

    return moved("crop", inpt, change, ((1, 0, -left), (0, 1, -top)), (height, width))


def center_crop(inpt, output_size):
    """The middle part of the size (height, width), or of a square; a smaller image is padded with 0 first."""
    height, width = height_width("center_crop", "output_size", output_size)
    h, w = size_of("center_crop", inpt)
    more_h, more_w = max(height - h, 0), max(width - w, 0)
    if more_h or more_w:
        inpt = pad(inpt, [more_w // 2, more_h // 2, (more_w + 1) // 2, (more_h + 1) // 2])
        h, w = h + more_h, w + more_w
    return crop(inpt, round((h - height) / 2), round((w - width) / 2), height, width)


def resized_crop(
    inpt, top: int, left: int, height: int, width: int, size,
    interpolation=InterpolationMode.BILINEAR, antialias: bool | None = True,
):  # fmt: skip
    """A part of the image in another size."""
    return resize(crop(inpt, top, left, height, width), size, interpolation, antialias=antialias)


def pad(inpt, padding, fill=None, padding_mode: str = "constant"):
    """More pixels around the image.

    `padding` is one number, or (left and right, top and bottom), or (left, top, right, bottom). They are
    `fill`, one number (0) or one for every channel, or by `padding_mode` the "edge" repeated, the image
    mirrored ("reflect"), or mirrored with its edge repeated ("symmetric").
    """
    left, top, right, bottom = sides(padding)
    check_padding_mode("pad", padding_mode)
    if padding_mode != "constant" and isinstance(inpt, (BoundingBoxes, KeyPoints)):
        raise ValueError(f"pad: {padding_mode!r} shows objects twice, and boxes and key points don't follow")
    h, w = size_of("pad", inpt)
    size = (h + top + bottom, w + left + right)

    def change(x):
        if padding_mode == "constant":
            result = np.empty((*x.shape[:-2], *size), x.dtype)
            result[...] = 0 if fill is None else check_fill("pad", fill, inpt)
            result[..., top : top + h, left : left + w] = x
            return result
        room = (h - 1, w - 1) if padding_mode == "reflect" else (h, w)
        if padding_mode != "edge" and (max(top, bottom) > room[0] or max(left, right) > room[1]):
            raise ValueError(
                f"pad: {padding_mode} has {room} rows and columns to show, not {padding} (image {x.shape})"
            )
        widths = [(0, 0)] * (x.ndim - 2) + [(top, bottom), (left, right)]
        return np.pad(x, widths, mode=padding_mode)

    return moved("pad", inpt, change, ((1, 0, left), (0, 1, top)), size)


def sides(padding) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of what `pad` takes."""
    values = numbers("pad", "padding", padding, (1, 2, 4))
    if not all(v == int(v) and v >= 0 for v in values):
        raise ValueError(f"pad: padding is whole numbers, 0 or more, not {padding!r}; crop takes pixels away")
    left, top, right, bottom = (int(v) for v in values * (4 // len(values)))  # (l, t) is (l, t, l, t)
    return left, top, right, bottom


def check_padding_mode(name: str, mode: str) -> None:
    """Raise where there is no such mode."""
    if mode not in PADDING_MODES:
        raise ValueError(f"{name}: padding_mode is one of {', '.join(PADDING_MODES)}, not {mode!r}")


def resize(
    inpt, size, interpolation=InterpolationMode.BILINEAR,
    max_size: int | None = None, antialias: bool | None = True,
):  # fmt: skip
    """Another size: (height, width), or one number for the shorter side, the other in proportion.

    `max_size` limits the longer side; with `size=None` the longer side becomes `max_size`. Where an image
    shrinks, `antialias` lets every old pixel have its part in the result. Masks take the nearest pixel.
    uint8 is computed in float32 and rounded: PyTorch's own integers may differ by 1.
    """
    mode = interpolation_mode("resize", interpolation)
    if isinstance(inpt, Mask):
        mode = InterpolationMode.NEAREST
    h, w = size_of("resize", inpt)
    new_h, new_w = resized_size((h, w), size, max_size)
    if (new_h, new_w) == (h, w):
        return inpt
    if 0 in (h, w):
        raise ValueError(f"resize: an image of {h} by {w} has no pixels to show")

    def change(x):
        return resized(x, (new_h, new_w), mode, bool(antialias))

    matrix = ((new_w / w, 0, 0), (0, new_h / h, 0))
    return moved("resize", inpt, change, matrix, (new_h, new_w), clip=False)


def resized_size(old, size, max_size=None) -> tuple[int, int]:
    """Height and width after `resize`."""
    values = [] if size is None else numbers("resize", "size", size, (1, 2))
    if len(values) == 2:
        if max_size is not None:
            raise ValueError(f"resize: max_size is for a size of one number or None, not {size}")
        return height_width("resize", "size", values)
    if max_size is None and not values:
        raise ValueError("resize: pass size or max_size")
    if max_size is not None and values and max_size <= values[0]:
        raise ValueError(f"resize: max_size must be larger than size; got {max_size} and {size}")
    shorter, longer = min(old), max(old)
    new_longer = int(values[0] * longer / shorter) if values else max_size
    new_shorter = values[0] if values else int(max_size * shorter / longer)
    if max_size is not None and new_longer > max_size:
        new_shorter, new_longer = int(max_size * new_shorter / new_longer), max_size
    h, w = (new_longer, new_shorter) if old[0] > old[1] else (new_shorter, new_longer)
    return height_width("resize", "size", (h, w))
