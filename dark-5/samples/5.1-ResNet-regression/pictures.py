"""The pictures of this sample: faces with the true points in green and those found in red."""

from evaluation import normalized_mean_error

from dark_samples.pictures import new_figure

ANIMATED = 8  # faces, in two rows
ROWS, COLUMNS = 3, 7
TRUE, FOUND = "#38e070", "#ff2d2d"  # bright enough for any skin


def draw_frame(faces, found):
    """One frame of the animation: the first few test faces, with the points of now."""
    card = new_figure(6.6, 3.3)
    card.get_layout_engine().set(w_pad=0.03, h_pad=0.03)
    draw_grid(card, 2, ANIMATED // 2, faces, found, size=4)
    return card


def draw_faces(faces, found):
    """A grid of the first test faces, and the error of each."""
    card = new_figure(1.3 * COLUMNS, 1.5 * ROWS)
    card.get_layout_engine().set(w_pad=0.04, h_pad=0.04)
    for axes, points, true in zip(
        draw_grid(card, ROWS, COLUMNS, faces, found, size=3), found, faces.test_points, strict=False
    ):
        error = normalized_mean_error(points[None], true[None])
        axes.set_title(f"NME {error:.1%}", fontsize=8, pad=3)
    return card


def draw_photos(photos, found):
    """Photographs of any size with the points that were found in them, side by side."""
    widths = [6 * photo.shape[1] / photo.shape[0] for photo in photos]
    card = new_figure(sum(widths), 6)
    row = card.subplots(1, len(photos), squeeze=False, width_ratios=widths)[0]
    for axes, photo, points in zip(row, photos, found, strict=True):
        draw_face(axes, photo, points, size=12)
    return card


def draw_grid(card, rows, columns, faces, found, size):
    """The first test faces in rows; their axes."""
    grid = card.subplots(rows, columns).ravel()
    for axes in grid:
        axes.axis("off")
    for axes, image, points, true in zip(grid, faces.test_images, found, faces.test_points, strict=False):
        draw_face(axes, image, points, true, size)
    return grid


def draw_face(axes, image, found, true=None, size=4):
    """A picture with the points that were found, on the true ones where these are known."""
    axes.imshow(image)
    axes.axis("off")
    axes.autoscale(False)  # a point outside makes no picture smaller
    if true is not None:
        axes.scatter(*true.T, s=size, color=TRUE, linewidths=0)
    axes.scatter(*found.T, s=size, color=FOUND, linewidths=0)
