"""Transforms of images: numbers against PyTorch's, geometry by points that stay on their pixels."""  # dark-4

import collections
import colorsys
import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dark
from against_torch import needs_torch, random_array, torch
from dark.vision import transforms as T
from dark.vision.transforms import InterpolationMode
from dark.vision.transforms import functional as F
from dark.vision.tv_tensors import BoundingBoxes, BoundingBoxFormat, Image, KeyPoints, Mask, wrap

few = settings(max_examples=25, deadline=None, derandomize=True)
sizes = st.integers(1, 9)


def image(shape=(3, 6, 8), dtype="float32", seed=0):
    """The same image for the same arguments."""
    if dtype == "uint8":
        return dark.tensor(random_array(shape, "uint8", 0, 255, seed))
    return dark.tensor(random_array(shape, dtype, 0, 1, seed))


def as_torch(x):
    return torch.from_numpy(np.array(x.numpy()))


def close(ours, theirs, atol=1e-5):
    theirs = theirs.numpy() if torch is not None and isinstance(theirs, torch.Tensor) else np.asarray(theirs)
    assert tuple(ours.shape) == theirs.shape
    assert ours.numpy().dtype == theirs.dtype
    np.testing.assert_allclose(ours.numpy().astype("float64"), theirs.astype("float64"), rtol=0, atol=atol)


# --- Resize ------------------------------------------------------------------------------------------------


@needs_torch
@pytest.mark.parametrize("mode", ["nearest", "nearest-exact", "bilinear", "bicubic"])
@pytest.mark.parametrize("antialias", [True, False])
@pytest.mark.parametrize("new", [(3, 4), (12, 5), (6, 16), (1, 1), (7, 9), (2, 20)], ids=str)
def test_resize_has_pytorchs_numbers(mode, antialias, new):
    smooth = mode in ("bilinear", "bicubic")
    for dtype in ("float32", "float64", "uint8"):
        x = image((2, 3, 6, 8), dtype)
        exact = as_torch(x).float() if dtype == "uint8" and smooth else as_torch(x)
        expected = torch.nn.functional.interpolate(
            exact, new, mode=mode, align_corners=False if smooth else None, antialias=antialias and smooth
        )
        if dtype == "uint8" and smooth:
            expected = expected.round().clamp(0, 255).to(torch.uint8)
        ours = F.resize(x, new, InterpolationMode(mode), antialias=antialias)
        close(ours, expected, atol=1 if dtype == "uint8" else 1e-5)
        assert (
            ours.numpy() != expected.numpy()
        ).mean() < 0.02 or dtype != "uint8"  # halves may go either way


@needs_torch
def test_resize_of_bytes_is_at_most_one_beside_pytorchs_integers():
    x = image((1, 3, 31, 17), "uint8")
    expected = torch.nn.functional.interpolate(as_torch(x), (13, 20), mode="bilinear", antialias=True)
    close(F.resize(x, (13, 20)), expected, atol=1)


@pytest.mark.parametrize(
    ("old", "size", "max_size", "new"),
    [
        ((6, 8), 3, None, (3, 4)), ((8, 6), 3, None, (4, 3)), ((5, 9), 3, None, (3, 5)),
        ((9, 5), [3], None, (5, 3)), ((6, 6), 4, None, (4, 4)), ((5, 9), (2, 7), None, (2, 7)),
        ((4, 20), 4, 10, (2, 10)), ((20, 4), 4, 10, (10, 2)), ((4, 20), None, 10, (2, 10)),
        ((7, 5), None, 3, (3, 2)), ((1, 1), 5, None, (5, 5)), ((3, 7), 2, 3, (1, 3)), ((3, 7), 2, 4, (2, 4)),
    ],
)  # fmt: skip
def test_resize_to_one_number_is_about_the_shorter_side(old, size, max_size, new):
    assert tuple(F.resize(image((1, *old)), size, max_size=max_size).shape) == (1, *new)
    points = T.Resize(size, max_size=max_size)(KeyPoints([[1.0, 1.0]], canvas_size=old))
    assert points.canvas_size == new


def test_resize_to_its_own_size_changes_nothing():
    x = image()
    assert F.resize(x, (6, 8)) is x


# --- Flips, crops, padding ---------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 5, 4), (2, 4, 3, 7)], ids=str)
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_flips_mirror_the_image_in_memory_of_its_own(shape, dtype):
    x = image(shape, dtype)
    close(F.hflip(x), x.numpy()[..., ::-1], 0)
    close(F.vflip(x), x.numpy()[..., ::-1, :], 0)
    assert not np.shares_memory(F.hflip(x).numpy(), x.numpy())


@pytest.mark.parametrize(
    "box",
    [(1, 2, 3, 4), (-2, -1, 4, 4), (4, 5, 6, 7), (-3, -3, 2, 2), (9, 9, 2, 3), (-1, -2, 9, 12), (0, 0, 6, 8)],
    ids=str,
)
def test_crop_is_black_outside_of_the_image(box):
    top, left, height, width = box
    x = image()
    large = np.pad(x.numpy(), ((0, 0), (20, 20), (20, 20)))
    close(F.crop(x, *box), large[:, 20 + top : 20 + top + height, 20 + left : 20 + left + width], 0)


@pytest.mark.parametrize(
    ("old", "new", "start"),
    [
        ((6, 8), (2, 4), (2, 2)), ((7, 9), (4, 4), (2, 2)), ((5, 5), (2, 2), (2, 2)),
        ((7, 7), (2, 2), (2, 2)), ((9, 9), (2, 2), (4, 4)), ((3, 3), (3, 3), (0, 0)),
        ((3, 4), (6, 6), (-1, -1)), ((4, 9), (7, 4), (-1, 2)),
    ],
)  # fmt: skip
def test_center_crop_rounds_halves_to_even_and_pads_less_in_front(old, new, start):
    x = image((1, *old))
    assert F.center_crop(x, new).tolist() == F.crop(x, *start, *new).tolist()


def test_boxes_and_points_follow_a_padded_center_crop():
    x = dark.zeros(1, 3, 4)
    x[0, 1, 2] = 1.0
    out, box, point = T.CenterCrop((6, 7))(
        Image(x),
        BoundingBoxes([[2, 1, 3, 2]], format="XYXY", canvas_size=(3, 4)),
        KeyPoints([[2, 1]], canvas_size=(3, 4)),
    )
    row, column = np.argwhere(out.numpy()[0])[0]
    assert point.tolist() == [[column, row]]
    assert box.tolist() == [[column, row, column + 1, row + 1]]


@needs_torch
@pytest.mark.parametrize(
    ("mode", "theirs"), [("constant", "constant"), ("edge", "replicate"), ("reflect", "reflect")]
)
@pytest.mark.parametrize("padding", [2, [1], (1, 2), [3, 0, 1, 2]], ids=str)
def test_pad_has_pytorchs_numbers(mode, theirs, padding):
    x = image((2, 3, 6, 8))
    values = [padding] if isinstance(padding, int) else list(padding)
    left, top, right, bottom = values * (4 // len(values))
    close(
        F.pad(x, padding, padding_mode=mode),
        torch.nn.functional.pad(as_torch(x), (left, right, top, bottom), theirs),
        0,
    )


def test_pad_fills_with_a_color_or_mirrors():
    x = image((3, 2, 2), "uint8")
    padded = F.pad(x, (1, 0, 0, 0), fill=[10, 20, 30])
    assert padded[:, :, 0].tolist() == [[10, 10], [20, 20], [30, 30]]
    row = dark.tensor([[[1, 2, 3, 4]]])
    assert F.pad(row, (2, 0), padding_mode="symmetric").tolist() == [[[2, 1, 1, 2, 3, 4, 4, 3]]]
    assert F.pad(row, (2, 0), padding_mode="reflect").tolist() == [[[3, 2, 1, 2, 3, 4, 3, 2]]]
    filled = T.Pad(1, fill={Image: 9, Mask: 1, "others": 0})(Image(row), Mask(row[0]))
    assert filled[0][0, 0, 0].item() == 9
    assert filled[1][0, 0].item() == 1


@few
@given(sizes, sizes, st.tuples(*[st.integers(0, 4)] * 4))
def test_crop_undoes_pad(h, w, padding):
    x = image((2, h, w), "uint8")
    assert F.crop(F.pad(x, padding, fill=7), padding[1], padding[0], h, w).tolist() == x.tolist()


# --- Rotation and affine maps ------------------------------------------------------------------------------


def warp_in_torch(x, matrix, size, mode):
    """What PyTorch samples where `matrix`, in pixels from the middle, finds every pixel of the result."""
    (h, w), (new_h, new_w) = x.shape[-2:], size
    old, new = np.diag([w / 2, h / 2, 1]), np.diag([new_w / 2, new_h / 2, 1])
    theta = np.linalg.inv(old) @ np.vstack([matrix, [0, 0, 1]]) @ new
    grid = torch.nn.functional.affine_grid(
        torch.tensor(theta[:2])[None].expand(len(x), 2, 3), (len(x), 1, *size), align_corners=False
    )
    return torch.nn.functional.grid_sample(x.double(), grid, mode=mode, align_corners=False).to(x.dtype)


@needs_torch
@pytest.mark.parametrize("angle", [17, -33.5, 121, 200])
@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
@pytest.mark.parametrize("center", [None, (2.0, 5.5)], ids=str)
def test_rotate_has_pytorchs_numbers(angle, mode, center):
    turn = math.radians(angle)
    linear = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    for h, w in ((6, 8), (9, 5), (1, 1)):
        offset = np.array(center or (w / 2, h / 2)) - (w / 2, h / 2)
        matrix = np.column_stack([linear, offset - linear @ offset])
        for dtype in ("float32", "float64"):
            x = image((2, 3, h, w), dtype)
            close(
                F.rotate(x, angle, InterpolationMode(mode), center=center),
                warp_in_torch(as_torch(x), matrix, (h, w), mode),
                atol=2e-5,
            )


@needs_torch
def test_affine_has_pytorchs_numbers():
    x = image((2, 3, 7, 10))
    turn, scale, shear, shift = math.radians(25), 1.3, math.radians(12), (2, -1)
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    linear = scale * rotation @ np.array([[1, -math.tan(shear)], [0, 1]])
    inverse = np.linalg.inv(linear)
    matrix = np.column_stack([inverse, -inverse @ shift])
    ours = F.affine(x, 25, shift, scale, (12.0, 0.0), InterpolationMode.BILINEAR)
    close(ours, warp_in_torch(as_torch(x), matrix, (7, 10), "bilinear"), atol=2e-5)


def test_rotation_is_counter_clockwise_and_exact_for_quarter_turns():
    x = image((1, 3, 5), "uint8")
    for turns, angle in enumerate((0, 90, 180, 270, 360, -90)):
        expected = np.rot90(x.numpy(), -1 if angle == -90 else turns, axes=(1, 2))
        close(F.rotate(x, angle, expand=True), expected, 0)
    square = image((1, 4, 4), "uint8")
    close(F.rotate(square, 90), np.rot90(square.numpy(), axes=(1, 2)), 0)


@pytest.mark.parametrize("angle", [10, 45, 80, 135, 300])
def test_expand_keeps_every_pixel_and_no_row_more(angle):
    x = dark.ones(1, 21, 33)
    out = F.rotate(x, angle, InterpolationMode.BILINEAR, expand=True).numpy()[0]
    turn = math.radians(angle)
    exact = [
        21 * abs(math.cos(turn)) + 33 * abs(math.sin(turn)),
        33 * abs(math.cos(turn)) + 21 * abs(math.sin(turn)),
    ]
    assert np.all(out.shape >= np.array(exact) - 1e-3)
    assert np.all(out.shape <= np.array(exact) + 2)
    assert abs(out.sum() - 21 * 33) < 0.01 * 21 * 33
    assert F.rotate(x, 90, expand=True).shape == (1, 33, 21)


def test_outside_of_a_turned_image_is_the_fill():
    x = dark.ones(3, 8, 8)
    for mode in (InterpolationMode.NEAREST, InterpolationMode.BILINEAR):
        out = F.rotate(x, 45, mode, fill=[0.25, 0.5, 0.75])
        assert out[:, 0, 0].tolist() == [0.25, 0.5, 0.75]
        assert abs(out[0, 4, 4].item() - 1) < 1e-6
    assert F.rotate(x, 45)[0, 0, 0].item() == 0
    assert F.rotate(image((3, 8, 8), "uint8"), 45, fill=200)[2, 0, 0].item() == 200


# --- Points, boxes and masks move with the image -----------------------------------------------------------

MOVES = {
    "hflip": F.hflip,
    "vflip": F.vflip,
    "crop": lambda x: F.crop(x, 3, 5, 30, 28),
    "crop beyond the edge": lambda x: F.crop(x, -4, -6, 60, 70),
    "center crop": lambda x: F.center_crop(x, (31, 40)),
    "center crop of more": lambda x: F.center_crop(x, (61, 50)),
    "pad": lambda x: F.pad(x, (3, 1, 7, 2)),
    "resize": lambda x: F.resize(x, (90, 61)),
    "resize smaller": lambda x: F.resize(x, 29),
    "resized crop": lambda x: F.resized_crop(x, 4, 3, 30, 35, (64, 90)),
    "rotate": lambda x: F.rotate(x, 28, InterpolationMode.BILINEAR),
    "rotate expand": lambda x: F.rotate(x, 28, InterpolationMode.BILINEAR, expand=True),
    "rotate back expand": lambda x: F.rotate(x, -62, InterpolationMode.BILINEAR, expand=True),
    "rotate 90": lambda x: F.rotate(x, 90, InterpolationMode.BILINEAR),
    "rotate 90 expand": lambda x: F.rotate(x, 90, expand=True),
    "rotate 180": lambda x: F.rotate(x, 180),
    "rotate 270 expand": lambda x: F.rotate(x, 270, expand=True),
    "rotate about": lambda x: F.rotate(x, 40, InterpolationMode.BILINEAR, center=(10.0, 30.0)),
    "rotate about expand": lambda x: F.rotate(
        x, 40, InterpolationMode.BILINEAR, expand=True, center=(20.0, 25.0)
    ),
    "affine": lambda x: F.affine(x, 20, (3, -4), 1.2, (10.0, 5.0), InterpolationMode.BILINEAR),
}


def with_dots(h, w, points):
    """An image with a bright, soft dot at every point, each in a channel of its own."""
    y, x = np.mgrid[:h, :w]
    dots = [np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * 1.5**2)) for px, py in points]
    return dark.tensor(np.stack(dots))


def centroid(channel):
    """Where a dot is, as (x, y), and how much of it is there."""
    y, x = np.mgrid[: channel.shape[0], : channel.shape[1]]
    return np.array([(channel * x).sum(), (channel * y).sum()]) / channel.sum(), channel.sum()


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES.keys())
@pytest.mark.parametrize(("h", "w"), [(41, 41), (44, 57), (57, 38)])
def test_key_points_stay_on_their_dots(move, h, w):
    points = [(20.0, 16.0), (14.5, 21.25), (24.0, 25.0), (17.0, 12.0)]
    out, moved = (
        move(with_dots(h, w, points)),
        move(KeyPoints(points, canvas_size=(h, w), dtype=dark.float64)),
    )
    assert moved.canvas_size == tuple(out.shape[-2:])
    found = 0
    for channel, point in zip(out.numpy(), moved.numpy(), strict=True):
        inside = np.all((point > 6) & (point < np.array(channel.shape[::-1]) - 7))
        if inside:
            found += 1
            np.testing.assert_allclose(centroid(channel)[0], point, atol=0.05)
    assert found >= 2


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES.keys())
def test_boxes_enclose_what_they_enclosed_and_masks_stay_binary(move):
    h, w = 44, 57
    mask = np.zeros((h, w), np.uint8)
    mask[15:22, 18:29] = 200
    boxes = BoundingBoxes([[18, 15, 29, 22]], format="XYXY", canvas_size=(h, w), dtype=dark.float32)
    out, box = move(Mask(mask)), move(boxes).numpy()[0]
    assert isinstance(out, Mask)
    assert out.dtype is dark.uint8
    assert set(np.unique(out.numpy())) == {0, 200}
    rows, columns = np.nonzero(out.numpy())
    enclosing = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    scale = max(1, out.shape[0] / h)
    assert np.all(np.abs(box - enclosing) <= 1.2 * scale)


@few
@given(sizes, sizes, st.sampled_from(["XYXY", "XYWH", "CXCYWH"]), st.booleans())
def test_two_flips_are_none(h, w, format, vertical):
    flip = F.vflip if vertical else F.hflip
    x = image((2, h, w), "uint8")
    boxes = BoundingBoxes([[0.5, 0.25, 1.0, 0.75], [0, 0, 1, 1]], format=format, canvas_size=(h, w))
    points = KeyPoints([[0, 0], [w - 1, h - 1]], canvas_size=(h, w))
    assert flip(flip(x)).tolist() == x.tolist()
    np.testing.assert_allclose(flip(flip(boxes)).numpy(), boxes.numpy(), atol=1e-6)
    assert flip(flip(points)).tolist() == points.tolist()


@few
@given(sizes, sizes, st.data())
def test_a_point_names_its_pixel_after_any_exact_move(h, w, data):
    x, y = data.draw(st.integers(0, w - 1)), data.draw(st.integers(0, h - 1))
    pixels = dark.tensor(np.arange(h * w).reshape(1, h, w))
    moves = [F.hflip, F.vflip, *(lambda z, a=a: F.rotate(z, a, expand=True) for a in (90, 180, 270))]
    moves.append(lambda z: F.pad(z, (2, 3)))
    chosen = data.draw(st.lists(st.sampled_from(moves), max_size=4))
    points = KeyPoints([[x, y]], canvas_size=(h, w))
    for move in chosen:
        pixels, points = move(pixels), move(points)
    column, row = points.tolist()[0]
    assert pixels[0, row, column].item() == y * w + x


@pytest.mark.parametrize("format", ["XYXY", "XYWH", "CXCYWH"])
def test_boxes_of_all_formats_move_alike_and_are_clipped(format):
    corners = BoundingBoxes(
        [[2, 1, 7, 5], [0, 0, 3, 3]], format="XYXY", canvas_size=(6, 8), dtype=dark.float64
    )
    boxes = F.convert_bounding_box_format(corners, new_format=format)
    assert boxes.format is BoundingBoxFormat[format]
    for move in (
        F.hflip,
        lambda x: F.crop(x, 1, 1, 3, 4),
        lambda x: F.rotate(x, 30),
        lambda x: F.resize(x, (3, 3)),
    ):
        back = F.convert_bounding_box_format(move(boxes), new_format="XYXY")
        np.testing.assert_allclose(back.numpy(), move(corners).numpy(), atol=1e-12)
    assert F.crop(corners, 1, 1, 3, 4).tolist() == [[1, 0, 4, 3], [0, 0, 2, 2]]


def test_no_boxes_and_no_points_stay_none():
    boxes = BoundingBoxes(np.zeros((0, 4), "float32"), format="CXCYWH", canvas_size=(5, 7))
    points = KeyPoints(np.zeros((0, 2), "float32"), canvas_size=(5, 7))
    for move in MOVES.values():
        assert tuple(move(boxes).shape) == (0, 4)
        assert tuple(move(points).shape) == (0, 2)
        assert move(boxes).canvas_size == move(points).canvas_size


def test_whole_coordinates_stay_whole_and_are_rounded():
    points = KeyPoints([[10, 20]], canvas_size=(40, 40))
    assert F.resize(points, 60).dtype is dark.int64
    assert F.resize(points, 60).tolist() == [[15, 30]]  # 15.25 and 30.25
    assert F.rotate(points, 90).tolist() == [[20, 29]]


# --- Colors ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
@pytest.mark.parametrize("shape", [(1, 4, 5), (3, 4, 5), (2, 3, 4, 5), (3, 1, 1)], ids=str)
def test_colors_follow_their_formulas(shape, dtype):
    x = image(shape, dtype)
    a = x.numpy().astype("float64")
    top = 255 if dtype == "uint8" else 1
    tolerance = (
        1 if dtype == "uint8" else 1e-6
    )  # a fraction is cut off, and may lie on either side of a whole number
    color = shape[-3] == 3
    weights = np.array([0.2989, 0.587, 0.114]).reshape(3, 1, 1)
    gray = (a * weights).sum(-3, keepdims=True) if color else a
    floor = np.floor if dtype == "uint8" else np.asarray
    mean = (floor(gray) if color else gray).mean((-3, -2, -1), keepdims=True)

    def same(ours, expected):
        close(ours, np.clip(expected, 0, top).astype(dtype), tolerance)

    same(F.rgb_to_grayscale(x), gray)
    same(F.rgb_to_grayscale(x, 3), np.repeat(gray, 3, -3))
    for factor in (0, 0.5, 1, 1.7):
        same(F.adjust_brightness(x, factor), a * factor)
        same(F.adjust_contrast(x, factor), a * factor + (1 - factor) * mean)
        same(F.adjust_saturation(x, factor), a * factor + (1 - factor) * floor(gray) if color else a)


@pytest.mark.parametrize("factor", [-0.5, -0.2, 0.0, 0.1, 0.5])
def test_hue_turns_as_in_colorsys(factor):
    x = image((3, 6, 5), "float64")
    ours = F.adjust_hue(x, factor).numpy()
    for i, j in np.ndindex(6, 5):
        h, s, v = colorsys.rgb_to_hsv(*x.numpy()[:, i, j])
        np.testing.assert_allclose(ours[:, i, j], colorsys.hsv_to_rgb((h + factor) % 1, s, v), atol=1e-5)
    pixels = image((3, 9, 11), "uint8")
    scaled = F.adjust_hue(dark.tensor(pixels.numpy().astype("float32") / 255), factor).numpy()
    assert (F.adjust_hue(pixels, factor).numpy() == np.floor(scaled * 255.999)).mean() > 0.97
    gray = dark.full((3, 2, 2), 0.25)
    assert F.adjust_hue(gray, factor).tolist() == gray.tolist()
    black_and_white = dark.tensor(np.repeat(np.array([[[0, 255]]], "uint8"), 3, 0))
    assert F.adjust_hue(black_and_white, factor).tolist() == black_and_white.tolist()
    assert F.adjust_hue(x[:1], factor).tolist() == x[:1].tolist()
    grays = dark.arange(256).to(dark.uint8).reshape(1, 16, 16).expand(3, 16, 16)
    assert F.adjust_hue(grays, factor).tolist() == grays.tolist()


@needs_torch
@pytest.mark.parametrize("kernel_size", [3, (5, 3), [1, 7]], ids=str)
@pytest.mark.parametrize("sigma", [None, 0.8, (1.5, 0.4)], ids=str)
def test_blur_is_a_convolution_with_a_bell_curve(kernel_size, sigma):
    sizes = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    sigmas = (
        [0.15 * k + 0.35 for k in sizes]
        if sigma is None
        else (sigma, sigma)
        if isinstance(sigma, float)
        else sigma
    )
    curves = []
    for k, s in zip(sizes, sigmas, strict=True):
        t = torch.arange(k) - k // 2
        curves.append(torch.softmax(-(t**2) / (2 * s**2), 0))
    kernel = torch.outer(curves[1], curves[0])[None, None].expand(3, 1, -1, -1)
    border = (sizes[0] // 2, sizes[0] // 2, sizes[1] // 2, sizes[1] // 2)
    for dtype in ("float32", "uint8"):
        x = image((2, 3, 6, 8), dtype)
        expected = torch.nn.functional.pad(as_torch(x).float(), border, mode="reflect")
        expected = torch.nn.functional.conv2d(expected, kernel, groups=3)
        if dtype == "uint8":
            expected = expected.round().to(torch.uint8)
        close(F.gaussian_blur(x, kernel_size, sigma), expected)


def test_normalize_is_by_channel_and_may_be_in_place():
    x = image((2, 3, 4, 5))
    mean, std = (0.1, 0.2, 0.3), (0.5, 0.6, 0.7)
    expected = (x.numpy() - np.float32(mean).reshape(3, 1, 1)) / np.float32(std).reshape(3, 1, 1)
    close(T.Normalize(mean, std)(x), expected, 0)
    close(T.Normalize([0.5], [2])(x), (x.numpy() - np.float32(0.5)) / 2, 0)
    assert T.Normalize(mean, std, inplace=True)(x) is x
    close(x, expected, 0)


@pytest.mark.parametrize(
    "transform",
    [
        T.Normalize([0.5], [0.5]), T.ToDtype(dark.float64), T.ToTensor(),
        T.ColorJitter(0.5, 0.5, 0.5, 0.2), T.GaussianBlur(3), T.Grayscale(3),  # beyond
        T.RandomGrayscale(1.0), T.RandomErasing(1.0),  # beyond
    ],
    ids=lambda t: type(t).__name__,
)  # fmt: skip
def test_colors_leave_masks_boxes_and_points_alone(transform):
    others = {
        "mask": Mask(image((6, 8), "uint8")),
        "boxes": BoundingBoxes([[1.0, 2, 3, 4]], format="XYWH", canvas_size=(6, 8)),
        "points": KeyPoints([[1.0, 2]], canvas_size=(6, 8)),
        "label": 3,
    }
    out = transform({"image": Image(image()), **others})
    assert isinstance(out["image"], Image)
    for name, x in others.items():
        assert out[name] is x


# --- One decision for all parts of a sample ----------------------------------------------------------------

Sample = collections.namedtuple("Sample", "picture target")


def joint_sample(h=30, w=40):
    """A picture that shows its mask, with a box around it and a point at its corner."""
    mask = np.zeros((h, w), np.uint8)
    mask[8:17, 10:24] = 1
    return (
        Image(np.repeat(mask[None] * np.float32(1), 3, 0)),
        {
            "mask": Mask(mask),
            "boxes": BoundingBoxes([[10.0, 8, 24, 17]], format="XYXY", canvas_size=(h, w)),
            "points": [KeyPoints([[10.0, 8], [23, 16]], canvas_size=(h, w))],
            "label": 7,
            "name": "a",
            "extra": dark.tensor([1.0, 2.0]),
            "none": None,
        },
    )


JOINT = [
    T.RandomHorizontalFlip(), T.RandomVerticalFlip(), T.RandomCrop((24, 30)),
    T.RandomCrop(20, padding=(3, 4)), T.RandomCrop((40, 44), pad_if_needed=True),
    T.RandomResizedCrop((31, 37), scale=(0.5, 1)),
    T.RandomRotation(30), T.RandomRotation((20, 60), expand=True),
    T.Resize(20), T.CenterCrop(22), T.Pad((1, 2)),
    T.RandomAffine(15, (0.1, 0.1), (0.8, 1.2), 8),  # beyond
    T.RandomApply([T.RandomRotation(20), T.Resize((25, 25))]),  # beyond
    T.RandomChoice([T.Resize(17), T.Pad(3)]),  # beyond
    T.Compose([T.RandomHorizontalFlip(), T.RandomResizedCrop(24, (0.6, 1)), T.RandomRotation(20)]),
    T.Compose([T.RandomRotation(20), T.ColorJitter(0.3, 0.3)]),  # beyond
]  # fmt: skip


@pytest.mark.parametrize("transform", JOINT, ids=lambda t: type(t).__name__)
def test_all_parts_of_a_sample_share_one_decision(transform):
    for seed in range(4):
        dark.manual_seed(seed)
        sample = joint_sample()
        picture, target = transform(*sample)
        assert tuple(target["mask"].shape) == tuple(picture.shape[-2:])
        assert target["boxes"].canvas_size == target["points"][0].canvas_size == tuple(picture.shape[-2:])
        overlap = (picture.numpy()[0] > 0.4) == (target["mask"].numpy() > 0)
        assert overlap.mean() > 0.9
        assert set(np.unique(target["mask"].numpy())) <= {0, 1}
        rows, columns = np.nonzero(target["mask"].numpy())
        if len(rows):
            x1, y1, x2, y2 = target["boxes"].numpy()[0]
            assert abs(columns.min() - x1) < 2.5
            assert abs(rows.max() + 1 - y2) < 2.5
            assert 0 <= x1 <= x2 <= picture.shape[-1]
            assert 0 <= y1 <= y2 <= picture.shape[-2]
        for name in ("label", "name", "extra", "none"):
            assert target[name] is sample[1][name]


@pytest.mark.parametrize("transform", JOINT, ids=lambda t: type(t).__name__)
def test_the_same_seed_makes_the_same_sample(transform):
    results = []
    for _ in range(2):
        dark.manual_seed(5)
        results.append(pickle.loads(pickle.dumps(transform))(*joint_sample()))
    first, second = results
    assert first[0].tolist() == second[0].tolist()
    assert first[1]["boxes"].tolist() == second[1]["boxes"].tolist()


class Pictures(dark.utils.data.Dataset):
    """Pictures with their masks, changed at random."""

    transform = T.Compose([T.RandomCrop(3), T.RandomHorizontalFlip(), T.RandomRotation(20)])

    def __len__(self):
        return 12

    def __getitem__(self, index):
        return self.transform(Image(image((3, 6, 8), seed=index)), Mask(image((6, 8), "uint8", seed=index)))


@pytest.mark.parametrize("workers", [0, 2])
def test_a_loader_gives_the_same_samples_for_the_same_seed(workers):
    epochs = []
    for _ in range(2):
        dark.manual_seed(3)
        loader = dark.utils.data.DataLoader(Pictures(), batch_size=5, num_workers=workers)
        epochs.append([(images.tolist(), masks.tolist()) for images, masks in loader])
    assert epochs[0] == epochs[1]
    first, second = epochs[0][0][1][:2]
    assert len(epochs[0]) == 3
    assert first != second


def test_a_sample_keeps_its_nest():
    x, mask = image(), Mask(image((6, 8), "uint8"))
    ordered = collections.OrderedDict(a=x, b=[mask, (1, "text")])
    flip = T.RandomHorizontalFlip(p=1)
    out = flip(ordered)
    assert type(out) is collections.OrderedDict
    assert out["b"][1] == (1, "text")
    assert out["b"][0].tolist() == F.hflip(mask).tolist()
    assert ordered["a"] is x
    named = flip(Sample(x, [3]))
    assert type(named) is Sample
    assert named.target == [3]
    assert isinstance(flip(x, mask), tuple)
    assert isinstance(flip([x, mask]), list)


def test_only_the_first_plain_tensor_is_an_image_and_none_beside_an_image():
    x, y = image(seed=1), image(seed=2)
    flip = T.RandomHorizontalFlip(p=1)
    first, second = flip(x, y)
    assert first.tolist() == F.hflip(x).tolist()
    assert second is y
    plain, named = flip(x, Image(y))
    assert plain is x
    assert named.tolist() == F.hflip(y).tolist()
    both = flip(x, x)
    assert both[1] is x


def test_transforms_of_ones_own_get_what_was_drawn():
    class Shift(T.Transform):
        def make_params(self, flat_inputs):
            return {"by": len(flat_inputs)}

        def transform(self, inpt, params):
            return wrap(inpt + params["by"], like=inpt)

    x, points = Shift()(Image(dark.zeros(1, 1, 1)), KeyPoints([[0.0, 0]], canvas_size=(1, 1)))
    assert x.item() == 2
    assert points.tolist() == [[2, 2]]
    assert points.canvas_size == (1, 1)


def test_lambda_takes_the_types_it_is_for():
    double = T.Lambda(lambda x: x * 2)
    assert double(3) == 6
    assert double((1, [2])) == (2, [4])
    only = T.Lambda(lambda x: x * 2, int)
    assert only((1, "a")) == (2, "a")


# --- The draws ---------------------------------------------------------------------------------------------


def torch_uniform(low, high):
    return torch.empty(1).uniform_(low, high).item()


def part_in_torch(h, w, scale, ratio, fits):
    """The tries for a part of random area and ratio."""
    logs = torch.log(torch.tensor(ratio))
    for _ in range(10):
        area = h * w * torch_uniform(*scale)
        r = torch.exp(torch.empty(1).uniform_(logs[0], logs[1])).item()
        sides = round(math.sqrt(area * r)), round(math.sqrt(area / r))
        if fits(*sides):
            return sides


def draw_resized_crop(h, w):
    width, height = part_in_torch(h, w, (0.08, 1.0), (3 / 4, 4 / 3), lambda a, b: 0 < a <= w and 0 < b <= h)
    top = torch.randint(0, h - height + 1, size=(1,)).item()
    left = torch.randint(0, w - width + 1, size=(1,)).item()
    return {"top": top, "left": left, "height": height, "width": width}


def draw_affine(h, w):
    angle = torch_uniform(-10.0, 10.0)
    shift = [round(torch_uniform(-0.2 * w, 0.2 * w)), round(torch_uniform(-0.3 * h, 0.3 * h))]
    scale = torch_uniform(0.5, 1.5)
    return {
        "angle": angle,
        "translate": shift,
        "scale": scale,
        "shear": [torch_uniform(-5.0, 5.0), torch_uniform(1.0, 2.0)],
    }


def draw_jitter(h, w):
    order = torch.randperm(4).tolist()
    return {
        "order": order,
        "factors": [torch_uniform(0.5, 1.5), torch_uniform(0.6, 1.4), None, torch_uniform(-0.1, 0.1)],
    }


def draw_crop(h, w):
    top = torch.randint(0, h - 9, size=()).item()
    return {"padding": [0, 0, 0, 0], "top": top, "left": torch.randint(0, w - 11, size=()).item()}


def draw_erasing(h, w):
    height, width = part_in_torch(h, w, (0.02, 0.33), (0.3, 3.3), lambda a, b: a < h and b < w)
    v = torch.empty([3, height, width]).normal_()
    i = torch.randint(0, h - height + 1, size=(1,)).item()
    j = torch.randint(0, w - width + 1, size=(1,)).item()
    return {"i": i, "j": j, "h": height, "w": width, "v": v}


DRAWS = [
    (T.RandomCrop((10, 12)), draw_crop),
    (T.RandomCrop((23, 31)), lambda h, w: {"top": 0, "left": 0}),  # there is but one: nothing is drawn
    (T.RandomResizedCrop(8), draw_resized_crop),
    (T.RandomRotation(30), lambda h, w: {"angle": torch_uniform(-30.0, 30.0)}),
    (T.RandomAffine(10, (0.2, 0.3), (0.5, 1.5), (-5, 5, 1, 2)), draw_affine),  # beyond
    (T.ColorJitter(0.5, 0.4, None, 0.1), draw_jitter),  # beyond
    (T.GaussianBlur(3, (0.1, 2.0)), lambda h, w: {"sigma": torch_uniform(0.1, 2.0)}),  # beyond
    (T.RandomErasing(1, value="random"), draw_erasing),  # beyond
]


@needs_torch
@pytest.mark.parametrize(("transform", "expected"), DRAWS, ids=[type(t).__name__ for t, _ in DRAWS])
def test_the_draws_are_torchvisions(transform, expected):
    for seed in range(5):
        dark.manual_seed(seed)
        torch.manual_seed(seed)
        ours, theirs = transform.make_params([image((3, 23, 31))]), expected(23, 31)
        for name, value in theirs.items():
            if isinstance(value, torch.Tensor):
                close(ours[name], value)
            else:
                assert ours[name] == value, name
        assert dark.rand(1).item() == torch.rand(1).item()  # no more and no fewer were drawn


@needs_torch
def test_whether_and_which_are_drawn_as_in_torchvision():
    flip, choice = (
        T.RandomHorizontalFlip(0.3),
        T.RandomChoice([lambda x: 0, lambda x: 1, lambda x: 2], [1, 2, 3]),
    )
    apply = T.RandomApply([lambda x: True], 0.4)
    x = dark.tensor([[[1.0, 2.0]]])
    dark.manual_seed(1)
    torch.manual_seed(1)
    for _ in range(20):
        assert (flip(x) is not x) == bool(torch.rand(1) < 0.3)
        assert choice(0) == int(torch.multinomial(torch.tensor([1, 2, 3]) / 6, 1))
        assert (apply(0) is True) == bool(torch.rand(1) < 0.4)


def test_probabilities_of_none_and_all():
    x = image()
    for flip in (T.RandomHorizontalFlip, T.RandomVerticalFlip, T.RandomGrayscale, T.RandomErasing):
        assert flip(0.0)(x) is x
    for _ in range(5):
        assert T.RandomHorizontalFlip(1.0)(x).tolist() == F.hflip(x).tolist()


def test_erasing_changes_one_rectangle_of_the_image():
    dark.manual_seed(0)
    x = dark.ones(3, 20, 30)
    out = T.RandomErasing(1.0, value=(2.0, 3.0, 4.0))(x).numpy()
    changed = out[0] != 1
    rows, columns = np.nonzero(changed)
    assert changed[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].all()
    assert [c.max() for c in out] == [2, 3, 4]
    assert x.sum().item() == 1800
    T.RandomErasing(1.0, inplace=True)(x)
    assert x.sum().item() < 1800


# --- Conversions -------------------------------------------------------------------------------------------


def test_to_tensor_takes_arrays_pillow_images_and_tensors():
    pil = pytest.importorskip("PIL.Image")
    a = random_array((4, 5, 3), "uint8", 0, 255)
    expected = a.transpose(2, 0, 1).astype("float32") / 255
    for pic in (a, pil.fromarray(a), dark.tensor(a.transpose(2, 0, 1).copy())):
        close(T.ToTensor()(pic), expected, 0)
    gray = T.ToTensor()(a[..., 0])
    close(gray, expected[:1], 0)
    close(T.ToTensor()(pil.fromarray(a[..., 0])), expected[:1], 0)
    close(
        T.ToTensor()(a[None].transpose(0, 3, 1, 2)[0].astype("float64").transpose(1, 2, 0)),
        a.transpose(2, 0, 1) * 1.0,
        0,
    )
    assert T.ToTensor()(gray).tolist() == gray.tolist()
    bits = T.ToTensor()(pil.fromarray(a[..., 0]).convert("1"))
    assert set(np.unique(bits.numpy())) == {0, 1}
    assert T.ToTensor()(pil.new("I;16", (3, 2), 4000)).tolist() == [[[4000] * 3] * 2]
    assert tuple(T.ToTensor()(pil.new("RGBA", (3, 2))).shape) == (4, 2, 3)
    _, mask, label = T.ToTensor()((pil.fromarray(a), Mask(a[..., 0]), 4))
    assert (mask.dtype, label) == (dark.uint8, 4)


def test_to_image_and_back_to_pillow():
    pytest.importorskip("PIL.Image")
    a = random_array((4, 5, 3), "uint8", 0, 255)
    x = T.ToImage()(a)
    assert isinstance(x, Image)
    assert x.dtype is dark.uint8
    back = T.ToPILImage()(x)
    assert (back.mode, back.size) == ("RGB", (5, 4))
    assert np.array_equal(np.asarray(back), a)
    floats = T.ToDtype(dark.float32, scale=True)(x)
    assert np.array_equal(np.asarray(T.ToPILImage()(floats)), a)
    assert T.ToPILImage()(x[:1]).mode == "L"
    assert T.ToPILImage("RGB")(x[:1]).mode == "RGB"
    assert T.ToPILImage()(a).size == (5, 4)


def test_to_dtype_scales_bytes_and_back():
    x = dark.arange(256).to(dark.uint8).reshape(1, 16, 16)
    floats = T.ToDtype(dark.float32, scale=True)(x)
    assert (floats.min().item(), floats.max().item()) == (0, 1)
    assert T.ToDtype(dark.uint8, scale=True)(floats).tolist() == x.tolist()
    assert T.ToDtype(dark.float32)(x).max().item() == 255
    mask = Mask(x[0])
    out = T.ToDtype({Image: dark.float32, Mask: dark.int64, "others": None}, scale=True)(Image(x), mask)
    assert (out[0].dtype, out[1].dtype, out[1].max().item()) == (dark.float32, dark.int64, 255)


def test_kinds_survive_what_keeps_their_meaning():
    boxes = BoundingBoxes([[1, 2, 3, 4]], format="xywh", canvas_size=(5, 6))
    for kept in (
        boxes.clone(),
        boxes.detach(),
        boxes.to(dark.float32),
        boxes.float(),
        pickle.loads(pickle.dumps(boxes)),
    ):
        assert isinstance(kept, BoundingBoxes)
        assert (kept.format, kept.canvas_size) == (BoundingBoxFormat.XYWH, (5, 6))
    assert type(boxes + 1) is dark.Tensor
    assert "canvas_size=(5, 6)" in repr(boxes)
    assert repr(boxes).startswith("BoundingBoxes([[1, 2, 3, 4]]")
    assert tuple(Image(dark.zeros(2, 3)).shape) == (1, 2, 3)
    assert tuple(KeyPoints([1.0, 2.0], canvas_size=(5, 5)).shape) == (1, 2)


# --- Errors ------------------------------------------------------------------------------------------------

CHANNELS4 = image((4, 5, 5))
ERRORS = [
    (lambda: F.resize(image((5, 5)), 3), ValueError, r"resize: .*float32 of shape \(5, 5\); image.unsqueeze"),
    (lambda: T.Resize(3)(np.zeros((5, 5, 3))), TypeError, "Resize: .*got a NumPy array; put ToTensor"),
    (lambda: F.hflip(np.zeros((5, 5))), TypeError, "horizontal_flip: .*got ndarray; ToImage"),
    (lambda: F.hflip("a"), TypeError, "horizontal_flip: .*got str"),
    (lambda: T.Resize((1, 2, 3)), ValueError, "resize: size is 1 or 2 numbers"),
    (lambda: T.Resize((3, 4), max_size=7), ValueError, "max_size"),
    (lambda: T.Resize(8, max_size=7), ValueError, "max_size must be larger"),
    (lambda: T.Resize(None), ValueError, "size or max_size"),
    (lambda: T.Resize(0), ValueError, "positive whole"),
    (lambda: T.Resize(3, "bilinear"), ValueError, "Resize: interpolation is one of"),
    (lambda: T.RandomRotation(3, InterpolationMode.BICUBIC), ValueError, "RandomRotation: interpolation"),
    (lambda: T.RandomCrop(9)(image((1, 5, 20))), ValueError, r"a part of \(9, 9\).*\(5, 20\).*pad_if_needed"),
    (lambda: T.RandomCrop(9)(3), TypeError, "RandomCrop: expected an image, got int"),
    (lambda: T.Normalize([0.1], [1])(Mask(image())), TypeError, "Normalize: expected an image, got Mask"),
    (lambda: T.RandomCrop(2)({"a": Image(image()), "b": Mask(image((5, 5)))}), ValueError, "several sizes"),
    (lambda: T.RandomHorizontalFlip(1.5), ValueError, "RandomHorizontalFlip: p is a probability"),
    (lambda: T.ColorJitter(brightness=-1), ValueError, "ColorJitter: brightness"),
    (lambda: T.ColorJitter(hue=0.7), ValueError, "ColorJitter: hue"),
    (lambda: T.ColorJitter(contrast=(2, 1)), ValueError, "ColorJitter: contrast"),
    (lambda: T.GaussianBlur(4), ValueError, "GaussianBlur: kernel_size must be odd"),
    (lambda: F.gaussian_blur(image((3, 1, 1)), 3), ValueError, r"gaussian_blur: kernel_size 3 .*\(3, 1, 1\)"),
    (lambda: F.gaussian_blur(image(), 3, -1.0), ValueError, "sigma must be positive"),
    (lambda: F.adjust_brightness(CHANNELS4, 1), ValueError, r"1 or 3 channels, got 4 \(image \(4, 5, 5\)"),
    (lambda: F.adjust_brightness(image(), -1), ValueError, "must not be negative"),
    (lambda: F.adjust_contrast(image().to(dark.int64), 1), TypeError, "adjust_contrast: .*int64"),
    (lambda: F.adjust_hue(image(), 0.6), ValueError, "-0.5 to 0.5"),
    (lambda: F.rgb_to_grayscale(image(), 2), ValueError, "num_output_channels"),
    (lambda: F.rgb_to_grayscale(Mask(image())), TypeError, "got Mask"),
    (lambda: T.Normalize([0.1] * 2, [1])(image()), ValueError, "mean has 2 .*image 3 channels"),
    (lambda: T.Normalize([0.1], [0])(image()), ValueError, "std must not be 0"),
    (lambda: T.Normalize([0.1], [1])(image(dtype="uint8")), TypeError, "normalize: .*uint8; ToTensor"),
    (lambda: F.pad(image(), -1), ValueError, "0 or more"),
    (lambda: F.pad(image(), (1, 2, 3)), ValueError, "padding is 1 or 2 or 4 numbers"),
    (lambda: F.pad(image(), 1, padding_mode="wrap"), ValueError, "padding_mode is one of"),
    (lambda: F.pad(image(), 6, padding_mode="reflect"), ValueError, "reflect has"),
    (lambda: F.pad(image(), 1, fill=[1, 2]), ValueError, "fill is 1 or 3 numbers"),
    (lambda: F.pad(KeyPoints([1, 1], canvas_size=(5, 5)), 1, padding_mode="edge"), ValueError, "follow"),
    (lambda: F.rotate(image(), 10, fill=[1, 2]), ValueError, "rotate: fill"),
    (lambda: F.rotate(Mask(image()), 10, fill=[1, 2, 3]), ValueError, r"rotate: a mask .*fill=\{Image"),
    (lambda: F.affine(image(), 0, (0, 0), 0, 0), ValueError, "scale must be positive"),
    (lambda: T.RandomAffine(0, translate=(2, 0)), ValueError, "RandomAffine: translate"),
    (lambda: T.RandomAffine(-3), ValueError, "can't be negative"),
    (lambda: T.RandomErasing(1, value="noise"), ValueError, "RandomErasing: value"),
    (lambda: T.RandomErasing(1, value=(1, 2))(image()), ValueError, "2 numbers for an image of 3 channels"),
    (lambda: T.Compose(T.Resize(3)), TypeError, "Compose: expected a list"),
    (lambda: T.RandomChoice([T.Resize(3)], p=[1, 2]), ValueError, "RandomChoice: p has"),
    (lambda: T.ToTensor()(np.zeros(5)), ValueError, r"to_tensor: expected an array .*\(5,\)"),
    (lambda: F.to_tensor(3), TypeError, "to_tensor: expected .*int"),
    (lambda: F.to_pil_image(image((5, 4, 4))), ValueError, "1 to 4 channels"),
    (lambda: F.to_dtype(image().to(dark.int32), dark.float32, scale=True), TypeError, "to_dtype: scale=True"),
    (lambda: T.ToDtype({Mask: dark.int64})(image()), ValueError, "no entry for Tensor"),
    (lambda: F.hflip(image().requires_grad_()), RuntimeError, r"horizontal_flip: .*x.detach\(\)"),
    (lambda: BoundingBoxes([[1, 2, 3]], format="XYXY", canvas_size=(1, 1)), ValueError, r"\(N, 4\)"),
    (lambda: BoundingBoxes([1, 2, 3, 4], format="YXYX", canvas_size=(1, 1)), ValueError, "none of XYXY"),
    (lambda: KeyPoints([1, 2, 3], canvas_size=(1, 1)), ValueError, r"\(\.\.\., 2\)"),
    (lambda: KeyPoints([1, 2], canvas_size=5), ValueError, "canvas_size"),
    (lambda: Mask([1, 2]), ValueError, r"Mask: expected"),
    (lambda: wrap(image(), like=Mask(image()), canvas_size=3), TypeError, "has no canvas_size"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "kind", "message"), ERRORS, ids=range(len(ERRORS)))
def test_errors_name_the_transform_and_what_it_got(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


def test_a_pillow_image_beside_a_tensor_is_no_silent_passenger():
    pil = pytest.importorskip("PIL.Image")
    with pytest.raises(TypeError, match="RandomHorizontalFlip: expected tensors, got a Pillow image"):
        T.RandomHorizontalFlip(1.0)(pil.new("RGB", (4, 4)), Mask(dark.zeros(4, 4)))


@pytest.mark.parametrize(
    "shape", [(1, 1, 1), (3, 1, 1), (1, 1, 7), (3, 7, 1), (2, 3, 3, 5), (0, 3, 4, 4)], ids=str
)
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float16"])
def test_odd_shapes_work_everywhere(shape, dtype):
    x = image(shape, "float32").to(dark.float16) if dtype == "float16" else image(shape, dtype)
    transforms = [
        T.Resize(3), T.Resize((2, 5)), T.CenterCrop(2), T.CenterCrop(4), T.Pad(1), T.RandomCrop(3, padding=3),
        T.RandomResizedCrop(3), T.RandomRotation(40),
        T.RandomRotation(40, InterpolationMode.BILINEAR, expand=True),
        T.RandomAffine(30, (0.1, 0.1), (0.5, 2), 5), T.ColorJitter(0.4, 0.4, 0.4, 0.1), T.Grayscale(),
        T.GaussianBlur(1), T.RandomErasing(1.0), T.RandomHorizontalFlip(1.0), T.RandomVerticalFlip(1.0),
        T.ToDtype(dark.float32, True),
    ]  # fmt: skip
    for transform in transforms:
        out = transform(x)
        assert out.shape[:-3] == x.shape[:-3]
        assert out.dtype is (dark.float32 if isinstance(transform, T.ToDtype) else x.dtype)


def test_repr_shows_the_pipeline():
    text = repr(T.Compose([T.Resize(3), T.RandomApply([T.Grayscale()], 0.2)]))
    assert text.splitlines()[0] == "Compose("
    assert "    Resize(size=3, " in text
    assert "        Grayscale(num_output_channels=1)" in text
