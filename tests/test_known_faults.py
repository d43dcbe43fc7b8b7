"""39 faults of an earlier tutorial of this kind; each test keeps Dark free of one."""  # beyond

import ast
import re
import subprocess
import sys
import tracemalloc
import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import dark
from against_torch import torch
from dark import nn, optim
from dark.autograd import gradcheck
from dark.autograd.graph import ancestors
from dark.autograd.operation import op
from dark.nn import functional as F
from dark.optim.lr_scheduler import StepLR
from dark.utils.data import DataLoader, Dataset, TensorDataset, random_split
from dark.vision import ops, transforms
from dark.vision.datasets import ImageFolder
from dark.vision.tv_tensors import Image, Mask
from dark.vision.utils import save_image
from dark_samples import Run
from dark_samples.catalogue import find_sample
from dark_samples.pictures import write

ROOT = Path(__file__).parent.parent
SAMPLE = find_sample("4.0")


def leaf(*values):
    return dark.tensor(values if len(values) > 1 else values[0], requires_grad=True)


def names_in(framework, task):
    """What the script `framework/task.py` of sample 4.0 defines and imports, and the function it runs."""
    script = SAMPLE.script(framework, task)
    return script.__globals__, script


def little_data(count):
    """What the scripts of sample 4.0 get from `data.load`: the same bright picture over and over."""
    arrays = np.full((count, 28, 28), 200, np.uint8), np.full(count, 3)
    Arrays = names_in("dark", "train")[0]["load"].__globals__["Arrays"]
    return Arrays("made up", *arrays, *arrays)


# Wrong results


@pytest.mark.parametrize(("a", "b"), [(3.0, 2.0), (2.0, 3.0)])
def test_01_maximum_and_minimum_give_the_gradient_to_the_one_they_take(a, b):
    for function, taken in ((dark.maximum, max(a, b)), (dark.minimum, min(a, b))):
        x, y = leaf(a), leaf(b)
        function(x, y).backward()
        assert (x.grad.item(), y.grad.item()) == (float(a == taken), float(b == taken))


def test_02_the_gradient_of_abs_is_the_sign():
    x = leaf(-3.0, 3.0)
    x.abs().sum().backward()
    assert x.grad.tolist() == [-1, 1]


@pytest.mark.parametrize("options", [{"mode": "nearest"}, {"mode": "bilinear"}, {"size": (7, 3)}])
def test_03_upsampling_adds_up_the_gradients_of_all_that_a_pixel_became(options):
    options = {"scale_factor": 2, **options} if "mode" in options else options
    x = dark.rand(1, 2, 3, 4, dtype=dark.float64, requires_grad=True)
    assert gradcheck(lambda x: F.interpolate(x, **options), x)  # from a random gradient of the result
    up = dark.rand(1, 2, 6, 8, dtype=dark.float64)
    (gradient,) = dark.autograd.grad(F.interpolate(x, scale_factor=2), x, up)
    assert dark.allclose(gradient, up.reshape(1, 2, 3, 2, 4, 2).sum((3, 5)))


def test_04_pooled_windows_may_overlap_and_add_up_their_gradients():
    x = dark.tensor([[[[0.0, 1, 2], [3, 9, 4], [5, 6, 7]]]], requires_grad=True)
    for function, values, gradients in (
        (F.max_pool2d, [[9, 9], [9, 9]], [[0, 0, 0], [0, 4, 0], [0, 0, 0]]),
        (F.avg_pool2d, [[3.25, 4], [5.75, 6.5]], [[0.25, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 0.25]]),
    ):
        x.grad = None
        y = function(x, 2, stride=1)
        y.sum().backward()
        assert y.tolist() == [[values]]
        assert x.grad.tolist() == [[gradients]]


def test_05_backward_twice_does_not_reuse_old_gradients():
    x = leaf(2.0)
    y = x * x * x
    for _ in range(2):
        x.grad = None
        y.backward(retain_graph=True)
        assert x.grad.item() == 12


def test_06_frozen_weights_get_no_gradient():
    frozen, trained = nn.Linear(3, 3).requires_grad_(False), nn.Linear(3, 3)
    trained(frozen(trained(dark.ones(2, 3)))).sum().backward()
    assert [p.grad for p in frozen.parameters()] == [None, None]
    assert all(p.grad is not None for p in trained.parameters())


def test_07_eval_reaches_every_layer():
    class Noise(nn.Module):
        def forward(self, x):
            return x + dark.rand(*x.shape) if self.training else x

    network = nn.Sequential(nn.Identity(), nn.Sequential(Noise()))
    x = dark.ones(4)
    assert not dark.equal(network(x), x)
    assert dark.equal(network.eval()(x), x)
    assert not dark.equal(network.train()(x), x)


@pytest.mark.parametrize("layer", [nn.Dropout, nn.Dropout1d, nn.Dropout2d])
def test_07_dropout_is_off_in_eval(layer):
    dropout, x = layer(0.5), dark.ones(400, 5, 2, 2) if layer is nn.Dropout2d else dark.ones(400, 5, 4)
    assert 0.4 < (dropout(x) == 0).float().mean().item() < 0.6
    assert dark.equal(dropout.eval()(x), x)


def test_08_batch_norm_is_told_its_mode_and_its_running_variance_is_unbiased():
    x = dark.arange(16.0).reshape(4, 1, 2, 2)
    free, frozen = nn.BatchNorm2d(1), nn.BatchNorm2d(1).requires_grad_(False)
    assert dark.equal(free(x), frozen(x))
    assert abs(frozen(x).mean().item()) < 1e-6
    for module in (free, frozen):
        module.reset_running_stats()
        module(x)
        assert module.running_mean.item() == pytest.approx(0.1 * 7.5)
        assert module.running_var.item() == pytest.approx(0.9 + 0.1 * 340 / 15)  # 340 is the sum of squares
        assert module.eval()(x).mean().item() > 1  # by running statistics, not by the batch's


def test_09_at_a_kink_the_gradient_is_pytorchs():
    x = leaf(0.0, -0.0)
    (x.abs() + x.relu()).sum().backward()
    assert x.grad.tolist() == [0, 0]
    for function in (dark.maximum, dark.minimum):
        a, b = leaf(2.0), leaf(2.0)
        function(a, b).backward()
        assert (a.grad.item(), b.grad.item()) == (0.5, 0.5)


def test_10_adam_adds_eps_after_the_bias_correction():
    x = leaf(0.0)
    x.grad = dark.tensor(1e-9)
    optim.Adam([x], lr=0.1, eps=1e-8).step()
    assert x.item() == pytest.approx(-0.1 * 1e-9 / (1e-9 + 1e-8))  # −9.1e-3, and not −3.2e-4


def test_11_boxes_overlap_where_both_are_and_not_where_either_is():
    boxes = dark.tensor([[0.0, 0, 10, 10], [6, 6, 16, 16], [40, 50, 50, 60]])
    shared, union = 4 * 4, 2 * 100 - 4 * 4
    np.testing.assert_allclose(ops.box_iou(boxes[:1], boxes), [[1, shared / union, 0]], rtol=1e-6)
    around = 50 * 60
    apart = ops.generalized_box_iou(boxes[0:1], boxes[2:]).item()
    assert apart == pytest.approx(-(around - 200) / around)
    assert ops.nms(boxes, dark.tensor([0.7, 0.8, 0.9]), 0.5).tolist() == [2, 1, 0]


def loss_of_7_0(*pictures):
    """The loss of sample 7.0 and its gradient, where each picture has these boxes and the same answers."""
    names = find_sample("7.0").script("dark", "train").__globals__
    targets_of = names["Scenes"].__getitem__.__globals__["targets_of"]
    priors = names["YOLO"](np.geomspace((8, 8), (40, 40), 6).astype(np.float32)).priors(32, 32)
    targets = [
        targets_of(dark.tensor(boxes).reshape(-1, 4), dark.zeros(len(boxes), dtype=dark.int64), priors)
        for boxes in pictures
    ]
    dark.manual_seed(0)
    answers = dark.randn(1, len(priors.sizes), 6).repeat(len(pictures), 1, 1).requires_grad_()
    loss, _ = names["YOLOLoss"]()(answers, *(dark.stack(part) for part in zip(*targets, strict=True)), priors)
    loss.backward()
    return loss, answers.grad


def test_12_each_answer_is_fitted_to_its_own_box_alone():
    box, others = [2.0, 3.0, 12.0, 14.0], [[16.0, 1.0, 30.0, 28.0], [1.0, 1.0, 9.0, 9.0]]
    _, alone = loss_of_7_0([box])
    _, among = loss_of_7_0([box], others[:1], others[1:])  # a mean over three objects
    np.testing.assert_allclose(3 * among[0], alone[0], rtol=1e-5, atol=1e-7)


def test_13_the_loss_of_pictures_without_a_face_is_a_number():
    loss, gradient = loss_of_7_0([], [])
    assert loss.isfinite()
    assert gradient.isfinite().all()
    assert gradient[..., 4].min() > 0  # all are told that there is none


def test_14_no_test_picture_is_trained_with(monkeypatch, tmp_path):
    pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to draw with")
    load = names_in("dark", "train")[0]["load"]
    prepare = load.__globals__["read"].__globals__
    monkeypatch.setenv("DARK_CACHE", str(tmp_path))
    monkeypatch.setitem(prepare, "DRAWN", (600, 300))
    clothes = load(drawn=True)
    train, test = ({x.tobytes() for x in xs} for xs in (clothes.train_images, clothes.test_images))
    assert (len(train), len(test), len(train & test)) == (600, 300, 0)


def test_14_no_test_car_is_trained_or_validated_with(monkeypatch, tmp_path):
    pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to draw with")
    load = find_sample("6.1").script("dark", "train").__globals__["load"]
    prepare = load.__globals__["read"].__globals__
    monkeypatch.setenv("DARK_CACHE", str(tmp_path))
    monkeypatch.setitem(prepare, "DRAWN", (12, 7, 8))
    images = load(drawn=True)[:6:2]  # to train, to validate and to test with; between them are the masks
    parts = [{image.tobytes() for image in part} for part in images]
    assert ([*map(len, parts)], len(set.union(*parts))) == ([12, 7, 8], 27)


def test_15_a_random_split_is_the_same_in_every_run_with_its_seed():
    program = (
        "import dark; dark.manual_seed(3)\n"
        "print([part.indices for part in dark.utils.data.random_split(range(50), [0.8, 0.2])])"
    )
    printed = subprocess.check_output([sys.executable, "-c", program], text=True, timeout=60)
    train, test = ast.literal_eval(printed)
    assert sorted(train + test) == list(range(50))
    for seed, same in ((3, True), (4, False)):
        dark.manual_seed(seed)
        assert (random_split(range(50), [0.8, 0.2])[1].indices == test) is same


def test_16_every_step_of_a_sample_has_the_gradient_of_its_own_batch(monkeypatch, tmp_path):
    names, train = names_in("dark", "train")
    monkeypatch.setitem(names, "load", lambda *args, **options: little_data(3 * names["BATCH_SIZE"]))
    seen = []

    def step(self):  # which leaves the weights alone: equal batches have equal gradients
        seen.append(self.param_groups[0]["params"][-1].grad.tolist())
        if len(seen) == 3:
            raise EOFError

    monkeypatch.setattr(names["optim"].SGD, "step", step)
    with pytest.raises(EOFError):
        train(Run("4.0", "dark", tmp_path))
    assert any(seen[0])
    np.testing.assert_allclose(seen[1:], [seen[0]] * 2)


def test_17_a_saved_picture_has_the_colours_of_the_tensor(tmp_path):
    pillow = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read files with")
    red, black_to_white = [255, 0, 0], [0, 0, 0, 255, 255, 255]
    save_image(dark.tensor([*red, *black_to_white]).reshape(3, 3).T[:, None] / 255, tmp_path / "a.png")
    with pillow.open(tmp_path / "a.png") as picture:
        assert [*picture.convert("RGB").tobytes()] == [*red, *black_to_white]


def test_17_what_the_gan_draws_has_the_colours_and_the_range_of_what_it_sees(tmp_path):
    pillow = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read files with")
    names = find_sample("6.0").script("dark", "train").__globals__
    colours = [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255), (10, 90, 200)]
    real = names["Pictures"](np.full((64, 64, 6, 3), colours, np.uint8).transpose(2, 0, 1, 3))
    pictures = dark.stack([real[i] for i in range(6)])
    assert (pictures.min().item(), pictures.max().item()) == (-1, 1)  # as what tanh gives
    assert names["Generator"](2)(dark.randn(2, 100) * 1e4).abs().max().item() <= 1

    write(names["draw_sheet"](pictures, 6), tmp_path / "sheet.png")
    with pillow.open(tmp_path / "sheet.png") as sheet:
        pixels = np.array(sheet.convert("RGB"))
    columns = [np.nonzero((pixels == colour).all(axis=2))[1] for colour in colours]
    assert [*map(len, columns)] == [64 * 64] * 6
    assert all(left.max() < right.min() for left, right in pairwise(columns))


def test_18_every_block_of_the_resnet_has_its_skip_and_projections_are_1x1():
    model = find_sample("5.1").script("dark", "train").__globals__["ResNet18"](136)
    blocks = [module for module in model.modules() if hasattr(module, "downsample")]
    assert len(blocks) == 8
    for block in blocks:
        nn.init.zeros_(block.bn2.weight)  # what is left is the skip
        x = dark.randn(2, block.conv1.in_channels, 4, 4)
        skip = x
        if block.conv1.stride != (1, 1) or block.conv1.in_channels != block.conv1.out_channels:
            projection, _ = block.downsample
            assert projection.kernel_size == (1, 1)
            skip = block.downsample(x)
        assert dark.allclose(block(x), skip.relu())


def test_19_crops_have_the_size_asked_for_and_rotated_masks_stay_binary():
    image = dark.arange(60 * 90).reshape(1, 60, 90).float()
    assert dark.equal(transforms.CenterCrop((40, 80))(image), image[:, 10:50, 5:85])
    mask = Mask(dark.arange(60 * 90).reshape(1, 60, 90) // 7 % 2 * 255)
    turn = transforms.RandomRotation((30, 30), transforms.InterpolationMode.BILINEAR)
    turned, its_mask = turn(Image(image), mask)
    assert turned.shape == its_mask.shape == image.shape
    assert its_mask.unique().tolist() == [0, 255]


def test_20_a_transposed_convolution_with_a_2x3_kernel_has_the_size_that_convolution_takes_back():
    wide = nn.ConvTranspose2d(1, 1, (2, 3))(dark.zeros(1, 1, 5, 5))
    assert wide.shape[2:] == (6, 7)
    assert nn.Conv2d(1, 1, (2, 3))(wide).shape[2:] == (5, 5)


# Crashes


def test_21_an_epoch_of_detection_ends_with_its_measures_and_a_checkpoint(tmp_path):
    train = find_sample("7.0").script("dark", "train")
    names = train.__globals__
    data = names["load"].__globals__
    noise = np.random.default_rng(0).integers(0, 256, (4, 64, 64, 3), np.uint8)
    part = data["Part"](noise, [np.float32([(8, 8, 40, 44)])] * 4, [np.zeros(1, np.int64)] * 4)
    names["load"] = lambda *arguments, **options: data["Scenes"]("noise", ("face",), part, part, part)
    names["BATCH_SIZE"] = 2
    run = Run("7.0", "dark", tmp_path, epochs=1)
    train(run)
    assert run.metrics.keys() >= {"validation_map_50", "test_map_50"}
    assert run.load()["finished"] == 1


def test_22_samples_name_no_folder_of_their_author():
    files = [f for ending in ("py", "md") for f in ROOT.glob(f"dark-*/samples/**/*.{ending}")]
    assert files
    for file in files:
        found = re.search(r"/home/|/Users/|/root/|\b[A-Za-z]:[\\/](?!/)", file.read_text(encoding="utf-8"))
        assert not found, f"{file}: {found.group()}"


def test_23_the_test_script_of_a_sample_runs_to_its_end(monkeypatch, tmp_path):
    names, test = names_in("dark", "test")
    monkeypatch.setitem(names, "load", lambda *args, **options: little_data(7))
    run = Run("4.0", "dark", tmp_path)
    run.kept = {"model": names["Network"]()}
    run.save()
    test(run)
    assert (tmp_path / "predictions.png").is_file()


def test_24_the_trained_landmark_network_takes_a_photograph_of_any_size():
    pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to resize pictures with")
    names = find_sample("5.1").script("dark", "test").__globals__
    model = names["ResNet18"](136)
    find_in = names["mark_files"].__globals__["find_in"]
    for height, width in ((128, 128), (60, 90), (200, 97)):
        photo = np.full((height, width, 3), 90, np.uint8)
        found = find_in(photo, None, lambda images: names["find_points"](model, images, "cpu"))
        assert found.shape == (68, 2)
        assert np.isfinite(found).all()


def test_25_huge_logits_are_exact_and_raise_nothing():
    with np.errstate(all="raise"):
        x = dark.tensor([[1000.0, 0.0], [-800.0, 0.0]], requires_grad=True)
        loss = F.cross_entropy(x, dark.tensor([0, 0]), reduction="sum")
        loss.backward()
        assert x.softmax(1).tolist() == [[1, 0], [0, 1]]
        assert dark.tensor([-1000.0, 1000.0]).sigmoid().tolist() == [0, 1]
    assert loss.item() == 800
    assert x.grad.tolist() == [[0, 0], [-1, 1]]


def test_26_binary_cross_entropy_does_not_saturate():
    x = leaf(-40.0)
    loss = nn.BCEWithLogitsLoss()(x, dark.tensor(1.0))
    loss.backward()
    assert (loss.item(), x.grad.item()) == (40, -1)


def test_27_powers_and_limits_take_any_shape_and_exponents_have_gradients():
    x, y = leaf(2.0, 3.0), leaf(3.0, 2.0)
    (x**y).sum().backward()
    assert x.grad.tolist() == [12, 6]
    np.testing.assert_allclose(y.grad, [8 * np.log(2), 9 * np.log(3)], rtol=1e-6)
    for shape in ((), (3,), (2, 3, 4)):
        assert dark.full(shape, -1.0).clamp(min=0).tolist() == np.zeros(shape).tolist()


def test_28_deep_graphs_and_diamonds_take_one_visit_a_node():
    x = y = leaf(1.0)
    for _ in range(100_000):  # far deeper than Python's stack
        y = y + 0.0
    for _ in range(100):  # 2^100 ways through these
        y = y * 0.5 + y * 0.5
    y.backward()
    assert x.grad.item() == 1

    network = nn.Linear(1, 1)
    for _ in range(100):
        network = nn.ModuleList([nn.Sequential(network), nn.Sequential(network)])
    network.zero_grad()
    assert len([*network.parameters()]) == 2


def test_29_a_step_skips_parameters_without_gradient_and_changes_tied_weights_once():
    a, b, unused = nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False), nn.Linear(2, 2)
    b.weight = a.weight
    parameters = [*nn.ModuleList([a, b, unused]).parameters()]
    assert len(parameters) == 3
    before = [p.detach().clone() for p in parameters]
    a.weight.grad = dark.ones(2, 2)
    optim.SGD(parameters, lr=1.0).step()
    np.testing.assert_allclose(a.weight.detach(), before[0] - 1)
    assert all(dark.equal(p, old) for p, old in zip(parameters[1:], before[1:]))


def test_30_a_run_resumed_from_a_file_goes_on_as_if_never_stopped(tmp_path, monkeypatch):
    class Network(nn.Linear):  # which no other program could import
        pass

    def made():
        network = Network(2, 1)
        return network, optim.Adam(network.parameters(), lr=0.1)

    def train(network, optimizer):
        for _ in range(3):
            optimizer.zero_grad()
            (network(dark.ones(4, 2)) ** 2).mean().backward()
            optimizer.step()

    monkeypatch.chdir(tmp_path)
    network, optimizer = made()
    train(network, optimizer)
    dark.save([network.state_dict(), optimizer.state_dict()], "m.pickle")
    again = made()
    for part, state in zip(again, dark.load("m.pickle")):
        part.load_state_dict(state)
    train(network, optimizer)
    train(*again)
    assert dark.equal(network.weight, again[0].weight)
    with pytest.raises(TypeError, match="can't save"):
        dark.save(network, "n.pickle")


def test_31_what_the_wheel_installs_can_be_imported_all_of_it(tmp_path):
    pytest.importorskip("hatchling", reason="hatchling is not installed: nothing to build the wheel with")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", tmp_path]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("dark-*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})\n"
        "import importlib, importlib.util, pkgutil, dark\n"
        "needs_cupy = () if importlib.util.find_spec('cupy') else ('dark.kernels.gpu',)\n"
        "for module in pkgutil.walk_packages(dark.__path__, 'dark.'):\n"
        "    if not module.name.startswith(('dark.__main__', *needs_cupy)):\n"
        "        importlib.import_module(module.name)\n"
        "print({m.__file__ for name, m in sys.modules.items() if name.startswith('dark.')})"
    )
    files = ast.literal_eval(subprocess.check_output([sys.executable, "-c", program], text=True, timeout=120))
    assert len(files) > 100
    assert all(Path(file).is_relative_to(tmp_path) for file in files)


# Limits


def test_32_numbers_stay_in_the_precision_they_came_in():
    assert dark.tensor([1.0]).dtype is dark.ones(1).dtype is dark.rand(1).dtype is dark.float32
    for dtype in (dark.float32, dark.float64):
        network = nn.Sequential(nn.Linear(3, 3), nn.GELU(), nn.LayerNorm(3)).to(dtype)
        optimizer = optim.Adam(network.parameters())
        logits = network(dark.ones(2, 3, dtype=dtype)) * np.float64(2)
        loss = nn.CrossEntropyLoss()(logits, dark.tensor([0, 1]))
        loss.backward()
        optimizer.step()
        moments = [state["exp_avg"] for state in optimizer.state.values()]
        gradients = [p.grad for p in network.parameters()]
        assert {t.dtype for t in (loss, *network.parameters(), *gradients, *moments)} == {dtype}


def test_33_a_training_step_has_no_more_operations_and_memory_than_it_needs():
    network = names_in("dark", "train")[0]["Network"]()
    x, target = dark.rand(64, 1, 28, 28), dark.zeros(64, dtype=dark.int64)
    tracemalloc.start()
    loss = nn.CrossEntropyLoss()(network(x), target)
    operations = ancestors([loss.grad_fn])
    loss.backward()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(operations) == 6  # a linear layer is one, and so are ReLU and the loss
    gradients = sum(p.grad.array.nbytes for p in network.parameters())
    layer = 64 * 512 * 4
    assert peak < gradients + 4 * layer


def test_34_nothing_is_recorded_computed_or_kept_that_nobody_wants():
    layer, x = nn.Linear(3, 3), dark.ones(2, 3)
    with dark.no_grad():
        assert layer(x).grad_fn is None
    hidden = layer(x)
    assert hidden.grad_fn.next_functions[0][0] is None  # no gradient for the data
    assert hidden.grad_fn.gradients[0] is None
    loss = (hidden * hidden).sum()
    node = hidden.grad_fn
    loss.backward()
    assert (x.grad, hidden.is_leaf, hidden.retains_grad) == (None, False, False)
    assert hidden.grad is None
    assert (node.inputs, node.gradients) == (None, None)


def test_35_a_batch_costs_time_linear_in_its_size():
    class Pictures(Dataset):
        sample = dark.zeros(3, 32, 32)
        read = 0

        def __len__(self):
            return 10_000

        def __getitem__(self, index):
            self.read += 1
            return self.sample

    pictures = Pictures()
    (batch,) = DataLoader(pictures, batch_size=10_000)  # sample by sample this would copy 600 GB
    assert batch.shape == (10_000, 3, 32, 32)
    assert pictures.read == 10_000


def test_35_a_loader_keeps_the_order_unless_told_otherwise_and_its_iterator_is_one():
    loader = DataLoader(TensorDataset(dark.arange(6)), batch_size=2)
    batches = iter(loader)
    assert next(batches)[0].tolist() == [0, 1]
    assert [x.tolist() for (x,) in batches] == [[2, 3], [4, 5]]


def test_35_pictures_are_found_at_any_depth_and_by_any_ending(tmp_path):
    for name in ("cat/a.jpg", "cat/old/very/b.JPEG", "dog/C.Png", "dog/notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [(Path(path).name, number) for path, number in ImageFolder(tmp_path).samples]
    assert sorted(found) == [("C.Png", 1), ("a.jpg", 0), ("b.JPEG", 0)]


def test_36_tensors_have_operators_indices_and_batched_products():
    x = dark.arange(24.0).reshape(2, 3, 4).requires_grad_()
    assert (leaf(2.0).shape, leaf(2.0).device, str(x.dtype)) == ((), dark.device("cpu"), "dark.float32")
    assert ((1 - x / 2 + 3 * -x) ** 2 >= 0).all()
    assert x[1, ::2, [0, -1]].tolist() == [[12, 15], [20, 23]]
    w = dark.ones(2, 4, 5, requires_grad=True)
    (x @ w)[0].sum().backward()
    assert x.grad.tolist() == [[[5] * 4] * 3, [[0] * 4] * 3]
    assert w.grad[0, :, 0].tolist() == [12, 15, 18, 21]


def test_36_modules_have_state_and_hooks_and_optimizers_decay_and_schedules():
    layer = nn.Linear(2, 2)
    layer.register_buffer("mean", dark.zeros(2))
    assert [*layer.state_dict()] == ["weight", "bias", "mean"]
    layer.register_forward_hook(lambda module, args, output: output * 0 + 7)
    assert layer(dark.ones(2)).tolist() == [7, 7]
    x = leaf(8.0)
    optimizer = optim.SGD([x], lr=1.0, weight_decay=0.5)
    scheduler = StepLR(optimizer, step_size=1, gamma=0.5)
    for expected in (4, 3):
        x.grad = dark.tensor(0.0)
        optimizer.step()
        scheduler.step()
        assert x.item() == expected


def test_36_pooling_pads_and_leaves_out_what_does_not_divide():
    x = -dark.arange(35.0).reshape(5, 7)[None]
    assert F.max_pool2d(x, 2).tolist() == [[[0, -2, -4], [-14, -16, -18]]]
    assert F.max_pool2d(x, 3, stride=3, padding=1).tolist() == [[[0, -2, -5], [-14, -16, -19]]]
    assert F.max_pool2d(x, 2, ceil_mode=True).shape == (1, 3, 4)


def test_36_convolutions_have_groups_dilation_stride_and_kernels_of_any_shape():
    x, weight = dark.rand(1, 2, 4, 7), dark.rand(2, 1, 1, 3)  # a kernel of one row for each channel
    y = F.conv2d(x, weight, stride=(2, 1), dilation=(1, 2), groups=2)
    expected = sum(weight[:, 0, 0, j, None, None] * x[:, :, ::2, 2 * j : 2 * j + 3] for j in range(3))
    assert y.shape == (1, 2, 2, 3)
    np.testing.assert_allclose(y, expected, rtol=1e-5)


def test_37_both_versions_of_a_sample_are_one_program_and_one_network():
    for name in ("model.py", "train.py", "test.py"):
        ours, theirs = (
            [line for line in (SAMPLE.folder / framework / name).read_text(encoding="utf-8").splitlines()
             if not line.startswith(("import ", "from "))]
            for framework in ("dark", "torch")
        )  # fmt: skip
        assert ours == theirs
    if torch is None:
        pytest.skip("PyTorch is not installed: no weights to compare with")
    states = []
    for framework in (dark, torch):
        network = names_in(framework.__name__, "train")[0]["Network"]
        framework.manual_seed(5)
        states.append({name: x.numpy() for name, x in network().state_dict().items()})
    assert states[0].keys() == states[1].keys()
    for name, x in states[0].items():
        np.testing.assert_array_equal(x, states[1][name])


def test_38_a_gradient_that_is_right_for_a_plain_sum_only_is_found_out():
    @op
    def upside_down(x):
        return x[::-1].copy(), lambda g: g

    x = dark.rand(4, dtype=dark.float64).requires_grad_()
    upside_down(x).sum().backward()
    assert x.grad.tolist() == [1, 1, 1, 1]
    with pytest.raises(RuntimeError, match="finite differences"):
        gradcheck(upside_down, x)
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_39_the_library_exists_once_and_hides_no_error():
    for file in (*ROOT.glob("src/**/*.py"), *ROOT.glob("dark-*/**/*.py"), *ROOT.glob("tools/*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ExceptHandler) and node.type is None), f"{file}: {node.lineno}"
    if not (ROOT / ".git").exists():
        pytest.skip("no git repository: what is a copy and what was carved on install can't be told apart")
    git = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "dark-[2-7]/dark"]
    assert not subprocess.check_output(git, cwd=ROOT, text=True, timeout=60)


def test_39_a_page_counts_as_many_epochs_as_the_code():
    words = {"three": "3", "four": "4", "five": "5", "six": "6", "ten": "10", "twelve": "12", "forty": "40"}
    counted = re.compile(rf"\b(?:train|[Aa]fter|in) (\d+|{'|'.join(words)}) epochs")
    found = 0
    for page in ROOT.glob("dark-*/samples/*/README.md"):
        code = page.with_name("dark").joinpath("train.py").read_text(encoding="utf-8")
        for number in counted.findall(page.read_text(encoding="utf-8")):
            found += 1
            assert f"\nEPOCHS = {words.get(number, number)}\n" in code, f"{page}: {number} epochs"
    assert found >= 8
