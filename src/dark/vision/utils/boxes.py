"""Boxes drawn into a picture, with labels."""

from __future__ import annotations

import warnings

from ...tensor import Tensor
from .canvas import Canvas, check_image, whole_numbers
from .colors import Color, color_of_each

GAP = 1  # between the frame and the label, and between the label and the edge of its background
OPACITY = 100  # of a filled box, out of 255


def draw_bounding_boxes(
    image: Tensor,
    boxes: Tensor,
    labels: list[str] | None = None,
    colors: Color | list[Color] | None = None,
    fill: bool = False,
    width: int = 1,
    font: str | None = None,
    font_size: int | None = None,
    label_colors: Color | list[Color] | None = None,
    label_background_colors: Color | list[Color] | None = None,
    fill_labels: bool = False,
) -> Tensor:
    """A copy of an image (3, H, W) or (1, H, W) with boxes (N, 4): left, top, right, bottom in pixels.

    The image is uint8, or floating-point from 0 to 1; the result has that type and three channels. Of a box
    fractions are cut off; it has a frame of `width` pixels on its inside, and the pixels at right and bottom
    belong to it. With `fill` the inside has the color too, transparent.

    A color is a name, "#rrggbb", or a tuple of three numbers from 0 to 255; `colors` is one for all boxes, or
    a list with one for each. Without it every box has another one; the first is black. `labels` are strings,
    or None where there is none; they have the color of their box, or `label_colors`. With `fill_labels` they
    are black, or have `label_colors`, on the color of the box, or on `label_background_colors`. `font` is the
    file of a TrueType font, `font_size` its size, 10 if not given; without a font Pillow's own serves.

    Without any box there is a warning, and the image itself is returned. Needs Pillow.
    """
    name = "draw_bounding_boxes"
    check_image(name, image, channels=(1, 3))
    n = check_boxes(name, boxes, labels)
    if n == 0:
        warnings.warn(f"{name}: there are no boxes to draw", stacklevel=2)
        return image
    frames = color_of_each(name, colors, n)
    letters = color_of_each(name, label_colors or "black", n) if label_colors or fill_labels else frames
    backgrounds = color_of_each(name, label_background_colors, n) if label_background_colors else frames

    canvas = Canvas(name, image)
    pen = canvas.pen("RGBA" if fill else "RGB")
    typeface = canvas.font(font, font_size)
    corners = whole_numbers(name, "boxes", boxes)
    for i, (left, top, right, bottom) in enumerate(corners):
        inside = (*frames[i], OPACITY) if fill else None
        pen.rectangle((left, top, right, bottom), fill=inside, outline=frames[i], width=width)
        if labels is not None and labels[i] is not None:
            place = left + width + GAP, top + width + GAP
            if fill_labels:
                x1, y1, x2, y2 = pen.textbbox(place, labels[i], font=typeface)
                pen.rectangle((x1 - GAP, y1 - GAP, x2 + GAP, y2 + GAP), fill=backgrounds[i])
            pen.text(place, labels[i], fill=letters[i], font=typeface)
    return canvas.tensor()


def check_boxes(name, boxes, labels) -> int:
    """How many boxes there are, if they are boxes and each has a label or none has."""
    if not isinstance(boxes, Tensor):
        raise TypeError(f"{name}: expected a tensor of boxes, got {type(boxes).__name__}")
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        if boxes.ndim and not len(boxes):
            return 0
        raise ValueError(f"{name}: expected boxes (N, 4), got {tuple(boxes.shape)}")
    for i, (left, top, right, bottom) in enumerate(boxes.tolist()):
        if left > right or top > bottom:
            raise ValueError(
                f"{name}: expected boxes (left, top, right, bottom), and box {i} is "
                f"{left:g}, {top:g}, {right:g}, {bottom:g}; box_convert makes them of other formats"
            )
    if labels is not None and len(labels) != len(boxes):
        raise ValueError(f"{name}: {len(boxes)} boxes need as many labels, got {len(labels)}")
    for label in labels or ():
        if not isinstance(label, str | None):
            raise TypeError(f"{name}: a label is a string or None, not {label!r}")
    return len(boxes)
