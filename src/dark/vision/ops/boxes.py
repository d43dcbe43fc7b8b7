"""Boxes one by one: their formats, areas, and the part of them that is inside the picture."""

from ...dtypes import float16, float32, int32, int64
from ...ops.joining import stack
from ...tensor import check_tensor

FORMATS = ("xyxy", "xywh", "cxcywh")


def box_convert(boxes, in_fmt, out_fmt):
    """Boxes (..., 4) of one format in another.

    "xyxy" is left, top, right, bottom; "xywh" is left, top, width, height; "cxcywh" is the centre's two
    numbers, width, height.
    """
    check_boxes("box_convert", boxes)
    check_format("box_convert", in_fmt, out_fmt)
    if in_fmt == out_fmt:
        return boxes.clone()
    return stack(from_corners(to_corners(boxes.unbind(-1), in_fmt), out_fmt), -1)


def to_corners(box, fmt):
    """Left, top, right, bottom of a box whose four numbers mean what the format says."""
    if fmt == "xyxy":
        return box
    x, y, width, height = box
    if fmt == "xywh":
        return x, y, x + width, y + height
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def from_corners(corners, fmt):
    """The four numbers of a box in a format."""
    if fmt == "xyxy":
        return corners
    left, top, right, bottom = corners
    first = (left, top) if fmt == "xywh" else ((left + right) / 2, (top + bottom) / 2)
    return *first, right - left, bottom - top


def box_area(boxes, fmt="xyxy"):
    """The areas (...) of boxes (..., 4); at least 32 bits hold them, so that products of bytes fit."""
    check_boxes("box_area", boxes)
    check_format("box_area", fmt)
    if boxes.dtype not in (int32, int64):
        boxes = widened(boxes, int32)
    if fmt == "xyxy":
        left, top, right, bottom = boxes.unbind(-1)
        return (right - left) * (bottom - top)
    return boxes[..., 2] * boxes[..., 3]


def clip_boxes_to_image(boxes, size):
    """Boxes (..., 4) without what is outside an image of `size` (height, width)."""
    check_boxes("clip_boxes_to_image", boxes)
    if not isinstance(size, (tuple, list)) or len(size) != 2:
        raise ValueError(f"clip_boxes_to_image: size is (height, width), not {size!r}")
    height, width = size
    left, top, right, bottom = boxes.unbind(-1)
    inside = [x.clamp(0, most) for x, most in zip((left, top, right, bottom), (width, height) * 2)]
    return stack(inside, -1)


def remove_small_boxes(boxes, min_size):  # beyond
    """The indices of those boxes (N, 4) whose width and height are both at least `min_size`."""
    check_boxes("remove_small_boxes", boxes)
    left, top, right, bottom = boxes.unbind(-1)
    return ((right - left >= min_size) & (bottom - top >= min_size)).nonzero(as_tuple=True)[0]


def widened(boxes, integers):
    """Boxes in a type whose products are exact enough: float16 as float32, integers as `integers`."""
    if boxes.is_floating_point():
        return boxes.to(float32) if boxes.dtype is float16 else boxes
    return boxes.to(integers)


def check_boxes(name, *tensors, shape="(..., 4)", dims=1):
    """Raise where one of the tensors does not hold boxes."""
    check_tensor(name, *tensors)
    for boxes in tensors:
        if boxes.ndim < dims or boxes.shape[-1] != 4:
            raise ValueError(
                f"{name}: boxes have the shape {shape}, four numbers each, not {tuple(boxes.shape)}; "
                "no boxes at all are zeros(0, 4)"
            )


def check_format(name, *formats):
    """Raise where one of the formats is unknown."""
    for fmt in formats:
        if fmt not in FORMATS:
            raise ValueError(f"{name}: there is no format {fmt!r}; there are {', '.join(map(repr, FORMATS))}")
