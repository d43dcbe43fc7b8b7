"""Boxes, key points and masks drawn into pictures."""  # dark-7

import numpy as np
import pytest

import dark
from against_torch import assert_same, random_array, torch
from against_torchvision import needs_torchvision, torchvision
from dark.vision.utils import draw_bounding_boxes, draw_keypoints, draw_segmentation_masks

pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to draw with")
BLACK, EMPTY = dark.zeros(3, 6, 8, dtype=dark.uint8), "........"


def channel(image):
    """Where the first channel is not black, as rows of text."""
    return ["".join(".#"[bool(v)] for v in row) for row in image.numpy()[0]]


def boxes(*rows):
    return dark.tensor([[float(v) for v in row] for row in rows]).reshape(-1, 4)


def points(*rows):
    return dark.tensor([[[float(v) for v in row] for row in rows]])


@pytest.mark.parametrize(
    ("box", "options", "expected"),
    [
        ((1, 1, 5, 4), {}, [EMPTY, ".#####..", ".#...#..", ".#...#..", ".#####..", EMPTY]),
        ((1.9, 1.9, 5.9, 4.9), {}, [EMPTY, ".#####..", ".#...#..", ".#...#..", ".#####..", EMPTY]),
        ((1, 0, 6, 5), {"width": 2}, [*[".######."] * 2, *[".##..##."] * 2, *[".######."] * 2]),
        ((-3, 2, 2, 90), {}, [EMPTY, EMPTY, "###.....", "..#.....", "..#.....", "..#....."]),
        ((3, 3, 4, 4), {}, [EMPTY, EMPTY, EMPTY, "...##...", "...##...", EMPTY]),
        ((-1e30, 4, float("inf"), 4), {}, [EMPTY, EMPTY, EMPTY, EMPTY, "########", EMPTY]),
        ((20, 20, 30, 30), {}, [EMPTY] * 6),
        ((1, 1, 5, 4), {"fill": True}, [EMPTY, *[".#####.."] * 4, EMPTY]),
    ],
)  # fmt: skip
def test_a_frame_is_inside_of_its_box_with_both_ends(box, options, expected):
    drawn = draw_bounding_boxes(BLACK, boxes(box), colors="#ff0000", **options)
    assert channel(drawn) == expected
    assert not drawn.numpy()[1:].any()
    assert not BLACK.numpy().any()


def test_a_filled_box_lets_the_picture_through():
    gray = dark.full((3, 5, 5), 200, dtype=dark.uint8)
    drawn = draw_bounding_boxes(gray, boxes((0, 0, 4, 4)), colors=(255, 0, 0), fill=True).numpy()
    assert drawn[:, 0, 0].tolist() == [255, 0, 0]
    rest = 200 * (1 - 100 / 255)
    np.testing.assert_allclose(drawn[:, 2, 2], [rest + 100, rest, rest], atol=1)


@pytest.mark.parametrize(
    ("colors", "expected"),
    [
        ("red", [[255, 0, 0], [255, 0, 0]]),
        ("#102030", [[16, 32, 48], [16, 32, 48]]),
        ((7, 8, 9), [[7, 8, 9], [7, 8, 9]]),
        (["lime", (1, 2, 3)], [[0, 255, 0], [1, 2, 3]]),
        ([(4, 5, 6), "#fff", "red"], [[4, 5, 6], [255, 255, 255]]),
        (None, [[0, 0, 0], [1, 127, 31]]),
    ],
)
def test_colors_of_boxes_and_masks(colors, expected):
    image = dark.full((3, 4, 8), 100, dtype=dark.uint8)
    drawn = draw_bounding_boxes(image, boxes((0, 0, 2, 2), (4, 0, 6, 2)), colors=colors).numpy()
    assert [drawn[:, 0, 0].tolist(), drawn[:, 0, 4].tolist()] == expected
    masks = dark.zeros(2, 4, 8, dtype=dark.bool)
    masks[0, 0, 0] = masks[1, 0, 4] = True
    drawn = draw_segmentation_masks(image, masks, alpha=1.0, colors=colors).numpy()
    assert [drawn[:, 0, 0].tolist(), drawn[:, 0, 4].tolist()] == expected


def test_later_boxes_are_over_earlier_ones():
    drawn = draw_bounding_boxes(BLACK, boxes((0, 0, 4, 4), (2, 0, 6, 4)), colors=["red", "blue"]).numpy()
    assert drawn[:, 0, :8].T.tolist() == [[255, 0, 0]] * 2 + [[0, 0, 255]] * 5 + [[0, 0, 0]]


def test_labels_stand_inside_of_the_upper_left_corner_in_their_colors():
    image, where = dark.zeros(3, 40, 60, dtype=dark.uint8), boxes((4, 4, 50, 35), (20, 20, 55, 39))

    def drawn(labels, **options):
        return draw_bounding_boxes(image, where, labels, colors=["red", "blue"], width=2, **options).numpy()

    bare = drawn(None)
    assert np.array_equal(drawn([None, None]), bare)
    text = drawn(["face 0.9", None]) != bare
    rows, columns = np.nonzero(text.any(axis=0))
    assert rows.min() >= 4 + 2 + 1
    assert rows.max() < 20
    assert columns.min() >= 4 + 2 + 1
    assert text[0].any()
    assert not text[1].any()
    assert drawn(["face", None], label_colors="lime")[1].max() > 200
    filled = drawn(["face", None], fill_labels=True)  # black on the color of the box
    assert (filled[0] == 255).sum() > (bare[0] == 255).sum() + 50
    filled = drawn(["face", None], fill_labels=True, label_background_colors=(9, 99, 199))
    assert (filled == np.reshape([9, 99, 199], (3, 1, 1))).all(axis=0).sum() > 50


def test_a_font_that_is_missing_is_named_and_a_size_without_font_warned_of():
    with pytest.raises(OSError, match=r"draw_bounding_boxes: there is no font 'missing\.ttf'"):
        draw_bounding_boxes(BLACK, boxes((0, 0, 4, 4)), ["a"], font="missing.ttf")
    with pytest.warns(UserWarning, match="font_size has no effect"):
        draw_bounding_boxes(BLACK, boxes((0, 0, 4, 4)), ["a"], font_size=20)


@pytest.mark.parametrize("dtype", [dark.float32, dark.float64])
def test_pictures_of_floating_point_numbers_stay_such(dtype):
    image = dark.full((1, 4, 4), 0.2, dtype=dtype)
    drawn = draw_bounding_boxes(image, boxes((0, 0, 3, 3)), colors="red")
    assert drawn.dtype is dtype
    assert drawn[:, 0, 0].tolist() == [1, 0, 0]
    assert drawn[:, 1, 1].tolist() == pytest.approx([51 / 255] * 3)
    drawn = draw_keypoints(image.expand(3, 4, 4), points((0, 0)), colors=(255, 0, 51), radius=1)
    assert drawn.dtype is dtype
    assert drawn[:, 0, 0].tolist() == pytest.approx([1, 0, 0.2])
    masks = dark.ones(4, 4, dtype=dark.bool)
    drawn = draw_segmentation_masks(image.expand(3, 4, 4), masks, alpha=0.25, colors=(255, 0, 51))
    assert drawn.dtype is dtype
    assert drawn[:, 0, 0].tolist() == pytest.approx([0.4, 0.15, 0.2])


def test_masks_are_mixed_with_the_picture_and_dark_where_they_overlap():
    image = dark.full((3, 2, 3), 100, dtype=dark.uint8)
    masks = dark.tensor([[[1, 1, 0], [0, 0, 0]], [[0, 1, 1], [0, 0, 0]]]).bool()
    drawn = draw_segmentation_masks(image, masks, alpha=0.5, colors=[(200, 0, 50), "white"]).numpy()
    assert drawn[:, 0].T.tolist() == [[150, 50, 75], [50, 50, 50], [177, 177, 177]]
    assert np.all(drawn[:, 1] == 100)
    assert np.all(image.numpy() == 100)
    assert np.array_equal(draw_segmentation_masks(image, masks, alpha=0).numpy(), image.numpy())


@pytest.mark.parametrize(
    ("where", "options", "expected"),
    [
        ([(2.9, 2.9)], {"radius": 1}, [EMPTY, "..#.....", ".###....", "..#.....", EMPTY, EMPTY]),
        ([(0, 0), (7, 5)], {"radius": 1}, ["##......", "#.......", EMPTY, EMPTY, ".......#", "......##"]),
        (
            [(1, 1), (6, 1)], {"radius": 0, "connectivity": [(0, 1)], "width": 1},
            [EMPTY, ".######.", EMPTY, EMPTY, EMPTY, EMPTY],
        ),
        (
            [(1, 1), (6, 4)],
            {"radius": 1, "visibility": dark.tensor([[True, False]]), "connectivity": [(0, 1)]},
            [".#......", "###.....", ".#......", EMPTY, EMPTY, EMPTY],
        ),
        (
            [(1, 1), (float("nan"), 4)], {"radius": 1, "visibility": dark.tensor([[[1.0], [0.0]]])},
            [".#......", "###.....", ".#......", EMPTY, EMPTY, EMPTY],
        ),
        ([(-1e30, 1), (3, float("inf"))], {}, [EMPTY] * 6),
    ],
)  # fmt: skip
def test_points_are_disks_and_lines_join_them(where, options, expected):
    assert channel(draw_keypoints(BLACK, points(*where), colors="red", **options)) == expected


def test_lines_are_white_and_without_a_color_there_are_only_lines():
    drawn = draw_keypoints(BLACK, points((1, 1), (6, 1)), [(0, 1)], width=1)
    assert drawn[:, 1, 3].tolist() == [255, 255, 255]
    assert not draw_keypoints(BLACK, points((1, 1), (6, 1))).numpy().any()


def test_nothing_to_draw_leaves_the_picture():
    with pytest.warns(UserWarning, match="draw_bounding_boxes: there are no boxes"):
        assert draw_bounding_boxes(BLACK, boxes()) is BLACK
    with pytest.warns(UserWarning, match="draw_segmentation_masks: there are no masks"):
        assert draw_segmentation_masks(BLACK, dark.zeros(0, 6, 8, dtype=dark.bool)) is BLACK
    for shape in ((0, 5, 2), (3, 0, 2)):
        assert np.array_equal(draw_keypoints(BLACK, dark.zeros(shape), colors="red").numpy(), BLACK.numpy())


def test_what_a_network_returns_is_drawn_without_its_graph():
    image, found = dark.zeros(3, 6, 8, requires_grad=True), boxes((1, 1, 4, 4)).requires_grad_()
    results = [
        draw_bounding_boxes(image, found * 1, colors="red"),
        draw_keypoints(image, points((1, 1)).requires_grad_() * 1, colors="red"),
        draw_segmentation_masks(image * 1, dark.ones(6, 8, dtype=dark.bool)),
    ]
    assert not any(drawn.requires_grad for drawn in results)


MASK = dark.ones(6, 8, dtype=dark.bool)
ONE = boxes((1, 1, 4, 4))


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: draw_bounding_boxes(BLACK.numpy(), ONE), TypeError, r"\(3, H, W\), got ndarray"),
        (lambda: draw_bounding_boxes(BLACK[None], ONE), ValueError, r"got \(1, 3, 6, 8\)"),
        (lambda: draw_bounding_boxes(BLACK[:2], ONE), ValueError, r"got \(2, 6, 8\)"),
        (lambda: draw_bounding_boxes(BLACK.int(), ONE), ValueError, "floating-point type, got dark.int32"),
        (lambda: draw_bounding_boxes(BLACK, [[1, 2, 3, 4]]), TypeError, "a tensor of boxes, got list"),
        (lambda: draw_bounding_boxes(BLACK, ONE[0]), ValueError, r"expected boxes \(N, 4\), got \(4,\)"),
        (lambda: draw_bounding_boxes(BLACK, ONE[:, :3]), ValueError, r"got \(1, 3\)"),
        (lambda: draw_bounding_boxes(BLACK, boxes((5, 1, 4, 4))), ValueError, "0 is 5, 1, 4, 4"),
        (lambda: draw_bounding_boxes(BLACK, ONE * float("nan")), ValueError, r"boxes \(1, 4\) have .* NaN"),
        (lambda: draw_bounding_boxes(BLACK, ONE, ["a", "b"]), ValueError, "as many labels, got 2"),
        (lambda: draw_bounding_boxes(BLACK, ONE, [3]), TypeError, "a label is a string or None, not 3"),
        (lambda: draw_bounding_boxes(BLACK, ONE, colors=[]), ValueError, "each of 1 objects, got 0"),
        (lambda: draw_bounding_boxes(BLACK, ONE, colors="reed"), ValueError, "'reed' is no color"),
        (lambda: draw_bounding_boxes(BLACK, ONE, colors=(1, 2)), ValueError, r"not \(1, 2\)"),
        (lambda: draw_bounding_boxes(BLACK, ONE, colors=(1, 2, 256)), ValueError, "up to 255"),
        (lambda: draw_bounding_boxes(BLACK, ONE, colors=[1, 2, 3]), ValueError, "not 1"),
        (lambda: draw_segmentation_masks(BLACK[:1], MASK), ValueError, r"\(3, H, W\), got \(1, 6, 8\)"),
        (lambda: draw_segmentation_masks(BLACK, MASK.float()), ValueError, "of type bool, got dark.float32"),
        (lambda: draw_segmentation_masks(BLACK, MASK[:5]), ValueError, r"image \(3, 6, 8\), got \(5, 8\)"),
        (lambda: draw_segmentation_masks(BLACK, MASK[0]), ValueError, r"got \(8,\)"),
        (lambda: draw_segmentation_masks(BLACK, None), TypeError, "a tensor of masks, got NoneType"),
        (lambda: draw_keypoints(BLACK[:1], points((1, 1))), ValueError, r"one image \(3, H, W\)"),
        (lambda: draw_keypoints(BLACK, points((1, 1))[0]), ValueError, r"K, 2\), got \(1, 2\)"),
        (lambda: draw_keypoints(BLACK, dark.zeros(1, 4, 3)), ValueError, r"got \(1, 4, 3\)"),
        (lambda: draw_keypoints(BLACK, [(1, 1)]), TypeError, "a tensor of keypoints, got list"),
        (lambda: draw_keypoints(BLACK, points((1, float("nan")))), ValueError, r"\(1, 1, 2\) have .* NaN"),
        (lambda: draw_keypoints(BLACK, points((1, 1)), [(0, 1)]), IndexError, r"\(0, 1\), no pair of the 1"),
        (
            lambda: draw_keypoints(BLACK, points((1, 1)), visibility=dark.ones(2, 1)), ValueError,
            r"expected visibility \(1, 1\) for keypoints \(1, 1, 2\), got \(2, 1\)",
        ),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, kind, message):
    with pytest.raises(kind, match=f"draw_[a-z_]+: .*{message}"):
        call()


@needs_torchvision
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize(
    ("name", "arrays", "options"),
    [
        ("draw_bounding_boxes", {"boxes": [[3.7, 2, 30, 20], [-4, -3, 50, 50], [8, 8, 12, 9]]}, options)
        for options in (
            {},
            {"width": 3, "colors": ["red", (1, 2, 3), "#00ff80"]},
            {"labels": ["face 0.93", "b\nc", "é"], "fill": True, "colors": "orange"},
            {"labels": ["face", None, "c"], "fill_labels": True, "label_colors": "white", "width": 0},
            {"labels": ["face", "b", ""], "fill_labels": True, "label_background_colors": ["red"] * 3},
        )
    ]
    + [
        ("draw_keypoints", {"keypoints": [[[3.7, 2], [30, 20], [-1, 9]], [[9, 9], [9, 30], [4, 3]]]}, options)
        for options in (
            {},
            {"colors": "red"},
            {"colors": (9, 8, 7), "radius": 4, "connectivity": [(0, 1), (2, 0)]},
        )
    ]
    + [
        ("draw_segmentation_masks", {"masks": random_array((3, 24, 40), "bool")}, options)
        for options in ({}, {"alpha": 0.35, "colors": "red"}, {"colors": ["red", "#123456", (7, 77, 200)]})
    ],
)  # fmt: skip
def test_the_pixels_are_torchvisions(name, arrays, options, dtype):
    image = random_array((3, 24, 40), dtype, 0, 255 if dtype == "uint8" else 1)
    ours, theirs = (
        getattr(utils, name)(t.tensor(image), **{key: t.tensor(a) for key, a in arrays.items()}, **options)
        for t, utils in ((dark, dark.vision.utils), (torch, torchvision.utils))
    )
    assert_same(ours, theirs, rtol=0, atol=1e-6)
