"""What torchvision's classification models are: names, shapes, and logits of weights that anybody can draw.

    python tools/torchvision_models.py     write tests/data/torchvision_models.json

Only their source is needed: torchvision itself is not imported, so it need not fit the PyTorch that is there.
"""

import importlib
import json
import sys
import types
import zlib
from importlib.util import find_spec
from pathlib import Path

import numpy as np

FILE = Path(__file__).resolve().parent.parent / "tests" / "data" / "torchvision_models.json"
MODELS = {  # name: the size of the pictures that its logits are of
    "alexnet": 64, "mobilenet_v2": 64, "resnet18": 64, "resnet34": 64, "resnet50": 64, "resnet101": 0,
    "resnet152": 0, "resnext50_32x4d": 64, "resnext101_32x8d": 0, "squeezenet1_0": 64, "squeezenet1_1": 64,
    "vgg11": 32, "vgg11_bn": 0, "vgg13": 0, "vgg13_bn": 0, "vgg16": 0, "vgg16_bn": 32, "vgg19": 0,
    "vgg19_bn": 0, "wide_resnet50_2": 0, "wide_resnet101_2": 0,
}  # fmt: skip
FILES = {"alexnet": "alex", "mobilenetv2": "mobile", "resnet": "resne", "squeezenet": "squeeze", "vgg": "vgg"}
CLASSES = 10


def numbers(name: str, shape: tuple) -> np.ndarray:
    """Weights for a parameter or buffer, the same for the same name."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    if name.endswith("num_batches_tracked"):
        return np.asarray(7)
    if len(shape) > 1:  # so many that no row repeats another; results keep their size from layer to layer
        drawn = rng.standard_normal(65537) * np.sqrt(2 / np.prod(shape[1:]))
        return np.resize(drawn.astype("float32"), shape)
    if name.endswith("running_var") or (name.endswith("weight") and shape):
        return rng.uniform(0.5, 1.5, shape).astype("float32")
    return (0.1 * rng.standard_normal(shape)).astype("float32")


def pictures(size: int) -> np.ndarray:
    """Two pictures."""
    return np.random.default_rng(size).standard_normal((2, 3, size, size)).astype("float32")


def source_of_torchvision() -> None:
    """Let torchvision's model files be imported, without its other parts."""
    spec = find_spec("torchvision")
    root = Path(spec.submodule_search_locations[0])
    for name in ("torchvision", "torchvision.models", "torchvision.ops", "torchvision.transforms"):
        package = sys.modules[name] = types.ModuleType(name)
        package.__path__ = [str(root.joinpath(*name.split(".")[1:]))]
    presets = sys.modules["torchvision.transforms._presets"] = types.ModuleType("presets")
    presets.ImageClassification = presets.InterpolationMode = dict  # which files of weights are made for


def main() -> None:
    """Write the file."""
    import torch

    source_of_torchvision()
    table = {}
    for name, size in MODELS.items():
        file = next(file for file, word in FILES.items() if word in name)
        model = getattr(importlib.import_module(f"torchvision.models.{file}"), name)(num_classes=CLASSES)
        state = model.state_dict()
        table[name] = {"shapes": {key: list(value.shape) for key, value in state.items()}}
        if size:
            model.load_state_dict({x: torch.tensor(numbers(x, tuple(state[x].shape))) for x in state})
            with torch.no_grad():
                table[name]["logits"] = model.eval()(torch.tensor(pictures(size))).tolist()
    lines = [f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in table.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
