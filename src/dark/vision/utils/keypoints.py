"""Key points, such as those of a face, drawn into a picture, with lines between them."""

from __future__ import annotations

import numpy as np

from ...tensor import Tensor, wrap
from .canvas import Canvas, check_image, whole_numbers
from .colors import Color, rgb


def draw_keypoints(
    image: Tensor,
    keypoints: Tensor,
    connectivity: list[tuple[int, int]] | None = None,
    colors: Color | None = None,
    radius: int = 2,
    width: int = 3,
    visibility: Tensor | None = None,
) -> Tensor:
    """A copy of an image (3, H, W) with points (N, K, 2): x and y in pixels, K points of each of N objects.

    The image is uint8, or floating-point from 0 to 1, and so is the result. The points are disks that reach
    `radius` pixels to every side, in one color: `colors` is a name, "#rrggbb", or a tuple of three numbers
    from 0 to 255, and without it there are no disks. `connectivity` lists pairs of points by their places
    among the K; white lines join them, `width` pixels wide. Where `visibility` (N, K) is false there is no
    disk and no line ends, and the coordinates may be NaN. Needs Pillow.
    """
    name = "draw_keypoints"
    check_image(name, image, channels=(3,))
    check_keypoints(name, keypoints, connectivity)
    visible = as_mask(name, visibility, keypoints)
    color = None if colors is None else rgb(name, colors)

    canvas = Canvas(name, image)
    pen = canvas.pen()
    seen = wrap(np.where(visible[:, :, None], keypoints.numpy(force=True), 0))
    for points, shown in zip(whole_numbers(name, "keypoints", seen), visible.tolist()):
        for (x, y), is_shown in zip(points, shown):
            if is_shown and color is not None:
                pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color, width=0)
        for start, end in connectivity or ():
            if shown[start] and shown[end]:
                pen.line((*points[start], *points[end]), width=width)
    return canvas.tensor()


def check_keypoints(name, keypoints, connectivity):
    """Raise where these are no points, or lines go to points that are none."""
    if not isinstance(keypoints, Tensor):
        raise TypeError(f"{name}: expected a tensor of keypoints, got {type(keypoints).__name__}")
    if keypoints.ndim != 3 or keypoints.shape[2] != 2:
        raise ValueError(f"{name}: expected keypoints (num_instances, K, 2), got {tuple(keypoints.shape)}")
    k = keypoints.shape[1]
    for pair in connectivity or ():
        if len(pair) != 2 or not all(-k <= i < k for i in pair):
            raise IndexError(f"{name}: connectivity has {pair!r}, no pair of the {k} points")


def as_mask(name, visibility, keypoints):
    """An array (N, K) that says which points are visible; without one, all are."""
    shape = tuple(keypoints.shape[:2])
    if visibility is None:
        return np.ones(shape, bool)
    if tuple(visibility.shape) not in (shape, (*shape, 1)):
        raise ValueError(
            f"{name}: expected visibility {shape} for keypoints {tuple(keypoints.shape)}, "
            f"got {tuple(visibility.shape)}"
        )
    return visibility.numpy(force=True).astype(bool).reshape(shape)
