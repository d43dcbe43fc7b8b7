"""Exported models compute in onnxruntime what they compute here, for batches of any size."""  # beyond

import importlib
import io
import math
import sys
from pathlib import Path

import numpy as np
import pytest

import dark
import dark.nn.functional as F
from dark import nn
from dark.onnx import OPERATIONS, export
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
    model.eval()
    for n in others if dynamic else shapes[0][:1]:
        inputs = [make(n, *shape[1:]) for shape in shapes]
        expected = listed(model(*inputs))
        found = run(program, *(x.numpy() for x in inputs))
        assert len(found) == len(expected)
        for a, b in zip(found, expected):
            assert (a.shape, a.dtype) == (b.shape, b.dtype)
            np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance * max(1, np.abs(b).max(initial=0)))
    return program


def spread_statistics(model):
    """Running statistics that batch norm can't leave out."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)


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
