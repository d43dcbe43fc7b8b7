"""Boxes: formats, areas, overlaps and their gradients, against code for one box at a time."""  # dark-7

import inspect
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dark
from against_torch import assert_same, check_op, torch
from against_torchvision import needs_torchvision, torchvision
from dark.autograd import gradcheck
from dark.vision import ops

FORMATS = ["xyxy", "xywh", "cxcywh"]
LOSS = ops.generalized_box_iou_loss


def random_boxes(*shape, dtype="float64", seed=0, size=100):
    """Boxes (*shape, 4) with sides up to half of `size`."""
    rng = np.random.default_rng([seed, *shape])
    corner = rng.uniform(0, size / 2, (*shape, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(1, size / 2, (*shape, 2))], axis=-1)
    return boxes.astype(dtype)


def special_boxes(dtype="float64"):
    """Boxes that are the same, nested, touching at a side and at a corner, apart, and without an area."""
    return np.array(
        [(10, 10, 20, 20), (10, 10, 20, 20), (12, 12, 15, 18), (20, 10, 30, 20), (20, 20, 30, 30),
         (15, 15, 25, 40), (0, 0, 40, 40), (50, 50, 51, 52), (10, 10, 10, 20), (15, 15, 15, 15),
         (60, 60, 60, 60)],
        dtype=dtype,
    )  # fmt: skip


# The same, one box at a time and in plain numbers.


def area_of(box):
    left, top, right, bottom = box
    return (right - left) * (bottom - top)


def shared_area(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return width * height if width > 0 and height > 0 else 0


def iou_of(a, b):
    union = area_of(a) + area_of(b) - shared_area(a, b)
    return shared_area(a, b) / union if union else math.nan


def giou_of(a, b):
    union = area_of(a) + area_of(b) - shared_area(a, b)
    around = area_of((min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])))
    return iou_of(a, b) - (around - union) / around if around else math.nan


def table(function, boxes1, boxes2):
    """`function` of each with each, as an array (N, M)."""
    rows = [[function(a, b) for b in boxes2.tolist()] for a in boxes1.tolist()]
    return np.array(rows, dtype=float).reshape(len(boxes1), len(boxes2))


# Formats


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64"])
def test_one_box_in_three_formats(dtype):
    same = {"xyxy": [10, 20, 16, 40], "xywh": [10, 20, 6, 20], "cxcywh": [13, 30, 6, 20]}
    for one, numbers in same.items():
        for other, expected in same.items():
            result = ops.box_convert(dark.tensor([numbers], dtype=getattr(dark, dtype)), one, other)
            assert result.tolist() == [expected], f"{one} to {other}"


@pytest.mark.parametrize("shape", [(4,), (0, 4), (3, 4), (2, 3, 4), (2, 0, 3, 4)], ids=str)
@pytest.mark.parametrize("one", FORMATS)
@pytest.mark.parametrize("other", FORMATS)
def test_formats_there_and_back_for_any_leading_dimensions(shape, one, other):
    boxes = dark.tensor(random_boxes(*shape[:-1]))
    there = ops.box_convert(boxes, one, other)
    assert there.shape == shape
    np.testing.assert_allclose(ops.box_convert(there, other, one), boxes, rtol=1e-12)


def test_integers_stay_integers_until_they_are_halved():
    for dtype in (dark.uint8, dark.int16, dark.int32, dark.int64):
        boxes = dark.tensor([[1, 2, 4, 7]], dtype=dtype)
        assert ops.box_convert(boxes, "xyxy", "xywh").dtype is dtype
        assert ops.box_convert(boxes, "xywh", "xyxy").dtype is dtype
        halved = ops.box_convert(boxes, "xyxy", "cxcywh")
        assert (halved.dtype, halved.tolist()) == (dark.float32, [[2.5, 4.5, 3, 5]])
    half = dark.tensor([[1, 2, 4, 7]], dtype=dark.float16)
    assert ops.box_convert(half, "cxcywh", "xyxy").dtype is dark.float16


def test_a_conversion_to_the_same_format_is_a_copy():
    boxes = dark.tensor(random_boxes(2))
    copy = ops.box_convert(boxes, "xywh", "xywh")
    copy.zero_()
    assert boxes.array.all()


# Areas, and boxes at the edge of a picture


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("shape", [(), (0,), (5,), (2, 3)], ids=str)
def test_areas_in_every_format(fmt, shape):
    boxes = random_boxes(*shape)
    expected = [area_of(box) for box in boxes.reshape(-1, 4).tolist()]
    areas = ops.box_area(ops.box_convert(dark.tensor(boxes), "xyxy", fmt), fmt)
    assert areas.shape == shape
    np.testing.assert_allclose(areas, np.reshape(expected, shape), rtol=1e-12)


def test_areas_of_small_types_do_not_overflow():
    types = {dark.uint8: dark.int32, dark.int8: dark.int32, dark.int16: dark.int32, dark.int32: dark.int32,
             dark.int64: dark.int64, dark.float16: dark.float32}  # fmt: skip
    for dtype, expected in types.items():
        area = ops.box_area(dark.tensor([0, 0, 120, 100], dtype=dtype))
        assert (area.item(), area.dtype) == (12_000, expected)
    large = dark.tensor([0, 0, 3_000_000_000, 2_000_000_000])
    assert ops.box_area(large).item() == 6_000_000_000_000_000_000
    assert ops.box_area(dark.tensor([0, 0, 1000, 1000], dtype=dark.float16)).item() == 1_000_000


def test_clipping_keeps_what_is_inside_the_picture():
    boxes = [[-5, -5, 3, 4], [2, 3, 6, 9], [8, 18, 12, 25], [20, 30, 40, 50], [-9, -9, 0, -1], [-1, 0, 99, 9]]
    inside = [[0, 0, 3, 4], [2, 3, 6, 9], [8, 18, 10, 20], [10, 20, 10, 20], [0, 0, 0, 0], [0, 0, 10, 9]]
    for dtype in (dark.float32, dark.float64, dark.int64):
        clipped = ops.clip_boxes_to_image(dark.tensor(boxes, dtype=dtype), (20, 10))
        assert (clipped.tolist(), clipped.dtype) == (inside, dtype)
    assert ops.clip_boxes_to_image(dark.zeros(0, 4), [20, 10]).shape == (0, 4)
    in_pictures = dark.tensor(boxes).reshape(2, 3, 4)
    assert ops.clip_boxes_to_image(in_pictures, (20, 10)).tolist() == [inside[:3], inside[3:]]


# Overlap


PAIRS = {
    "random": (random_boxes(6), random_boxes(9, seed=1)),
    "special": (special_boxes(), special_boxes()),
    "none with some": (random_boxes(0), random_boxes(3)),
    "some with none": (random_boxes(3), random_boxes(0)),
    "none with none": (random_boxes(0), random_boxes(0)),
    "one with one": (random_boxes(1), random_boxes(1, seed=1)),
    "far from the corner": (random_boxes(5) + 1e4, random_boxes(5, seed=1) + 1e4),
    "partly outside": (random_boxes(5) - 50, random_boxes(5, seed=1) - 50),
}


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize(
    ("ours", "plain"), [(ops.box_iou, iou_of), (ops.generalized_box_iou, giou_of)], ids=["iou", "giou"]
)
def test_overlap_of_each_with_each(name, ours, plain):
    boxes1, boxes2 = PAIRS[name]
    result = ours(dark.tensor(boxes1), dark.tensor(boxes2))
    np.testing.assert_allclose(result, table(plain, boxes1, boxes2), rtol=1e-9, atol=1e-12)
    single = ours(dark.tensor(boxes1).float(), dark.tensor(boxes2).float())
    assert single.dtype is dark.float32
    np.testing.assert_allclose(single, result, rtol=1e-3, atol=1e-3)


def test_overlaps_worked_by_hand():
    boxes = dark.tensor([[0.0, 0, 2, 2], [1, 1, 3, 3], [2, 0, 4, 2], [8, 0, 10, 2]])
    assert_close(ops.box_iou(boxes[:1], boxes), [[1, 1 / 7, 0, 0]])
    # around the second pair 9, of which 2 are neither's; around the last 20, of which 12 are neither's
    assert_close(ops.generalized_box_iou(boxes[:1], boxes), [[1, 1 / 7 - 2 / 9, 0, -12 / 20]])
    assert_close(LOSS(boxes[:1].expand(4, 4), boxes), [0, 1 - 1 / 7 + 2 / 9, 1, 1 + 12 / 20])


def assert_close(ours, expected):
    np.testing.assert_allclose(ours, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("fmt", FORMATS)
def test_iou_in_every_format(fmt):
    boxes1, boxes2 = random_boxes(4), random_boxes(5, seed=1)
    result = ops.box_iou(*(ops.box_convert(dark.tensor(b), "xyxy", fmt) for b in (boxes1, boxes2)), fmt)
    np.testing.assert_allclose(result, table(iou_of, boxes1, boxes2), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("function", [ops.box_iou, ops.generalized_box_iou])
def test_leading_dimensions_are_broadcast(function):
    boxes1, boxes2 = dark.tensor(random_boxes(2, 3, 4)), dark.tensor(random_boxes(3, 5))
    result = function(boxes1, boxes2)
    assert result.shape == (2, 3, 4, 5)
    assert result[1, 2].tolist() == function(boxes1[1, 2], boxes2[2]).tolist()
    assert function(boxes1[:0], boxes2).shape == (0, 3, 4, 5)


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int16", "int32", "int64"])
def test_integer_boxes_have_fractions_for_overlaps_and_do_not_overflow(dtype):
    boxes = special_boxes(dtype)
    ours = dark.tensor(boxes)
    for function, plain in ((ops.box_iou, iou_of), (ops.generalized_box_iou, giou_of)):
        result = function(ours, ours)
        assert result.dtype is dark.float32
        np.testing.assert_allclose(result, table(plain, boxes, boxes), rtol=1e-6, atol=1e-6)
    losses = LOSS(ours, ours.flip(0))
    assert losses.dtype is dark.float32
    np.testing.assert_allclose(losses, LOSS(ours.double(), ours.flip(0).double()), rtol=1e-5, atol=1e-6)
    wide = dark.tensor([[0, 0, 100_000, 100_000], [0, 0, 100_000, 50_000]], dtype=dark.int32)
    assert ops.box_iou(wide, wide).tolist() == [[1, 0.5], [0.5, 1]]


def test_types_meet_as_in_any_operation():
    single, double = dark.tensor(random_boxes(3, dtype="float32")), dark.tensor(random_boxes(3, seed=1))
    half, whole = single.half(), dark.tensor(random_boxes(3, dtype="int64"))
    for function in (ops.box_iou, ops.generalized_box_iou, LOSS):
        assert function(single, double).dtype is function(double, single).dtype is dark.float64
        assert function(single, whole).dtype is function(half, half).dtype is dark.float32


def test_memory_layout_does_not_matter():
    boxes = dark.tensor(random_boxes(8))
    scattered = dark.tensor(np.asfortranarray(random_boxes(8)).repeat(2, axis=0))[::2]
    backwards = boxes.flip(0).flip(0)
    for other in (scattered, backwards, boxes.t().contiguous().t()):
        assert ops.box_iou(other, boxes).tolist() == ops.box_iou(boxes, boxes).tolist()
        assert LOSS(other, boxes.flip(0)).tolist() == LOSS(boxes, boxes.flip(0)).tolist()
        halved = ops.box_convert(other, "xyxy", "cxcywh")
        assert halved.tolist() == ops.box_convert(boxes, "xyxy", "cxcywh").tolist()


def test_a_thousand_boxes_with_five_thousand():
    boxes1, boxes2 = random_boxes(1000, dtype="float32"), random_boxes(5000, dtype="float32")
    result = ops.box_iou(dark.tensor(boxes1), dark.tensor(boxes2))
    assert result.shape == (1000, 5000)
    some = np.s_[::97], np.s_[::503]
    expected = table(iou_of, boxes1[some[0]], boxes2[some[1]])
    np.testing.assert_allclose(result.numpy()[some], expected, rtol=1e-4, atol=1e-5)


# The loss


@pytest.mark.parametrize("boxes", ["random", "special"])
def test_the_loss_compares_each_box_with_its_partner(boxes):
    one, other = PAIRS["random"] if boxes == "random" else (special_boxes()[:-3], special_boxes()[1:])
    other = other[: len(one)]
    plain = [1 - giou_of(a, b) for a, b in zip(one.tolist(), other.tolist())]
    losses = LOSS(dark.tensor(one), dark.tensor(other), eps=0)
    np.testing.assert_allclose(losses, plain, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(LOSS(dark.tensor(one), dark.tensor(other)), plain, rtol=1e-6, atol=1e-6)
    total = LOSS(dark.tensor(one), dark.tensor(other), reduction="sum")
    np.testing.assert_allclose(total.item(), np.sum(plain), rtol=1e-6)
    mean = LOSS(dark.tensor(one), dark.tensor(other), "mean")
    np.testing.assert_allclose(mean.item(), np.mean(plain), rtol=1e-6)
    assert LOSS(dark.tensor(one[0]), dark.tensor(other[0])).shape == ()


def test_no_boxes_are_no_loss_and_no_nan():
    boxes = dark.zeros(0, 4, requires_grad=True)
    for reduction, shape in (("none", (0,)), ("mean", ()), ("sum", ())):
        loss = LOSS(boxes, dark.zeros(0, 4), reduction)
        assert loss.shape == shape
        loss.sum().backward()
        assert (loss.sum().item(), boxes.grad.shape) == (0, (0, 4))


def test_a_box_without_an_area_has_a_finite_loss_and_gradient():
    point = dark.tensor([[5.0, 5, 5, 5]], requires_grad=True)
    loss = LOSS(point, point.detach())
    loss.backward()
    assert loss.isfinite().all()
    assert point.grad.isfinite().all()


def test_boxes_that_share_nothing_are_pulled_together_by_the_loss_and_not_by_iou():
    true = dark.tensor([[0.0, 0, 10, 10]])
    found = dark.tensor([[30.0, 40, 36, 46]], requires_grad=True)
    ops.box_iou(found, true).sum().backward()
    assert found.grad.tolist() == [[0, 0, 0, 0]]
    for _ in range(50):
        (gradient,) = dark.autograd.grad(LOSS(found, true, "sum"), found)
        found = (found - 100 * gradient).detach().requires_grad_()
    assert ops.box_iou(found, true).item() > 0


def test_equal_pairs_are_their_place_in_the_table():
    one, other = (dark.tensor(random_boxes(7, seed=seed)) for seed in (0, 1))
    expected = 1 - ops.generalized_box_iou(one, other)[range(7), range(7)]
    np.testing.assert_allclose(LOSS(one, other, eps=0), expected, rtol=1e-9)


# Gradients


FUNCTIONS = {
    "box_convert xyxy cxcywh": lambda a, b: ops.box_convert(a, "xyxy", "cxcywh"),
    "box_convert cxcywh xyxy": lambda a, b: ops.box_convert(a, "cxcywh", "xyxy"),
    "box_convert xywh cxcywh": lambda a, b: ops.box_convert(a, "xywh", "cxcywh"),
    "box_area": lambda a, b: ops.box_area(a),
    "box_area cxcywh": lambda a, b: ops.box_area(a, "cxcywh"),
    "clip_boxes_to_image": lambda a, b: ops.clip_boxes_to_image(a - 20, (40, 30)),
    "box_iou": lambda a, b: ops.box_iou(a, b),
    "box_iou xywh": lambda a, b: ops.box_iou(a, b, "xywh"),
    "box_iou cxcywh": lambda a, b: ops.box_iou(a, b, "cxcywh"),
    "generalized_box_iou": ops.generalized_box_iou,
    "generalized_box_iou_loss": LOSS,
    "generalized_box_iou_loss mean": lambda a, b: LOSS(a, b, "mean"),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_gradients_and_their_gradients_by_finite_differences(name):
    function = FUNCTIONS[name]
    boxes = [dark.tensor(random_boxes(6, seed=seed), requires_grad=True) for seed in (0, 1)]
    assert gradcheck(function, boxes)
    used = boxes if "iou" in name else boxes[:1]

    def gradients(a, b):
        inputs = (a, b)[: len(used)]
        result = function(a, b)
        up = dark.tensor(np.random.default_rng(3).normal(size=tuple(result.shape)))
        return dark.autograd.grad((result * result * up).sum(), inputs, create_graph=True)

    assert gradcheck(gradients, boxes)


def formula(t, a, b, ours, theirs):
    """`ours` of Dark's tensors, `theirs` of PyTorch's."""
    return ours(a, b) if t is dark else theirs(a, b)


def torch_iou(a, b):
    a, b = a[:, None], b[None]
    sides = torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])
    shared = sides.clamp(min=0).prod(-1)
    areas = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1)
    return shared, areas - shared


def torch_giou(a, b):
    shared, union = torch_iou(a, b)
    a, b = a[:, None], b[None]
    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    around = around.clamp(min=0).prod(-1)
    return shared / union - (around - union) / around


@pytest.mark.parametrize("boxes", ["general", "kinks"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_gradients_of_overlap_are_pytorchs_also_where_boxes_touch(boxes, dtype):
    a, b = random_boxes(5, dtype=dtype), random_boxes(4, dtype=dtype)
    if boxes == "kinks":
        a, b = special_boxes(dtype)[:8], special_boxes(dtype)[7::-1].copy()
    options = {"differences": boxes == "general", "rtol": 1e-4, "atol": 1e-5}
    iou = lambda a, b: torch.true_divide(*torch_iou(a, b))
    check_op(lambda t, a, b: formula(t, a, b, ops.box_iou, iou), a, b, **options)
    check_op(lambda t, a, b: formula(t, a, b, ops.generalized_box_iou, torch_giou), a, b, **options)


def test_boxes_that_touch_have_no_gradient_towards_overlap_in_the_loss():
    a = dark.tensor([[0.0, 0, 10, 10]], requires_grad=True)
    b = dark.tensor([[10.0, 5, 20, 15]])  # together 200, the box around them 300
    LOSS(a, b, "sum").backward()
    assert a.grad[0, 2].item() == pytest.approx(-10 / 300)  # of the loss 2 - union / around alone


# Properties


coordinates = st.floats(-1000, 1000, width=32)
sizes = st.floats(0, 1000, width=32)
boxes_of = st.lists(st.tuples(coordinates, coordinates, sizes, sizes), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(boxes_of, boxes_of)
def test_overlap_of_any_boxes(first, second):
    a, b = (ops.box_convert(dark.tensor(x, dtype=dark.float64), "xywh", "xyxy") for x in (first, second))
    iou, giou = ops.box_iou(a, b), ops.generalized_box_iou(a, b)
    np.testing.assert_allclose(iou, table(iou_of, a.numpy(), b.numpy()), rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(iou, ops.box_iou(b, a).t())
    there = ~(np.isnan(iou.numpy()) | np.isnan(giou.numpy()))
    low, high = giou.numpy()[there], iou.numpy()[there]
    assert (low <= high + 1e-9).all()
    assert ((low >= -1 - 1e-9) & (high >= 0) & (high <= 1 + 1e-9)).all()


@settings(max_examples=40, deadline=None)
@given(boxes_of, st.integers(0, 900), st.integers(0, 900))
def test_clipped_boxes_are_inside_and_are_not_changed_again(boxes, height, width):
    boxes = ops.box_convert(dark.tensor(boxes), "xywh", "xyxy")
    clipped = ops.clip_boxes_to_image(boxes, (height, width))
    assert (clipped >= 0).all()
    assert (clipped[:, ::2] <= width).all()
    assert (clipped[:, 1::2] <= height).all()
    assert (ops.box_area(clipped) >= 0).all()
    assert ops.clip_boxes_to_image(clipped, (height, width)).tolist() == clipped.tolist()


# Bad input


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda z: ops.box_iou(z(3, 5), z(3, 4)), ValueError, r"box_iou: boxes have .*\(3, 5\)"),
        (lambda z: ops.box_iou(z(4), z(3, 4)), ValueError, r"box_iou: boxes .*N, 4\).*not \(4,\)"),
        (lambda z: ops.box_iou(z(0), z(3, 4)), ValueError, r"no boxes at all are zeros\(0, 4\)"),
        (lambda z: ops.box_iou([[0, 0, 1, 1]], z(3, 4)), TypeError, "box_iou: expected a Tensor, got list"),
        (lambda z: ops.box_iou(z(3, 4), np.zeros((3, 4))), TypeError, "box_iou: expected a Tensor"),
        (lambda z: ops.box_iou(z(3, 4), z(3, 4), "yxyx"), ValueError, "box_iou: .*'yxyx'.*'xywh'"),
        (lambda z: ops.box_iou(z(2, 3, 4), z(3, 3, 4)), ValueError, r"box_iou: .*\(2, 3, 4\)"),
        (lambda z: ops.generalized_box_iou(z(2, 3), z(2, 4)), ValueError, "generalized_box_iou: "),
        (lambda z: ops.box_area(z(())), ValueError, r"box_area: .*not \(\)"),
        (lambda z: ops.box_area(z(4), "xyxyxyxy"), ValueError, "box_area: there is no format 'xyxyxyxy'"),
        (lambda z: ops.box_convert(z(2), "xyxy", "xywh"), ValueError, r"box_convert: .*not \(2,\)"),
        (lambda z: ops.box_convert(z(4), "xyxy", None), ValueError, "box_convert: there is no format None"),
        (lambda z: ops.box_convert(z(4), "cxcywhr", "xywh"), ValueError, "there is no format 'cxcywhr'"),
        (lambda z: ops.clip_boxes_to_image(z(4), 20), ValueError, "clip_boxes_to_image: size is"),
        (lambda z: ops.clip_boxes_to_image(z(5), (2, 3)), ValueError, r"clip_boxes_to_image: .*not \(5,\)"),
        (lambda z: LOSS(z(3, 4), z(4, 4)), ValueError, r"boxes \(3, 4\) and \(4, 4\): every box"),
        (lambda z: LOSS(z(3, 4), z(3, 1, 4)), ValueError, "every box needs one partner"),
        (lambda z: LOSS(z(1, 4), z(3, 4)), ValueError, "every box needs one partner"),
        (lambda z: LOSS(z(3, 4), z(3, 4), "max"), ValueError, "loss: reduction is .*not 'max'"),
        (lambda z: LOSS(z(3), z(3)), ValueError, r"loss: boxes have the shape \(N, 4\)"),
    ],
)  # fmt: skip
def test_errors_name_the_function_the_shapes_and_the_fix(call, kind, message):
    with pytest.raises(kind, match=message):
        call(dark.zeros)


# torchvision


def both(name, *inputs, **options):
    """The same call of ours and of torchvision's."""
    for made, functions in ((dark.tensor, ops), (torch.tensor, torchvision.ops)):
        given = [made(x) if isinstance(x, np.ndarray) else x for x in inputs]
        yield getattr(functions, name)(*given, **options)


@needs_torchvision
@pytest.mark.parametrize("dtype", ["float32", "float64", "int16", "int32", "int64"])
@pytest.mark.parametrize("shape", [(0,), (1,), (7,), (2, 3)], ids=str)
def test_values_and_types_are_torchvisions(dtype, shape):
    a, b = random_boxes(*shape, dtype=dtype), random_boxes(*shape, dtype=dtype, seed=1)
    for one in FORMATS:
        for other in FORMATS:
            assert_same(*both("box_convert", a, one, other))
        assert_same(*both("box_area", a, one))
        assert_same(*both("box_iou", a, b, one))
    assert_same(*both("generalized_box_iou", a, b))
    assert_same(*both("clip_boxes_to_image", a, (40, 30)))
    for reduction in ("none", "mean", "sum"):
        assert_same(*both("generalized_box_iou_loss", a, b, reduction))
        assert_same(*both("generalized_box_iou_loss", a, b, reduction, eps=1e-2))


@needs_torchvision
def test_degenerate_boxes_are_as_in_torchvision():
    boxes = np.concatenate([special_boxes("float32"), special_boxes("float32")[2:8, ::-1]])  # and upside down
    assert_same(*both("box_iou", boxes, boxes))
    assert_same(*both("generalized_box_iou", boxes, boxes))
    assert_same(*both("generalized_box_iou_loss", boxes, boxes[::-1].copy()))


SIGNATURES = {
    "batched_nms": "boxes, scores, idxs, iou_threshold",
    "box_area": "boxes, fmt='xyxy'",
    "box_convert": "boxes, in_fmt, out_fmt",
    "box_iou": "boxes1, boxes2, fmt='xyxy'",
    "clip_boxes_to_image": "boxes, size",
    "complete_box_iou": "boxes1, boxes2, eps=1e-07",  # beyond
    "complete_box_iou_loss": "boxes1, boxes2, reduction='none', eps=1e-07",  # beyond
    "distance_box_iou": "boxes1, boxes2, eps=1e-07",  # beyond
    "distance_box_iou_loss": "boxes1, boxes2, reduction='none', eps=1e-07",  # beyond
    "generalized_box_iou": "boxes1, boxes2",
    "generalized_box_iou_loss": "boxes1, boxes2, reduction='none', eps=1e-07",
    "masks_to_boxes": "masks",  # beyond
    "nms": "boxes, scores, iou_threshold",
    "remove_small_boxes": "boxes, min_size",  # beyond
}


def signature(function):
    """Names and defaults of the parameters, without types."""
    found = inspect.signature(function)
    bare = [p.replace(annotation=p.empty) for p in found.parameters.values()]
    return str(found.replace(parameters=bare, return_annotation=found.empty))[1:-1]


def test_every_function_has_torchvisions_name_and_parameters():
    assert {name: signature(getattr(ops, name)) for name in ops.__all__} == SIGNATURES


@needs_torchvision
def test_the_names_and_parameters_written_down_here_are_torchvisions():
    assert {name: signature(getattr(torchvision.ops, name)) for name in SIGNATURES} == SIGNATURES
