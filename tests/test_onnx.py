"""Exported models compute in onnxruntime what they compute here, for batches of any size."""  # beyond

import importlib
import io
import math
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

import dark
import dark.nn.functional as F
from dark import nn
from dark.onnx import OPERATIONS, OnnxExporterError, export
from dark.onnx.translations import TRANSLATIONS
from dark_samples.catalogue import find_sample

onnx = pytest.importorskip("onnx", reason="onnx is not installed")
onnxruntime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

SAMPLES = Path(__file__).parent.parent
FEATURES = 9  # of the logistic regression


class Scores(nn.Module):
    """The logistic regression of sample 2.0 as a module."""

    def __init__(self, scores):
        super().__init__()
        self.scores = scores
        self.weight, self.bias = nn.Parameter(dark.randn(FEATURES)), nn.Parameter(dark.zeros(()))

    def forward(self, points):
        return self.scores(points, self.weight, self.bias)


class Calls(nn.Module):
    """A function of tensors as a module."""

    def __init__(self, function):
        super().__init__()
        self.forward = function


def run(program, *arrays):
    """What onnxruntime makes of the arrays."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(program.model_proto.SerializeToString(), options)
    return session.run(None, dict(zip([x.name for x in session.get_inputs()], arrays)))


def listed(x):
    """One tensor, or several, as arrays."""
    return [y.detach().numpy() for y in (x if isinstance(x, (tuple, list)) else [x])]


def check(model, shapes, others=(3, 1), *, tolerance=1e-4, dynamic=True, make=dark.randn, **options):
    """Export with inputs of these shapes, and compare with other batches; returns the program."""
    dark.manual_seed(0)
    spread_statistics(model)
    example = tuple(make(*shape) for shape in shapes)
    if dynamic:
        options["dynamic_shapes"] = [{0: "batch"} for _ in shapes]
    program = export(model, example, **options)
    onnx.checker.check_model(program.model_proto, full_check=program.model_proto.ByteSize() < 100_000)
    model.eval()
    for n in others if dynamic else shapes[0][:1]:
        inputs = [make(n, *shape[1:]) for shape in shapes]
        expected = listed(model(*inputs))
        found = run(program, *(x.numpy() for x in inputs))
        assert len(found) == len(expected)
        for a, b in zip(found, expected):
            assert (a.shape, a.dtype) == (b.shape, b.dtype)
            np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)
    return program


def spread_statistics(model):
    """Running statistics that batch norm can't leave out."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d) and module.track_running_stats:
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)


@contextmanager
def sparing(kind):
    """Inside, hidden layers of thousands of units have 16 instead."""
    original = kind.__init__

    def smaller(self, inputs, outputs, **options):
        fewer = [16 if n == 4096 else n for n in (inputs, outputs)]
        original(self, *fewer, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "__init__", smaller)
        yield


# The samples' networks.

NETWORKS = {
    "2.0-Func-logistic-regression": (lambda model: Scores(model.scores), (2,)),
    "3.0-Func-NN-regression": (lambda model: model.Network(), (2,)),
    "4.0-NN-classification": (lambda model: model.Network(), (1, 28, 28)),
    "5.0-ResNet-classification": (lambda model: model.ResNet9(2), (3, 32, 32)),
    "5.1-ResNet-regression": (lambda model: model.ResNet18(136), (3, 32, 32)),
    "6.0-GAN-image_gen": (lambda model: model.Generator(8), (100,)),
    "6.0-GAN-image_gen, discriminator": (lambda model: model.Discriminator(8), (3, 64, 64)),
    "6.1-UNet-segmentation": (lambda model: model.UNet((8, 16, 32)), (3, 16, 16)),
    "7.0-YOLOv3-detection": (lambda model: model.YOLO([[8, 8]] * 6, 1), (3, 32, 32)),
}


@pytest.fixture
def model_of(monkeypatch):
    """The module `model` of a sample; other samples have modules of the same name."""
    monkeypatch.setattr(sys, "path", list(sys.path))

    def imported(name):
        find_sample(str(SAMPLES / f"dark-{name[0]}" / "samples" / name.split(",")[0])).script("dark", "train")
        return importlib.import_module("model")

    return imported


@pytest.mark.parametrize("name", NETWORKS)
def test_a_samples_network_computes_the_same_in_onnxruntime(name, model_of):
    make, shape = NETWORKS[name]
    check(make(model_of(name)), [(2, *shape)], (5, 1))


def test_a_detector_takes_pictures_of_any_size(model_of):
    model = model_of("7.0-YOLOv3-detection").YOLO([[8, 8]] * 6, 1)
    axes = {0: "batch", 2: "height", 3: "width"}
    program = export(model, dark.randn(1, 3, 32, 32), dynamic_shapes={"images": axes})
    model.eval()
    images = dark.randn(2, 3, 48, 80)
    assert np.allclose(run(program, images.numpy())[0], model(images).detach().numpy(), atol=1e-4)


# The networks of dark.vision.models, with the side of the pictures.

MODELS = {
    "resnet18": 32, "resnet34": 32, "resnet50": 32, "vgg11": 32, "vgg16_bn": 32, "alexnet": 64,
    "mobilenet_v2": 32, "squeezenet1_0": 64, "squeezenet1_1": 32,
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_a_network_for_pictures_computes_the_same_in_onnxruntime(name):
    from dark.vision import models

    with sparing(nn.Linear):
        model = getattr(models, name)(num_classes=10)
    check(model, [(1, 3, MODELS[name], MODELS[name])], (2,))


# Single operations: of (N, 4, 6, 8), unless a shape is given; what has an odd option or a formula of its own.

def positive(*shape):
    return dark.rand(*shape) + 0.1


def many(*shape):
    return dark.randn(*shape) * 3


def whole(*shape):
    return dark.randint(0, 5, shape)


def bits(*shape):
    return dark.rand(*shape) > 0.5


ELEMENTWISE = {
    "abs": many, "acos": "unit", "acosh": "above", "asin": "unit", "asinh": many, "atan": many,
    "atanh": "unit", "ceil": many, "cos": many, "cosh": many, "deg2rad": many, "erf": many, "erfc": many,
    "exp": many, "exp2": many, "expm1": many, "floor": many, "frac": many, "isfinite": many,
    "isinf": many, "isnan": many, "log": positive, "log10": positive, "log1p": positive, "log2": positive,
    "logical_not": bits, "logit": "half", "neg": many, "rad2deg": many, "reciprocal": positive,
    "relu": many, "round": many, "rsqrt": positive, "sigmoid": many, "sign": many, "sin": many,
    "sinh": many, "sqrt": positive, "square": many, "tan": "unit", "tanh": many, "trunc": many,
    "clone": many,
}  # fmt: skip
RANGES = {
    "unit": lambda *shape: dark.rand(*shape) * 1.8 - 0.9,
    "above": lambda *shape: dark.rand(*shape) + 1.1,
    "half": lambda *shape: dark.rand(*shape) * 0.8 + 0.1,
}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_a_function_of_single_elements(name):
    numbers = ELEMENTWISE[name]
    check(Calls(lambda x: getattr(x, name)()), [(2, 3)], make=RANGES.get(numbers, numbers))


WITH_INTEGERS = {
    "+": lambda x: x + 2.5,
    "/": lambda x: x / 2,
    "//": lambda x: (x - 3) // 2,
    "%": lambda x: (x - 3) % 4,
    "trunc": lambda x: dark.div(x - 3, 2, rounding_mode="trunc"),
    "sqrt": lambda x: x.sqrt(),
    "mean": lambda x: x.float().mean(1),
    "sum": lambda x: x.sum(),
    "==": lambda x: x == 2,
    "< 1.5": lambda x: x < 1.5,
    "bits": lambda x: (x & 3) | (x ^ 1),
    "not": lambda x: ~x,
    "cumsum": lambda x: x.cumsum(1),
    "amax": lambda x: x.amax(1),
    "count": lambda x: x.count_nonzero(1),
    "any": lambda x: x.any(1),
    "embedding": lambda x: F.embedding(x, dark.arange(15.0).reshape(5, 3)),
    "take": lambda x: dark.arange(5.0)[x],
    "index_select": lambda x: dark.arange(15.0).reshape(5, 3)[:, :2][x[:, 0]],
}


@pytest.mark.parametrize("name", WITH_INTEGERS)
def test_a_function_of_integers(name):
    check(Calls(WITH_INTEGERS[name]), [(2, 3)], make=whole)


BOOLEANS = {
    "and": lambda x: x & ~x.flip(1) | x.logical_xor(x.roll(1, 1)),
    "all": lambda x: x.all(1, True),
    "sum": lambda x: x.sum(1),
    "where": lambda x: dark.where(x, 1.5, -2.0),
    "ne": lambda x: x != x.flip(1),
    "masked_fill": lambda x: dark.ones(3).masked_fill(x, -math.inf).softmax(-1).isnan(),
}


@pytest.mark.parametrize("name", BOOLEANS)
def test_a_function_of_booleans(name):
    check(Calls(BOOLEANS[name]), [(2, 3)], make=bits)


@dark.no_grad()
def unrecorded(x):
    """What no gradient flows through."""
    return x.exp().floor()


OPERATIONS_OF_PICTURES = {
    "add alpha": lambda x: dark.add(x, x.flip(1), alpha=0.5) + dark.sub(1, x, alpha=2),
    "remainder": lambda x: x % 0.7,
    "fmod": lambda x: x.fmod(0.7),
    "floor_divide": lambda x: x // 0.7,
    "divided by the batch": lambda x: x.sum(0) / x.shape[0],
    "pow": lambda x: x**2 + x.abs() ** 1.5 + 2.0**x,
    "maximum": lambda x: x.maximum(x.flip(2)).minimum(dark.tensor(0.3)),
    "atan2": lambda x: x.atan2(x.flip(1)),
    "hypot": lambda x: x.hypot(x.flip(1)),
    "logaddexp": lambda x: x.logaddexp(x.flip(1)),
    "lerp": lambda x: x.lerp(x.flip(1), 0.3),
    "addcmul": lambda x: x.addcmul(x, x.flip(1), value=0.5).addcdiv(x, x.abs() + 1, value=2),
    "clamp": lambda x: x.clamp(-0.5, 0.5) + x.clamp(min=0.1) + x.clamp(max=x.mean()),
    "where": lambda x: dark.where(x > 0, x, 0.0) * (x <= 0.5),
    "comparisons": lambda x: (x > 0).float() + (x < 0.5) + (x >= x.flip(1)) + (x == x),
    "masked_fill": lambda x: x.masked_fill(x < 0, -1.0),
    "double": lambda x: x.double() * 2,
    "sum": lambda x: x.sum((1, -1), keepdim=True),
    "mean": lambda x: x.mean() + x.mean(0),
    "prod": lambda x: x.prod(1),
    "amax": lambda x: x.amax((2, 3)) - x.amin(-1, True).flatten(1).sum(1, True) + x.max() - x.min(),
    "max": lambda x: tuple(x.max(1)),
    "argmax": lambda x: (x.argmax(1), x.argmin(-1, keepdim=True)),
    "sort": lambda x: tuple(x.sort(1, descending=True)) + tuple(x.topk(2, -1, largest=False)),
    "var": lambda x: x.var(1) + x.std((1, 2), correction=0).unsqueeze(1).sum(1, True),
    "norm": lambda x: x.norm(dim=1) + x.norm(1, 1) + x.norm(math.inf, 1) + x.norm(3, 1) + x.norm(0, 1),
    "cumsum": lambda x: x.cumsum(-1),
    "logsumexp": lambda x: x.logsumexp(1, True),
    "softmax": lambda x: x.softmax(1) + x.log_softmax(-1),
    "reshape": lambda x: x.reshape(x.shape[0], -1).reshape(-1, 6, 4, 8),
    "view of two axes": lambda x: x.view(x.shape[0] * 4, 48).view(x.shape[0], 2, 2, -1),
    "permute": lambda x: x.permute(0, 2, 3, 1).transpose(-1, 1).movedim(1, -1).contiguous(),
    "squeeze": lambda x: x[:, :1].squeeze(1).unsqueeze(-1).unsqueeze(0),
    "expand": lambda x: x[:, :1].expand(-1, 4, -1, -1) + dark.zeros(1).expand(x.shape),
    "expand batch": lambda x: dark.cat([dark.arange(8.0).expand(x.shape[0], 8), x.mean((1, 2))], 1),
    "cat": lambda x: dark.cat([x, x.new_zeros(x.shape[0], 2, 6, 8), x], 1),
    "cat of batches": lambda x: dark.cat([x, x]),
    "stack": lambda x: dark.stack([x, x * 2], -1),
    "tile": lambda x: x.repeat(1, 2, 1, 1) + dark.tile(x, (2, 1, 1)),
    "flip": lambda x: x.flip(1, 3) + x.roll((1, -2), (1, 2)),
    "roll of the batch": lambda x: x.roll(1, 0),
    "triu": lambda x: x.triu(1) + x.tril(-1),
    "slices": lambda x: x[:, 1:3, ::2, -3:] + x[:, -2:, 0:3, 5:, None][..., 0],
    "ints": lambda x: x[:, -1, 2] + x[..., 0, 1].unsqueeze(-1)[:, 0],
    "of the batch": lambda x: x[1:] if x.shape[0] > 1 else x,
    "chunk": lambda x: sum(x.chunk(2, 1)) + x.split([1, 2, 1], 1)[1],
    "positions": lambda x: x[:, [2, 0]] + x[:, dark.tensor([1, 3])],
    "pairs of positions": lambda x: (x[:, [0, 1], [2, 3]], x[:, :, [[0], [5]], [1, 0]]),
    "index_select": lambda x: x.index_select(2, dark.tensor([5, 0])),
    "matmul": lambda x: x @ x.mT + x[0, 0] @ x[0, 0].T,
    "matmul of vectors": lambda x: x @ dark.arange(8.0),
    "einsum": lambda x: dark.einsum("nchw,nkhw->nck", x, x),
    "glu": lambda x: F.glu(x, 1),
    "elu": lambda x: F.elu(x, 0.5) + F.selu(x) + F.celu(x, 0.7),
    "gelu": lambda x: F.gelu(x) - F.gelu(x, "tanh") * 2,
    "silu": lambda x: F.silu(x) + F.mish(x) + F.logsigmoid(x) + F.softsign(x) + F.tanhshrink(x),
    "softplus": lambda x: F.softplus(x * 9, 2.0, 3.0),
    "leaky_relu": lambda x: F.leaky_relu(x, 0.1) + F.prelu(x, dark.tensor([0.1, 0.2, 0.3, 0.4])),
    "hard": lambda x: F.hardswish(x * 4) + F.hardsigmoid(x * 4) + F.hardtanh(x, -0.2, 0.3) + F.relu6(x * 6),
    "shrink": lambda x: F.hardshrink(x, 0.3) + F.softshrink(x, 0.2) + F.threshold(x, 0.1, 7.0),
    "constant pad": lambda x: F.pad(x, (1, -2, 0, 3, 2, 0), value=1.5),
    "reflect": lambda x: F.pad(x, (1, 2, 3, 0), "reflect") + F.pad(x, (2, 1, 0, 3), "replicate"),
    "circular": lambda x: F.pad(x, (1, 2, 0, 1), "circular"),
    "max_pool": lambda x: F.max_pool2d(x, 3, 2, 1) + F.max_pool2d(x, (2, 1), 2, dilation=(2, 1))[:, :, :1],
    "max_pool ceil": lambda x: F.max_pool2d(x, 3, 2, ceil_mode=True),
    "avg_pool": lambda x: F.avg_pool2d(x, 3, 2, 1),
    "avg_pool not padded": lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False),
    "avg_pool ceil": lambda x: F.avg_pool2d(x, 3, 2, ceil_mode=True),
    "avg_pool divisor": lambda x: F.avg_pool2d(x, (2, 4), divisor_override=3),
    "pool of lines": lambda x: F.avg_pool1d(x[:, 0], 3, 2) + F.max_pool1d(x[:, 1], 3, 2),
    "adaptive": lambda x: F.adaptive_avg_pool2d(x, (4, 3)) + F.adaptive_avg_pool2d(x, 1),
    "adaptive same": lambda x: F.adaptive_avg_pool2d(x, (6, None)),
    "nearest": lambda x: F.interpolate(x, scale_factor=2),
    "nearest odd": lambda x: F.interpolate(x, (9, 5)) + F.interpolate(x, (9, 5), mode="nearest-exact"),
    "bilinear": lambda x: F.interpolate(x, scale_factor=(1.5, 2), mode="bilinear"),
    "align_corners": lambda x: F.interpolate(x, (3, 17), mode="bilinear", align_corners=True),
    "area": lambda x: F.interpolate(x, (3, 5), mode="area"),
    "linear": lambda x: F.interpolate(x[:, 0], 5, mode="linear"),
    "pixel_shuffle": lambda x: F.pixel_unshuffle(F.pixel_shuffle(x, 2), 4),
    "layer_norm": lambda x: F.layer_norm(x, (6, 8)) + F.rms_norm(x, (8,)),
    "layer_norm of parameters": lambda x: F.layer_norm(x, (8,), dark.arange(8.0), dark.ones(8), 0.1),
    "group_norm": lambda x: F.group_norm(x, 2, dark.arange(4.0), dark.ones(4)) + F.instance_norm(x),
    "normalize": lambda x: F.normalize(x, dim=1),
    "batch norm of a batch": lambda x: F.batch_norm(x, None, None, training=True),
    "dropout": lambda x: F.dropout(x, 0.5, training=False),
    "attention": lambda x: F.scaled_dot_product_attention(x, x, x, is_causal=True),
    "mse_loss": lambda x: F.mse_loss(x, x.flip(1), reduction="none"),
    "detach": lambda x: x.detach() * 2,
    "no_grad": lambda x: x * 0.5 * unrecorded(x),
    "unfold": lambda x: F.unfold(x, (3, 2), (1, 2), (1, 0), 2),
    "nan_to_num": lambda x: (x.abs().log() * math.inf).nan_to_num(1.0, posinf=2.0),
}


@pytest.mark.parametrize("name", OPERATIONS_OF_PICTURES)
def test_an_operation(name):
    check(Calls(OPERATIONS_OF_PICTURES[name]), [(2, 4, 6, 8)], (3,))


def pictures(layer):
    return layer, (4, 9, 7)


class SelfAttention(nn.MultiheadAttention):
    """Attention of a sequence to itself."""

    def __init__(self):
        super().__init__(8, 2, batch_first=True)

    def forward(self, x):
        return super().forward(x, x, x)


class Flat(nn.Sequential):
    """A recurrent layer, with its results side by side."""

    def forward(self, x):
        y, state = super().forward(x)
        return (y, *state) if isinstance(state, tuple) else (y, state)


LAYERS = {
    "Conv2d": pictures(nn.Conv2d(4, 6, (3, 2), (2, 1), (1, 0), (1, 2), groups=2)),
    "Conv2d same": pictures(nn.Conv2d(4, 3, (4, 3), padding="same", bias=False)),
    "Conv2d circular": pictures(nn.Conv2d(4, 3, 3, padding=1, padding_mode="circular")),
    "Conv1d": (nn.Conv1d(4, 6, 3, 2, 1), (4, 9)),
    "ConvTranspose2d": pictures(nn.ConvTranspose2d(4, 6, 3, (2, 3), 1, (1, 2), 2, dilation=(2, 1))),
    "ConvTranspose1d": (nn.ConvTranspose1d(4, 2, 4, 2, 1, bias=False), (4, 9)),
    "BatchNorm1d": (nn.BatchNorm1d(5), (5,)),
    "BatchNorm1d of lines": (nn.BatchNorm1d(5, affine=False), (5, 3)),
    "BatchNorm2d without statistics": pictures(nn.BatchNorm2d(4, track_running_stats=False)),
    "GroupNorm": pictures(nn.GroupNorm(2, 4)),
    "LayerNorm": (nn.LayerNorm(6, bias=False), (3, 6)),
    "Linear of many dimensions": (nn.Linear(6, 2), (3, 4, 6)),
    "Linear without bias": (nn.Linear(6, 2, bias=False), (6,)),
    "MultiheadAttention": (SelfAttention(), (5, 8)),
    "LSTM": (Flat(nn.LSTM(4, 5, 2, batch_first=True, bidirectional=True)), (3, 4)),
    "GRU": (Flat(nn.GRU(4, 5, batch_first=True)), (3, 4)),
    "TransformerEncoderLayer": (nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), (5, 8)),
    "Flatten": (nn.Sequential(nn.Flatten(), nn.Unflatten(1, (2, 12))), (4, 6)),
    "Dropout": (nn.Sequential(nn.Dropout(0.5), nn.ReLU(inplace=True)), (4,)),
    "Upsample": (nn.Upsample(scale_factor=3, mode="bilinear", align_corners=True), (1, 4, 5)),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer(name):
    layer, shape = LAYERS[name]
    check(layer, [(2, *shape)], (3, 1))


# The file.


class Two(nn.Module):
    """Two inputs, an option, and several outputs."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(3, 4), nn.Linear(2, 4)
        self.second.weight = nn.Parameter(dark.ones(4, 2))
        self.register_buffer("shift", dark.arange(4.0))

    def forward(self, x, y, times=1, *, also=None):
        total = (self.first(x) + self.second(y)) * times + self.shift
        return {"total": total, "parts": [x, total.relu(), total], "constant": self.shift * 2}


def test_names_of_inputs_outputs_and_initializers():
    model, x, y = Two(), dark.randn(2, 3), dark.randn(2, 2)
    program = export(model, (x, y, 3), dynamic_shapes=({0: "n"}, {0: "n"}))
    graph = program.model_proto.graph
    onnx.checker.check_model(program.model_proto, full_check=True)
    assert [x.name for x in graph.input] == ["x", "y"]
    assert [x.name for x in graph.output] == ["total", "parts_0", "parts_1", "parts_2", "constant"]
    weights = {x.name: onnx.numpy_helper.to_array(x) for x in graph.initializer}
    state = model.state_dict()
    assert state.keys() <= weights.keys()
    assert all(np.array_equal(weights[name], state[name].numpy()) for name in state)
    assert {node.name.split("/")[1] for node in graph.node if node.op_type == "Gemm"} == {"first", "second"}
    lengths = [[d.dim_param or d.dim_value for d in x.type.tensor_type.shape.dim] for x in graph.output]
    assert lengths == [["n", 4], ["n", 3], ["n", 4], ["n", 4], [4]]

    x, y = dark.randn(5, 3), dark.randn(5, 2)
    expected = model(x, y, 3)
    found = run(program, x.numpy(), y.numpy())
    for a, b in zip(found, listed([expected["total"], *expected["parts"], expected["constant"]])):
        assert np.allclose(a, b, atol=1e-5)


def test_names_that_are_given():
    x, y = dark.randn(2, 3), dark.randn(2, 2)
    axes = {"left": {0: "n"}, "right": {0: "n"}, "sum": {0: "rows"}}
    program = export(
        Two(), (x,), kwargs={"y": y, "also": None}, input_names=["left", "right"], output_names=["sum"],
        dynamic_axes=axes,
    )  # fmt: skip
    graph = program.model_proto.graph
    assert [x.name for x in graph.input] == ["left", "right"]
    assert [x.name for x in graph.output][:2] == ["sum", "parts_0"]
    assert graph.output[0].type.tensor_type.shape.dim[0].dim_param == "rows"
    (entry,) = export(nn.Linear(3, 2), x, dynamic_axes={"input": [0]}).model_proto.graph.input
    assert entry.type.tensor_type.shape.dim[0].dim_param == "input_dynamic_axes_1"


def test_sequences_of_any_length():
    model = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    program = export(model, dark.randn(2, 3, 8), dynamic_shapes=({0: "batch", 1: "length"},))
    model.eval()
    x = dark.randn(4, 7, 8)
    assert np.allclose(run(program, x.numpy())[0], model(x).detach().numpy(), atol=1e-5)


def test_axes_that_differ_are_each_dynamic():
    class Products(nn.Module):
        def forward(self, a, b):
            n, m = a.shape[0], b.shape[0]
            return (a @ b.T).reshape(n * m, 1) + a.shape[0] - 2 * b.shape[0]

    axes = {"a": {0: "n"}, "b": {0: "m"}}
    program = export(Products(), (dark.randn(2, 3), dark.randn(4, 3)), dynamic_shapes=axes)
    a, b = dark.randn(5, 3), dark.randn(1, 3)
    assert np.allclose(run(program, a.numpy(), b.numpy())[0], Products()(a, b).numpy(), atol=1e-5)


def test_without_dynamic_axes_sizes_are_the_examples():
    program = check(nn.Sequential(nn.Flatten(), nn.Linear(6, 2)), [(2, 3, 2)], dynamic=False)
    with pytest.raises(Exception, match=r"(?i)dimension"):
        run(program, np.zeros((3, 3, 2), np.float32))


@pytest.mark.parametrize("opset", [None, 18, 20, 22])
def test_versions(opset):
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.GELU(), nn.AvgPool2d(2), nn.LayerNorm(2))
    program = check(model, [(1, 3, 6, 6)], opset_version=opset)
    assert program.model_proto.opset_import[0].version == (opset or 18)


def test_parameters_that_are_inputs():
    model, x = nn.Linear(3, 2), dark.randn(4, 3)
    program = export(model, x, export_params=False)
    assert [x.name for x in program.model_proto.graph.input] == ["input", "weight", "bias"]
    found = run(program, x.numpy(), model.weight.detach().numpy(), model.bias.detach().numpy())[0]
    assert np.allclose(found, model(x).detach().numpy(), atol=1e-6)


def test_shared_parameters_are_in_the_file_once():
    model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    model[1].weight = model[0].weight
    program = check(model, [(2, 3)])
    assert sorted(x.name for x in program.model_proto.graph.initializer) == ["0.bias", "0.weight", "1.bias"]


def test_the_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path, model, x = tmp_path / "model.onnx", nn.Linear(3, 2), dark.randn(4, 3)
    program = export(model, x, path)
    assert path.read_bytes() == program.model_proto.SerializeToString()
    file = io.BytesIO()
    export(model, x, file)
    assert file.getvalue() == path.read_bytes()
    before = path.read_bytes()

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        export(nn.Linear(3, 5), x, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_the_model_and_the_example_stay_as_they_were():
    model = nn.Sequential(nn.Linear(3, 3), nn.Dropout(0.5), nn.BatchNorm1d(3), nn.ReLU(inplace=True))
    model[1].eval()
    seen = []
    model[0].register_forward_hook(lambda *call: seen.append(call))
    x = dark.randn(4, 3, requires_grad=True)
    model(x).sum().backward()
    attributes = [dict(vars(module)) for module in model.modules()]
    state = {name: t.clone() for name, t in model.state_dict().items()}
    grads, own = [p.grad for p in model.parameters()], x.grad
    numbers = dark.get_rng_state().clone()
    export(model, x)
    assert [dict(vars(module)) for module in model.modules()] == attributes
    assert all((t == state[name]).all() for name, t in model.state_dict().items())
    assert all(p.grad is g for p, g in zip(model.parameters(), grads))
    assert x.grad is own
    assert x.requires_grad
    assert (dark.get_rng_state() == numbers).all()
    assert len(seen) > 1
    y = dark.relu(model(x) + 1)  # operations run as before
    assert y.requires_grad
    assert bool((y >= 0).all())


# What can't be exported is refused, and the message says what and where.


class Deep(nn.Module):
    """A function in a layer."""

    def __init__(self, function):
        super().__init__()
        self.block = nn.Sequential(nn.Identity(), Calls(function))

    def forward(self, x):
        return self.block(x)


class Cube(dark.autograd.Function):
    """An operation of a user's own."""

    @staticmethod
    def forward(ctx, x):
        return x * x * x


def branch(x):
    """As Python sees the numbers."""
    return x if x.sum() > 0 else -x


def change(x):
    """A change in place where no graph is recorded."""
    with dark.no_grad():
        y = x * 2
        y[0] = 0
    return y


REFUSED = {
    "unknown": (lambda x: x.erfinv(), "erfinv has no translation"),
    "Function": (Cube.apply, "Cube, an autograd.Function, has no translation"),
    "branch": (branch, r"__bool__\(\) makes numbers of a tensor"),
    "item": (lambda x: x * x.max().item(), r"item\(\) makes numbers"),
    "NumPy": (lambda x: x + dark.tensor(x.detach().numpy()), r"numpy\(\) makes numbers"),
    "in place": (change, "change in place has no translation"),
    "random": (lambda x: x + dark.randn(3), "it is random"),
    "random output": (lambda x: dark.randn(3), "'output' is not computed from the input"),
    "positions": (lambda x: x[:, (x > 0).nonzero()[:1, 1]], "indices is not the same"),
    "mask": (lambda x: x[x > 0], "a mask picks"),
    "loop": (lambda x: sum(row * row for row in x), "not compute the same operations"),
    "square": (lambda x: x * x.shape[0] ** 2, "another way than constant"),
    "reciprocal": (lambda x: x * (1 / x.shape[0]), "depends on the input"),
    "kernel": (lambda x: F.avg_pool1d(x.T, x.shape[0]), "is not the same for other inputs"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name):
    function, message = REFUSED[name]
    with pytest.raises(OnnxExporterError, match=message) as caught:
        export(Deep(function), dark.tensor([[1.0, -2, 3], [-4, 5, -6]]), dynamic_shapes=[{0: "batch"}])
    assert str(caught.value).startswith("onnx.export: ")
    if "output" not in name:
        assert "in layer 'block.1'" in str(caught.value)
        assert "test_onnx.py, line" in str(caught.value)


def test_arguments_that_do_not_fit():
    model, x = nn.Linear(3, 2), dark.randn(2, 3)
    for options, error, message in [
        ({"opset_version": 9}, ValueError, "opset_version is from 18"),
        ({"input_names": ["a", "b"]}, ValueError, "for 1 tensors"),
        ({"input_names": ["weight"]}, ValueError, "names of parameters"),
        ({"output_names": ["a", "b"]}, ValueError, "for 1 outputs"),
        ({"dynamic_axes": {"z": [0]}}, ValueError, "'z'"),
        ({"dynamic_axes": {"input": [2]}}, ValueError, "no dimension 2"),
        ({"dynamic_shapes": {"x": {0: "n"}}}, ValueError, "the tensors are"),
        ({"dynamic_shapes": [{0: 5}]}, TypeError, "is a string"),
    ]:
        with pytest.raises(error, match=message):
            export(model, x, **options)
    with pytest.raises(OnnxExporterError, match=r"axes are changed to \{'n': 6\}: linear: input"):
        export(model, x, dynamic_shapes=({1: "n"},))
    with pytest.raises(TypeError, match="expected a Module"):
        export(dark.relu, x)
    with pytest.raises(ValueError, match="has lengths 2 and"):
        export(Two(), (x, dark.randn(3, 2)), dynamic_shapes=({0: "n"}, {0: "n"}))


def test_without_the_package_onnx(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ImportError, match=r"dark\[onnx\]"):
        export(nn.Linear(3, 2), dark.randn(2, 3))


def test_every_translation_is_of_an_operation_that_there_is():
    source = "".join(path.read_text(encoding="utf-8") for path in (SAMPLES / "src" / "dark").rglob("*.py"))
    for name in TRANSLATIONS:
        assert f"def {name}(" in source, name


def test_the_list_of_operations_has_their_public_names():
    for name in OPERATIONS:
        places = (dark, dark.Tensor, F)
        assert name.startswith("x[") or any(hasattr(place, name) for place in places), name
