"""Sample 7.0: anchors, priors, targets, loss and network, and what is learned with few pictures."""  # beyond

import importlib
import math
import sys
from pathlib import Path

import numpy as np
import pytest

import dark
from against_torch import needs_torch, torch
from dark import autograd
from dark_samples import Run
from dark_samples.catalogue import find_sample
from dark_samples.compare import default_dtype
from sample_runs import check_in_step, killed_and_resumed

SAMPLE = find_sample(str(Path(__file__).parent.parent / "dark-7" / "samples" / "7.0-YOLOv3-detection"))
ANCHORS = np.array([(8, 8), (10, 14), (14, 10), (30, 30), (40, 56), (56, 40)], np.float32)
SIDE = 64  # of pictures: 8 by 8 cells of the fine grid, 4 by 4 of the coarse one
FINE = 3 * 8 * 8  # priors of the fine grid


@pytest.fixture
def modules(monkeypatch):
    """Import a module of the sample by name; other samples have modules of the same names."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    SAMPLE.script("dark", "train")
    return importlib.import_module


@pytest.fixture
def priors(modules):
    return modules("priors").priors_of(dark.tensor(ANCHORS), SIDE, SIDE)


def boxes_of(*rows):
    return dark.tensor(np.array(rows, np.float32).reshape(-1, 4))


# Anchors


def test_anchors_are_the_sizes_that_occur_whatever_their_order(modules):
    rng = np.random.default_rng(0)
    sizes = ANCHORS[rng.integers(0, 6, 600)] * rng.uniform(0.95, 1.05, (600, 2))
    corners = rng.uniform(0, 60, (600, 2))
    boxes = np.split(np.concatenate([corners, corners + sizes], axis=1).astype(np.float32), 200)
    anchors = modules("anchors").anchors_of(boxes)
    assert anchors.dtype == np.float32
    for size in ANCHORS:
        assert any(np.allclose(anchor, size, rtol=0.02) for anchor in anchors)
    assert (np.diff(anchors.prod(1)) >= 0).all()
    np.testing.assert_allclose(modules("anchors").anchors_of(boxes[::-1]), anchors, rtol=1e-5)


def test_anchors_overlap_more_than_boxes_taken_by_chance(modules):
    anchors_of, iou = modules("anchors").anchors_of, modules("anchors").iou_in_one_place
    rng = np.random.default_rng(1)
    sizes = np.exp(rng.normal(3, 0.6, (2000, 1)) + rng.normal(0, 0.2, (2000, 2)))
    found = anchors_of([np.concatenate([np.zeros((2000, 2)), sizes], axis=1)])
    by_chance = [iou(sizes, sizes[rng.choice(2000, 6)]).max(1).mean() for _ in range(50)]
    assert iou(sizes, found).max(1).mean() > max(by_chance)


def test_fewer_boxes_than_anchors_are_enough(modules):
    anchors = modules("anchors").anchors_of([np.zeros((0, 4)), np.array([(0.0, 0, 10, 20)])])
    np.testing.assert_array_equal(anchors, np.tile(np.float32([10, 20]), (6, 1)))
    with pytest.raises(ValueError, match="anchors_of: there is no true box"):
        modules("anchors").anchors_of([np.zeros((0, 4))] * 3)


# Priors


def test_priors_lie_row_by_row_on_the_fine_grid_and_then_on_the_coarse_one(priors):
    boxes = priors.boxes().numpy()
    assert boxes.shape == (FINE + 3 * 4 * 4, 4)
    np.testing.assert_array_equal(boxes[0], (0, 0, 8, 8))
    np.testing.assert_array_equal(boxes[3 + 1], (12 - 5, 4 - 7, 12 + 5, 4 + 7))  # one cell to the right
    np.testing.assert_array_equal(boxes[3 * 8], (0, 8, 8, 16))  # one row down
    np.testing.assert_array_equal(boxes[FINE + 3], (24 - 15, 8 - 15, 24 + 15, 8 + 15))
    np.testing.assert_array_equal(boxes[-1], (56 - 28, 56 - 20, 56 + 28, 56 + 20))


def test_an_answer_of_zeros_is_the_prior_itself(modules, priors):
    answers = dark.zeros(2, len(priors.sizes), 6)
    found = modules("priors").decoded(answers, priors).numpy()
    np.testing.assert_allclose(found, np.broadcast_to(priors.boxes().numpy(), found.shape), atol=1e-5)


def test_an_answer_moves_and_scales_its_prior(modules, priors):
    answers = dark.zeros(len(priors.sizes), 6)
    answers[FINE, :4] = dark.tensor([math.log(3), -math.log(3), math.log(2), -math.log(2)])
    left, top, right, bottom = modules("priors").decoded(answers, priors)[FINE].tolist()
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((16 * 0.75, 16 * 0.25))
    assert (right - left, bottom - top) == pytest.approx((60, 15))


def test_a_wild_answer_makes_a_finite_box_in_its_cell(modules, priors):
    wild = dark.full((len(priors.sizes), 6), 1e4)
    for answers in (wild, -wild):
        boxes = modules("priors").decoded(answers, priors)
        middles = (boxes[:, :2] + boxes[:, 2:]) / 2
        assert dark.isfinite(boxes).all()
        assert ((middles - priors.middles).abs() <= priors.strides / 2 + 1e-3).all()


# Targets


def one_prior(labels):
    """The only prior that has an object."""
    (place,) = (labels >= 0).nonzero(as_tuple=True)[0].tolist()
    return place


def test_a_box_belongs_to_the_prior_of_its_cell_that_has_its_shape(modules, priors):
    box = boxes_of((13, 18, 23, 32))  # middle (18, 25), 10 by 14: column 2 and row 3 of the fine grid
    boxes, labels = modules("targets").targets_of(box, dark.tensor([0]), priors)
    place = one_prior(labels)
    assert place == 3 * (3 * 8 + 2) + 1
    assert labels[place].item() == 0
    np.testing.assert_array_equal(boxes[place].numpy(), box[0].numpy())
    assert (boxes.sum(1) != 0).sum().item() == 1


def test_a_large_box_belongs_to_the_coarse_grid(modules, priors):
    box = boxes_of((10, 5, 50, 60))  # middle (30, 32.5): column 1 and row 2
    place = one_prior(modules("targets").targets_of(box, dark.tensor([1]), priors)[1])
    assert place == FINE + 3 * (2 * 4 + 1) + 1


def test_neighbours_that_cover_a_box_well_are_ignored(modules, priors):
    target = modules("targets")
    box = boxes_of((0.5, -0.5, 47.5, 48.5))  # 47 by 49 around (24, 24): anchors 4 and 5 are like it
    _, labels = target.targets_of(box, dark.tensor([0]), priors)
    place = one_prior(labels)
    ignored = (labels == target.IGNORED).nonzero(as_tuple=True)[0].tolist()
    ious = dark.vision.ops.box_iou(priors.boxes(), box)[:, 0]
    assert place == FINE + 3 * (1 * 4 + 1) + 1
    assert place + 1 in ignored
    assert ignored == [i for i in range(len(labels)) if ious[i].item() > 0.5 and i != place]
    nothing = (labels == target.NOTHING).sum().item()
    assert nothing + len(ignored) + 1 == len(labels)


def test_a_picture_without_boxes_wants_nothing_of_any_prior(modules, priors):
    target = modules("targets")
    boxes, labels = target.targets_of(boxes_of(), dark.zeros(0, dtype=dark.int64), priors)
    assert boxes.shape == (len(priors.sizes), 4)
    assert (labels == target.NOTHING).all()


def test_of_two_boxes_that_want_one_prior_the_later_one_gets_it(modules, priors):
    boxes = boxes_of((13, 18, 23, 32), (14, 18, 24, 32))
    found, labels = modules("targets").targets_of(boxes, dark.tensor([0, 1]), priors)
    place = one_prior(labels)
    assert labels[place].item() == 1
    np.testing.assert_array_equal(found[place].numpy(), boxes[1].numpy())


@pytest.mark.parametrize("middle", [(0, 0), (64, 64), (0, 64), (16, 24), (64, 8)])
def test_a_middle_on_an_edge_belongs_to_a_cell_that_it_touches(modules, priors, middle):
    x, y = middle
    box = boxes_of((x - 5, y - 7, x + 5, y + 7))
    place = one_prior(modules("targets").targets_of(box, dark.tensor([0]), priors)[1])
    assert ((priors.middles[place] - dark.tensor([x, y])).abs() <= 4).all()


# The loss


def batch_of(modules, priors, *pictures, classes=2, dtype="float32"):
    """Random answers, and the targets of pictures that are lists of boxes; every second box is of class 1."""
    target = modules("targets")
    rows = []
    for boxes in pictures:
        labels = dark.arange(len(boxes)) % 2
        rows.append(target.targets_of(boxes_of(*boxes), labels, priors))
    boxes, labels = (dark.stack(part) for part in zip(*rows, strict=True))
    rng = np.random.default_rng(0)
    answers = rng.standard_normal((len(pictures), len(priors.sizes), 5 + classes)).astype(dtype)
    return dark.tensor(answers, requires_grad=True), boxes.to(getattr(dark, dtype)), labels


TWO = [(13, 18, 23, 32), (10, 5, 50, 60)]


def test_the_loss_is_four_sums_over_the_objects(modules, priors):
    answers, boxes, labels = batch_of(modules, priors, TWO, [], [TWO[0]])
    loss, parts = modules("loss").YOLOLoss()(answers, boxes, labels, priors)

    weights, target = modules("loss").WEIGHTS, modules("targets")
    sums = dict.fromkeys(parts, 0.0)
    decoded = modules("priors").decoded(answers, priors)

    def cross_entropy(logit, wanted):
        return math.log(1 + math.exp(-logit if wanted else logit))

    for n in range(3):
        for p in range(len(priors.sizes)):
            label, answer = labels[n, p].item(), answers[n, p].tolist()
            if label == target.NOTHING:
                sums["no_object"] += cross_entropy(answer[4], False)
            elif label >= 0:
                pair = decoded[n, p : p + 1], boxes[n, p : p + 1]
                sums["box"] += 1 - dark.vision.ops.generalized_box_iou(*pair).item()
                sums["object"] += cross_entropy(answer[4], True)
                sums["class"] += sum(cross_entropy(answer[5 + c], c == label) for c in range(2))
    assert {name: part.item() for name, part in parts.items()} == pytest.approx(
        {name: weights[name] * total / 3 for name, total in sums.items()}, rel=1e-5
    )
    assert loss.item() == pytest.approx(sum(part.item() for part in parts.values()), rel=1e-6)


def test_a_batch_without_any_object_has_a_finite_loss_and_gradient(modules, priors):
    answers, boxes, labels = batch_of(modules, priors, [], [])
    loss, parts = modules("loss").YOLOLoss()(answers, boxes, labels, priors)
    loss.backward()
    assert parts["no_object"].item() == pytest.approx(loss.item())
    assert parts["no_object"].item() > 0
    assert [parts[name].item() for name in ("box", "object", "class")] == [0, 0, 0]
    assert dark.isfinite(answers.grad).all()
    assert (answers.grad[..., 4] > 0).all()
    assert (answers.grad[..., [0, 1, 2, 3, 5, 6]] == 0).all()


def test_only_ignored_priors_have_no_gradient(modules, priors):
    answers, boxes, labels = batch_of(modules, priors, TWO)
    modules("loss").YOLOLoss()(answers, boxes, labels, priors)[0].backward()
    moved = (answers.grad != 0).any(2)[0]
    assert (moved == (labels[0] != modules("targets").IGNORED)).all()


def test_the_gradient_of_the_loss_is_right(modules):
    priors = modules("priors").priors_of(dark.tensor(ANCHORS, dtype=dark.float64), 16, 16)
    answers, boxes, labels = batch_of(modules, priors, [(1, 2, 9, 12), (3, 1, 15, 14)], dtype="float64")
    loss = modules("loss").YOLOLoss()
    assert autograd.gradcheck(lambda x: loss(x, boxes, labels, priors)[0], (answers,))


def test_right_answers_have_hardly_any_loss(modules, priors):
    _, boxes, labels = batch_of(modules, priors, TWO)
    answers = dark.full((1, len(priors.sizes), 7), -20.0)
    for p in (labels[0] >= 0).nonzero(as_tuple=True)[0].tolist():
        box, own = boxes[0, p], labels[0, p].item()
        middle = ((box[:2] + box[2:]) / 2 - priors.middles[p]) / priors.strides[p] + 0.5
        answers[0, p, :2] = (middle / (1 - middle)).log()
        answers[0, p, 2:4] = ((box[2:] - box[:2]) / priors.sizes[p]).log()
        answers[0, p, 4] = 20.0
        answers[0, p, 5 + own] = 20.0
    loss, _ = modules("loss").YOLOLoss()(answers, boxes, labels, priors)
    assert loss.item() == pytest.approx(0, abs=1e-4)
    decoded = modules("priors").decoded(answers, priors)[0]
    found = modules("detection").select(answers[0], decoded, (64, 64), 0.5)
    np.testing.assert_allclose(found.boxes[np.argsort(found.labels)], TWO, atol=1e-3)


HARD = {
    "touching": ([(0, 0, 8, 8), (8, 0, 16, 8)], [(8, 8, 24, 24), (24, 24, 40, 40)]),
    "around one middle": ([(4, 4, 36, 36), (12, 12, 28, 28)], [(10, 10, 30, 30), (10, 10, 30, 30)]),
    "as large as priors": ([(0, 0, 8, 8), (7, 5, 17, 19)], [(9, 9, 39, 39)]),
    "beyond the edge": ([(-8, -8, 8, 8), (56, 56, 72, 72)], [(-100, -100, 164, 164)]),
    "without an area": ([(10, 10, 10, 20), (15, 15, 15, 15)], [(3, 3, 30, 3)]),
    "tiny, and narrow": ([(31.999, 31.999, 32.001, 32.001)], [(1, 1, 1.5, 60)]),
    "none": ([], []),
}


@needs_torch
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", HARD)
def test_targets_loss_and_gradient_of_hard_boxes_are_pytorchs(monkeypatch, name, dtype):
    monkeypatch.setattr(sys, "path", list(sys.path))
    rng = np.random.default_rng(0)
    random = rng.standard_normal((2, 240, 7))
    for numbers in (random, 0 * random, 1e4 * random):
        results = []
        for t in (dark, torch):
            names = SAMPLE.script(t.__name__, "train").__globals__
            targets_of = names["Scenes"].__getitem__.__globals__["targets_of"]
            with default_dtype(dtype):
                priors = names["YOLO"](ANCHORS, 2).priors(SIDE, SIDE)
                rows = [
                    targets_of(t.tensor(boxes).reshape(-1, 4), t.arange(len(boxes)), priors)
                    for boxes in HARD[name]
                ]
                boxes, labels = (t.stack(part) for part in zip(*rows, strict=True))
                answers = t.tensor(numbers.astype(dtype), requires_grad=True)
                loss, parts = names["YOLOLoss"]()(answers, boxes, labels, priors)
                loss.backward()
            found = [boxes, labels, *parts.values(), loss, answers.grad]
            results.append([x.detach().numpy() for x in found])
        for ours, theirs in zip(*results, strict=True):
            assert ours.dtype == theirs.dtype
            assert np.isfinite(ours).all()
            tolerance = 1e-4 if dtype == "float32" else 1e-9
            np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance / 10)


# The network


def test_the_network_answers_for_every_prior_of_pictures_of_any_size(modules):
    model = modules("model").YOLO(ANCHORS, classes=3).eval()
    for height, width in ((128, 128), (64, 96), (16, 16)):
        with dark.no_grad():
            answers = model(dark.randn(2, 3, height, width))
        priors = model.priors(height, width)
        assert answers.shape == (2, len(priors.sizes), 8)
        assert answers.shape[1] == 3 * (height // 8 * width // 8 + height // 16 * width // 16)


def test_an_answer_comes_from_around_its_own_prior(modules):
    """Where the gradient of an answer is largest in the picture, there its prior is."""
    dark.manual_seed(0)
    model = modules("model").YOLO(ANCHORS).eval()
    priors = model.priors(128, 128)
    for place in (3 * (4 * 16 + 9), 3 * 256 + 3 * (5 * 8 + 2) + 1):
        images = dark.randn(1, 3, 128, 128, requires_grad=True)
        model(images)[0, place, :4].sum().backward()
        weight = images.grad.abs().sum((0, 1)).numpy()
        y, x = np.mgrid[:128, :128] + 0.5
        middle = np.array([(weight * x).sum(), (weight * y).sum()]) / weight.sum()
        np.testing.assert_allclose(middle, priors.middles[place].numpy(), atol=10)


def test_at_first_no_prior_is_likely_to_hold_an_object(modules):
    model = modules("model").YOLO(ANCHORS).eval()
    with dark.no_grad():
        answers = model(dark.randn(1, 3, 64, 64))
    np.testing.assert_allclose(answers[..., 4].sigmoid().numpy(), 0.01, atol=0.01)


@needs_torch
def test_both_networks_start_from_the_same_weights_and_agree():
    rng = np.random.default_rng(0)
    pictures, results, states = rng.standard_normal((2, 3, 64, 64), np.float32), {}, {}
    for t in (dark, torch):
        YOLO = SAMPLE.script(t.__name__, "train").__globals__["YOLO"]
        t.manual_seed(0)
        model = YOLO(ANCHORS, 2).eval()
        states[t.__name__] = {name: value.numpy() for name, value in model.state_dict().items()}
        with t.no_grad():
            results[t.__name__] = model(t.from_numpy(pictures)).numpy()
    assert list(states["dark"]) == list(states["torch"])
    for name, value in states["dark"].items():
        np.testing.assert_allclose(value, states["torch"][name], rtol=1e-6, err_msg=name)
    np.testing.assert_allclose(results["dark"], results["torch"], rtol=1e-4, atol=1e-5)


# Detection


def test_no_box_is_found_beyond_a_picture_or_where_answers_are_no_numbers(modules, priors):
    answers = dark.full((len(priors.sizes), 6), 5.0)
    answers[:, :4] = 0
    answers[0] = math.nan
    answers[1, :4] = math.nan
    boxes = modules("priors").decoded(answers, priors)
    found = modules("detection").select(answers, boxes, (20, 30), 0.5)
    assert len(found.boxes) > 10
    assert (found.boxes[:, :2] < found.boxes[:, 2:]).all()
    assert (found.boxes >= 0).all()
    assert (found.boxes <= (30, 20, 30, 20)).all()


@pytest.mark.parametrize("shape", [(16, 16), (1, 1), (20, 9), (7, 90)], ids=str)
def test_boxes_in_photographs_of_any_shape_are_in_their_pixels(modules, shape):
    model = modules("model").YOLO(ANCHORS)
    with dark.no_grad():
        for head in model.fine_head, model.coarse_head:
            head.bias.view(3, -1)[:, 4:] = 5.0  # every prior holds an object
    photo = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    for size in (16, 17, 40):
        boxes = modules("detection").detect_in(model, photo, size, "cpu").boxes
        height, width = shape
        assert len(boxes) > 0
        assert (boxes[:, :2] < boxes[:, 2:]).all()
        assert (boxes >= 0).all()
        assert (boxes <= np.float32([width, height, width, height]) * (1 + 1e-6)).all()


@needs_torch
@pytest.mark.parametrize("count", [0, 1, 200])
def test_what_stands_in_for_torchvision_does_what_dark_does(modules, count):
    theirs, ours = modules("torch_boxes"), dark.vision.ops
    rng = np.random.default_rng(count)
    corners = rng.integers(-10, 40, (2, count, 2))
    boxes = np.concatenate([corners, corners + rng.integers(0, 30, corners.shape)], axis=2).astype(np.float32)
    scores, labels = rng.integers(0, 50, count).astype(np.float32), rng.integers(0, 2, count)

    def same(name, *inputs, **options):
        results = [
            getattr(functions, name)(*map(t.tensor, inputs), **options).numpy()
            for t, functions in ((dark, ours), (torch, theirs))
        ]
        assert results[0].dtype == results[1].dtype
        np.testing.assert_allclose(*results, rtol=1e-5, atol=1e-6, err_msg=name)

    same("box_area", boxes[0])
    same("box_convert", boxes[0], in_fmt="xyxy", out_fmt="cxcywh")
    same("box_iou", *boxes)
    same("generalized_box_iou_loss", *boxes, reduction="sum")
    same("clip_boxes_to_image", boxes[0], size=(20, 30))
    for threshold in (0, 0.3, 0.7):
        same("batched_nms", boxes[0], scores, labels, iou_threshold=threshold)


# Augmentation


def test_a_mirrored_scene_has_its_boxes_on_the_same_pixels(modules):
    image = np.zeros((SIDE, SIDE, 3), np.uint8)
    image[10:30, 5:20] = 100
    mirrored, boxes = modules("augmentation").mirrored(image, np.float32([(5, 10, 20, 30)]))
    left, top, right, bottom = boxes[0].astype(int)
    assert (mirrored[top:bottom, left:right] == 100).all()
    assert mirrored.sum() == image.sum()


@pytest.mark.parametrize("boxes", [np.zeros((0, 4), np.float32), np.float32([(5, 10, 20, 30)])])
def test_augmented_scenes_keep_shape_type_and_number_of_boxes(modules, boxes):
    image = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    for numbers in ([0.0] * 5, [0.999] * 5):
        new, its = modules("augmentation").augmented(image, boxes, numbers)
        assert (new.shape, new.dtype, its.shape) == (image.shape, np.uint8, boxes.shape)
        assert (new != image).any()
    for flip, expected in ((0.9, (image, boxes)), (0.1, modules("augmentation").mirrored(image, boxes))):
        new, its = modules("augmentation").augmented(image, boxes, [flip, 0.5, 0.5, 0.5, 0.5])
        np.testing.assert_array_equal(new, expected[0])
        np.testing.assert_array_equal(its, expected[1])


# Training


def squares(count, color, seed):
    """Pictures of one to three squares each on noise, all blue of them `color`, and their boxes; the first
    picture has none."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 60, (count, SIDE, SIDE, 3), np.uint8)
    boxes = [np.zeros((0, 4), np.float32)]
    for image in images[1:]:
        own = []
        for _ in range(rng.integers(1, 4)):
            (left, top), side = rng.integers(0, 40, 2), rng.integers(8, 24)
            image[top : top + side, left : left + side] += 100
            own.append((left, top, left + side, top + side))
        boxes.append(np.array(own, np.float32))
    images[..., 2] = color
    return images, boxes, [np.zeros(len(own), np.int64) for own in boxes]


TRAIN, VALIDATION, TEST = 10, 20, 30  # the blue of their pictures


def little_data(script, count=32 + 4):
    """Have a script of the sample read a few small pictures, twelve at a time."""
    names = script.__globals__
    data = names["load"].__globals__
    sizes = (count, TRAIN), (8, VALIDATION), (5, TEST)
    parts = [data["Part"](*squares(n, color, seed=color)) for n, color in sizes]
    scenes = data["Scenes"]("squares", ("face",), *parts)
    names["load"] = lambda *arguments, **options: scenes
    names["BATCH_SIZE"] = 12
    return script


def trained(folder, **options):
    """A run of the sample on few pictures that has ended."""
    run = Run("7.0", "dark", folder, **options)
    little_data(SAMPLE.script("dark", "train"))(run)
    return run


def test_a_run_leaves_its_pictures_and_goes_on_where_it_was_killed(tmp_path):
    whole = trained(tmp_path / "whole", epochs=2)
    assert len(whole.losses) == 2 * 3
    assert [*whole.numbers] == ["box_loss", "object_loss", "no_object_loss", "class_loss"]
    sums = [sum(values) for values in zip(*whole.numbers.values(), strict=True)]
    assert sums == pytest.approx(whole.losses, rel=1e-5)
    metrics = {"validation_map_50", "validation_map", "test_map_50", "test_map"}
    assert set(whole.metrics) == metrics
    names = {path.name for path in (tmp_path / "whole").iterdir()}
    pictures = {"animation.gif", "learning_curve.png", "detections.png", "precision_recall.png"}
    assert names == pictures | {"checkpoint.safetensors", "frames"}

    resumed = killed_and_resumed(trained, tmp_path / "parts", epochs=2)
    assert resumed.losses == whole.losses
    assert resumed.history == whole.history


def test_the_network_learns_from_the_training_pictures_in_training_mode(monkeypatch, tmp_path):
    train = little_data(SAMPLE.script("dark", "train"))
    names, seen = train.__globals__, []
    YOLO = names["YOLO"]

    class Watched(YOLO):
        def forward(self, images):
            blue = {round((value + 1) * 127.5) for value in images[:, 2].flatten().tolist()}
            seen.append((self.training, blue))
            return super().forward(images)

    names["YOLO"] = Watched
    train(Run("7.0", "dark", tmp_path, epochs=1))
    trained_on = set().union(*(blue for training, blue in seen if training))
    measured_on = [blue for training, blue in seen if not training]
    assert all(abs(value - TRAIN) <= 0.4 * TRAIN for value in trained_on)
    assert measured_on == [{VALIDATION}] * 3 + [{TEST}]  # two frames, an epoch, the end


@needs_torch
@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-3), ("float64", 1e-8)])
def test_both_versions_have_the_same_loss(tmp_path, capsys, dtype, tolerance):
    check_in_step(
        SAMPLE, little_data, tmp_path, capsys, epochs=2, steps=4, tolerance=tolerance, dtype=dtype
    )
