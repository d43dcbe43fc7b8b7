"""Classification models have torchvision's names, shapes and numbers: files of its weights fit."""  # beyond

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import dark
from against_torch import needs_torch, torch
from dark import nn
from dark.vision import models

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
from torchvision_models import CLASSES, FILE, MODELS, numbers, pictures

TABLE = json.loads(FILE.read_text(encoding="utf-8"))
WITH_LOGITS = [name for name, size in MODELS.items() if size]


@pytest.fixture
def undrawn(monkeypatch):
    """Weights are not drawn: a hundred million numbers take a while."""
    for name in ("kaiming_normal_", "kaiming_uniform_", "normal_", "uniform_"):
        monkeypatch.setattr(nn.init, name, lambda tensor, *options, **more: tensor)


@pytest.mark.parametrize("name", MODELS)
def test_parameters_and_buffers_have_torchvisions_names_and_shapes(name, undrawn):
    state = getattr(models, name)(num_classes=CLASSES).state_dict()
    assert {key: list(x.shape) for key, x in state.items()} == TABLE[name]["shapes"]
    assert list(state) == list(TABLE[name]["shapes"])


@needs_torch
@pytest.mark.parametrize("name", WITH_LOGITS)
def test_a_file_of_weights_gives_torchvisions_logits(name, undrawn, tmp_path):
    shapes = TABLE[name]["shapes"]
    state = {key: torch.tensor(numbers(key, tuple(shape))) for key, shape in shapes.items()}
    torch.save(state, tmp_path / "w.pth")
    model = getattr(models, name)(num_classes=CLASSES)
    model.load_state_dict(dark.load(tmp_path / "w.pth"))
    with dark.no_grad():
        logits = model.eval()(dark.tensor(pictures(MODELS[name])))
    expected = np.array(TABLE[name]["logits"])
    np.testing.assert_allclose(logits.numpy(), expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())


def test_every_parameter_gets_a_gradient():
    dark.manual_seed(0)
    model = models.mobilenet_v2(num_classes=3, width_mult=0.25)
    nn.functional.cross_entropy(model(dark.randn(2, 3, 64, 64)), dark.tensor([0, 2])).backward()
    assert [name for name, p in model.named_parameters() if p.grad is None or not (p.grad != 0).any()] == []


def test_layers_may_be_dilated_instead_of_strided():
    model = models.resnet50(num_classes=2, replace_stride_with_dilation=[False, True, True])
    layers = nn.Sequential(model.conv1, model.maxpool, model.layer1, model.layer2, model.layer3, model.layer4)
    assert layers.eval()(dark.zeros(1, 3, 64, 64)).shape == (1, 2048, 8, 8)
    assert model.layer4[1].conv2.dilation == (4, 4)


def test_blocks_may_begin_as_their_shortcuts():
    block = models.resnet18(zero_init_residual=True, num_classes=2).layer1[0]
    x = dark.rand(1, 64, 4, 4)
    assert dark.equal(block(x), x)


@pytest.mark.parametrize(
    ("error", "build"),
    [
        (ValueError, lambda: models.resnet18(weights="DEFAULT")),
        (ValueError, lambda: models.resnet18(replace_stride_with_dilation=[True])),
        (NotImplementedError, lambda: models.resnet18(replace_stride_with_dilation=[True] * 3)),
        (ValueError, lambda: models.SqueezeNet("2_0")),
        (TypeError, lambda: models.resnet18(classes=10)),
    ],
)
def test_bad_options_are_errors(error, build):
    with pytest.raises(error):
        build()
