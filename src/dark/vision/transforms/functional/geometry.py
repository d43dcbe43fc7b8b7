"""Functions that move pixels: flip, crop, pad, resize, rotate; boxes and key points move with them.

Every one of them says what it does to an array of pixels, and, as a matrix, what it does to a point.
Coordinates go from the upper left corner of the image, x to the right and y down, so that the centers of the
first pixels are at 0.5, 1.5, … Boxes are given like this; key points count from the center of the first
pixel, so they are half a pixel less. (torchvision flips key points so too, but resizes and rotates them
like boxes, and they end up to a pixel beside what they mark.)
"""

from __future__ import annotations

import math

import numpy as np

from ....tensor import Tensor
from ....tensor import wrap as plain
from ... import tv_tensors
from ...tv_tensors import BoundingBoxes, BoundingBoxFormat, KeyPoints, Mask
from .inputs import height_width, like, numbers, pixels, size_of
from .resampling import InterpolationMode, interpolation_mode, resized, sampled

IDENTITY = ((1, 0, 0), (0, 1, 0))


def moved(name, inpt, change, matrix, size, clip=True):
    """`inpt` after a geometric change.

    `change` turns pixels (..., H, W) into those of the result, `matrix` (2, 3) a point of the image into
    where it is in the result, whose height and width are `size`. Boxes become those that enclose their
    moved corners; `clip` cuts off what is outside of the result.
    """
    if isinstance(inpt, BoundingBoxes):
        boxes = corners(inpt.array.astype(np.float64), inpt.format)
        x, y = transformed(boxes[:, [0, 2, 2, 0]], boxes[:, [1, 1, 3, 3]], matrix)
        boxes = np.stack([x.min(1), y.min(1), x.max(1), y.max(1)], axis=1)
        if clip:
            boxes = clipped(boxes, size)
        result = plain(rounded(from_corners(boxes, inpt.format), inpt.array.dtype))
        return tv_tensors.wrap(result, like=inpt, canvas_size=size)
    if isinstance(inpt, KeyPoints):
        x, y = transformed(inpt.array[..., 0] + 0.5, inpt.array[..., 1] + 0.5, matrix)
        points = np.stack([x, y], axis=-1) - 0.5
        return tv_tensors.wrap(plain(rounded(points, inpt.array.dtype)), like=inpt, canvas_size=size)
    return like(change(pixels(name, inpt)), inpt)


def transformed(x, y, matrix):
    """The points (x, y) after a linear map and a shift."""
    (a, b, c), (d, e, f) = np.asarray(matrix, dtype=np.float64)
    return a * x + b * y + c, d * x + e * y + f


def rounded(values, dtype):
    """Coordinates in the type they came from; whole numbers are rounded."""
    return (np.rint(values) if dtype.kind in "iu" else values).astype(dtype)


def corners(boxes, format):
    """Boxes of a format as (x1, y1, x2, y2)."""
    if format is BoundingBoxFormat.XYXY:
        return boxes
    start, extent = boxes[:, :2], boxes[:, 2:]
    if format is BoundingBoxFormat.CXCYWH:
        start = start - extent / 2
    return np.concatenate([start, start + extent], axis=1)


def from_corners(boxes, format):
    """Boxes (x1, y1, x2, y2) in another format."""
    if format is BoundingBoxFormat.XYXY:
        return boxes
    start, extent = boxes[:, :2], boxes[:, 2:] - boxes[:, :2]
    if format is BoundingBoxFormat.CXCYWH:
        start = start + extent / 2
    return np.concatenate([start, extent], axis=1)


def clipped(boxes, size):
    """The part of boxes (x1, y1, x2, y2) that lies in an image of this size."""
    h, w = size
    return np.clip(boxes, 0, [w, h, w, h])


def convert_bounding_box_format(inpt, old_format=None, new_format=None) -> Tensor:
    """The same boxes in another format; a plain tensor (N, 4) needs `old_format`, BoundingBoxes have one."""
    if new_format is None or (old_format is None) != isinstance(inpt, BoundingBoxes):
        raise ValueError(
            "convert_bounding_box_format: pass new_format, and old_format for a plain tensor only"
        )
    old = inpt.format if old_format is None else BoundingBoxFormat.named(old_format)
    new = BoundingBoxFormat.named(new_format)
    boxes = from_corners(corners(inpt.numpy().reshape(-1, 4).astype(np.float64), old), new)
    result = plain(rounded(boxes, inpt.array.dtype).reshape(inpt.shape))
    return tv_tensors.wrap(result, like=inpt, format=new) if isinstance(inpt, BoundingBoxes) else result


def clamp_bounding_boxes(inpt: BoundingBoxes) -> BoundingBoxes:
    """The part of every box that lies in the image."""
    if not isinstance(inpt, BoundingBoxes):
        raise TypeError(f"clamp_bounding_boxes: expected BoundingBoxes, got {type(inpt).__name__}")
    return moved("clamp_bounding_boxes", inpt, None, IDENTITY, inpt.canvas_size)


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


MODES = {"constant": "constant", "edge": "edge", "reflect": "reflect", "symmetric": "symmetric"}


def pad(inpt, padding, fill=None, padding_mode: str = "constant"):
    """More pixels around the image.

    `padding` is one number, or (left and right, top and bottom), or (left, top, right, bottom). They are
    `fill`, one number (0) or one for every channel, or by `padding_mode` the "edge" repeated, the image
    mirrored ("reflect"), or mirrored with its edge repeated ("symmetric").
    """
    left, top, right, bottom = sides(padding)
    if padding_mode not in MODES:
        raise ValueError(f"pad: padding_mode is one of {', '.join(MODES)}, not {padding_mode!r}")
    if padding_mode != "constant" and isinstance(inpt, (BoundingBoxes, KeyPoints)):
        raise ValueError(
            f"pad: {padding_mode!r} shows objects twice, and boxes and key points don't follow"
        )
    h, w = size_of("pad", inpt)

    def change(x):
        widths = [(0, 0)] * (x.ndim - 2) + [(top, bottom), (left, right)]
        if padding_mode == "constant":
            result = np.empty((*x.shape[:-2], h + top + bottom, w + left + right), x.dtype)
            result[...] = fill_color("pad", fill, inpt)
            result[..., top : top + h, left : left + w] = x
            return result
        room = (h - 1, w - 1) if padding_mode == "reflect" else (h, w)
        if padding_mode != "edge" and (max(top, bottom) > room[0] or max(left, right) > room[1]):
            raise ValueError(
                f"pad: {padding_mode} has {room} rows and columns to show, not {padding} (image {x.shape})"
            )
        return np.pad(x, widths, mode=MODES[padding_mode])

    return moved("pad", inpt, change, ((1, 0, left), (0, 1, top)), (h + top + bottom, w + left + right))


def sides(padding) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of what `pad` takes."""
    values = numbers("pad", "padding", padding, (1, 2, 4))
    if not all(v == int(v) and v >= 0 for v in values):
        raise ValueError(f"pad: padding is whole numbers, 0 or more, not {padding!r}; crop takes pixels away")
    values = [int(v) for v in values]
    return tuple(values * (4 // len(values)))  # (l, t) means the same on the other sides


def fill_color(name, fill, inpt):
    """What is outside of the image, in its type: a number, or (C, 1, 1)."""
    if fill is None:
        return 0
    values = numbers(name, "fill", fill, (1,) if isinstance(inpt, Mask) else (1, inpt.shape[-3]))
    return np.asarray(values).astype(inpt.array.dtype).reshape(-1, *([1, 1] if inpt.ndim > 2 else [1]))


def resize(
    inpt,
    size,
    interpolation=InterpolationMode.BILINEAR,
    max_size: int | None = None,
    antialias: bool | None = True,
):
    """Another size: (height, width), or one number for the shorter side, the other in proportion.

    `max_size` limits the longer side; with `size=None` the longer side becomes `max_size`. Where an image
    shrinks, `antialias` lets every old pixel have its part in the result. Masks take the nearest pixel.
    uint8 is computed in float32 and rounded: PyTorch's own integers may differ by 1.
    """
    mode = (
        InterpolationMode.NEAREST if isinstance(inpt, Mask) else interpolation_mode("resize", interpolation)
    )
    h, w = size_of("resize", inpt)
    new_h, new_w = resized_size((h, w), size, max_size)
    if (new_h, new_w) == (h, w):
        return inpt
    if 0 in (h, w):
        raise ValueError(f"resize: an image of {h} by {w} has no pixels to show")
    matrix = ((new_w / w, 0, 0), (0, new_h / h, 0))
    return moved(
        "resize",
        inpt,
        lambda x: resized(x, (new_h, new_w), mode, bool(antialias)),
        matrix,
        (new_h, new_w),
        clip=False,
    )


def resized_size(old, size, max_size=None) -> tuple[int, int]:
    """Height and width after `resize`."""
    values = None if size is None else numbers("resize", "size", size, (1, 2))
    if values is not None and len(values) == 2:
        if max_size is not None:
            raise ValueError(
                "resize: max_size is for a size of one number, or None; (height, width) says it all"
            )
        new = values
    else:
        if values is None and max_size is None:
            raise ValueError("resize: pass size or max_size")
        short, long = min(old), max(old)
        if values is None:
            new_short, new_long = int(max_size * short / long), max_size
        else:
            new_short, new_long = values[0], int(values[0] * long / short)
            if max_size is not None and max_size <= new_short:
                raise ValueError(
                    f"resize: max_size must be larger than size, the shorter side; got {max_size} and {size}"
                )
            if max_size is not None and new_long > max_size:
                new_short, new_long = int(max_size * new_short / new_long), max_size
        new = (new_long, new_short) if old[0] > old[1] else (new_short, new_long)
    return height_width("resize", "size", tuple(new))


def affine(
    inpt, angle: float, translate, scale: float, shear,
    interpolation=InterpolationMode.NEAREST, fill=None, center=None,
):  # fmt: skip
    """Turn by `angle` degrees (clockwise), scale, shear by degrees, and shift by `translate` = (x, y) pixels.

    All of it about `center`, (x, y) from the upper left corner, or the middle of the image.
    """
    if not isinstance(scale, (int, float)) or scale <= 0:
        raise ValueError(f"affine: scale must be positive, not {scale!r}")
    shift = numbers("affine", "translate", translate, (2,))
    shears = numbers("affine", "shear", shear, (1, 2)) if isinstance(shear, (tuple, list)) else [shear, 0.0]
    h, w = size_of("affine", inpt)
    inverse = inverse_matrix(about("affine", center, h, w), angle, shift, scale, (shears[0], shears[-1]))
    return warped("affine", inpt, inverse, (h, w), interpolation, fill)


def rotate(
    inpt, angle: float, interpolation=InterpolationMode.NEAREST, expand: bool = False, center=None, fill=None
):
    """Turn counter-clockwise by `angle` degrees.

    About `center`, (x, y) from the upper left corner, or the middle of the image. `expand` makes the result
    as large as the whole turned image needs. Outside is `fill`, one number (0) or one for every channel.
    """
    h, w = size_of("rotate", inpt)
    angle = angle % 360
    inverse = inverse_matrix(about("rotate", center, h, w), -angle, (0, 0), 1.0, (0, 0))
    turns, rest = divmod(angle, 90)
    size = (h, w)
    if expand:
        size = expanded_size(inverse, h, w) if rest else (w, h) if turns % 2 else (h, w)
    if rest or center is not None or (turns % 2 and size != (w, h)):
        return warped("rotate", inpt, inverse, size, interpolation, fill)

    def change(x):  # every pixel lands on a pixel
        return np.rot90(x, int(turns), axes=(-2, -1)).copy()

    return moved("rotate", inpt, change, forward(inverse, (h, w), size), size)


def about(name, center, h, w):
    """The point that stays where it is, as seen from the middle of the image."""
    if center is None:
        return 0.0, 0.0
    x, y = numbers(name, "center", center, (2,))
    return x - w * 0.5, y - h * 0.5


def inverse_matrix(center, angle, translate, scale, shear):
    """For a point of the result where it was in the image, (2, 3); both seen from their middle.

    The image is sheared along y, then along x, scaled, turned by `angle` degrees and shifted.
    """
    turn, sx, sy = math.radians(angle), math.radians(shear[0]), math.radians(shear[1])
    a = math.cos(turn - sy) / math.cos(sy)
    b = -a * math.tan(sx) - math.sin(turn)
    c = math.sin(turn - sy) / math.cos(sy)
    d = -c * math.tan(sx) + math.cos(turn)  # ((a, b), (c, d)) turns and shears; its determinant is 1
    (p, q), (r, s) = (d / scale, -b / scale), (-c / scale, a / scale)
    cx, cy = center
    x, y = cx + translate[0], cy + translate[1]
    return (p, q, cx - p * x - q * y), (r, s, cy - r * x - s * y)


def forward(inverse, old, new):
    """The matrix for points, from the corners of both images, of an inverse one from their middles."""
    (h, w), (new_h, new_w) = old, new
    linear = np.linalg.inv(np.asarray(inverse)[:, :2])
    shift = -linear @ (np.asarray(inverse)[:, 2] + (w / 2, h / 2)) + (new_w / 2, new_h / 2)
    return np.column_stack([linear, shift])


def expanded_size(inverse, h, w):
    """Height and width that hold the whole turned image."""
    matrix = np.asarray(inverse, dtype=np.float32)
    ends = np.array([(-w, -h), (-w, h), (w, h), (w, -h)], np.float32) * np.float32(0.5)
    points = ends @ matrix[:, :2].T + matrix[:, 2] + np.float32([w * 0.5, h * 0.5])

    def cut(x):  # 5.00001 is 5 and a rounding error, and not worth another pixel
        return np.trunc(x * np.float32(1e4)) * np.float32(1e-4)

    new_w, new_h = np.ceil(cut(points.max(0))) - np.floor(cut(points.min(0)))
    return int(new_h), int(new_w)


def warped(name, inpt, inverse, size, interpolation, fill):
    """`inpt` with the pixels that `inverse` finds for every one of the result."""
    allowed = (InterpolationMode.NEAREST, InterpolationMode.BILINEAR)
    mode = interpolation_mode(name, interpolation, allowed)
    if isinstance(inpt, Mask):
        mode = InterpolationMode.NEAREST
    old = size_of(name, inpt)

    def change(image):
        if fill is not None:
            numbers(name, "fill", fill, (1,) if isinstance(inpt, Mask) else (1, image.shape[-3]))
        precision = image.dtype if image.dtype.kind == "f" and image.itemsize > 2 else np.dtype(np.float32)
        x, y = sources(inverse, old, size, precision)
        return sampled(image, x, y, mode, fill)

    return moved(name, inpt, change, forward(inverse, old, size), size)


def sources(inverse, old, new, dtype):
    """For every pixel of the result, (h, w), its x and y in the image, where 0 is the first pixel's center.

    In steps and a precision that put ties where PyTorch's grid_sample has them.
    """
    (h, w), (new_h, new_w) = old, new
    column = ((np.arange(new_w) - (new_w - 1) * 0.5).astype(dtype))[None, :]
    row = ((np.arange(new_h) - (new_h - 1) * 0.5).astype(dtype))[:, None]
    matrix = np.asarray(inverse, dtype=dtype) / np.asarray([[0.5 * w], [0.5 * h]], dtype=dtype)
    x, y = (column * p + row * q + shift for p, q, shift in matrix)  # from -1 to 1
    return ((x + 1) * w - 1) / 2, ((y + 1) * h - 1) / 2
