"""Modules, losses, optimizers, boxes on a card: what moves and stays, what two devices can't do."""  # beyond

import copy

import numpy as np
import pytest

import dark
from against_torch import random_array
from dark import nn
from dark.nn import functional as F
from dark.vision import ops, utils


def network():
    """A layer of every kind that has parameters or buffers, two of them twice."""
    shared = nn.Linear(4, 4)
    net = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.PReLU(), nn.GroupNorm(2, 4), nn.AdaptiveAvgPool2d(1),
        nn.Flatten(), shared, nn.LayerNorm(4), shared, nn.Dropout(0.0),
    )  # fmt: skip
    net.register_buffer("counts", dark.arange(3))
    return net


def devices(module):
    """The kinds of devices that parameters, gradients and buffers are on."""
    tensors = [*module.parameters(), *module.buffers()]
    return {x.device.type for x in tensors + [p.grad for p in module.parameters() if p.grad is not None]}


def numbers(module):
    """The state as arrays."""
    return {name: x.numpy(force=True).copy() for name, x in module.state_dict().items()}


def assert_equal(found, expected):
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name, strict=True)


def trained(net, where):
    """One pass forward and backward; returns the loss."""
    x = dark.tensor(random_array((5, 3, 6, 6)), device=where)
    loss = F.mse_loss(net(x), dark.tensor(random_array((5, 4), seed=1), device=where))
    loss.backward()
    return loss.item()


# Moving


THERE = [
    lambda m: m.to("cuda"), lambda m: m.cuda(), lambda m: m.cuda(0), lambda m: m.to(0),
    lambda m: m.to(dark.device("cuda", 0)), lambda m: m.to(device="cuda:0", non_blocking=True),
    lambda m: m.to(dark.zeros(1, device="cuda")),
]  # fmt: skip
BACK = [lambda m: m.cpu(), lambda m: m.to("cpu"), lambda m: m.to(dark.device("cpu"))]


@pytest.mark.parametrize("there", THERE)
@pytest.mark.parametrize("back", BACK)
def test_a_module_takes_everything_along_and_its_parameters_stay_the_same(there, back):
    with dark.device("cpu"):
        net = network()
        trained(net, "cpu")
    before, parameters = numbers(net), list(net.parameters())
    gradients = [p.grad.numpy().copy() for p in parameters]
    assert devices(net) == {"cpu"}
    for move, kind in ((there, "cuda"), (back, "cpu")):
        assert move(net) is net
        assert devices(net) == {kind}
        assert [id(p) for p in net.parameters()] == [id(p) for p in parameters]
        assert all(isinstance(p, nn.Parameter) and p.requires_grad and p.is_leaf for p in net.parameters())
        assert net[6] is net[8]
        assert_equal(numbers(net), before)
        for p, g in zip(parameters, gradients):
            np.testing.assert_array_equal(p.grad.numpy(force=True), g)


def test_device_and_type_change_at_once_and_integers_keep_theirs():
    with dark.device("cpu"):
        net = network()
    net.to("cuda", dark.float64)
    assert devices(net) == {"cuda"}
    assert {p.dtype for p in net.parameters()} == {dark.float64}
    assert net.counts.dtype is net[1].num_batches_tracked.dtype is dark.int64
    net.to(dark.ones(1, device="cpu"))
    assert devices(net) == {"cpu"}
    assert {p.dtype for p in net.parameters()} == {dark.float32}


LAYERS = [
    lambda **where: nn.Linear(2, 3, **where), lambda **where: nn.Bilinear(2, 3, 4, **where),
    lambda **where: nn.Conv1d(2, 3, 2, **where), lambda **where: nn.Conv2d(2, 3, 2, **where),
    lambda **where: nn.ConvTranspose1d(2, 3, 2, **where),
    lambda **where: nn.ConvTranspose2d(2, 3, 2, **where),
    lambda **where: nn.BatchNorm1d(3, **where), lambda **where: nn.BatchNorm2d(3, **where),
    lambda **where: nn.InstanceNorm1d(3, affine=True, track_running_stats=True, **where),
    lambda **where: nn.InstanceNorm2d(3, affine=True, track_running_stats=True, **where),
    lambda **where: nn.GroupNorm(1, 3, **where), lambda **where: nn.LayerNorm(3, **where),
    lambda **where: nn.Embedding(3, 2, 0, **where), lambda **where: nn.PReLU(3, **where),
]  # fmt: skip


@pytest.mark.parametrize("make", LAYERS)
def test_a_layer_is_made_where_it_is_said(make):
    for where, kind in (("cpu", "cpu"), ("cuda", "cuda"), (dark.device("cuda:0"), "cuda")):
        assert devices(make(device=where)) == {kind}
        with dark.device(where):
            assert devices(make()) == {kind}
        layer = make(device=where, dtype=dark.float64)
        assert {p.dtype for p in layer.parameters()} == {dark.float64}


def test_a_parameter_of_nothing_is_where_new_tensors_are():
    assert nn.Parameter().is_cuda
    with dark.device("cpu"):
        assert not nn.Parameter().is_cuda


def test_a_deep_copy_stays_where_it_is():
    net = network().cuda()
    trained(net, "cuda")
    twin = copy.deepcopy(net)
    assert devices(twin) == {"cuda"}
    assert twin[6] is twin[8]
    assert_equal(numbers(twin), numbers(net))
    with dark.no_grad():
        net[6].weight.fill_(0)
    assert twin[6].weight.numpy(force=True).any()


# States


@pytest.mark.parametrize(("here", "there"), [("cpu", "cuda"), ("cuda", "cpu"), ("cuda", "cuda")])
def test_a_state_is_copied_to_where_the_module_is(here, there):
    with dark.device(there):
        theirs = network()
        trained(theirs, there)
    state = theirs.state_dict()
    assert {x.device.type for x in state.values()} == {there}
    with dark.device(here):
        ours = network()
    parameters = list(ours.parameters())
    assert ours.load_state_dict(state) == ([], [])
    assert devices(ours) == {here}
    assert [id(p) for p in ours.parameters()] == [id(p) for p in parameters]
    assert_equal(numbers(ours), numbers(theirs))
    assert trained(ours.eval(), here) == pytest.approx(trained(theirs.eval(), there), rel=1e-5)


def test_an_assigned_state_stays_where_it_is():
    ours = network().cuda()
    with dark.device("cpu"):
        theirs = network()
    ours.load_state_dict(theirs.state_dict(), assign=True)
    assert devices(ours) == {"cpu"}
    assert ours[0].weight.array is theirs[0].weight.array


# Training


OPTIMIZERS = [
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    ("Adam", {"lr": 0.01, "amsgrad": True}), ("AdamW", {"lr": 0.01}),
    ("RMSprop", {"lr": 0.01, "momentum": 0.5, "centered": True}), ("Adagrad", {"lr": 0.1}),
]  # fmt: skip
each_optimizer = pytest.mark.parametrize(("name", "options"), OPTIMIZERS, ids=[n for n, _ in OPTIMIZERS])


def steps(net, optimizer, where, count):
    """The losses of some steps of training, with clipped gradients."""
    losses = []
    for _ in range(count):
        optimizer.zero_grad()
        losses.append(trained(net, where))
        nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        optimizer.step()
    return losses


@each_optimizer
def test_a_training_is_that_of_the_cpu_and_goes_on_after_a_move(name, options):
    with dark.device("cpu"):
        start = network()
    nets = {kind: copy.deepcopy(start).to(kind) for kind in ("cpu", "cuda")}
    optimizers = {k: getattr(dark.optim, name)(net.parameters(), **options) for k, net in nets.items()}
    expected, losses = (steps(nets[kind], optimizers[kind], kind, 4) for kind in nets)
    np.testing.assert_allclose(losses, expected, rtol=1e-3)
    for state in optimizers["cuda"].state.values():
        assert {x.device.type for key, x in state.items() if key != "step"} <= {"cuda"}
        assert all(x.device.type == "cpu" for key, x in state.items() if key == "step")

    moved = copy.deepcopy(start)  # from the CPU's state and weights on a card
    moved.load_state_dict(nets["cpu"].state_dict())
    moved.cuda()
    again = getattr(dark.optim, name)(moved.parameters(), **options)
    again.load_state_dict(optimizers["cpu"].state_dict())
    for parameter, state in again.state.items():
        for key, x in state.items():
            assert x.device.type == ("cpu" if key == "step" else parameter.device.type)
    np.testing.assert_allclose(
        steps(moved, again, "cuda", 3), steps(nets["cpu"], optimizers["cpu"], "cpu", 3), rtol=1e-3
    )


def test_gradients_on_two_devices_are_clipped_together():
    a, b = nn.Parameter(dark.ones(2, device="cuda")), nn.Parameter(dark.ones(2, device="cpu"))
    a.grad, b.grad = dark.tensor([3.0, 0.0], device="cuda"), dark.tensor([0.0, 4.0], device="cpu")
    norm = nn.utils.clip_grad_norm_([a, b], 1.0)
    assert (norm.device.type, norm.item()) == ("cuda", 5)
    np.testing.assert_allclose([*a.grad.tolist(), *b.grad.tolist()], [0.6, 0, 0, 0.8], rtol=1e-5)


# What waits for the card


@pytest.fixture
def waits(monkeypatch):
    """A list with an entry for each time that numbers are fetched from the card."""
    import cupy

    if not getattr(cupy, "is_standin", False):
        pytest.skip("the calls of CuPy itself can't be counted")
    found, get = [], cupy.ndarray.get
    monkeypatch.setattr(cupy.ndarray, "get", lambda self, *a, **k: (found.append(1), get(self, *a, **k))[1])
    return found


@each_optimizer
def test_a_step_of_training_waits_for_nothing(name, options, waits):
    net = nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.LeakyReLU(0.1), nn.MaxPool2d(2), nn.Dropout(0.1),
        nn.ConvTranspose2d(4, 4, 2, 2), nn.InstanceNorm2d(4, affine=True), nn.ReLU(), nn.AvgPool2d(2),
        nn.Upsample(scale_factor=2, mode="bilinear"), nn.AdaptiveAvgPool2d((3, 2)), nn.Flatten(),
        nn.Linear(24, 5),
    ).cuda()  # fmt: skip
    optimizer = getattr(dark.optim, name)(net.parameters(), **options)
    x, y = dark.tensor(random_array((4, 3, 8, 8)), device="cuda"), dark.zeros(4, 5, device="cuda")
    for _ in range(2):
        optimizer.zero_grad()
        z = net(x)
        loss = F.mse_loss(z, y) + F.smooth_l1_loss(z, y) + F.binary_cross_entropy_with_logits(z, y)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        nn.utils.clip_grad_value_(net.parameters(), 0.1)
        optimizer.step()
    assert waits == []
    assert np.isfinite(loss.item())


# Hooks


def test_hooks_see_gradients_on_the_card():
    class Sum(nn.Module):
        def forward(self, a, b):
            return a * 2

    module, seen = Sum(), []
    module.register_full_backward_hook(lambda m, grad_in, grad_out: seen.append((grad_in, grad_out)))
    a, b = (dark.ones(3, device="cuda", requires_grad=True) for _ in range(2))
    module(a, b).sum().backward()
    ((grad_in, grad_out),) = seen
    assert [g.is_cuda for g in (*grad_in, *grad_out)] == [True] * 3
    assert [g.tolist() for g in grad_in] == [[2, 2, 2], [0, 0, 0]]
    assert a.grad.tolist() == [2, 2, 2]


# Boxes and pictures


def boxes_and_scores():
    corner = random_array((40, 2), low=0, high=60)
    boxes = np.concatenate([corner, corner + random_array((40, 2), low=10, high=30, seed=1)], axis=1)
    return boxes, random_array((40,), low=0, high=1, seed=2), random_array((40,), "int64", 0, 3, seed=3)


def test_boxes_are_kept_where_they_are(waits):
    here, there = (
        [dark.tensor(x, device=where) for x in boxes_and_scores()] for where in ("cpu", "cuda")
    )
    for call in (lambda b, s, c: ops.nms(b, s, 0.3), lambda b, s, c: ops.batched_nms(b, s, c, 0.3)):
        waits.clear()
        kept, expected = call(*there), call(*here)
        assert len(waits) <= 3  # each array is copied once
        assert kept.is_cuda
        assert kept.tolist() == expected.tolist()
    with pytest.raises(RuntimeError, match=r"^nms: expected all tensors on one device"):
        ops.nms(there[0], here[1], 0.3)


BOXES = [
    lambda b: ops.box_iou(b, b), lambda b: ops.generalized_box_iou(b, b), lambda b: ops.box_area(b),
    lambda b: ops.complete_box_iou(b, b), lambda b: ops.box_convert(b, "xyxy", "cxcywh"),
    lambda b: ops.clip_boxes_to_image(b, (40, 30)), lambda b: ops.remove_small_boxes(b, 15),
    lambda b: ops.distance_box_iou_loss(b, b.flip(0), "mean"),
    lambda b: ops.masks_to_boxes((b[:, :, None] > b[:, None]).float()), lambda b: ops.masks_to_boxes(b[:0]),
]  # fmt: skip


@pytest.mark.parametrize("function", BOXES)
def test_functions_of_boxes_are_those_of_the_cpu(function):
    boxes = boxes_and_scores()[0]
    found, expected = (function(dark.tensor(boxes, device=where)) for where in ("cuda", "cpu"))
    assert found.is_cuda
    np.testing.assert_allclose(found.cpu(), expected, rtol=1e-5, atol=1e-6)


BOX = [[1.0, 2.0, 9.0, 8.0], [3.0, 3.0, 12.0, 12.0]]
DRAWN = [
    lambda where, x: utils.draw_bounding_boxes(x, dark.tensor(BOX, device=where), ["a", None], fill=True),
    lambda where, x: utils.draw_keypoints(
        x, dark.tensor([BOX], device=where)[..., :2], [(0, 1)], "red",
        visibility=dark.tensor([[True, True]], device=where),
    ),
    lambda where, x: utils.draw_segmentation_masks(
        x, dark.tensor(MASKS, device=where), colors=["red", "blue"]
    ),
    lambda where, x: utils.make_grid([x, x], padding=1, pad_value=0.5),
    lambda where, x: utils.make_grid(dark.stack([x, x]), normalize=True, scale_each=True),
]  # fmt: skip
MASKS = random_array((2, 16, 16), "bool")


@pytest.mark.parametrize("draw", DRAWN)
def test_pictures_are_drawn_as_on_the_cpu_and_come_back(draw):
    picture = random_array((3, 16, 16), low=0, high=1)
    found, expected = (draw(where, dark.tensor(picture, device=where)) for where in ("cuda", "cpu"))
    assert found.is_cuda
    np.testing.assert_allclose(found.cpu(), expected, rtol=1e-6, atol=1e-6)


def test_a_picture_from_the_card_is_written_into_a_file(tmp_path):
    picture = random_array((3, 8, 8), low=0, high=1)
    for where in ("cuda", "cpu"):
        utils.save_image(dark.tensor(picture, device=where), tmp_path / f"{where}.png")
    assert (tmp_path / "cuda.png").read_bytes() == (tmp_path / "cpu.png").read_bytes()


# Two devices at once


def card(*shape, dtype=dark.float32):
    return dark.ones(*shape, device="cuda", dtype=dtype)


def main(*shape, dtype=dark.float32):
    return dark.ones(*shape, device="cpu", dtype=dtype)


MIXED = [
    ("linear", lambda: nn.Linear(3, 4, device="cuda")(main(2, 3))),
    ("linear", lambda: nn.Linear(3, 4, device="cpu")(card(2, 3))),
    ("linear", lambda: nn.Bilinear(3, 3, 4, device="cuda")(main(2, 3), main(2, 3))),
    ("conv2d", lambda: nn.Conv2d(3, 4, 3, device="cuda")(main(2, 3, 5, 5))),
    ("conv2d", lambda: nn.Conv2d(3, 4, 3, padding="same", device="cuda")(main(3, 5, 5))),
    ("conv1d", lambda: nn.Conv1d(3, 4, 3, device="cpu")(card(2, 3, 5))),
    ("conv_transpose2d", lambda: nn.ConvTranspose2d(3, 4, 3, device="cuda")(main(2, 3, 5, 5))),
    ("conv2d", lambda: F.conv2d(card(1, 1, 3, 3), card(1, 1, 2, 2), main(1))),
    ("batch_norm", lambda: nn.BatchNorm2d(3, device="cuda")(main(2, 3, 5, 5))),
    ("batch_norm", lambda: nn.BatchNorm2d(3, device="cuda").eval()(main(2, 3, 5, 5))),
    ("batch_norm", lambda: nn.BatchNorm1d(3, affine=False, device="cpu")(card(2, 3))),
    ("group_norm", lambda: nn.GroupNorm(1, 3, device="cuda")(main(2, 3, 5))),
    ("instance_norm", lambda: nn.InstanceNorm1d(3, track_running_stats=True, device="cpu")(card(2, 3, 5))),
    ("layer_norm", lambda: nn.LayerNorm(3, device="cuda")(main(2, 3))),
    ("prelu", lambda: nn.PReLU(3, device="cuda")(main(2, 3))),
    ("embedding", lambda: nn.Embedding(3, 4, device="cuda")(main(2, dtype=dark.int64))),
    ("grid_sample", lambda: F.grid_sample(card(1, 1, 3, 3), main(1, 2, 2, 2), align_corners=False)),
    ("cross_entropy", lambda: F.cross_entropy(card(2, 3), main(2, dtype=dark.int64))),
    ("cross_entropy", lambda: nn.CrossEntropyLoss(main(3))(card(2, 3), card(2, dtype=dark.int64))),
    ("nll_loss", lambda: F.nll_loss(main(2, 3), card(2, dtype=dark.int64))),
    ("mse_loss", lambda: F.mse_loss(card(2, 3), main(2, 3))),
    ("l1_loss", lambda: F.l1_loss(main(2, 3), card(2, 3))),
    ("smooth_l1_loss", lambda: F.smooth_l1_loss(main(2, 3), card(2, 3))),
    ("huber_loss", lambda: F.huber_loss(main(2, 3), card(2, 3))),
    ("binary_cross_entropy", lambda: F.binary_cross_entropy(card(2, 3), main(2, 3))),
    ("binary_cross_entropy_with_logits", lambda: nn.BCEWithLogitsLoss()(card(2, 3), main(2, 3))),
]  # fmt: skip


@pytest.mark.parametrize(("name", "call"), MIXED)
def test_tensors_on_two_devices_are_named_with_the_function(name, call):
    with pytest.raises(RuntimeError, match=rf"^{name}: expected all tensors on one device, got c.* and c"):
        call()


def test_running_statistics_are_as_they_were_after_an_error():
    layer = nn.BatchNorm2d(3, device="cuda")
    with pytest.raises(RuntimeError, match="batch_norm"):
        layer(main(2, 3, 4, 4))
    assert layer.running_mean.tolist() == [0, 0, 0]
