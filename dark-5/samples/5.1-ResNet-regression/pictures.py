"""The pictures of this sample: faces with the true points in green and those found in red."""

from evaluation import normalized_mean_error

from dark_samples.pictures import GREEN, RED, new_figure

ANIMATED = 8  # faces, in two rows
ROWS, COLUMNS = 4, 8


def draw_frame(faces, found):
    """One frame of the animation: the first few test faces, with the points of now."""
    card = new_figure(6.6, 3.4)
    for axes, face in zip(card.subplots(2, ANIMATED // 2).flat, range(ANIMATED), strict=False):
        draw_face(axes, faces.test_images[face], found[face], faces.test_points[face], size=2)
    return card


def draw_faces(faces, found):
    """A grid of the first test faces, and the error of each."""
    card = new_figure(1.6 * COLUMNS, 1.85 * ROWS)
    for face, axes in enumerate(card.subplots(ROWS, COLUMNS).flat):
        axes.axis("off")
        if face < len(found):
            points = faces.test_points[face]
            draw_face(axes, faces.test_images[face], found[face], points, size=2.5)
            error = normalized_mean_error(found[face][None], points[None])
            axes.set_title(f"NME {error:.1%}", fontsize=9)
    return card


def draw_photos(photos, found):
    """Photographs of any size with the points that were found in them, side by side."""
    card = new_figure(6 * len(photos), 6)
    row = card.subplots(1, len(photos), squeeze=False)[0]
    for axes, photo, points in zip(row, photos, found, strict=True):
        draw_face(axes, photo, points, size=20)
    return card


def draw_face(axes, image, found, points=None, size=4):
    """A picture with the points that were found, on the true ones where these are known."""
    axes.imshow(image)
    axes.axis("off")
    axes.autoscale(False)  # a point outside makes no picture smaller
    if points is not None:
        axes.scatter(*points.T, s=size, color=GREEN, linewidths=0)
    axes.scatter(*found.T, s=size, color=RED, linewidths=0)
