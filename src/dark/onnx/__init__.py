"""Models as ONNX files, which many other programs run.

    dark.onnx.export(model, images, "model.onnx", dynamic_shapes=({0: "batch"},))

`tracing` records what operations a model runs, `runs` compares several such records and so finds out what
follows the size of the input, `translations` has a function for each operation, and `graph` is what they
write to. It takes the package onnx: pip install "dark[onnx]".
"""  # beyond

from .export import export
from .tracing import OnnxExporterError
from .translations import OPERATIONS

__all__ = ["OPERATIONS", "OnnxExporterError", "export"]
